"""How the probability of each outcome moved over time, decision by decision."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.report.page.figures import Ending, Point, odds_axis, odds_chart
from negosim.report.wording.phrases import percent
from negosim.report.wording.sentences import day
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from negosim.lab.forecast.turning_points import Became, Turn, Turns
    from negosim.stories.questions import Outcome

FEW = 40
"""Under so many effective runs a step is said to rest on few."""


@frozen
class Course:
    """One outcome's probability over the calendar, its largest step, and how it ended.

    ``intervals``: 95 %, in percent, after each turn before it is settled; the table has the means.
    """

    what: str
    drawing: Markup
    said: str
    intervals: tuple[tuple[int, int], ...]


@frozen
class TurnRow:
    """One decision of the table: its date, its words, where it stands in the record, the figures."""

    when: str
    what: str
    anchor: str
    ess: float
    shares: tuple[str, ...]


@frozen(kw_only=True)
class Odds:
    """Every outcome's course; ``rows`` are the same figures, empty where the outcome is settled.

    ``axis`` is what all drawings share; ``at`` is each turn's moment, 0 to 1 of the clock.
    """

    axis: Markup
    at: tuple[float, ...]
    courses: tuple[Course, ...]
    rows: tuple[TurnRow, ...]
    few: str
    n: int


def odds_of(
    turns: Turns, ends: int, months: Sequence[tuple[float, str]], anchors: Mapping[str, str]
) -> Odds | None:  # fmt: skip
    """The courses of all outcomes on a clock of ``ends`` minutes; None where there are none."""
    if not turns.turns or not turns.outcomes:
        return None
    names = [_decided(turn, turns) for turn in turns.turns]
    courses, columns = [], []
    for place, outcome in enumerate(turns.outcomes):
        line = [turn.outcomes[place] for turn in turns.turns]
        settled = _settled_at(outcome)
        courses.append(_course(outcome, turns.turns, line, names, ends, settled))
        columns.append(["" if turn.minute >= settled else percent(became.share.mean)
                        for turn, became in zip(turns.turns, line, strict=True)])  # fmt: skip
    rows = tuple(
        TurnRow(*name, anchors.get(turn.facts[0], "") if turn.facts else "", turn.ess, shares)
        for turn, name, shares in zip(turns.turns, names, zip(*columns, strict=True), strict=True)
    )
    few = next((": ".join(name) for turn, name in zip(turns.turns, names, strict=True) if turn.ess < FEW), "")
    at = tuple(round(min(turn.minute / ends, 1.0), 3) for turn in turns.turns)
    return Odds(axis=odds_axis(months), at=at, courses=tuple(courses), rows=rows, few=few, n=turns.n)


def _settled_at(outcome: Outcome) -> float:
    """The minute from which on it is known whether the outcome happened."""
    latest = outcome.target.span.latest
    return float("inf") if latest is None else latest


def _course(
    outcome: Outcome, turns: Sequence[Turn], line: Sequence[Became], names: Sequence[tuple[str, str]], ends: int,
    settled: float,
) -> Course:  # fmt: skip
    places = [place for place, turn in enumerate(turns) if turn.minute < settled] or [0]
    shares = [line[place].share for place in places]
    points = [
        Point(min(turns[place].minute / ends, 1.0), share.mean, share.low, share.high)
        for place, share in zip(places, shares, strict=True)
    ]
    ending = Ending(min(settled / ends, 1.0), outcome.happened) if settled != float("inf") else None
    largest = _largest([(turns[place], line[place], names[place]) for place in places])
    return Course(
        clean(outcome.target.what), odds_chart(_last_of_each_moment(points), ending),
        clean(f"{largest} {_end(outcome, settled)}".strip()),
        tuple((round(100 * share.low), round(100 * share.high)) for share in shares),
    )  # fmt: skip


def _last_of_each_moment(points: Sequence[Point]) -> list[Point]:
    """Of decisions of one moment the last is drawn."""
    return list({point.at: point for point in points}.values())


def _largest(turns: Sequence[tuple[Turn, Became, tuple[str, str]]]) -> str:
    """The largest step that is larger than the error of both its figures."""
    best, words = 0.0, ""
    for (_, before, _), (turn, after, (when, what)) in pairwise(turns):
        here, there = before.share, after.share
        apart = there.low > here.high or there.high < here.low
        if apart and turn.ess >= FEW and abs(there.mean - here.mean) > best:
            best = abs(there.mean - here.mean)
            words = f"Largest step: {percent(here.mean)} to {percent(there.mean)} on {when}: {what.rstrip('. ')}."
    return words or "No step is larger than its 95 % error."


def _end(outcome: Outcome, settled: float) -> str:
    if settled == float("inf"):
        return ""
    return "Then it happened (full dot)." if outcome.happened else "Then it was over and had not happened (hollow dot)."


def _decided(turn: Turn, turns: Turns) -> tuple[str, str]:
    """The date of a turn and what came then, in the record's words."""
    when = day(turns.calendar.local(turn.minute))
    return when, " ".join(turns.what.get(fact, fact) for fact in turn.facts) or "before anything is known"
