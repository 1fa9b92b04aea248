"""The page's drawings as small SVGs: probability over time, effects with whiskers, bars.

A figure has one size in its own units and grows with its place. Every mark is a plain shape with
a class, so that the page's script can save the figure as a picture without loading anything.
What a figure shows is also written beside it, as a sentence and as a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from negosim.core.time import Calendar

LEFT, RIGHT, TOP, BOTTOM = 34, 352, 12, 112
"""Where the plot of a probability over time begins and ends."""
ODDS_WIDTH, ODDS_HEIGHT = 360, 134
WHISKER_WIDTH, ROW = 420, 46
AXIS_LEFT, AXIS_RIGHT, FIGURES_AT = 8, 262, 276
"""The axis of an effect, from -100 to +100 points, and where its figures are written."""
LABEL = 66
"""Letters of an outcome's name that fit above its whisker."""


@frozen
class Point:
    """A probability (0 to 1) from a moment on (0 to 1 of the clock), with its 95 % interval."""

    at: float
    mean: float
    low: float
    high: float


@frozen
class Ending:
    """Where an outcome was settled: when (0 to 1 of the clock), and whether it happened."""

    at: float
    happened: bool


@frozen(kw_only=True)
class Whisker:
    """An effect in -1 to 1 with its 95 % interval, and its range over assumptions."""

    label: str
    mean: float
    low: float
    high: float
    least: float
    most: float
    words: str
    settled: bool = True


# ── probability over time ───────────────────────────────────────────────────────────────────────


AXIS = Markup("<use href=#axis />")
"""Stands in every chart for what all of them share: see ``odds_axis``."""


def odds_chart(points: Sequence[Point], ending: Ending | None) -> Markup:
    """A step line that ends where the outcome is settled: a full dot happened, a hollow one did not."""
    last = 1.0 if ending is None else ending.at
    shown = [point for point in points if point.at <= last] or list(points[:1])
    ends = [point.at for point in shown[1:]] + [max(last, shown[-1].at)]
    line, upper, lower = "", "", ""
    for point, end in zip(shown, ends, strict=True):
        line += f"{f'V{_y(point.mean)}' if line else f'M{_x(point.at)} {_y(point.mean)}'}H{_x(end)}"
        upper += f"{f'V{_y(point.high)}' if upper else f'M{_x(point.at)} {_y(point.high)}'}H{_x(end)}"
        lower = f"V{_y(point.low)}H{_x(point.at)}" + lower
    parts = [AXIS, f'<path class=range d="{upper}{lower}Z"/>', f'<path class=line d="{line}"/>']
    if ticks := "".join(f"M{_x(point.at)} {BOTTOM}v5" for point in shown[1:]):
        parts.append(f'<path class=tick d="{ticks}"/>')
    if ending is not None:
        kind, height = ("happened", 1.0) if ending.happened else ("not", 0.0)
        parts.append(f'<path class=fall d="M{_x(last)} {_y(shown[-1].mean)}V{_y(height)}"/>')
        parts.append(f"<circle class={kind} cx={_x(last)} cy={_y(height)} r=5 />")
    parts.append(f'<path class=cross d="M0 {TOP}V{BOTTOM}"/>')
    return _svg("odds", ODDS_WIDTH, ODDS_HEIGHT, parts)


def odds_axis(months: Sequence[tuple[float, str]]) -> Markup:
    """Lines at 0, 50 and 100 %, and the months: the same in every chart, so that a page has it once."""
    parts = []
    for share, words in ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")):
        parts.append(f'<path class=grid d="M{LEFT} {_y(share)}H{RIGHT}"/>')
        parts.append(f"<text class=y x={LEFT - 4} y={float(_y(share)) + 4:.0f}>{words}</text>")
    for at, name in months:
        parts.append(f"<text x={_x(at)} y={BOTTOM + 18}>{escape(name)}</text>")
        parts.append(f'<path class=month d="M{_x(at)} {BOTTOM}v7"/>')
    return Markup("").join(map(Markup, parts))


def months_of(calendar: Calendar, ends: int) -> tuple[tuple[float, str], ...]:
    """Where each month begins, as a share of the clock; over years, the years."""
    years = ends > 2 * 366 * 1440
    marks: list[tuple[float, str]] = []
    before = ""
    for minute in range(0, ends, 1440):
        local = calendar.local(minute)
        name = f"{local:%Y}" if years else f"{local:%b}"
        if name != before:
            marks.append((minute / ends, name))
        before = name
    if len(marks) > 1 and marks[1][0] - marks[0][0] < 0.08:
        marks = marks[1:]
    step = -(-len(marks) // 10)
    return tuple((at, name) for at, name in marks[::step] if at < 0.96)


def _x(share: float) -> str:
    return f"{LEFT + (RIGHT - LEFT) * share:.1f}".removesuffix(".0")


def _y(share: float) -> str:
    return f"{BOTTOM - (BOTTOM - TOP) * share:.1f}".removesuffix(".0")


# ── effects ─────────────────────────────────────────────────────────────────────────────────────


def whisker_chart(whiskers: Sequence[Whisker]) -> Markup:
    """A dot with its 95 % whisker per effect; the band behind it is the range over assumptions."""
    return _whiskers(whiskers, ((-1.0, "-100 points", "begin"), (0.0, "0", "mid"), (1.0, "+100", "end")), _effect)


def share_chart(whiskers: Sequence[Whisker]) -> Markup:
    """The same for shares and probabilities of 0 to 1."""
    return _whiskers(whiskers, ((0.0, "0 %", "begin"), (0.5, "50", "mid"), (1.0, "100 %", "end")), _share)


def _whiskers(
    whiskers: Sequence[Whisker], marks: Sequence[tuple[float, str, str]], place_of: Callable[[float], str]
) -> Markup:
    height = 24 + ROW * len(whiskers)
    parts = [
        f"<text class={side} x={place_of(value)} y=12>{words}</text>" for value, words, side in marks
    ]
    parts.append(f'<path class=grid d="M{place_of(marks[1][0])} 18V{height - 6}"/>')
    for place, whisker in enumerate(whiskers):
        y = 24 + ROW * place
        middle = y + 28
        kind = "dot" if whisker.settled else "open"
        parts += [
            f"<text class=name x={AXIS_LEFT} y={y + 12}>{escape(_shortened(whisker.label))}</text>",
            f'<path class=axis d="M{AXIS_LEFT} {middle}H{AXIS_RIGHT}"/>',
            _band(place_of(whisker.least), place_of(whisker.most), middle),
            f'<path class=whisker d="M{place_of(whisker.low)} {middle}H{place_of(whisker.high)}"/>',
            f"<circle class={kind} cx={place_of(whisker.mean)} cy={middle} r=5 />",
            f"<text class=value x={FIGURES_AT} y={middle + 4}>{escape(whisker.words)}</text>",
        ]
    return _svg("effects", WHISKER_WIDTH, height, parts)


def _effect(value: float) -> str:
    within = min(max(value, -1.0), 1.0)
    return f"{AXIS_LEFT + (AXIS_RIGHT - AXIS_LEFT) * (within + 1) / 2:.1f}".removesuffix(".0")


def _share(value: float) -> str:
    """A share on the axis, from its left end to its right one."""
    return _effect(2 * value - 1)


def _band(begins: str, ends: str, middle: int) -> str:
    """The band of a range, at least a hair wide."""
    return f"<rect class=range x={begins} y={middle - 6} width={max(float(ends) - float(begins), 1):.1f} height=12 />"


def _shortened(label: str) -> str:
    return label if len(label) <= LABEL else f"{label[: LABEL - 1].rstrip()}…"


def _svg(kind: str, width: int, height: int, parts: Iterable[str]) -> Markup:
    inside = "".join(parts)
    return Markup(f'<svg class="figure {kind}" viewBox="0 0 {width} {height}" aria-hidden=true>{inside}</svg>')  # noqa: S704 - numbers and escaped words


# ── bars ────────────────────────────────────────────────────────────────────────────────────────


def share_bar(value: float, tick: float) -> Markup:
    """A share beside another, such as a posterior beside its prior."""
    rect = f"<rect class=full width={100 * value:.3g}% />"
    return Markup(f"<svg class=bar aria-hidden=true>{rect}<rect class=tick x={100 * tick:.3g}% /></svg>")  # noqa: S704 - numbers
