"""How soon a verb is there, beside an empty program of the same shape, and what it imports for that."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles

import pytest

from negosim.cli import negosim as program
from negosim.stores.sqlite import SqliteStore

REPOSITORY = Path(__file__).parents[2]
STORIES = REPOSITORY / "tests" / "cli" / "stories"
NEVER = frozenset({
    "numpy", "pandas", "polars", "jinja2", "psycopg", "pyarrow", "distributed", "IPython", "hypothesis", "pytest",
})  # fmt: skip
"""What no verb imports unless it is asked for by name, as a format or a place."""
HEAVY = NEVER | {"simpy", "cattrs", "msgspec", "sqlite3", "attrs", "attr", "tomllib", "multiprocessing"}
"""What help needs none of."""
SPARED = {
    "list": (HEAVY - {"attrs", "attr", "msgspec", "tomllib"}) | {"importlib.metadata", "hashlib"},
    "show quarrel": (HEAVY - {"attrs", "attr", "msgspec", "tomllib"}) | {"importlib.metadata"},
    "show quarrel Q1": (HEAVY - {"attrs", "attr", "msgspec", "tomllib"}) | {"importlib.metadata"},
    "questions quarrel": NEVER | {"cattrs", "sqlite3", "multiprocessing"},
    "check quarrel": NEVER | {"cattrs"},
    "run quarrel": NEVER | {"cattrs", "multiprocessing"},
    "store list": NEVER | {"cattrs", "multiprocessing"},
    "store log": NEVER | {"cattrs", "multiprocessing"},
    "replay quarrel -n 20 -j 1": NEVER,
    "forecast quarrel --from 1724-03-02 -n 20 -j 1": NEVER | {"cattrs"},
    "turning-points quarrel -n 20 -j 1": NEVER | {"cattrs"},
}
"""What each verb imports none of, by a way of calling it."""
ROUNDS = 20
SHOWN = {
    "--help": 1.3, "list": 1.5, "show quarrel": 2, "show pti-2024": 2, "run quarrel": 2.5, "run pti-2024": 2.5, "store list": None,
}
"""Calls, and how many times an empty program each may take."""

EMPTY = """
import rich_click as click
@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def program(): "An empty program with as many verbs."
for name in VERBS:
    program.command(name)(lambda: None)
program.main(["--help"])
""".replace("VERBS", repr(sorted(program.commands)))


@pytest.fixture
def environ(tmp_path):
    """A user of their own, with an empty store, and the small quarrel among the stories."""
    SqliteStore(tmp_path / "negosim.sqlite").close()
    return {**os.environ, "NEGOSIM_HOME": str(tmp_path), "NEGOSIM_PATH": str(STORIES)}


def imported(arguments, environ):
    """The top-level names of everything that a call of negosim has imported when it is done."""
    code = (
        "import sys; from negosim.__main__ import main; code = main(sys.argv[1:]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", check=True, env=environ,
    )  # fmt: skip
    loaded = set(done.stderr.split())
    return loaded | {name.partition(".")[0] for name in loaded}


@pytest.mark.parametrize("verb", ["", *sorted(program.commands)])
def test_help_imports_nothing_heavy(verb, environ):
    loaded = imported([*verb.split(), "--help"], environ)
    assert "negosim.cli.options" in loaded
    assert loaded.isdisjoint(HEAVY), sorted(loaded & HEAVY)
    assert not {name for name in loaded if name.startswith(("negosim.lab", "negosim.report", "negosim.sim"))}


@pytest.mark.parametrize("call", SPARED)
def test_a_verb_imports_only_what_it_needs(call, environ):
    loaded = imported(call.split(), environ)
    assert "negosim.stories.places" in loaded or "negosim.stores.location" in loaded
    assert loaded.isdisjoint(SPARED[call]), sorted(loaded & SPARED[call])


def test_importing_negosim_imports_nothing_else():
    code = "import sys; before = set(sys.modules); import negosim; print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    ours = {name for name in done.stdout.split() if name.startswith("negosim")}
    assert ours == {"negosim"}


def of_children() -> float:
    """The CPU seconds of all processes that have ended here, finer than the clock's ticks."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def installed(environ, tmp_path):
    """The same user with bytecode, as pip leaves it beside what it installs."""
    known = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    known["PYTHONPYCACHEPREFIX"] = str(tmp_path / "bytecode")
    folders = [str(REPOSITORY / folder) for folder in ("negosim", "scenarios")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *folders, str(STORIES)], check=True, env=known)
    return known


@pytest.mark.benchmark
def test_verbs_beside_an_empty_program(capsys, installed):
    """Whole processes, in turns, by their CPU time: medians and quartiles. Never asserted on."""
    commands = {"empty rich-click program": [sys.executable, "-c", EMPTY]}
    commands |= {call: [sys.executable, "-m", "negosim", *call.split()] for call in SHOWN}
    spent = {name: [] for name in commands}
    for command in commands.values():  # the first writes bytecode
        subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, env=installed)
    for _ in range(ROUNDS):
        for name, command in commands.items():
            before = of_children()
            done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, env=installed)
            spent[name].append(1000 * (of_children() - before))
            assert done.stdout
    floor = median(spent["empty rich-click program"])
    with capsys.disabled():
        print()
        for name, each in spent.items():
            low, middle, high = quantiles(each, n=4)
            goal = f"  (goal {SHOWN[name]})" if SHOWN.get(name) else ""
            print(f"{name:<26} {middle:5.0f} ms of CPU ({low:.0f} to {high:.0f})  {middle / floor:.2f}{goal}")
