"""Runs that begin as a record does and go on by themselves: what forecasts and rivals rest on."""

from __future__ import annotations

from itertools import chain, islice
from math import prod
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import evolve, frozen

from negosim.inference.conformance import is_borne_out
from negosim.inference.impositions import imposition_outcomes
from negosim.inference.policies import Blind, indifferent
from negosim.sim.chance import Imposing, Prior
from negosim.sim.noise import softmax
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.policies import Seen
    from negosim.inference.pool import Pool
    from negosim.lab.forecast.scoring import After
    from negosim.record.model import Fact, Target
    from negosim.sim.chance import Imposition
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.stories.loading import Story, StoryRef

Chooser: TypeAlias = "Blind | Literal['random'] | None"


@frozen
class Ahead:
    """A task: the story, what is imposed, what is changed, and what to judge.

    ``scale`` multiplies the standard deviation of every preference weight's prior. With
    ``thorough`` a run goes on after a documented decision is lost, and keeps its steps. ``after``
    is what the record says of later, judged behind what is ``expected``.
    """

    story: StoryRef
    seed: int
    impositions: tuple[Imposition, ...]
    expected: tuple[Fact | Target, ...]
    changes: tuple[Change, ...] = ()
    chooser: Chooser = None
    scale: float = 1.0
    shares: bool = False
    thorough: bool = False
    after: After | None = None


@frozen
class Gone:
    """One run: the product of its choices' probabilities, that of its dates, and what happened.

    ``steps`` are the factors of each imposition, dates weighed; ``menus`` the answers met at each.
    ``consulted`` says of each change whether it took hold; ``asked`` names the addresses, where
    there are changes.
    """

    weight: float
    timely: float
    hits: tuple[bool, ...]
    shares: tuple[Seen, ...] = ()
    steps: tuple[float, ...] = ()
    menus: tuple[tuple[str, tuple[str, ...]], ...] = ()
    consulted: tuple[bool, ...] = ()
    asked: tuple[str, ...] = ()


def play_ahead(task: Ahead, first: int, count: int) -> list[Gone]:
    """Some runs of a task; those that lose a documented decision have weight 0."""
    story = task.story.load()
    scenario = story.scenario
    if task.scale != 1:
        scenario = scaled(scenario, task.scale)
    policy = indifferent if task.chooser == "random" else task.chooser
    found = []
    for number in range(first, first + count):
        chance = Imposing(task.impositions, Prior(task.seed, number))
        run = play(scenario, chance, task.changes, policy=policy, stop_at_failed_imposition=not task.thorough)
        met = imposition_outcomes(task.impositions, run)
        weight = 0.0 if run.failed_imposition else prod(one.factor for one in met)
        judged = weight or task.thorough
        hits = tuple(is_borne_out(one, scenario, run.entries) for one in task.expected) if judged else ()
        if weight and task.after is not None:
            hits += task.after.came(story.documented, scenario, run)
        shares = (
            tuple((one.address, one.alternatives, tuple(softmax(one.utilities))) for one in run.asked)
            if task.shares
            else ()
        )
        steps = tuple(one.factor * one.timely for one in met) if task.thorough else ()
        menus = tuple(
            (one.imposition.address, one.alternatives) for one in run.asked if one.imposition and task.thorough
        )
        consulted = tuple(change.took_effect(run) for change in task.changes)
        asked = tuple(one.address for one in run.asked) if task.changes else ()
        timely = prod(one.timely for one in met)
        found.append(Gone(weight, timely, hits, shares, steps, menus, consulted, asked))
    return found


def scaled(scenario: Scenario, times: float) -> Scenario:
    """The scenario with the standard deviation of every weight's prior multiplied."""
    return evolve(
        scenario,
        weights={
            actor: {name: evolve(prior, sd=round(prior.sd * times)) for name, prior in priors.items()}
            for actor, priors in scenario.weights.items()
        },
    )


def play_tasks(tasks: Sequence[Ahead], n: int, pool: Pool) -> list[list[Gone]]:
    """``n`` runs of each task, in run order."""
    chunks = pool.chunks(0, n)
    parts = pool.map_ordered(play_ahead, [(task, *chunk) for task in tasks for chunk in chunks])
    return [list(chain.from_iterable(islice(parts, len(chunks)))) for _ in tasks]


def task_of(story: Story, seed: int, impositions: tuple[Imposition, ...], expected: Sequence[Fact | Target]) -> Ahead:
    """A task without changes."""
    return Ahead(story.ref, seed, impositions, tuple(expected))
