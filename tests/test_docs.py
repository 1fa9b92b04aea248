"""What is written is true: the README's blocks run, every verb is told, the front door is whole."""

from __future__ import annotations

import ast
import doctest
import importlib
import os
import re
import shlex
import subprocess
import sys
from inspect import isclass, isfunction
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

import negosim
from negosim.__main__ import main
from negosim.cli import negosim as program
from negosim.lab.calibration.check import check

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
TEXT = README.read_text(encoding="utf-8")
VERBS = sorted(program.commands)


def run_console(example: Example) -> str | None:
    """Run each ``$ negosim`` line and compare what it prints; ``...`` stands for anything.

    A verb that prints nothing, since it writes a file, has the last line of its notes compared.
    """
    for part in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, wanted = part.partition("\n")
        words = shlex.split(command)
        assert words[0] == "negosim", command
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=os.environ["NEGOSIM_HOME"], capture_output=True, text=True,
            encoding="utf-8", timeout=3600, check=False,
            env={**os.environ, "COLUMNS": "80", "PYTHONPATH": str(REPOSITORY)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        printed = done.stdout or done.stderr.splitlines(keepends=True)[-1]
        if not doctest.OutputChecker().check_output(wanted, printed, flags):
            return f"$ {command}\nprinted\n{printed}not\n{wanted}"
    return None


BLOCKS = Sybil(
    [PythonCodeBlockParser(), CodeBlockParser("console", run_console), CodeBlockParser("text", run_console)],
    filenames=["README.md"],
)
"""What is quick stands in ``console`` blocks; what takes minutes in ``text`` blocks, whose tests are slow."""


def blocks():
    """The blocks that run by themselves; a story's own file runs in its folder, see ``toll``."""
    examples = [example for example in BLOCKS.parse(README).examples() if "__file__" not in example.parsed]
    for example in examples:
        slow = [pytest.mark.slow] if TEXT.splitlines()[example.line - 1] == "```text" else []
        yield pytest.param(example, id=f"line {example.line}", marks=slow)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """One store and folder for all blocks: each question finds what another has learned of the record."""
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture
def toll(tmp_path):
    """The story that the README writes: its record and its model."""
    folder = tmp_path / "toll"
    folder.mkdir()
    for file, language in (("record.toml", "toml"), ("__init__.py", "python")):
        texts = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
        (folder / file).write_text(texts[-1], encoding="utf-8")
    return folder


@pytest.mark.parametrize("example", tuple(blocks()))
def test_every_block_of_the_readme_runs(example, shelf, monkeypatch, capsys):
    monkeypatch.setenv("NEGOSIM_HOME", str(shelf))
    monkeypatch.chdir(REPOSITORY)
    example.evaluate()
    if TEXT.splitlines()[example.line - 1] == "```python":
        assert capsys.readouterr().out, "the block prints nothing"


def test_the_readme_has_python_and_console_blocks():
    assert TEXT.count("```python") >= 1
    assert TEXT.count("```console") >= 1


def test_the_readme_is_read_in_one_sitting():
    assert len(TEXT.splitlines()) <= 250


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_and_is_in_the_readme(verb):
    command = program.commands[verb]
    assert command.help
    assert all(getattr(parameter, "help", None) for parameter in command.params), verb
    assert f"`negosim {verb}" in TEXT


def test_the_readme_s_own_story_is_sound_and_replays(toll, monkeypatch, capsys):
    assert check(toll) == []
    monkeypatch.setenv("NEGOSIM_HOME", str(toll.parent))
    monkeypatch.chdir(toll.parent)
    assert main(["replay", "toll", "-n", "50"]) == 0
    assert "It was told 1 of 2 facts; in the course shown 1 of the other 1 follows" in " ".join(capsys.readouterr().out.split())


def test_the_two_commands_stand_between_their_markers():
    for name, end in (("replay", "negosim replay pti-2024"), ("test", "pytest")):
        found = re.findall(rf"<!-- {name} -->\n```\n\$ (.+)\n```\n<!-- end -->", TEXT)
        assert len(found) == 1
        assert found[0].startswith("python -m venv .venv && ")
        assert found[0].endswith(end)


# ── the front door ──────────────────────────────────────────────────────────────────────────────


def test_the_front_door_is_sorted_and_every_name_opens():
    kinds = {name: (not name.isupper(), not name[0].isupper(), name) for name in negosim.__all__}
    assert negosim.__all__ == sorted(negosim.__all__, key=kinds.__getitem__)
    assert set(negosim.__all__) == set(negosim._HOME)
    assert set(negosim.__all__) <= set(dir(negosim))
    assert len(negosim.__all__) <= 40
    for name, home in negosim._HOME.items():
        assert getattr(negosim, name) is getattr(importlib.import_module(f"negosim.{home}"), name)


def test_types_and_imports_of_the_front_door_agree():
    source = Path(negosim.__file__).read_text(encoding="utf-8")
    typed = {
        alias.name: node.module.removeprefix("negosim.")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module.startswith("negosim.")
        for alias in node.names
    }
    assert typed == negosim._HOME


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Agent'"):
        _ = negosim.Agent


def test_every_name_of_the_front_door_is_documented():
    undocumented = [
        name for name in negosim.__all__
        if (isclass(value := getattr(negosim, name)) or isfunction(value)) and not value.__doc__
    ]  # fmt: skip
    assert undocumented == []
