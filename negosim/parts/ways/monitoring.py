"""A commitment under watch: it is kept or cheated on unseen, and a monitor may find out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negosim.core.actors import NATURE
from negosim.core.events import Happened
from negosim.sim.decisions import Choice

if TYPE_CHECKING:
    from collections.abc import Generator

    from negosim.core.actors import Actor, Channel
    from negosim.core.events import Promised
    from negosim.sim.decisions import Decision
    from negosim.sim.seat import Seat
    from negosim.sim.waiting import Play

VIOLATION, FOUND = "violation", "violation-found"
"""Happenings: what the debtor alone knows, and what the monitor learns. A story that lists its
happenings lists both."""


class Complying(Choice):
    """What the debtor does in one period."""

    CHEAT = "cheats"
    COMPLY = "complies"


def keeps_under_watch(
    seat: Seat, question: Decision[Complying], promise: Promised, monitor: Actor, *,
    periods: int, every: int, detection: int,
) -> Generator[Any, Any, int]:  # fmt: skip
    """The debtor's part: comply or cheat in each of ``periods``, ``every`` so many minutes.

    Cheating is secret; in each period in which there was some, Nature lets the monitor find out with
    probability ``detection``, in millionths. That ends the commitment: the promise is broken. Else it is
    kept at the end, to the share of periods in which it was, as all will see. Returns the number of
    periods in which it complied.
    """
    complied = 0
    for period in range(1, periods + 1):
        yield from seat.pause(every)
        key = f"{promise.what}-{period}"
        if (yield from seat.choose(question, key, over=promise)) is Complying.COMPLY:
            complied += 1
            continue
        seat.happen(VIOLATION, seat.actor)
        if seat.chance("detection", key, detection):
            seat.happen(FOUND, monitor, of=NATURE)
            seat.break_promise(promise.promise)
            return complied
    if complied:
        seat.keep(promise.promise, complied * 1000 // periods or 1)
    else:
        seat.break_promise(promise.promise)
    return complied


def monitors(seat: Seat, creditor: Actor, *, via: Channel, until: int | None = None) -> Play:
    """The monitor's part: tell the creditor what was found, as ``violation-found``."""
    while True:
        finding = yield from seat.hear(Happened, what=FOUND, until=until)
        if finding is None:
            return
        seat.say(creditor, FOUND, via=via)
