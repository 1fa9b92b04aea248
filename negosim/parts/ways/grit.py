"""Graduated and reciprocated initiatives in tension reduction (Osgood 1962): small steps, announced first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negosim.core.events import Happened
from negosim.sim.decisions import Choice

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from negosim.core.actors import Actor, Channel
    from negosim.sim.decisions import Decision
    from negosim.sim.seat import Seat
    from negosim.sim.waiting import Play


class Responding(Choice):
    """What is made of a step of the other side."""

    EXPLOIT = "takes advantage of it"
    IGNORE = "lets it pass"
    RECIPROCATE = "answers with a step of its own"


def takes_small_steps(
    seat: Seat, to: Actor, steps: Sequence[str], *, aim: str, answers: Sequence[str], exploits: Sequence[str] = (),
    via: Channel, patience: int, tolerance: int = 1,
) -> Generator[Any, Any, int]:  # fmt: skip
    """Announce an aim, then take one small step after another that nobody had to pay for.

    ``steps``, ``answers`` and ``exploits`` are happenings of the story, seen by all. After each step it waits
    up to ``patience`` minutes for an answer of ``to``. An answer invites the next step; silence is
    borne ``tolerance`` times, then the steps stop; they stop at once when they are exploited. Returns
    the number of steps that were answered.
    """
    seat.say(to, aim, via=via)
    answered = unanswered = 0
    wanted = {*answers, *exploits}
    for step in steps:
        seat.happen(step)
        reply = yield from seat.hear(Happened, of=to, where=lambda x: x.what in wanted, within=patience)
        if reply is not None and reply.what in exploits:
            break
        if reply is not None:
            answered += 1
        else:
            unanswered += 1
            if unanswered > tolerance:
                break
    return answered


def responds_to_steps(
    seat: Seat, question: Decision[Responding], of: Actor, *, replies: Mapping[str, str], exploit: str = "",
    until: int | None = None,
) -> Play:  # fmt: skip
    """The other side's part: for each step of ``of``, reciprocate, let it pass, or take advantage.

    ``replies`` says with which happening each step would be answered, ``exploit`` what taking advantage
    is. Whether a step is seen as a concession is the story's to say, in the reasons of ``question``, which is
    asked at ``actor.name[step]``.
    """
    while True:
        step = yield from seat.hear(Happened, of=of, where=lambda x: x.what in replies, until=until)
        if step is None:
            return
        answer = yield from seat.choose(question, step.what, over=step)
        if answer is Responding.RECIPROCATE:
            seat.happen(replies[step.what])
        elif answer is Responding.EXPLOIT and exploit:
            seat.happen(exploit)
