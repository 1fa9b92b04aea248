"""December: silence, a stark choice, and a table with a chair at its head.

The founder names a committee and threatens civil disobedience, then puts it off. The government
answers with one secret meeting and two branches. The Speaker offers his house; formal rounds
begin, and the back channel rests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim import Between, Choice, Decision, because, days, hours
from negosim.core.events import (
    ActionStep,
    Announced,
    Branch,
    CalledOff,
    Ended,
    Happened,
    Met,
    Said,
)

from .november import Next, crowd_left, next_step, way_out
from .people import (
    DISOBEDIENCE,
    FINAL_CALL,
    Inquiry,
    back,
    government,
    khan,
    lawyers,
    minister,
    official,
    party,
    senior_leader,
    speaker,
    street,
    table,
)
from .reasons import (
    ALL,
    MUCH,
    ROUTINE,
    SOME,
    credit_of_pti,
    credit_on_the_quiet,
    next_sunday,
    openly,
)

if TYPE_CHECKING:
    from negosim import Play, Seat, View

NOTICE = Between(hours(12), hours(48), "author: a day or two's notice")
APART = Between(days(7), days(14), "author: rounds a week or two apart")
OFFICE_HOURS = (hours(10), hours(18))
EVENING = (hours(18), hours(24))


DELEGATES = (minister, official, senior_leader)
"""S04, a given: two of the government's, one of the party's, if they meet at all."""


class Disobeying(Choice):
    START = "starts civil disobedience"
    DEFER = "puts it off"


disobeying = Decision(
    khan, "disobey", {
        Disobeying.START: because("P34: as announced", leverage=crowd_left, face=SOME),
        Disobeying.DEFER: because("P36: at his leaders' request", freedom=way_out, leverage=SOME),
    }, ROUTINE,
)  # fmt: skip


class Meeting(Choice):
    MEET = "meets in secret"
    WAIT = "lets it rest"


def with_a_table(view: View) -> int:
    """A second channel costs more once the first is open (theory: channels substitute)."""
    return -MUCH if view.last(Met, channel=table.id) is not None else openly(SOME, back)


meeting = Decision(
    government, "meet", {
        Meeting.MEET: because(
            "S22; theory, reciprocity: a step is answered", calm=MUCH, price=with_a_table,
            credit=credit_on_the_quiet,
        ),
        Meeting.WAIT: because("P35: remorse first"),
    }, ROUTINE,
)  # fmt: skip


class Message(Choice):
    TWO_BRANCHES = "puts a choice: confrontation or reconciliation"
    LISTEN = "listens and promises nothing"
    CONCEDE = "offers to meet the two demands"


def distrust(view: View) -> int:
    """The less credit, the more a costly sign is asked first (theory: commitment)."""
    return -credit_of_pti(view)


message = Decision(
    government, "message", {
        Message.TWO_BRANCHES: because("S23", calm=MUCH),
        Message.LISTEN: because("author", calm=SOME, price=SOME // 2),
        Message.CONCEDE: because("P34: what was asked", calm=MUCH, price=-ALL, credit=credit_of_pti),
    }, Between(0, hours(1), "author: the line is settled before the meeting"),
)  # fmt: skip


class Threat(Choice):
    NO_RESULT = "persisting means that talks yield nothing"
    ARRESTS = "persisting means more arrests"


threat = Decision(
    government, "threat", {
        Threat.NO_RESULT: because("S24a; theory, private threats provoke less", calm=SOME),
        Threat.ARRESTS: because("P32: arrests had followed the march", price=-SOME, calm=SOME),
    },
)  # fmt: skip


class Reward(Choice):
    STRATEGY_FIRST = "gains come after a change of strategy"
    STEP_FOR_STEP = "gains come step for step"
    GAINS_FIRST = "gains come first"


reward = Decision(
    government, "reward", {
        Reward.STRATEGY_FIRST: because("S24b; theory, commitment: a costly sign first", price=SOME, credit=distrust),
        Reward.STEP_FOR_STEP: because("P38: incremental", credit=credit_of_pti, calm=SOME),
        Reward.GAINS_FIRST: because(
            "theory, GRIT: a first step of one's own", credit=credit_of_pti, price=-MUCH, calm=SOME
        ),
    },
)  # fmt: skip


class Hosting(Choice):
    OFFER = "offers his house to both"
    STAY_OUT = "stays out of it"


hosting = Decision(
    speaker, "host", {
        Hosting.OFFER: because("P37; theory, ripeness: after a shock and a step back", peace=MUCH),
        Hosting.STAY_OUT: because("author", peace=0),
    }, ROUTINE,
)  # fmt: skip


class Calling(Choice):
    ASK = "asks the Speaker to mediate"
    DECLINE = "does not ask"


calling = Decision(
    party, "call-speaker", {
        Calling.ASK: because("P39", relief=MUCH),
        Calling.DECLINE: because("P35: a visit of condolence, it said", leverage=SOME),
    }, ROUTINE,
)  # fmt: skip


class Forming(Choice):
    FORM = "names a committee"
    DECLINE = "names none"


forming = Decision(
    government, "form-committee", {
        Forming.FORM: because("P40", calm=MUCH, price=-SOME),
        Forming.DECLINE: because("P35: remorse first", price=SOME // 2),
    }, ROUTINE,
)  # fmt: skip


class Resting(Choice):
    REST = "lets the back channel rest"
    KEEP = "keeps it warm"


resting = Decision(
    government, "rest", {
        Resting.REST: because("theory, channels substitute: one table is enough", calm=SOME, price=SOME),
        Resting.KEEP: because("theory, two channels vouch for each other", credit=credit_of_pti, calm=SOME),
    }, ROUTINE,
)  # fmt: skip


class Presenting(Choice):
    VOICE = "voices its demands"
    HOLD_BACK = "holds them back"


presenting = Decision(
    party, "present", {
        Presenting.VOICE: because("S28; K6: voiced, not handed over", relief=MUCH, leverage=SOME),
        Presenting.HOLD_BACK: because("P43: it wanted to see the founder first", relief=SOME),
    }, Between(0, hours(2), "author: at the table"),
)  # fmt: skip

DECISIONS = (
    disobeying, meeting, message, threat, reward, hosting, calling, forming, resting, presenting,
)  # fmt: skip


def party_tells_khan(seat: Seat) -> Play:
    """When visits are allowed again, the founder learns what became of the march."""
    yield from seat.hear(Happened, what="first-visit-after")
    clashed = seat.view.last(Happened, what="clash") is not None
    called = seat.view.last(Announced, action=FINAL_CALL) is not None
    seat.say(khan, "clash" if clashed else "march-over" if called else "no-march", via=lawyers)


def khan_december(seat: Seat) -> Play:
    """Told of the march, he marches again, threatens and talks, or waits."""
    told = yield from seat.hear(Said, of=party, where=lambda said: said.what in ("clash", "march-over", "no-march"))
    answer = yield from seat.choose(next_step, f"after-{told.what}")
    if answer is Next.TALK_AND_THREATEN:
        seat.announce(DISOBEDIENCE, "two-demands", due=next_sunday(seat, days(7)))
        yield from seat.hear(Said, of=party, what="defer-it")
        if (yield from seat.choose(disobeying, DISOBEDIENCE)) is Disobeying.DEFER:
            seat.call_off(DISOBEDIENCE, "deferred")
        else:
            seat.begin(DISOBEDIENCE)
    elif answer is Next.MARCH:
        seat.announce("second-march", "d-chowk", due=next_sunday(seat, days(7)))


def party_december(seat: Seat) -> Play:
    """On the day itself the leaders outside ask the founder for time."""
    called = yield from seat.hear(Announced, of=khan, action=DISOBEDIENCE)
    yield from seat.pause(until=called.due)
    seat.say(khan, "defer-it", via=lawyers)


def party_calls_speaker(seat: Seat) -> Play:
    """The party takes up the Speaker's offer, or does not."""
    yield from seat.hear(Said, of=speaker, what="my-house-is-open")
    if (yield from seat.choose(calling, "speakers-offer")) is Calling.ASK:
        seat.say(speaker, "please-mediate", via=street)


def step_back(event: ActionStep) -> bool:
    """Whether the other side has taken a step back: a march put off or stopped, a threat deferred."""
    return event.what in ("postponed", "stopped", "deferred") and event.action in (FINAL_CALL, DISOBEDIENCE)


def speaker_hosts(seat: Seat) -> Play:
    """The Speaker offers, is asked, brings both to one table, and calls them again."""
    step = yield from seat.hear(CalledOff, Ended, where=step_back)
    if (yield from seat.choose(hosting, step.action)) is Hosting.STAY_OUT:
        return
    seat.say(party, "my-house-is-open", via=street)
    yield from seat.hear(Said, of=party, what="please-mediate")
    seat.say(government, "will-you-sit-down", via=street)
    yield from seat.hear(Said, of=government, what="committee-named")
    yield from seat.pause(seat.takes("invitation", "round-1", NOTICE))
    yield from seat.pause_until_open(*OFFICE_HOURS)
    seat.meet("round", government, party, via=table)
    yield from seat.pause(seat.takes("interval", "round-2", APART))
    yield from seat.pause_until_open(*OFFICE_HOURS)
    seat.meet("round", government, party, via=table)


def government_committee(seat: Seat) -> Play:
    """Asked by the Speaker, the prime minister names a committee or not; then one channel rests."""
    yield from seat.hear(Said, of=speaker, what="will-you-sit-down")
    if (yield from seat.choose(forming, "speakers-request")) is Forming.DECLINE:
        return
    seat.say(speaker, "committee-named", via=street)
    yield from seat.hear(Met, via=table)
    seat.meanwhile(government_meets_again)
    if seat.view.standing("channel", back.id) is not None:
        return
    answer = yield from seat.choose(resting, "round-1")
    if answer is Resting.REST and seat.view.standing("channel", back.id) is None:
        seat.suspend(back)


def government_december(seat: Seat) -> Play:
    """A step back by the other side is answered in secret; later occasions may be too."""
    step = yield from seat.hear(CalledOff, Ended, where=step_back)
    if (yield from seat.choose(meeting, step.action)) is Meeting.MEET:
        yield from hold_meeting(seat)


def government_meets_again(seat: Seat) -> Play:
    """Once there is a table, it may still want a word in secret."""
    if (yield from seat.choose(meeting, "round-1")) is Meeting.MEET:
        yield from seat.pause_until_open(*EVENING)
        if seat.view.standing("channel", back.id) is not None:
            seat.resume(back)
        seat.meet("december-contact", party, *DELEGATES, via=back)


def hold_meeting(seat: Seat) -> Play:
    """The secret meeting and what is said there."""
    line = yield from seat.choose(message, "december-meeting")
    if seat.view.standing("channel", back.id) is not None:
        seat.resume(back)
    seat.meet("december-contact", party, *DELEGATES, via=back)
    if line is Message.TWO_BRANCHES:
        brings = yield from seat.choose(threat, "december-meeting")
        asks = yield from seat.choose(reward, "december-meeting")
        seat.put_ultimatum(
            party, "stark-choice", Branch("persist", "confrontation", brings.slug),
            Branch("reconcile", asks.slug, "gains"), via=back,
        )  # fmt: skip
    elif line is Message.CONCEDE:
        seat.offer(party, Inquiry.TWO_DEMANDS, via=back)


def party_at_the_table(seat: Seat) -> Play:
    """In the second round the demands are voiced, or held back."""
    yield from seat.hear(Met, via=table)
    yield from seat.hear(Met, via=table)
    if (yield from seat.choose(presenting, "round-2")) is Presenting.VOICE:
        seat.offer(government, Inquiry.TWO_DEMANDS, via=table)
