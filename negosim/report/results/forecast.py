"""Looking ahead on the screen: how likely each outcome is, and how well forecasts do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.lab.counterfactual.results import NOTE
from negosim.report.terminal.bars import spread
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import share
from negosim.report.wording.text import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from negosim.lab.forecast.forecast import Forecast, Likely
    from negosim.lab.forecast.scoring import Scores

BAR = 24


def likely(found: Forecast) -> Iterator[RenderableType]:
    """The kind of forecast, a bar per outcome with its interval, and the scores where there are some."""
    kind = "hindcast" if found.hindcast else "forecast"
    rung = "rung 2, with " + ", ".join(found.changes) if found.changes else "rung 1"
    yield Text(f"{kind} from {found.calendar.iso(found.begins)} ({rung}): {NOTE}", "dim")
    yield from ("", Outlook(found.outcomes))
    if found.scores:
        yield from ("", *_scores(found.scores))
    for line in ("", *found.standing.lines):
        yield Text(line, "dim")


def _scores(scores: Mapping[str, Scores | None]) -> Iterator[Text | Table]:
    """What each forecaster gave to what was documented after the date."""
    model = scores["model"]
    if model is not None:
        known = f"{model.events} documented events and {model.silences} documented silences after the date"
        better = "Brier (smaller is better), also over each sort alone; log (nearer 0 is better)"
        yield Text(f"scores over {known}: {better}", "dim")
    rows = table("who forecasts", ">Brier", ">events", ">silences", ">log")
    for who, one in scores.items():
        if one is None:
            rows.add_row(who, "none got through")
            continue
        sorts = ("-" if each is None else f"{each:.2f}" for each in (one.brier_events, one.brier_silences))
        rows.add_row(who, f"{one.brier:.3f}", *sorts, f"{one.log:.3f}")
    yield rows


@frozen
class Outlook:
    """A bar per outcome: full up to its probability, shaded over its 95 % interval."""

    outcomes: tuple[Likely, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table; what the outcomes are is told where there is room."""
        plain, wide = options.ascii_only, options.max_width >= 110
        rows = table("outcome", "", ">share", ">95 %")
        if wide:
            rows.add_column("what")
        for one in self.outcomes:
            words = [told(one.what, plain=plain)] if wide else []
            bar = spread(one.probability, one.low, one.high, BAR, plain=plain)
            interval = f"{share(one.low)} to {share(one.high)}"
            rows.add_row(told(one.name, plain=plain), bar, share(one.probability), interval, *words)
        yield rows
