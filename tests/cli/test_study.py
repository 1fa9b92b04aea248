"""``study`` and what it keeps: shown, resumed after an interruption, verified, refused."""

from __future__ import annotations

import os
import pty
import re
import select
import shlex
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from negosim.lab.ensembles.study_file import open_study


@pytest.fixture
def here(home, monkeypatch):
    monkeypatch.chdir(home)
    return home


def test_a_study_is_shown_kept_and_verified(negosim, here):
    said = negosim("study", "quarrel", "-n", "60", "-j", "1")
    assert said.code == 0
    assert said.err == ""
    assert "Of 60 simulated courses" in said.out
    assert "Kept in quarrel-study.sqlite, head" in said.out
    checked = negosim("store", "verify", "quarrel-study.sqlite")
    assert checked.code == 0
    assert "is as it was: 60 rows" in " ".join(checked.out.split())
    document = negosim("store", "verify", "quarrel-study.sqlite", "--sample", "5", "--json").document
    assert document == {
        "ok": True, "study": "quarrel-study.sqlite", "head": document["head"], "rows": 60, "sampled": 5,
        "stale": False, "problems": [],
    }  # fmt: skip


def test_study_json(negosim, here):
    document = negosim("study", "quarrel", "-n", "60", "-j", "1", "-o", "a", "--json").document
    assert document["runs"] == [0, 60]
    (target,) = document["outcomes"]
    assert target["name"] == "T1"
    assert 0 <= target["low"] < target["probability"] < target["high"] <= 1
    assert {"story", "record", "coupling", "evidence", "made"} <= set(document["manifest"])
    with open_study("a") as kept:
        assert kept.head == document["head"]
    other = negosim("study", "quarrel", "-n", "60", "-j", "2", "-o", "b", "--json").document
    assert {**other, "file": "a"} == document


def test_an_altered_row_is_found(negosim, here):
    negosim("study", "quarrel", "-n", "30", "-j", "1", "-o", "a")
    with sqlite3.connect("a") as base:
        base.execute("UPDATE rows SET entries = 77 WHERE run = 4")
    base.close()
    said = negosim("store", "verify", "a", "--sample", "30")
    assert said.code == 1
    assert "is not as it was" in said.out
    assert "run 4 came out as" in said.out


def test_what_is_there_is_not_written_over(negosim, here):
    negosim("study", "quarrel", "-n", "30", "-j", "1", "-o", "a")
    said = negosim("study", "quarrel", "-n", "60", "-j", "1", "-o", "a")
    assert said.code == 2
    assert "a is there already" in said.err
    assert "negosim study quarrel -n 60 -j 1 --seed 0 -o a --resume" in said.err
    assert negosim("study", "quarrel", "-n", "60", "-j", "1", "-o", "a", "--resume").code == 0
    other = negosim("study", "quarrel", "-n", "60", "-j", "1", "-o", "a", "--resume", "--seed", "1")
    assert other.code == 2
    assert "another study (it differs in: seed)" in other.err
    (here / "text").write_text("mine")
    assert negosim("study", "quarrel", "-o", "text", "--resume").code == 2
    assert (here / "text").read_text() == "mine"


def test_it_stops_when_it_is_precise(negosim, here):
    document = negosim("study", "quarrel", "-n", "5000", "-j", "1", "--until-width", "0.2", "--json").document
    assert document["width"] <= 0.2
    assert document["runs"][1] < 5000


def test_a_change_is_made_in_every_run(negosim, here):
    document = negosim(
        "study", "quarrel", "-n", "40", "-j", "1", "--change", "crown.offer[strike]=wait", "--json"
    ).document  # fmt: skip
    assert document["outcomes"][0]["probability"] == 0
    assert document["consulted"] == [40]
    assert document["manifest"]["changes"] == ["crown.offer[strike]=wait"]


def test_a_change_nobody_consults_ends_with_one(negosim, here):
    said = negosim("study", "quarrel", "-n", "20", "-j", "1", "--change", "crown.offer[strik]=wait")
    assert said.code == 1
    assert "had no effect in any of 20 runs" in said.err
    assert "did you mean 'crown.offer[strike]'?" in said.err


def test_changes_that_contradict_each_other_are_refused_before_anything_is_played(negosim, here):
    both = ("--change", "crown.offer[strike]=wait", "--change", "crown.offer[strike]=talk")
    said = negosim("study", "quarrel", *both)
    assert said.code == 2
    assert "'crown.offer[strike]=wait' and 'crown.offer[strike]=talk' contradict each other" in said.err
    assert "leave one of them out" in said.err
    assert list(here.glob("*.sqlite")) == []
    twice = ("--change", "crown.offer[strike]=wait", "--change", "crown.offer[strike]=wait")
    assert negosim("study", "quarrel", "-n", "20", "-j", "1", *twice).code == 0


@pytest.mark.parametrize("parquet", [False, True])
def test_a_study_without_a_finished_run_says_nothing_and_is_in_nobodys_way(negosim, here, quarrel, parquet):
    if parquet:
        pytest.importorskip("pyarrow.parquet")
    line, broken = 'seat.announce("strike", "market", due=days(4))', "raise ValueError('no')"
    folder = quarrel("__init__.py", line, broken)
    study = ("study", folder, "-n", "20", "-j", "1", "--parquet" if parquet else "-o", "a")
    said = negosim(*study, "--json")
    assert said.code == 3
    assert said.document["failed"] == 20
    assert [(one["probability"], one["low"]) for one in said.document["outcomes"]] == [(None, None)]
    assert negosim(*study).code == 3  # not: it is there already
    quarrel("__init__.py", broken, line)
    again = negosim(*study, "--json")
    assert (again.code, again.document["failed"]) == (0, 0)
    assert 0 < again.document["outcomes"][0]["probability"] < 1
    assert negosim(*study).code == 2


def test_wrong_usage(negosim, here):
    assert "'nan' is no number" in negosim("study", "quarrel", "--until-width", "nan").err
    assert negosim("study", "quarrel", "-o", "a", "--parquet", "b").code == 2
    assert "did you mean 'talk'" in negosim("study", "quarrel", "--change", "crown.offer[strike]=tal").err
    assert negosim("study", "quarrel", "-o", "no/such/place").code == 2
    assert list(here.glob("*.sqlite")) == []


def test_parquet_parts(negosim, here):
    pytest.importorskip("pyarrow.parquet")
    assert negosim("study", "quarrel", "-n", "30", "-j", "1", "--parquet", "parts").code == 0
    assert sorted(path.name for path in Path("parts").iterdir()) == [".lock", "part-000000.parquet", "study.json"]
    assert negosim("study", "quarrel", "-n", "40", "-j", "1", "--parquet", "parts").code == 2
    assert negosim("study", "quarrel", "-n", "40", "-j", "1", "--parquet", "parts", "--resume").code == 0
    assert negosim("store", "verify", "parts", "--json").document["rows"] == 40


@pytest.fixture
def interruptible():
    """What is started here can be interrupted, even where tests run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_control_c_keeps_what_is_done_and_says_how_to_go_on(here, interruptible, jobs):
    """In a terminal of its own: the live line shows that rows are kept, then comes the signal."""
    command = [sys.executable, "-m", "negosim", "study", "quarrel", "-n", "200000", "-j", jobs, "-o", "a b"]
    screen, terminal = pty.openpty()
    study = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, start_new_session=True)
    os.close(terminal)
    said = b""
    while not re.search(rb"T1 \d+ % \(", said):
        said += os.read(screen, 4096)
    os.killpg(study.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    try:
        while more := os.read(screen, 4096):
            said += more
    except OSError:  # the terminal is gone when the last process has left
        pass
    assert study.wait(60) == 130
    os.close(screen)
    assert study.stdout.read() == b""
    study.stdout.close()
    text = said.decode()
    assert "Traceback" not in text
    with open_study("a b") as kept:
        rows = sum(1 for _ in kept.rows())
    assert rows > 0
    assert f"interrupted: {rows} runs are kept in a b" in text.replace("\r\n", "\n")
    again = shlex.split(text.strip().splitlines()[-1])
    assert again[:3] == ["negosim", "study", "quarrel"]
    assert again[-1] == "--resume"
    more = [str(rows + 50) if word == "200000" else word for word in again[1:]]
    done = subprocess.run([sys.executable, "-m", "negosim", *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""
    with open_study("a b") as kept:
        assert [row.run for row in kept.rows()] == list(range(rows + 50))


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_no_process_outlives_a_study_that_is_ended(here, number, jobs):
    """The pipe is at its end when the last process has left; what is kept can be played on."""
    command = [sys.executable, "-m", "negosim", "study", "quarrel", "-n", "200000", "-j", jobs, "-o", "a"]
    screen, terminal = pty.openpty()
    study = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, start_new_session=True)
    os.close(terminal)
    said = b""
    while not re.search(rb"T1 \d+ % \(", said):
        said += os.read(screen, 4096)
    study.send_signal(number)
    try:
        while more := os.read(screen, 4096):
            said += more
    except OSError:  # the terminal is gone: nobody holds it any more
        pass
    os.close(screen)
    assert study.wait(60) == (-number if number is signal.SIGKILL else 128 + number)
    assert study.stdout.read() == b""
    study.stdout.close()
    with open_study("a") as kept:
        rows, failed = 0, 0
        for row in kept.rows():
            rows, failed = rows + 1, failed + bool(row.error)
    assert (rows > 0, failed) == (True, 0)
    assert (f"interrupted: {rows} runs are kept in a" in said.decode()) == (number is not signal.SIGKILL)
    more = [*command[:4], "quarrel", "-n", str(rows + 20), "-j", "1", "-o", "a", "--resume"]
    assert subprocess.run(more, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_closed_terminal_ends_a_study_and_its_workers(here, jobs):
    """The study leads the session of a terminal, which hangs up; every process holds the pipe."""
    command = [sys.executable, "-m", "negosim", "study", "quarrel", "-n", "200000", "-j", jobs, "-o", "a"]
    held, holds = os.pipe()
    pid, terminal = pty.fork()
    if not pid:
        os.dup2(holds, 1)
        os.execv(command[0], command)
    os.close(holds)
    said = b""
    while not re.search(rb"T1 \d+ % \(", said):
        said += os.read(terminal, 4096)
    os.close(terminal)
    assert select.select([held], [], [], 60)[0], "a process runs on"
    assert os.read(held, 1) == b""
    os.close(held)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 128 + signal.SIGHUP
    with open_study("a") as kept:
        assert next(kept.rows()).error == ""
