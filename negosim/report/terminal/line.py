"""A sentence on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


class Line(Struct, frozen=True):
    """Plain text that fits any alphabet."""

    words: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The text, wrapped."""
        yield printable(self.words, plain=options.ascii_only, style=self.style)
