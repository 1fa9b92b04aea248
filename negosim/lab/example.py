"""One world that fits the record, and the same world with the change: what an answer counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.errors import UnusedChange
from negosim.lab.judging import is_borne_out
from negosim.lab.shown import Shown
from negosim.lab.twins import Comparison, check_prefix
from negosim.lab.whatif import evidence_of
from negosim.lab.worlds import Abduction, Evidence, nothing_left, plain
from negosim.sim.play import play

if TYPE_CHECKING:
    from negosim.lab.library import Story
    from negosim.lab.questions import Outcome, Question
    from negosim.sim.play import Run
    from negosim.sim.scenario import Scenario


@frozen
class Example(Shown):
    """A pair of runs that differ by a change alone; ``number`` is the replay they come from.

    It was picked because it fits: an illustration, never an answer. Of ``facts`` facts that were
    not fed, ``fits`` came about in it; ``through`` replays of ``n`` could have been picked.
    """

    asks: str
    scenario: Scenario
    number: int
    fits: int
    facts: int
    through: int
    n: int
    comparison: Comparison


def example(story: Story, question: Question, about: Outcome, *, n: int = 200, seed: int = 0) -> Example:
    """Of ``n`` replays the one that fits the record best, and its twin with the change.

    It makes every documented decision, ``about`` is in it as documented, the change takes hold in
    its twin, and it bears out more of the facts dated up to ``about`` than any before it. Raises
    NegosimError when no replay makes the decisions, UnusedChange when no world qualifies,
    ReplayDiverged when what lies before the change did not come out again.
    """
    scenario, evidence = story.scenario, evidence_of(story.documented, about)
    draws = plain(Abduction(scenario, Evidence(evidence.impositions)), seed, range(n)).draws
    if not draws:
        raise nothing_left(scenario.name)
    best: tuple[int, int, Run, Run] | None = None
    for draw in draws:
        factual = play(scenario, draw.world)
        twin = _twin(question, scenario, factual)
        if twin is None or is_borne_out(about.target, scenario, factual.entries) != about.happened:
            continue
        fits = sum(is_borne_out(fact, scenario, factual.entries) for fact in evidence.facts)
        if best is None or fits > best[0]:
            best = fits, draw.group, factual, twin
    if best is None:
        changed = ", ".join(map(str, question.changes))
        raise UnusedChange(f"{changed}: changes none of {len(draws)} worlds that has {about.id} as documented")
    fits, number, factual, twin = best
    pair = Comparison.of(factual.entries, twin.entries, scenario.table)
    return Example(question.asks, scenario, number, fits, len(evidence.facts), len(draws), n, pair)


def _twin(question: Question, scenario: Scenario, factual: Run) -> Run | None:
    """The same world with the change; None where that takes no hold, or changes nothing."""
    resolved = [change.resolve(factual) for change in question.changes]
    changes = tuple(one for one in resolved if one is not None)
    if len(changes) < len(resolved):
        return None
    twin = play(scenario, factual.world, changes)
    check_prefix(factual, twin, changes)
    same = twin.entries == factual.entries
    return None if same or not all(one.consulted(twin) for one in changes) else twin
