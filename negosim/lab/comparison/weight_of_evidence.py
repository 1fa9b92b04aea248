"""Clue by clue: how much each piece of the record speaks for an account against the others together.

The evidence is taken in the order of dates. With W_k the mean over replays of the product of the
first k factors (a documented choice and its date; whether a disputed fact followed), W_k / W_(k-1)
is how probable an account makes piece k after what came before. Its weight of evidence (Good
1950) is ten times the decimal logarithm of that share over the same share in the other accounts
together, so that the pieces add up to the whole.
"""

from __future__ import annotations

from math import fsum, log, log10, sqrt
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from negosim.inference.evidence import end_of
from negosim.inference.weights import NONE_OF_N, effective_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.lab.forecast.continuation import Gone
    from negosim.record.model import Fact, Record
    from negosim.sim.chance import Imposition



@frozen
class Stage:
    """A piece of evidence: the fact, the address where it is a decision, and its place in a run."""

    fact: str
    address: str
    minute: int
    place: int

    def factor(self, run: Gone) -> float:
        """What the piece multiplies the weight of a run by."""
        return run.steps[self.place] if self.address else float(run.hits[self.place])


@frozen
class Clue:
    """A piece's weight of evidence for an account against the others together, in decibels.

    ``decibels`` is None where nobody, here or elsewhere, bore the piece out, or no replay came so
    far. ``bound``: no replay bore it out here ("at most") or elsewhere ("at least"), so that the
    figure is a limit and has no error.
    """

    fact: str
    address: str
    decibels: float | None
    se: float | None
    bound: Literal["", "at most", "at least"] = ""


def stages(impositions: Sequence[Imposition], facts: Sequence[Fact], record: Record) -> tuple[Stage, ...]:
    """The pieces in the order of their dates."""
    found = [Stage(one.fact, one.address, one.latest, place) for place, one in enumerate(impositions)]
    found += [Stage(one.id, "", end_of(one, record), place) for place, one in enumerate(facts)]
    return tuple(sorted(found, key=lambda one: one.minute))


def clues(pieces: Sequence[Stage], played: Mapping[str, Sequence[Gone]]) -> dict[str, tuple[Clue, ...]]:
    """Each account's clues; ``played`` are thorough replays on the same chance."""
    before = {name: [1.0] * len(runs) for name, runs in played.items()}
    found: dict[str, list[Clue]] = {name: [] for name in played}
    for piece in pieces:
        after = {
            name: [weight and weight * piece.factor(run) for weight, run in zip(before[name], runs, strict=True)]
            for name, runs in played.items()
        }
        for name in played:
            others = [other for other in played if other != name]
            rest = _summed([before[other] for other in others]), _summed([after[other] for other in others])
            found[name].append(_clue(piece, (before[name], after[name]), rest))
        before = after
    return {name: tuple(own) for name, own in found.items()}


def _summed(rows: Sequence[Sequence[float]]) -> list[float]:
    return [fsum(column) for column in zip(*rows, strict=True)]


def _clue(
    piece: Stage, own: tuple[Sequence[float], Sequence[float]], rest: tuple[Sequence[float], Sequence[float]]
) -> Clue:
    """One piece's clue from the weights of the same runs before and after it, here and elsewhere."""
    sums = [fsum(row) for row in (*own, *rest)]
    before, after, rest_before, rest_after = sums
    if not (before and rest_before) or not (after or rest_after):
        return Clue(piece.fact, piece.address, None, None)
    if not after:
        share = min(NONE_OF_N / effective_size(own[0]), 1.0)
        return Clue(piece.fact, piece.address, 10 * log10(share / (rest_after / rest_before)), None, "at most")
    if not rest_after:
        share = min(NONE_OF_N / effective_size(rest[0]), 1.0)
        return Clue(piece.fact, piece.address, 10 * log10(after / before / share), None, "at least")
    parts = [
        b / after - a / before - d / rest_after + c / rest_before
        for a, b, c, d in zip(*own, *rest, strict=True)
    ]
    se = sqrt(fsum(part * part for part in parts))
    ratio = (after / before) / (rest_after / rest_before)
    return Clue(piece.fact, piece.address, 10 * log10(ratio), 10 / log(10) * se)
