"""The one pool: hands tasks to worker processes and takes their results, in order or as they finish.

A task carries references and digests, never code objects. Workers end with the block that started
them and with their parent, whatever ends it: each watches a pipe that only the parent holds open.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sized
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from threading import Thread, current_thread, main_thread
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, Self, TypeVar

from negosim.core.errors import ScenarioError, leave

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future
    from multiprocessing.connection import Connection

Result = TypeVar("Result")
QUEUED = 4
"""Tasks for each worker that are handed out and not finished: enough to keep it busy."""
CHUNK, LONGEST = 50, 1000
"""Runs in a task, at most: some tenths of a second of work; and in a very large job, where handing one out counts."""
TASKS = 1000
"""From so many tasks on, each has more runs instead."""
HEARTBEAT = 0.5
"""Seconds after which progress is told though no task has finished: so long an interruption waits."""
START_METHOD = "spawn"
"""How workers start. A small replay took 0.3 s of CPU in one process; with two that were spawned 1.0 s, from
a fork server 1.0, from one that had imported everything 0.9, with forks of this process 0.6. The server
would keep the folder, the environment and the paths of its first use; a fork keeps what its parent does at
its end, the screen it draws on and any lock that another thread holds."""


RUBBISH = 50_000
"""New objects after which a worker searches for rubbish: runs leave none behind, and to search through an
island's live particles after every 700 objects costs a tenth of its time."""


class Progress(Protocol):
    """Called as tasks finish and twice a second: how many are done of how many, and what else is known.

    ``doing`` names the part of the job; ``effective`` is the number of effective draws so far and
    ``answer`` the rough answer so far. A callback that raises KeyboardInterrupt stops the job where
    nothing is half done.
    """

    def __call__(
        self, done: int, total: int, *, doing: str = "", effective: float | None = None, answer: str = ""
    ) -> None:
        """Hear of progress."""


def part_of(progress: Progress | None, part: int, parts: int, doing: str) -> Progress | None:
    """Progress of one part of a job, heard as progress of the whole; all parts count alike."""
    if progress is None:
        return None

    def hear(done: int, total: int, **known: Any) -> None:
        within = known.pop("doing", "")
        progress(part * total + done, parts * total, doing=f"{doing}, {within}" if within else doing, **known)

    return hear


class Pool:
    """``jobs`` worker processes, started with the first task; with one job, tasks are done here.

    A lent ``executor`` is used instead and left open. ``progress`` hears of every finished task
    and of all tasks over all calls: those handed out so far, or those that are expected.
    Use it in a ``with`` block: leaving it early ends the workers at once.
    """

    def __init__(
        self, jobs: int = 2, executor: Executor | None = None, progress: Progress | None = None
    ) -> None:
        self.jobs, self._progress = jobs, progress
        self._executor = executor
        self._lifeline: Connection | None = None
        self._done = self._total = self._expected = 0
        self._left_early = False
        self._abandoned: list[Future[Any]] = []

    def map_unordered(
        self, work: Callable[..., Result], tasks: Iterable[Sequence[Any]]
    ) -> Iterator[tuple[int, Result]]:
        """What ``work`` makes of each task, with the task's place, as it finishes.

        However many tasks there are, only a few wait. Raises ScenarioError when a worker dies.
        """
        self._total += len(tasks) if isinstance(tasks, Sized) else 0
        executor = self._started()
        self._cancel_abandoned()
        if executor is None:
            for place, task in enumerate(tasks):
                result = work(*task)
                self._finish_one()
                yield place, result
            return
        waiting: dict[Future[Result], int] = {}
        try:
            for place, task in enumerate(tasks):
                if len(waiting) >= QUEUED * self.jobs:
                    yield from self._finished(waiting)
                waiting[executor.submit(work, *task)] = place
            while waiting:
                yield from self._finished(waiting)
        except BrokenExecutor as error:
            raise ScenarioError(
                "a worker process ended before its work was done: it was killed, or ran out of memory\n"
                "-j 1 plays everything in this process"
            ) from error
        finally:
            self._left_early |= bool(waiting)
            self._abandoned += waiting

    def map_ordered(self, work: Callable[..., Result], tasks: Iterable[Sequence[Any]]) -> Iterator[Result]:
        """What ``work`` makes of each task, in the order of the tasks; else as ``map_unordered``."""
        early: dict[int, Result] = {}
        due = 0
        for place, result in self.map_unordered(work, tasks):
            early[place] = result
            while due in early:
                yield early.pop(due)
                due += 1

    def expect(self, tasks: int) -> None:
        """Say how many tasks will come in all calls together, so that the progress does not run back."""
        self._expected = tasks

    @property
    def is_watched(self) -> bool:
        """Whether anybody hears of progress."""
        return self._progress is not None

    def tell(self, *, doing: str = "", effective: float | None = None, answer: str = "") -> None:
        """Let the progress hear what is known by now, beside how many tasks are done."""
        if self._progress is not None:
            self._progress(
                self._done, max(self._total, self._done, self._expected),
                doing=doing, effective=effective, answer=answer,
            )

    def chunks(self, first: int, stop: int) -> Iterator[tuple[int, int]]:
        """The runs from ``first`` up to ``stop`` as chunks ``(first, count)`` that keep all workers busy."""
        runs = stop - first
        size = min(max(CHUNK, min(runs // TASKS, LONGEST)), -(-runs // (QUEUED * self.jobs)))
        return ((start, min(size, stop - start)) for start in range(first, stop, max(size, 1)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if self._lifeline is None or self._executor is None:
            self._cancel_abandoned()
            return
        # what is abandoned is not cancelled here: Python's pool fails on a cancelled task when its workers end
        if error is not None or self._left_early:
            self._lifeline.close()  # whoever plays now plays for nobody
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._lifeline.close()
        self._executor = self._lifeline = None

    def _cancel_abandoned(self) -> None:
        """Nobody waits any more for tasks of a call that was left."""
        for future in self._abandoned:
            future.cancel()
        self._abandoned.clear()

    def _started(self) -> Executor | None:
        """Who does the tasks; None: this process."""
        if self._executor is None and self.jobs > 1:
            context = get_context(START_METHOD)
            watched, self._lifeline = context.Pipe(duplex=False)
            self._executor = ProcessPoolExecutor(self.jobs, context, initializer=_settle_in, initargs=(watched,))
            with _ignoring_interrupts(), _without_main():
                for _ in range(self.jobs):
                    self._executor.submit(int)
        return self._executor

    def _finished(self, waiting: dict[Future[Result], int]) -> Iterator[tuple[int, Result]]:
        while not (done := wait(waiting, HEARTBEAT, FIRST_COMPLETED).done):
            self.tell()
        for future in sorted(done, key=waiting.__getitem__):
            place, result = waiting.pop(future), future.result()
            self._finish_one()
            yield place, result

    def _finish_one(self) -> None:
        self._done += 1
        self.tell()


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Processes started here ignore interrupts from birth, so that none reaches them while they import."""
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

    They need nothing of it: a task carries names and numbers, and a reference to the story.
    """
    asking = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = asking


# ── in a worker ─────────────────────────────────────────────────────────────────────────────────


def _settle_in(lifeline: Connection) -> None:
    """Leave interrupts to the parent, keep a story's prints out of its data, and end when it ends."""
    gc.set_threshold(RUBBISH)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout = sys.stderr
    end_after(lifeline.recv_bytes)
    os._exit = leave


def end_after(wait: Callable[[], object], end: Callable[[int], NoReturn] = os._exit) -> None:
    """End this process at once when a wait is over: that for a pipe's other end, which only the parent holds."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            wait()
        end(1)

    Thread(target=watch, daemon=True).start()
