"""An island: particles that take the items in together and are resampled among themselves."""

from __future__ import annotations

from itertools import groupby
from math import exp, fsum, inf, log
from typing import TYPE_CHECKING, Protocol

from attrs import Factory, define, evolve, frozen

from negosim.inference.filter.guide import Guide
from negosim.inference.filter.particle import DEFENCE, Particle, dated
from negosim.inference.weights import effective_size
from negosim.sim.chance import World
from negosim.sim.noise import UNIT, noise_key, softmax, uniform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.inference.filter.items import Item
    from negosim.inference.filter.particle import Conditioning

RUNS = 10**9
"""Run numbers of one island."""
RESAMPLE_BELOW = 0.3
"""Particles are resampled when their effective size falls below this share of their number.

Most of the time goes into rebuilding copies: half (the usual figure) costs a quarter more and gains nothing.
"""


class Observer(Protocol):
    """Whoever looks at the particles while items are settled: learning does."""

    def settled(self, due: Sequence[Item], particles: Sequence[Particle], log_weights: Sequence[float]) -> None:
        """Items were settled; ``log_weights`` are those before them."""


@frozen
class Draw:
    """A posterior World with its weight (a logarithm, comparable between islands) and its island.

    ``holds`` says of each item whether it holds, ``answers`` what was chosen where nothing was
    imposed, by address.
    """

    world: World
    log_weight: float
    island: int
    holds: Mapping[str, bool]
    answers: Mapping[str, str] = Factory(dict)


@frozen(kw_only=True)
class IslandResult:
    """What an island found: its draws, and of each item the logarithm of its prediction.

    ``foreseen`` says of each documented decision how probable its answers were before it was
    known. ``log_predictions`` are P(item | items before it), under each item's name (of a decision, its
    date apart: see ``dated``); their sum is the logarithm of the evidence. ``plays`` counts runs in
    units of whole ones, ``broken`` those that a mistake of the story ended, by its words; ``stages``
    are the minutes at which particles were resampled.
    """

    draws: tuple[Draw, ...]
    log_predictions: Mapping[str, float]
    plays: float
    foreseen: Mapping[str, Mapping[str, float]] = Factory(dict)
    broken: Mapping[str, int] = Factory(dict)
    stages: tuple[int, ...] = ()

    @property
    def log_evidence(self) -> float:
        """The logarithm of the probability of all items."""
        return fsum(self.log_predictions.values())

    def spread(self, count: int) -> IslandResult:
        """The island with so many of its draws, evenly spread, which weigh as much as all of them."""
        places = sorted({place * len(self.draws) // count for place in range(count)}) if self.draws else []
        return self._with([self.draws[place] for place in places])

    def _with(self, kept: Sequence[Draw]) -> IslandResult:
        if len(kept) == len(self.draws):
            return self
        gain = log_sum([draw.log_weight for draw in self.draws]) - log_sum([draw.log_weight for draw in kept])
        return evolve(self, draws=tuple(evolve(draw, log_weight=draw.log_weight + gain) for draw in kept))


@define(kw_only=True)
class Island:
    """``size`` particles of island ``number`` at work; what ``begun`` holds all of them have drawn already."""

    conditioning: Conditioning
    guide: Guide
    seed: int
    number: int
    size: int
    observer: Observer | None = None
    begun: Mapping[tuple[str, str], int] = Factory(dict)
    particles: list[Particle] = Factory(list)
    log_predictions: dict[str, float] = Factory(dict)
    plays: float = 0.0
    _foreseen: dict[str, dict[str, float]] = Factory(dict)
    _stages: list[int] = Factory(list)
    _run: int = 0

    def run(self) -> IslandResult:
        """Take all items in, and draw Worlds from what is left."""
        self.take_in()
        result = self._result()
        self.adjourn()
        return result

    def take_in(self) -> None:
        """Take all items in; the particles stand where they ended, for whoever looked on needs no more."""
        self.particles = [
            Particle.start(
                self.conditioning,
                self.guide,
                World(self.seed, self._next_run(), self.begun),
                follows=follows,
            )
            for follows in self._following()
        ]
        for minute, group in groupby(self.conditioning.items, key=lambda item: item.due):
            if not self._take(minute, tuple(group)):
                break
        self.plays += self.size

    def adjourn(self) -> None:
        """Let everybody go home."""
        for particle in self.particles:
            particle.live.room.adjourn()

    def _take(self, minute: int, due: tuple[Item, ...]) -> bool:
        """Take in the items that are due; False when no particle is left that bears them out.

        A story that raises in every particle raises here.
        """
        for particle in self.particles:
            particle.advance(minute)
        errors = [particle.broken for particle in self.particles if particle.broken is not None]
        if errors and len(errors) == self.size:
            raise errors[0]
        before = [particle.log_weight for particle in self.particles]
        factors = [particle.settle(due) for particle in self.particles]
        self._foresee(before, factors)
        self._predict(before, factors, due)
        if self.observer is not None:
            self.observer.settled(due, self.particles, before)
        if not any(particle.log_weight > -inf for particle in self.particles):
            return False
        scores = [particle.log_weight + particle.promise for particle in self.particles]
        uneven = effective_size(weights_of(scores)) < RESAMPLE_BELOW * self.size
        if uneven and due[-1] is not self.conditioning.items[-1]:
            self._resample(scores, minute)
        return True

    def _foresee(self, before: Sequence[float], factors: Sequence[Mapping[str, float]]) -> None:
        """Note how probable each answer was where a documented decision was just imposed."""
        decisions = {item.name: item.imposition for item in self.conditioning.items if item.imposition is not None}
        total = log_sum(before)
        for particle, log_weight, factor in zip(self.particles, before, factors, strict=True):
            for name in decisions.keys() & factor.keys():
                asked = next(
                    (
                        question
                        for question in particle.dice.asked
                        if question.imposition == decisions[name]
                    ),
                    None,
                )
                if asked is not None and log_weight > -inf:
                    weight = exp(log_weight - total + factor.get(dated(name), 0.0))
                    shares = self._foreseen.setdefault(name, {})
                    for answer, p in zip(asked.alternatives, softmax(asked.utilities), strict=True):
                        shares[answer] = shares.get(answer, 0.0) + weight * p

    def _predict(
        self, before: Sequence[float], factors: Sequence[Mapping[str, float]], due: Sequence[Item]
    ) -> None:
        """Divide what the weights lost among the items, in the order of the items."""
        logs = list(before)
        first = due[0].name
        changed = {name for changed_by in factors for name in changed_by}
        names = [name for item in self.conditioning.items for name in (dated(item.name), item.name)]
        order = [first, *(name for name in names if name in changed and name != first)]
        reached = log_sum(logs)
        for name in order:
            for place, changed_by in enumerate(factors):
                logs[place] += changed_by.get(name, 0.0) + (changed_by.get("", 0.0) if name == first else 0.0)
                if self.particles[place].broken:
                    logs[place] = -inf
            now = log_sum(logs)
            if now == -inf:
                self.log_predictions[name] = -inf
                return
            self.log_predictions[name] = self.log_predictions.get(name, 0.0) + now - reached
            reached = now

    def _resample(self, scores: Sequence[float], minute: int) -> None:
        """Systematic resampling by score; what a score promised beyond the weight is given back."""
        self._stages.append(minute)
        weights = weights_of(scores)
        mean = max(scores) + log(fsum(weights) / self.size)
        chosen = resampled(weights, self.size, self.seed, self._next_run())
        share = minute / self.conditioning.scenario.ends
        survivors: dict[int, Particle] = {}
        particles = []
        for place, follows in zip(chosen, self._following(), strict=True):
            parent = self.particles[place]
            if place not in survivors:
                survivors[place] = particle = parent
                log_weight = parent.log_weight - scores[place] + mean
                particle.log_weight = log_weight
                particle.begin_segment(follows=follows)
            else:
                particle = parent.copy(self.guide, self.seed, self._next_run(), minute, follows=follows)
                self.plays += share
            particles.append(particle)
        for place, particle in enumerate(self.particles):
            if place not in survivors:
                particle.live.room.adjourn()
        self.particles = particles

    def _result(self) -> IslandResult:
        broken: dict[str, int] = {}
        for particle in self.particles:
            if particle.broken is not None:
                words = str(particle.broken)
                broken[words] = broken.get(words, 0) + 1
        draws = tuple(
            Draw(particle.world(self.seed, self._next_run()), log_weight, self.number, particle.holds, particle.answers)
            for particle, log_weight in self._drawn()
        )
        foreseen = {name: _normalised(shares) for name, shares in sorted(self._foreseen.items())}
        return IslandResult(
            draws=draws,
            log_predictions=self.log_predictions,
            plays=self.plays,
            foreseen=foreseen,
            broken=broken,
            stages=tuple(self._stages),
        )

    def _drawn(self) -> list[tuple[Particle, float]]:
        """The particle of each draw, with the draw's weight: by weight where that is uneven.

        Particles drawn twice need no copies: they are not played on, and each World redraws what the path leaves open.
        """
        logs = [particle.log_weight for particle in self.particles]
        weights = weights_of(logs)
        if not any(weights) or effective_size(weights) >= RESAMPLE_BELOW * self.size:
            return [(particle, term) for particle, term in zip(self.particles, logs, strict=True) if term > -inf]
        mean = log_sum(logs) - log(self.size)
        return [(self.particles[place], mean) for place in resampled(weights, self.size, self.seed, self._next_run())]

    def _following(self) -> list[bool]:
        """By place, whether a particle follows the guide until the next resampling.

        A share ``DEFENCE`` does not, as evenly as can be: counted from a mark that is the island's
        own, or all islands would be wrong in the same way.
        """
        mark = uniform(noise_key(self.seed, self._next_run()), "posterior", "follows the guide") / UNIT
        return [
            int(mark + (place + 1) * DEFENCE) == int(mark + place * DEFENCE) for place in range(self.size)
        ]

    def _next_run(self) -> int:
        """A run number that nothing else of any island uses."""
        self._run += 1
        return self.number * RUNS + self._run


def log_sum(logs: Sequence[float]) -> float:
    """The logarithm of a sum given as logarithms."""
    top = max(logs)
    return top + log(fsum(exp(term - top) for term in logs)) if top > -inf else -inf


def resampled(weights: Sequence[float], count: int, seed: int, run: int) -> list[int]:
    """The places of ``count`` particles, in proportion to weight (systematic resampling)."""
    total = fsum(weights)
    mark = uniform(noise_key(seed, run), "posterior", "resample") / UNIT
    places: list[int] = []
    reached = 0.0
    for place, weight in enumerate(weights):
        reached += weight / total * count
        while len(places) < count and mark + len(places) < reached:
            places.append(place)
    last = max(place for place, weight in enumerate(weights) if weight)
    return places + [last] * (count - len(places))


def _normalised(shares: Mapping[str, float]) -> dict[str, float]:
    total = fsum(shares.values())
    return {name: share / total for name, share in shares.items()} if total else {}


def weights_of(logs: Sequence[float]) -> list[float]:
    """Weights given as logarithms, the largest of them one."""
    top = max(logs)
    return [exp(term - top) for term in logs] if top > -inf else [0.0 for _ in logs]
