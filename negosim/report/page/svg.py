"""The drawings beside the words, as small SVGs. Probabilities run from 0 to 1, left or upwards.

Widths are shares of the room there is, so that a drawing fits a telephone as well as a sheet.
All are decoration: what they show is written beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE, HIGH = 1000, 100
"""The units of a drawing that is stretched to its place."""
HAIR = 0.001
"""A part of a bar that is narrower is not drawn."""


def percent(share: float) -> str:
    """A share as a length: ``53.5%``."""
    return f"{100 * share:.3g}%"


def span_bar(low: float, high: float, dot: float, tick: float) -> Markup:
    """A range on 0 to 1 with the figure itself as a dot and the factual one as a tick."""
    return _bar(_rect("range", low, max(high, low + 0.004)), _tick(tick), f"<circle cx={percent(dot)} />")


def tornado_bar(low: float, high: float, main: float) -> Markup:
    """How far one assumption moves a figure from where it stands: left and right of a tick."""
    sides = [("less", low, main), ("more", main, high)]
    return _bar(*(_rect(*side) for side in sides if side[2] - side[1] >= HAIR), _tick(main))


def switch_bar(mean: float, low: float, high: float) -> Markup:
    """A probability with its interval; the tick stays where it was before anything is switched."""
    whisker = f"<line class=whisker x1={percent(low)} x2={percent(high)} y1=9 y2=9 />"
    return _bar(_rect("full", 0, mean), whisker, _tick(mean))


def share_bar(value: float, tick: float) -> Markup:
    """A share beside another, such as a posterior beside its prior."""
    return _bar(_rect("full", 0, value), _tick(tick))


def _bar(*parts: str) -> Markup:
    """A bar; its track and all heights stand in the style."""
    return _svg("bar", "".join(parts))


def _rect(kind: str, begins: float, ends: float) -> str:
    return f"<rect class={kind} x={percent(begins)} width={percent(max(ends - begins, 0))} />"


def _tick(at: float) -> str:
    return f"<rect class=tick x={percent(at)} />"


def steps(points: Sequence[tuple[float, float, float, float]]) -> Markup:
    """A probability over the calendar: (when, figure, low, high), each in 0 to 1, held until the next."""
    line: list[str] = []
    upper: list[str] = []
    lower: list[str] = []
    ends = [when for when, *_ in points[1:]] + [1.0]
    for (when, mean, low, high), end in zip(points, ends, strict=True):
        line.append(f"{'L' if line else 'M'}{_x(when)} {_y(mean)}H{_x(end)}")
        upper.append(f"{'L' if upper else 'M'}{_x(when)} {_y(high)}H{_x(end)}")
        lower.append(f"L{_x(end)} {_y(low)}H{_x(when)}")
    area = "".join((*upper, *reversed(lower), "Z"))
    return _stretched(f'<path class=range d="{area}"/><path class=line d="{"".join(line)}"/>')


def two_histograms(was: Sequence[float], twin: Sequence[float]) -> Markup:
    """Two distributions over the same bins as step areas; the higher bin fills the height."""
    top = max((*was, *twin), default=0.0) or 1.0
    width = WIDE / max(len(was), 1)

    def outline(shares: Sequence[float]) -> str:
        heights = [f"{HIGH - share / top * (HIGH - 4):.0f}" for share in shares]
        path, before = [f"M0 {HIGH}"], ""
        for place, height in enumerate(heights):
            if height == before:
                path.pop()
            else:
                path.append(f"V{height}")
            path.append(f"H{(place + 1) * width:.0f}")
            before = height
        return "".join((*path, f"V{HIGH}Z"))

    return _stretched(f'<path class=was d="{outline(was)}"/><path class=twin d="{outline(twin)}"/>')


def axis(marks: Sequence[tuple[float, str]]) -> Markup:
    """The names of months where they begin, to be referred to by every drawing over the calendar."""
    return Markup("").join(
        Markup("<rect x={0} /><text x={0} y=15 dx=3>{1}</text>").format(percent(at), name)
        for at, name in marks
    )


def _x(share: float) -> str:
    return f"{WIDE * share:.0f}"


def _y(share: float) -> str:
    return f"{4 + (HIGH - 8) * (1 - share):.0f}"


def _svg(kind: str, inside: str) -> Markup:
    return Markup(f"<svg class={kind} aria-hidden=true>{inside}</svg>")  # noqa: S704 - numbers


def _stretched(inside: str) -> Markup:
    return Markup(  # noqa: S704 - numbers
        f'<svg class=steps viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio=none aria-hidden=true>{inside}</svg>'
    )
