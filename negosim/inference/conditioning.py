"""Abduction: the Worlds in which a history came out as it is documented.

Replaying a World under imposed decisions gives each piece of evidence a factor: the probability of
a documented choice, or whether a fact followed. Their product is the World's importance weight.
``plain`` weights free replays by it; ``particles`` takes the evidence in piece by piece, which is
what many pieces need.
"""

from __future__ import annotations

from math import exp, fsum, inf, log, prod
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from negosim.core.errors import NegosimError
from negosim.inference.conformance import is_borne_out, settled_at
from negosim.inference.impositions import imposition_outcomes
from negosim.sim.chance import Imposing, World
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.impositions import ImpositionOutcome
    from negosim.record.model import Fact
    from negosim.sim.chance import Imposition, Policy
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run


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

    ``ends`` is the minute by which each fact can be judged. Those ``ahead`` are taken in before the
    decisions that come right before them: the order is a matter of how well the posterior is
    reached, not of what it is.
    """

    impositions: tuple[Imposition, ...] = ()
    facts: tuple[Fact, ...] = ()
    ends: tuple[int, ...] = ()
    ahead: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Every piece, in the order of dates but for the facts taken ahead."""
        found = [Stage(one.latest, imposition=one) for one in self.impositions]
        found += [Stage(end, fact=fact) for fact, end in zip(self.facts, self.ends, strict=True)]
        ordered: list[Stage] = []
        for stage in sorted(found, key=lambda stage: stage.minute):
            place = len(ordered)
            while stage.name in self.ahead and place and ordered[place - 1].imposition is not None:
                place -= 1
            ordered.insert(place, stage)
        return tuple(ordered)

    def without(self, fact: str) -> Evidence:
        """The evidence without a fact."""
        pairs = [(one, end) for one, end in zip(self.facts, self.ends, strict=True) if one.id != fact]
        return evolve(self, facts=tuple(one for one, _ in pairs), ends=tuple(end for _, end in pairs))


@frozen
class Life:
    """A World under imposed decisions and what replaying it gave.

    ``factors`` are those of the stages, in order; ``settled`` the minute by which each was known.
    Both end after the first factor of nothing where that was enough to know.
    """

    world: World
    run: Run
    factors: tuple[float, ...]
    settled: tuple[int, ...]

    def likelihood(self, upto: int | None = None) -> float:
        """The product of the first factors (None: of all)."""
        return prod(self.factors[:upto])


@frozen
class Draw:
    """A posterior World and its weight (relative to the others of all islands, as a logarithm).

    ``life`` is the replay it comes from, ``likelihood`` the logarithm of the product of its
    factors, ``group`` its island (of plain weighting: its own run).
    """

    life: Life
    log_weight: float
    likelihood: float
    group: int

    @property
    def world(self) -> World:
        """The World: what was drawn, imposed choices having the noise that makes them come out."""
        return self.life.run.world


@frozen
class Island:
    """Draws that arose together, and the logarithm of the evidence they estimate.

    ``stages`` are the particles' weights after each piece of evidence that was weighed, before
    they were evened out; plain weighting has none.
    """

    draws: tuple[Draw, ...]
    log_evidence: float
    stages: tuple[tuple[float, ...], ...] = ()


@frozen
class Abduction:
    """The model and the evidence particles are replayed against."""

    scenario: Scenario
    evidence: Evidence
    policy: Policy | None = None
    stages: tuple[Stage, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "stages", self.evidence.stages)

    def live(self, world: World, upto: int | None = None, *, thorough: bool = False) -> Life:
        """Replay a World until the first ``upto`` stages are known (None: all).

        Unless ``thorough``, nothing more is learned once a factor is nothing.
        """
        stages = self.stages[:upto]
        horizon = max((stage.minute for stage in stages), default=-1)
        run = self._replayed(world, horizon, stop=not thorough)
        if run.failed_imposition is not None and not thorough and not _concerns(run.failed_imposition[0], stages):
            run = self._replayed(world, horizon, stop=False)
        met = self._met(stages, run)
        at = {one.imposition: one.at for one in run.asked if one.imposition is not None}
        factors, settled = [], []
        for stage in stages:
            if stage.imposition is not None:
                factors.append(met[stage.imposition].factor)
                settled.append(at.get(stage.imposition, stage.minute))
            elif stage.fact is not None:
                factors.append(float(is_borne_out(stage.fact, self.scenario, run.entries)))
                settled.append(settled_at(stage.fact, run.entries, stage.minute))
            if not factors[-1] and not thorough:
                break
        return Life(world, run, tuple(factors), tuple(settled))

    def judged(self, one: Life) -> Life:
        """A life whose choices have other probabilities than they had, on the same path."""
        stages = self.stages[: len(one.factors)]
        met = self._met(stages, one.run)
        factors = tuple(
            factor if stage.imposition is None else met[stage.imposition].factor
            for stage, factor in zip(stages, one.factors, strict=True)
        )
        return evolve(one, factors=factors)

    def _met(self, stages: Sequence[Stage], run: Run) -> dict[Imposition, ImpositionOutcome]:
        imposed = [stage.imposition for stage in stages if stage.imposition is not None]
        return dict(zip(imposed, imposition_outcomes(imposed, run), strict=True))

    def _replayed(self, world: World, horizon: int, *, stop: bool) -> Run:
        return play(
            self.scenario, Imposing(self.evidence.impositions, world), until=horizon + 1,
            policy=self.policy, stop_at_failed_imposition=stop,
        )  # fmt: skip


def _concerns(imposition: Imposition, stages: Sequence[Stage]) -> bool:
    return any(stage.imposition == imposition for stage in stages)


def plain(abduction: Abduction, seed: int, runs: range) -> Island:
    """The posterior by weighting alone: each run of the prior with the product of its factors."""
    return weighed([abduction.live(World(seed, run)) for run in runs])


def weighed(lives: Sequence[Life]) -> Island:
    """Free replays as posterior draws, each with the product of its factors."""
    likelihoods = [one.likelihood() for one in lives]
    draws = tuple(
        Draw(one, log(value), log(value), one.world.run)
        for one, value in zip(lives, likelihoods, strict=True)
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


def noise_of(run: Run, upto: int | None = None) -> dict[tuple[str, str], int]:
    """What a run drew up to a minute, as values of a World; preference weights are not noise."""
    return {key: value for key, (minute, value) in run.noise.items() if upto is None or minute <= upto}


def nothing_left(story: str) -> NegosimError:
    """What is said when a history never comes out as documented."""
    return NegosimError(
        f"{story}: no replay makes every documented decision in its interval\n"
        "play more (-n), or see where replays stop: negosim replay"
    )
