"""October: state doctors for a protest called off.

Visits to the prisoner are banned, a court refuses the family's plea, a summit is days away. The
party calls a protest for the summit day; the government would rather pay than be embarrassed, but
not the asking price.
"""

from __future__ import annotations

from functools import partial
from collections.abc import Generator
from typing import Any

from negosim import NATURE, Between, Choice, Play, Seat, because, hours, minutes
from negosim.core import events as e
from negosim.parts.known import is_on, is_open, rests
from negosim.stories.authoring import ALL, MUCH, SOME

from .people import PROTEST, Doctor, Protest, back, government, khan, party, street
from .reasons import ROUTINE, URGENT, before, credit_on_the_quiet, due_of, openly, share, stakes

HOSPITAL_HOURS = (hours(9), hours(17))
HOSPITAL_DAY = Between(0, hours(8), "author: the doctors come at any hour of the hospital's day")
DOCTORS = ("own-physician", "state-doctors")


class Protesting(Choice, by=party, name="protest", pace=ROUTINE):
    ANNOUNCE = "a protest at D-Chowk on the summit day", because(
        "P5: the political committee", leverage=stakes("summit"), relief=SOME, danger=-MUCH
    )
    PETITION = "another petition", because("P5: the plea just refused was one", relief=SOME)
    WAIT = "nothing for now", because("author")


class Ask(Choice, by=party, pace=before(PROTEST)):
    OPENLY = "names its price in public", because("P6: its price was public", leverage=SOME)
    QUIETLY = "names its price over the back channel alone", because(
        "theory, closed doors: private asks commit less", danger=0, relief=SOME
    )


class Respond(Choice, by=government, pace=before()):
    TALK = "talks over the back channel", because(
        "S05, S06: contacts at critical moments", calm=share(MUCH, stakes()), price=openly(SOME, back),
        credit=share(SOME, credit_on_the_quiet),
    )
    STAND_FIRM = "closes the city and waits", because("P3: the city had been closed before")
    ARREST = "arrests the organisers", because(
        "author: arrests under foreign eyes cost most", calm=SOME, price=share(-MUCH, stakes())
    )


class DoctorAnswer(Choice, by=government, name="answer", pace=before(PROTEST)):
    GRANT = "his own physician may come", because("P6: what was asked", calm=share(ALL, stakes(PROTEST)), price=-ALL)
    STATE_DOCTORS = "state doctors may come", because(
        "R1: what was given", calm=share(MUCH, stakes(PROTEST)), price=-SOME
    )
    REFUSE = "nobody may come", because("P7: the first reply")


class Settle(Choice, by=party, pace=before(PROTEST)):
    ACCEPT = "takes it and calls the protest off", because("P8: the committee's majority", relief=MUCH)
    INSIST = "insists on his own physician", because(
        "P7: what it had asked for, at even odds", relief=ALL // 2, danger=-SOME
    )
    REFUSE = "marches", because("P5: the threat", leverage=MUCH, danger=-ALL)


class Keep(Choice, by=government, pace=URGENT):
    KEEP = "sends the doctors", because(
        "theory, swaps: the summit lasts another day", calm=share(MUCH, stakes("summit")), price=-SOME
    )
    RENEGE = "sends nobody", because("theory, commitment: the protest is off already")


class Gate(Choice, by=government, pace=Between(0, minutes(60), "author: he waits at the gate")):
    ADMIT = "lets his own physician in", because("P8, K7: the chairman said so", calm=SOME, price=-MUCH)
    TURN_AWAY = "turns his own physician away at the gate", because("R1: only state doctors were agreed")


class Marching(Choice, by=party, name="march", pace=Between(0, hours(2), "author: on the morning itself")):
    GO = "goes ahead", because("P5: as announced", leverage=MUCH, danger=-MUCH)
    DROP = "lets the day pass", because("author")


def party_october(seat: Seat) -> Play:
    """The party turns a refused plea into a threat, and the threat into a price."""
    yield from seat.hear(e.Happened, what="plea-refused")
    answer = yield from seat.choose(Protesting, "plea-refused")
    summit = due_of(seat.view, "summit")
    march = summit + hours(10)
    if answer is not Protesting.ANNOUNCE or seat.now > march:  # the day to march on may be over
        return
    seat.announce(PROTEST, "d-chowk", due=march)
    seat.meanwhile(partial(on_the_day, action=PROTEST, clash="clash-in-october"))
    if (yield from seat.choose(Ask, PROTEST)) is Ask.OPENLY:
        seat.offer(government, Doctor.OWN_PHYSICIAN, Protest.CANCELLED, via=street)
    if (yield from seat.hear(e.Said, of=government, what="let-us-talk", until=summit)) is None:
        return
    if rests(seat.view, back):  # asked so late that talks were broken off
        return
    ask = seat.offer(government, Doctor.OWN_PHYSICIAN, Protest.CANCELLED, via=back)
    yield from party_settles(seat, ask, "state-doctors")


def party_settles(seat: Seat, ask: e.Offered, key: str) -> Play:
    """It takes less than it asked, or asks once more."""
    reply = yield from seat.hear(e.Offered, e.Agreed, e.Rejected, answering=ask, of=government)
    if isinstance(reply, e.Offered):
        answer = yield from seat.choose(Settle, key, over=reply)
        if not is_on(seat.view, PROTEST) or not is_open(seat.view, reply):
            return
        match answer:
            case Settle.ACCEPT:
                seat.accept(reply)
                seat.call_off(PROTEST, "postponed")
                yield from party_keeps(seat)
            case Settle.INSIST if key == "state-doctors" and not rests(seat.view, back):
                again = seat.offer(government, Doctor.OWN_PHYSICIAN, Protest.CANCELLED, via=back, answers=reply)
                yield from party_settles(seat, again, "state-doctors-again")
            case Settle.INSIST | Settle.REFUSE:
                seat.reject(reply)
    elif isinstance(reply, e.Agreed) and is_on(seat.view, PROTEST):
        seat.call_off(PROTEST, "postponed")
        yield from party_keeps(seat)


def party_keeps(seat: Seat) -> Play:
    """The protest is off already when the deal that asks for it is known."""
    promise = yield from seat.hear(e.Promised, by=party)
    seat.keep(promise.promise)


def on_the_day(seat: Seat, action: str, clash: str) -> Play:
    """What was not called off takes place, or is let pass."""
    yield from seat.pause(until=due_of(seat.view, action))
    if not is_on(seat.view, action):
        return
    answer = yield from seat.choose(Marching, action)
    if not is_on(seat.view, action):
        return
    if answer is Marching.DROP:
        seat.call_off(action, "dropped")
    else:
        seat.begin(action, "d-chowk")
        yield from seat.pause(hours(12))
        if seat.chance("clash", action, 500_000):
            seat.happen(clash, of=NATURE)
        if is_on(seat.view, action):
            seat.end(action)


def government_october(seat: Seat) -> Play:
    """The government answers a threat: it talks, bargains about doctors, keeps its word or not."""
    threat = yield from seat.hear(e.Announced, of=party, action=PROTEST)
    answer = yield from seat.choose(Respond, PROTEST, over=threat)
    if threat.due <= seat.now:  # the day is over before the government made up its mind
        return
    if answer is Respond.ARREST:
        seat.happen("organisers-arrested")
    if answer is not Respond.TALK:
        return
    seat.say(party, "let-us-talk", via=back)
    seat.meet("october-contact", party, via=back)
    ask = yield from seat.hear(e.Offered, of=party, via=back)
    again = yield from government_answers(seat, ask, "own-physician")
    if again is not None:
        yield from government_answers(seat, again, "own-physician-again")
    yield from government_keeps(seat)


def government_answers(seat: Seat, ask: e.Offered, key: str) -> Generator[Any, Any, e.Offered | None]:
    """It grants, offers less, or refuses; returns what the party then asks again, if anything."""
    answer = yield from seat.choose(DoctorAnswer, key, over=ask)
    if rests(seat.view, back):
        return None
    match answer:
        case DoctorAnswer.GRANT:
            seat.accept(ask)
        case DoctorAnswer.REFUSE:
            seat.reject(ask)
        case DoctorAnswer.STATE_DOCTORS:
            less = ask.terms.but(Doctor.STATE_DOCTORS)
            mine = seat.offer(party, via=back, terms=less, answers=ask)
            reply = yield from seat.hear(e.Agreed, e.Rejected, e.Offered, answering=mine)
            return reply if isinstance(reply, e.Offered) else None
    return None


def government_keeps(seat: Seat) -> Play:
    """A promise of doctors is kept in hospital hours, wholly or in part."""
    owed = yield from seat.hear(e.Promised, by=government, where=lambda p: p.what in DOCTORS, within=hours(1))
    if owed is None:
        return
    if (yield from seat.choose(Keep, owed.what, over=owed)) is Keep.RENEGE:
        seat.break_promise(owed.promise)
        return
    yield from seat.pause_until_open(*HOSPITAL_HOURS)
    yield from seat.pause(seat.takes("examination", owed.what, HOSPITAL_DAY))
    yield from seat.pause_until_open(*HOSPITAL_HOURS)
    answer = yield from seat.choose(Gate, "own-physician")
    partly = answer is Gate.TURN_AWAY and (owed.what == "own-physician" or seat.works("own-physician-was-assured"))
    seat.happen("doctors-examined-him", khan)
    seat.keep(owed.promise, 500 if partly else 1000)
