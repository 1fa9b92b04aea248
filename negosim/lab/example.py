"""One world that fits the record, and the same world with the change: what an answer counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.errors import UnusedChange
from negosim.lab.shown import Shown
from negosim.lab.twins import Comparison, check_prefix
from negosim.lab.whatif import evidence_of
from negosim.lab.worlds import Abduction, nothing_left, plain
from negosim.sim.play import play

if TYPE_CHECKING:
    from negosim.lab.library import Story
    from negosim.lab.questions import Question
    from negosim.sim.scenario import Scenario

CHUNK = 20


@frozen
class Example(Shown):
    """A pair of runs that differ by a change alone; ``number`` is the replay they come from.

    It is the first that gets through, not a typical one: an illustration, never an answer.
    """

    asks: str
    scenario: Scenario
    number: int
    comparison: Comparison


def example(story: Story, question: Question, *, n: int = 1000, seed: int = 0) -> Example:
    """The first of ``n`` replays that makes the documented decisions and takes up the change.

    Raises NegosimError when none gets through, UnusedChange when none takes the change up,
    ReplayDiverged when what lies before the change did not come out again.
    """
    scenario = story.scenario
    abduction = Abduction(scenario, evidence_of(story.documented))
    through = 0
    for first in range(0, n, CHUNK):
        for draw in plain(abduction, seed, range(first, min(first + CHUNK, n))).draws:
            through += 1
            factual = play(scenario, draw.world)
            changes = tuple(one.resolve(factual) for one in question.changes)
            if any(one is None for one in changes):
                continue
            taken_up = tuple(one for one in changes if one is not None)
            twin = play(scenario, draw.world, taken_up)
            check_prefix(factual, twin, taken_up)
            found = Comparison.of(factual.entries, twin.entries, scenario.table)
            if found.differing and all(one.consulted(twin) for one in taken_up):
                return Example(question.asks, scenario, draw.ancestor, found)
    if not through:
        raise nothing_left(scenario.name)
    raise UnusedChange(f"{', '.join(map(str, question.changes))}: changes none of {through} worlds")
