"""Looking ahead on the screen: how likely each outcome is, and how well such forecasts did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.inference.estimates import EFFECTIVE_MIN
from negosim.report.terminal.bars import SCALE, whisker
from negosim.report.terminal.line import Line
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import date, draws, many, sureness
from negosim.report.wording.phrases import listed, listed_first, percent, points, quoted
from negosim.report.wording.text import clean, cut
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from negosim.inference.estimates import Estimate
    from negosim.lab.forecast.forecast import Forecast, Likely
    from negosim.lab.forecast.scoring import Scores
    from negosim.report.results import Rows

FIGURE_CELLS = 22
"""Cells of a share, its interval and the gaps."""
HAPPENED, HAPPENED_CELLS = {True: "happened", False: "did not", None: "not in record"}, 14
"""The record's answer in a column of its own, and the cells of that column with its gap."""
LINES, RAGGED = 2, 6
"""Lines of an outcome's words; cells that its lines lose where words do not break evenly."""
COIN = 0.25
"""The Brier score of who says 50 % of everything."""
NAIVE = {"random": "actors who choose at random", "persistence": "nothing changes", "repetition": "last time again"}
"""What other forecasters assume, in words."""


# ── the sentence ────────────────────────────────────────────────────────────────────────────────


def sentence(forecast: Forecast) -> str:
    """Which outcomes were likely, which unlikely and which too close to call, seen from the date."""
    calendar, begins = forecast.calendar, forecast.begins
    changed = f", with {listed_first(forecast.changes)}" if forecast.changes else ""
    first, last = (f"{date(calendar, minute)} {calendar.local(minute).year}" for minute in (begins, forecast.ends))
    seen = f"In the model of {forecast.scenario}, seen from {first} up to {last}{changed}"
    outcomes = [outcome for outcome in forecast.outcomes if not outcome.known]
    outcomes.sort(key=lambda outcome: -abs(shown(outcome).mean - 0.5))
    kinds = (
        ("was likely", "were likely", [outcome for outcome in outcomes if shown(outcome).low > 0.5]),
        ("was unlikely", "were unlikely", [outcome for outcome in outcomes if shown(outcome).high < 0.5]),
        ("is too uncertain to call", "are too uncertain to call",
         [outcome for outcome in outcomes if shown(outcome).low <= 0.5 <= shown(outcome).high]),
    )  # fmt: skip
    clauses = [
        f"{listed_first(_with_share(outcome) for outcome in group)} {one if len(group) == 1 else more}"
        for one, more, group in kinds if group
    ]  # fmt: skip
    said = f"{seen}, {'; '.join(clauses) or 'nothing that was asked about was still open'}."
    if outcomes and forecast.ess < EFFECTIVE_MIN:
        said = f"Not to be relied on, {draws(forecast.ess)} of the {EFFECTIVE_MIN:.0f} that are needed. {said}"
    return said + ("" if forecast.changes else _compared(outcomes))


def _compared(outcomes: Sequence[Likely]) -> str:
    """How the shares stand to what happened, where the record says it; plainly where 50 % would have been nearer."""
    answered = [outcome for outcome in outcomes if outcome.happened is not None]
    if not answered:
        return ""
    came = sum(bool(outcome.happened) for outcome in answered)
    brier = sum((outcome.share.mean - bool(outcome.happened)) ** 2 for outcome in answered) / len(answered)
    what = f"{came} of the {len(answered)} happened" if len(answered) > 1 else f"it {HAPPENED[bool(came)]}"
    return f" In fact {what}{'; to say 50 % of each would have been nearer' if brier > COIN else ''}."


def _with_share(outcome: Likely) -> str:
    return f"{quoted(outcome.what)} ({percent(shown(outcome).mean)})"


def shown(outcome: Likely) -> Estimate:
    """What was likely: with the changes, where there are some."""
    return outcome.share if outcome.changed is None else outcome.changed


# ── the screen ──────────────────────────────────────────────────────────────────────────────────


def parts(forecast: Forecast) -> Iterator[RenderableType]:
    """A dot per open outcome with its interval, what was over by then, how such forecasts did, the next command."""
    if outcomes := tuple(outcome for outcome in forecast.outcomes if not outcome.known):
        yield from ("", Differences(outcomes) if forecast.changes else Outlook(outcomes))
    if over := [outcome for outcome in forecast.outcomes if outcome.known]:
        came = (f"{quoted(outcome.what)}: {'yes' if outcome.share.mean > 0.5 else 'no'}" for outcome in over)
        yield from ("", Line(f"Already over by then: {'; '.join(came)}."))
    if forecast.scores and forecast.scores["model"].events:
        yield from ("", Line(_checked(forecast.scores)))
    after = "Written after the events: a check, not a prediction."
    kind = after if forecast.after_the_events else "Written before the events."
    yield from ("", Line(f"{draws(forecast.ess)} or more of {forecast.n}{sureness(forecast.ess)}. {kind}", "dim"))
    yield Line(f"Next: negosim turning-points {forecast.scenario} · every score: -v · with a change: --do")


def details(forecast: Forecast) -> Iterator[RenderableType]:
    """What ``-v`` adds: every score."""
    if forecast.scores:
        yield from ("", _scores(forecast.scores))
        meaning = "Brier: mean squared distance from what was documented; log: mean log probability; 0 is best in both"
        yield Line(meaning, "dim")


def _checked(scores: Mapping[str, Scores]) -> str:
    """The Brier scores of all forecasters in one sentence."""
    model = scores["model"]
    others = sorted((score.brier, NAIVE.get(who, who)) for who, score in scores.items() if who != "model")
    sides = (
        ("nearer were", [f"{who} {brier:.2f}" for brier, who in others if brier < model.brier]),
        ("not nearer", [f"{who} {brier:.2f}" for brier, who in others if brier >= model.brier]),
    )
    beside = "; ".join(f"{words} {listed(names)}" for words, names in sides if names)
    verdict = "good" if model.brier < COIN else "bad"
    return (
        f"A stricter check asks for each of the {_dated(model)} at its documented time. There it was a {verdict} "
        f"forecast: Brier score {model.brier:.2f}, where 0 is perfect and always 50 % scores 0.25; {beside}."
    )


def _dated(model: Scores) -> str:
    """What a forecast is scored on: ``4 events and 3 silences documented after that day``."""
    kinds = [many(count, word) for count, word in ((model.events, "event"), (model.silences, "silence")) if count]
    return f"{listed(kinds)} documented after that day"


def _scores(scores: Mapping[str, Scores]) -> Table:
    """What each forecaster gave to what was documented after the date."""
    rows = table("who forecasts", ">Brier", ">events", ">silences", ">dates", ">log")
    for who, score in scores.items():
        sorts = (score.brier_events, score.brier_silences, score.dates)
        cells = ("-" if each is None else f"{each:.2f}" for each in sorts)
        rows.add_row(NAIVE.get(who, who), f"{score.brier:.3f}", *cells, f"{score.log:.3f}")
    return rows


@frozen
class Outlook:
    """A dot per outcome on a scale from 0 to 100 %, a line through it over its 95 % interval."""

    outcomes: Sequence[Likely]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per outcome, in the record's words."""
        plain = options.ascii_only
        answered = any(outcome.happened is not None for outcome in self.outcomes)
        rows = table("outcome", *(["in fact"] if answered else []), SCALE, ">", ">95 %")
        words = max(options.max_width - len(SCALE) - FIGURE_CELLS - HAPPENED_CELLS * answered, 12)
        rows.columns[0].width = words
        for outcome in self.outcomes:
            share = shown(outcome)
            interval = f"{100 * max(share.low, 0):.0f} to {100 * min(share.high, 1):.0f}"
            what = cut(clean(outcome.what.rstrip(".")), LINES * words - RAGGED, plain=plain)
            rows.add_row(
                printable(what, plain=plain), *([HAPPENED[outcome.happened]] if answered else []),
                whisker(share.mean, share.low, share.high, plain=plain), percent(share.mean), interval,
            )  # fmt: skip
        yield rows


@frozen
class Differences:
    """Every outcome without and with the changes, and the difference, of the same courses."""

    outcomes: Sequence[Likely]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per outcome, in the record's words."""
        rows = table("outcome", ">without", ">with", "difference in points (95 %)")
        for outcome in self.outcomes:
            what = printable(outcome.what.rstrip("."), plain=options.ascii_only)
            rows.add_row(what, percent(outcome.share.mean), percent(shown(outcome).mean), difference_in_words(outcome))
        yield rows


def difference_in_words(outcome: Likely) -> str:
    """The difference with its interval, or that there is no clear one."""
    difference = outcome.difference
    if difference is None:
        return ""
    low, high = max(difference.low, -1.0), min(difference.high, 1.0)
    if low <= 0 <= high:
        return f"no clear difference ({points(low)} to {points(high)})"
    return f"{points(difference.mean)} ({points(low)} to {points(high)})"


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def rows(forecast: Forecast) -> Rows:
    """One per outcome."""
    return [{"from": forecast.calendar.iso(forecast.begins), **outcome.to_json()} for outcome in forecast.outcomes]
