"""Is it needed, does anybody read it? One World played again with something taken away or moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from negosim.core.trust import Aspect
from negosim.core.views import View
from negosim.lab.calibration.rehearsal import imposition_outcomes
from negosim.sim.chance import Imposing
from negosim.sim.interventions import Decide
from negosim.sim.knowledge import arrivals
from negosim.sim.play import play
from negosim.sim.setting import InitialTrust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.sim.chance import Imposition, World
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef

NUDGE = 5000
"""Thousandths of evidence added to a trust count to see whether anybody reads it."""


def spare_inferences(
    ref: StoryRef, impositions: tuple[Imposition, ...], world: World
) -> tuple[tuple[Imposition, str], ...]:
    """A task: the inferred decisions that are not needed, each with an answer that does as well.

    Not needed: with another answer at its address, and everything else imposed, each documented
    decision that was asked in time still is.
    """
    story = ref.load()
    run = play(story.scenario, Imposing(impositions, world), stop_at_failed_imposition=False)
    return tuple(
        (imposition, instead)
        for imposition in impositions
        if _is_inferred(story, imposition)
        for instead in _does_as_well(story, impositions, run, imposition)
    )


def _is_inferred(story: Story, imposition: Imposition) -> bool:
    return story.documented.fact(imposition.fact).kind == "inferred"


def _does_as_well(
    story: Story, impositions: tuple[Imposition, ...], run: Run, spared: Imposition
) -> Iterator[str]:
    others = tuple(imposition for imposition in impositions if imposition != spared)
    documented = [imposition for imposition in others if not _is_inferred(story, imposition)]

    def reached(run: Run) -> list[bool]:
        return [outcome.in_time for outcome in imposition_outcomes(documented, run)]

    for question in run.asked:
        if question.imposition == spared and question.how == "imposed":
            for instead in question.alternatives:
                if instead != question.taken:
                    twin = play(
                        story.scenario, Imposing(others, run.world), (Decide(question.address, instead),),
                        stop_at_failed_imposition=False,
                    )  # fmt: skip
                    if reached(twin) == reached(run):
                        yield instead
                        break


def unread_trust(ref: StoryRef, world: World) -> tuple[str, ...]:
    """A task: the trust counts that grew in a run though no choice, delay or act depends on them.

    Found by moving each one, both ways, from the start: nobody reads it when neither changes
    anything that happens, or any reason of a choice.
    """
    story = ref.load()
    run = play(story.scenario, world)
    return tuple(
        f"{viewer}'s trust in {of}'s {aspect.value}"
        for viewer, aspect, of in _grown(story, run)
        if not any(_is_noticed(story, run, viewer, aspect, of, good, NUDGE - good) for good in (NUDGE, 0))
    )


def _grown(story: Story, run: Run) -> Iterator[tuple[str, Aspect, str]]:
    """Every trust count that something in the run changed."""
    for actor in story.scenario.cast:
        before = story.scenario.setting.trust_of(actor.id)
        view = View(actor.id, story.scenario.table, before)
        for _, entry in arrivals(story.scenario.table, run.entries, actor.id):
            view.see(entry)
        by_name = sorted(view.trust.counts.items(), key=lambda item: (item[0][0].value, item[0][1]))
        for (aspect, of), counts in by_name:
            if before.counts.get((aspect, of)) != counts:
                yield actor.id, aspect, of


def _is_noticed(story: Story, run: Run, viewer: str, aspect: Aspect, of: str, good: int, bad: int) -> bool:
    """Whether moving a trust count changes the log, reasons included."""
    actors = story.scenario.table.actors
    nudge = InitialTrust(actors[viewer], actors[of], aspect, good, bad, note="a probe")
    nudged = evolve(story.scenario, initial_trust=(*story.scenario.initial_trust, nudge))
    return play(nudged, run.world).entries != run.entries
