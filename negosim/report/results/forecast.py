"""Looking ahead on the screen: how likely each outcome is, and how well forecasts do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.report.terminal.bars import spread
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import date, share
from negosim.report.wording.phrases import listed_first, rough, share_range
from negosim.report.wording.text import told
from negosim.stories.result import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from negosim.inference.estimates import Estimate
    from negosim.lab.forecast.forecast import Forecast, Likely
    from negosim.lab.forecast.scoring import Scores
    from negosim.report.results import Rows

BAR = 24


def parts(found: Forecast) -> Iterator[RenderableType]:
    """The kind of forecast, a bar per outcome with its interval, and the scores where there are some."""
    kind = "hindcast" if found.hindcast else "forecast"
    rung = "rung 2, with " + ", ".join(found.changes) if found.changes else "rung 1"
    yield Text(f"{kind} from {found.calendar.iso(found.begins)} ({rung}): {NOTE}", "dim")
    yield from ("", Outlook(found.outcomes))
    if found.scores:
        yield from ("", *_scores(found.scores))
    for line in ("", *found.model_history.lines):
        yield Text(line, "dim")


def _scores(scores: Mapping[str, Scores]) -> Iterator[Text | Table]:
    """What each forecaster gave to what was documented after the date."""
    model = scores["model"]
    known = f"{model.events} documented events and {model.silences} documented silences after the date"
    better = "Brier (smaller is better), also over each sort alone; log (nearer 0 is better)"
    yield Text(f"scores over {known}: {better}", "dim")
    rows = table("who forecasts", ">Brier", ">events", ">silences", ">dates", ">log")
    for who, one in scores.items():
        sorts = ("-" if each is None else f"{each:.2f}" for each in (one.brier_events, one.brier_silences, one.dates))
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
            bar = spread(shown(one).mean, shown(one).low, shown(one).high, BAR, plain=plain)
            interval = f"{share(shown(one).low)} to {share(shown(one).high)}"
            rows.add_row(told(one.name, plain=plain), bar, share(shown(one).mean), interval, *words)
        yield rows


def sentence(found: Forecast) -> str:
    """Which outcomes are likelier than not, seen from the date."""
    kind = "hindcast" if found.hindcast else "forecast"
    done = f" with {listed_first(found.changes)}" if found.changes else ""
    seen = f"seen from {date(found.calendar, found.begins)} {found.calendar.local(found.begins).year}{done}"
    kinds = (
        ("likelier than not", [one for one in found.outcomes if shown(one).low > 0.5]),
        ("less likely than not", [one for one in found.outcomes if shown(one).high < 0.5]),
        ("near one half, so not to be told",
         [one for one in found.outcomes if shown(one).low <= 0.5 <= shown(one).high]),
    )
    parts = [f"{_likelies(those)} {'is' if len(those) == 1 else 'are'} {said}" for said, those in kinds if those]
    return (
        f"In this model, {seen}, {'; '.join(parts) or 'no outcome was asked about'} "
        f"(a {kind}, {found.n} runs worth {found.ess:.0f}{rough(found.ess)})."
    )


def _likelies(those: Sequence[Likely]) -> str:
    named = [f"{one.name} ({share_range(shown(one).low, shown(one).high)})" for one in those]
    return listed_first(named)


def shown(outcome: Likely) -> Estimate:
    """What was likely: with the changes, where there are some."""
    return outcome.share if outcome.changed is None else outcome.changed


def rows(found: Forecast) -> Rows:
    """One per outcome."""
    return [{"from": found.calendar.iso(found.begins), **one.to_json()} for one in found.outcomes]
