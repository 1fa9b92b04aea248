"""The key: how a row of the record and a row of a simulation are told apart, everywhere.

Each state has one word, one sign and one colour in the terminal, in ASCII, in a notebook and on
the page. The sign stands in the gutter before the date, so that nothing is told by colour alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.report.terminal.colours import AMBER, BLUE, GREEN, RED

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class State:
    """What a row is: its ``word``, its ``sign`` and the ASCII twin, its terminal ``style``.

    ``tone`` is the name of its colour on the page; ``meaning`` says in half a sentence what puts a
    row into this state.
    """

    word: str
    sign: str
    plain: str
    style: str
    tone: str
    meaning: str

    def mark(self, *, plain: bool) -> Text:
        """The sign in its colour, or the ASCII twin: one cell of the gutter."""
        return Text(self.plain if plain else self.sign, self.style)


DOCUMENTED = State("documented", "█", "R", "", "ink", "a fact of the record, with its sources")
TOLD = State("told to the model", "▌", "T", AMBER, "told", "a documented decision or event that the model was given")
FOLLOWS = State("follows", "▓", "F", GREEN, "follows", "a documented fact that the model was not told and produces")
SIMULATED = State("simulated", "░", "s", BLUE, "simulated", "from one simulated course, not from the record")
NOT_PRODUCED = State(
    "cannot be produced", "▯", "x", RED, "missing", "a documented fact that occurs in no simulated course"
)
KEY = (DOCUMENTED, TOLD, FOLLOWS, SIMULATED, NOT_PRODUCED)
"""Every state, in the order in which the key names them."""


def key_line(states: Iterable[State] = KEY, *, plain: bool = False) -> Text:
    """The key in one line: each sign with its word."""
    line = Text()
    for place, state in enumerate(states):
        line.append("  " if place else "")
        line.append_text(state.mark(plain=plain))
        line.append(f" {state.word}", "dim")
    return line
