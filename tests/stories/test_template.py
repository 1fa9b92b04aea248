"""A new story runs at once, and every text of the template holds."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from negosim.__main__ import main
from negosim.core.errors import BadValue, RecordError
from negosim.inference.evidence import impositions
from negosim.lab.calibration.check import check
from negosim.record.load import load_record
from negosim.sim.chance import Imposing, Prior
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.authoring.draft import variable
from negosim.stories.authoring.new import MARKER, TEMPLATE, new_from_record, new_story
from negosim.stories.loading import load
from negosim.stories.questions import questions_of

pytestmark = pytest.mark.once

REPOSITORY = Path(__file__).parents[2]


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


# ── drafts ──────────────────────────────────────────────────────────────────────────────────────

RECORDS = sorted(Path(REPOSITORY / "scenarios").glob("*/record.toml"))


@pytest.mark.parametrize("record", [TEMPLATE / "record.toml", *RECORDS], ids=lambda path: path.parent.name)
def test_a_draft_from_a_record_runs_and_follows_its_decisions(record, tmp_path):
    folder = new_from_record(tmp_path / "draft", record)[0].parent
    assert check(folder) == []
    story = load(folder)
    assert story.documented == load_record(record)
    decisions = impositions(story.documented)
    run = play(story.scenario, Imposing(decisions, Prior(0)))
    assert run.failed_imposition is None
    taken = {asked.imposition.fact for asked in run.asked if asked.imposition is not None}
    assert taken == {decision.fact for decision in decisions}


def test_a_draft_marks_what_its_author_must_fill(tmp_path, capsys):
    assert main(["new", str(tmp_path / "draft"), "--from", str(TEMPLATE)]) == 0
    text = (tmp_path / "draft" / "__init__.py").read_text()
    assert 'OTHERWISE = "decides otherwise", because("GAP' in text
    assert "# GAP: F3 must follow: called-off strike" in text
    assert text.count("GAP") > 5
    assert "gaps are marked GAP" in " ".join(capsys.readouterr().out.split())
    compile(text, "draft", "exec")


def test_the_question_of_a_draft_takes_hold(tmp_path):
    story = load(new_from_record(tmp_path / "draft", TEMPLATE)[0].parent)
    (question,) = questions_of(story).questions
    run = play(story.scenario, Prior(0), question.changes)
    assert [asked.taken for asked in run.asked] == ["otherwise"]


def test_a_draft_s_channel_is_between_those_whom_facts_name_on_it_and_hides_no_actor(tmp_path):
    said = 'who = ["guild"]\nto = ["crown"]\nchannel = "crown"\nwhat = "The guild calls'
    record = (TEMPLATE / "record.toml").read_text().replace('what = "The guild calls', said)
    (tmp_path / "record.toml").write_text(record)
    code = new_from_record(tmp_path / "draft", tmp_path / "record.toml")[0]

    assert 'crown_channel = formal("crown", crown, guild)' in code.read_text()
    assert check(code.parent) == []


def test_a_title_cannot_break_the_draft(tmp_path):
    record = (TEMPLATE / "record.toml").read_text().replace('"A quarrel over a toll"', "'\"\"\" + \\x \"'")
    (tmp_path / "record.toml").write_text(record)
    assert check(new_from_record(tmp_path / "draft", tmp_path / "record.toml")[0].parent) == []


def test_a_record_alone_gets_its_model_beside_it_and_nothing_of_its_own_is_overwritten(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    record, own = (TEMPLATE / "record.toml").read_bytes(), b"# my own questions\n"
    (tmp_path / "toll").mkdir()
    (tmp_path / "toll" / "record.toml").write_bytes(record)
    (tmp_path / "toll" / "questions.toml").write_bytes(own)

    assert main(["new", "toll", "--from", "toll"]) == 0
    assert [(tmp_path / "toll" / name).read_bytes() for name in ("record.toml", "questions.toml")] == [record, own]
    assert {path.name for path in (tmp_path / "toll").iterdir()} == {
        "record.toml", "questions.toml", "__init__.py", "test_toll.py",
    }  # fmt: skip
    assert check("toll") == []
    assert main(["new", "toll", "--from", "toll"]) == 2
    assert "toll exists already" in capsys.readouterr().err


def test_a_broken_record_gives_no_draft(tmp_path):
    (tmp_path / "record.toml").write_text("title = 3\n")
    with pytest.raises(RecordError):
        new_from_record(tmp_path / "draft", tmp_path)
    assert not (tmp_path / "draft").exists()


@pytest.mark.parametrize("id", ["class", "play", "seat", "1724-guild", "state-doctors"])
def test_an_actor_s_variable_hides_nothing(id):
    name = variable(id)
    assert name.isidentifier()
    assert name not in {"class", "play", "seat"}


def test_a_draft_says_nothing_twice(tmp_path):
    text = new_from_record(tmp_path / "draft", TEMPLATE)[0].read_text()
    assert "class Respond(Choice, by=crown):" in text
    assert "toll-raised" not in text
    assert text.count("yield from seat.pause()") == 1  # of the guild, of which the record has no decision
