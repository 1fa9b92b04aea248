"""A new story runs at once, and every text of the template holds."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from negosim.__main__ import main
from negosim.core.errors import BadValue
from negosim.lab.calibration.check import check
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.new import MARKER, new_story
from negosim.stories.questions import questions_of


@pytest.fixture
def demo(tmp_path):
    return new_story(tmp_path / "demo")[0].parent


def test_a_new_story_is_small_and_named(demo):
    texts = {path.name: path.read_text() for path in demo.iterdir()}
    assert sorted(texts) == ["__init__.py", "questions.toml", "record.toml", "test_demo.py"]
    assert len(texts["__init__.py"].splitlines()) <= 60
    assert len((texts["record.toml"] + texts["questions.toml"]).splitlines()) <= 60
    assert not any(MARKER in text for text in texts.values())
    assert "test_demo.py" in texts["__init__.py"]
    assert max(len(line) for text in texts.values() for line in text.splitlines()) <= 120


def test_it_has_three_facts_two_actors_a_swap_and_a_question(demo):
    story = load(demo)
    assert [fact.kind for fact in story.documented.facts] == ["given", "decision", "outcome"]
    assert [actor.id for actor in story.scenario.actors] == ["crown", "guild"]
    assert [question.id for question in questions_of(story).questions] == ["no-offer"]
    assert story.scenario.title == tomllib.loads((demo / "record.toml").read_text())["title"]
    assert story.scenario.name == "demo"


def test_it_passes_its_check(demo):
    assert check(demo) == []


def test_its_question_changes_the_outcome(demo):
    scenario = load(demo).scenario
    runs = [play(scenario, Prior(0, number)) for number in range(60)]
    peaceful = [run for run in runs if any(entry.event.name == "called-off" for entry in run.entries)]
    assert 10 < len(peaceful) < 50
    twins = [play(scenario, run.world, (Decide("crown.respond[strike]", "wait"),)) for run in peaceful]
    assert all(any(entry.event.name == "started" for entry in twin.entries) for twin in twins)


@pytest.mark.slow
def test_the_verbs_answer(demo, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NEGOSIM_HOME", str(tmp_path / "home"))
    assert main(["replay", str(demo), "-n", "50"]) == 0
    assert main(["whatif", str(demo), "no-offer", "-n", "400"]) == 0
    assert "The guild strikes on market day" in capsys.readouterr().out


def test_its_own_tests_pass_with_the_plug_in_and_can_fail(demo):
    def tests():
        words = [sys.executable, "-m", "pytest", "-q", "-p", "negosim.testing.plugin", "-p", "no:cacheprovider"]
        return subprocess.run([*words, str(demo)], cwd=demo, capture_output=True, text=True, check=False)

    done = tests()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
    code = demo / "__init__.py"
    code.write_text(code.read_text().replace('seat.call_off("strike")', 'seat.call_off("strike"); seat.state("peace")'))
    assert tests().returncode == 0
    code.write_text(code.read_text().replace('seat.call_off("strike"); seat.state("peace")', "pass"))
    done = tests()
    assert done.returncode == 1
    assert "called-off, what=strike: in 0 of 50 runs, not in 1" in done.stdout


@pytest.mark.parametrize("name", ["1724", "_toll", "class", "a toll", "öl", ""])
def test_a_name_that_no_folder_can_have_is_refused(name, tmp_path):
    with pytest.raises(BadValue, match=r"no name for a story|exists already"):
        new_story(tmp_path / name)


def test_nothing_is_written_over(demo):
    before = (demo / "__init__.py").read_bytes()
    with pytest.raises(BadValue, match="exists already"):
        new_story(demo)
    assert (demo / "__init__.py").read_bytes() == before


def test_the_verb_says_what_to_type_next(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "toll-1724"]) == 0
    assert "Next: negosim check ./toll_1724" in capsys.readouterr().out
    assert main(["check", "./toll_1724"]) == 0
    assert main(["new", "toll-1724"]) == 2
