"""In a real terminal: what tmux shows at 80 and at 200 columns, coloured, plain and in ASCII."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from rich.cells import cell_len

REPOSITORY = Path(__file__).parents[2]
STORIES = Path(__file__).parent / "stories"
ROWS = 400
WIDTHS = (80, 200)

pytestmark = [pytest.mark.once, pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here")]


@pytest.fixture
def environ(tmp_path):
    """A user of their own: an empty store, UTF, 256 colours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TMUX", "LC_", "NO_COLOR", "COLUMNS"))}
    return {
        **kept, "LANG": "C.UTF-8", "TERM": "xterm-256color", "NEGOSIM_HOME": str(tmp_path / "home"),
        "NEGOSIM_PATH": str(STORIES), "PYTHONPATH": str(REPOSITORY),
    }  # fmt: skip


@pytest.fixture
def seen(environ):
    """What a terminal of some width shows when a verb is done; ``colours`` keeps the escapes."""

    def look(command: str, width: int, colours: bool = False, **settings: str) -> str:
        folder = tempfile.TemporaryDirectory(prefix="tmux")  # a socket's path must be short
        tmux = ["tmux", "-u", "-S", f"{folder.name}/socket", "-f", "/dev/null"]
        verb = shlex.join([sys.executable, "-m", "negosim", *shlex.split(command)])
        set_env = " ".join(f"{name}={shlex.quote(value)}" for name, value in settings.items())
        script = f"env {set_env} {verb}; {shlex.join([*tmux, 'wait-for', '-S', 'done'])}; exec cat"

        def ask(*words: str) -> str:
            return subprocess.run(
                [*tmux, *words], env=environ, cwd=REPOSITORY, check=True, timeout=120, capture_output=True, encoding="utf-8"
            ).stdout

        try:
            ask("new-session", "-d", "-x", str(width), "-y", str(ROWS), script)
            ask("wait-for", "done")
            return ask("capture-pane", "-p", *(["-e"] if colours else [])).rstrip()
        finally:
            subprocess.run([*tmux, "kill-server"], check=False, env=environ, capture_output=True)
            folder.cleanup()

    return look


@pytest.fixture
def piped(environ):
    """The lines of a verb in a pipe of the same width."""

    def run(command: str, width: int) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", "negosim", *shlex.split(command)], cwd=REPOSITORY, check=True, capture_output=True,
            encoding="utf-8", env={**environ, "COLUMNS": str(width)},
        )  # fmt: skip
        return lines_of(done.stdout)

    return run


def lines_of(text: str) -> list[str]:
    """Lines without what takes no cell: isolates, and space at their ends."""
    return [re.sub("[\u2066\u2069]", "", line).rstrip() for line in text.rstrip().splitlines()]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", ["show quarrel --lanes", "run quarrel --seed 7 --lanes", "show pti-2024 --lanes", "show pti-2024 --wide"])
def test_a_terminal_shows_what_a_pipe_gets(seen, piped, command, width):
    """So no letter is wider or narrower in a terminal than the lanes count on."""
    shown = lines_of(seen(command, width))
    assert shown == piped(command, width)
    assert max(map(cell_len, shown)) <= width
    assert any("│" in line for line in shown)


@pytest.mark.parametrize("width", WIDTHS)
def test_two_runs_side_by_side_in_a_terminal(seen, piped, width):
    for seed in (7, 8):
        piped(f"run quarrel --seed {seed}", width)
    keys = [line.split()[0] for line in piped("store list", width)[1:]]
    shown = lines_of(seen(f"compare {keys[0]} {keys[1]} --lanes", width))
    assert shown == piped(f"compare {keys[0]} {keys[1]} --lanes", width)
    assert any("they part here" in line for line in shown)


def test_colours_are_there_and_go_when_they_are_not_wanted(seen):
    full = seen("show quarrel --lanes", 80, colours=True)
    assert re.search(r"\x1b\[[0-9;]*38;5;\d+", full)
    for shown in (seen("show quarrel --lanes", 80, colours=True, NO_COLOR="1"), seen("show quarrel --lanes --no-color", 80, colours=True)):
        assert "38;5" not in shown
        assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == re.sub(r"\x1b\[[0-9;]*m", "", full)


def test_a_terminal_without_letters_gets_ascii(seen):
    shown = seen("show quarrel --lanes", 80, LANG="C", LC_ALL="C")
    assert shown.isascii()
    assert "|" in shown
