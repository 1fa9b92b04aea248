"""A lane cell: one move drawn across the lanes of a row, as a few bytes of SVG.

The lanes themselves are the cell's background, which all rows share; a cell holds only its move.
Lengths are CSS pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field
from markupsafe import Markup

from negosim.report.terminal.glyphs import (
    BACKCHANNEL,
    DEED,
    FORMAL,
    MEETING,
    ORDERS,
    PUBLIC,
    VISIT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.report.terminal.glyphs import Sign, Stroke
    from negosim.report.terminal.lanes import Lanes

GUTTER, LANE, HEIGHT = 20, 27, 26
"""The gutter where Nature acts, the width of a lane, the height of a drawing; the style says the same."""
ARROW, ALONE = 6, 13
LETTERS: Mapping[str, str] = {
    BACKCHANNEL.word: "b", FORMAL.word: "f", PUBLIC.word: "p", VISIT.word: "v",
    ORDERS.word: "o", DEED.word: "d",
}  # fmt: skip
"""The class of each stroke."""
STROKES = {LETTERS[stroke.word]: stroke for stroke in (BACKCHANNEL, FORMAL, PUBLIC, VISIT, ORDERS, DEED)}


def width_of(lanes: Lanes) -> int:
    """The width of a lane cell."""
    return GUTTER + LANE * len(lanes.heads)


def middle_of(lanes: Lanes, actor: str) -> int:
    """Where an actor's lane runs; those without one act in the gutter."""
    if actor in lanes.actors:
        return GUTTER + LANE * lanes.actors.index(actor) + LANE // 2
    return width_of(lanes) - LANE // 2 if actor in lanes.merged else GUTTER // 2


@define
class Drawings:
    """Every drawing of a table, each once: cells refer to them by name."""

    lanes: Lanes
    signs: dict[str, Sign] = field(factory=dict)
    _names: dict[Markup, str] = field(factory=dict)

    def name(self, by: str, to: tuple[str, ...], stroke: Stroke, sign: Sign) -> str:
        """The name of a move's drawing."""
        self.signs.setdefault(sign.word, sign)
        return self._names.setdefault(drawn(self.lanes, by, to, stroke, sign), f"k{len(self._names)}")

    def definitions(self) -> list[tuple[str, Markup]]:
        """The names with what they stand for."""
        return [(name, drawing) for drawing, name in self._names.items()]


def drawn(lanes: Lanes, by: str, to: tuple[str, ...], stroke: Stroke, sign: Sign) -> Markup:
    """A move from its doer to those it concerns; all who meet bear the sign.

    Without an addressee the line runs a little to both sides.
    """
    start = middle_of(lanes, by)
    ends = [x for x in dict.fromkeys(middle_of(lanes, one) for one in to) if x not in (start, GUTTER // 2)]
    y = HEIGHT // 2
    low, high = (min(start, *ends), max(start, *ends)) if ends else (start - ALONE, start + ALONE)
    parts = [f'<path d="M{low} {y}H{high}"/>'] if ends or start != GUTTER // 2 else []
    for end in ends:
        if sign is MEETING:
            parts.append(f'<use href=#g-{sign.word} x={end} />')
        else:
            back = ARROW if end > start else -ARROW
            parts.append(f'<path class=a d="M{end} {y}l{-back}-4v8z"/>')
    parts.append(f'<use href=#g-{sign.word} x={start} />')
    return Markup(f'<g class={LETTERS[stroke.word]}>{"".join(parts)}</g>')  # noqa: S704 - numbers and own words
