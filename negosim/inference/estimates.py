"""Estimates: a mean with its Monte Carlo error, from weighted draws on islands.

Pure arithmetic over weighted lists. Probabilities lie in 0..1; sums run in order with ``fsum``.
"""

from __future__ import annotations

from math import fsum, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.inference.weights import NONE_OF_N, NORMAL_95, effective_size

if TYPE_CHECKING:
    from collections.abc import Sequence

EFFECTIVE_MIN = 20.0
"""Under so many effective draws a what-if gives no answer, and a replay says that there are few."""
ROUGH_BELOW = 100
"""Under so many, a figure is called rough."""
LEVEL = 0.95
"""The certainty of intervals, and of what is named as clear."""
VARIANCE_MIN = 1e-4
"""What varies less than this tells nothing of errors."""


@frozen
class Estimate:
    """A mean, its Monte Carlo standard error, and the 95 % interval that makes.

    ``freedom``: of how many independent deviations the error was made (None: so many that it is
    as good as known). ``interval`` where it is not that of a Student law.
    """

    mean: float
    se: float
    freedom: int | None = None
    interval: tuple[float, float] | None = None

    @property
    def low(self) -> float:
        """The lower end."""
        return self.mean - student_95(self.freedom) * self.se if self.interval is None else self.interval[0]

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + student_95(self.freedom) * self.se if self.interval is None else self.interval[1]

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


def certain(value: float) -> Estimate:
    """What is known, not estimated."""
    return Estimate(value, 0.0)


def student_95(freedom: int | None) -> float:
    """How many standard errors hold 95 % of a Student t law.

    The Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5), within one part in a hundred from
    five degrees of freedom on; below five, from the table.
    """
    if freedom is not None and freedom < len(_FEW):
        return _FEW[freedom]
    return _student(NORMAL_95, freedom)


def _student(z: float, freedom: int | None) -> float:
    """As far out in a Student t law as ``z`` is in the normal one."""
    if freedom is None:
        return z
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def clear_of_zero(estimates: Sequence[Estimate]) -> list[bool]:
    """Which of several estimates differ from zero: with 95 % certainty none is named that does not (Bonferroni).

    Of too few independent deviations (under five) nothing is clear.
    """
    z = NormalDist().inv_cdf(1 - (1 - LEVEL) / 2 / max(len(estimates), 1))
    return [
        (estimate.freedom is None or estimate.freedom >= len(_FEW))
        and abs(estimate.mean) > _student(z, estimate.freedom) * estimate.se
        for estimate in estimates
    ]


_FEW = (100.0, 12.71, 4.30, 3.18, 2.78)
"""For no to four degrees of freedom; with none, nothing is known of the error."""


def mean_of(weights: Sequence[float], values: Sequence[float], groups: Sequence[int] | None = None) -> Estimate:
    """The weighted mean; its error is that of a ratio of means, over independent ``groups``.

    Groups are islands or, by default, the single draws. Islands carry uneven weight, and one may
    outweigh all others; so their disagreement is measured with equal weights, and the mean is as
    good as that of as many of them as their weights are worth. Nor is the interval narrower than that
    of as many independent draws as the weights are worth, whose error is as good as known. Raises
    ZeroDivisionError without weight.
    """
    total = fsum(weights)
    mean = fsum(w * v for w, v in zip(weights, values, strict=True)) / total
    parts = [w * (v - mean) for w, v in zip(weights, values, strict=True)]
    error = sqrt(fsum(part * part for part in parts) * len(parts) / max(len(parts) - 1, 1)) / total
    if groups is None:
        return Estimate(mean, error)
    masses: dict[int, float] = {}
    sums: dict[int, float] = {}
    for group, weight, value in zip(groups, weights, values, strict=True):
        masses[group] = masses.get(group, 0.0) + weight
        sums[group] = sums.get(group, 0.0) + weight * value
    means = [sums[group] / mass for group, mass in masses.items() if mass]
    middle, freedom = fsum(means) / len(means), len(means) - 1
    apart = fsum((island_mean - middle) ** 2 for island_mean in means) / max(freedom, 1)
    between = sqrt(apart / effective_size(list(masses.values())))
    return max(Estimate(mean, between, freedom), Estimate(mean, error), key=lambda estimate: estimate.half_width)


def effective_by(weights: Sequence[float], rows: Sequence[Sequence[float]], groups: Sequence[int]) -> float | None:
    """How many independent draws would err as much as independent groups disagree.

    Each row has a value per draw. The variance of a row's values over the squared error of its
    mean is the effective sample size for that row; over the rows, errors are averaged in units of
    the rows' own variance. None where no row varies or there is a single group.
    """
    if len(set(groups)) < 2:
        return None
    total = fsum(weights)
    ratios = []
    for row in rows:
        estimate = mean_of(weights, row, groups)
        variance = fsum(w * (v - estimate.mean) ** 2 for w, v in zip(weights, row, strict=True)) / total
        if variance > VARIANCE_MIN:
            ratios.append(estimate.se**2 / variance)
    mean = fsum(ratios) / len(ratios) if ratios else 0.0
    return 1 / mean if mean else None


def effective(weights: Sequence[float], rows: Sequence[Sequence[float]], groups: Sequence[int]) -> float:
    """How many independent draws a weighted sample is worth: the least that weights and groups allow, at least one."""
    by_weight = effective_size(weights)
    if not by_weight:
        return 0.0
    by_groups = effective_by(weights, rows, groups)
    return by_weight if by_groups is None else max(min(by_weight, by_groups), 1.0)


def estimate_of(weights: Sequence[float], values: Sequence[float], groups: Sequence[int]) -> Estimate:
    """The weighted mean; where hardly a draw differs, its error is at least that of none in so many.

    Draws that differ and weigh less than one effective draw say no more of how rare they are than
    no such draw would: the rule of three stands for both.
    """
    estimate = mean_of(weights, values, groups)
    draws = max(effective(weights, [values], groups), 1.0)
    none_of_them = Estimate(estimate.mean, NONE_OF_N / draws / NORMAL_95)
    if estimate.se == 0:
        return none_of_them
    if _rest(weights, values) * draws >= 1:
        return estimate
    return max(estimate, none_of_them, key=lambda error: error.half_width)


def _rest(weights: Sequence[float], values: Sequence[float]) -> float:
    """The share of weight that does not lie on the heaviest value."""
    weight_on: dict[float, float] = {}
    for weight, value in zip(weights, values, strict=True):
        weight_on[value] = weight_on.get(value, 0.0) + weight
    return 1 - max(weight_on.values()) / fsum(weights)


def share_of(weights: Sequence[float], hits: Sequence[float], groups: Sequence[int]) -> Estimate:
    """A probability: the weighted share of hits, its interval between 0 and 1."""
    estimate = estimate_of(weights, [float(hit) for hit in hits], groups)
    return evolve(estimate, interval=(max(estimate.low, 0.0), min(estimate.high, 1.0)))
