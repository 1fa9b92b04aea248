"""Whether a story is a function of its chance: the same chance played again gives the same log.

A story must depend on its seat alone. What else it might depend on shows only when it is played
again: in the same process (what an earlier run left, the machine's chance, the clock), and in
fresh processes, in which Python orders sets otherwise.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from negosim.core.errors import CAUSES, NegosimError
from negosim.inference.pool import end_after
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stores.atomic_file import write_file
from negosim.stores.encoding.codec import encode
from negosim.stores.encoding.differences import first_difference
from negosim.stories import loading

if TYPE_CHECKING:
    from negosim.sim.scenario import Scenario

RUNS = 3
"""How many runs of seed 0 are compared."""

HASH_SEEDS = ("1", "2", "3")
"""``PYTHONHASHSEED`` of the fresh processes; all three and this one order one set of two alike once in eight."""

RAISED = 3
"""The exit code of a fresh process in which the story raised."""

PATIENCE = 120
"""How long, in seconds, to wait for a fresh process."""


def hidden_dependence(story: loading.Story) -> str:
    """The first difference between two plays of one chance, in words; empty when there is none."""
    first = _logs(story.scenario)
    if difference := _difference(first, _logs(story.scenario), "played twice in one process"):
        return difference
    for code, told in _elsewhere(story.ref):
        if code == RAISED:
            raised = told.decode()
            return f"seed 0, played again in a fresh process, raises where it did not before:\n{raised}\n{CAUSES}"
        logs = [run.splitlines() for run in told.split(b"\n\n")]
        if difference := _difference(first, logs, "played again in a fresh process"):
            return difference
    return ""


def _logs(scenario: Scenario) -> list[list[bytes]]:
    """The entries of the first runs, in canonical bytes."""
    return [[encode(entry) for entry in play(scenario, Prior(0, run)).entries] for run in range(RUNS)]


def _elsewhere(ref: loading.StoryRef) -> list[tuple[int, bytes]]:
    """The same from fresh processes with other hash seeds, or what raised there; without those that could not start."""
    command = [sys.executable, "-m", __name__, ref.folder, ref.digest]
    path = os.pathsep.join(place for place in sys.path if place)
    with TemporaryDirectory() as folder:
        files = [Path(folder) / seed for seed in HASH_SEEDS]
        started = [
            subprocess.Popen(  # noqa: S603 - this very Python, with this very module
                [*command, str(file)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONHASHSEED": file.name, "PYTHONPATH": path},
            )
            for file in files
        ]  # fmt: skip
        try:
            for process in started:
                process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pass
        finally:
            for process in started:
                process.kill()
                process.communicate()
        return [
            (process.returncode, file.read_bytes())
            for process, file in zip(started, files, strict=True) if file.exists()
        ]  # fmt: skip


def _difference(first: list[list[bytes]], again: list[list[bytes]], how: str) -> str:
    """Where two plays of the same runs differ first."""
    for number, (log, other) in enumerate(zip(first, again, strict=True)):
        for index, (entry, now) in enumerate(zip(log, other, strict=False)):
            if entry != now:
                return _told(number, index, how, first_difference(entry, now))
        if len(log) != len(other):
            lengths = f"  {len(log)} entries, then {len(other)}"
            return _told(number, min(len(log), len(other)), how, lengths)
    return ""


def _told(run: int, index: int, how: str, difference: str) -> str:
    return f"seed 0, run {run}, {how}, differs from entry {index} on:\n{difference}\n{CAUSES}"


def main(folder: str, digest: str, file: str) -> int:
    """Play a story in this process and write its logs to a file: what ``_elsewhere`` starts."""
    end_after(partial(os.read, sys.stdin.fileno(), 1))
    code = 0
    try:
        with redirect_stdout(sys.stderr):
            logs = _logs(loading.StoryRef(folder, digest).load().scenario)
        told = b"\n\n".join(b"\n".join(log) for log in logs)
    except NegosimError as error:
        code, told = RAISED, str(error).encode()
    write_file(Path(file), [told])
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
