"""The author's reference: complete, read off the code, and every example runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import pytest
from attrs import fields

from negosim.__main__ import main
from negosim.core.errors import NotFound, RecordError
from negosim.core.events import EVENTS
from negosim.record.load import read_record
from negosim.record.model import Fact
from negosim.sim.scenario import Scenario
from negosim.sim.seat import Seat
from negosim.stories.authoring.new import new_story
from negosim.stories.intervention_syntax import FORMS, change_of
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from negosim.stories.reference import TOPICS, page_about

pytestmark = pytest.mark.once


@pytest.fixture
def demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return new_story(tmp_path / "demo")[0].parent


def run_pytest(demo, text):
    (demo / "test_example.py").write_text(text)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "negosim.testing.plugin", "-p", "no:cacheprovider", "demo"]
    for more in (["--update-goldens"], []):
        done = subprocess.run([*words, *more], cwd=demo.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def run_toml(topic, demo, text):
    if topic == "record":
        assert read_record(text).facts
    elif topic == "questions":
        (demo / "questions.toml").write_text(text)
        assert questions_of(load(demo)).questions
    else:
        record = (demo / "record.toml").read_text()
        read_record(record.replace('expect = [{ event = "called-off", by = "guild", what = "strike" }]\n', text))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_example_runs(topic, demo):
    page = page_about(topic)
    match page.language:
        case "python":
            exec(compile(page.example, topic, "exec"), {"__name__": topic})
        case "toml":
            run_toml(topic, demo, page.example)
        case "changes":
            story = load(demo)
            lines = page.example.strip().splitlines()
            for line in lines:
                change_of(line, story.scenario.calendar).check(story.scenario)
            assert len(lines) > 3
        case "pytest":
            run_pytest(demo, page.example)
        case language:
            pytest.fail(f"no way to run {language}")


def names_of(topic):
    return {name for table in page_about(topic).tables for name, _ in table.rows}


def test_the_pages_have_every_key_event_act_and_change():
    keys = {"span": "date", "beliefs": "belief"}
    assert {keys.get(name, name) for name in Fact.__struct_fields__} <= names_of("record")
    assert {name.split()[0] for name, _ in page_about("events").tables[0].rows} == {event.name for event in EVENTS}
    acts = {name.partition("(")[0] for name in names_of("seat")}
    assert {name for name in vars(Seat) if not name.startswith("_") and name != "actor"} <= acts
    assert set(FORMS.values()) <= names_of("changes")
    assert len([name for name in names_of("time") if name.startswith("2024")]) > 3
    assert {"story", "free_runs", "replayed", "golden"} <= names_of("testing")
    assert {"negosim.parts.domain"} <= names_of("parts")


@pytest.mark.parametrize(("table", "heading", "of_its_kind"), [("source", 1, set()), ("fact", 2, {"because"})])
def test_a_key_is_called_needed_where_a_record_without_it_is_refused(table, heading, of_its_kind):
    rows = dict(page_about("record").tables[heading].rows)
    lines = page_about("record").example.splitlines()
    begins = next(place for place, line in enumerate(lines) if line.startswith(f"[[{table}]]"))
    keys = [line.partition(" =")[0] for line in lines[begins + 1 : lines.index("", begins)]]
    for place, key in enumerate(keys, begins + 1):
        without = "\n".join(lines[:place] + lines[place + 1 :])
        if rows[key].endswith("; needed") or key in of_its_kind:
            with pytest.raises(RecordError, match=key):
                read_record(without)
        else:
            assert read_record(without).facts


def test_an_example_can_be_copied_from_a_terminal_of_80_columns():
    lines = [(topic, line) for topic in TOPICS for line in page_about(topic).example.splitlines()]
    assert [(topic, line) for topic, line in lines if len(line) > 78] == []


def test_a_part_is_shown_as_it_is_called():
    assert "ways.relay.relays(seat, channels, *, until, question=None, travel=None)" in names_of("parts")


def test_every_row_means_something():
    for topic in TOPICS:
        page = page_about(topic)
        assert page.topic == topic
        assert set(page.see) <= set(TOPICS)
        assert all(words.strip() for table in page.tables for _, words in table.rows), topic


def test_an_unknown_topic_is_answered_with_the_nearest(capsys):
    with pytest.raises(NotFound, match="did you mean 'record'"):
        page_about("recrod")
    assert main(["help", "recrod"]) == 2
    assert "did you mean 'record'" in capsys.readouterr().err


def test_the_verb_shows_a_page_and_the_list(capsys):
    assert main(["help"]) == 0
    listed = capsys.readouterr().out
    assert all(topic in listed for topic in TOPICS)
    assert main(["help", "seat"]) == 0
    assert "Next: negosim help decisions" in capsys.readouterr().out


@pytest.mark.parametrize("width", ["40", "80", "160"])
@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_fits_its_terminal(topic, width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", width)
    assert main(["help", topic]) == 0
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= int(width)


def test_pydoc_shows_the_same_page():
    words = [sys.executable, "-m", "pydoc", "negosim.stories.reference.record"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "PAGER": "cat"})
    assert "[[fact]]: something that happened" in done.stdout
    assert "Kinds of facts" in done.stdout


def test_the_example_of_the_record_is_the_template(demo):
    assert tomllib.loads(page_about("record").example) == tomllib.loads((demo / "record.toml").read_text())


@pytest.mark.parametrize(("word", "page"), [
    ("Issue", "seat"), ("explanations", "decisions"), ("happenings", "decisions"), ("where", "seat"), ("binding", "events"),
])  # fmt: skip
def test_a_word_that_is_no_topic_leads_to_the_page_it_stands_on(word, page):
    with pytest.raises(NotFound, match=rf"it stands on: .*negosim help {page}\b"):
        page_about(word)


def test_nothing_silly_is_taken_for_what_was_meant():
    with pytest.raises(NotFound) as error:
        page_about("nonsense")
    assert "did you mean" not in str(error.value)


def test_the_page_on_decisions_has_every_setting_of_a_scenario():
    of_the_record = {"name=", "title=", "calendar=", "ends="}
    init = {f"{field.name}=" for field in fields(Scenario) if field.init}
    assert init - of_the_record <= names_of("decisions")


def test_each_event_says_who_hears_it_and_what_that_means():
    rows = dict(row for table in page_about("events").tables for row in table.rows)
    for event in EVENTS:
        said = next(words for name, words in rows.items() if name.startswith(f"{event.name} "))
        assert rows[said.rpartition("Heard by: ")[2].rstrip(".")] == event.reach.value


def test_the_page_on_expect_says_which_what_is_meant():
    what = next(words for table in page_about("expect").tables for name, words in table.rows if name == "what")
    assert 'ended, what = "strike": the action is strike' in what
