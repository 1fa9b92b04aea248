"""A history as a list: a line per move, documented or simulated, in the record's words where it has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.table import Table
from rich.text import Text

from negosim.report.wording.key import DOCUMENTED, SIMULATED, TOLD, key
from negosim.report.wording.numbers import many
from negosim.report.wording.sentences import Speaker, Wording, day
from negosim.report.wording.text import clean, cut
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.actors import Actor
    from negosim.core.time import Calendar
    from negosim.report.terminal.timeline import Row

MOST_ROWS = 33
"""Rows of a first screen, which has 45 lines."""
BEGIN_ROWS, END_ROWS = 21, 11
"""Moves at the beginning and at the end of a simulated course that its first screen shows, if it is longer."""
DATE_CELLS, SOURCE_CELLS = 13, 7


class Listing(Struct, frozen=True, kw_only=True):
    """Some rows of a timeline, oldest first; each takes one line unless they are shown ``whole``.

    Of a simulated ``course`` the key stands first, and what is documented was told to the model;
    ``folded`` of its moves are left out after ``BEGIN_ROWS``.
    """

    rows: tuple[Row, ...]
    actors: Mapping[str, Actor]
    calendar: Calendar
    wording: Wording = Wording()
    whole: bool = False
    course: bool = False
    folded: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A line per move: its mark, date, words and ids; in a record, by how many sources it is documented."""
        plain = options.ascii_only
        documented = not self.course
        words = max(options.max_width - DATE_CELLS - 3 - (SOURCE_CELLS + 1) * documented, 12)
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold underline")
        table.add_column("")
        table.add_column(f"{self.rows[0].at.year}" if self.rows else "", width=DATE_CELLS, no_wrap=True)
        table.add_column("what happens in this simulated course" if self.course else "what happened", width=words)
        if documented:
            table.add_column("sources", width=SOURCE_CELLS, justify="right")
        speaker = Speaker(self.actors, self.calendar, plain, self.wording)
        year = self.rows[0].at.year if self.rows else 0
        for place, row in enumerate(self.rows):
            if self.folded and place == BEGIN_ROWS:
                table.add_row("", "", Text(f"{many(self.folded, 'more move')}: --all", "dim"))
            if row.at.year != year:
                year = row.at.year
                table.add_row("", Text(str(year), "bold"))
            table.add_row(*self._cells(row, speaker, 0 if self.whole else words))
        if self.course:
            yield from (key([TOLD, SIMULATED], plain=plain), table)
        else:
            yield from (table, key([DOCUMENTED], plain=plain).append(", unless the row says otherwise", "dim"))

    def _cells(self, row: Row, speaker: Speaker, width: int) -> Iterator[Text]:
        plain, simulated = speaker.plain, row.sources is None
        known = TOLD if self.course else DOCUMENTED
        yield (SIMULATED if simulated else known).text(plain=plain)
        yield printable(row.when or day(row.at), plain=plain)
        text = row.what if isinstance(row.what, Text) else speaker.sentence(row.what)
        fits = f" (fits {row.fits})" if row.fits else ""
        ids = "" if simulated or not row.facts else f" [{', '.join(row.facts)}]"
        tail = f"{ids}{f', {row.mark}' if row.mark else ''}{fits}"
        words = clean(text.plain.rstrip("."))
        words = cut(words, max(width - len(tail), 8), plain=plain) if width else words
        yield Text.assemble(printable(words, plain=plain, style="italic" if simulated else ""), (tail, "dim"))
        if not self.course:
            yield Text(str(row.sources))


def shortened(rows: tuple[Row, ...], first: frozenset[str]) -> tuple[Row, ...]:
    """At most ``MOST_ROWS`` rows of a record: those of the ``first`` facts, then the earliest."""
    if len(rows) <= MOST_ROWS:
        return rows
    ranks = sorted(range(len(rows)), key=lambda at: (not first & {*rows[at].facts}, at))
    return tuple(rows[at] for at in sorted(ranks[:MOST_ROWS]))


def both_ends(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """How a simulated course begins and ends, in at most ``MOST_ROWS`` rows: no move counts for more than another."""
    return rows if len(rows) <= MOST_ROWS else (*rows[:BEGIN_ROWS], *rows[-END_ROWS:])
