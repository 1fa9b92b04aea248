"""What a twin costs beside a plain run, and two workers beside one. Reported, never asserted."""

from __future__ import annotations

from time import perf_counter, process_time
from typing import TYPE_CHECKING

import pytest

from negosim.lab.feeding import impositions
from negosim.lab.library import load
from negosim.lab.questions import questions_of
from negosim.lab.study import Study, carry_out
from negosim.lab.twins import addresses, check_prefix
from negosim.lab.worlds import Abduction, Evidence, plain
from negosim.sim.chance import Prior
from negosim.sim.play import play

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark
RUNS = 40
ROUNDS = 5


def test_a_twin_beside_a_plain_run() -> None:
    story = load("pti-2024")
    changes = questions_of(story).question("visit-refused").changes
    draws = plain(Abduction(story.scenario, Evidence(impositions(story.documented))), 0, range(150)).draws[:20]

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
    abduction = Abduction(story.scenario, Evidence(impositions(story.documented)))
    began = process_time()
    for run in range(RUNS):
        play(story.scenario, Prior(0, run))
    middle = process_time()
    for run in range(RUNS):
        abduction.live(Prior(0, run), thorough=True)
    replays = process_time() - middle
    print(f"\na replay to the end costs {replays / (middle - began):.2f} free runs")


@pytest.mark.slow
def test_two_workers_beside_one(tmp_path: Path) -> None:
    story = load("pti-2024")
    study = Study.of(story, questions_of(story).outcomes)
    seconds = []
    for jobs in (1, 2):
        began = perf_counter()
        carry_out(study, 10_000, tmp_path / f"study-{jobs}", jobs=jobs)
        seconds.append(perf_counter() - began)
    print(f"\ntwo workers are {seconds[0] / seconds[1]:.2f} times as fast as one (at least 1.8)")
