"""Words of a finding: shares, ranges, differences and lists inside a sentence."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAMED = 3
"""Outcomes, assumptions or shares named in a sentence."""


def percent(value: float) -> str:
    """A share of 0..1 in percent; what is not quite none or all never reads as if it were."""
    if 0 < value < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < value < 1 else f"{100 * value:.0f} %"


def quoted(what: str) -> str:
    """An outcome's own sentence inside another."""
    return f"“{what.rstrip('. ')}”"


def share_range(low: float, high: float) -> str:
    """Two shares as percent, rounded outwards."""
    first, last = max(floor(100 * low + 1e-9), 0), min(ceil(100 * high - 1e-9), 100)
    return f"{first} %" if first == last else f"{first} to {last} %"


def points(value: float) -> str:
    """A difference of shares in percentage points; none has no sign."""
    points = round(100 * value)
    return f"{points:+d}" if points else "0"


def listed_first(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    known = list(names)
    more = [f"{len(known) - NAMED} more"] if len(known) > NAMED else []
    return listed([*known[:NAMED], *more])


def listed(items: Sequence[str]) -> str:
    """Items as a list in a sentence: ``a, b and c``."""
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1] if items else "") if part)
