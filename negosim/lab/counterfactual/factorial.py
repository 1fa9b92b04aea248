"""Switches: every combination of a few what-ifs, each played in the same posterior Worlds.

The Worlds are those in which the documented decisions came out (weighting alone, see ``worlds``);
with k questions each World is played 2^k times, once per combination. Beside them stands one
weighted draw: a log of a World and its twin per question, for those who want to read one.
"""

from __future__ import annotations

from itertools import chain
from math import exp, fsum, sqrt
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.inference.conditioning import Abduction, Evidence, nothing_left, plain
from negosim.inference.conformance import happened
from negosim.inference.estimates import NORMAL_95
from negosim.inference.evidence import impositions
from negosim.inference.pool import Pool
from negosim.inference.weights import effective_size
from negosim.lab.counterfactual.alignment import first_divergence
from negosim.lab.replay.scoring import drawn
from negosim.sim.chance import World
from negosim.sim.play import play
from negosim.stories.intervention_syntax import subject_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.core.events import Entry
    from negosim.inference.pool import Progress
    from negosim.sim.interventions import Change
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef
    from negosim.stories.questions import Outcome, Question

MOST_QUESTIONS = 6
PLAYS = 12_000
"""Runs at most over all combinations; with more questions each combination has fewer Worlds."""
CHUNK = 100
TRIED = 40
"""Weighted draws that are looked at for one in which every change takes hold."""
DAY = 1440


@frozen
class Chance:
    """A probability, and its 95 % interval over the effective draws (Wilson 1927).

    Wilson's interval keeps its width where all draws agree, as a normal one does not.
    """

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, share: float, n: float) -> Chance:
        """A share of ``n`` effective draws."""
        square = NORMAL_95**2
        middle = (share + square / (2 * n)) / (1 + square / n)
        half = NORMAL_95 / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
        return cls(share, max(min(middle - half, share), 0.0), min(max(middle + half, share), 1.0))


@frozen
class Setting:
    """One combination: ``on`` by question; empty ``outcomes`` where two changes exclude each other.

    ``days`` has, by outcome, the weighted share of Worlds in which it comes on each day of the
    clock; the rest is the share in which it never comes. ``held``: the share of Worlds in which
    every change of the combination took hold.
    """

    on: tuple[bool, ...]
    outcomes: tuple[Chance, ...] = ()
    days: tuple[tuple[tuple[int, float], ...], ...] = ()
    held: float = 1.0


@frozen
class Drawn:
    """The log of one posterior World, and that of its twin for each question."""

    run: int
    factual: tuple[Entry, ...]
    twins: tuple[tuple[Entry, ...], ...]


@frozen
class Switches:
    """All combinations; the place of one is the number its switches make in binary.

    ``worlds`` of ``n`` replays got through, ``used`` of them were played in each combination and
    are worth ``ess``.
    """

    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    n: int
    worlds: int
    used: int
    ess: float
    settings: tuple[Setting, ...]
    draw: Drawn

    @property
    def as_it_was(self) -> Setting:
        """Nothing switched."""
        return self.settings[0]

    def alone(self, place: int) -> Setting:
        """Only the question at this place switched on."""
        return self.settings[1 << place]


@frozen
class Combining:
    """The task: a story by reference, its evidence, the changes of each combination, outcomes."""

    story: StoryRef
    seed: int
    evidence: Evidence
    combinations: tuple[tuple[Change, ...] | None, ...]
    outcomes: tuple[Outcome, ...]


@frozen
class Played:
    """A World in every combination: the minute of each outcome (None: never), and if all held."""

    minutes: tuple[tuple[int | None, ...], ...]
    held: tuple[bool, ...]


def switches(
    story: Story, questions: Sequence[Question], outcomes: Sequence[Outcome], *, n: int = 1000,
    seed: int = 0, jobs: int = 2, executor: Executor | None = None, progress: Progress | None = None,
) -> Switches:  # fmt: skip
    """Every combination of the questions' changes, in Worlds left by ``n`` replays.

    Raises ValueError for more than six questions, NotFound for a change that names nothing known,
    NegosimError when no replay gets through.
    """
    if len(questions) > MOST_QUESTIONS:
        raise ValueError(f"{len(questions)} questions make {2 ** len(questions)} combinations; at most 6")
    for question in questions:
        for change in question.changes:
            change.check(story.scenario)
    combining = Combining(
        story.ref, seed, Evidence(impositions(story.documented)),
        tuple(combined(questions, mask) for mask in range(1 << len(questions))), tuple(outcomes),
    )  # fmt: skip
    with Pool(jobs, executor, progress) as pool:
        chunks = [(combining, first, count) for first, count in pool.chunks(0, n)]
        lived = list(chain.from_iterable(pool.map_ordered(live, chunks)))
        if not lived:
            raise nothing_left(story.scenario.name)
        used = lived[: max(PLAYS >> len(questions), 1)]
        runs = [run for run, _ in used]
        size = max(CHUNK >> len(questions), 1)
        tasks = [(combining, tuple(runs[first : first + size])) for first in range(0, len(runs), size)]
        played = list(chain.from_iterable(pool.map_ordered(combine, tasks)))
    top = max(log for _, log in used)
    weights = [exp(log - top) for _, log in used]
    settings = tuple(
        _setting(combining, mask, len(questions), weights, played) for mask in range(1 << len(questions))
    )
    return Switches(
        tuple(questions), tuple(outcomes), n, len(lived), len(used), effective_size(weights), settings,
        _draw(story, combining, seed, runs, weights),
    )  # fmt: skip


def combined(questions: Sequence[Question], mask: int) -> tuple[Change, ...] | None:
    """The changes of the questions that are switched on; None where two exclude each other."""
    found: list[Change] = []
    settled: dict[object, str] = {}
    for place, question in enumerate(questions):
        for change in question.changes if mask >> place & 1 else ():
            subject = subject_of(change)
            if subject is not None and settled.setdefault(subject, str(change)) != str(change):
                return None
            if change not in found:
                found.append(change)
    return tuple(found)


# ── in a worker ─────────────────────────────────────────────────────────────────────────────────


def live(combining: Combining, first: int, count: int) -> list[tuple[int, float]]:
    """The runs of some replays that got through, each with its log-likelihood."""
    abduction = _abduction(combining)
    draws = plain(abduction, combining.seed, range(first, first + count)).draws
    return [(draw.group, draw.likelihood) for draw in draws]


def combine(combining: Combining, runs: tuple[int, ...]) -> list[Played]:
    """Some posterior Worlds, each played in every combination."""
    abduction = _abduction(combining)
    scenario = abduction.scenario
    found = []
    for number in runs:
        factual = _factual(abduction, combining.seed, number)
        minutes, held = [], []
        for changes in combining.combinations:
            run, took = (factual, True) if not changes else _twin(abduction, factual, changes)
            hits = [happened(one.target, scenario, run.entries) for one in combining.outcomes]
            minutes.append(tuple(hit.at if hit.hit else None for hit in hits))
            held.append(took)
        found.append(Played(tuple(minutes), tuple(held)))
    return found


def _abduction(combining: Combining) -> Abduction:
    story = combining.story.load()
    return Abduction(story.scenario, combining.evidence)


def _factual(abduction: Abduction, seed: int, number: int) -> Run:
    """A posterior World played with nothing imposed: the history as it was, once more."""
    return play(abduction.scenario, abduction.live(World(seed, number)).run.world)


def _twin(abduction: Abduction, factual: Run, changes: tuple[Change, ...]) -> tuple[Run, bool]:
    """The twin, and whether every change took hold in it."""
    resolved = [change.ground(factual) for change in changes]
    twin = play(abduction.scenario, factual.world, tuple(one for one in resolved if one is not None))
    return twin, all(one is not None and one.took_effect(twin) for one in resolved)


# ── figures ─────────────────────────────────────────────────────────────────────────────────────


def _setting(
    combining: Combining, mask: int, count: int, weights: Sequence[float], played: Sequence[Played]
) -> Setting:
    on = tuple(bool(mask >> place & 1) for place in range(count))
    if combining.combinations[mask] is None:
        return Setting(on)
    total, worth = fsum(weights), effective_size(weights)
    chances, days = [], []
    for place in range(len(combining.outcomes)):
        minutes = [one.minutes[mask][place] for one in played]
        share = fsum(weight for weight, minute in zip(weights, minutes, strict=True) if minute is not None) / total
        chances.append(Chance.of(min(share, 1.0), worth))
        by_day: dict[int, list[float]] = {}
        for weight, minute in zip(weights, minutes, strict=True):
            if minute is not None:
                by_day.setdefault(minute // DAY, []).append(weight)
        days.append(tuple((day, fsum(own) / total) for day, own in sorted(by_day.items())))
    held = fsum(weight for weight, one in zip(weights, played, strict=True) if one.held[mask]) / total
    return Setting(on, tuple(chances), tuple(days), held)


def _draw(story: Story, combining: Combining, seed: int, runs: Sequence[int], weights: Sequence[float]) -> Drawn:
    """One draw by weight: the first whose twins all differ, else the first."""
    abduction = Abduction(story.scenario, combining.evidence)
    alone = [combining.combinations[1 << place] or () for place in range(len(combining.combinations).bit_length() - 1)]
    first: Drawn | None = None
    for place in dict.fromkeys(drawn(weights, seed, TRIED)):
        factual = _factual(abduction, seed, runs[place])
        twins = [_twin(abduction, factual, changes)[0] for changes in alone]
        one = Drawn(runs[place], factual.entries, tuple(twin.entries for twin in twins))
        if all(first_divergence(factual.entries, twin.entries) for twin in twins):
            return one
        first = first or one
    if first is None:
        raise nothing_left(story.scenario.name)
    return first
