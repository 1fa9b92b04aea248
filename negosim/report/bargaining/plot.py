"""A bargaining as a drawing: both sides' utilities, the frontier, the solutions, the path of offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from negosim.core.errors import BadValue
from negosim.stores.exports.text import name_isolated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.parts.outcome import Bargain
    from negosim.parts.solutions.points import Point

SIDE, MARGIN = 400, 48
"""Units of the square from 0 to 1, and of the margin for its scales."""
MOST_DOTS = 2000
"""Outcomes that are drawn; of more, those on the frontier and every so-manieth."""
COLOURS = ("#0072b2", "#d55e00")
"""The two parties' (Okabe and Ito 2008), told apart by colour-blind eyes too; their marks differ as well."""
MARKS = {"Nash": "N", "Kalai-Smorodinsky": "K", "egalitarian": "E", "utilitarian": "U"}


def plot(bargain: Bargain, names: tuple[str, str]) -> Markup:
    """An SVG of its own, 496 units wide and high; its ``title`` says what it shows.

    Raises BadValue unless there are two parties.
    """
    if len(bargain.parties) != 2:
        raise BadValue(f"a plot has two sides; {len(bargain.parties)} parties bargain here")
    size = SIDE + 2 * MARGIN
    parts = [
        Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" class="plot" role="img" '
               'font-family="sans-serif" font-size="12">').format(size),
        Markup("<title>{}</title>").format(_title(bargain, names)),
        Markup('<rect width="100%" height="100%" fill="#ffffff"/>'),
        _scales(names), _outcomes(bargain), _frontier(bargain), *_paths(bargain), *_solutions(bargain),
        _result(bargain),
        Markup("</svg>"),
    ]  # fmt: skip
    return Markup("\n").join(parts)


def _title(bargain: Bargain, names: tuple[str, str]) -> str:
    end = f"agreement at {_share(bargain.agreement.utilities)}" if bargain.agreement else "no agreement"
    first, second = map(name_isolated, names)
    return f"Utility of {first} and {second} of each of {len(bargain.points)} packages; the path of offers; {end}"


def _share(point: Point) -> str:
    return " and ".join(f"{value / 1_000_000:.2f}" for value in point)


def _at(point: Point) -> tuple[float, float]:
    """Where a point lies: the first party's utility to the right, the second's upwards."""
    return round(MARGIN + SIDE * point[0] / 1_000_000, 1), round(MARGIN + SIDE * (1 - point[1] / 1_000_000), 1)


def _scales(names: tuple[str, str]) -> Markup:
    low, high, middle = MARGIN, MARGIN + SIDE, MARGIN + SIDE / 2
    lines = [Markup('<path d="M{0} {0}V{1}H{1}" fill="none" stroke="#444444"/>').format(low, high)]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = _at((round(share * 1_000_000),) * 2)
        lines.append(Markup('<text x="{}" y="{}" text-anchor="middle">{:g}</text>').format(x, high + 16, share))
        lines.append(Markup('<text x="{}" y="{}" text-anchor="end">{:g}</text>').format(low - 6, y + 4, share))
    across = Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(middle, high + 36, escape(names[0]))
    upwards = Markup(
        '<text transform="translate({} {}) rotate(-90)" text-anchor="middle">{}</text>'
    ).format(low - 34, middle, escape(names[1]))
    return Markup("").join([*lines, across, upwards])


def _outcomes(bargain: Bargain) -> Markup:
    step = 1 + len(bargain.points) // MOST_DOTS
    dots = dict.fromkeys(_at(bargain.points[place]) for place in range(0, len(bargain.points), step))
    return Markup("").join(Markup('<circle cx="{}" cy="{}" r="2" fill="#bbbbbb"/>').format(x, y) for x, y in dots)


def _frontier(bargain: Bargain) -> Markup:
    """Broad and pale, so that it is seen beneath a path that keeps to it."""
    points = sorted({bargain.points[place] for place in bargain.frontier})
    return Markup(
        '<polyline points="{}" fill="none" stroke="#bbbbbb" stroke-width="5" stroke-dasharray="6 4"/>'
    ).format(_list(points))


def _list(points: Iterable[Point]) -> str:
    return " ".join(f"{x},{y}" for x, y in map(_at, points))


def _paths(bargain: Bargain) -> list[Markup]:
    """One line a party through its proposals; circles for the first, squares for the second."""
    drawn = []
    for party, colour in zip(bargain.parties, COLOURS, strict=True):
        points = [step.utilities for step in bargain.path if step.by == party and not step.agreed]
        drawn.append(
            Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="1.5"/>').format(_list(points), colour)
        )
        for x, y in dict.fromkeys(map(_at, points)):
            mark = (
                Markup('<circle cx="{}" cy="{}" r="4" fill="{}"/>').format(x, y, colour) if party == bargain.parties[0]
                else Markup('<rect x="{}" y="{}" width="7" height="7" fill="{}"/>').format(x - 3.5, y - 3.5, colour)
            )  # fmt: skip
            drawn.append(mark)
    return drawn


def _solutions(bargain: Bargain) -> list[Markup]:
    """A letter beside each solution; several letters where they coincide."""
    letters: dict[tuple[float, float], str] = {}
    for name, places in bargain.solutions.items():
        for at in dict.fromkeys(_at(bargain.points[place]) for place in places):
            letters[at] = letters.get(at, "") + MARKS[name]
    return [
        Markup('<text x="{}" y="{}" font-weight="bold">{}</text>').format(x + 7, y - 6, text)
        for (x, y), text in letters.items()
    ]


def _result(bargain: Bargain) -> Markup:
    """A ring around what was agreed; a cross at disagreement."""
    x, y = _at(bargain.disagreement)
    cross = Markup('<path d="M{} {}l8 8m0 -8l-8 8" stroke="#444444"/>').format(x - 4, y - 4)
    if bargain.agreement is None:
        return cross
    x, y = _at(bargain.agreement.utilities)
    return cross + Markup('<circle cx="{}" cy="{}" r="9" fill="none" stroke="#000000" stroke-width="2"/>').format(x, y)
