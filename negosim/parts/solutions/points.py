"""Which outcomes the theory of bargaining singles out, among finitely many.

A point is one outcome's utilities, one a party, in millionths; ``disagreement`` is what each party
has without agreement. Every function returns the places of *all* outcomes that qualify, in order;
it returns none when no outcome is at least as good as disagreement for everybody. No lotteries over
outcomes are formed. Comparisons are of whole numbers, so ties are exact.
"""

from __future__ import annotations

from math import hypot, prod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Point: TypeAlias = "tuple[int, ...]"
Points: TypeAlias = "Sequence[Point]"


def pareto(points: Points) -> tuple[int, ...]:
    """The outcomes that no other betters for one party without worsening it for another.

    For two parties in n log n steps, by sweeping from the best for the first; else in n times the
    length of the frontier.
    """
    if not points:
        return ()
    order = sorted(range(len(points)), key=lambda place: tuple(-utility for utility in points[place]))
    if len(points[0]) == 2:
        return tuple(sorted(_swept(points, order)))
    frontier: list[int] = []
    for place in order:  # lexicographic order: nothing later dominates anything earlier
        if not any(dominates(points[other], points[place]) for other in frontier):
            frontier.append(place)
    return tuple(sorted(frontier))


def _swept(points: Points, order: Sequence[int]) -> list[int]:
    frontier: list[int] = []
    top = first = -1
    for place in order:
        mine, theirs = points[place]
        if theirs > top or (theirs == top and mine == first):
            frontier.append(place)
            top, first = theirs, mine
    return frontier


def dominates(one: Point, other: Point) -> bool:
    """Whether a point is at least as good for everybody and better for somebody."""
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def nash(points: Points, disagreement: Point) -> tuple[int, ...]:
    """The largest product of gains over disagreement (Nash 1950).

    Where the largest is 0, many outcomes share it; those that another of them dominates are left out.
    """
    ties = _best(points, disagreement, prod)
    undominated = pareto([points[place] for place in ties])
    return tuple(ties[number] for number in undominated)


def utilitarian(points: Points, disagreement: Point) -> tuple[int, ...]:
    """The largest sum of utilities, among outcomes acceptable to all: maximal welfare."""
    return _best(points, disagreement, sum)


def egalitarian(points: Points, disagreement: Point) -> tuple[int, ...]:
    """The largest least gain over disagreement, then the largest next least (Kalai 1977, leximin)."""
    return _best(points, disagreement, lambda gains: tuple(sorted(gains)))


def kalai_smorodinsky(points: Points, disagreement: Point) -> tuple[int, ...]:
    """The largest least share of what each could hope for (Kalai and Smorodinsky 1975).

    A party's share is its gain divided by its largest gain in any outcome acceptable to all. Among
    finitely many outcomes shares can seldom be equal, so they are compared by leximin, which is the
    usual extension to such sets.
    """
    ideal = _ideal_gains(points, disagreement)
    scale = [prod(ideal[:party] + ideal[party + 1 :]) for party in range(len(ideal))]
    return _best(
        points, disagreement, lambda gains: tuple(sorted(g * s for g, s in zip(gains, scale, strict=True)))
    )


def _ideal_gains(points: Points, disagreement: Point) -> list[int]:
    gains = [_gains(point, disagreement) for point in points if _acceptable(point, disagreement)]
    return [max(*of_party, 1) for of_party in zip(*gains, strict=True)]


def _acceptable(point: Point, disagreement: Point) -> bool:
    return all(utility >= least for utility, least in zip(point, disagreement, strict=True))


def _gains(point: Point, disagreement: Point) -> tuple[int, ...]:
    return tuple(utility - least for utility, least in zip(point, disagreement, strict=True))


def _best(points: Points, disagreement: Point, merit: Callable[[tuple[int, ...]], object]) -> tuple[int, ...]:
    best_places: list[int] = []
    best: object = None
    for place, point in enumerate(points):
        if not _acceptable(point, disagreement):
            continue
        value = merit(_gains(point, disagreement))
        if best is None or value > best:  # type: ignore[operator]
            best_places, best = [place], value
        elif value == best:
            best_places.append(place)
    return tuple(best_places)


SOLUTIONS: dict[str, Callable[[Points, Point], tuple[int, ...]]] = {
    "Nash": nash,
    "Kalai-Smorodinsky": kalai_smorodinsky,
    "egalitarian": egalitarian,
    "utilitarian": utilitarian,
}
"""The solutions by the name under which they are shown."""


def distance(point: Point, points: Points, places: Sequence[int]) -> float | None:
    """How far, in utility (0 to 1 a party), a point lies from the nearest of these outcomes.

    Euclidean, as in GENIUS and NegMAS; None when there is no outcome to measure from.
    """
    gaps = (hypot(*(a - b for a, b in zip(point, points[place], strict=True))) for place in places)
    nearest = min(gaps, default=None)
    return None if nearest is None else nearest / 1_000_000
