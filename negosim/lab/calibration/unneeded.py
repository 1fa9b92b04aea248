"""Is it needed, does anybody read it? One run played again with something taken away or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from negosim.core.trust import Aspect
from negosim.core.views import View
from negosim.inference.impositions import imposition_outcomes
from negosim.lab.ensembles.ensemble import play_one
from negosim.sim.chance import Imposing
from negosim.sim.interventions import Decide
from negosim.sim.knowledge import arrivals
from negosim.sim.play import play
from negosim.sim.setting import InitialTrust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.lab.ensembles.ensemble import Recipe
    from negosim.sim.chance import Imposition
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story

NUDGE = 5000
"""Thousandths of evidence added to a trust count to see whether anybody reads it."""


def spare_inferences(recipe: Recipe, number: int) -> tuple[tuple[Imposition, str], ...]:
    """The inferred decisions that are not needed, each with an answer that does as well.

    Not needed: with another answer at its address, and everything else imposed, each documented
    decision that was asked in time still is.
    """
    story = recipe.story.load()
    run = play_one(story, recipe, number)
    return tuple(
        (imposition, instead)
        for imposition in recipe.impositions
        if story.documented.fact(imposition.fact).kind == "inferred"
        for instead in _does_as_well(story, recipe, run, imposition)
    )


def _does_as_well(story: Story, recipe: Recipe, run: Run, spared: Imposition) -> Iterator[str]:
    others = tuple(one for one in recipe.impositions if one != spared)
    documented = [story.documented.fact(one.fact).kind != "inferred" for one in others]

    def reached(of: Run) -> list[bool]:
        met = imposition_outcomes(others, of)
        return [one.in_time for one, counts in zip(met, documented, strict=True) if counts]

    for one in run.asked:
        if one.imposition == spared and one.how == "imposed":
            for instead in one.alternatives:
                if instead != one.taken:
                    twin = play(
                        story.scenario, Imposing(others, run.world), (Decide(one.address, instead),),
                        until=recipe.until, stop_at_failed_imposition=False,
                    )  # fmt: skip
                    if reached(twin) == reached(run):
                        yield instead
                        break


def unread_trust(recipe: Recipe, number: int) -> tuple[str, ...]:
    """The trust counts that grew in a run though no choice, delay or act there depends on them.

    Found by moving each one, both ways, from the start: nobody reads it when neither changes
    anything that happens, or any reason of a choice.
    """
    story = recipe.story.load()
    run = play_one(story, recipe, number)
    return tuple(
        f"{viewer}'s trust in {of}'s {aspect.value}"
        for viewer, aspect, of in _grown(story, run)
        if not any(
            _is_noticed(story, recipe, run, viewer, aspect, of, good, NUDGE - good) for good in (NUDGE, 0)
        )
    )


def _grown(story: Story, run: Run) -> Iterator[tuple[str, Aspect, str]]:
    """Every trust count that something in the run changed."""
    for actor in story.scenario.cast:
        before = story.scenario.setting.trust_of(actor.id)
        view = View(actor.id, story.scenario.table, before)
        for _, entry in arrivals(story.scenario.table, run.entries, actor.id):
            view.see(entry)
        for (aspect, of), counts in sorted(view.trust.counts.items(), key=lambda one: (one[0][0].value, one[0][1])):
            if before.counts.get((aspect, of)) != counts:
                yield actor.id, aspect, of


def _is_noticed(
    story: Story, recipe: Recipe, run: Run, viewer: str, aspect: Aspect, of: str, good: int, bad: int
) -> bool:
    """Whether moving a trust count changes the log, reasons included."""
    actors = story.scenario.table.actors
    nudge = InitialTrust(actors[viewer], actors[of], aspect, good, bad, "a probe")
    nudged = evolve(story.scenario, initial_trust=(*story.scenario.initial_trust, nudge))
    return play(nudged, run.world, until=recipe.until).entries != run.entries
