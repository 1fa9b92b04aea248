"""From weighted runs to figures: shares, scores, and what an ensemble is worth.

Sums run in run order with ``fsum``, so they do not depend on how the runs were handed out.
"""

from __future__ import annotations

from itertools import accumulate
from math import fsum, log, prod, sqrt
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.inference.weights import NORMAL_95, effective_size
from negosim.lab.replay.results import Share
from negosim.sim.noise import UNIT, noise_key, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.impositions import ImpositionOutcome
    from negosim.lab.replay.results import Status

FOLLOWED, AHEAD, FED, WEAK = 0.5, 0.1, 0.8, 0.2
"""A share that follows, its least lead over the baselines, a baseline that says all, a weak share."""


def share_of(weights: Sequence[float], hits: Sequence[bool]) -> Share | None:
    """The weighted share of hits and its standard error; None when all weights are 0.

    The error is that of a ratio of means (self-normalised importance sampling).
    """
    total = fsum(weights)
    if not total:
        return None
    mean = fsum(weight for weight, hit in zip(weights, hits, strict=True) if hit) / total
    squares = fsum((weight * (hit - mean)) ** 2 for weight, hit in zip(weights, hits, strict=True))
    return Share(min(mean, 1.0), sqrt(squares) / total, effective_size(weights))


def log_score(shares: Sequence[Share | None], n: int) -> float:
    """The mean logarithm of the shares of what happened; none is counted below 1 / (2n)."""
    least = 1 / (2 * n)
    return fsum(log(max(one.mean if one else 0.0, least)) for one in shares) / max(len(shares), 1)


def lead(share: Share | None, random: Share | None, blind: Share | None) -> float | None:
    """The 95 % lower bound of a share minus the larger baseline; None without a share.

    A baseline in which no run got through counts as 0.
    """
    if share is None:
        return None
    larger = max((one for one in (random, blind) if one), key=lambda one: one.mean, default=Share(0.0, 0.0, 0.0))
    return share.mean - larger.mean - NORMAL_95 * sqrt(share.se**2 + larger.se**2)


def status_of(share: Share | None, random: Share | None, blind: Share | None) -> Status:
    """What became of a fact that was not fed: followed, mostly-fed, weak or missed, tried in this order.

    A share of one half or more that does not lead the larger baseline is weak.
    """
    ahead = lead(share, random, blind)
    if share and ahead is not None and share.mean >= FOLLOWED and ahead > AHEAD:
        return "followed"
    if any(one and one.mean >= FED for one in (random, blind)):
        return "mostly-fed"
    return "weak" if share and share.mean >= WEAK else "missed"


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

