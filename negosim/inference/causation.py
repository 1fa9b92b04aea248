"""Probabilities of causation (PN, PS, PNS) from runs and their twins, and their bounds (Tian and Pearl 2000)."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.inference.conformance import is_borne_out
from negosim.inference.estimates import Estimate
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.record.model import Target
    from negosim.sim.chance import World
    from negosim.sim.interventions import Decide
    from negosim.sim.scenario import Scenario


@frozen
class Bounds:
    """What a probability must lie between."""

    low: float
    high: float

    def hold(self, value: float, tolerance: float = 1e-9) -> bool:
        """Whether a value lies inside."""
        return self.low - tolerance <= value <= self.high + tolerance


@frozen(kw_only=True)
class Table:
    """What free runs and their twins give of a cause x and an outcome y.

    ``y_x`` and ``y_not_x`` are the probabilities of y when x is made so and made not so; the
    other four are joint probabilities without interference.
    """

    y_x: float
    y_not_x: float
    xy: float
    x_not_y: float
    not_x_y: float
    not_x_not_y: float

    @property
    def y(self) -> float:
        """The probability of y."""
        return self.xy + self.not_x_y

    @property
    def pn(self) -> Bounds | None:
        """Bounds of the probability of necessity (Tian and Pearl 2000); None without x and y."""
        if not self.xy:
            return None
        return _bounds(
            (self.y - self.y_not_x) / self.xy, ((1 - self.y_not_x) - self.not_x_not_y) / self.xy
        )

    @property
    def ps(self) -> Bounds | None:
        """Bounds of the probability of sufficiency; None when neither x nor y is ever missing."""
        if not self.not_x_not_y:
            return None
        return _bounds(
            (self.y_x - self.y) / self.not_x_not_y, (self.y_x - self.xy) / self.not_x_not_y
        )

    @property
    def pns(self) -> Bounds:
        """Bounds of the probability of necessity and sufficiency."""
        low = max(self.y_x - self.y_not_x, self.y - self.y_not_x, self.y_x - self.y)
        high = min(
            self.y_x,
            1 - self.y_not_x,
            self.xy + self.not_x_not_y,
            self.y_x - self.y_not_x + self.x_not_y + self.not_x_y,
        )
        return _bounds(low, high)


def _bounds(low: float, high: float) -> Bounds:
    return Bounds(max(0.0, low), min(1.0, high))


@frozen
class Triple:
    """One free run: x and y as they came, y with x made so, y with x made not so."""

    x: bool
    y: bool
    y_x: bool
    y_not_x: bool


@frozen
class Causation:
    """PN, PS and PNS of free runs, None where undefined, and the bounds without a mechanism."""

    pn: Estimate | None
    ps: Estimate | None
    pns: Estimate
    table: Table

    @property
    def within_bounds(self) -> bool:
        """Whether all three lie within the bounds of the same runs."""
        pairs = ((self.pn, self.table.pn), (self.ps, self.table.ps), (self.pns, self.table.pns))
        return all(
            bounds.hold(estimate.mean)
            for estimate, bounds in pairs
            if estimate is not None and bounds is not None
        )


def triples(
    scenario: Scenario, target: Target, cause: Decide, against: Decide, worlds: Sequence[World]
) -> Iterator[Triple]:
    """Runs in which a choice fell one of two ways, each played again with the other; y is the target."""
    for world in worlds:
        run = play(scenario, world)
        taken = next((run_of.taken for run_of in run.asked if run_of.address == cause.address), None)
        if taken not in (cause.alternative, against.alternative):
            continue
        x = taken == cause.alternative
        twin = play(scenario, run.world, (against if x else cause,))
        y, other = (is_borne_out(target, scenario, run_of.entries) for run_of in (run, twin))
        yield Triple(x, y, y if x else other, other if x else y)


def causation(runs: Sequence[Triple]) -> Causation:
    """Necessity and sufficiency over equally weighted free runs. Raises ZeroDivisionError for none."""
    n = len(runs)

    def share(hits: Sequence[bool]) -> float:
        return sum(hits) / n

    table = Table(
        y_x=share([run.y_x for run in runs]),
        y_not_x=share([run.y_not_x for run in runs]),
        xy=share([run.x and run.y for run in runs]),
        x_not_y=share([run.x and not run.y for run in runs]),
        not_x_y=share([not run.x and run.y for run in runs]),
        not_x_not_y=share([not run.x and not run.y for run in runs]),
    )
    needed = [not run.y_not_x for run in runs if run.x and run.y]
    sufficed = [run.y_x for run in runs if not run.x and not run.y]
    both = [run.y_x and not run.y_not_x for run in runs]
    return Causation(_share(needed), _share(sufficed), _share(both) or Estimate(0.0, 0.0), table)


def _share(hits: Sequence[bool]) -> Estimate | None:
    if not hits:
        return None
    mean = sum(hits) / len(hits)
    return Estimate(mean, sqrt(mean * (1 - mean) / len(hits)))
