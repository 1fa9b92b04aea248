"""Particles: posterior Worlds by taking the evidence in piece by piece.

Sequential Monte Carlo samplers (Del Moral, Doucet and Jasra 2006). When the weights grow uneven,
particles are resampled and then moved (``moves``), so that early paths do not stay those of a few
ancestors; what comes after the evidence so far is drawn anew.

A fact that hardly any particle bears out is given several futures of each. How many is settled by a
pilot, so that estimates stay unbiased; so is which facts must be left out. Particles live on islands
that never meet: what the islands disagree about is the Monte Carlo error.
"""

from __future__ import annotations

from math import ceil, exp, fsum, inf, log
from typing import TYPE_CHECKING

from attrs import Factory, define, frozen

from negosim.lab.moves import Moves
from negosim.lab.scores import effective
from negosim.lab.worlds import Draw, Evidence, Island, Life
from negosim.sim.chance import World
from negosim.sim.noise import UNIT, noise_key, uniform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.lab.worlds import Abduction, Stage

ISLAND = 250
"""Particles that are resampled among themselves."""
MOVES, LAST_MOVES = 3, 10
"""Moves after a resampling, times the logarithm of how uneven weights were, and after all evidence."""
ENOUGH = 12
"""So many of a pilot's particles must bear a fact out, over all their futures."""
FUTURES = 24
"""More futures of each than this, and a fact is left out."""
PILOT = 10**6
"""The number of the pilot's island."""


@frozen
class Plan:
    """What a pilot settled: how many futures some pieces of evidence need, and facts left out."""

    futures: Mapping[str, int] = Factory(dict)
    left_out: tuple[str, ...] = ()

    def kept(self, evidence: Evidence) -> Evidence:
        """The evidence without the facts left out."""
        pairs = [
            (fact, end)
            for fact, end in zip(evidence.facts, evidence.ends, strict=True)
            if fact.id not in self.left_out
        ]
        return Evidence(evidence.impositions, tuple(fact for fact, _ in pairs), tuple(end for _, end in pairs))


def pilot(abduction: Abduction, seed: int, size: int = ISLAND, moves: int = MOVES) -> Plan:
    """How many futures each piece of evidence needs, found on an island that is then thrown away."""
    trial = _Trial(abduction, seed, PILOT, size, moves, scouting=True)
    trial.run()
    return Plan(trial.futures, tuple(trial.left_out))


def particles(
    abduction: Abduction, seed: int, number: int, size: int = ISLAND, *,
    futures: Mapping[str, int] | None = None, moves: int = MOVES, last_moves: int = LAST_MOVES,
) -> Island:  # fmt: skip
    """The posterior draws of island ``number``; none where no particle bears the evidence out."""
    trial = _Trial(abduction, seed, number, size, moves, dict(futures or {}))
    if not trial.run():
        return Island((), -inf, tuple(trial.stages))
    trial.move(last_moves)
    return trial.landed()


@define
class _Trial:
    """One island at work; ``upto`` pieces of evidence are in.

    A scout adds futures until enough particles bear a fact out, or leaves it out.
    """

    abduction: Abduction
    seed: int
    number: int
    size: int
    moves: int
    futures: dict[str, int] = Factory(dict)
    scouting: bool = False
    left_out: list[str] = Factory(list)
    upto: int = 0
    log_evidence: float = 0.0
    lives: list[Life] = Factory(list)
    weights: list[float] = Factory(list)
    stages: list[tuple[float, ...]] = Factory(list)
    served: int = 0

    def run(self) -> bool:
        """Take the evidence in; False when no particle is left."""
        first = self.number * self.size
        worlds = [World(self.seed, first + place) for place in range(self.size)]
        self.lives = [self.abduction.live(world, thorough=True) for world in worlds]
        self.weights = [1.0] * self.size
        for stage in self.abduction.stages:
            self.upto += 1
            lives, weights = self._tried(stage)
            if stage.name in self.left_out:
                continue
            if not any(weights):
                return False
            times = len(lives) // self.size
            scale = exp(self.log_evidence) * self.size / fsum(self.weights)
            self.stages.append(tuple(weight * scale for weight in weights))
            self.log_evidence += log(fsum(weights) / fsum(self.weights) / times)
            if times == 1 and effective(weights) >= self.size / 2:
                self.weights = weights
                continue
            self.lives = [lives[place] for place in resampled(weights, self.size, self._next())]
            self.weights = [1.0] * self.size
            self.move(ceil(self.moves * log(len(lives) / effective(weights))))
            target = self._target(self.upto)
            self.lives = [target.with_future(one, self._next()) for one in self.lives]
        return True

    def landed(self) -> Island:
        """The draws as they stand, each replayed to the end of the evidence."""
        target = self._target(self.upto)
        self.lives = [target.with_future(one, self._next()) for one in self.lives]
        total = fsum(self.weights)
        draws = tuple(
            Draw(one, self.log_evidence + log(weight * self.size / total), log(one.likelihood()), self.number)
            for one, weight in zip(self.lives, self.weights, strict=True)
            if weight
        )
        return Island(draws, self.log_evidence, tuple(self.stages))

    def _tried(self, stage: Stage) -> tuple[list[Life], list[float]]:
        """The particles, each as often as it has futures, with their weights after a stage."""
        lives, weights = list(self.lives), list(self.weights)
        before = self.upto - 1
        settled = self._target(before)

        def after() -> list[float]:
            spread = weights * (len(lives) // self.size)
            return [weight * life.factors[before] for weight, life in zip(spread, lives, strict=True)]

        wanted = self.futures.get(stage.name, 1)
        scouting = self.scouting and stage.fact is not None
        while len(lives) < self.size * (FUTURES if scouting else wanted):
            if scouting and effective(after()) >= ENOUGH:
                break
            lives += [settled.with_future(one, self._next(), self.upto) for one in self.lives]
        found = after()
        if scouting:
            self.futures[stage.name] = len(lives) // self.size
            if effective(found) < ENOUGH:
                self.left_out.append(stage.name)
        return lives, found

    def move(self, moves: int) -> None:
        """Move every particle so many times."""
        target = self._target(self.upto)
        for _ in range(moves):
            self.lives = [target.moved(one, self._next()) for one in self.lives]

    def _target(self, upto: int) -> Moves:
        return Moves(self.abduction, upto, tuple(self.left_out))

    def _next(self) -> World:
        """A run number that no particle and no other island uses; the one below it is free too."""
        self.served += 2
        return World(self.seed, -(self.number * 10**9 + self.served))


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
