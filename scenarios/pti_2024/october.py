"""October: state doctors for a protest called off.

Visits to the prisoner are banned, a court refuses the family's plea, a summit is days away. The
party calls a protest for the summit day; the government would rather pay than be embarrassed, but
not the asking price.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from negosim import (
    NATURE,
    Between,
    Choice,
    Decision,
    because,
    hours,
    minutes,
)
from negosim.core.events import (
    Agreed,
    Announced,
    Happened,
    Offered,
    Promised,
    Rejected,
    Said,
)

from .people import PROTEST, Doctor, Protest, back, government, khan, party, street
from .reasons import (
    ALL,
    MUCH,
    ROUTINE,
    SOME,
    URGENT,
    before,
    credit_on_the_quiet,
    due_of,
    openly,
    share,
    stakes,
)

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from negosim import Play, Seat

HOSPITAL_HOURS = (hours(9), hours(17))
HOSPITAL_DAY = Between(0, hours(8), "author: the doctors come at any hour of the hospital's day")
DOCTORS = ("own-physician", "state-doctors")


class Protesting(Choice):
    ANNOUNCE = "a protest at D-Chowk on the summit day"
    PETITION = "another petition"
    WAIT = "nothing for now"


class Asking(Choice):
    OPENLY = "names its price in public"
    QUIETLY = "names its price over the back channel alone"


class Responding(Choice):
    TALK = "talks over the back channel"
    STAND_FIRM = "closes the city and waits"
    ARREST = "arrests the organisers"


class DoctorAnswer(Choice):
    GRANT = "his own physician may come"
    STATE_DOCTORS = "state doctors may come"
    REFUSE = "nobody may come"


class Settling(Choice):
    ACCEPT = "takes it and calls the protest off"
    INSIST = "insists on his own physician"
    REFUSE = "marches"


class Keeping(Choice):
    KEEP = "sends the doctors"
    RENEGE = "sends nobody"


class Gate(Choice):
    ADMIT = "lets his own physician in"
    TURN_AWAY = "turns his own physician away at the gate"


class Marching(Choice):
    GO = "goes ahead"
    DROP = "lets the day pass"


protesting = Decision(
    party, "protest", {
        Protesting.ANNOUNCE: because(
            "P5: the political committee", leverage=stakes("summit"), relief=SOME, danger=-MUCH
        ),
        Protesting.PETITION: because("P5: the plea just refused was one", relief=SOME),
        Protesting.WAIT: because("author"),
    }, ROUTINE,
)  # fmt: skip

asking = Decision(
    party, "ask", {
        Asking.OPENLY: because("P6: its price was public", leverage=SOME),
        Asking.QUIETLY: because("theory, closed doors: private asks commit less", danger=0, relief=SOME),
    }, before(PROTEST),
)  # fmt: skip

responding = Decision(
    government, "respond", {
        Responding.TALK: because(
            "S05, S06: contacts at critical moments", calm=share(MUCH, stakes()),
            price=openly(SOME, back), credit=share(SOME, credit_on_the_quiet),
        ),
        Responding.STAND_FIRM: because("P3: the city had been closed before"),
        Responding.ARREST: because(
            "author: arrests under foreign eyes cost most", calm=SOME, price=share(-MUCH, stakes()),
        ),
    }, before(),
)  # fmt: skip

answering = Decision(
    government, "answer", {
        DoctorAnswer.GRANT: because("P6: what was asked", calm=share(ALL, stakes(PROTEST)), price=-ALL),
        DoctorAnswer.STATE_DOCTORS: because("R1: what was given", calm=share(MUCH, stakes(PROTEST)), price=-SOME),
        DoctorAnswer.REFUSE: because("P7: the first reply"),
    }, before(PROTEST),
)  # fmt: skip

settling = Decision(
    party, "settle", {
        Settling.ACCEPT: because("P8: the committee's majority", relief=MUCH),
        Settling.INSIST: because("P7: what it had asked for, at even odds", relief=ALL // 2, danger=-SOME),
        Settling.REFUSE: because("P5: the threat", leverage=MUCH, danger=-ALL),
    }, before(PROTEST),
)  # fmt: skip

keeping = Decision(
    government, "keep", {
        Keeping.KEEP: because(
            "theory, swaps: the summit lasts another day", calm=share(MUCH, stakes("summit")), price=-SOME
        ),
        Keeping.RENEGE: because("theory, commitment: the protest is off already"),
    }, URGENT,
)  # fmt: skip

gate = Decision(
    government, "gate", {
        Gate.ADMIT: because("P8, K7: the chairman said so", calm=SOME, price=-MUCH),
        Gate.TURN_AWAY: because("R1: only state doctors were agreed"),
    }, Between(0, minutes(60), "author: he waits at the gate"),
)  # fmt: skip

marching = Decision(
    party, "march", {
        Marching.GO: because("P5: as announced", leverage=MUCH, danger=-MUCH),
        Marching.DROP: because("author"),
    }, Between(0, hours(2), "author: on the morning itself"),
)  # fmt: skip

DECISIONS = (protesting, asking, responding, answering, settling, keeping, gate, marching)


def party_october(seat: Seat) -> Play:
    """The party turns a refused plea into a threat, and the threat into a price."""
    yield from seat.hear(Happened, what="plea-refused")
    answer = yield from seat.choose(protesting, "plea-refused")
    summit = due_of(seat.view, "summit")
    march = summit + hours(10)
    if answer is not Protesting.ANNOUNCE or seat.now > march:  # the day to march on may be over
        return
    seat.announce(PROTEST, "d-chowk", due=march)
    seat.meanwhile(partial(on_the_day, action=PROTEST, clash="clash-in-october"))
    if (yield from seat.choose(asking, PROTEST)) is Asking.OPENLY:
        seat.offer(government, Doctor.OWN_PHYSICIAN, Protest.CANCELLED, via=street)
    if (yield from seat.hear(Said, of=government, what="let-us-talk", until=summit)) is None:
        return
    if seat.view.standing("channel", back.id) is not None:  # asked so late that talks were broken off
        return
    ask = seat.offer(government, Doctor.OWN_PHYSICIAN, Protest.CANCELLED, via=back)
    yield from party_settles(seat, ask, "state-doctors")


def party_settles(seat: Seat, ask: Offered, key: str) -> Play:
    """It takes less than it asked, or asks once more."""
    reply = yield from seat.hear(Offered, Agreed, Rejected, answering=ask, of=government)
    if isinstance(reply, Offered):
        answer = yield from seat.choose(settling, key, over=reply)
        if seat.view.standing("action", PROTEST) is None or not seat.view.standing("offer", reply.offer):
            return
        match answer:
            case Settling.ACCEPT:
                seat.accept(reply)
                seat.call_off(PROTEST, "postponed")
                yield from party_keeps(seat)
            case Settling.INSIST if key == "state-doctors" and not seat.view.standing("channel", back.id):
                again = seat.offer(government, Doctor.OWN_PHYSICIAN, Protest.CANCELLED, via=back, answers=reply)
                yield from party_settles(seat, again, "state-doctors-again")
            case Settling.INSIST | Settling.REFUSE:
                seat.reject(reply)
    elif isinstance(reply, Agreed) and seat.view.standing("action", PROTEST):
        seat.call_off(PROTEST, "postponed")
        yield from party_keeps(seat)


def party_keeps(seat: Seat) -> Play:
    """The protest is off already when the deal that asks for it is known."""
    promise = yield from seat.hear(Promised, by=party)
    seat.keep(promise.promise)


def on_the_day(seat: Seat, action: str, clash: str) -> Play:
    """What was not called off takes place, or is let pass."""
    yield from seat.pause(until=due_of(seat.view, action))
    if seat.view.standing("action", action) is None:
        return
    answer = yield from seat.choose(marching, action)
    if seat.view.standing("action", action) is None:
        return
    if answer is Marching.DROP:
        seat.call_off(action, "dropped")
    else:
        seat.begin(action, "d-chowk")
        yield from seat.pause(hours(12))
        if seat.chance("clash", action, 500_000):
            seat.happen(clash, of=NATURE)
        if seat.view.standing("action", action):
            seat.end(action)


def government_october(seat: Seat) -> Play:
    """The government answers a threat: it talks, bargains about doctors, keeps its word or not."""
    threat = yield from seat.hear(Announced, of=party, action=PROTEST)
    answer = yield from seat.choose(responding, PROTEST, over=threat)
    if threat.due <= seat.now:  # the day is over before the government made up its mind
        return
    if answer is Responding.ARREST:
        seat.happen("organisers-arrested")
    if answer is not Responding.TALK:
        return
    seat.say(party, "let-us-talk", via=back)
    seat.meet("october-contact", party, via=back)
    ask = yield from seat.hear(Offered, of=party, via=back)
    again = yield from government_answers(seat, ask, "own-physician")
    if again is not None:
        yield from government_answers(seat, again, "own-physician-again")
    yield from government_keeps(seat)


def government_answers(seat: Seat, ask: Offered, key: str) -> Generator[Any, Any, Offered | None]:
    """It grants, offers less, or refuses; returns what the party then asks again, if anything."""
    answer = yield from seat.choose(answering, key, over=ask)
    if seat.view.standing("channel", back.id) is not None:
        return None
    match answer:
        case DoctorAnswer.GRANT:
            seat.accept(ask)
        case DoctorAnswer.REFUSE:
            seat.reject(ask)
        case DoctorAnswer.STATE_DOCTORS:
            less = ask.terms.but(Doctor.STATE_DOCTORS)
            mine = seat.offer(party, via=back, terms=less, answers=ask)
            reply = yield from seat.hear(Agreed, Rejected, Offered, answering=mine)
            return reply if isinstance(reply, Offered) else None
    return None


def government_keeps(seat: Seat) -> Play:
    """A promise of doctors is kept in hospital hours, wholly or in part."""
    owed = yield from seat.hear(Promised, by=government, where=lambda p: p.what in DOCTORS, within=hours(1))
    if owed is None:
        return
    if (yield from seat.choose(keeping, owed.what, over=owed)) is Keeping.RENEGE:
        seat.break_promise(owed.promise)
        return
    yield from seat.pause_until_open(*HOSPITAL_HOURS)
    yield from seat.pause(seat.takes("examination", owed.what, HOSPITAL_DAY))
    yield from seat.pause_until_open(*HOSPITAL_HOURS)
    answer = yield from seat.choose(gate, "own-physician")
    partly = answer is Gate.TURN_AWAY and (owed.what == "own-physician" or seat.works("own-physician-was-assured"))
    seat.happen("doctors-examined-him", khan)
    seat.keep(owed.promise, 500 if partly else 1000)


