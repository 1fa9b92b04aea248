"""Help: what stands on its first page, examples that run, names of the first release, what to type first."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from shutil import copytree

import pytest
import rich_click as click

from negosim.cli import FIRST_STEPS, MOVED
from negosim.cli import negosim as program
from tests.cli.conftest import STORIES
from tests.cli.test_ask import QUESTIONS


def verbs(group=program, path=("negosim",)):
    """Every verb with the words that call it, groups left out."""
    for name, command in sorted(group.commands.items()):
        words = (*path, name)
        yield from verbs(command, words) if isinstance(command, click.Group) else [(words, command)]


def examples_of(command):
    lines = (command.epilog or "").split("\n\n")
    assert lines[0] == "Examples:"
    return lines[1:]


EXAMPLES = [
    pytest.param(words, number, id=f"{' '.join(words[1:])} {number}")
    for words, command in verbs() for number in range(len(examples_of(command)))
]  # fmt: skip


SMALL = {
    "causes": "-n 8 -j 1",
    "replay": "-n 20 -j 1", "whatif": "-n 100 -j 1", "forecast": "-n 20 -j 1", "rivals": "-n 40 -j 1",
    "turning-points": "-n 20 -j 1", "report": "-n 300 -j 1 --quick --decisions-alone", "study": "-n 40 -j 1", "check": "-n 10 -j 1",
}  # fmt: skip
"""What is added to an example so that it takes no longer than a test may."""


@pytest.fixture
def here(negosim, home, monkeypatch):
    """A folder with what the examples name: a scenario with questions and accounts, two runs, a study, a file."""
    monkeypatch.chdir(home)
    folder = home / "stories" / "quarrel"
    copytree(STORIES / "quarrel", folder)
    scenario = (folder / "__init__.py").read_text()
    accounts = 'mechanisms={"proud": False}, accounts={"motive": {"pride": {"proud": True}, "need": {}}},'
    scenario = scenario.replace('happenings=("fair",),', f'happenings=("fair",), {accounts}')
    scenario = scenario.replace("    if offer is None:\n", '    if offer is None or seat.works("proud"):\n')
    (folder / "__init__.py").write_text(scenario)
    (folder / "questions.toml").write_text(QUESTIONS)
    (home / "record.toml").write_text((folder / "record.toml").read_text())
    monkeypatch.setenv("NEGOSIM_PATH", str(home / "stories"))
    return home


@pytest.fixture
def translated(negosim, here):
    """An example in words of the small scenario, with what it needs made beforehand."""

    def translate(example: str) -> list[str]:
        one, other = (
            negosim("run", "quarrel", "--seed", seed, "--json").document["run"] for seed in ("7", "8")
        )
        small = {
            "pti-2024": "quarrel", "S11": "Q3", "visit-refused": "no-offer", "october-protest": "struck",
            "clash": "struck", "march-stops-at-sangjani": "no-offer", "sangjani": "motive", "12": "3",
            "government.answer[own-physician]=refuse": "crown.offer[strike]=wait", "2e33ab": one, "7f10c4": other,
            "2024-11-14": "1724-03-02", "2024-10-12": "1724-03-01", "2024-11-23": "1724-03-06",
            "2024-10-20": "1724-03-06",
        }  # fmt: skip
        if "runs.sqlite" in example and ("--resume" in example or "verify" in example):
            negosim("study", "quarrel", "-n", "20", "-j", "1", "-o", "runs.sqlite")
        if "import run.jsonl" in example:
            negosim("store", "export", one, "-o", "run.jsonl")
            negosim("store", "delete", one)
        words = [small.get(word, word) for word in shlex.split(example)]
        return words + shlex.split(SMALL.get(words[1], ""))

    return translate


@pytest.mark.parametrize(("words", "number"), EXAMPLES)
def test_every_example_runs(negosim, translated, words, number):
    example = examples_of(dict(verbs())[words])[number]
    assert tuple(shlex.split(example)[: len(words)]) == words
    said = negosim(*translated(example)[1:])
    assert said.code == 0, said.err


@pytest.mark.parametrize(("words", "command"), list(verbs()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_every_verb_has_two_examples_and_help_for_each_word(words, command):
    assert len(examples_of(command)) >= 2
    assert command.help
    assert all(getattr(parameter, "help", None) for parameter in command.params)


def test_the_first_page_fits_and_begins_with_the_six_questions(negosim):
    page = negosim("--help").out
    assert len(page.splitlines()) <= 45
    six = ("show", "replay", "whatif", "forecast", "rivals", "report")
    first, rest = page.split("Your own history")
    assert all(f"│ {verb} " in first for verb in six)
    for verb in ("check", "run", "study", "store", "turning-points"):
        assert f"│ {verb} " in rest


def test_without_a_verb_it_says_what_to_type_first(negosim):
    said = negosim()
    assert said.out.strip() == FIRST_STEPS
    assert len(said.out.splitlines()) == 5
    assert said.code == 2
    for line in said.out.splitlines()[1:4]:
        assert line.split()[1] in program.commands


@pytest.mark.parametrize("old", MOVED)
def test_a_verb_that_moved_says_where_it_is(negosim, old):
    said = negosim(old, "anything")
    assert said.code == 2
    new = f"store {MOVED[old]}"
    assert f"'negosim {old}' is now 'negosim {new}'" in said.err
    assert negosim(*new.split(), "--help").code == 0


def test_completion_is_documented_and_completes(home):
    def complete(line: str) -> list[str]:
        environ = {**os.environ, "_NEGOSIM_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        done = subprocess.run([sys.executable, "-m", "negosim"], env=environ, capture_output=True, text=True, check=True)
        return [row.partition(",")[2] for row in done.stdout.splitlines()]

    assert complete("negosim turn") == ["turning-points"]
    assert complete("negosim store ver") == ["verify"]
    assert "quarrel" in complete("negosim show qua")


@pytest.mark.parametrize(("words", "code", "said"), [
    (("help",), 0, "testing    needs"),
    (("help", "testing"), 2, "pip install 'negosim[test]'"),
])  # fmt: skip
def test_help_without_the_extra_for_tests_says_what_to_install(words, code, said):
    """As after ``pip install .``: there is no hypothesis and no pytest."""
    without = "import sys; sys.modules.update(hypothesis=None, pytest=None); from negosim.__main__ import main"
    done = subprocess.run(
        [sys.executable, "-c", f"{without}; sys.exit(main({list(words)}))"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr
    assert "ModuleNotFoundError" not in done.stderr
