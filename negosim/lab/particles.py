"""Particles: posterior Worlds by taking the evidence in piece by piece.

Sequential Monte Carlo samplers (Del Moral, Doucet and Jasra 2006). When the weights grow uneven,
particles are resampled and then moved, each move leaving the posterior of the evidence so far as it
is, so that early paths do not stay those of a few ancestors:

- *weights given the path*: given what everybody chose, noise is out of the question and the
  preference weights have a likelihood in closed form; they take steps that keep their prior
  (preconditioned Crank-Nicolson, Cotter et al. 2013), and the noise of free choices is drawn again
  given the path;
- *noise given the weights*: the noise at some addresses, picked by name before it is known what
  that would change, is drawn anew, the World replayed, and kept or not by the factors so far
  (Metropolis). Addresses only one of the two paths asks have noise that cancels out;
- *the future*: what is drawn after the evidence so far was settled is drawn anew.

A fact that hardly any particle bears out is given several futures of each. How many is settled by a
pilot, so that estimates stay unbiased; so is which facts must be left out. Particles live on islands
that never meet: what the islands disagree about is the Monte Carlo error.
"""

from __future__ import annotations

from math import exp, fsum, inf, log, prod, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from attrs import Factory, define, frozen

from negosim.core import events as e
from negosim.lab.scores import effective
from negosim.lab.worlds import Draw, Evidence, Island, Life, noise_of, weights_of
from negosim.sim.chance import World
from negosim.sim.noise import (
    UNIT,
    bands,
    gumbel,
    gumbels_given,
    noise_key,
    softmax,
    uniform,
    uniform_given,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.lab.worlds import Abduction, Stage
    from negosim.sim.chance import Asked
    from negosim.sim.decisions import Weight

ISLAND = 250
"""Particles that are resampled among themselves."""
MOVES, LAST_MOVES = 3, 20
"""Moves after each resampling, and after all evidence is in."""
STEPS = 6
"""Steps of the weights in each move; how far each goes is drawn anew."""
FEWEST = 5.0
"""A move redraws each address with a probability from exp(-FEWEST) to 1, even on a log scale."""
ENOUGH = 12
"""So many of a pilot's particles must bear a fact out, over all their futures."""
FUTURES = 24
"""More futures of each than this, and a fact is left out."""
PILOT = 10**6
"""The number of the pilot's island."""
_NORMAL = NormalDist()


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
        return Island((), -inf)
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
    served: int = 0

    def run(self) -> bool:
        """Take the evidence in; False when no particle is left."""
        first = self.number * self.size
        worlds = [World(self.seed, first + place) for place in range(self.size)]
        self.lives = [self.abduction.live(world, thorough=True) for world in worlds]
        self.weights = [1.0] * self.size
        for self.upto, stage in enumerate(self.abduction.stages, 1):
            lives, weights = self._tried(stage)
            if stage.name in self.left_out:
                continue
            if not any(weights):
                return False
            times = len(lives) // self.size
            self.log_evidence += log(fsum(weights) / fsum(self.weights) / times)
            if times == 1 and effective(weights) >= self.size / 2:
                self.weights = weights
                continue
            self.lives = [lives[place] for place in resampled(weights, self.size, self._next())]
            self.weights = [1.0] * self.size
            self.move(self.moves)
            self.lives = [self._with_future(one, self.upto) for one in self.lives]
        return True

    def landed(self) -> Island:
        """The draws as they stand."""
        total = fsum(self.weights)
        draws = tuple(
            Draw(
                one.run.world, self.log_evidence + log(weight * self.size / total),
                log(self._likelihood(one)), self.number, noise_of(one.run),
            )
            for one, weight in zip(self.lives, self.weights, strict=True)
            if weight
        )  # fmt: skip
        return Island(draws, self.log_evidence)

    def _tried(self, stage: Stage) -> tuple[list[Life], list[float]]:
        """The particles, each as often as it has futures, with their weights after a stage."""
        lives, weights = list(self.lives), list(self.weights)
        before = self.upto - 1

        def after() -> list[float]:
            spread = weights * (len(lives) // self.size)
            return [weight * life.factors[before] for weight, life in zip(spread, lives, strict=True)]

        wanted = self.futures.get(stage.name, 1)
        scouting = self.scouting and stage.fact is not None
        while len(lives) < self.size * (FUTURES if scouting else wanted):
            if scouting and effective(after()) >= ENOUGH:
                break
            lives += [self._with_future(one, before) for one in self.lives]
        found = after()
        if scouting:
            self.futures[stage.name] = len(lives) // self.size
            if effective(found) < ENOUGH:
                self.left_out.append(stage.name)
        return lives, found

    # ── moves ────────────────────────────────────────────────────────────────────────────────

    def move(self, moves: int) -> None:
        """Move every particle so many times."""
        self.lives = [self._moved(one, moves) for one in self.lives]

    def _moved(self, one: Life, moves: int) -> Life:
        for _ in range(moves):
            one = self._noise_moved(self._weights_moved(one))
        return one

    def _with_future(self, one: Life, upto: int) -> Life:
        """The particle with all drawn anew that came after the first ``upto`` stages were settled."""
        last = self._last(one, upto)
        world = World(self.seed, self._next().run, {**weights_of(one.run), **noise_of(one.run, last)})
        return self.abduction.live(world, thorough=True)

    def _last(self, one: Life, upto: int) -> int:
        return max(one.settled[:upto], default=-1)

    def _likelihood(self, one: Life) -> float:
        """The product of the factors so far, without what is left out."""
        factors = zip(self.abduction.stages[: self.upto], one.factors, strict=False)
        return prod(factor for stage, factor in factors if stage.name not in self.left_out)

    def _lived(self, run: int, values: Mapping[tuple[str, str], int]) -> Life:
        """A World as far as the evidence so far."""
        return self.abduction.live(World(self.seed, run, values), self.upto, thorough=self.scouting)

    def _noise_moved(self, one: Life) -> Life:
        """The noise at some addresses drawn anew, or the particle as it was."""
        draw = self._next()
        key = noise_key(draw.seed, draw.run)
        share = exp(-FEWEST * _unit(key, "share"))
        noise = noise_of(one.run, self._last(one, self.upto))
        kept = {at: value for at, value in noise.items() if _unit(key, at[0]) > share}
        if len(kept) == len(noise):
            return one
        new = self._lived(draw.run, {**weights_of(one.run), **kept})
        return new if _unit(key, "accept") * self._likelihood(one) < self._likelihood(new) else one

    def _weights_moved(self, one: Life) -> Life:
        """The preference weights after some steps given the path, its free noise drawn anew."""
        draw = self._next()
        key = noise_key(draw.seed, draw.run)
        last = self._last(one, self.upto)
        path, values = self._path(one, last), noise_of(one.run, last)
        for actor, priors in self.abduction.scenario.weights.items():
            own = [face for face in path if face.actor == actor.id]
            weights = self._stepped(dict(one.run.weights[actor.id]), priors, own, key, actor.id)
            values |= {(f"{actor}.weight[{name}]", "weight"): value for name, value in weights.items()}
            for face in own:
                values |= face.noise_given(self._utilities(face, weights), key, values)
        return self._lived(draw.run, values)

    def _stepped(
        self, here: dict[str, int], priors: Mapping[str, Weight], path: Sequence[_Face], key: bytes, actor: str
    ) -> dict[str, int]:
        """One actor's weights after some steps, each accepted by the choices they led to."""
        before = self._log_likelihood(path, here)
        for step in range(STEPS):
            reach = _unit(key, f"reach {actor} {step}")
            there = {}
            for name, prior in priors.items():
                shift = prior.sd * _NORMAL.inv_cdf(_unit(key, f"{actor} {name} {step}"))
                carried = sqrt(1 - reach * reach) * (here[name] - prior.mean)
                there[name] = round(prior.mean + carried + reach * shift)
            after = self._log_likelihood(path, there)
            if log(_unit(key, f"accept {actor} {step}")) < after - before:
                here, before = there, after
        return here

    def _path(self, one: Life, last: int) -> list[_Face]:
        """The choices up to a minute that preference weights have a say in."""
        asked = {each.address: each for each in one.run.asked}
        return [
            _Face(entry.event.by, entry.event.attributes, asked[entry.event.address])
            for entry in one.run.entries
            if isinstance(entry.event, e.Chose) and entry.minute <= last and entry.event.attributes
        ]

    def _utilities(self, face: _Face, weights: Mapping[str, int]) -> Sequence[int]:
        utilities = [sum(weights[name] * value for name, value in row) for row in face.attributes]
        policy = self.abduction.policy
        return utilities if policy is None else policy(face.asked.address, face.asked.alternatives, utilities)

    def _log_likelihood(self, path: Sequence[_Face], weights: Mapping[str, int]) -> float:
        found = 0.0
        for face in path:
            p = softmax(self._utilities(face, weights))[face.taken]
            found += log(p) if p else -inf
        return found

    def _next(self) -> World:
        """A run number that no particle and no other island uses."""
        self.served += 1
        return World(self.seed, -(self.number * 10**9 + self.served))


@frozen
class _Face:
    """One choice of a path: what spoke for each answer, and what was taken."""

    actor: str
    attributes: tuple[tuple[tuple[str, int], ...], ...]
    asked: Asked

    @property
    def taken(self) -> int:
        return self.asked.alternatives.index(self.asked.taken)

    def noise_given(
        self, utilities: Sequence[int], key: bytes, noise: Mapping[tuple[str, str], int]
    ) -> dict[tuple[str, str], int]:
        """New noise of a free choice, given that it came out as it did; nothing where imposed."""
        address, names = self.asked.address, self.asked.alternatives
        if self.asked.how == "imposed":
            return {}
        if self.asked.how == "passed" and self.asked.imposition is not None:
            documented = names.index(self.asked.imposition.chose)
            others = [utility for place, utility in enumerate(utilities) if place != documented]
            taken = self.taken - (self.taken > documented)
            return _banded(address, "instead", others, taken, key)
        if (address, "chance") in noise:
            return _banded(address, "chance", utilities, self.taken, key)
        fresh = [gumbel(uniform(key, address, name)) for name in names]
        shocks = gumbels_given(utilities, fresh, self.taken)
        return {(address, name): shock for name, shock in zip(names, shocks, strict=True)}


def _banded(
    address: str, label: str, utilities: Sequence[int], taken: int, key: bytes
) -> dict[tuple[str, str], int]:
    u = uniform_given(bands(utilities), uniform(key, address, label), taken)
    return {} if u is None else {(address, label): u}


def _unit(key: bytes, name: str) -> float:
    return uniform(key, "posterior", name) / UNIT


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
