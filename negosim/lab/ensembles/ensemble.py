"""Many runs of one story, in chunks, in processes: what each leaves behind is a few numbers.

A task carries the story's folder and digest, never the story: a worker loads it by path and
refuses another digest. Every draw is keyed by seed, run and address, so results do not depend on
chunks, workers or order.
"""

from __future__ import annotations

from itertools import chain, islice
from math import prod
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

from negosim.inference.conformance import false_alarms, is_borne_out
from negosim.inference.impositions import ImpositionOutcome, imposition_outcomes
from negosim.inference.policies import Blind, Seen, indifferent
from negosim.sim.chance import Imposing, Prior
from negosim.sim.noise import softmax
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.pool import Pool
    from negosim.record.model import Fact, Record, Target
    from negosim.sim.chance import Asked, Imposition, Policy
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef

Look: TypeAlias = Literal["hits", "targets", "alarms", "choices", "shares"]


@frozen(kw_only=True)
class Recipe:
    """One ensemble: the story by reference, what is imposed, who chooses, what to look at.

    ``chooser`` None lets the model choose. ``facts`` are the ids of those to judge. With
    ``thorough`` a run goes on after a documented decision has become impossible.
    """

    story: StoryRef
    seed: int
    n: int
    impositions: tuple[Imposition, ...] = ()
    until: int | None = None
    chooser: Blind | Literal["random"] | None = None
    facts: tuple[str, ...] = ()
    look: tuple[Look, ...] = ()
    thorough: bool = False

    @classmethod
    def of(cls, story: Story, seed: int, n: int) -> Recipe:
        """Free runs of the model; evolve it for anything else."""
        return cls(story=story.ref, seed=seed, n=n)

    @property
    def policy(self) -> Policy | None:
        """The chooser as ``play`` wants it."""
        return indifferent if self.chooser == "random" else self.chooser


@frozen(kw_only=True)
class Played:
    """What one run leaves behind.

    ``hits`` and ``targets`` say what happened, ``alarms`` counts unrecorded events by cell,
    ``choices`` are addresses, answers and minutes in the order taken, ``shares`` has their
    probabilities. What a recipe does not look at stays empty.
    """

    run: int
    met: tuple[ImpositionOutcome, ...] = ()
    hits: tuple[bool, ...] = ()
    targets: tuple[bool, ...] = ()
    alarms: tuple[int, ...] = ()
    choices: tuple[tuple[str, str, int], ...] = ()
    shares: tuple[Seen, ...] = ()

    @property
    def weight(self) -> float:
        """The importance weight: the probability of the documented choices, over how proposed."""
        return prod(one.factor for one in self.met)


def play_one(story: Story, recipe: Recipe, run: int) -> Run:
    """Run number ``run`` of an ensemble, whole."""
    chance = Prior(recipe.seed, run)
    return play(
        story.scenario,
        Imposing(recipe.impositions, chance) if recipe.impositions else chance,
        until=recipe.until,
        policy=recipe.policy,
        stop_at_failed_imposition=not recipe.thorough,
    )


def play_all(recipes: Sequence[Recipe], pool: Pool) -> list[tuple[Played, ...]]:
    """Play every recipe; the summaries of each in run order."""
    plan = [pool.chunks(0, recipe.n) for recipe in recipes]
    tasks = [(recipe, *chunk) for recipe, chunks in zip(recipes, plan, strict=True) for chunk in chunks]
    parts = pool.map_ordered(play_chunk, tasks)
    return [tuple(chain.from_iterable(islice(parts, len(chunks)))) for chunks in plan]


# ── in the workers ──────────────────────────────────────────────────────────────────────────────


def play_chunk(recipe: Recipe, first: int, count: int) -> list[Played]:
    """The summaries of some runs of a recipe."""
    story = recipe.story.load()
    return [summary(story, recipe, play_one(story, recipe, run), run) for run in range(first, first + count)]


def summary(story: Story, recipe: Recipe, run: Run, number: int) -> Played:
    """What a recipe wants to know of one run; nothing is judged once all is lost."""
    met = imposition_outcomes(recipe.impositions, run)
    look, record = recipe.look, story.record
    hopeless = run.failed_imposition is not None
    wanted = {} if hopeless or record is None else _judged(story, record, recipe, run)
    return Played(
        run=number,
        met=met,
        choices=tuple((one.address, one.taken, one.at) for one in run.asked) if "choices" in look else (),
        shares=tuple(_seen(one) for one in run.asked) if "shares" in look else (),
        **wanted,  # type: ignore[arg-type]
    )


def _judged(story: Story, record: Record, recipe: Recipe, run: Run) -> dict[str, tuple[int, ...]]:
    wanted: dict[str, Sequence[Fact | Target]] = {
        "hits": [record.fact(id) for id in recipe.facts],
        "targets": record.targets,
    }
    found: dict[str, tuple[int, ...]] = {
        name: tuple(is_borne_out(one, story.scenario, run.entries) for one in expected)
        for name, expected in wanted.items()
        if name in recipe.look
    }
    if "alarms" in recipe.look:
        found["alarms"] = false_alarms(record, run.entries, run.asked)
    return found


def _seen(one: Asked) -> Seen:
    return one.address, one.alternatives, tuple(softmax(one.utilities))
