"""A story that depends on something beside its seat is noticed, and the first difference named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from negosim.lab.calibration import determinism
from negosim.stories import loading

STORY = """
from datetime import datetime
from negosim import Actor, Calendar, Scenario, days, public
{head}
crown = Actor("crown", "The Crown")
def the_crown(seat):
    {before}
    seat.announce("fair", "market", due=days(8))
scenario = Scenario(
    "fair", "A fair", Calendar(datetime(1724, 3, 1), "UTC"), days(10),
    actors=(crown,), channels=(public(),), cast={{crown: (the_crown,)}},
)
"""


def story(folder: Path, head: str = "", before: str = "yield from seat.pause(60)") -> loading.Story:
    place = folder / "fair"
    place.mkdir()
    (place / "__init__.py").write_text(STORY.format(head=head, before=before), encoding="utf-8")
    return loading.load(place)


def test_a_story_of_its_seat_alone_is_the_same_everywhere(tmp_path: Path) -> None:
    assert determinism.hidden_dependence(story(tmp_path)) == ""


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ("import random", "yield from seat.pause(random.randrange(3000))"),
        ("import time", "yield from seat.pause(time.time_ns() // 100 % 3000)"),
        ("seen = []", "seen.append(1); yield from seat.pause(len(seen) * 7)"),
    ],
    ids=["the machine's chance", "its clock", "what an earlier run left"],
)
def test_what_differs_within_one_process_is_named(tmp_path: Path, head: str, before: str) -> None:
    told = determinism.hidden_dependence(story(tmp_path, head, before))
    assert told.startswith("seed 0, run 0, played twice in one process, differs from entry 0 on:\n  minute: recorded ")
    assert told.endswith(determinism.CAUSES)


@pytest.mark.parametrize(
    ("head", "before"),
    [
        ("", "yield from seat.pause(1 + [*{f'guild {n}' for n in range(40)}].index('guild 7') * 60)"),
        ("", "yield from seat.pause(hash('guild') % 5000)"),
        ("import os", "yield from seat.pause(os.getpid() % 5000)"),
    ],
    ids=["the order of a set", "a hash", "the process"],
)
def test_what_differs_only_in_another_process_is_named(tmp_path: Path, head: str, before: str) -> None:
    told = determinism.hidden_dependence(story(tmp_path, head, before))
    assert told.startswith("seed 0, run 0, played again in a fresh process, differs from entry 0 on:\n  minute: ")


def test_what_raises_only_in_another_process_is_told(tmp_path: Path) -> None:
    head, before = f"import os\nhere = os.getpid() == {os.getpid()}", "yield from seat.pause(1 if here else None)"
    told = determinism.hidden_dependence(story(tmp_path, head, before))
    assert told.startswith("seed 0, played again in a fresh process, raises where it did not before:\n")
    assert told.endswith(determinism.CAUSES)


def test_a_fresh_process_ends_with_who_started_it(tmp_path: Path) -> None:
    endless = story(tmp_path, "import os", f"\n    while os.getpid() != {os.getpid()}: pass\n    yield from seat.pause(1)")
    command = [sys.executable, "-m", determinism.__name__, endless.ref.folder, endless.ref.digest, str(tmp_path / "log")]
    started = subprocess.Popen(command, stdin=subprocess.PIPE)
    started.stdin.close()  # as happens when whoever started it ends, whatever ends it
    assert started.wait(60) == 1
    assert not (tmp_path / "log").exists()


def test_what_a_story_prints_is_no_part_of_its_log(tmp_path: Path) -> None:
    assert determinism.hidden_dependence(story(tmp_path, 'print("hello")', 'print(1); yield from seat.pause(5)')) == ""
