"""The one pool: hands tasks to worker processes and takes results back, in order or as they finish.

A task carries references and digests, never code objects. Workers end with the block that started them.
"""

from __future__ import annotations

import signal
import sys
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from threading import current_thread, main_thread
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor, Future


R = TypeVar("R")
Progress: TypeAlias = "Callable[[int, int], None]"
"""Called as runs are finished: how many of how many."""
AHEAD = 4
"""Tasks per worker that wait in the pool."""


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
