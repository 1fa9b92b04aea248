"""How soon ``negosim --help`` is there, beside an empty program of the same shape."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
HEAVY = ("simpy", "cattrs", "msgspec", "sqlite3", "numpy", "rpds", "attrs", "attr", "tomllib")
ROUNDS = 15

EMPTY = """
import rich_click as click
@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def program(): "An empty program with the same verbs."
for name in ("check", "export", "list", "replay", "run", "runs", "show", "verify", "why"):
    program.command(name)(lambda: None)
program.main(["--help"])
"""


@pytest.mark.parametrize("arguments", [["--help"], ["replay", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys; from negosim.__main__ import main; main(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    loaded = set(done.stderr.split())
    assert "negosim.cli.look" in loaded
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


def test_importing_negosim_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import negosim; print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    ours = {name for name in done.stdout.split() if name.startswith("negosim")}
    assert ours == {"negosim"}


@pytest.mark.benchmark
def test_help_beside_an_empty_program(capsys):
    """Whole processes, in turns; the least of each counts. Reported, never asserted on."""
    from time import perf_counter

    commands = {
        "empty rich-click program": [sys.executable, "-c", EMPTY],
        "negosim --help": [sys.executable, "-m", "negosim", "--help"],
    }
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(ROUNDS):
        for name, command in commands.items():
            before = perf_counter()
            done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
            least[name] = min(least[name], perf_counter() - before)
            assert b"verify" in done.stdout
    floor, ours = least.values()
    with capsys.disabled():
        for name, seconds in least.items():
            print(f"\n{name:<26} {seconds * 1000:6.0f} ms", end="")
        print(f"\nratio {ours / floor:.2f} (goal 1.3)")
