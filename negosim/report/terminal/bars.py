"""Probabilities as lines of text: a dot with its interval, a course over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from negosim.report.colours import BLUE

if TYPE_CHECKING:
    from collections.abc import Sequence

CELLS = 25
"""Cells of a scale from 0 to 100 %; the middle one is 50 %."""
SCALE = f"{'0':<{CELLS // 2 - 1}}50 %{'100':>{CELLS - CELLS // 2 - 3}}"
"""The scale's heading."""
MARKS, MARKS_PLAIN = ("●", "─", "·", "│"), ("o", "-", ".", "|")
HEIGHTS, HEIGHTS_PLAIN = " ▁▂▃▄▅▆▇█", " .:-=+*%#"
LEVELS = 8
"""Heights of one line of text."""


def whisker(mean: float, low: float, high: float, *, plain: bool) -> Text:
    """A probability as a dot on the scale, the 95 % interval as a line through it, a bar at 50 %.

    The line covers the cells its ends fall in, so that no interval looks narrower than it is.
    """
    dot, rule, empty, half = MARKS_PLAIN if plain else MARKS
    first, place, last = (round(min(max(value, 0.0), 1.0) * (CELLS - 1)) for value in (low, mean, high))
    line = [half if at == CELLS // 2 else empty for at in range(CELLS)]
    line[first : last + 1] = rule * (last - first + 1)
    line[place] = dot
    text = Text("".join(line), "dim")
    text.stylize(f"not dim {BLUE}", first, last + 1)
    return text


def course(shares: Sequence[float | None], *, plain: bool) -> tuple[str, str]:
    """Probabilities over time as columns on two lines of text, sixteen heights; None leaves a column empty."""
    heights = HEIGHTS_PLAIN if plain else HEIGHTS
    upper, lower = [], []
    for share in shares:
        height = 0 if share is None else max(round(share * 2 * LEVELS), 1)
        upper.append(heights[max(height - LEVELS, 0)])
        lower.append(heights[min(height, LEVELS)])
    return "".join(upper), "".join(lower)
