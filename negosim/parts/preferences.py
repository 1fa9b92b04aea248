"""What the outcomes of a domain are worth to one party."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from attrs import field, frozen

from negosim.core.errors import BadValue
from negosim.sim.noise import MILLION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.terms import Issue, Terms
    from negosim.parts.domain import Domain

DAY = 1440
TOLERANCE = 1000
"""How far, in millionths, weights that were rounded may miss a sum of one."""


def millionths(share: float) -> int:
    """A share such as 0.25 in millionths. Raises BadValue outside 0 to 1."""
    if not 0 <= share <= 1:
        raise BadValue(f"{share!r} is no share from 0 to 1")
    return round(share * MILLION)


@frozen
class Preferences:
    """Additive utility: the weighted sum of what each option is worth (Keeney and Raiffa 1976).

    ``weights`` by issue sum to 1, ``values`` by option lie in 0 to 1, so utilities do too; they are
    kept as whole millionths. ``reservation`` is the utility of no agreement. ``discount`` is the
    factor by which one day's delay multiplies the utility of whatever is then agreed. ``audience_cost``
    is the utility lost by agreeing to less than was demanded in public (Fearon 1994).
    """

    domain: Domain
    weights: Mapping[type[Issue], float]
    values: Mapping[Issue, float]
    reservation: float = field(default=0.0, kw_only=True)
    discount: float = field(default=1.0, kw_only=True)
    audience_cost: float = field(default=0.0, kw_only=True)
    floor: int = field(init=False)
    utilities: tuple[int, ...] = field(init=False, eq=False, repr=False)
    ranking: tuple[int, ...] = field(init=False, eq=False, repr=False)
    _falling: tuple[int, ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not 0 < self.discount <= 1:
            raise BadValue(f"the discount is a factor a day, above 0 and up to 1, not {self.discount}")
        millionths(self.audience_cost)

    @floor.default
    def _reserved(self) -> int:
        return millionths(self.reservation)

    @utilities.default
    def _weighed(self) -> tuple[int, ...]:
        issues = self.domain.issues
        total = sum(millionths(self.weights[issue]) for issue in issues if issue in self.weights)
        if abs(total - MILLION) > TOLERANCE:
            raise BadValue(f"the weights of the issues of {self.domain.name!r} sum to {total / MILLION}, not to 1")
        sums = [0]
        for issue in issues:
            weight = millionths(self.weights.get(issue, 0.0))
            worth = [weight * millionths(self._value_of(option)) for option in issue]
            sums = [so_far + more for so_far in sums for more in worth]
        return tuple((total + MILLION // 2) // MILLION for total in sums)

    def _value_of(self, option: Issue) -> float:
        try:
            return self.values[option]
        except KeyError:
            raise BadValue(f"no value for the option {option.slug!r} of domain {self.domain.name!r}") from None

    @ranking.default
    def _best_first(self) -> tuple[int, ...]:
        utilities = self.utilities
        acceptable = (place for place, worth in enumerate(utilities) if worth >= self.floor)
        return tuple(sorted(acceptable, key=lambda place: -utilities[place]))

    @_falling.default
    def _as_ranked(self) -> tuple[int, ...]:
        """The utilities of the ranking, below zero so that they rise."""
        return tuple(-self.utilities[place] for place in self.ranking)

    def least_above(self, target: int) -> int:
        """The acceptable outcome with the lowest utility that still reaches ``target``, else the best one.

        Of outcomes that are worth the same, the last in the ranking. Takes log n steps.
        """
        return self.ranking[max(bisect_right(self._falling, -target) - 1, 0)]

    def utility(self, terms: Terms) -> int:
        """The utility of an outcome in millionths, undiscounted."""
        return self.utilities[self.domain.place(terms)]

    def at(self, utility: int, minutes: int) -> int:
        """What a utility is worth when it comes after ``minutes``: exponential discounting by the calendar."""
        return utility if self.discount == 1 else round(utility * self.per(minutes))

    def per(self, minutes: int) -> float:
        """The discount factor of a delay of so many minutes."""
        return float(self.discount ** (minutes / DAY))
