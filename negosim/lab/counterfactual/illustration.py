"""One course and its twin, to be looked at and kept: whole logs, where an answer is made of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core.errors import NegosimError
from negosim.lab.counterfactual.alignment import check_prefix, first_divergence
from negosim.lab.counterfactual.explanation import Comparison
from negosim.lab.counterfactual.whatif import whatif
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.intervention_syntax import unused
from negosim.stories.manifest import again, manifest_of, posterior_manifest, twin_manifest
from negosim.stories.result import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.lab.counterfactual.whatif_result import WhatIfResult
    from negosim.sim.interventions import Change, SetWeight
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question

N = 400
"""Particles among which the course to show is looked for."""


@frozen(kw_only=True)
class Example(Shown):
    """A run, its twin, their manifests, and how many entries they share from the beginning.

    An illustration, never an answer. ``from_record``: the course is one given the record (else a
    free run); ``already`` says that what is forced was taken anyway.
    """

    asks: str
    scenario: Scenario
    factual: Run
    twin: Run
    changes: tuple[Change, ...]
    manifest: Mapping[str, Any]
    twin_manifest: Mapping[str, Any]
    shared: int
    already: bool
    from_record: bool = False

    @property
    def comparison(self) -> Comparison:
        """Both logs, aligned."""
        return Comparison.between(self.factual, self.twin, self.scenario.table, self.changes)


def free_example(
    story: Story, changes: Sequence[Change], *, seed: int, settings: tuple[SetWeight, ...] = (),
    until: int | None = None,
) -> Example:  # fmt: skip
    """A free run and its twin.

    Raises UnusedChange when a change takes no hold in it (law 11), with the nearest addresses.
    """
    manifest = manifest_of(story, seed=seed, changes=settings, until=until)
    factual = again(story, manifest)
    resolved = [change.ground(factual) for change in changes]
    known = tuple(change for change in resolved if change is not None)
    twin = play(story.scenario, factual.world, (*settings, *known), until=until)
    for change, settled in zip(changes, resolved, strict=True):
        if settled is None or not settled.took_effect(twin):
            raise unused(change, 1, [asked.address for asked in factual.asked])
    asks = f"What if {' and '.join(map(str, changes))}?"
    return _example(asks, story, factual, twin, known, manifest)


def example_of(story: Story, answer: WhatIfResult) -> Example:
    """The two courses that an answer shows, as runs that can be kept.

    Raises NegosimError where it shows none: no course bears the record out.
    """
    pair = answer.pair
    if pair is None or pair.world is None:
        raise NegosimError(f"{story.scenario.name}: no course bears the record out\nplay more (-n)")
    manifest = posterior_manifest(story, pair.world)
    factual = again(story, manifest)
    twin = play(story.scenario, factual.world, pair.changes)
    return _example(answer.asks, story, factual, twin, pair.changes, manifest, from_record=True)


def replayed_example(
    story: Story, question: Question, outcomes: Sequence[Outcome], *, seed: int, n: int = N, jobs: int = 1
) -> Example:
    """The two courses that an answer from at most ``n`` particles shows.

    Raises UnusedChange when the changes take hold in none of them.
    """
    return example_of(story, whatif(story, question, outcomes, n=n, seed=seed, jobs=jobs))


def _example(
    asks: str, story: Story, factual: Run, twin: Run, changes: tuple[Change, ...],
    manifest: Mapping[str, Any], *, from_record: bool = False,
) -> Example:  # fmt: skip
    check_prefix(factual, twin, changes)
    parted = first_divergence(factual.entries, twin.entries)
    shared = len(factual.entries) if parted is None else next(entry.index for entry in parted if entry is not None)
    taken = {asked.address: asked.taken for asked in factual.asked}
    forced = [change for change in changes if isinstance(change, Decide)]
    already = bool(forced) and all(taken.get(str(change.address)) == change.alternative for change in forced)
    return Example(
        asks=asks,
        scenario=story.scenario,
        factual=factual,
        twin=twin,
        changes=changes,
        manifest=manifest,
        twin_manifest=twin_manifest(manifest, changes),
        shared=shared,
        already=already,
        from_record=from_record,
    )
