"""December: silence, and a stark choice.

The founder names a committee and threatens civil disobedience, then puts it off. The government
answers with one secret meeting and two branches; the table itself is in ``rounds``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim import Between, Choice, Decision, because, hours
from negosim.core.events import (
    ActionStep,
    Announced,
    Branch,
    CalledOff,
    Ended,
    Happened,
    Met,
    Started,
)

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
    table,
)
from .reasons import (
    ALL,
    MUCH,
    ROUTINE,
    SOME,
    credit_of_pti,
    credit_on_the_quiet,
    openly,
)

if TYPE_CHECKING:
    from negosim import Play, Seat, View


DELEGATES = (minister, official, senior_leader)
"""S04, a given: two of the government's, one of the party's, if they meet at all."""


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


DECISIONS = (meeting, message, threat, reward)


def party_tells_khan(seat: Seat) -> Play:
    """When visits are allowed again and no march is on, the founder learns what became of it."""
    yield from seat.hear(Happened, what="visiting-day")
    if seat.view.standing("action", FINAL_CALL) is not None:
        yield from seat.hear(CalledOff, Ended, action=FINAL_CALL)
    clashed = seat.view.last(Happened, what="clash") is not None
    marched = seat.view.last(Started, action=FINAL_CALL) is not None
    seat.say(khan, "clash" if clashed else "march-over" if marched else "no-march", via=lawyers)


def party_december(seat: Seat) -> Play:
    """On the day itself the leaders outside ask the founder for time."""
    called = yield from seat.hear(Announced, of=khan, action=DISOBEDIENCE)
    yield from seat.pause(until=called.due)
    seat.say(khan, "defer-it", via=lawyers)


def step_back(event: ActionStep) -> bool:
    """Whether the other side has taken a step back: a march put off or stopped, a threat deferred."""
    return event.what in ("postponed", "stopped", "deferred") and event.action in (FINAL_CALL, DISOBEDIENCE)


def government_december(seat: Seat) -> Play:
    """A step back by the other side is answered in secret; later occasions may be too."""
    step = yield from seat.hear(CalledOff, Ended, where=step_back)
    if (yield from seat.choose(meeting, step.action)) is Meeting.MEET:
        yield from hold_meeting(seat)


def hold_meeting(seat: Seat) -> Play:
    """The secret meeting and what is said there."""
    line = yield from seat.choose(message, "december-meeting")
    if seat.view.standing("channel", back.id) is not None:
        seat.resume(back)
    seat.meet("next-steps", party, *DELEGATES, via=back)
    if line is Message.TWO_BRANCHES:
        brings = yield from seat.choose(threat, "december-meeting")
        asks = yield from seat.choose(reward, "december-meeting")
        seat.put_ultimatum(
            party, "stark-choice", Branch("persist", "confrontation", brings.slug),
            Branch("reconcile", asks.slug, "gains"), via=back,
        )  # fmt: skip
    elif line is Message.CONCEDE:
        seat.offer(party, Inquiry.TWO_DEMANDS, via=back)
