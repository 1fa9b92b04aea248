"""Importance weights: what a weighted sample is worth, and the mean it gives."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence


Number = TypeVar("Number", int, float)
NONE_OF_N = 3.0
"""None of n: at 95 % no more than 3 in n ("rule of three", Hanley and Lippman-Hand 1983)."""
NORMAL_95 = 1.96


def effective_size(weights: Sequence[float]) -> float:
    """The number of equal weights these are worth (Kish); 0 when all are 0."""
    squares = fsum(weight * weight for weight in weights)
    return fsum(weights) ** 2 / squares if squares else 0.0


def quantile(ordered: Sequence[tuple[Number, float]], mark: float) -> Number:
    """The value at which the weights of (value, weight) pairs, in ascending order, first sum to ``mark``."""
    reached = 0.0
    for value, weight in ordered:
        reached += weight
        if reached >= mark:
            return value
    return ordered[-1][0]
