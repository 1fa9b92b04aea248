"""Whether a history's decisions were as surprising as the model itself expected them to be.

A score alone compares unlike things: a history whose questions were open scores less than one whose
questions answered themselves, under a model that is true of both. What can be compared is each
surprise with the one expected. Taken in the order of their dates, decision k has under the model
probabilities p_k(a), given all that was settled before it. Then

    z = sum_k (log p_k(chosen) + H_k) / sqrt(sum_k V_k)

with H_k = -sum_a p_k(a) log p_k(a) the surprise expected (the entropy) and V_k = sum_a p_k(a)
(log p_k(a))^2 - H_k^2 its variance. Under a true model each term has mean nothing whatever came
before, so z has mean 0, variance 1, and with many decisions a normal law, whichever questions a
history happened to ask (Seillier-Moiseiwitsch and Dawid 1993, "On testing the validity of sequential
probability forecasts"; prequential: Dawid 1984). Above 0 the decisions are more typical than
expected, below 0 more surprising.
"""

from __future__ import annotations

from math import fsum, log, sqrt
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.inference.filter.items import Item


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


def surprise(items: Iterable[Item], foreseen: Mapping[str, Mapping[str, float]]) -> Surprise:
    """The surprise of the decisions among some items; ``foreseen`` as in ``Posterior.foreseen``.

    A decision of open key is left out, since which question it was is known by its answer; so is
    one that no particle came to.
    """
    terms, variances = [], []
    for item in items:
        shares = foreseen.get(item.name, {})
        if item.imposition is None or item.imposition.is_open or len(shares) < 2:
            continue
        logs = {answer: log(p) for answer, p in shares.items() if p}
        entropy = -fsum(shares[answer] * value for answer, value in logs.items())
        squares = fsum(shares[answer] * value**2 for answer, value in logs.items())
        if item.imposition.chose in logs:
            terms.append(logs[item.imposition.chose] + entropy)
            variances.append(max(squares - entropy**2, 0.0))
    return Surprise(len(terms), fsum(terms), fsum(variances))
