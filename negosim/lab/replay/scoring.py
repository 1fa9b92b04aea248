"""From weighted runs to figures: shares, scores, and what an ensemble is worth.

Sums run in run order with ``fsum``, so they do not depend on how the runs were handed out.
"""

from __future__ import annotations

from itertools import accumulate
from math import fsum, prod
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.sim.noise import UNIT, noise_key, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.impositions import ImpositionOutcome



@frozen
class Step:
    """One imposed decision in an ensemble: its weighted shares, and counts of runs."""

    reached: float
    chosen: float
    reached_in: int
    too_late: int
    never: int


def steps(met: Sequence[Sequence[ImpositionOutcome]]) -> tuple[Step, ...]:
    """Reached in time, and chosen given reached, for each imposition of an ensemble.

    ``met`` has a row per run. With W_k the mean over runs of the product of the first k factors,
    W_k / W_(k-1) = reached x chosen. Both are 0 once no run is left.
    """
    before = [1.0] * len(met)
    found = []
    for column in zip(*met, strict=True):
        here = [weight if one.in_time else 0.0 for weight, one in zip(before, column, strict=True)]
        after = [weight * one.factor for weight, one in zip(before, column, strict=True)]
        total, asked = fsum(before), fsum(here)
        how = [one.how for one in column]
        found.append(
            Step(
                asked / total if total else 0.0,
                fsum(after) / asked if asked else 0.0,
                sum(one.in_time for one in column),
                how.count("too late"),
                how.count("never"),
            )
        )
        before = after
    return tuple(found)


def timed(met: Sequence[ImpositionOutcome]) -> float:
    """The weight of a run with its dates weighed too."""
    return prod(one.factor * one.timely for one in met)


def drawn(weights: Sequence[float], seed: int, count: int) -> tuple[int, ...]:
    """Different runs, each picked with probability proportional to its weight, by keyed noise.

    The first is the one that is shown. Fewer than ``count`` when fewer have a weight.
    """
    key, left, found = noise_key(seed, 0), list(weights), []
    for number in range(min(count, sum(weight > 0 for weight in weights))):
        ends = list(accumulate(left))
        mark = ends[-1] * uniform(key, "replay.draw", str(number)) / UNIT
        run = next(place for place, end in enumerate(ends) if end >= mark and left[place])
        found.append(run)
        left[run] = 0.0
    return tuple(found)


def middle(weights: Sequence[float], values: Sequence[int], width: float = 0.9) -> tuple[int, int]:
    """The weighted quantiles between which a share ``width`` of the runs lies."""
    pairs = sorted((value, weight) for value, weight in zip(values, weights, strict=True) if weight)
    total = fsum(weight for _, weight in pairs)
    ends = list(accumulate(weight for _, weight in pairs))
    low, high = total * (1 - width) / 2, total * (1 + width) / 2
    lower = next(value for (value, _), end in zip(pairs, ends, strict=True) if end >= low)
    upper = next((value for (value, _), end in zip(pairs, ends, strict=True) if end >= high), pairs[-1][0])
    return lower, upper
