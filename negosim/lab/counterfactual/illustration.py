"""One run and its twin, to be looked at: whole logs, where an answer is made of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from negosim.inference.conditioning import nothing_left
from negosim.inference.conformance import is_borne_out
from negosim.inference.evidence import impositions
from negosim.inference.impositions import imposition_outcomes
from negosim.lab.counterfactual.alignment import check_prefix, first_divergence
from negosim.lab.counterfactual.explanation import Comparison
from negosim.lab.replay.scoring import timed
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.intervention_syntax import unused
from negosim.stories.manifest import again, manifest_of, twin_manifest
from negosim.stories.result import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.sim.interventions import Change, SetWeight
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question

TRIED = 400
"""Replays among which the one to show is looked for."""


@frozen
class Fit:
    """Why a replay was picked: of ``outcomes`` it ``agrees`` with the record on so many, best of ``tried``."""

    agrees: int
    outcomes: int
    tried: int


@frozen
class Example(Shown):
    """A run, its twin, their manifests, and how many entries they share from the beginning.

    An illustration, never an answer. ``fit`` is None for a free run; ``already`` says that what is
    forced was taken anyway.
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
    fit: Fit | None = None

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
    resolved = _resolved(factual, changes)
    twin = _twin(story, factual, resolved, settings, until)
    for change, settled in zip(changes, resolved, strict=True):
        if settled is None or not settled.took_effect(twin):
            raise unused(change, 1, [one.address for one in factual.asked])
    asks = f"What if {' and '.join(map(str, changes))}?"
    return _example(asks, story, factual, twin, resolved, manifest)


def replayed_example(
    story: Story, question: Question, outcomes: Sequence[Outcome], *, seed: int, n: int = TRIED
) -> Example:
    """A replay of the record and its twin.

    Of ``n`` replays it is the one in which the changes take hold, most outcomes are as documented,
    and the record is most probable. Raises NegosimError when no replay gets through, UnusedChange
    when the changes take hold in none together.
    """
    fed, best, through = impositions(story.documented), None, 0
    changes, asked = question.changes, dict[str, None]()
    for number in range(n):
        manifest = manifest_of(story, seed=seed, run=number, replay=True)
        factual = again(story, manifest)
        if factual.failed_imposition:
            continue
        through += 1
        asked.update(dict.fromkeys(one.address for one in factual.asked))
        resolved = _resolved(factual, changes)
        twin = _twin(story, factual, resolved)
        if not all(one is not None and one.took_effect(twin) for one in resolved):
            continue
        agrees = sum(is_borne_out(one.target, story.scenario, factual.entries) == one.happened for one in outcomes)
        rank = agrees, timed(imposition_outcomes(fed, factual))
        if best is None or rank > best[0]:
            best = rank, _example(question.asks, story, factual, twin, resolved, manifest)
    if best is None:
        raise unused(changes[0], n, asked) if asked else nothing_left(story.scenario.name)
    (agrees, _), found = best
    return evolve(found, fit=Fit(agrees, len(outcomes), through))


def _resolved(factual: Run, changes: Sequence[Change]) -> list[Change | None]:
    return [change.ground(factual) for change in changes]


def _twin(
    story: Story, factual: Run, changes: Sequence[Change | None], settings: tuple[SetWeight, ...] = (),
    until: int | None = None,
) -> Run:  # fmt: skip
    known = tuple(one for one in changes if one is not None)
    return play(story.scenario, factual.world, (*settings, *known), until=until)


def _example(
    asks: str, story: Story, factual: Run, twin: Run, changes: Sequence[Change | None],
    manifest: Mapping[str, Any],
) -> Example:  # fmt: skip
    known = tuple(one for one in changes if one is not None)
    check_prefix(factual, twin, known)
    parted = first_divergence(factual.entries, twin.entries)
    shared = len(factual.entries) if parted is None else next(one.index for one in parted if one is not None)
    taken = {one.address: one.taken for one in factual.asked}
    forced = [one for one in known if isinstance(one, Decide)]
    already = bool(forced) and all(taken.get(str(one.address)) == one.alternative for one in forced)
    return Example(
        asks, story.scenario, factual, twin, known, manifest, twin_manifest(manifest, known), shared, already
    )
