"""Posterior Worlds played twice, without and with a change: the same chance, one thing different.

A task carries the story by reference, the question as values and some draws; what comes back per
World is a few numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core.events import Chose
from negosim.inference.conformance import is_borne_out
from negosim.inference.filter.gibbs import redrawn
from negosim.lab.counterfactual.alignment import check_answers, check_prefix, first_divergence
from negosim.record.matching import matches
from negosim.sim.chance import Dice, World
from negosim.sim.interventions import Decide
from negosim.sim.noise import softmax
from negosim.sim.play import LiveRun, play
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.lab.counterfactual.sample import Sampled
    from negosim.record.model import Target
    from negosim.sim.chance import Imposition
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import StoryRef
    from negosim.stories.questions import Outcome


AGAIN = 10**6
"""Run numbers between a World and the next that is drawn anew from it."""


@frozen
class Asking:
    """A question as values: what is changed, about which outcomes, given which decisions."""

    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]
    impositions: tuple[Imposition, ...] = ()

    def until(self, scenario: Scenario) -> int:
        """The last minute that matters to any outcome: no course is played beyond it."""
        return int(min(scenario.ends, max((outcome.last_minute for outcome in self.outcomes), default=scenario.ends)))


@frozen(kw_only=True)
class PairedWorld:
    """What one posterior World says.

    ``factual``, ``changed`` and ``independent`` are the outcomes without the change, with it, and
    (None where that was not played) with it where choices that face other utilities draw noise of
    their own. ``reached``: of each
    change, whether it took hold; ``already``: whether all that is forced was chosen anyway;
    ``affected``: whether anything differs. ``plausibility`` is the probability that the model gave
    to what is forced (None: nothing is). ``weights`` are the preference weights; ``asked_after``,
    of each outcome, the documented decisions that follow from it.
    """

    factual: tuple[bool, ...]
    changed: tuple[bool, ...]
    independent: tuple[bool, ...] | None
    reached: tuple[bool, ...]
    already: bool
    affected: bool
    plausibility: float | None
    weights: Mapping[str, int]
    asked_after: tuple[tuple[str, ...], ...]
    addresses: tuple[str, ...]


def play_pairs(ref: StoryRef, asking: Asking, sampled: Sequence[Sampled], independent: bool) -> list[PairedWorld]:
    """A task: these Worlds, in order."""
    scenario = ref.load().scenario
    return [
        pair_of(scenario, asking, one.draw.world, one.draw.answers, independent=independent and not one.again,
                again=one.again)
        for one in sampled
    ]  # fmt: skip


def pair_of(
    scenario: Scenario, asking: Asking, world: World, recorded: Mapping[str, str] | None = None, *,
    independent: bool = False, again: int = 0,
) -> PairedWorld:  # fmt: skip
    """One World without and with the change; ``independent``: a third time with noise of its own.

    ``recorded`` are answers that this World gave before. A World that is drawn ``again`` plays the same
    course, its weights and noise drawn anew given that course (see ``redrawn``): with the change it is
    another World. Raises ReplayDiverged when answers or a prefix do not come out again.
    """
    until = asking.until(scenario)
    live = LiveRun(scenario, Room(scenario.setting, Dice(world)))
    live.advance(until)
    if again:
        run = world.run + again * AGAIN
        world = World(world.seed, run, redrawn(live, world.seed, run))
    factual = live.finish()
    check_answers(recorded or {}, factual)
    resolved = [change.ground(factual) for change in asking.changes]
    changes = tuple(change for change in resolved if change is not None)
    changed = play(scenario, world, changes, until=until)
    check_prefix(factual, changed, changes)
    parted = first_divergence(factual.entries, changed.entries)
    decoupled = changed
    if independent and parted:
        faced = {asked.address: (asked.alternatives, asked.utilities) for asked in factual.asked}
        decoupled = play(scenario, evolve(world, faced=faced), changes, until=until)
    forced = {str(change.address): change.alternative for change in changes if isinstance(change, Decide)}
    taken = {asked.address: asked.taken for asked in factual.asked}
    return PairedWorld(
        factual=_outcomes(scenario, asking, factual),
        changed=_outcomes(scenario, asking, changed),
        independent=_outcomes(scenario, asking, decoupled) if independent else None,
        reached=tuple(change is not None and change.took_effect(changed) for change in resolved),
        already=bool(forced)
        and all(taken.get(address) == answer for address, answer in forced.items()),
        affected=parted is not None,
        plausibility=_plausibility(forced, changed),
        weights={
            f"{actor}.weight[{name}]": world.values.get((f"{actor}.weight[{name}]", "weight"), value)
            for actor, known in factual.weights.items()
            for name, value in known.items()
        },
        asked_after=tuple(
            asked_after(outcome.target, factual, asking.impositions) for outcome in asking.outcomes
        ),
        addresses=tuple(taken),
    )


def asked_after(target: Target, run: Run, impositions: Sequence[Imposition]) -> tuple[str, ...]:
    """The documented decisions of a run that follow, by causes, from what a target expects."""
    documented = {imposition.address for imposition in impositions}
    expected = [pattern for pattern in target.expect if not pattern.absent]
    names = {pattern.event for pattern in expected}
    behind: set[int] = set()
    addresses = []
    for entry in run.entries:
        if not behind.isdisjoint(entry.causes):
            behind.add(entry.index)
            if isinstance(entry.event, Chose) and entry.event.address in documented:
                addresses.append(entry.event.address)
        elif entry.event.name in names and any(matches(pattern, entry, target.tolerance) for pattern in expected):
            behind.add(entry.index)
    return tuple(addresses)


def _outcomes(scenario: Scenario, asking: Asking, run: Run) -> tuple[bool, ...]:
    return tuple(is_borne_out(outcome.target, scenario, run.entries) for outcome in asking.outcomes)


def _plausibility(forced: Mapping[str, str], changed: Run) -> float | None:
    """How probable the model found the forced answers where they were forced; None where none was."""
    probability, met = 1.0, False
    for asked in changed.asked:
        if asked.address in forced and forced[asked.address] in asked.alternatives:
            probability *= softmax(asked.utilities)[asked.alternatives.index(forced[asked.address])]
            met = True
    return probability if met else None
