"""What a twin costs beside a plain run, and two workers beside one. Reported, never asserted."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from time import perf_counter, process_time
from typing import Any, NamedTuple
from zlib import decompress

import pytest
from msgspec import msgpack

from negosim.inference.evidence import impositions
from negosim.inference.filter.condition import condition
from negosim.inference.filter.file import DIGEST
from negosim.lab.counterfactual.alignment import addresses, check_prefix
from negosim.lab.ensembles.study import Study, carry_out, play_rows
from negosim.lab.posterior import Evidence
from negosim.sim.chance import Imposing, Prior
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.cli.test_ask import QUESTIONS

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).parents[2]
SMALL = Path(__file__).parents[1] / "cli" / "stories" / "quarrel"
MANY = int(os.environ.get("NEGOSIM_MANY", "10000"))
"""Runs of a study; fewer to see whether a benchmark works."""
RUNS = 40
ROUNDS = 5


def test_a_twin_beside_a_plain_run() -> None:
    story = load("pti-2024")
    changes = questions_of(story).question("visit-refused").changes
    draws = condition(Evidence().conditioning(story), 64, 0).draws[:20]

    def runs() -> None:
        for draw in draws:
            play(story.scenario, draw.world)

    def twins() -> None:
        for draw in draws:
            factual = play(story.scenario, draw.world)
            twin = play(story.scenario, factual.world, changes)
            check_prefix(factual, twin, changes)
            addresses(factual, twin)

    alone, paired = [], []
    for _ in range(ROUNDS):
        began = process_time()
        runs()
        middle = process_time()
        twins()
        alone.append(middle - began)
        paired.append(process_time() - middle)
    print(f"\na run and its twin cost {min(paired) / min(alone):.2f} plain runs (at most 2.2)")


def test_replays_beside_free_runs() -> None:
    story = load("pti-2024")
    decisions = impositions(story.documented)
    began = process_time()
    for run in range(RUNS):
        play(story.scenario, Prior(0, run))
    middle = process_time()
    for run in range(RUNS):
        play(story.scenario, Imposing(decisions, Prior(0, run)), stop_at_failed_imposition=False)
    replays = process_time() - middle
    print(f"\na replay to the end costs {replays / (middle - began):.2f} free runs")


# ── what answers cost ───────────────────────────────────────────────────────────────────────────


class Answered(NamedTuple):
    """One verb in a process of its own: its document, seconds of CPU (workers too) and by the clock, memory in MiB."""

    document: dict[str, Any]
    cpu: float
    clock: float
    memory: float


def answered(home: Path, *words: str) -> Answered:
    began = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "negosim", *words, "--json", "--quiet"], stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "NEGOSIM_HOME": str(home)},
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert out, words
    return Answered(json.loads(out), used.ru_utime + used.ru_stime, perf_counter() - began, used.ru_maxrss / 1024)


def plays_kept(home: Path) -> float:
    """How many whole runs the posteriors that are kept there took, pilots left out."""
    with closing(sqlite3.connect(home / "negosim.sqlite")) as base:
        rows = base.execute("SELECT document FROM kept WHERE kind = 'island'").fetchall()
    return sum(msgpack.decode(decompress(raw[DIGEST:]))["body"]["plays"] for (raw,) in rows)


PAIR = 2.25
"""Runs that a pair costs a what-if: without, with, and at times with noise of its own."""


@pytest.mark.slow
def test_what_answers_cost(tmp_path: Path) -> None:
    asked = {
        "first whatif visit-refused (60)": ("whatif", "pti-2024", "visit-refused"),
        "second march-stops-at-sangjani (10)": ("whatif", "pti-2024", "march-stops-at-sangjani"),
        "second she-obeys (10)": ("whatif", "pti-2024", "she-obeys"),
        "replay, posterior kept": ("replay", "pti-2024"),
        "second replay (2)": ("replay", "pti-2024"),
        "causes october-protest": ("causes", "pti-2024", "october-protest"),
    }
    print("\nverb (goal, s of CPU)                    CPU s  clock s  draws  plays  plays/draw  draws/CPU s  MiB")
    before = 0.0
    for name, words in asked.items():
        found = answered(tmp_path, *words)
        kept = plays_kept(tmp_path)
        ess = found.document["ess"]
        plays = kept - before + (PAIR * found.document["n"] if words[0] == "whatif" else 0)
        before = kept
        print(
            f"{name:40}{found.cpu:6.1f}{found.clock:9.1f}{ess:7.0f}{plays:7.0f}{plays / ess:12.1f}"
            f"{ess / found.cpu:13.1f}{found.memory:5.0f}"
        )  # fmt: skip


@pytest.mark.slow
def test_first_replay(tmp_path: Path) -> None:
    first, second = (answered(tmp_path, "replay", "pti-2024") for _ in range(2))
    print(f"\nfirst replay {first.cpu:.1f} s of CPU (at most 20), second {second.cpu:.1f} (at most 2)")
    assert first.document == second.document


@pytest.fixture
def asked_about(tmp_path: Path) -> tuple[str, ...]:
    """A what-if about a small story."""
    folder = tmp_path / "quarrel"
    copytree(SMALL, folder)
    (folder / "questions.toml").write_text(QUESTIONS)
    return "whatif", str(folder), "no-offer"


@pytest.mark.slow
def test_one_worker_and_two_print_the_same_bytes(tmp_path: Path, asked_about: tuple[str, ...]) -> None:
    one, two = (answered(tmp_path / jobs, *asked_about, "-j", jobs) for jobs in ("1", "2"))
    print(f"\none worker {one.cpu:.1f} s of CPU, two {two.cpu:.1f}; {one.memory:.0f} and {two.memory:.0f} MiB")
    assert one.document == two.document


@pytest.mark.slow
def test_memory_of_a_what_if_hardly_grows_with_its_particles(tmp_path: Path, asked_about: tuple[str, ...]) -> None:
    few, many = (answered(tmp_path / n, *asked_about, "-n", n, "--precision", "0.001") for n in ("400", "8000"))
    print(f"\ntwenty times the particles take {many.memory / few.memory:.2f} times the memory")


# ── studies ─────────────────────────────────────────────────────────────────────────────────────


class Spent(NamedTuple):
    """Seconds by the clock, and of CPU time: of this process and of its children that have ended.

    On idle cores the clock decides; where others use them too, only CPU time compares.
    """

    clock: float
    work: float

    @classmethod
    def so_far(cls) -> Spent:
        return cls(perf_counter(), sum(os.times()[:4]))

    def since(self, began: Spent) -> Spent:
        return Spent(self.clock - began.clock, self.work - began.work)


def spent(study: Study, n: int, place: Path, **how: Any) -> Spent:
    began = Spent.so_far()
    carry_out(study, n, place, **how)
    return Spent.so_far().since(began)


@pytest.fixture(scope="module")
def study() -> Study:
    story = load("pti-2024")
    return Study.of(story, questions_of(story).outcomes)


@pytest.mark.slow
def test_two_workers_beside_one(study: Study, tmp_path: Path) -> None:
    one, two = (spent(study, MANY, tmp_path / str(jobs), jobs=jobs) for jobs in (1, 2))
    print(f"\ntwo workers are {one.clock / two.clock:.2f} times as fast as one (at least 1.8); "
          f"by CPU time {2 * one.work / two.work:.2f}")  # fmt: skip


def half(study: Study, first: int, count: int, place: Path) -> None:
    """What somebody would write by hand: the same rows into a file, without any of the rest."""
    with closing(sqlite3.connect(place)) as base, base:
        base.execute("CREATE TABLE rows (run INTEGER PRIMARY KEY, hits TEXT, entries INTEGER, c TEXT, error TEXT)")
        base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", play_rows(study, first, count))


@pytest.mark.slow
def test_the_pool_beside_two_hand_forked_halves(study: Study, tmp_path: Path) -> None:
    pool = spent(study, MANY, tmp_path / "pool", jobs=2)
    began = Spent.so_far()
    spawn = get_context("spawn")
    halves = [
        spawn.Process(target=half, args=(study, place * MANY // 2, MANY // 2, tmp_path / f"half-{place}"))
        for place in (0, 1)
    ]
    for one in halves:
        one.start()
    for one in halves:
        one.join()
        assert one.exitcode == 0
    by_hand = Spent.so_far().since(began)
    print(f"\nthe pool takes {pool.clock / by_hand.clock:.2f} of two hand-forked halves (at most 1.1); "
          f"by CPU time {pool.work / by_hand.work:.2f}")  # fmt: skip


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_dask_beside_the_pool(study: Study, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    pool = spent(study, MANY, tmp_path / "pool", jobs=2)
    with (
        distributed.LocalCluster(
            2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor(pure=False) as executor,
    ):
        client.run(play_rows, study, 0, 1)
        before = sum(client.run(process_time).values())
        lent = spent(study, MANY, tmp_path / "dask", executor=executor)
        work = lent.work + sum(client.run(process_time).values()) - before
    print(f"\na Dask cluster that is up takes {lent.clock / pool.clock:.2f} of the pool (at most 1.2); "
          f"by CPU time {work / pool.work:.2f}")  # fmt: skip


@pytest.mark.slow
def test_memory_does_not_grow_with_the_size_of_a_study(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path; from negosim.stories.loading import load\n"
        "from negosim.lab.ensembles.study import Study, carry_out, outcomes_of\n"
        "story = load(Path(sys.argv[1])); study = Study.of(story, outcomes_of(story))\n"
        "if __name__ == '__main__':\n"
        "    carry_out(study, int(sys.argv[2]), Path(sys.argv[3]), jobs=1)\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    found = []
    for n in (2_000, 40_000):
        command = [sys.executable, "-c", script, str(SMALL), str(n), str(tmp_path / str(n))]
        found.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    print(f"\ntwenty times as many runs take {found[1] / found[0]:.2f} times the memory (about 1)")


MILLION = """
import os, resource, sys
from pathlib import Path
from time import perf_counter
from negosim.lab.ensembles.study import Study, carry_out, outcomes_of
from negosim.stories.loading import load
if __name__ == "__main__":
    story, began = load(Path(sys.argv[1])), perf_counter()
    carry_out(Study.of(story, outcomes_of(story)), int(sys.argv[2]), Path(sys.argv[3]), jobs=2)
    memory = [resource.getrusage(whose).ru_maxrss // 1024 for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(perf_counter() - began, sum(os.times()[:4]), *memory)
"""


@pytest.mark.slow
def test_a_million_small_runs(tmp_path: Path) -> None:
    n = int(os.environ.get("NEGOSIM_MILLION", "1000000"))
    command = [sys.executable, "-c", MILLION, str(SMALL), str(n), str(tmp_path / "million")]
    done = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    clock, work, here, worker = map(float, done.split())
    print(f"\n{n} small runs: {clock:.0f} s on two processes (goal 35 for a million), {work:.0f} s of CPU time; "
          f"at most {here:.0f} MiB here and {worker:.0f} MiB in a worker (goal 80)")  # fmt: skip
