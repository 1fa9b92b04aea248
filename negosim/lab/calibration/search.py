"""Guided search for what must not be: runs in which a story raises, or breaks one of its invariants.

The filter's guide steers runs to where few have been, as fuzzers steer a program to its rare
branches (Lemieux and Sen 2018, FairFuzz). A *branch* is one thing happening right after another.
Each round aims at one of the branches seen least: what the log names as its causes is proposed
again, and the rest drawn anew; in every second round rare answers are proposed more often too, and
every third round plays along the record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from attrs import Factory, define, frozen

from negosim.core.errors import NegosimError
from negosim.core.events import Chose
from negosim.inference.evidence import impositions
from negosim.inference.filter.dice import GuidedDice
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
RARE_MAX = 1000.0
"""How much more often than the model, at most, an answer is proposed that was hardly ever given."""
SLACK = (0, 60, 1440)
"""Minutes around the end of a delay that a branch came of; one for each time it is aimed at."""

Landmark: TypeAlias = "tuple[object, ...]"
Branch: TypeAlias = "tuple[Landmark, Landmark]"


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
    given: dict[str, Counter[str]] = Factory(lambda: defaultdict(Counter))
    """How often each answer was given, by address; 0 for those that could have been."""

    def play(self, number: int, guide: Guide, imposed: Sequence[Imposition]) -> Iterator[Finding]:
        """One run under a guide: learn its branches, and tell what must not be in it."""
        dice = GuidedDice(
            Imposing(tuple(imposed), World(self.seed, number)), stop_at_failed_imposition=False, guide=guide,
            items={imposition: imposition.fact for imposition in imposed},
        )  # fmt: skip
        scenario = self.story.scenario
        live = LiveRun(scenario, Room(scenario.setting, dice))
        try:
            live.advance(scenario.ends)
        except NegosimError as error:
            yield Finding(f"{type(error).__name__}: {error}", World(self.seed, number, live.path))
        finally:
            live.room.adjourn()
        entries = live.room.entries
        for invariant in self.story.invariants:
            if invariant(entries) is not None:
                name = getattr(invariant, "__name__", str(invariant))
                yield Finding(f"invariant {name} is broken", World(self.seed, number, live.path))
        self._learn(entries, dice)

    def _learn(self, entries: Sequence[Entry], dice: GuidedDice) -> None:
        for address, free in dice.free_choices.items():
            counts = self.given[address]
            counts.update(dict.fromkeys(free.model, 0))
            counts[free.taken] += 1
        for branch, (before, after) in _branches(entries).items():
            if branch in self.branches:
                self.branches[branch].runs += 1
            else:
                self.branches[branch] = _came_of(entries, (before, after), dice)

    def guide(self, number: int) -> Guide:
        """Towards the branch that was aimed at least and seen least; none before anything was seen."""
        if not self.branches:
            return Guide()
        target = min(self.branches.values(), key=lambda seen: (seen.aims, seen.runs))
        slack = SLACK[target.aims % len(SLACK)]
        target.aims += 1
        answers = {address: Twist({name: AIMED}, "") for address, name in target.answers.items()}
        windows = {
            address: Window(max(end - slack, 0), end + slack, "") for address, end in target.ends.items()
        }
        return Guide((self._rare() if number % 2 else {}) | answers, windows)

    def _rare(self) -> dict[str, Twist]:
        """Every answer about as often as the others at its address."""
        return {
            address: Twist(
                {name: min((counts.total() + 1) / (count + 1), RARE_MAX) for name, count in counts.items()}, ""
            )
            for address, counts in self.given.items()
        }


def _landmark(event: Event) -> Landmark:
    """What happened, without the number of its repetition."""
    kind, name = event.matter
    return event.name, event.by, kind, "" if kind == "loss" else name.partition("#")[0]


def _branches(entries: Sequence[Entry]) -> dict[Branch, tuple[Entry, Entry]]:
    """What happened right after what in a run, with the first two entries that did."""
    happened = [entry for entry in entries if not isinstance(entry.event, Chose)]
    found: dict[Branch, tuple[Entry, Entry]] = {}
    for before, after in pairwise(happened):
        found.setdefault((_landmark(before.event), _landmark(after.event)), (before, after))
    return found


def _came_of(entries: Sequence[Entry], pair: Sequence[Entry], dice: GuidedDice) -> _Seen:
    """A branch that was taken for the first time, with the answers and delays that led to it."""
    ended = {delay.ends: address for address, delay in dice.delays.items() if delay.ends > delay.asked}
    answers: dict[str, str] = {}
    ends: dict[str, int] = {}
    for entry in dict.fromkeys(cause for last in pair for cause in ancestors(entries, last.index)):
        if isinstance(entry.event, Chose):
            answers[entry.event.address] = entry.event.taken
        if entry.minute in ended:
            ends[ended[entry.minute]] = entry.minute
    return _Seen(1, 0, answers, ends)


def search(story: Story, runs: int, seed: int = 0) -> Iterator[Finding]:
    """What must not be and is, in ``runs`` runs of a story, as it is found."""
    known = _Search(story, seed)
    record = () if story.record is None else impositions(story.record)
    for number in range(0, runs, ROUND):
        guide = known.guide(number // ROUND)
        imposed = record if number // ROUND % 3 == 2 else ()
        for run in range(number, min(number + ROUND, runs)):
            yield from known.play(run, guide, imposed)
