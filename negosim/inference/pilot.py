"""Scouting: an island that is thrown away settles how the others reach what is hard to reach.

A fact that few particles bear out is given several futures of each. Where a few would not do, it is
taken in before the decisions that lead up to it, so that futures begin before those; where many
would not do either it is left out, and the answer says so. Since all this is settled beforehand,
estimates stay unbiased.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from attrs import Factory, evolve, frozen

from negosim.inference.smc import ISLAND, MOVES, Trial
from negosim.inference.weights import effective_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.inference.conditioning import Abduction, Evidence, Life

ENOUGH, FEWEST = 0.25, 0.05
"""Futures are added until so large a share of the particles has one that bears a fact out; with
less than the second share a fact is left out."""
FEW, MOST = 4, 32
"""Futures of each particle: one that needs more than the first is taken ahead, and more than the
second are not tried."""
PILOT = 10**6
"""The number of the pilot's island."""


@frozen
class Plan:
    """How many futures some facts need, which are taken ahead, and which are left out."""

    futures: Mapping[str, int] = Factory(dict)
    ahead: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    def kept(self, evidence: Evidence) -> Evidence:
        """The evidence without the facts left out, in the order found."""
        kept = evidence
        for name in self.left_out:
            kept = kept.without(name)
        return evolve(kept, ahead=self.ahead)


def pilot(abduction: Abduction, seed: int, size: int = ISLAND, moves: int = MOVES) -> Plan:
    """What an island finds out for the others."""
    trial = Trial(abduction, seed, PILOT, size, moves)
    trial.begin()
    before, left_out = trial.copy(), []
    while (stage := trial.next_stage) is not None:
        evidence = trial.abduction.evidence
        if stage.fact is not None and stage.name not in evidence.ahead and not _reaches(trial, stage.name, FEW):
            trial = before.copy()
            trial.go_on(evolve(evidence, ahead=(*evidence.ahead, stage.name)))
            if not _reaches(trial, stage.name, MOST):
                left_out.append(stage.name)
                trial.go_on(evidence.without(stage.name))
        elif not trial.take():
            break
        elif stage.fact is not None:
            before = trial.copy()
    return Plan(trial.futures, trial.abduction.evidence.ahead, tuple(left_out))


def _reaches(trial: Trial, name: str, most: int) -> bool:
    """Whether enough particles bear the next fact out, with as many futures as that needs."""
    lives, share = trial.tried(1), 0.0
    while (share := _share(trial, lives)) < ENOUGH and (times := len(lives) // trial.size) < most:
        lives = trial.tried(times + 1, lives)
    trial.futures[name] = len(lives) // trial.size
    return share >= (ENOUGH if most == FEW else FEWEST)


def _share(trial: Trial, lives: Sequence[Life]) -> float:
    """How large a share of the particles has a future with the next piece, as sizes of samples go."""
    weights = trial.weights_after(lives)
    own = [fsum(weights[place :: trial.size]) for place in range(trial.size)]
    return effective_size(own) / trial.size if any(own) else 0.0
