"""Studies: the same rows whatever the chunks and workers, resumed, verified, failures kept."""

from __future__ import annotations

import sqlite3
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from attrs import evolve
from msgspec.structs import replace

from negosim.core.errors import BadValue, NotFound, ScenarioError, StoreError
from negosim.inference import pool
from negosim.lab.ensembles import study_file as kept_rows
from negosim.lab.ensembles.study import (
    Study,
    Tally,
    carry_out,
    play_rows,
    study_of,
    verify,
)
from negosim.lab.ensembles.study_file import Row, StudyBusy, is_study, lock_study, open_study
from negosim.record import Target
from negosim.record.dates import Span
from negosim.stories.loading import load
from negosim.stories.questions import Outcome, questions_of
from tests.lab.counterfactual.test_whatif import QUESTIONS
from tests.small_stories import FIRST, STORY


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch):
    """What a study names is found again only where stories are looked for."""
    monkeypatch.setenv("NEGOSIM_PATH", str(tmp_path))


@pytest.fixture
def story(write):
    folder = write(FIRST)
    (folder / "questions.toml").write_text(QUESTIONS)
    return load(folder)


@pytest.fixture
def study(story):
    return Study.of(story, questions_of(story).outcomes)


def rows_in(path):
    with open_study(path) as found:
        return list(found.rows())


# ── the same whatever plays it ──────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # by a process with threads, as a test worker is
def test_rows_do_not_depend_on_chunks_workers_start_method_or_order(study, tmp_path, monkeypatch):
    threads = ThreadPoolExecutor(2)
    spawn, fork, server = (
        ProcessPoolExecutor(2, get_context(how)) for how in ("spawn", "fork", "forkserver")
    )
    played = {}
    for name, chunk, executor in (
        ("here", 7, None), ("threads", 20, threads), ("spawn", 33, spawn), ("fork", 1, fork),
        ("forkserver", 100, server), ("backwards", 9, Backwards()),
    ):  # fmt: skip
        path = tmp_path / name
        monkeypatch.setattr(pool, "CHUNK", chunk)
        result = carry_out(study, 100, path, jobs=1 if executor is None else 2, executor=executor)
        played[name] = (result, rows_in(path))
        if executor is not None:
            executor.shutdown()
    assert all(one == played["here"] for one in played.values())
    assert [row.run for row in played["here"][1]] == list(range(100))


class Backwards(Executor):
    """Plays tasks three at a time, the last one first."""

    def __init__(self):
        self.waiting = []

    def submit(self, work, *args):
        future = Future()
        self.waiting.append((future, work, args))
        if len(self.waiting) == 3:
            while self.waiting:
                late, task, given = self.waiting.pop()
                late.set_result(task(*given))
        return future


def test_parquet_parts_are_the_same_bytes_whatever_the_chunks_and_breaks(study, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(kept_rows, "PART", 40)
    monkeypatch.setattr(pool, "CHUNK", 7)
    carry_out(study, 100, tmp_path / "whole", parquet=True, jobs=1)
    monkeypatch.setattr(pool, "CHUNK", 9)
    for n in (13, 40, 55, 100):
        carry_out(study, n, tmp_path / "parts", parquet=True, jobs=1)
    files = {
        name: {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.parquet")}
        for name in ("whole", "parts")
    }
    assert sorted(files["whole"]) == ["part-000000.parquet", "part-000001.parquet", "part-000002.parquet"]
    assert files["whole"] == files["parts"]
    carry_out(study, 100, tmp_path / "file", jobs=1)
    assert rows_in(tmp_path / "whole") == rows_in(tmp_path / "file")
    with open_study(tmp_path / "whole") as parts, open_study(tmp_path / "file") as file:
        assert parts.head == file.head
        assert verify(parts, 10).problems == ()


# ── interrupted, precise, dead ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("parquet", [False, True])
def test_an_interrupted_study_goes_on_where_it_stopped(study, tmp_path, parquet, monkeypatch):
    if parquet:
        pytest.importorskip("pyarrow.parquet")
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    carry_out(study, 60, whole, jobs=1)

    def interrupt(done, total, **known):
        raise KeyboardInterrupt

    monkeypatch.setattr(pool, "CHUNK", 10)
    with pytest.raises(KeyboardInterrupt):
        carry_out(study, 60, parts, parquet=parquet, jobs=1, progress=interrupt)
    assert len(rows_in(parts)) == 10
    carry_out(study, 60, parts, parquet=parquet, jobs=1)
    assert rows_in(parts) == rows_in(whole)


def test_it_stops_when_it_is_precise_enough_wherever_the_chunks_end(study, tmp_path, monkeypatch):
    found = []
    for chunk in (5, 333):
        monkeypatch.setattr(pool, "CHUNK", chunk)
        found.append(carry_out(study, 40_000, tmp_path / str(chunk), jobs=1, until_width=0.15))
    assert found[0] == found[1]
    assert found[0].width <= 0.15
    assert found[0].runs < 40_000
    assert len(rows_in(tmp_path / "5")) == found[0].runs
    assert carry_out(study, 40_000, tmp_path / "5", jobs=1, until_width=0.15) == found[0]


def test_a_share_of_none_has_an_interval_all_the_same():
    tally = Tally(outcomes=(Outcome(Target(id="x", what="X.", span=Span(None, 1), cites=()), happened=True),))
    for run in range(100):
        tally.take(Row(run, "0", 1))
    share, low, high = tally.result.shares["x"]
    assert (share, low) == (0, 0)
    assert high == pytest.approx(0.03699, abs=1e-5)  # Wilson 1927: z^2 / (n + z^2)


def test_a_worker_that_dies_ends_the_study_and_keeps_what_is_done(write, tmp_path):
    deadly = STORY.replace("    while True:\n", "    __import__('os').abort()\n    while True:\n", 1)
    folder = write(FIRST, story=deadly, name="deadly")
    story = load(folder)
    with pytest.raises(ScenarioError, match="a worker process ended before its work was done"):
        carry_out(Study.of(story, ()), 40, tmp_path / "a", jobs=2)
    assert rows_in(tmp_path / "a") == []


@pytest.mark.parametrize("seed", [None, True, 7.0, "7", -1])
def test_a_study_of_what_is_no_seed_is_refused_before_it_begins(story, seed):
    with pytest.raises(BadValue, match="whole numbers from 0"):
        Study.of(story, questions_of(story).outcomes, seed)


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
    errors = [row.error for row in rows_in(path) if row.error]
    assert len(errors) == found.failed
    assert all("ValueError: no" in error and "__init__.py" in error for error in errors)
    assert str(folder) not in errors[0]
    with open_study(path) as kept:
        assert verify(kept, 40).problems == ()


# ── verify ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("UPDATE rows SET entries = 999 WHERE run = 3", "run 3 came out as"),
        ("UPDATE rows SET hits = '1' || hits WHERE run = 3", "run 3 is damaged"),
        ("UPDATE rows SET hits = 1 - hits WHERE run = 3", "another head"),
        ("UPDATE rows SET entries = NULL WHERE run = 3", "another head"),
        ("DELETE FROM rows WHERE run = 29", "another head"),
        ("DELETE FROM rows WHERE run = 7", "run 7 is missing"),
        ("UPDATE study SET head = 'x'", "another head"),
    ],
)
def test_verify_finds_what_was_altered(study, tmp_path, spoil, says):
    path = tmp_path / "a"
    carry_out(study, 30, path, jobs=1)
    with open_study(path) as kept:
        assert verify(kept, 30).problems == ()
    with sqlite3.connect(path) as base:
        base.execute(spoil)
    base.close()
    with open_study(path) as kept:
        assert says in "\n".join(verify(kept, 30).problems)
    with pytest.raises(StoreError, match="is missing|is damaged|not those that were written"):
        carry_out(study, 40, path, jobs=1)


def test_verify_plays_a_sample_of_any_size(study, tmp_path):
    carry_out(study, 300, tmp_path / "a", jobs=1)
    with open_study(tmp_path / "a") as kept:
        assert study_of(kept) == study
        assert [verify(kept, size).sampled for size in (0, 5, 400)] == [0, 5, 300]


def test_a_row_that_comes_out_otherwise_is_told_and_so_is_a_changed_story(write, study, tmp_path):
    carry_out(study, 30, tmp_path / "a", jobs=1)
    write(FIRST, story=STORY.replace("800", "-800"))
    with open_study(tmp_path / "a") as kept:
        found = verify(kept, 30)
    assert found.stale
    assert any("played again as" in one for one in found.problems)
    assert not any("head" in one for one in found.problems)


# ── whose file is it ────────────────────────────────────────────────────────────────────────────


def test_a_file_belongs_to_one_study(study, tmp_path):
    carry_out(study, 5, tmp_path / "a", jobs=1)
    with pytest.raises(StoreError, match=r"another study \(it differs in: seed\)"):
        carry_out(evolve(study, seed=1), 5, tmp_path / "a", jobs=1)


def test_what_is_no_study_is_not_taken_for_one(study, tmp_path):
    (tmp_path / "text").write_text("hello" * 100)
    for name in ("text", "absent"):
        assert not is_study(tmp_path / name)
    assert not is_study(tmp_path)
    with pytest.raises(NotFound, match="no study called"):
        open_study(tmp_path / "absent")
    with pytest.raises(StoreError, match="no study that can be used"):
        carry_out(study, 5, tmp_path / "text", jobs=1)
    assert (tmp_path / "text").read_text() == "hello" * 100
    with pytest.raises(StoreError, match="its folder does not exist"):
        carry_out(study, 5, tmp_path / "no" / "where", jobs=1)
    with pytest.raises(BadValue, match="column of that name"):
        Study.of(load(study.story.folder), tuple(evolve(one, target=replace(one.target, id="run")) for one in study.outcomes))


def test_damaged_parts_are_told(study, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(kept_rows, "PART", 40)
    for spoil, says in (
        (lambda part: part.write_bytes(part.read_bytes()[:-9] + b"\0" * 9), "no study that can be used"),
        (lambda part: part.unlink(), "run 40 is missing"),
    ):
        place = tmp_path / says
        carry_out(study, 100, place, parquet=True, jobs=1)
        spoil(place / "part-000001.parquet")
        with pytest.raises(StoreError, match=says):
            carry_out(study, 120, place, parquet=True, jobs=1)


@pytest.mark.parametrize("parquet", [False, True])
@pytest.mark.parametrize("resume", [False, True])
def test_a_study_is_locked_while_it_is_played(study, tmp_path, parquet, resume):
    """From its first byte, before there is a row: nobody else plays, discards or reads it."""
    if parquet:
        pytest.importorskip("pyarrow.parquet")
    place, refused = tmp_path / "a", []

    def meddle(done, total, **known):
        for seed in (0, 1):
            with pytest.raises(StudyBusy, match="another process is playing this study"):
                carry_out(evolve(study, seed=seed), 40, place, parquet=parquet, jobs=1, resume=resume)
            refused.append(seed)
        assert is_study(place) or (parquet and not done)
        with pytest.raises(StudyBusy):
            open_study(place)

    with lock_study(place, parquet=parquet):
        meddle(0, 40)
    found = carry_out(study, 40, place, parquet=parquet, jobs=1, progress=meddle)
    assert len(refused) > 2
    assert [row.run for row in rows_in(place)] == list(range(40))
    assert carry_out(study, 40, place, parquet=parquet, jobs=1) == found


@pytest.mark.parametrize("parquet", [False, True])
def test_two_read_a_study_at_once_and_nobody_plays_meanwhile(study, tmp_path, parquet):
    if parquet:
        pytest.importorskip("pyarrow.parquet")
    carry_out(study, 5, tmp_path / "a", parquet=parquet, jobs=1)
    with open_study(tmp_path / "a") as one, open_study(tmp_path / "a") as other:
        rows = one.rows()
        assert next(rows) == next(other.rows())
        rows.close()


def test_what_a_full_disk_left_of_a_study_begins_anew(study, tmp_path):
    """A file without a byte, a folder with half a manifest."""
    (tmp_path / "a").touch()
    assert carry_out(study, 5, tmp_path / "a", jobs=1).runs == 5
    with pytest.raises(StoreError, match="it is empty"):
        (tmp_path / "b").touch()
        open_study(tmp_path / "b")
    pytest.importorskip("pyarrow.parquet")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / ".study.json.part").write_text('{"form')
    assert carry_out(study, 5, tmp_path / "c", parquet=True, jobs=1).runs == 5


def test_another_database_is_not_taken_for_a_study(study, tmp_path):
    with sqlite3.connect(tmp_path / "mine") as base:
        base.execute("CREATE TABLE rows (mine TEXT)")
    base.close()
    before = (tmp_path / "mine").read_bytes()
    for resume in (False, True):
        with pytest.raises(StoreError, match="no study that can be used"):
            carry_out(study, 5, tmp_path / "mine", jobs=1, resume=resume)
    assert (tmp_path / "mine").read_bytes() == before


def test_the_manifest_says_what_was_played_and_with_what(study, tmp_path):
    carry_out(study, 5, tmp_path / "a", jobs=1)
    with open_study(tmp_path / "a") as kept:
        manifest = kept.manifest
    assert manifest == study.manifest
    assert manifest["coupling"] == {"bob.first": "Gumbel-max", "ann.second": "Gumbel-max"}
    assert {"story", "record", "seed", "changes", "outcomes", "evidence", "negosim"} <= set(manifest)
    assert {"python", "platform", "negosim", "simpy"} <= set(manifest["made"])


# ── changes ─────────────────────────────────────────────────────────────────────────────────────


def test_a_change_holds_in_every_run_and_is_counted_where_it_took_hold(story, tmp_path):
    outcomes = questions_of(story).outcomes
    found = carry_out(Study.of(story, outcomes, 0, ("bob.first[x]=no",)), 50, tmp_path / "a", jobs=1)
    assert found.shares["done"][0] == 0
    assert found.consulted == (50,)
    lost = carry_out(Study.of(story, outcomes, 0, ("bob.first[y]=no",)), 50, tmp_path / "b", jobs=1)
    assert lost.consulted == (0,)


def test_a_moment_is_that_of_the_run_without_the_change(story):
    study = Study.of(story, (), 0, ("first said via talk after 2024-01-01T00:01=no",))
    plain = play_rows(evolve(study, changes=()), 0, 40)
    changed = play_rows(study, 0, 40)
    assert {row.consulted for row in changed} == {"0", "1"}
    for with_it, without in zip(changed, plain, strict=True):
        assert with_it.consulted == "1" or with_it.entries == without.entries


# ── frames ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("parquet", [False, True])
@pytest.mark.parametrize("sort", ["pandas", "polars"])
def test_rows_are_read_back_as_frames(study, tmp_path, parquet, sort):
    pytest.importorskip(sort)
    if parquet:
        pytest.importorskip("pyarrow.parquet")
    found = carry_out(study, 50, tmp_path / "a", parquet=parquet, jobs=1)
    with open_study(tmp_path / "a") as kept:
        frame = kept.to_pandas() if sort == "pandas" else kept.to_polars().collect()
    assert list(frame.columns) == ["run", "done", "entries", "consulted", "error"]
    assert frame["done"].mean() == pytest.approx(found.shares["done"][0])
    assert frame["run"].to_list() == list(range(50))


def test_a_frame_without_its_library_says_what_to_install(study, tmp_path, monkeypatch):
    carry_out(study, 5, tmp_path / "a", jobs=1)
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with open_study(tmp_path / "a") as kept, pytest.raises(StoreError, match="pip install polars"):
        kept.to_polars()
