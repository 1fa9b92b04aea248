"""The posterior: what all islands together say, with errors from what they disagree about."""

from __future__ import annotations

from functools import cached_property
from math import exp, fsum, log, sqrt
from typing import TYPE_CHECKING

from attrs import define

from negosim.inference.diagnostics import pareto_k
from negosim.inference.estimates import Estimate, effective, estimate_of, mean_of, share_of
from negosim.inference.filter.island import RUNS, log_sum, resampled, weights_of
from negosim.inference.filter.particle import dated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.filter.island import Draw, IslandResult

BITS = 1 / log(2)
SAMPLES = 10**7 * RUNS
"""Run numbers from here on draw samples of a posterior."""


@define(slots=False)
class Posterior:
    """Weighted Worlds given the items, and how well each item was predicted by those before it.

    ``names`` are the items in the order in which they are settled.
    """

    names: tuple[str, ...]
    islands: tuple[IslandResult, ...]

    @cached_property
    def draws(self) -> tuple[Draw, ...]:
        """The draws of all islands."""
        return tuple(draw for island in self.islands for draw in island.draws)

    def best(self, count: int) -> list[Draw]:
        """The draws in which most items hold, the heaviest first; fewer where there are fewer."""
        return sorted(
            self.draws, key=lambda draw: (sum(draw.holds.values()), draw.log_weight), reverse=True
        )[:count]

    @cached_property
    def weights(self) -> list[float]:
        """The weights of the draws, summing to one."""
        if not self.draws:
            return []
        top = max(draw.log_weight for draw in self.draws)
        weights = [exp(draw.log_weight - top) for draw in self.draws]
        total = fsum(weights)
        return [weight / total for weight in weights]

    @cached_property
    def groups(self) -> list[int]:
        """The island of each draw."""
        return [draw.island for draw in self.draws]

    def drawn(self, count: int, seed: int, part: int) -> list[Draw]:
        """About so many draws, as many from each island, the heavy ones several times; every ``part`` by itself."""
        drawn: list[Draw] = []
        for place, island in enumerate(self.islands):
            if island.draws:
                weights = weights_of([draw.log_weight for draw in island.draws])
                run = SAMPLES + part * len(self.islands) + place
                drawn += [island.draws[k] for k in resampled(weights, -(-count // len(self.islands)), seed, run)]
        return drawn

    @cached_property
    def masses(self) -> dict[int, float]:
        """The weight of each island's draws together."""
        masses: dict[int, float] = {}
        for draw, weight in zip(self.draws, self.weights, strict=True):
            masses[draw.island] = masses.get(draw.island, 0.0) + weight
        return masses

    def spread(self, n: int) -> Posterior:
        """The posterior from about ``n`` draws, as many from each island."""
        count = max(-(-n // len(self.islands)), 1)
        return Posterior(self.names, tuple(island.spread(count) for island in self.islands))

    def mean(self, values: Sequence[float]) -> Estimate:
        """The posterior mean of a value per draw; its error is what the islands disagree about."""
        return mean_of(self.weights, values, self.groups)

    def estimate(self, values: Sequence[float]) -> Estimate:
        """The same; where no draw differs, the error is that of none in so many draws."""
        return estimate_of(self.weights, values, self.groups)

    def share(self, hits: Sequence[bool]) -> Estimate:
        """The posterior probability of what some draws have and others have not."""
        return share_of(self.weights, hits, self.groups)

    def share_holding(self, item: str) -> Estimate:
        """The probability that an item holds given all of them."""
        return self.share([draw.holds[item] for draw in self.draws])

    @property
    def failing(self) -> tuple[str, ...]:
        """The items that hold in no draw."""
        return tuple(name for name in self.names if not any(draw.holds[name] for draw in self.draws))

    # ── evidence ─────────────────────────────────────────────────────────────────────────────

    @property
    def log_evidence(self) -> Estimate:
        """The logarithm of the probability of all items (delta method over islands)."""
        return self._log_mean([island.log_evidence for island in self.islands])

    @property
    def bits(self) -> Estimate:
        """How surprising all items together are, in bits."""
        evidence = self.log_evidence
        return Estimate(-evidence.mean * BITS, evidence.se * BITS, evidence.freedom)

    @cached_property
    def surprises(self) -> dict[str, float]:
        """-log2 P(item | items before it), in bits, by item; they sum to ``bits``."""
        return {name: self._steps[name] + self._steps[dated(name)] for name in self.names}

    @property
    def divisive(self) -> str:
        """The item about which the islands disagree most: without it their evidence would vary least."""

        def variation(item: str) -> float:
            rest = [
                island.log_evidence - sum(island.log_predictions.get(step, 0.0) for step in (item, dated(item)))
                for island in self.islands
                if island.draws
            ]
            middle = fsum(rest) / len(rest)
            return fsum((log_z - middle) ** 2 for log_z in rest)

        return min(self.names, key=variation, default="")

    @cached_property
    def date_surprises(self) -> dict[str, float]:
        """The part of ``surprises`` that the dates of decisions cost."""
        return {name: self._steps[dated(name)] for name in self.names}

    @cached_property
    def foreseen(self) -> dict[str, dict[str, float]]:
        """Of each documented decision how probable its answers were before it was known."""
        shares: dict[str, dict[str, float]] = {}
        for island in self.islands:
            for name, answers in island.foreseen.items():
                for answer, p in answers.items():
                    known = shares.setdefault(name, {})
                    known[answer] = known.get(answer, 0.0) + p
        totals = {name: fsum(answers.values()) for name, answers in shares.items()}
        return {name: {answer: p / totals[name] for answer, p in answers.items()} for name, answers in shares.items()}

    @cached_property
    def _steps(self) -> dict[str, float]:
        reached, before, steps = [0.0] * len(self.islands), 0.0, {}
        for name in (step for item in self.names for step in (dated(item), item)):
            reached = [
                log_z + island.log_predictions.get(name, 0.0)
                for log_z, island in zip(reached, self.islands, strict=True)
            ]
            now = self._log_mean(reached).mean
            steps[name], before = (before - now) * BITS, now
        return steps

    def _log_mean(self, logs: Sequence[float]) -> Estimate:
        n, total = len(logs), log_sum(logs)
        shares = [exp(term - total) * n for term in logs]
        variance = fsum((share - 1) ** 2 for share in shares) / max(n - 1, 1) / n
        return Estimate(total - log(n), sqrt(variance), n - 1)

    # ── what it is worth ─────────────────────────────────────────────────────────────────────

    @property
    def plays(self) -> float:
        """How many whole runs it took."""
        return fsum(island.plays for island in self.islands)

    @property
    def pareto_k(self) -> float | None:
        """The shape of the weights' tail (see ``pareto_k``); above .7 they are not to be trusted."""
        return pareto_k(self.weights)

    @cached_property
    def ess(self) -> float:
        """How many independent draws it is worth, for what holds and what was chosen (see ``effective``)."""
        answers = sorted({pair for draw in self.draws for pair in draw.answers.items()})
        rows = [[float(draw.answers.get(address) == taken) for draw in self.draws] for address, taken in answers]
        return self.effective(rows)

    def effective(self, rows: Sequence[Sequence[float]]) -> float:
        """How many independent draws it is worth: the least that weights and islands allow.

        ``rows`` are values per draw, such as outcomes; see ``effective_by``.
        """
        return effective(self.weights, rows, self.groups)
