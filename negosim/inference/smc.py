"""Particles: posterior Worlds by taking the evidence in piece by piece.

Sequential Monte Carlo samplers (Del Moral, Doucet and Jasra 2006). When the weights grow uneven,
particles are resampled and then moved (``moves``), so that early paths do not stay those of a few
ancestors; what comes after the evidence so far is drawn anew.

A fact that few particles bear out is given several futures of each; ``scouting`` settles how many.
Particles live on islands that never meet: what the islands disagree about is the Monte Carlo error.
"""

from __future__ import annotations

from math import ceil, exp, fsum, inf, log
from typing import TYPE_CHECKING

from attrs import Factory, define, evolve

from negosim.inference.conditioning import Draw, Island
from negosim.inference.kernels import Moves
from negosim.inference.weights import effective_size
from negosim.sim.chance import World
from negosim.sim.noise import UNIT, noise_key, uniform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.inference.conditioning import Abduction, Evidence, Life, Stage

ISLAND = 250
"""Particles that are resampled among themselves."""
MOVES, LAST_MOVES = 2, 24
"""Moves after a resampling, times the logarithm of how uneven weights were, and after all evidence."""


def particles(
    abduction: Abduction, seed: int, number: int, size: int = ISLAND, *,
    futures: Mapping[str, int] | None = None, moves: int = MOVES, last_moves: int = LAST_MOVES,
) -> Island:  # fmt: skip
    """The posterior draws of island ``number``; none where no particle bears the evidence out."""
    trial = Trial(abduction, seed, number, size, moves, dict(futures or {}))
    trial.begin()
    while trial.next_stage is not None:
        if not trial.take():
            return Island((), -inf, tuple(trial.stages))
    trial.move(last_moves)
    return trial.landed()


@define
class Trial:
    """One island at work; ``upto`` pieces of evidence are in.

    ``futures`` says how many each particle is given for a piece, by its name.
    """

    abduction: Abduction
    seed: int
    number: int
    size: int
    moves: int
    futures: dict[str, int] = Factory(dict)
    upto: int = 0
    log_evidence: float = 0.0
    lives: list[Life] = Factory(list)
    weights: list[float] = Factory(list)
    stages: list[tuple[float, ...]] = Factory(list)
    _served: int = 0

    @property
    def next_stage(self) -> Stage | None:
        """The next piece of evidence; None when all is in."""
        return self.abduction.stages[self.upto] if self.upto < len(self.abduction.stages) else None

    @property
    def target(self) -> Moves:
        """Moves that leave the posterior of the evidence so far as it is."""
        return Moves(self.abduction, self.upto)

    def copy(self) -> Trial:
        """The island as it stands, to come back to."""
        return evolve(self, stages=list(self.stages))

    def go_on(self, evidence: Evidence) -> None:
        """Go on with other evidence ahead."""
        self.abduction = evolve(self.abduction, evidence=evidence)
        self.renew()

    def begin(self) -> None:
        """Draw every particle from the prior."""
        first = self.number * self.size
        worlds = [World(self.seed, first + place) for place in range(self.size)]
        self.lives = [self.abduction.live(world, thorough=True) for world in worlds]
        self.weights = [1.0] * self.size

    def take(self) -> bool:
        """Take the next piece of evidence in; False when no particle bears it out."""
        stage = self.abduction.stages[self.upto]
        lives = self.tried(self.futures.get(stage.name, 1))
        weights = self.weights_after(lives)
        if not any(weights):
            return False
        self.upto += 1
        times = len(lives) // self.size
        scale = exp(self.log_evidence) * self.size / fsum(self.weights)
        self.stages.append(tuple(weight * scale for weight in weights))
        self.log_evidence += log(fsum(weights) / fsum(self.weights) / times)
        if times == 1 and effective_size(weights) >= self.size / 2:
            self.weights = weights
            return True
        self.lives = [lives[place] for place in resampled(weights, self.size, self.next())]
        self.weights = [1.0] * self.size
        self.move(ceil(self.moves * log(len(lives) / effective_size(weights))))
        self.renew()
        return True

    def tried(self, times: int, lives: Sequence[Life] = ()) -> list[Life]:
        """The particles, each with so many futures as far as the next piece; ``lives`` are there already."""
        found = list(lives or self.lives)
        target = self.target
        while len(found) < self.size * times:
            found += [target.with_future(one, self.next(), self.upto + 1) for one in self.lives]
        return found

    def weights_after(self, lives: Sequence[Life]) -> list[float]:
        """What particles and their futures weigh with the next piece of evidence."""
        spread = self.weights * (len(lives) // self.size)
        return [weight * life.factors[self.upto] for weight, life in zip(spread, lives, strict=True)]

    def landed(self) -> Island:
        """The draws as they stand, each replayed to the end of the evidence."""
        self.renew()
        total = fsum(self.weights)
        draws = tuple(
            Draw(one, self.log_evidence + log(weight * self.size / total), log(one.likelihood()), self.number)
            for one, weight in zip(self.lives, self.weights, strict=True)
            if weight
        )
        return Island(draws, self.log_evidence, tuple(self.stages))

    def move(self, moves: int) -> None:
        """Move every particle so many times."""
        target = self.target
        for _ in range(moves):
            self.lives = [target.moved(one, self.next()) for one in self.lives]

    def renew(self) -> None:
        """Draw anew what comes after the evidence so far."""
        target = self.target
        self.lives = [target.with_future(one, self.next()) for one in self.lives]

    def next(self) -> World:
        """A run number that no particle and no other island uses; the one below it is free too."""
        self._served += 2
        return World(self.seed, -(self.number * 10**9 + self._served))


def resampled(weights: Sequence[float], count: int, draw: World) -> list[int]:
    """The places of ``count`` particles, in proportion to weight (systematic resampling)."""
    total = fsum(weights)
    mark = uniform(noise_key(draw.seed, draw.run), "posterior", "resample") / UNIT
    found: list[int] = []
    reached = 0.0
    for place, weight in enumerate(weights):
        reached += weight / total * count
        while len(found) < count and mark + len(found) < reached:
            found.append(place)
    last = max(place for place, weight in enumerate(weights) if weight)
    return found + [last] * (count - len(found))
