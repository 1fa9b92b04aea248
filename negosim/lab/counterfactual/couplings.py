"""Posterior Worlds and their twins, in a worker: the same chance, one thing changed.

A task carries the story by reference and its question as values; what comes back per World is a
few numbers and names.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import Factory, evolve, frozen

from negosim.core.events import Chose
from negosim.inference.causation import Triple
from negosim.inference.conditioning import Abduction, Evidence, noise_of, plain, weights_of
from negosim.inference.conformance import false_alarms, is_borne_out
from negosim.inference.kernels import sibling
from negosim.inference.pilot import pilot
from negosim.inference.smc import ISLAND, particles
from negosim.lab.counterfactual.alignment import (
    Addresses,
    addresses,
    check_prefix,
    first_divergence,
)
from negosim.record.matching import matches
from negosim.sim.chance import Fresh, Prior, World
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.sim.trace import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.events import Entry
    from negosim.inference.conditioning import Draw
    from negosim.inference.pilot import Plan
    from negosim.record.model import Target
    from negosim.sim.chance import Imposition, Policy
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef
    from negosim.stories.questions import Outcome

Coupling: TypeAlias = Literal["gumbel", "independent", "fresh"]
Parted: TypeAlias = "tuple[Entry | None, Entry | None] | None"
"""The first entries in which a run and its twin differ."""
COUPLINGS: tuple[Coupling, ...] = ("gumbel", "independent", "fresh")
TIES = (1, 2)
"""Seeds of the tie shuffles."""
SIBLINGS = -2 * 10**15
"""Run numbers from here downwards belong to the search for siblings, so many for each draw: """
SEARCH = 1000
FRESH = 4 * 10**15
"""Added to the number of a run: the chance drawn anew after the onset, where coupling is ``fresh``."""


@frozen
class Precision:
    """A policy: every actor is ``times`` as sure of its preferences (the logit scale)."""

    times: float

    def __call__(self, address: str, names: Sequence[str], utilities: Sequence[int]) -> list[int]:  # noqa: ARG002
        """The utilities to choose by."""
        return [round(utility * self.times) for utility in utilities]


@frozen
class Asking:
    """One question as a task: story, evidence, changes, outcomes, and how much to look at."""

    story: StoryRef
    seed: int
    evidence: Evidence
    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]
    weighted: bool = True
    """Whether the posterior comes from weighting alone; else from particles on islands."""
    precision: float = 1.0
    couplings: tuple[Coupling, ...] = COUPLINGS
    ties: tuple[int, ...] = ()
    futures: Mapping[str, int] = Factory(dict)
    """How many futures some pieces of evidence need, as a pilot found."""
    siblings: int = 0
    """Of about so many in a thousand draws, a World is sought that shares the preference weights."""

    @property
    def policy(self) -> Policy | None:
        """The precision as ``play`` wants it."""
        return None if self.precision == 1 else Precision(self.precision)


@frozen
class Pair:
    """A posterior World and its twins; ``twins`` has the outcomes by coupling or tie shuffle.

    ``tied`` are the outcomes of the World itself by tie shuffle, ``sibling`` those of a World with
    the same preference weights and its twin. ``consulted``: whether every change took hold;
    ``already``: whether every alternative forced was the one taken anyway. ``group``: the island;
    pairs that share a value of ``origins`` share their ancestor at that address. ``asked_after``:
    for each outcome the imposed decisions that follow from it.
    """

    group: int
    log_weight: float
    likelihood: float
    prior: float
    factual: tuple[bool, ...]
    twins: Mapping[str, tuple[bool, ...]]
    tied: Mapping[int, tuple[bool, ...]]
    consulted: tuple[bool, ...]
    already: bool
    addresses: Addresses
    alarms: int
    path: tuple[tuple[str, str, int], ...]
    parted: Parted
    weights: tuple[int, ...]
    origins: Mapping[str, int]
    asked_after: tuple[tuple[str, ...], ...]
    sibling: tuple[tuple[bool, ...], tuple[bool, ...]] | None = None


@frozen
class Asked:
    """What one task found; ``stages`` are the particles' weights after each piece of evidence."""

    pairs: tuple[Pair, ...]
    log_evidence: float
    addresses: tuple[str, ...]
    stages: tuple[tuple[float, ...], ...] = ()


def ask(asking: Asking, first: int, count: int) -> Asked:
    """Play ``count`` particles from number ``first`` on, and the twins of those that get through."""
    story = asking.story.load()
    return ask_here(story.scenario, asking, first, count, story)


def ask_here(
    scenario: Scenario, asking: Asking, first: int, count: int = ISLAND, story: Story | None = None
) -> Asked:
    """The same of a scenario at hand."""
    abduction = Abduction(scenario, asking.evidence, asking.policy)
    if asking.weighted:
        island = plain(abduction, asking.seed, range(first, first + count))
    else:
        island = particles(abduction, asking.seed, first // count, count, futures=asking.futures)
    pairs, seen = [], dict[str, None]()
    for place, draw in enumerate(island.draws):
        factual = play(scenario, draw.world, policy=asking.policy)
        seen.update(dict.fromkeys(one.address for one in factual.asked))
        pair = _Twin(scenario, asking, factual).pair(draw, story)
        if asking.siblings and (place * asking.siblings) // 1000 > ((place - 1) * asking.siblings) // 1000:
            other = sibling(abduction, draw, World(asking.seed, SIBLINGS - SEARCH * (first + place)))
            twin = _Twin(scenario, asking, play(scenario, other, policy=asking.policy))
            pair = evolve(pair, sibling=twin.both)
        pairs.append(pair)
    return Asked(tuple(pairs), island.log_evidence, tuple(seen), island.stages)


def scout(asking: Asking, size: int) -> Plan:
    """What a pilot settles before a question is asked of particles (a task)."""
    story = asking.story.load()
    return pilot(Abduction(story.scenario, asking.evidence, asking.policy), asking.seed, size)


@frozen
class _Twin:
    """One posterior World as it is asked about."""

    scenario: Scenario
    asking: Asking
    factual: Run

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes as this World settles them."""
        resolved = (change.ground(self.factual) for change in self.asking.changes)
        return tuple(one for one in resolved if one is not None)

    @property
    def both(self) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
        """The outcomes without and with the change."""
        return self._hits(self.factual), self._hits(self._play(self.factual.world, self.changes))

    def pair(self, draw: Draw, story: Story | None) -> Pair:
        """The World beside its twins."""
        asking, factual = self.asking, self.factual
        resolved = [change.ground(factual) for change in asking.changes]
        changes = self.changes
        plain_twin = self._play(factual.world, changes)
        check_prefix(factual, plain_twin, changes)
        parted = first_divergence(factual.entries, plain_twin.entries)
        twins: dict[str, tuple[bool, ...]] = {"gumbel": self._hits(plain_twin)}
        for coupling in asking.couplings:
            if coupling != "gumbel":
                twins[coupling] = self._hits(self._play(coupled(factual, coupling, changes, parted), changes))
        tied = {}
        for seed in asking.ties:
            tied[seed] = self._hits(self._play(factual.world, (), seed))
            twins[f"ties {seed}"] = self._hits(self._play(factual.world, changes, seed))
        taken = {one.address: one.taken for one in factual.asked}
        forced = [one for one in changes if isinstance(one, Decide)]
        record = story.record if story else None
        origins: dict[str, int] = {}
        for (address, _), value in noise_of(draw.life.run).items():
            origins.setdefault(address, value)
        return Pair(
            draw.group, draw.log_weight, draw.likelihood, log_prior(self.scenario, factual),
            self._hits(factual), twins, tied,
            tuple(one is not None and one.took_effect(plain_twin) for one in resolved),
            bool(forced) and all(taken.get(str(one.address)) == one.alternative for one in forced),
            addresses(factual, plain_twin),
            sum(false_alarms(record, factual.entries, factual.asked)) if record else 0,
            tuple((one.address, one.taken, one.at) for one in factual.asked),
            parted, tuple(weights_of(factual).values()), origins,
            tuple(asked_after(one.target, factual, asking.evidence.impositions) for one in asking.outcomes),
        )  # fmt: skip

    def _play(self, world: World, changes: tuple[Change, ...], tie_seed: int | None = None) -> Run:
        return play(self.scenario, world, changes, policy=self.asking.policy, tie_seed=tie_seed)

    def _hits(self, run: Run) -> tuple[bool, ...]:
        return tuple(is_borne_out(one.target, self.scenario, run.entries) for one in self.asking.outcomes)


def asked_after(target: Target, run: Run, imposed: Sequence[Imposition]) -> tuple[str, ...]:
    """The imposed decisions of a run that follow, by causes, from what a target expects."""
    addresses = {one.address for one in imposed}
    behind: set[int] = set()
    found = []
    for entry in run.entries:
        if not behind.isdisjoint(entry.causes):
            behind.add(entry.index)
            if isinstance(entry.event, Chose) and entry.event.address in addresses:
                found.append(entry.event.address)
        elif any(not one.absent and matches(one, entry, target.tolerance) for one in target.expect):
            behind.add(entry.index)
    return tuple(found)


def coupled(factual: Run, coupling: Coupling, changes: Sequence[Change], parted: Parted) -> World:
    """The World of a run as the twin is to meet it.

    ``independent``: choices that face other utilities draw noise of their own. ``fresh``: what is
    drawn after the earliest onset is drawn anew; a change that holds from the start sets in where
    run and twin part.
    """
    world = factual.world
    if coupling == "independent":
        return evolve(world, faced={one.address: (one.alternatives, one.utilities) for one in factual.asked})
    if coupling == "fresh" and (parted is not None or changes):
        part = min((entry.minute for entry in parted or () if entry is not None), default=NEVER)
        onset = min((part if change.onset(factual) < 0 else change.onset(factual) for change in changes), default=part)
        return refreshed(factual, onset, FRESH + world.run)
    return world


def refreshed(factual: Run, after: int, run: int) -> World:
    """The World of a run up to a minute; chance drawn later is that of another run number."""
    asked = {one.address: one.asked for one in factual.asked}
    decided = {one.address: one.at for one in factual.asked}
    values = {
        (address, label): value
        for (address, label), value in factual.world.values.items()
        if label == "weight" or (asked if label == "takes" else decided).get(address, -1) <= after
    }
    world = factual.world
    return evolve(world, values=values, fresh=(*world.fresh, Fresh(run, after)))


def log_prior(scenario: Scenario, run: Run) -> float:
    """The logarithm of the prior density of a run's preference weights, up to a constant."""
    return -0.5 * fsum(
        ((run.weights[actor.id][name] - prior.mean) / prior.sd) ** 2
        for actor, priors in scenario.weights.items()
        for name, prior in priors.items()
        if prior.sd
    )


# ── free runs ───────────────────────────────────────────────────────────────────────────────────


def triples(asking: Asking, cause: Decide, against: Decide, first: int, count: int) -> tuple[tuple[Triple, ...], ...]:
    """Free runs in which a choice fell one of two ways, each with both made so; by outcome."""
    story = asking.story.load()
    return triples_here(story.scenario, asking, cause, against, first, count)


def triples_here(
    scenario: Scenario, asking: Asking, cause: Decide, against: Decide, first: int, count: int
) -> tuple[tuple[Triple, ...], ...]:
    """The same of a scenario at hand."""
    found: list[tuple[Triple, ...]] = []
    for number in range(first, first + count):
        run = play(scenario, Prior(asking.seed, number))
        taken = next((one.taken for one in run.asked if one.address == cause.address), None)
        if taken not in (cause.alternative, against.alternative):
            continue
        other = play(scenario, run.world, (against if taken == cause.alternative else cause,))
        hits, others = (
            [is_borne_out(one.target, scenario, each.entries) for one in asking.outcomes] for each in (run, other)
        )
        made, unmade = (hits, others) if taken == cause.alternative else (others, hits)
        found.append(
            tuple(
                Triple(taken == cause.alternative, y, yes, no)
                for y, yes, no in zip(hits, made, unmade, strict=True)
            )
        )
    return tuple(found)
