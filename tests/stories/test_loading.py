"""Loading stories, and every mistake in them at once."""

from __future__ import annotations

import sys

import pytest

from negosim.core.errors import NotFound, RecordError, ScenarioError, StoryRaised
from negosim.stories.loading import digest_of, load
from tests.small_stories import FIRST, STORY, fact


def test_a_story_comes_with_its_record_and_its_givens(write):
    given = fact("G", "given", "2024-01-01", 'event = "summit"\nbecause = "It was in the calendar."')
    story = load(write(given))
    assert [(one.what, one.earliest, one.latest) for one in story.scenario.givens] == [("summit", 0, 1439)]
    assert story.documented.title == "A small record"
    with pytest.raises(NotFound, match="no record called"):
        _ = load(write(name="bare")).documented


def test_submodules_are_imported_relatively_and_two_stories_never_mix(write):
    stories = []
    for name in ("one", "two"):
        split = STORY.replace('"A small story"', "TITLE").replace("ann, bob =", "from .names import TITLE\nann, bob =")
        folder = write(name=name, story=split)
        (folder / "names.py").write_text(f'TITLE = "{name}"\n')
        stories.append(load(folder))
    assert [story.scenario.title for story in stories] == ["one", "two"]


def test_the_digest_is_of_code_and_record_alone(write):
    folder = write(FIRST)
    before = digest_of(folder)
    ref = load(folder).ref
    assert ref.load() == load(folder)
    (folder / "notes.txt").write_text("read me")
    assert digest_of(folder) == before
    (folder / "record.toml").write_text((folder / "record.toml").read_text() + "\n")
    assert digest_of(folder) != before
    with pytest.raises(ScenarioError, match="has changed"):
        ref.load()


def test_another_machine_finds_a_story_by_its_digest(write, tmp_path, monkeypatch):
    folder = write(FIRST)
    ref = load(folder).ref
    shelf = tmp_path / "elsewhere"
    folder.rename(shelf.with_name("moved"))
    with pytest.raises(ScenarioError, match="not on this machine"):
        ref.load()
    shelf.mkdir()
    shelf.with_name("moved").rename(shelf / "moved")
    monkeypatch.setenv("NEGOSIM_PATH", str(shelf))
    assert ref.load().digest == ref.digest
    assert ref.load().folder == (shelf / "moved").resolve()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [("1 / 0", "ZeroDivisionError"), ("def (", "SyntaxError"), ("exit()", "SystemExit"), ("raise GeneratorExit", "GeneratorExit")],
)
def test_what_the_story_raises_is_told_with_its_place(write, line, complaint):
    folder = write(story=f"\n{line}\n")
    with pytest.raises(StoryRaised, match=complaint) as raised:
        load(folder)
    assert raised.value.place == f"{folder / '__init__.py'}:2"
    assert not [name for name in sys.modules if name.endswith(digest_of(folder)[:16])]


def test_a_folder_without_scenario_says_what_to_write(write):
    with pytest.raises(ScenarioError, match=r"write: scenario = Scenario\(...\)"):
        load(write(story="\n"))


def test_all_unknown_names_of_a_record_are_told_at_once(write):
    wrong = [
        fact("D0", "decision", "2024-01-01", 'decisions = [{ address = "bob.frist[x]", chose = "yes" }]'),
        fact("G0", "given", "2024-01-01", 'who = ["anne"]\nevent = "storm"\nbecause = "weather"'),
        fact("D2", "decision", "2024-01-01", 'decisions = [{ address = "ann.second[y]", chose = "yess" }]'),
        fact("O1", "outcome", "2024-01-01", 'expect = [{ event = "siad", by = "bobb", channel = "tlak" }]'),
    ]
    with pytest.raises(RecordError) as raised:
        load(write(*wrong))
    told = "\n".join(raised.value.problems)
    for hint in ("'ann'", "'bob.first'", "'yes'", "'said'", "'bob'", "'talk'"):
        assert f"did you mean {hint}?" in told
    assert len(raised.value.problems) == 6
    assert all(problem.startswith("record.toml:") for problem in raised.value.problems)


def test_an_explanation_of_no_fact_is_a_mistake(write):
    explained = STORY.replace(
        "{{ann: {{\"gain\": weight}}, bob: {{\"gain\": weight}}}},\n",
        "{{ann: {{\"gain\": weight}}, bob: {{\"gain\": weight}}}},\n    explanations={{\"D11\": \"Too soon.\"}},\n",
    )
    with pytest.raises(RecordError, match="the record has no fact 'D11'; did you mean 'D1'"):
        load(write(FIRST, story=explained))


def test_clocks_that_differ_are_a_mistake(write):
    with pytest.raises(RecordError, match="the clock runs from 2024-01-01"):
        load(write(FIRST, story=STORY.replace("2880", "2879")))


def test_a_story_may_run_on_past_its_record(write):
    story = load(write(FIRST, story=STORY.replace("2880", "2881")))

    assert story.scenario.ends == story.documented.ends + 1


def test_no_bytecode_is_left_beside_a_story(write, monkeypatch):
    """It would be taken for a text of the same size that is written within the same second."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = write(FIRST)
    load(folder)
    assert list(folder.rglob("*.pyc")) == []
    assert sys.dont_write_bytecode is False
