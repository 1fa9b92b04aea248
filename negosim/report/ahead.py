"""Looking ahead on the screen: how likely each outcome is, and how well forecasts do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.lab.answers import NOTE
from negosim.report.bars import spread
from negosim.report.figures import share
from negosim.report.tables import table
from negosim.report.text import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.lab.forecast import Forecast, Likely

BAR = 24


def likely(found: Forecast) -> Iterator[RenderableType]:
    """The kind of forecast, a bar per outcome with its interval, and the scores where there are some."""
    kind = "hindcast" if found.hindcast else "forecast"
    rung = "rung 2, with " + ", ".join(found.changes) if found.changes else "rung 1"
    yield Text(f"{kind} from {found.calendar.iso(found.begins)} ({rung}): {NOTE}", "dim")
    yield from ("", Outlook(found.outcomes))
    if found.scores:
        scores = table("scores after the date", ">facts", ">Brier", ">log")
        for who, one in found.scores.items():
            scores.add_row(who, str(one.facts), f"{one.brier:.3f}", f"{one.log:.3f}")
        yield from ("", scores)


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
