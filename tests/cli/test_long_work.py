"""Each verb that takes long: what it tells while it works, and what an interruption leaves."""

from __future__ import annotations

import pytest

from negosim.cli.errors import ExitCode
from negosim.cli.screen import BEGINS_AGAIN, GOES_ON, Job
from tests.cli.test_help import here  # noqa: F401

LONG = {
    "replay quarrel -n 20 -j 1": GOES_ON, "replay quarrel -n 20 -j 1 --predict": BEGINS_AGAIN,
    "whatif quarrel no-offer -n 100 -j 1": GOES_ON, "forecast quarrel --from 1724-03-02 -n 20 -j 1": GOES_ON,
    "rivals quarrel motive -n 40 -j 1": GOES_ON, "report quarrel no-offer -n 100 -j 1 -o page.html": GOES_ON,
    "turning-points quarrel -n 20 -j 1": BEGINS_AGAIN, "check quarrel --deep -n 10 -j 1": BEGINS_AGAIN,
    "check quarrel --recover --histories 3 -n 10 -j 1": BEGINS_AGAIN,
}  # fmt: skip
"""Commands, and what they say when they are interrupted. ``study`` has tests of its own."""
WITHOUT_DRAWS = ("turning-points", "--recover", "--predict")
"""What weighs every island by itself has no effective draws to tell before all are there."""


@pytest.fixture
def heard(monkeypatch):
    """Everything a job is told, in order."""
    told = []

    def hear(self, done, total, *, doing="", effective=None, answer=""):
        told.append((done / total, doing, effective, answer))

    monkeypatch.setattr(Job, "__call__", hear)
    return told


@pytest.mark.parametrize("command", LONG)
def test_it_tells_its_share_its_draws_and_a_rough_answer(negosim, here, heard, command):  # noqa: F811
    assert negosim(*command.split()).code in (0, 1)
    shares = [share for share, *_ in heard]
    assert len(shares) > 3
    assert shares == sorted(shares), "it runs back"
    assert shares[0] <= 0.25
    assert all(doing for _, doing, *_ in heard) == command.startswith("report")
    if not any(word in command for word in WITHOUT_DRAWS):
        assert any(effective and answer for *_, effective, answer in heard)


@pytest.mark.parametrize("command", LONG)
def test_an_interruption_says_whether_the_same_command_goes_on(negosim, here, monkeypatch, command):  # noqa: F811
    calls, told = [], Job.__call__

    def interrupted(self, *figures, **known):
        calls.append(figures)
        self._stopping |= len(calls) == 3  # as Control-C does
        told(self, *figures, **known)

    monkeypatch.setattr(Job, "__call__", interrupted)
    said = negosim(*command.split())
    assert (said.code, said.out) == (ExitCode.INTERRUPTED, "")
    assert LONG[command] in said.err
    assert len(calls) == 3
    assert not (here / "page.html").exists()
    monkeypatch.setattr(Job, "__call__", told)
    assert negosim(*command.split()).code in (0, 1)
