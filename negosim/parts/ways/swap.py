"""A contingent swap: each side keeps its promise when the other has kept its own, at once or in steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negosim.core.events import Broken, Kept, Promised, Released
from negosim.sim.decisions import Choice

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from negosim.core.terms import Issue
    from negosim.sim.decisions import Decision
    from negosim.sim.seat import Seat


class Keeping(Choice):
    """What becomes of a promise whose turn it is."""

    BREAK = "does not keep it"
    KEEP = "keeps it"


def swaps(
    seat: Seat, mine: Sequence[Issue], theirs: Sequence[Issue], *, first: bool, patience: int,
    question: Decision[Keeping] | None = None,
) -> Generator[Any, Any, int]:  # fmt: skip
    """Keep promises step by step: ``mine[k]`` against ``theirs[k]``, whoever is ``first`` leading.

    The promises must come from one deal; the part waits until they are made. A step is done when both
    promises of it are kept in full. When the other side breaks one, keeps it in part or lets
    ``patience`` minutes pass, this side keeps none of its later promises: they stay open, for the
    story to break or to take up again. Small steps make the loss of who trusted first small (Schelling
    1960). ``question`` is asked before each own promise, at ``actor.keep[option]``; without one, all
    are kept. Returns the number of steps done.
    """
    owed = yield from _promises(seat, mine)
    awaited = yield from _promises(seat, theirs)
    for done, (own, other) in enumerate(zip(owed, awaited, strict=True)):
        if first and not (yield from _keeps(seat, own, question)):
            return done
        end = yield from seat.hear(Kept, Broken, Released, promise=other.promise, within=patience)
        if not isinstance(end, Kept) or end.share < 1000:
            return done
        if not first and not (yield from _keeps(seat, own, question)):
            return done
    return len(owed)


def _promises(seat: Seat, options: Sequence[Issue]) -> Generator[Any, Any, list[Promised]]:
    """Wait until each of these options has been promised by its owner."""
    promises = []
    for option in options:
        promise = yield from seat.hear(Promised, what=option.clause.option, by=option.clause.owner)
        promises.append(promise)
    return promises


def _keeps(seat: Seat, promise: Promised, question: Decision[Keeping] | None) -> Generator[Any, Any, bool]:
    answer = Keeping.KEEP if question is None else (yield from seat.choose(question, promise.what, over=promise))
    if answer is Keeping.KEEP:
        seat.keep(promise.promise)
    else:
        seat.break_promise(promise.promise)
    return answer is Keeping.KEEP
