"""Law 3: same inputs, same bytes: in other processes, hash seeds, time zones and Pythons."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stores.encoding.codec import encode
from negosim.testing.stories import example, scenario

ROOT = Path(__file__).parents[2]
TELL = """
from hashlib import sha256
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stores.encoding.codec import encode
from negosim.testing.stories import example, scenario
told = [encode(x) for run in range(20) for x in play(scenario(example()), Prior(7, run)).entries]
print(len(told), sha256(b"".join(told)).hexdigest())
"""
NEEDED = "import attrs, hypothesis, msgspec, simpy"


def told_here() -> str:
    told = [encode(x) for run in range(20) for x in play(scenario(example()), Prior(7, run)).entries]
    return f"{len(told)} {sha256(b''.join(told)).hexdigest()}"


def told_by(python: str, **settings: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **settings}
    done = subprocess.run([python, "-c", TELL], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_the_hash_seed_changes_nothing(seed: str) -> None:
    assert told_by(sys.executable, PYTHONHASHSEED=seed) == told_here()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "America/St_Johns"])
def test_the_time_zone_of_the_machine_changes_nothing(zone: str) -> None:
    assert told_by(sys.executable, TZ=zone) == told_here()


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_version_of_python_changes_nothing(version: str) -> None:
    found = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for python in map(str, found):
        if subprocess.run([python, "-c", NEEDED], capture_output=True, check=False).returncode == 0:
            assert told_by(python) == told_here()
            return
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        assert told_by(sys.executable) == told_here()
        return
    pytest.skip(f"no Python {version} here that has negosim's packages")


def test_the_story_is_worth_comparing() -> None:
    """Most kinds of events occur in it, so that most kinds of bytes are compared."""
    names = {x.event.name for run in range(20) for x in play(scenario(example()), Prior(7, run)).entries}
    assert len(names) >= 14, names
