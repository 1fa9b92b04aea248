"""Abduction: the Worlds in which a history came out as it is documented.

A particle is a World under imposed decisions, that is keyed noise and weights; replaying it gives
each piece of evidence a factor: the probability of a documented choice, or whether a fact followed.
Evidence is taken in piece by piece, in the order of its dates (sequential Monte Carlo samplers,
Del Moral, Doucet and Jasra 2006). When the weights grow uneven, particles are resampled, their
future is redrawn, and Metropolis moves redraw the preference weights or the noise of some decisions,
each accepted by the factors so far; so early paths do not stay the paths of a few ancestors. What a
move redraws is settled before it is known what it would change: by name, never by time. Particles
live on islands that never meet: what the islands disagree about is the Monte Carlo error.
"""

from __future__ import annotations

from math import exp, fsum, inf, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from negosim.core.errors import NegosimError
from negosim.lab.ensembles import meetings
from negosim.lab.judging import is_borne_out
from negosim.lab.scores import effective
from negosim.sim.chance import Fresh, Imposing, World
from negosim.sim.noise import UNIT, noise_key, uniform
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.record.model import Fact
    from negosim.sim.chance import Imposition, Policy
    from negosim.sim.play import Run
    from negosim.sim.scenario import Scenario

ISLAND = 250
"""Particles that are resampled among themselves."""
MOVES = 4
"""Metropolis moves after each resampling: half redraw weights, half noise."""
STEP = 0.5
"""How far a move carries the weights: 0 not at all, 1 an independent draw from the prior."""
LEAST = 5
"""With fewer effective particles than this left, a fact cannot be conditioned on."""
_NORMAL = NormalDist()


@frozen
class Stage:
    """One piece of evidence: a documented decision, or a fact that must follow; due by a minute."""

    minute: int
    imposition: Imposition | None = None
    fact: Fact | None = None

    @property
    def name(self) -> str:
        """The address of the decision, or the fact's id."""
        return self.imposition.address if self.imposition else self.fact.id if self.fact else ""


@frozen
class Evidence:
    """What is conditioned on: decisions, which are imposed, and facts, which must follow.

    ``ends`` is the minute by which each fact can be judged.
    """

    impositions: tuple[Imposition, ...] = ()
    facts: tuple[Fact, ...] = ()
    ends: tuple[int, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Every piece, in the order of dates."""
        found = [Stage(one.latest, imposition=one) for one in self.impositions]
        found += [Stage(end, fact=fact) for fact, end in zip(self.facts, self.ends, strict=True)]
        return tuple(sorted(found, key=lambda stage: stage.minute))

    @property
    def until(self) -> int:
        """The minute after which nothing more is learned."""
        return max((stage.minute for stage in self.stages), default=-1)


@frozen
class Draw:
    """One posterior World and its weight (relative to the others of all islands, as a logarithm).

    ``likelihood`` is the logarithm of the product of its factors; ``ancestor`` the particle its
    line began with.
    """

    world: World
    log_weight: float
    likelihood: float
    ancestor: int


@frozen
class Island:
    """The draws of one island; ``left_out``: facts that too few of its particles bore out."""

    draws: tuple[Draw, ...]
    log_evidence: float
    left_out: tuple[str, ...] = ()


@define
class Particle:
    """A World under imposed decisions, what replaying it gave, and its weight so far."""

    world: World
    ancestor: int
    factors: Sequence[float] = ()
    settled: Sequence[int] = ()
    run: Run | None = None
    weight: float = 1.0

    def likelihood(self, upto: int, skipped: set[int]) -> float:
        """The product of the first factors."""
        product = 1.0
        for place in range(upto):
            if place not in skipped:
                product *= self.factors[place]
        return product


@frozen
class Abduction:
    """The model and the evidence particles are replayed against."""

    scenario: Scenario
    evidence: Evidence
    policy: Policy | None = None
    stages: tuple[Stage, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "stages", self.evidence.stages)

    def live(
        self, world: World, ancestor: int, *, thorough: bool = True, until: int | None = None
    ) -> Particle:
        """Replay a world: every stage's factor, and the minute by which it was settled.

        ``thorough`` goes on after a documented decision has become impossible; ``until`` stops
        there, when later factors are not asked for.
        """
        run = play(
            self.scenario,
            Imposing(self.evidence.impositions, world),
            until=self.evidence.until + 1 if until is None else until + 1,
            policy=self.policy,
            stop_when_hopeless=not thorough,
        )
        met = dict(zip(self.evidence.impositions, meetings(self.evidence.impositions, run), strict=True))
        at = {one.imposition: one.at for one in run.asked if one.imposition is not None}
        factors, settled = [], []
        for stage in self.stages:
            if stage.imposition is not None:
                factors.append(met[stage.imposition].factor)
                settled.append(at.get(stage.imposition, stage.minute))
            elif stage.fact is not None:
                factors.append(float(is_borne_out(stage.fact, self.scenario, run.entries)))
                settled.append(stage.minute)
        return Particle(world, ancestor, factors, settled, run)

    def island(self, seed: int, number: int, size: int = ISLAND, moves: int = MOVES) -> Island:
        """The posterior draws of island ``number``.

        Raises NegosimError when no particle is left that makes a documented decision in time.
        """
        first = number * size
        particles = [self.live(World(seed, first + place), first + place) for place in range(size)]
        asked = (choice.address for one in particles if one.run for choice in one.run.asked)
        stems = tuple(dict.fromkeys(address.partition("[")[0] for address in asked))
        log_evidence, skipped = 0.0, set[int]()
        fresh = _serial(seed, number)
        for upto, stage in enumerate(self.stages, 1):
            before = [one.weight for one in particles]
            weights = [one.weight * one.factors[upto - 1] for one in particles]
            if stage.fact is not None and effective(weights) < LEAST:
                skipped.add(upto - 1)
                continue
            if not any(weights):
                break
            log_evidence += log(fsum(weights) / fsum(before))
            if effective(weights) >= size / 2:
                for one, weight in zip(particles, weights, strict=True):
                    one.weight = weight
                continue
            particles = [evolve(particles[place], weight=1.0) for place in resampled(weights, next(fresh))]
            particles = [self._moved(one, upto, skipped, fresh, stems, moves) for one in particles]
        return self._landed(particles, log_evidence, skipped)

    def _landed(self, particles: list[Particle], log_evidence: float, skipped: set[int]) -> Island:
        count = len(self.stages)
        total = fsum(one.weight for one in particles)
        alive = [one for one in particles if one.weight and one.likelihood(count, skipped)]
        if not alive:
            return Island((), -inf)
        draws = tuple(
            Draw(
                one.run.world if one.run else one.world,
                log_evidence + log(one.weight / total * len(particles)),
                log(one.likelihood(count, skipped)),
                one.ancestor,
            )
            for one in alive
        )
        return Island(draws, log_evidence, tuple(self.stages[place].name for place in sorted(skipped)))

    # ── moves ────────────────────────────────────────────────────────────────────────────────

    def _moved(
        self, one: Particle, upto: int, skipped: set[int], fresh: Iterator[World],
        stems: Sequence[str], moves: int,
    ) -> Particle:  # fmt: skip
        """A particle after some Metropolis moves that keep the target, with its future redrawn."""
        horizon = max(stage.minute for stage in self.stages[:upto])
        for move in range(moves):
            noise = next(fresh)
            noisy = redrawn(one.world, noise, stems=_some(stems, noise))
            world = noisy if move % 2 else self._nudged(one, noise)
            new = self.live(world, one.ancestor, until=horizon)
            accept = uniform(noise_key(noise.seed, noise.run), "posterior", "accept") / UNIT
            if accept * one.likelihood(upto, skipped) < new.likelihood(upto, skipped):
                one = new
        last = max(one.settled[:upto])
        return self.live(redrawn(one.world, next(fresh), last), one.ancestor)

    def _nudged(self, one: Particle, noise: World) -> World:
        """The world with its preference weights moved a step that leaves their prior as it is."""
        key = noise_key(noise.seed, noise.run)
        weights = one.run.weights if one.run else {}
        values = dict(one.world.values)
        for actor, priors in self.scenario.weights.items():
            for name, prior in priors.items():
                if prior.sd:
                    address = f"{actor}.weight[{name}]"
                    here = (weights[actor.id][name] - prior.mean) / prior.sd
                    drawn = _NORMAL.inv_cdf(uniform(key, address, "weight") / UNIT)
                    there = sqrt(1 - STEP**2) * here + STEP * drawn
                    values[address, "weight"] = round(prior.mean + prior.sd * there)
        return evolve(one.world, values=values)


def redrawn(world: World, noise: World, after: int = -1, stems: frozenset[str] | None = None) -> World:
    """The world with the noise after a minute, or of some decisions, taken from another run."""
    kept = tuple(
        one for one in world.fresh
        if one.after < after or not (stems is None or (one.stems is not None and one.stems <= stems))
    )  # fmt: skip
    return evolve(world, fresh=(*kept, Fresh(noise.run, after, stems)))


def _some(stems: Sequence[str], noise: World) -> frozenset[str]:
    """A random choice of decisions, from a few to all, that no path has a say in."""
    key = noise_key(noise.seed, noise.run)
    share = uniform(key, "posterior", "share") / UNIT
    chosen = (stem for stem in stems if uniform(key, "posterior", stem) / UNIT < share**2)
    first = stems[uniform(key, "posterior", "first") % len(stems)]
    return frozenset((first, *chosen))


def _serial(seed: int, island: int) -> Iterator[World]:
    """Run numbers that no particle and no other island uses."""
    place = 0
    while True:
        place += 1
        yield World(seed, -(island * 10**9 + place))


def resampled(weights: Sequence[float], noise: World) -> list[int]:
    """The places of as many particles as before, in proportion to weight (systematic)."""
    count, total = len(weights), fsum(weights)
    mark = uniform(noise_key(noise.seed, noise.run), "posterior", "resample") / UNIT
    found: list[int] = []
    reached = 0.0
    for place, weight in enumerate(weights):
        reached += weight / total * count
        while len(found) < count and mark + len(found) < reached:
            found.append(place)
    last = max(place for place, weight in enumerate(weights) if weight)
    return found + [last] * (count - len(found))


def plain(abduction: Abduction, seed: int, runs: range) -> Island:
    """The same posterior by weighting alone: each run of the prior with the product of its factors."""
    count = len(abduction.stages)
    lived = [abduction.live(World(seed, run), run, thorough=False) for run in runs]
    likelihoods = [one.likelihood(count, set()) for one in lived]
    draws = tuple(
        Draw(one.run.world if one.run else one.world, log(value), log(value), one.ancestor)
        for one, value in zip(lived, likelihoods, strict=True)
        if value
    )
    mean = fsum(likelihoods) / len(likelihoods)
    return Island(draws, log(mean) if mean else -inf)


def normalised(draws: Sequence[Draw]) -> list[float]:
    """The weights of draws, which may come from several islands, summing to one."""
    top = max(one.log_weight for one in draws)
    weights = [exp(one.log_weight - top) for one in draws]
    total = fsum(weights)
    return [weight / total for weight in weights]


def weights_of(run: Run) -> dict[tuple[str, str], int]:
    """The preference weights of a run as values of a World."""
    return {
        (f"{actor}.weight[{name}]", "weight"): value
        for actor, own in run.weights.items()
        for name, value in own.items()
    }


def nothing_left(story: str) -> NegosimError:
    """What is said when a history never comes out as documented."""
    return NegosimError(
        f"{story}: no replay makes every documented decision in its interval\n"
        "play more (-n), or see where replays stop: negosim replay"
    )
