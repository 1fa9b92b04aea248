"""Results as charts: a drawing of one's own for notebooks, and the rows as an Altair chart.

One table says how the rows of each kind of result are drawn. A notebook gets a small SVG that
needs nothing installed and loads nothing; ``to_altair`` gives a chart to change and to save.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from negosim.core.errors import NegosimError
from negosim.report.page.figures import AXIS, Whisker, months_of, share_chart, whisker_chart
from negosim.report.page.odds import odds_of
from negosim.report.results import rows
from negosim.report.wording.phrases import percent, points
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.report.results import Rows

MOST, DAY = 40, 1440
"""Rows that a drawing in a notebook has at most."""


@frozen(kw_only=True)
class Plot:
    """How the rows of a result are drawn, by the names of their columns.

    ``dots``: a dot per row with its whisker from ``low`` to ``high``; ``steps``: a line over time
    that holds its value until the next row; ``marks``: a mark per row at its time or place.
    """

    kind: Literal["dots", "steps", "marks"]
    label: str
    value: str
    low: str = ""
    high: str = ""
    colour: str = ""
    title: str = ""
    difference: bool = False


PLOTS: Mapping[str, Plot] = {
    "Causes": Plot(kind="dots", label="address", value="cause", low="low", high="high", title="share of courses"),
    "Comparison": Plot(kind="marks", label="by", value="minute", colour="how", title="minute"),
    "Example": Plot(kind="marks", label="by", value="at", colour="how", title="time"),
    "Forecast": Plot(
        kind="dots", label="name", value="probability", low="low", high="high", title="probability"
    ),
    "Predictions": Plot(
        kind="dots", label="id", value="probability", title="probability before its time"
    ),
    "ReplayResult": Plot(
        kind="dots", label="id", value="surprise_bits", colour="status", title="surprise, bits"
    ),
    "Rivals": Plot(
        kind="dots", label="account", value="posterior", title="probability given the record"
    ),
    "Story": Plot(kind="marks", label="kind", value="earliest", colour="certainty", title="date"),
    "StudyResult": Plot(
        kind="dots", label="outcome", value="share", low="low", high="high", title="share of runs"
    ),
    "Turns": Plot(
        kind="steps", label="name", value="by", low="low", high="high", title="probability"
    ),
    "WhatIfResult": Plot(
        kind="dots",
        label="name",
        value="effect",
        low="low",
        high="high",
        title="difference",
        difference=True,
    ),
}
"""The class of a result and how its rows are drawn."""


# ── for notebooks ───────────────────────────────────────────────────────────────────────────────

LOOK: Mapping[str, str] = {
    "range": 'fill="#b9d6ea"', "grid": 'stroke="#d5d9de"', "axis": 'stroke="#dfe3e8"', "dot": 'fill="#0b6aa2"',
    "whisker": 'stroke="#0b6aa2" stroke-width="2.5"', "open": 'fill="#fff" stroke="#1b1f24" stroke-width="2"',
    "name": 'fill="#1b1f24" font-size="12"', "value": 'fill="#1b1f24" font-size="12" font-weight="600"',
    "begin": 'fill="#57606a" font-size="11"', "mid": 'fill="#57606a" font-size="11" text-anchor="middle"',
    "end": 'fill="#57606a" font-size="11" text-anchor="end"', "y": 'fill="#57606a" font-size="10" text-anchor="end"',
    "line": 'fill="none" stroke="#0b6aa2" stroke-width="2"', "tick": 'stroke="#57606a"', "month": 'stroke="#57606a"',
    "fall": 'stroke="#57606a" stroke-dasharray="2 3"', "happened": 'fill="#1b1f24"', "cross": "",
    "not": 'fill="#fff" stroke="#1b1f24" stroke-width="2"',
}  # fmt: skip
"""The look of each mark outside a page, where there is no style."""
_CLASS = re.compile(r"(?<=[ ])class=(\w+)")


def drawing(answer: object) -> str:
    """The result as an SVG with its look in it; empty where a chart would show nothing."""
    plot = PLOTS.get(type(answer).__name__)
    if plot is not None and plot.kind == "steps":
        return _courses(answer)
    if plot is None or plot.kind != "dots" or not plot.low:
        return ""
    table = [row for row in rows(answer) if row.get(plot.value) is not None and row.get(plot.low) is not None][:MOST]
    if not table:
        return ""
    whiskers = [_whisker(row, plot) for row in table]
    made = str(whisker_chart(whiskers) if plot.difference else share_chart(whiskers))
    return _dressed(made, "560")


def _courses(turns: Any) -> str:
    """Each outcome's probability over time, one drawing below the other."""
    dates = [turn.minute for turn in turns.turns] + [outcome.target.span.latest or 0 for outcome in turns.outcomes]
    clock = max(dates, default=0) + DAY
    odds = odds_of(turns, clock, months_of(turns.calendar, clock), {})
    if odds is None:
        return ""
    drawn = ((escape(each.what), str(each.drawing).replace(AXIS, odds.axis)) for each in odds.courses[:MOST])
    return "".join(f"<div>{what}</div>{_dressed(made, '480')}" for what, made in drawn)


def _dressed(made: str, width: str) -> str:
    """A figure of the page with its look in its marks, to stand alone."""
    dressed = _CLASS.sub(lambda match: LOOK.get(match[1], ""), made)
    dressed = re.sub(r"<path (?!fill)", '<path fill="none" ', dressed)
    return re.sub(
        r'^<svg class="[^"]*" (viewBox="[^"]*") aria-hidden=true>',
        rf'<svg xmlns="http://www.w3.org/2000/svg" \1 width="{width}" role="img" font-family="sans-serif" '
        r'font-size="11" style="background:#fff;max-width:100%">', dressed,
    )  # fmt: skip


def _whisker(row: Mapping[str, Any], plot: Plot) -> Whisker:
    mean, low, high = (float(row[name]) for name in (plot.value, plot.low, plot.high))
    settled = row.get("settled") != "not settled"
    if not settled:
        words = "not settled"
    elif plot.difference:
        words = f"{points(mean)} ({points(max(low, -1))} to {points(min(high, 1))})"
    else:
        words = f"{percent(mean)} ({100 * max(low, 0):.0f} to {100 * min(high, 1):.0f})"
    label = clean(str(row.get("what") or row[plot.label])).rstrip(". ")
    return Whisker(label=label, mean=mean, low=low, high=high, least=mean, most=mean, words=words, settled=settled)


# ── for Altair ──────────────────────────────────────────────────────────────────────────────────


def altair_chart(answer: object, altair: Any) -> Any:
    """The rows as an ``altair.Chart``; ``altair`` is the module. Raises NegosimError where there is nothing to draw."""
    plot, kind = PLOTS.get(type(answer).__name__), type(answer).__name__
    table = _drawable(rows(answer), plot) if plot is not None else []
    if plot is None or not table:
        raise NegosimError(f"a {kind} has no rows that a chart would show; its rows are in to_rows()")
    data = altair.Data(values=table)
    if plot.kind == "steps":
        return _steps(altair, data, plot)
    colour = {"color": altair.Color(plot.colour, type="nominal")} if plot.colour else {}
    scale = "temporal" if plot.value in ("at", "earliest") else "quantitative"
    base = altair.Chart(data).encode(y=altair.Y(plot.label, type="nominal", sort=None, title=None), **colour)
    shape = base.mark_tick() if plot.kind == "marks" else base.mark_point(filled=True, size=70)
    chart = shape.encode(x=altair.X(plot.value, type=scale, title=plot.title), tooltip=_tooltip(altair, table))
    if not plot.low:
        return chart
    whiskers = base.mark_rule(strokeWidth=2).encode(x=altair.X(plot.low, type=scale), x2=plot.high)
    return whiskers + chart


def _steps(altair: Any, data: Any, plot: Plot) -> Any:
    """A line per outcome, its band behind it, one chart below the other."""
    base = altair.Chart(data).encode(x=altair.X(plot.value, type="temporal", title=None))
    scale = altair.Scale(domain=[0, 1])
    band = base.mark_area(interpolate="step-after", opacity=0.3).encode(
        y=altair.Y(plot.low, type="quantitative", scale=scale, title=plot.title), y2=plot.high
    )
    line = base.mark_line(interpolate="step-after").encode(y=altair.Y("probability", type="quantitative", scale=scale))
    return altair.layer(band, line, data=data).properties(height=90).facet(row=altair.Row(plot.label, type="nominal"))


def _drawable(table: Rows, plot: Plot) -> Rows:
    """The rows that have a value, without what no chart takes."""
    plain = (str, int, float, bool, type(None))
    return [
        {name: value for name, value in row.items() if isinstance(value, plain)}
        for row in table if row.get(plot.value) is not None
    ]  # fmt: skip


def _tooltip(altair: Any, table: Rows) -> list[Any]:
    kinds = {name: "quantitative" if isinstance(value, int | float) else "nominal" for name, value in table[0].items()}
    return [altair.Tooltip(name, type=kind) for name, kind in list(kinds.items())[:12]]
