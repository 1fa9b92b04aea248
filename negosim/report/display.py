"""An answer as a person sees it: the sentence first, then its parts, in a terminal or a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from attrs import frozen
from rich.text import Text

from negosim.report.charts import altair_chart, drawing
from negosim.report.results import faces_of
from negosim.report.terminal.export import html_of
from negosim.report.wording.text import ascii_only, clean

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.report.results import Rows


@frozen
class Display:
    """A result of the lab, ready to be looked at; the results make it themselves (``Shown``)."""

    answer: object

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The sentence, then the parts."""
        faces = faces_of(self.answer)
        sentence = clean(faces.sentence(self.answer))
        yield Text(ascii_only(sentence) if options.ascii_only else sentence, "bold")
        yield from faces.parts(self.answer)

    def html(self) -> str:
        """The chart first, the sentence below it, then the parts as they stand in a terminal, in colour."""
        faces = faces_of(self.answer)
        sentence = drawing(self.answer) + f"<p><strong>{escape(clean(faces.sentence(self.answer)))}</strong></p>"
        parts = tuple(faces.parts(self.answer))
        return sentence + (html_of(*parts) if parts else "")

    def altair(self, module: Any) -> Any:
        """The rows as an ``altair.Chart``. Raises NegosimError where a chart would show nothing."""
        return altair_chart(self.answer, module)

    def rows(self) -> Rows:
        """The answer as tidy rows."""
        return faces_of(self.answer).rows(self.answer)
