"""Taking each choice of a replay otherwise, once: which facts that undoes, and what it changes.

The undoing set of a fact are the addresses whose flip undid it in most of the draws in which it
happened, among addresses asked in every draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core import events as e
from negosim.core.errors import NegosimError
from negosim.inference.conformance import is_borne_out
from negosim.lab.ensembles.ensemble import Recipe, play_one
from negosim.sim.interventions import Decide
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.core.events import Entry, Event
    from negosim.inference.pool import Pool
    from negosim.stories.loading import Story

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

    run: int
    happened: tuple[str, ...]
    twins: tuple[Twin, ...]

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses asked in the draw that had more than one answer."""
        return frozenset(twin.address for twin in self.twins)

    def undoing(self, fact: str) -> frozenset[str]:
        """The addresses of which some other answer undoes a fact."""
        return frozenset(twin.address for twin in self.twins if fact in twin.undone)


def flip_draws(
    recipe: Recipe, runs: Sequence[int], pool: Pool
) -> tuple[Flipped, ...]:
    """Flip every choice of these runs of an ensemble; ``recipe.facts`` are the facts to judge."""
    return tuple(pool.map_ordered(flip_draw, [(recipe, run) for run in runs]))


def flip_draw(recipe: Recipe, number: int) -> Flipped:
    """Play one run of an ensemble, then every twin of its world that takes one choice otherwise."""
    story = recipe.story.load()
    run = play_one(story, recipe, number)
    facts = _hits(story, recipe.facts, run.entries)
    recipe = evolve(recipe, facts=facts)
    twins = []
    for one in run.asked:
        for instead in one.alternatives:
            if instead != one.taken:
                twin = Twin(address=one.address, taken=one.taken, instead=instead)
                try:
                    log = play(story.scenario, run.world, (Decide(one.address, instead),), until=recipe.until)
                except NegosimError as error:
                    twins.append(evolve(twin, raised=str(error)))
                    continue
                still = _hits(story, facts, log.entries)
                undone = tuple(fact for fact in facts if fact not in still)
                changes = _others(log.entries, one.address) != _others(run.entries, one.address)
                twins.append(evolve(twin, undone=undone, changes=changes))
    return Flipped(number, facts, tuple(twins))


def undoing_sets(draws: Sequence[Flipped], facts: Sequence[str]) -> Undoing:
    """By fact, the addresses that undo it in most of the draws in which it happened."""
    common = frozenset.intersection(*(draw.addresses for draw in draws)) if draws else frozenset()
    found: Undoing = {}
    for fact in facts:
        own = [draw.undoing(fact) for draw in draws if fact in draw.happened]
        found[fact] = frozenset(
            address for address in common if 2 * sum(address in undoing for undoing in own) > len(own)
        )
    return found


def _hits(story: Story, facts: Sequence[str], entries: Sequence[Entry]) -> tuple[str, ...]:
    record = story.documented
    return tuple(id for id in facts if is_borne_out(record.fact(id), story.scenario, entries))


def _others(entries: Sequence[Entry], address: str) -> list[tuple[int, Event]]:
    """What happened when, the choice at an address left out."""
    return [
        (entry.minute, entry.event)
        for entry in entries
        if not (isinstance(entry.event, e.Chose) and entry.event.address == address)
    ]
