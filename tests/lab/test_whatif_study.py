"""Studies: the same rows whatever the chunks and workers, resumed, verified, failures kept."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from negosim.core.errors import StoreError
from negosim.lab.library import load
from negosim.lab.questions import questions_of
from negosim.lab.study import Study, carry_out, rows_of, verify

from .conftest import FIRST, STORY
from .test_whatif import QUESTIONS


@pytest.fixture
def study(write):
    folder = write(FIRST)
    (folder / "questions.toml").write_text(QUESTIONS)
    story = load(folder)
    return Study.of(story, questions_of(story).outcomes)


def test_rows_do_not_depend_on_chunks_workers_or_order(study, tmp_path):
    kept = []
    for name, chunk, executor in (
        ("here", 7, None), ("thread", 20, ThreadPoolExecutor(2)),
        ("process", 33, ProcessPoolExecutor(2, get_context("spawn"))),
    ):  # fmt: skip
        path = tmp_path / name
        carry_out(study, 100, path, jobs=1 if executor is None else 2, executor=executor, chunk=chunk)
        kept.append(list(rows_of(path)))
        if executor is not None:
            executor.shutdown()
    assert kept[0] == kept[1] == kept[2]
    assert [row[0] for row in kept[0]] == list(range(100))


def test_an_interrupted_study_goes_on_where_it_stopped(study, tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    carry_out(study, 60, whole, jobs=1)

    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(study, 60, parts, jobs=1, chunk=10, tell=interrupt)
    assert len(list(rows_of(parts))) == 10
    carry_out(study, 60, parts, jobs=1, chunk=25)
    assert list(rows_of(parts)) == list(rows_of(whole))


def test_it_stops_when_it_is_precise_enough(study, tmp_path):
    found = carry_out(study, 40_000, tmp_path / "a", jobs=1, chunk=5, until_width=0.15)
    assert found.width <= 0.15
    assert found.runs < 40_000


def test_a_sample_is_played_again(study, tmp_path):
    import sqlite3

    path = tmp_path / "a"
    carry_out(study, 30, path, jobs=1)
    assert verify(study, path, sample=30) == ()
    with sqlite3.connect(path) as base:
        base.execute("UPDATE rows SET entries = 999 WHERE run = 3")
    base.close()
    assert [row[0] for row in verify(study, path, sample=30)] == [3]


def test_a_file_belongs_to_one_study(study, tmp_path):
    from attrs import evolve

    carry_out(study, 5, tmp_path / "a", jobs=1)
    with pytest.raises(StoreError, match="another study"):
        carry_out(evolve(study, seed=1), 5, tmp_path / "a", jobs=1)


def test_a_failed_run_is_a_row(write, tmp_path):
    broken = STORY.replace(
        "    yield from seat.hear(Said, of=bob)\n", "    yield from seat.hear(Said, of=bob)\n    raise ValueError('no')\n"
    )
    folder = write(FIRST, story=broken, name="broken")
    (folder / "questions.toml").write_text(QUESTIONS)
    story = load(folder)
    path = tmp_path / "a"
    found = carry_out(Study.of(story, questions_of(story).outcomes), 40, path, jobs=1)
    assert 0 < found.failed < 40
    assert any("ValueError: no" in error for *_, error in rows_of(path))
