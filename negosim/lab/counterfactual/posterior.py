"""The pairs an answer rests on, weighed: what they are worth, and how distinct they are."""

from __future__ import annotations

from math import exp, fsum
from statistics import median
from typing import TYPE_CHECKING

from attrs import field, frozen

from negosim.inference.diagnostics import pareto_k
from negosim.inference.estimates import effective_by, mean_of
from negosim.inference.weights import effective_size
from negosim.lab.counterfactual.results import Episode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.time import Calendar
    from negosim.lab.counterfactual.couplings import Asked, Asking, Pair


@frozen
class Posterior:
    """The pairs of posterior Worlds and twins that an answer rests on."""

    asking: Asking
    parts: Sequence[Asked]
    pairs: Sequence[Pair]
    left_out: tuple[str, ...]
    weights: Sequence[float] = field(init=False)
    groups: Sequence[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "weights", weights_in(self.pairs))
        object.__setattr__(self, "groups", [pair.group for pair in self.pairs])

    def ess(self, calendar: Calendar) -> float:
        """The effective sample size, which nothing that is known of the draws may contradict.

        The least of: that of the weights; what the islands disagree by; and, where draws share
        ancestors, how many of those a typical address of the poorest episode has.
        """
        rows = [
            *zip(*(pair.weights for pair in self.pairs), strict=True),
            *zip(*((*pair.factual, *pair.twins["gumbel"]) for pair in self.pairs), strict=True),
        ]
        disagreeing = effective_by(self.weights, [list(map(float, row)) for row in rows], self.groups)
        ancestors = [one.typical for one in self.episodes(calendar).values()]
        known = [effective_size(self.weights), disagreeing, *ancestors]
        return min(one for one in known if one is not None)

    @property
    def pareto_k(self) -> float | None:
        """Of the final weights, or the worst of the particles' weights after a piece of evidence."""
        stages = zip(*(part.stages for part in self.parts if part.pairs and part.stages), strict=True)
        found = [pareto_k([weight for own in stage for weight in own]) for stage in stages]
        if self.asking.weighted:
            found.append(pareto_k(self.weights))
        return max((k for k in found if k is not None), default=None)

    def share(self, hits: Iterable[bool]) -> float:
        """The weighted share of hits."""
        return mean_of(self.weights, [float(hit) for hit in hits]).mean

    def episodes(self, calendar: Calendar) -> dict[str, Episode]:
        """What is distinct in each calendar month."""
        paths: dict[str, set[tuple[tuple[str, str, int], ...]]] = {}
        origins: dict[tuple[str, str], dict[int, list[float]]] = {}
        for pair, weight in zip(self.pairs, self.weights, strict=True):
            months: dict[str, list[tuple[str, str, int]]] = {}
            for step in pair.path:
                months.setdefault(calendar.iso(step[2])[:7], []).append(step)
            for month, steps in months.items():
                paths.setdefault(month, set()).add(tuple(steps))
                for address, _, _ in steps:
                    if (origin := pair.origins.get(address)) is not None:
                        origins.setdefault((month, address), {}).setdefault(origin, []).append(weight)
        total = fsum(self.weights)
        found = {}
        for month, distinct in sorted(paths.items()):
            lines = [
                effective_size([fsum(own) for own in shared.values()])
                for (when, _), shared in origins.items()
                if when == month and fsum(fsum(own) for own in shared.values()) > total / 2
            ]
            found[month] = Episode(len(distinct), min(lines, default=None), median(lines) if lines else None)
        return found


def weights_in(pairs: Sequence[Pair], prior: float = 1.0, likelihood: float = 1.0) -> list[float]:
    """The pairs' weights, with the prior of weights or the likelihood raised to a power."""
    logs = [
        pair.log_weight + (likelihood - 1) * pair.likelihood + (prior - 1) * pair.prior for pair in pairs
    ]
    top = max(logs)
    return [exp(one - top) for one in logs]
