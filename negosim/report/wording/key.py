"""The one key of every screen and page: what is history, what was told, what is simulated.

Each mark has one word, one sign and one colour, in the terminal, on the page, in a notebook and in
ASCII, so that history and simulation never look alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.text import Text

from negosim.report.colours import AMBER, BLUE, GREEN, RED

if TYPE_CHECKING:
    from collections.abc import Sequence


class Mark(Struct, frozen=True):
    """A sign in the gutter before a date: ``plain`` in ASCII, ``word`` in the key, ``css`` on the page."""

    glyph: str
    plain: str
    word: str
    style: str
    css: str

    def text(self, *, plain: bool) -> Text:
        """The sign in its colour."""
        return Text(self.plain if plain else self.glyph, self.style)


DOCUMENTED = Mark("█", "R", "documented", "bold", "documented")
TOLD = Mark("▌", "T", "told to the model", f"bold {BLUE}", "told")
FOLLOWS = Mark("✓", "+", "follows", f"bold {GREEN}", "follows")
SIMULATED = Mark("░", "s", "simulated", f"{AMBER}", "simulated")
NOT_PRODUCED = Mark("✗", "x", "cannot be produced", f"bold {RED}", "not-produced")

MARKS = (DOCUMENTED, TOLD, FOLLOWS, SIMULATED, NOT_PRODUCED)


def key(marks: Sequence[Mark] = MARKS, *, plain: bool) -> Text:
    """The key in one line."""
    line = Text()
    for mark in marks:
        line.append_text(mark.text(plain=plain))
        line.append(f" {mark.word}   ", "dim")
    line.rstrip()
    return line
