"""Posterior Worlds played on with fresh chance: what a forecast and turning points rest on.

A World of the filter holds what was drawn up to the last item it was conditioned on; whatever is
asked later is drawn anew, by its seed and number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.inference.conformance import is_borne_out
from negosim.inference.policies import indifferent
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.inference.filter.island import Draw
    from negosim.inference.pool import Pool
    from negosim.lab.forecast.scoring import After
    from negosim.sim.chance import World
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import StoryRef
    from negosim.stories.questions import Outcome

BATCH = 25
"""Worlds in a task."""


@frozen
class Continuation:
    """What to do with each World, and what to look at in the end.

    ``changes`` are made in a second course of the same World. ``after`` is what the record says of
    later; ``random``: every actor goes on choosing at random.
    """

    outcomes: tuple[Outcome, ...]
    changes: tuple[Change, ...] = ()
    after: After | None = None
    random: bool = False


@frozen(kw_only=True)
class Ending:
    """What came of one World: of each outcome whether it came, without the changes and with them.

    ``later`` says which of the record's later facts the course bears out and ``cells`` when its
    dated events come (see ``After``), ``took_hold`` of each
    change whether it did, and ``addresses`` what was asked, where there are changes.
    """

    came: tuple[bool, ...]
    changed: tuple[bool, ...] = ()
    later: tuple[bool, ...] = ()
    cells: tuple[int, ...] = ()
    took_hold: tuple[bool, ...] = ()
    addresses: tuple[str, ...] = ()


def continued(ref: StoryRef, task: Continuation, draws: Sequence[Draw], pool: Pool) -> list[Ending]:
    """Every draw played to its end, in order."""
    tasks = [(ref, task, draws[first : first + BATCH]) for first in range(0, len(draws), BATCH)]
    return [ending for part in pool.map_ordered(continue_draws, tasks) for ending in part]


def continue_draws(ref: StoryRef, task: Continuation, draws: Sequence[Draw]) -> list[Ending]:
    """A task: some draws played to their ends."""
    story = ref.load()
    scenario, policy = story.scenario, indifferent if task.random else None
    endings = []
    for draw in draws:
        run = play(scenario, draw.world, policy=policy)
        came = outcomes_of(scenario, task.outcomes, run)
        if task.changes:
            endings.append(_changed(scenario, task, draw.world, came))
        elif task.after is None:
            endings.append(Ending(came=came))
        else:
            later = task.after.came(story.documented, scenario, run)
            endings.append(Ending(came=came, later=later, cells=task.after.cells_of(run)))
    return endings


def _changed(scenario: Scenario, task: Continuation, world: World, came: tuple[bool, ...]) -> Ending:
    run = play(scenario, world, task.changes)
    return Ending(
        came=came, changed=outcomes_of(scenario, task.outcomes, run),
        took_hold=tuple(change.took_effect(run) for change in task.changes),
        addresses=tuple(asked.address for asked in run.asked),
    )  # fmt: skip


def outcomes_of(scenario: Scenario, outcomes: Iterable[Outcome], run: Run) -> tuple[bool, ...]:
    """Which outcomes came in a run."""
    return tuple(is_borne_out(outcome.target, scenario, run.entries) for outcome in outcomes)
