"""What the other side seems to want: weights and values read off how often it asked for what."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.parts.domain import Domain


@frozen
class Frequencies:
    """A frequency model of the other side, as in the simple models of ANAC (Baarslag et al. 2016).

    An option is worth the number of times it was asked for, divided by that of the issue's most
    frequent option. An issue weighs as much as its most frequent option's share of all offers: who
    never moves on an issue cares for it. Weights sum to 1.
    """

    domain: Domain
    weights: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, domain: Domain, asked: Mapping[int, int]) -> Frequencies:
        """The model after so many offers of each outcome, by its place; level without any."""
        counts: list[Counter[int]] = [Counter() for _ in domain.issues]
        for place, times in asked.items():
            for issue, count in enumerate(counts):
                count[_option(domain, place, issue)] += times
        most = [max(count.values(), default=1) for count in counts]
        total = sum(most)
        values = tuple(
            tuple(count[option] / top for option in range(len(issue)))
            for issue, count, top in zip(domain.issues, counts, most, strict=True)
        )
        return cls(domain, tuple(top / total for top in most), values)

    def liking(self, place: int) -> float:
        """How much the other side seems to like an outcome, 0 to 1."""
        return sum(
            weight * values[_option(self.domain, place, issue)]
            for issue, (weight, values) in enumerate(zip(self.weights, self.values, strict=True))
        )


def _option(domain: Domain, place: int, issue: int) -> int:
    """Which option of an issue an outcome holds, by its number."""
    for later in domain.issues[issue + 1 :]:
        place //= len(later)
    return place % len(domain.issues[issue])
