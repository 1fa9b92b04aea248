"""How far importance weights can be trusted: the shape of their upper tail."""

from __future__ import annotations

from math import exp, fsum, log, log1p, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


TAIL_MIN = 5
"""A tail of fewer weights than this tells nothing."""


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
