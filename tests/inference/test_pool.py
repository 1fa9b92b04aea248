"""The pool: results in order, workers that end when their parent or their block does, words for a killed one."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from threading import current_thread

import pytest

from negosim.core.errors import ScenarioError
from negosim.inference.pool import CHUNK, LONGEST, QUEUED, Pool, part_of

REPOSITORY = Path(__file__).parents[2]
TASKS = [(base, 2) for base in range(40)]
PATIENCE = 60
"""Seconds after which a process that should have ended counts as left over."""


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_tasks(jobs):
    with Pool(jobs) as pool:
        assert list(pool.map_ordered(pow, TASKS)) == [base**2 for base in range(40)]
        assert dict(pool.map_unordered(pow, TASKS)) == {base: base**2 for base in range(40)}


def test_a_lent_executor_is_used_and_left_open():
    with ThreadPoolExecutor(2) as lent:
        with Pool(2, lent) as pool:
            assert list(pool.map_ordered(pow, TASKS)) == [base**2 for base in range(40)]
        assert lent.submit(int).result() == 0


def test_only_a_few_of_many_tasks_wait():
    begun = []

    def tasks():
        for number in range(1000):
            begun.append(number)
            yield (number, 1)

    with ThreadPoolExecutor(1) as lent, Pool(2, lent) as pool:
        results = pool.map_ordered(pow, tasks())
        assert next(results) == 0
        assert len(begun) <= 2 * QUEUED + 1


def test_progress_counts_all_tasks_of_all_calls():
    heard = []
    with Pool(1, progress=lambda done, total, **known: heard.append((done, total))) as pool:
        list(pool.map_ordered(pow, TASKS[:2]))
        list(pool.map_ordered(pow, TASKS[:3]))
    assert heard == [(1, 2), (2, 2), (3, 5), (4, 5), (5, 5)]


def test_a_job_that_knows_how_much_will_come_never_runs_back():
    heard = []
    with Pool(1, progress=lambda done, total, **known: heard.append(done / total)) as pool:
        pool.expect(4)
        for first in range(4):
            list(pool.map_ordered(pow, TASKS[first : first + 1]))
    assert heard == [0.25, 0.5, 0.75, 1.0]


def test_what_is_known_by_now_is_told_beside_it():
    heard = []
    with Pool(1, progress=lambda done, total, **known: heard.append((done, total, known["answer"]))) as pool:
        list(pool.map_ordered(pow, TASKS[:1]))
        pool.tell(effective=7, answer="half")
    assert heard == [(1, 1, ""), (1, 1, "half")]


def test_workers_that_play_for_nobody_end_with_the_block():
    with Pool(2) as pool:
        results = pool.map_unordered(time.sleep, [(0,), (PATIENCE,), (PATIENCE,)])
        assert next(results) == (0, None)
        results.close()
    assert not active_children()


def test_a_part_of_a_job_is_heard_as_progress_of_the_whole():
    heard = []

    def hear(done, total, **known):
        heard.append((done, total, known))

    part_of(hear, 1, 4, "turning points")(5, 10, effective=12)
    part_of(hear, 0, 4, "replay")(5, 10, doing="matched")
    assert heard == [(15, 40, {"doing": "turning points", "effective": 12}), (5, 40, {"doing": "replay, matched"})]
    assert part_of(None, 0, 1, "anything") is None


@pytest.mark.parametrize(
    ("first", "stop", "jobs", "longest"),
    [(0, 1, 2, 1), (0, 7, 1, 2), (3, 1003, 2, CHUNK), (10, 10, 2, 0), (0, 50_000, 2, CHUNK), (5, 100_005, 2, 100),
     (0, 3_000_000, 2, LONGEST)],
)
def test_chunks_cover_every_run_once_and_grow_only_with_a_very_large_job(first, stop, jobs, longest):
    chunks = list(Pool(jobs).chunks(first, stop))
    assert [run for start, count in chunks for run in range(start, start + count)] == list(range(first, stop))
    assert max((count for _, count in chunks), default=0) == longest
    assert all(count > 0 for _, count in chunks)


def test_what_a_task_raises_reaches_who_asked():
    with Pool(2) as pool, pytest.raises(ZeroDivisionError):
        list(pool.map_ordered(divmod, [(1, 0)]))
    assert not active_children()


def test_an_interruption_in_progress_leaves_no_process_behind():
    def interrupt(done, total, **known):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Pool(2, progress=interrupt) as pool:
        list(pool.map_ordered(pow, TASKS))
    assert not active_children()


def test_an_interruption_waits_for_no_task():
    """Progress is told though none finishes, and may end the job there."""

    def interrupt(done, total, **known):
        assert (done, total) == (0, 1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Pool(2, progress=interrupt) as pool:
        list(pool.map_ordered(time.sleep, [(10 * PATIENCE,)]))
    assert not active_children()


def test_a_worker_that_is_killed_is_told_in_words():
    with Pool(2) as pool, pytest.raises(ScenarioError, match="a worker process ended before its work was done"):
        list(pool.map_ordered(os._exit, [(9,)]))
    assert not active_children()


# ── whatever ends the parent ────────────────────────────────────────────────────────────────────

BUSY = """
import os
def play():
    os.write(1, f"{os.getpid()}\\n".encode())
    while True:
        pass
"""
PARENT = """
from busy import play
from negosim.inference.pool import Pool
with Pool(2) as pool:
    list(pool.map_ordered(play, [(), ()]))
"""


@pytest.mark.parametrize("end", ["SIGTERM", "SIGKILL", "SIGHUP"])
def test_no_worker_outlives_its_parent_whatever_ends_it(tmp_path, end):
    """Every process holds the pipe's writing end: it is at its end when the last of them has left."""
    (tmp_path / "busy.py").write_text(BUSY)
    environ = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{REPOSITORY}"}
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environ, cwd=tmp_path)
    try:
        workers = {int(parent.stdout.readline()), int(parent.stdout.readline())}
        assert len(workers) == 2
        parent.send_signal(getattr(signal, end))
        assert parent.wait(PATIENCE) == -getattr(signal, end)
        ready, _, _ = select.select([parent.stdout], [], [], PATIENCE)
        assert ready, f"workers {workers} run on"
        assert parent.stdout.read() == b""
    finally:
        parent.kill()
        parent.stdout.close()


class Lent(Executor):
    """Does the first task of each call at once, and no other."""

    def __init__(self):
        self.calls = []

    def submit(self, work, *task):
        future = Future()
        if not self.calls or task == TASKS[0]:
            self.calls.append([])
            future.set_result(work(*task))
        self.calls[-1].append(future)
        return future


def test_tasks_of_a_call_that_was_left_are_cancelled_before_the_next_and_at_the_end():
    lent = Lent()
    with Pool(2, executor=lent) as pool:
        for _ in range(2):
            results = pool.map_unordered(pow, TASKS)
            assert next(results) == (0, pow(*TASKS[0]))
            results.close()
        assert all(future.cancelled() for future in lent.calls[0][1:])
        assert not any(future.cancelled() for future in lent.calls[1])
    assert all(future.cancelled() for future in lent.calls[1][1:])
    assert len(lent.calls[0]) > 1


def test_an_own_pool_that_ends_its_workers_cancels_nothing_itself(monkeypatch):
    """Python's pool fails, in a thread of its own, on a task that another cancelled when its workers end."""
    here, cancel, cancelled_here = current_thread(), Future.cancel, []

    def noted(future):
        if current_thread() is here:
            cancelled_here.append(future)
        return cancel(future)

    def interrupt(done, total, **known):
        raise KeyboardInterrupt

    monkeypatch.setattr(Future, "cancel", noted)
    with pytest.raises(KeyboardInterrupt), Pool(2, progress=interrupt) as pool:
        list(pool.map_ordered(pow, TASKS))
    assert not cancelled_here
