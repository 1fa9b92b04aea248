"""Guided search for what must not be: runs in which a story raises, or breaks one of its invariants.

The filter's guide steers runs to where few have been, as fuzzers steer a program to its rare
branches (Lemieux and Sen 2018, FairFuzz). A *branch* is an answer, or one thing happening right
after another. A round aims at one of the branches seen least: what the log names as its causes is
proposed again, and the rest drawn anew; or it gives all answers alike; or both. Every second round
plays along the record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from attrs import Factory, define, frozen

from negosim.core.errors import NegosimError
from negosim.core.events import Chose
from negosim.inference.evidence import impositions
from negosim.inference.filter.dice import SHARE_MIN, GuidedDice
from negosim.inference.filter.guide import Guide, Twist, Window
from negosim.inference.filter.learning import ancestors
from negosim.sim.chance import Imposing, World
from negosim.sim.play import LiveRun
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.events import Entry, Event
    from negosim.sim.chance import Imposition
    from negosim.stories.loading import Story

ROUND = 100
"""Runs under one guide."""
AIMED = 50.0
"""How much more often than the model the answers are proposed that a branch came of."""
ALIKE_MAX = 1000.0
"""How much more often than the model, at most, an answer is proposed so that all are given alike."""
LIKELY = 0.5
"""An answer that the model makes so probable is left to the model."""
SLACK = (0, 60, 1440)
"""Minutes around the end of a delay that a branch came of; one for each time it is aimed at."""

Branch: TypeAlias = "tuple[object, ...]"


@frozen
class Finding:
    """What must not be, in a sentence, and a World in which it is: ``play`` it again to see it."""

    says: str
    world: World


@define
class _Seen:
    """A branch: how many runs took it, how often it was aimed at, and what it came of at first."""

    runs: int
    aims: int
    answers: dict[str, str]
    ends: dict[str, int]


@define
class _Search:
    story: Story
    seed: int
    branches: dict[Branch, _Seen] = Factory(dict)
    expected: dict[str, Counter[str]] = Factory(lambda: defaultdict(Counter))
    """How often each answer would have been given by the model, in sum, by address."""
    found: set[str] = Factory(set)

    def play(self, number: int, guide: Guide, imposed: Sequence[Imposition]) -> Iterator[Finding]:
        """One run under a guide: learn its branches, and tell what must not be and was not found yet."""
        dice = GuidedDice(
            Imposing(tuple(imposed), World(self.seed, number)), stop_at_failed_imposition=False, guide=guide,
            items={imposition: imposition.fact for imposition in imposed},
        )  # fmt: skip
        scenario = self.story.scenario
        live = LiveRun(scenario, Room(scenario.setting, dice))
        try:
            live.advance(scenario.ends)
        except NegosimError as error:
            problems = [str(error)]
        else:
            problems = [
                f"invariant {getattr(invariant, '__name__', invariant)} is broken"
                for invariant in self.story.invariants if invariant(live.room.entries) is not None
            ]  # fmt: skip
        finally:
            live.room.adjourn()
        self._learn(live.room.entries, dice)
        for says in problems:
            if says not in self.found:
                self.found.add(says)
                yield Finding(says, World(self.seed, number, live.path))

    def _learn(self, entries: Sequence[Entry], dice: GuidedDice) -> None:
        for address, free in dice.free_choices.items():
            self.expected[address].update(free.model)
        for branch, lasts in _branches(entries).items():
            if branch in self.branches:
                self.branches[branch].runs += 1
            else:
                self.branches[branch] = _came_of(entries, lasts, dice)

    def guide(self, number: int) -> Guide:
        """Towards the branch that was aimed at least and seen least, or towards all answers alike."""
        way = number % 3
        alike = self._alike() if way else {}
        if not self.branches or way == 1:
            return Guide(alike)
        target = min(self.branches.values(), key=lambda seen: (seen.aims, seen.runs))
        slack = SLACK[target.aims % len(SLACK)]
        target.aims += 1
        answers = {address: Twist({name: AIMED}, "") for address, name in target.answers.items()}
        windows = {
            address: Window(max(end - slack, 0), end + slack, "") for address, end in target.ends.items()
        }
        return Guide(alike | answers, windows)

    def _alike(self) -> dict[str, Twist]:
        """Every answer about as often as the others at its address."""
        return {
            address: Twist(
                {name: min(sums.total() / len(sums) / max(p, SHARE_MIN), ALIKE_MAX) for name, p in sums.items()}, ""
            )
            for address, sums in self.expected.items()
        }


def _landmark(event: Event) -> Branch:
    """What happened, without the number of its repetition."""
    kind, name = event.matter
    return event.name, event.by, kind, "" if kind == "loss" else name.partition("#")[0]


def _branches(entries: Sequence[Entry]) -> dict[Branch, tuple[Entry, ...]]:
    """The branches that a run took, each with the first entries that did."""
    found: dict[Branch, tuple[Entry, ...]] = {}
    happened = []
    for entry in entries:
        if isinstance(entry.event, Chose):
            found[entry.event.address, entry.event.taken] = (entry,)
        else:
            happened.append(entry)
    for before, after in pairwise(happened):
        found.setdefault((_landmark(before.event), _landmark(after.event)), (before, after))
    return found


def _came_of(entries: Sequence[Entry], lasts: Sequence[Entry], dice: GuidedDice) -> _Seen:
    """A branch that was taken for the first time, with the rarer answers and the delays that led to it."""
    ended = {delay.ends: address for address, delay in dice.delays.items() if delay.ends > delay.asked}
    answers: dict[str, str] = {}
    ends: dict[str, int] = {}
    for entry in (cause for last in lasts for cause in ancestors(entries, last.index)):
        if isinstance(entry.event, Chose):
            free = dice.free_choices.get(entry.event.address)
            if free is not None and free.model[free.taken] < LIKELY:
                answers[entry.event.address] = free.taken
        if entry.minute in ended:
            ends[ended[entry.minute]] = entry.minute
    return _Seen(1, 0, answers, ends)


def search(story: Story, runs: int, seed: int = 0) -> Iterator[Finding]:
    """What must not be and is in one of ``runs`` runs of a story: each the first time that it is found."""
    known = _Search(story, seed)
    record = () if story.record is None else impositions(story.record)
    for number in range(0, runs, ROUND):
        guide = known.guide(number // ROUND)
        imposed = record if number // ROUND % 2 else ()
        for run in range(number, min(number + ROUND, runs)):
            yield from known.play(run, guide, imposed)
