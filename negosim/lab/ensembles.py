"""Many runs of one story, in chunks, in processes: what each leaves behind is a few numbers.

A task carries the story's folder and digest, never the story: a worker loads it by path and
refuses another digest. Every draw is keyed by seed, run and address, so results do not depend on
chunks, workers or order.
"""

from __future__ import annotations

import signal
import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import chain
from math import prod
from multiprocessing import get_context
from pathlib import Path
from threading import current_thread, main_thread
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from attrs import frozen

from negosim.lab.baselines import Blind, Seen, indifferent
from negosim.lab.judging import false_alarms, is_borne_out
from negosim.lab.library import reload
from negosim.sim.chance import Imposing, Prior
from negosim.sim.noise import softmax
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future

    from negosim.lab.library import Story
    from negosim.record.model import Fact, Record, Target
    from negosim.sim.chance import Asked, Imposition, Policy
    from negosim.sim.play import Run

R = TypeVar("R")
Tell: TypeAlias = "Callable[[int, int], None]"
"""Called as runs are finished: how many of how many."""
Look: TypeAlias = Literal["hits", "targets", "alarms", "choices", "shares"]

CHUNK = 25
"""Runs per task: about a fifth of a second of work for a process."""
AHEAD = 4
"""Tasks per worker that wait in the pool."""


@frozen
class Recipe:
    """One ensemble: the story by reference, what is imposed, who chooses, what to look at.

    ``chooser`` None lets the model choose. ``facts`` are the ids of those to judge. With
    ``thorough`` a run goes on after a documented decision has become impossible.
    """

    folder: str
    digest: str
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
        return cls(str(story.folder), story.digest, seed, n)

    @property
    def policy(self) -> Policy | None:
        """The chooser as ``play`` wants it."""
        return indifferent if self.chooser == "random" else self.chooser


@frozen
class Met:
    """What one run made of one imposition.

    ``imposed``: asked in time and answered as documented; ``unsettled``: asked in time, though
    the documented answer was not legal or every open question was passed over; else it was asked
    ``too late``, or ``never``. ``factor`` multiplies the importance weight, ``timely`` is the
    probability of the documented dates.
    """

    how: Literal["imposed", "unsettled", "too late", "never"]
    factor: float = 0.0
    timely: float = 1.0

    @property
    def in_time(self) -> bool:
        """Whether the question came in its interval."""
        return self.how in ("imposed", "unsettled")


@frozen
class Played:
    """What one run leaves behind.

    ``hits`` and ``targets`` say what happened, ``alarms`` counts unrecorded events by cell,
    ``choices`` are addresses, answers and minutes in the order taken, ``shares`` has their
    probabilities. What a recipe does not look at stays empty.
    """

    run: int
    met: tuple[Met, ...] = ()
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
        stop_when_hopeless=not recipe.thorough,
    )


def play_all(
    recipes: Sequence[Recipe], *, jobs: int = 2, executor: Executor | None = None, tell: Tell | None = None
) -> list[tuple[Played, ...]]:
    """Play every recipe; the summaries of each in run order.

    ``jobs`` processes are started unless an ``executor`` is lent; with one job everything is
    played here. An interruption cancels what has not begun.
    """
    tasks = [
        (recipe, start, min(start + CHUNK, recipe.n))
        for recipe in recipes
        for start in range(0, recipe.n, CHUNK)
    ]
    total, done = sum(recipe.n for recipe in recipes), 0
    parts: list[list[Played]] = [[] for _ in tasks]
    for place, part in handed_out(play_chunk, tasks, jobs=jobs, executor=executor):
        parts[place] = part
        done += len(part)
        if tell is not None:
            tell(done, total)
    ordered = iter(parts)
    return [
        tuple(chain.from_iterable(next(ordered) for _ in range(0, recipe.n, CHUNK)))
        for recipe in recipes
    ]


# ── in the workers ──────────────────────────────────────────────────────────────────────────────


def play_chunk(recipe: Recipe, start: int, stop: int) -> list[Played]:
    """The summaries of some runs of a recipe."""
    story = reload(Path(recipe.folder), recipe.digest)
    return [summary(story, recipe, play_one(story, recipe, run), run) for run in range(start, stop)]


def summary(story: Story, recipe: Recipe, run: Run, number: int) -> Played:
    """What a recipe wants to know of one run; nothing is judged once all is lost."""
    met = meetings(recipe.impositions, run)
    look, record = recipe.look, story.record
    hopeless = run.hopeless is not None
    wanted = {} if hopeless or record is None else _judged(story, record, recipe, run)
    return Played(
        number,
        met,
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


def meetings(impositions: Sequence[Imposition], run: Run) -> tuple[Met, ...]:
    """What a run made of each imposition."""
    asked: dict[Imposition, list[Asked]] = {}
    for one in run.asked:
        if one.imposition is not None:
            asked.setdefault(one.imposition, []).append(one)
    return tuple(_met(one, asked.get(one, []), run) for one in impositions)


def _met(imposition: Imposition, asked: list[Asked], run: Run) -> Met:
    """Takes the questions that led to the answer out of ``asked``: a twin finds only the rest."""
    if asked:
        last = next((place for place, one in enumerate(asked) if one.how == "imposed"), None)
        if last is None:
            return Met("unsettled")
        own, asked[:] = asked[: last + 1], asked[last + 1 :]
        return Met("imposed", prod(one.factor for one in own), prod(one.p_time for one in own))
    prefix = imposition.open_prefix
    here = any(
        one.address == imposition.address if prefix is None else one.address.startswith(prefix)
        for one in run.asked
    )
    return Met("too late" if here else "never")


def _seen(one: Asked) -> Seen:
    return one.address, one.alternatives, tuple(softmax(one.utilities))


# ── handing out ─────────────────────────────────────────────────────────────────────────────────


def handed_out(
    work: Callable[..., R], tasks: Sequence[tuple[Any, ...]], *, jobs: int, executor: Executor | None = None
) -> Iterator[tuple[int, R]]:
    """What ``work`` makes of each task, with the task's place, as it comes in."""
    with crew(jobs, executor) as hands:
        if hands is None:
            yield from ((place, work(*task)) for place, task in enumerate(tasks))
            return
        waiting: dict[Future[R], int] = {}
        for place, task in enumerate(tasks):
            if len(waiting) >= AHEAD * jobs:
                yield from _finished(waiting)
            waiting[hands.submit(work, *task)] = place
        while waiting:
            yield from _finished(waiting)


def in_order(
    work: Callable[..., R], tasks: Iterable[tuple[Any, ...]], *, jobs: int, executor: Executor | None = None
) -> Iterator[R]:
    """What ``work`` makes of each task, in the order of the tasks.

    However many there are, only a few wait or are held; what was begun when the iteration is
    left is not waited for by a lent executor.
    """
    with crew(jobs, executor) as hands:
        if hands is None:
            yield from (work(*task) for task in tasks)
            return
        waiting: deque[Future[R]] = deque()
        try:
            for task in tasks:
                waiting.append(hands.submit(work, *task))
                if len(waiting) >= AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _finished(waiting: dict[Future[R], int]) -> Iterator[tuple[int, R]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        yield waiting.pop(future), future.result()


@contextmanager
def crew(jobs: int, executor: Executor | None = None) -> Iterator[Executor | None]:
    """The executor lent, or processes of our own that end with the block; None for one job."""
    if executor is not None or jobs == 1:
        yield executor
        return
    own = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_settle_in)
    with _deaf(), _without_main():  # what a worker ignores from birth cannot reach it while it imports
        for _ in range(jobs):
            own.submit(_settle_in)
    try:
        yield own
    finally:
        own.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _deaf() -> Iterator[None]:
    """Interrupts are ignored here, and by processes that are started here."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """Processes started here do not import the script that asked: it would ask again.

    They need nothing of it: a task carries names and numbers, and the story's folder.
    """
    asking = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = asking


def _settle_in() -> None:
    """A worker of our own finishes its chunk and is told to end: Control-C is the parent's to answer.

    What a story prints is no data of the parent's.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = sys.stderr
