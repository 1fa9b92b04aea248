"""Shares and differences as bars: with their spread, as a tornado, as sparklines."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.report.terminal.colours import BLUE, GREEN, PURPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

GLYPHS, PLAIN = ("█", "▒", "·", "┃"), ("#", "=", ".", "!")
"""Full, shaded, empty, and the tick; in ASCII too."""
HEIGHTS, HEIGHTS_PLAIN = "▁▂▃▄▅▆▇█", "_.:-=+*#"


def spread(share: float, low: float, high: float, width: int, *, plain: bool, style: str = GREEN) -> Text:
    """A share in 0..1 in ``width`` cells: full up to it, and shaded from ``low`` to ``high``.

    The shade covers the cells its ends fall in, so that no interval looks narrower than it is;
    within it the share is a tick.
    """
    full, shade, empty, tick = PLAIN if plain else GLYPHS
    first, last = floor(round(low * width, 6)), ceil(round(high * width, 6))
    reached = round(share * width)
    cells = [
        shade if first <= at < last and high > low else full if at < reached else empty
        for at in range(width)
    ]
    if high > low:
        cells[min(int(share * width), width - 1)] = tick
    text = Text("".join(cells))
    for at, cell in enumerate(cells):
        text.stylize("dim" if cell == empty else style, at, at + 1)
    return text


@frozen
class Blade:
    """One assumption of a tornado: the smallest and largest value under it."""

    name: str
    low: float
    high: float


def blades(base: float, found: Sequence[tuple[str, float]]) -> tuple[Blade, ...]:
    """Values under variants as one blade per assumption, the widest first.

    Variants are named for their assumption and then for its value ("logit precision 0.5"); those
    that differ in the last word alone are one assumption's two sides.
    """
    sides: dict[str, list[float]] = {}
    for name, value in found:
        sides.setdefault(_assumption(name), [base]).append(value)
    made = [Blade(name, min(values), max(values)) for name, values in sides.items()]
    return tuple(sorted(made, key=lambda one: (one.low - one.high, one.name)))


def _assumption(name: str) -> str:
    """What a variant is about: its name without the value, ``without`` some source by itself."""
    words = name.split()
    if words[0] == "without" or name == "decisions alone" or len(words) == 1:
        return name
    return " ".join(words[:2] if words[1:2] == ["precision"] else words[:1])


def wings(blade: Blade, base: float, reach: float, half: int, *, plain: bool) -> Text:
    """A blade as two half columns of ``half`` cells around ``base``; ``reach`` fills a half."""
    full, axis = ("#", "|") if plain else ("█", "│")

    def cells(distance: float) -> int:
        return min(ceil(round(distance / reach * half, 6)), half) if reach and distance > 0 else 0

    left, right = cells(base - blade.low), cells(blade.high - base)
    return Text.assemble(
        " " * (half - left), (full * left, PURPLE), axis, (full * right, BLUE), " " * (half - right)
    )


def sparkline(shares: Sequence[float], *, plain: bool, each: int = 1) -> str:
    """Shares in 0..1 as heights, ``each`` cells a share."""
    heights = HEIGHTS_PLAIN if plain else HEIGHTS
    top = len(heights)
    return "".join(heights[min(int(share * top), top - 1)] * each for share in shares)
