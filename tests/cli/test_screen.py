"""Long work on one line: what is told of it, how often, and what Control-C does."""

from __future__ import annotations

import io
import os
import signal

import pytest
from rich.console import Console

from negosim.cli import screen
from negosim.cli.screen import STOPPING, Job


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test moves on: ``clock[0]`` is the second."""
    now = [0.0]
    monkeypatch.setattr(screen, "monotonic", lambda: now[0])
    return now


def job(*, terminal: bool, quiet: bool = False, **environ: str) -> tuple[Job, io.StringIO]:
    file = io.StringIO()
    console = Console(
        file=file, force_terminal=terminal, width=100, color_system=None, _environ={"TERM": "xterm", **environ}
    )
    return Job(console, "asking", quiet=quiet), file


def test_into_a_pipe_goes_a_line_every_ten_seconds(clock):
    line, told = job(terminal=False)
    with line as progress:
        for second in range(31):
            clock[0] = float(second)
            progress(second, 100, doing="2 accounts", effective=41.6, answer="held 53 %")
    assert told.getvalue().splitlines() == [
        "asking: 2 accounts: 10%, held 53 %, 41 effective draws, 0:10 elapsed, about 1:30 left",
        "asking: 2 accounts: 20%, held 53 %, 41 effective draws, 0:20 elapsed, about 1:20 left",
        "asking: 2 accounts: 30%, held 53 %, 41 effective draws, 0:30 elapsed, about 1:10 left",
    ]


def test_a_dumb_terminal_is_told_as_a_pipe_is(clock):
    line, told = job(terminal=True, TERM="dumb")
    with line as progress:
        clock[0] = 10.0
        progress(1, 4)
    assert told.getvalue() == "asking: 25%, 0:10 elapsed, about 0:30 left\n"


def test_a_terminal_gets_one_line_that_is_drawn_once_a_second(clock):
    line, told = job(terminal=True)
    with line as progress:
        for step in range(5000):
            clock[0] = step / 100
            progress(step, 5000, effective=7, answer="held 53 %")
    text = told.getvalue()
    assert "held 53 %, 7 effective draws" in text
    assert text.count("asking") <= 50 + 3
    assert len(text) < 50 * 200


def test_quiet_work_tells_nothing(clock):
    for terminal in (False, True):
        line, told = job(terminal=terminal, quiet=True)
        with line as progress:
            clock[0] += 60
            progress(1, 2)
        assert told.getvalue() == ""


def test_control_c_is_answered_at_once_and_ends_the_work_at_the_next_step(capfd):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        line, _ = job(terminal=False)
        with line as progress:
            progress(1, 9)
            os.kill(os.getpid(), signal.SIGINT)
            assert capfd.readouterr().err == STOPPING
            with pytest.raises(KeyboardInterrupt, match="what is done is kept; the same command goes on from there"):
                progress(2, 9)
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_where_interrupts_are_ignored_they_stay_so():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with job(terminal=False)[0]:
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("width", [50, 80, 400])
def test_how_far_a_job_is_and_how_long_it_takes_stays_on_its_line(width):
    """However long the story's name and the answer so far: the words give way."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width, legacy_windows=False, color_system=None)
    with Job(console, "asking a-story-of-a-very-long-name-indeed", quiet=False) as job:
        job(5, 10, effective=40.0, answer="0% without, 47% with, and a good deal more than anybody wants to know")
    last = [line for line in out.getvalue().split("\r") if "%" in line][-1]
    assert " 50% " in last
    assert "left" in last
    assert "asking" in last
    assert "0%" in last.partition(" 50% ")[2]
