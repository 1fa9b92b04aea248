"""Effects and their bounds: from paired worlds to necessity, sufficiency and intervals.

Pure arithmetic over weighted lists. Probabilities lie in 0..1; sums run in order with ``fsum``.
"""

from __future__ import annotations

from math import exp, fsum, inf, log, log1p, sqrt
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

NORMAL_95, NORMAL_80 = 1.96, 1.2816
VARIANCE_MIN = 1e-4
"""What varies less than this tells nothing of errors."""
TAIL_MIN = 5
"""A tail of fewer weights than this tells nothing."""


@frozen
class Estimate:
    """A mean, its Monte Carlo standard error, and the 95 % interval that makes.

    ``freedom``: of how many independent deviations the error was made (None: so many that it is
    as good as known).
    """

    mean: float
    se: float
    freedom: int | None = None

    @property
    def low(self) -> float:
        """The lower end."""
        return self.mean - student_95(self.freedom) * self.se

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + student_95(self.freedom) * self.se


def student_95(freedom: int | None) -> float:
    """How many standard errors hold 95 % of a Student t law.

    The Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5), within one part in a hundred from
    five degrees of freedom on; below five, from the table.
    """
    z = NORMAL_95
    if freedom is None:
        return z
    if freedom < len(_FEW):
        return _FEW[freedom]
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


_FEW = (inf, 12.71, 4.30, 3.18, 2.78)


@frozen
class Bounds:
    """What a probability must lie between."""

    low: float
    high: float

    def hold(self, value: float, tolerance: float = 1e-9) -> bool:
        """Whether a value lies inside."""
        return self.low - tolerance <= value <= self.high + tolerance


def mean_of(weights: Sequence[float], values: Sequence[float], groups: Sequence[int] | None = None) -> Estimate:
    """The weighted mean; its error is that of a ratio of means, over independent ``groups``.

    Groups are islands or, by default, the single draws. Raises ZeroDivisionError without weight.
    """
    total = fsum(weights)
    mean = fsum(w * v for w, v in zip(weights, values, strict=True)) / total
    parts = [w * (v - mean) for w, v in zip(weights, values, strict=True)]
    if groups is not None:
        sums: dict[int, list[float]] = {}
        for group, part in zip(groups, parts, strict=True):
            sums.setdefault(group, []).append(part)
        parts = [fsum(own) for own in sums.values()]
    correction = len(parts) / max(len(parts) - 1, 1)
    freedom = len(parts) - 1 if groups is not None else None
    return Estimate(mean, sqrt(fsum(part * part for part in parts) * correction) / total, freedom)


def effective_by(weights: Sequence[float], rows: Sequence[Sequence[float]], groups: Sequence[int]) -> float | None:
    """How many independent draws would err as much as independent groups disagree.

    Each row has a value per draw. The variance of a row's values over the squared error of its
    mean is the effective sample size for that row; over the rows, errors are averaged in units of
    the rows' own variance. None where no row varies or there is a single group.
    """
    total = fsum(weights)
    ratios = []
    for row in rows:
        found = mean_of(weights, row, groups)
        variance = fsum(w * (v - found.mean) ** 2 for w, v in zip(weights, row, strict=True)) / total
        if variance > VARIANCE_MIN and found.freedom:
            ratios.append(found.se**2 / variance)
    mean = fsum(ratios) / len(ratios) if ratios else 0.0
    return 1 / mean if mean else None


def paired_error(q10: float, q01: float, n: int) -> float:
    """The standard error of a paired effect from the shares of pairs that gained and lost."""
    return sqrt((q10 + q01 - (q10 - q01) ** 2) / n)


# ── necessity and sufficiency ───────────────────────────────────────────────────────────────────


@frozen
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


def causation(runs: Sequence[Triple]) -> Causation:
    """Necessity and sufficiency over equally weighted free runs. Raises ZeroDivisionError for none."""
    n = len(runs)

    def share(hits: Sequence[bool]) -> float:
        return sum(hits) / n

    table = Table(
        share([one.y_x for one in runs]),
        share([one.y_not_x for one in runs]),
        share([one.x and one.y for one in runs]),
        share([one.x and not one.y for one in runs]),
        share([not one.x and one.y for one in runs]),
        share([not one.x and not one.y for one in runs]),
    )
    needed = [not one.y_not_x for one in runs if one.x and one.y]
    sufficed = [one.y_x for one in runs if not one.x and not one.y]
    both = [one.y_x and not one.y_not_x for one in runs]
    return Causation(_share(needed), _share(sufficed), _share(both) or Estimate(0.0, 0.0), table)


def _share(hits: Sequence[bool]) -> Estimate | None:
    if not hits:
        return None
    mean = sum(hits) / len(hits)
    return Estimate(mean, sqrt(mean * (1 - mean) / len(hits)))


# ── between preference weights ──────────────────────────────────────────────────────────────────


def between(weights: Sequence[float], ones: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """The 10 to 90 % interval of an effect over sets of preference weights.

    ``ones`` and ``others`` are effects in Worlds that share their preference weights and else only
    the evidence. Their covariance is the variance between sets of weights: all variance less the
    Monte Carlo variance within a set.
    """
    one, other = mean_of(weights, ones).mean, mean_of(weights, others).mean
    products = [(x - one) * (y - other) for x, y in zip(ones, others, strict=True)]
    reach = NORMAL_80 * sqrt(max(mean_of(weights, products).mean, 0.0))
    middle = (one + other) / 2
    return middle - reach, middle + reach


# ── how far weights can be trusted ──────────────────────────────────────────────────────────────


def pareto_k(weights: Sequence[float]) -> float | None:
    """The shape of the weights' upper tail (PSIS; Vehtari et al. 2024); None where there is no tail.

    The tail is the largest of a fifth of the weights and three times the root of their number,
    fitted by ``fit_tail``. Above .7 the estimate is not to be trusted. Equal weights have no tail.
    """
    n = len(weights)
    size = min(n // 5, int(3 * sqrt(n)))
    ordered = sorted(weights)
    if size < TAIL_MIN or not ordered[-1]:
        return None
    cut = ordered[-size - 1]
    tail = [weight - cut for weight in ordered[-size:] if weight > cut]
    if len(tail) < TAIL_MIN or tail[-1] <= 1e-9 * ordered[-1]:
        return None
    return fit_tail(tail)


def fit_tail(tail: Sequence[float]) -> float:
    """The shape k of a generalized Pareto law (Zhang and Stephens 2009), drawn a little to one half.

    ``tail`` are exceedances, ascending and positive. The prior towards .5 counts as ten
    observations, as in PSIS.
    """
    n = len(tail)
    grid = 30 + int(sqrt(n))
    quartile = tail[int(n / 4 + 0.5) - 1] or tail[0]
    thetas = [1 / tail[-1] + (1 - sqrt(grid / (place - 0.5))) / (3 * quartile) for place in range(1, grid + 1)]
    shapes = [fsum(log1p(-theta * x) for x in tail) / n for theta in thetas]
    scores = [n * (log(-theta / shape) - shape - 1) for theta, shape in zip(thetas, shapes, strict=True)]
    top = max(scores)
    weights = [exp(score - top) for score in scores]
    theta = fsum(t * w for t, w in zip(thetas, weights, strict=True)) / fsum(weights)
    shape = fsum(log1p(-theta * x) for x in tail) / n
    return (n * shape + 10 * 0.5) / (n + 10)
