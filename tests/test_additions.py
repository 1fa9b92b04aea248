"""The lists of ARCHITECTURE.md under "How to add" are followed to the letter, on a copy of the package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from negosim.record.load import load_record

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "negosim" / "ARCHITECTURE.md").read_text(encoding="utf-8")
IGNORED = shutil.ignore_patterns("__pycache__", "*.svg", "*.ipynb")


def files_of(what: str) -> set[str]:
    """The files that the section about adding something names."""
    section = re.search(rf"\*\*{what}\.\*\*(.*?)(?=\n\n|\Z)", GUIDE, re.DOTALL)
    assert section, what
    return set(re.findall(r"`((?:negosim/)?[\w/]+\.(?:py|md))`", section[1]))


@pytest.fixture
def package(tmp_path):
    """A copy of the package, which a test may add to: ``add(file, old, new)``; it notes the files it touched."""
    shutil.copytree(ROOT / "negosim", tmp_path / "negosim", ignore=IGNORED)
    touched: set[str] = set()

    def add(file: str, old: str, new: str) -> None:
        path = tmp_path / "negosim" / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
        touched.add(file)

    def run(code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{code}"], cwd=tmp_path,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return add, run, touched


EVENT = '''class Halted(ActionStep, frozen=True):
    """A running action was halted."""

    name: ClassVar[str] = "halted"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY


'''
STORY = """
from datetime import datetime
import negosim
from negosim import Actor, Calendar, Prior, Scenario, days, play, public
from negosim.report.wording.sentences import Speaker

guild = Actor("guild", "The Guild")

def the_guild(seat):
    seat.announce("strike", "market", due=days(1))
    yield from seat.pause(60)
    seat.halt("strike")

toll = Scenario("toll", "A toll", Calendar(datetime(1724, 3, 1), "UTC"), days(3), actors=(guild,),
                channels=(public(),), cast={guild: (the_guild,)})
event = play(toll, Prior(seed=1)).entries[-1].event
print(event.name, "|", Speaker(toll.table.actors, toll.calendar).sentence(event).plain)
"""


def test_an_event_with_its_move_needs_the_files_of_the_list_and_no_other(package):
    add, run, touched = package
    add("core/events/execution.py", "class Started", f"{EVENT}class Started")
    add("core/events/__init__.py", "    Ordered,\n", "    Ordered,\n    Halted,\n")
    add("core/events/__init__.py", "Reached, Ended,\n", "Reached, Ended, Halted,\n")
    add("core/rules.py", '"end": e.Ended,', '"end": e.Ended, "halt": e.Halted,')
    add(
        "sim/seat.py", "    def call_off(",
        '    def halt(self, action: str) -> Event:\n        """Halt an action."""\n'
        '        return self._do(m.Act(self.actor, action, "halt"))\n\n    def call_off(',
    )  # fmt: skip
    add("report/wording/sentences.py", '    "called-off":', '    "halted": "{by} *halts* {action}",\n    "called-off":')
    assert run(STORY).strip() == "halted | The Guild halts strike"
    assert touched <= files_of("An event")
    assert len(files_of("An event")) <= 6


VERB = '''"""A verb that counts."""

import rich_click as click

from negosim.cli.options import examples, name_argument, shown


@click.command(epilog=examples("negosim count pti-2024", "negosim count pti-2024 --json"))
@name_argument
@shown
def count(screen, name):
    """How many facts a record has."""
    from negosim.stories.record_alone import documented_story

    screen.show(f"{len(documented_story(name).documented.facts)} facts")
'''


def test_a_verb_needs_the_files_of_the_list_and_no_other(package):
    add, run, touched = package
    add("cli/count.py", "", VERB)
    add("cli/__init__.py", "from negosim.cli.errors", "from negosim.cli.count import count\nfrom negosim.cli.errors")
    add("cli/__init__.py", '"More", commands=["list"', '"More", commands=["count", "list"')
    add("cli/__init__.py", "    show, replay,", "    count, show, replay,")
    record = ROOT / "scenarios" / "oslo_1993" / "record.toml"
    said = run(f"from negosim.__main__ import main; main(('count', {str(record)!r}))")
    assert said.strip() == f"{len(load_record(record).facts)} facts"
    assert touched - {"cli/count.py"} <= files_of("A verb")


def test_every_list_names_files_that_exist():
    for what in ("An event", "A sensitivity", "A verb", "A store", "A change", "A parameter"):
        files = files_of(what)
        assert files
        assert [name for name in files if not (ROOT / "negosim" / name).exists() and not (ROOT / name).exists()] == []
