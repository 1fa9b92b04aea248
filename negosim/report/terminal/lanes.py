"""The lanes of a timeline: one column of four cells per actor, and one row drawn across them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.text import Text

from negosim.core.actors import NATURE
from negosim.report.terminal.glyphs import (
    ARROWS,
    ARROWS_PLAIN,
    LANE,
    LANE_PLAIN,
    MEETING,
    SILENCE,
    SILENCE_PLAIN,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.report.terminal.glyphs import Sign, Stroke

WIDTH = 4
GUTTER = 2
OTHERS = "oth"
_FAINT = "dim"


class Lanes(Struct, frozen=True, dict=True):
    """Who has a lane, in order; ``merged`` share the last one. In the gutter Nature acts."""

    actors: tuple[str, ...]
    merged: tuple[str, ...] = ()

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The short names over the lanes."""
        heads = short_names(self.actors)
        return (*heads, OTHERS.title()) if self.merged else heads

    @classmethod
    def of(cls, busy: Iterable[tuple[str, ...]], order: Sequence[str], most: int) -> Lanes:
        """Lanes for those who take part, in ``order``; beyond ``most`` the quiet ones share one.

        ``busy`` gives who takes part, move by move.
        """
        counts = dict.fromkeys((actor for actor in order if actor != NATURE.id), 0)
        for actors in busy:
            for actor in actors:
                if actor in counts:
                    counts[actor] += 1
        active = [actor for actor, moves in counts.items() if moves]
        if len(active) <= most:
            return cls(tuple(active))
        ranked = sorted(active, key=lambda actor: (-counts[actor], active.index(actor)))
        kept = set(ranked[: most - 1])
        return cls(
            tuple(actor for actor in active if actor in kept),
            tuple(actor for actor in active if actor not in kept),
        )

    @property
    def width(self) -> int:
        """The cells of a row, the gutter included."""
        return GUTTER + WIDTH * len(self.heads)

    def place(self, actor: str) -> int:
        """The cell of an actor's lane; those without one act in the gutter."""
        if actor in self.actors:
            return GUTTER + WIDTH * self.actors.index(actor) + 1
        return GUTTER + WIDTH * len(self.actors) + 1 if actor in self.merged else 0

    def head(self) -> str:
        """The row of short names."""
        return " " * GUTTER + " ".join(f"{head:<{WIDTH - 1}}" for head in self.heads) + " "

    def idle(self, *, plain: bool, silent: bool = False) -> Text:
        """A row in which nothing happens; ``silent`` when it stands for many days."""
        mark = (SILENCE_PLAIN if plain else SILENCE) if silent else LANE_PLAIN if plain else LANE
        lane = f" {mark}".ljust(WIDTH)
        return Text(" " * GUTTER + lane * len(self.heads), _FAINT)

    def row(
        self, by: str, to: tuple[str, ...], stroke: Stroke, sign: Sign, *, plain: bool
    ) -> Text:
        """A move drawn from its doer to those it concerns.

        Without an addressee the line runs a cell to both sides. All who meet bear the sign.
        """
        text = self.idle(plain=plain)
        cells, styles = list(text.plain), [_FAINT] * self.width
        start = self.place(by)
        ends = [end for end in dict.fromkeys(map(self.place, to)) if end not in (start, 0)]
        dash, cross = stroke.dashes(plain=plain)
        low, high = min(start, *ends, start), max(start, *ends, start)
        if not ends and start:
            low, high = start - 1, start + 1
        for at in range(low, high + 1):
            cells[at] = dash if cells[at] == " " else cross
            styles[at] = stroke.style
        arrows = ARROWS_PLAIN if plain else ARROWS
        for end in ends:
            cells[end] = arrows[0] if end < start else arrows[1]
            if sign is MEETING:
                cells[end], styles[end] = sign.mark(plain=plain), sign.style
        cells[start], styles[start] = sign.mark(plain=plain), sign.style
        return Text.assemble(*zip(cells, styles, strict=True))


def short_names(ids: Sequence[str]) -> tuple[str, ...]:
    """Three letters for each id, all different: ``government`` is ``Gov``, ``state-court`` ``StC``."""
    taken: list[str] = []
    for id in ids:
        taken.append(next(name for name in _candidates(id) if name not in taken))
    return tuple(taken)


def _candidates(id: str) -> Iterable[str]:
    first, *rest = id.split("-")
    if rest:
        yield (first[:2] + rest[-1][0]).title()[:2] + rest[-1][0].upper()
    yield first[:3].title()
    letters = id.replace("-", "")
    for last in letters[2:]:
        yield letters[:2].title() + last
    for number in range(1, 1000):
        yield f"{letters[:1].upper()}{number}"[:3]
