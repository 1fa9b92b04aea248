"""Taking each choice of a replay otherwise, once: which facts that undoes, and what it changes.

The undoing set of a fact are the addresses whose flip undid it in most of the draws in which it
happened, among addresses asked in every draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core import events as e
from negosim.core.errors import NegosimError
from negosim.inference.conformance import is_borne_out
from negosim.lab.counterfactual.alignment import check_prefix
from negosim.sim.interventions import Decide
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.events import Entry, Event
    from negosim.sim.chance import Asked, World
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef

Undoing = dict[str, frozenset[str]]
"""By fact, the addresses whose flip undoes it."""


@frozen(kw_only=True)
class Twin:
    """A draw with one choice taken otherwise.

    ``undone`` are the facts that happened in the draw and not here; ``changes`` whether any entry
    but the choice itself differs; ``raised`` what the story's code complained of, if it did.
    """

    address: str
    taken: str
    instead: str
    undone: tuple[str, ...] = ()
    changes: bool = False
    raised: str = ""


@frozen
class Flipped:
    """One draw and all its twins. ``happened`` are the facts that happened in it."""

    happened: tuple[str, ...]
    twins: tuple[Twin, ...]

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses asked in the draw that had more than one answer."""
        return frozenset(twin.address for twin in self.twins)

    def undoing(self, fact: str) -> frozenset[str]:
        """The addresses of which some other answer undoes a fact."""
        return frozenset(twin.address for twin in self.twins if fact in twin.undone)


def flip_draw(ref: StoryRef, world: World, facts: tuple[str, ...]) -> Flipped:
    """A task: play a World, then every twin of it that takes one choice otherwise.

    ``facts`` are the ids of those to judge.
    """
    story = ref.load()
    run = play(story.scenario, world)
    happened = _happened(story, facts, run.entries)
    twins = tuple(
        _twin(story, run, happened, question, instead, twin)
        for question in run.asked
        for instead, twin in flips(story.scenario, run, question)
    )
    return Flipped(happened, twins)


def flips(
    scenario: Scenario, run: Run, question: Asked, *, until: int | None = None
) -> Iterator[tuple[str, Run | NegosimError]]:
    """Every other answer to a question of a run, and the twin that takes it, or what the story raised there."""
    for instead in question.alternatives:
        if instead != question.taken:
            change = Decide(question.address, instead)
            try:
                twin = play(scenario, run.world, (change,), until=until)
                check_prefix(run, twin, (change,))
                yield instead, twin
            except NegosimError as error:
                yield instead, error


def _twin(
    story: Story, run: Run, happened: tuple[str, ...], question: Asked, instead: str, twin: Run | NegosimError
) -> Twin:
    """What another answer at one question undoes of what happened in a run, and changes."""
    address, taken = question.address, question.taken
    if isinstance(twin, NegosimError):
        return Twin(address=address, taken=taken, instead=instead, raised=str(twin))
    still = _happened(story, happened, twin.entries)
    return Twin(
        address=address,
        taken=taken,
        instead=instead,
        undone=tuple(fact for fact in happened if fact not in still),
        changes=_others(twin.entries, address) != _others(run.entries, address),
    )


def undoing_sets(draws: Sequence[Flipped], facts: Sequence[str]) -> Undoing:
    """By fact, the addresses that undo it in most of the draws in which it happened."""
    common = frozenset.intersection(*(draw.addresses for draw in draws)) if draws else frozenset()
    sets: Undoing = {}
    for fact in facts:
        undoing = [draw.undoing(fact) for draw in draws if fact in draw.happened]
        sets[fact] = frozenset(
            address for address in common if 2 * sum(address in draw for draw in undoing) > len(undoing)
        )
    return sets


def _happened(story: Story, facts: Sequence[str], entries: Sequence[Entry]) -> tuple[str, ...]:
    record = story.documented
    return tuple(id for id in facts if is_borne_out(record.fact(id), story.scenario, entries))


def _others(entries: Sequence[Entry], address: str) -> list[tuple[int, Event]]:
    """What happened when, the choice at an address left out."""
    return [
        (entry.minute, entry.event)
        for entry in entries
        if not (isinstance(entry.event, e.Chose) and entry.event.address == address)
    ]
