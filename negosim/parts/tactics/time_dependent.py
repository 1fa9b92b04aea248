"""Tactics that go by the clock (Faratin, Sierra and Jennings 1998)."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from negosim.core.errors import BadValue
from negosim.parts.tactics.learning import Frequencies
from negosim.parts.tactics.tactic import Tactic

if TYPE_CHECKING:
    from negosim.parts.tactics.course import Course

BAND = 20_000
"""Outcomes within 0.02 of the target count as equally good to a party that is considerate."""


@frozen
class TimeDependent(Tactic):
    """Demand less as the deadline nears, down to the reservation value.

    With t the share of time elapsed, the demand is ``best - a(t) (best - floor)``, where

        polynomial   a(t) = k + (1 - k) t ** (1 / beta)
        exponential  a(t) = exp((1 - t) ** beta * ln k)

    **Convention** (Faratin's): ``beta`` below 1 is Boulware, which concedes late; above 1 is a
    conceder. NegMAS writes the exponent itself, which is 1 / beta: see ``aspiration``. ``k`` in
    0 to 1 is conceded at the start; the exponential form needs it above 0. ``considerate`` chooses,
    among outcomes within 0.02 of the demand, what the other side seems to like best.
    """

    beta: float = 1.0
    k: float = 0.0
    form: Literal["polynomial", "exponential"] = "polynomial"
    considerate: bool = False

    def __attrs_post_init__(self) -> None:
        if not self.beta > 0 or not 0 <= self.k <= 1:
            raise BadValue(f"a time-dependent tactic needs beta above 0 and k from 0 to 1: {self}")
        if self.form == "exponential" and self.k == 0:
            raise BadValue("the exponential form starts from k, which must be above 0; 0.05 is usual")

    def conceded(self, elapsed: float) -> float:
        """a(t): the share of the range that is given up by a share of the time, 0 to 1."""
        if self.form == "exponential":
            return exp((1 - elapsed) ** self.beta * log(self.k))
        return float(self.k + (1 - self.k) * elapsed ** (1 / self.beta))

    def demand(self, course: Course) -> int:
        """The utility it insists on now, in millionths."""
        best = course.best
        return best - round(self.conceded(course.elapsed) * (best - course.floor))

    def proposal(self, course: Course) -> int:
        """The least outcome that reaches the demand, or the kindest one near it."""
        nearest = course.preferences.least_above(self.demand(course))
        if not self.considerate or not course.theirs:
            return nearest
        utilities, least = course.preferences.utilities, course.utility(nearest)
        near = [x for x in course.preferences.ranking if least <= utilities[x] <= least + BAND]
        liking = Frequencies.of(course.preferences.domain, course.received).liking
        return max(near, key=lambda place: (liking(place), -place))


def boulware(beta: float = 0.2, *, considerate: bool = False) -> TimeDependent:
    """Concede late. The default is GENIUS's Boulware, e = 0.2."""
    return TimeDependent(beta, considerate=considerate)


def linear(*, considerate: bool = False) -> TimeDependent:
    """Concede at an even pace."""
    return TimeDependent(1.0, considerate=considerate)


def conceder(beta: float = 2.0, *, considerate: bool = False) -> TimeDependent:
    """Concede early. The default is GENIUS's Conceder, e = 2."""
    return TimeDependent(beta, considerate=considerate)


def aspiration(exponent: float) -> TimeDependent:
    """NegMAS's convention: the demand falls as 1 - t ** exponent; 4 is Boulware, 0.25 a conceder."""
    if not exponent > 0:
        raise BadValue(f"the exponent of an aspiration is above 0, not {exponent}")
    return TimeDependent(1 / exponent)
