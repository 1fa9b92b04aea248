"""What a run made of the decisions that were imposed on it."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Literal

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.sim.chance import Asked, Imposition
    from negosim.sim.trace import Run




@frozen
class ImpositionOutcome:
    """What one run made of one imposition.

    ``imposed``: asked in time and answered as documented; ``unsettled``: asked in time, though
    the documented answer was not legal or every open question was passed over; else it was asked
    ``too late``, or ``never``. ``factor`` multiplies the importance weight, ``timely`` is the
    probability of the documented dates.
    """

    how: Literal["imposed", "unsettled", "too late", "never"]
    factor: float = 0.0
    timely: float = 1.0

    @property
    def in_time(self) -> bool:
        """Whether the question came in its interval."""
        return self.how in ("imposed", "unsettled")


def imposition_outcomes(impositions: Sequence[Imposition], run: Run) -> tuple[ImpositionOutcome, ...]:
    """What a run made of each imposition."""
    asked: dict[Imposition, list[Asked]] = {}
    for one in run.asked:
        if one.imposition is not None:
            asked.setdefault(one.imposition, []).append(one)
    return tuple(_outcome(one, asked.get(one, []), run) for one in impositions)


def _outcome(imposition: Imposition, asked: list[Asked], run: Run) -> ImpositionOutcome:
    """Takes the questions that led to the answer out of ``asked``: a twin finds only the rest."""
    if asked:
        last = next((place for place, one in enumerate(asked) if one.how == "imposed"), None)
        if last is None:
            return ImpositionOutcome("unsettled")
        own, asked[:] = asked[: last + 1], asked[last + 1 :]
        return ImpositionOutcome("imposed", prod(one.factor for one in own), prod(one.p_time for one in own))
    here = any(imposition.is_at(asked.address) for asked in run.asked)
    return ImpositionOutcome("too late" if here else "never")
