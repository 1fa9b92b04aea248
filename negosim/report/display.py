"""An answer as a person sees it: the finding first, then its parts, in a terminal or a notebook."""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import TYPE_CHECKING, Any

from attrs import frozen
from rich.text import Text

from negosim.lab.answers import WhatIf
from negosim.lab.example import Example
from negosim.lab.forecast import Forecast
from negosim.lab.library import Story
from negosim.lab.results import Replay
from negosim.lab.rivals import Rivals
from negosim.lab.turning import Turns
from negosim.report import ahead, whatif
from negosim.report.compare import compared
from negosim.report.findings import finding
from negosim.report.moves import timeline_of
from negosim.report.paper import html_of
from negosim.report.replay import sections
from negosim.report.rivals import Accounts
from negosim.report.rows import rows
from negosim.report.text import ascii_only, clean
from negosim.report.turning import Sparklines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult


@frozen
class Display:
    """A result of the lab, ready to be looked at; the results make it themselves (``Shown``)."""

    answer: object

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The finding, then the parts."""
        said = clean(finding(self.answer))
        yield Text(ascii_only(said) if options.ascii_only else said, "bold")
        yield from parts(self.answer)

    def html(self) -> str:
        """The finding as a paragraph, then the parts as they stand in a terminal, in colour."""
        said = f"<p><strong>{escape(clean(finding(self.answer)))}</strong></p>"
        shown = tuple(parts(self.answer))
        return said + (html_of(*shown) if shown else "")

    def rows(self) -> list[dict[str, Any]]:
        """The answer as tidy rows."""
        return rows(self.answer)


@singledispatch
def parts(answer: object) -> Iterator[RenderableType]:  # noqa: ARG001
    """What stands below the finding; nothing where the finding says it all."""
    yield from ()


@parts.register(Story)
def _story(answer: Story) -> Iterator[RenderableType]:
    if answer.record is not None:
        yield from ("", timeline_of(answer))


@parts.register(Replay)
def _replay(answer: Replay) -> Iterator[RenderableType]:
    for heading, part in sections(answer):
        yield from ("", Text(heading, "bold"), part)


@parts.register(WhatIf)
def _whatif(answer: WhatIf) -> Iterator[RenderableType]:
    yield from whatif.parts(answer)


@parts.register(Example)
def _example(answer: Example) -> Iterator[RenderableType]:
    headings = ("simulated, fits the record", "simulated, with the change")
    yield from ("", compared(answer.comparison, answer.scenario, headings))


@parts.register(Forecast)
def _forecast(answer: Forecast) -> Iterator[RenderableType]:
    yield from ahead.likely(answer)


@parts.register(Turns)
def _turns(answer: Turns) -> Iterator[RenderableType]:
    yield from ("", Sparklines(answer))


@parts.register(Rivals)
def _rivals(answer: Rivals) -> Iterator[RenderableType]:
    yield from ("", Accounts(answer))
