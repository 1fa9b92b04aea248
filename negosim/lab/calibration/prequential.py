"""Whether a history's decisions were as surprising as the model itself expected them to be.

A score alone compares unlike things: a history whose questions were open scores less than one whose
questions answered themselves, under a model that is true of both. What can be compared is each
surprise with the one expected. Taken in the order of their dates, decision k has under the model
probabilities p_k(a), from the replays that reach it in time with all decisions before it as they
were. Then

    z = sum_k (log p_k(chosen) + H_k) / sqrt(sum_k V_k)

with H_k = -sum_a p_k(a) log p_k(a) the surprise expected (the entropy) and V_k = sum_a p_k(a)
(log p_k(a))^2 - H_k^2 its variance. Under a true model each term has mean nothing whatever came
before, so z has mean 0, variance 1, and with many decisions a normal law, whichever questions a
history happened to ask (Seillier-Moiseiwitsch and Dawid 1993, "On testing the validity of sequential
probability forecasts"; prequential: Dawid 1984). Above 0 the decisions are more typical than
expected, below 0 more surprising.
"""

from __future__ import annotations

from math import fsum, inf, log, prod, sqrt
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.sim.noise import softmax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.inference.conditioning import Life, Stage


@frozen
class Surprise:
    """The sum of terms and of variances (nats, nats squared) over so many decisions."""

    decisions: int
    excess: float
    variance: float

    @property
    def z(self) -> float:
        """In standard deviations of what a true model would show; 0 where nothing was open."""
        return self.excess / sqrt(self.variance) if self.variance else 0.0


def surprise(stages: Sequence[Stage], lives: Sequence[Life]) -> Surprise:
    """The surprise of decisions over replays under them, each with its factors in the order of ``stages``.

    A decision of open key is left out, since which question it was is known by its answer; so is
    one that no replay reaches.
    """
    terms, variances = [], []
    for place, stage in enumerate(stages):
        if stage.imposition is None or stage.imposition.is_open:
            continue
        shares = _shares(place, stage, lives)
        if len(shares) > 1:
            surprises = {name: -log(p) if p else inf for name, p in shares.items()}
            expected = fsum(p * surprises[name] for name, p in shares.items() if p)
            squares = fsum(p * surprises[name] ** 2 for name, p in shares.items() if p)
            terms.append(expected - surprises[stage.imposition.chose])
            variances.append(max(squares - expected * expected, 0.0))
    return Surprise(len(terms), fsum(terms), fsum(variances))


def _shares(place: int, stage: Stage, lives: Sequence[Life]) -> Mapping[str, float]:
    """How probable each answer is, given that the question comes in time and what was decided before."""
    found: dict[str, list[float]] = {}
    weights = []
    for life in lives:
        weight = prod(life.factors[:place])
        met = [one for one in life.run.asked if one.imposition == stage.imposition and one.how == "imposed"]
        if weight and met and len(life.factors) > place:
            weights.append(weight)
            for name, share in zip(met[0].alternatives, softmax(met[0].utilities), strict=True):
                found.setdefault(name, []).append(weight * share)
    return {name: fsum(own) / fsum(weights) for name, own in found.items()}
