"""A page of the author's reference on a terminal, and the list of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from negosim.report.colours import BLUE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.stories.reference.page import Page, Rows

NAMES = 0.4
"""The share of the width that names get at most; longer ones stand on a line of their own."""


@frozen
class Manual:
    """A page: what it is about, its tables, its example, and where to read on."""

    page: Page

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The parts of the page, each under its heading."""
        page = self.page
        yield Text(page.about)
        for rows in page.tables:
            yield Text(f"\n{rows.heading}", "bold")
            yield _table(rows, options.max_width)
        yield Text("\nExample", "bold")
        yield Padding(Text(page.example.strip(), overflow="fold"), (0, 0, 0, 2))
        if page.see:
            yield Text(f"\nNext: {' · '.join(f'negosim help {topic}' for topic in page.see)}")


@frozen
class Contents:
    """The pages there are, each with the first sentence of what it is about."""

    about: Mapping[str, str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One row a page."""
        yield Text("The author's reference", "bold")
        grid = Table.grid(padding=(0, 2))
        for topic, about in self.about.items():
            grid.add_row(topic, Text(f"{about.partition('. ')[0].rstrip('.')}."))
        yield Padding(grid, (0, 0, 0, 2))
        yield Text("\nNext: negosim help record")


def _table(rows: Rows, width: int) -> Padding:
    """Two columns where the names are short, else each meaning below its name."""
    widest = max((len(name) for name, _ in rows.rows), default=0)
    grid = Table.grid(padding=(0, 2))
    if widest <= width * NAMES:
        for name, meaning in rows.rows:
            grid.add_row(Text(name, BLUE), Text(meaning))
    else:
        for name, meaning in rows.rows:
            grid.add_row(Text(name, BLUE, overflow="fold"))
            grid.add_row(Padding(Text(meaning), (0, 0, 0, 4)))
    return Padding(grid, (0, 0, 0, 2))
