"""An answer as a person sees it: the finding first, then its parts, in a terminal or a notebook."""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import TYPE_CHECKING, Any

from attrs import frozen
from rich.text import Text

from negosim.lab.calibration.simulation_based_calibration import Recovery
from negosim.lab.comparison.model_comparison import Rivals
from negosim.lab.counterfactual.illustration import Example
from negosim.lab.counterfactual.results import WhatIf
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast, Likely
from negosim.lab.forecast.turning_points import Turns
from negosim.lab.replay.results import Replay
from negosim.report.results import calibration, forecast, whatif
from negosim.report.results.comparison import compared
from negosim.report.results.replay import sections
from negosim.report.results.rivals import Accounts
from negosim.report.results.rows import rows
from negosim.report.results.turning_points import Sparklines
from negosim.report.terminal.export import html_of
from negosim.report.terminal.timeline_rows import timeline_of
from negosim.report.wording.findings import finding
from negosim.report.wording.text import ascii_only, clean
from negosim.stories.loading import Story

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
    yield from forecast.likely(answer)


@parts.register(Turns)
def _turns(answer: Turns) -> Iterator[RenderableType]:
    yield from ("", Sparklines(answer))


@parts.register(StudyResult)
def _study(answer: StudyResult) -> Iterator[RenderableType]:
    if answer.shares:
        likely = (Likely(name, name, *figures) for name, figures in answer.shares.items())
        yield from ("", forecast.Outlook(tuple(likely)))


@parts.register(Recovery)
def _recovery(answer: Recovery) -> Iterator[RenderableType]:
    for heading, part in calibration.sections(answer):
        yield from ("", Text(heading, "bold"), part)


@parts.register(Rivals)
def _rivals(answer: Rivals) -> Iterator[RenderableType]:
    yield from ("", Accounts(answer))
