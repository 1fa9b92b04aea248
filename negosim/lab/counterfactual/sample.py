"""A sample of a posterior: its Worlds as often as they weigh, and what a value per play says of them."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, frozen

from negosim.inference.estimates import Estimate, effective, estimate_of, mean_of, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.inference.filter.island import Draw
    from negosim.inference.filter.posterior import Posterior


@frozen
class Sampled:
    """A posterior World that was drawn, and how often it had been drawn before."""

    draw: Draw
    again: int


@define(slots=False)
class Sample:
    """Worlds that were drawn by weight, as many from each island, in the order in which they are played.

    ``masses`` is what each island weighs. Values that belong to plays of one World are averaged
    first: they share its course, so they are no independent draws.
    """

    masses: Mapping[int, float]
    sampled: tuple[Sampled, ...] = ()

    def larger(self, posterior: Posterior, count: int, seed: int, part: int) -> Sample:
        """With so many more, drawn as the given part."""
        times = Counter(one.draw.world.run for one in self.sampled)
        fresh = []
        for draw in posterior.drawn(count, seed, part):
            fresh.append(Sampled(draw, times[draw.world.run]))
            times[draw.world.run] += 1
        return Sample(self.masses, (*self.sampled, *fresh))

    @cached_property
    def times(self) -> Counter[int]:
        """How often each World was drawn, by its run."""
        return Counter(one.draw.world.run for one in self.sampled)

    @cached_property
    def weights(self) -> list[float]:
        """What each World weighs, in the order in which they came first."""
        return [times * self.masses[island] for times, island in zip(self.times.values(), self.groups, strict=True)]

    @cached_property
    def groups(self) -> list[int]:
        """The island of each World."""
        return [one.draw.island for one in self.sampled if not one.again]

    def mean(self, values: Sequence[float]) -> Estimate:
        """The posterior mean of a value per play (see ``Posterior.mean``)."""
        return mean_of(self.weights, self._by_world(values), self.groups)

    def estimate(self, values: Sequence[float]) -> Estimate:
        """The same; where no play differs, the error is that of none in so many."""
        return estimate_of(self.weights, self._by_world(values), self.groups)

    def share(self, hits: Sequence[bool]) -> Estimate:
        """The posterior probability of what some plays have and others have not."""
        return share_of(self.weights, self._by_world(hits), self.groups)

    def effective(self, rows: Sequence[Sequence[float]]) -> float:
        """How many independent draws it is worth for these values per play."""
        return effective(self.weights, [self._by_world(row) for row in rows], self.groups)

    def _by_world(self, values: Sequence[float]) -> list[float]:
        sums = dict.fromkeys(self.times, 0.0)
        for one, value in zip(self.sampled, values, strict=True):
            sums[one.draw.world.run] += value
        return [total / self.times[run] for run, total in sums.items()]
