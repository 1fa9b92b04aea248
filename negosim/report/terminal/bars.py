"""Shares and differences as bars: with their spread, as a tornado, as sparklines."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from rich.text import Text

from negosim.report.colours import GREEN

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


def sparkline(shares: Sequence[float], *, plain: bool, each: int = 1) -> str:
    """Shares in 0..1 as heights, ``each`` cells a share."""
    heights = HEIGHTS_PLAIN if plain else HEIGHTS
    top = len(heights)
    return "".join(heights[min(int(share * top), top - 1)] * each for share in shares)
