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
    add("cli/__init__.py", '"More", commands=["list"', '"More", commands=["count", "list"')
    add("cli/__init__.py", '    "show": "look.show",', '    "count": "count.count", "show": "look.show",')
    record = ROOT / "scenarios" / "oslo_1993" / "record.toml"
    said = run(f"from negosim.__main__ import main; main(('count', {str(record)!r}))")
    assert said.strip() == f"{len(load_record(record).facts)} facts"
    assert touched - {"cli/count.py"} <= files_of("A verb")


CHANGE = '''@frozen
class HurryChannel(_OnChannel):
    """From said to heard it takes a minute."""

    @override
    def altered(self, channel: Channel) -> Channel:
        return evolve(channel, delay=1)

    def __str__(self) -> str:
        return f"hurry {self.channel}{self._since()}"


'''
HURRIED = """
from datetime import datetime
from negosim import Actor, Calendar, Prior, Scenario, backchannel, days, events, play
from negosim.stories.intervention_syntax import change_of

ann, bob = Actor("ann", "Ann"), Actor("bob", "Bob")
ravens = backchannel("ravens", ann, bob, delay=600)

def says(seat):
    seat.say(bob, "well", via=ravens)
    yield from seat.pause(1)

def hears(seat):
    yield from seat.hear(events.Said)
    seat.say(ann, "heard", via=ravens)

toll = Scenario("toll", "A toll", Calendar(datetime(1724, 3, 1), "UTC"), days(3), actors=(ann, bob),
                channels=(ravens,), cast={ann: (says,), bob: (hears,)})
hurry = change_of("hurry ravens", toll.calendar)
print(hurry, [play(toll, Prior(seed=1), changes).entries[-1].minute for changes in ((), (hurry,))])
"""


def test_a_change_needs_the_files_of_the_list_and_no_other(package):
    add, run, touched = package
    add("sim/interventions/circumstances.py", "@frozen\nclass LeakChannel", f"{CHANGE}@frozen\nclass LeakChannel")
    add("sim/interventions/__init__.py", "    DelayChannel,\n", "    DelayChannel,\n    HurryChannel,\n")
    syntax = "stories/intervention_syntax.py"
    add(syntax, "    DelayChannel,\n", "    DelayChannel,\n    HurryChannel,\n")
    add(syntax, '    "leak": "leak CH', '    "hurry": "hurry CHANNEL [from DATE]",\n    "leak": "leak CH')
    add(
        syntax, '        case ["leak" | "seal" as verb',
        '        case ["hurry", channel, *since]:\n            return HurryChannel(channel, _since(since, calendar))\n'
        '        case ["leak" | "seal" as verb',
    )  # fmt: skip
    assert run(HURRIED).strip() == "hurry ravens [600, 1]"
    assert touched <= files_of("A change")


STORE = '''"""A store in memory that says so by another address."""

from negosim.stores.memory import MemoryStore


class FleetingStore(MemoryStore):
    """Forgotten with the process."""

    location = "fleeting:"
'''


def test_a_store_needs_the_files_of_the_list_and_no_other(package):
    add, run, touched = package
    add("stores/fleeting.py", "", STORE)
    add(
        "stores/location.py", "    if is_address(place):\n        from",
        '    if place == "fleeting:":\n        from negosim.stores.fleeting import FleetingStore\n\n'
        "        return FleetingStore()\n    if is_address(place):\n        from",
    )  # fmt: skip
    add("stores/location.py", 'where == ":memory:":', 'where in (":memory:", "fleeting:"):')
    code = """
from negosim.stores.location import open_store
store = open_store("fleeting:")
key = store.create({"scenario": "toll"})
print(store.location, store.verify(key).problem == "", list(store.run_keys()) == [key])
"""
    assert run(code).strip() == "fleeting: True True"
    assert touched - {"stores/fleeting.py"} <= files_of("A store")


ASKED = """
from datetime import datetime
import negosim
from negosim import Actor, Calendar, Scenario, days, public
from negosim.report.results.counterfactual.whatif import details

ann, bob, square = Actor("ann", "Ann"), Actor("bob", "Bob"), public()

def plays(seat):
    yield from seat.pause(1)
    if seat.chance("rain", "today", 500_000):
        seat.say(bob, "wet", via=square)

rain = Scenario("rain", "Rain", Calendar(datetime(1724, 3, 1), "UTC"), days(1), actors=(ann, bob),
                channels=(square,), cast={ann: (plays,)})
answer = negosim.whatif(rain, do="nature.rain[today]=no", about="said wet", n=80)
print(answer.to_json()["outcomes"][0]["unweighted_effect"])
print([line.words for line in details(answer) if "unweighted" in getattr(line, "words", "")])
"""


def test_a_sensitivity_needs_the_files_of_the_list_and_no_other(package):
    add, run, touched = package
    asking, result = "lab/counterfactual/whatif.py", "lab/counterfactual/whatif_result.py"
    add(
        asking, "            independent=self._independent(place),",
        "            unweighted=sum(t - f for f, t in zip(factual, changed, strict=True)) / len(factual),\n"
        "            independent=self._independent(place),",
    )  # fmt: skip
    add(result, "    independent: Estimate | None = None\n", "    independent: Estimate | None = None\n    unweighted: float = 0.0\n")
    add(
        result, '            "independent_effect":',
        '            "unweighted_effect": self.unweighted,\n            "independent_effect":',
    )  # fmt: skip
    add(
        "report/results/counterfactual/whatif.py", "        if outcome.independent is not None:",
        '        yield Line(f"unweighted {points(outcome.unweighted)}")\n        if outcome.independent is not None:',
    )  # fmt: skip
    effect, words = run(ASKED).splitlines()
    assert -1 < float(effect) < 0
    assert "unweighted" in words
    assert touched <= files_of("A sensitivity")


def test_a_parameter_needs_the_files_of_the_list_and_no_other(package):
    add, run, touched = package
    add("sim/scenario.py", "    entries_max: int =", '    motto: str = field(default="none", kw_only=True)\n    entries_max: int =')
    add(
        "sim/scenario.py", "        yield from self._untrue()\n",
        '        yield from self._untrue()\n        if not self.motto:\n            yield "motto: it is empty"\n',
    )  # fmt: skip
    code = """
from datetime import datetime
from negosim import Calendar, NegosimError, Scenario, days
for motto in ("peace", ""):
    try:
        made = Scenario("toll", "A toll", Calendar(datetime(1724, 3, 1), "UTC"), days(3), actors=(), channels=(),
                        cast={}, motto=motto)
        print(made.motto)
    except NegosimError as error:
        print(str(error).splitlines()[-1])
"""
    assert run(code).splitlines() == ["peace", "motto: it is empty"]
    assert touched <= files_of("A parameter")


def test_every_list_names_files_that_exist():
    for what in ("An event", "A sensitivity", "A verb", "A store", "A change", "A parameter"):
        files = files_of(what)
        assert files
        assert [name for name in files if not (ROOT / "negosim" / name).exists() and not (ROOT / name).exists()] == []
