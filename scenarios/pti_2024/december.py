"""December: silence, and a stark choice.

The founder names a committee and threatens civil disobedience, then puts it off. The government
answers with one secret meeting and two branches; the table itself is in ``rounds``.
"""

from __future__ import annotations

from negosim import Between, Choice, Play, Seat, View, because, hours
from negosim.core import events as e
from negosim.parts.known import happened, is_on, rests
from negosim.stories.authoring import ALL, MUCH, SOME

from .people import (
    DISOBEDIENCE, FINAL_CALL, Inquiry, back, government, khan, lawyers, minister, official, party, senior_leader,
    table,
)
from .reasons import ROUTINE, credit_of_pti, credit_on_the_quiet, openly

DELEGATES = (minister, official, senior_leader)
"""S04, a given: two of the government's, one of the party's, if they meet at all."""


def with_a_table(view: View) -> int:
    """A second channel costs more once the first is open (theory: channels substitute)."""
    return -MUCH if view.last(e.Met, channel=table.id) is not None else openly(SOME, back)


class Meet(Choice, by=government, pace=ROUTINE):
    MEET = "meets in secret", because(
        "S22; theory, reciprocity: a step is answered", calm=MUCH, price=with_a_table, credit=credit_on_the_quiet
    )
    WAIT = "lets it rest", because("P35: remorse first")


def distrust(view: View) -> int:
    """The less credit, the more a costly sign is asked first (theory: commitment)."""
    return -credit_of_pti(view)


class Message(Choice, by=government, pace=Between(0, hours(1), "author: the line is settled before the meeting")):
    TWO_BRANCHES = "puts a choice: confrontation or reconciliation", because("S23", calm=MUCH)
    LISTEN = "listens and promises nothing", because("author", calm=SOME, price=SOME // 2)
    CONCEDE = "offers to meet the two demands", because(
        "P34: what was asked", calm=MUCH, price=-ALL, credit=credit_of_pti
    )


class Threat(Choice, by=government):
    NO_RESULT = "persisting means that talks yield nothing", because(
        "S24a; theory, private threats provoke less", calm=SOME
    )
    ARRESTS = "persisting means more arrests", because("P32: arrests had followed the march", price=-SOME, calm=SOME)


class Reward(Choice, by=government):
    STRATEGY_FIRST = "gains come after a change of strategy", because(
        "S24b; theory, commitment: a costly sign first", price=SOME, credit=distrust
    )
    STEP_FOR_STEP = "gains come step for step", because("P38: incremental", credit=credit_of_pti, calm=SOME)
    GAINS_FIRST = "gains come first", because(
        "theory, GRIT: a first step of one's own", credit=credit_of_pti, price=-MUCH, calm=SOME
    )


def party_tells_khan(seat: Seat) -> Play:
    """When visits are allowed again and no march is on, the founder learns what became of it."""
    yield from seat.hear(e.Happened, what="visiting-day")
    if is_on(seat.view, FINAL_CALL):
        yield from seat.hear(e.CalledOff, e.Ended, action=FINAL_CALL)
    clashed = happened(seat.view, "clash")
    marched = seat.view.last(e.Started, action=FINAL_CALL) is not None
    seat.say(khan, "clash" if clashed else "march-over" if marched else "no-march", via=lawyers)


def party_december(seat: Seat) -> Play:
    """On the day itself the leaders outside ask the founder for time."""
    called = yield from seat.hear(e.Announced, of=khan, action=DISOBEDIENCE)
    yield from seat.pause(until=called.due)
    seat.say(khan, "defer-it", via=lawyers)


def step_back(event: e.ActionStep) -> bool:
    """Whether the other side has taken a step back: a march put off or stopped, a threat deferred."""
    return event.what in ("postponed", "stopped", "deferred") and event.action in (FINAL_CALL, DISOBEDIENCE)


def government_december(seat: Seat) -> Play:
    """A step back by the other side is answered in secret; later occasions may be too."""
    step = yield from seat.hear(e.CalledOff, e.Ended, where=step_back)
    if (yield from seat.choose(Meet, step.action)) is Meet.MEET:
        yield from hold_meeting(seat)


def hold_meeting(seat: Seat) -> Play:
    """The secret meeting and what is said there."""
    line = yield from seat.choose(Message, "december-meeting")
    if rests(seat.view, back):
        seat.resume(back)
    seat.meet("next-steps", party, *DELEGATES, via=back)
    if line is Message.TWO_BRANCHES:
        brings = yield from seat.choose(Threat, "december-meeting")
        asks = yield from seat.choose(Reward, "december-meeting")
        seat.put_ultimatum(
            party, "stark-choice", e.Branch("persist", "confrontation", brings.slug),
            e.Branch("reconcile", asks.slug, "gains"), via=back,
        )  # fmt: skip
    elif line is Message.CONCEDE:
        seat.offer(party, Inquiry.TWO_DEMANDS, via=back)
