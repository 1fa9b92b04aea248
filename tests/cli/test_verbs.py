"""Every verb on a small story: what it shows, and the one document of ``--json``."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from negosim.cli.errors import ExitCode
from tests.cli.conftest import STORIES


@pytest.fixture
def kept(negosim):
    """The key of a run in which the strike is called off."""
    return negosim("run", "quarrel", "--seed", "7", "--json").document["run"]


def test_exit_codes_are_public_and_fixed():
    assert {code.name: int(code) for code in ExitCode} == {
        "DONE": 0, "ANSWER_IS_NO": 1, "USAGE": 2, "SCENARIO_RAISED": 3, "INTERRUPTED": 130,
    }  # fmt: skip


def test_list_names_every_scenario(negosim):
    said = negosim("list", "--json")
    by_name = {one["name"]: one for one in said.document}
    assert by_name["quarrel"] == {
        "name": "quarrel", "title": "A quarrel over a toll", "facts": 3, "actors": 2,
        "begins": "1724-03-01T00:00+00:00", "ends": "1724-03-11T00:00+00:00",
    }  # fmt: skip
    assert "pti-2024" in by_name
    assert "A quarrel over a toll" in negosim("list").out


def test_a_list_runs_no_code_of_a_story_that_has_a_record(negosim, tmp_path, monkeypatch):
    for name, files in {
        "loud": {"__init__.py": "raise SystemExit('run')", "record.toml": (STORIES / "quarrel" / "record.toml").read_text()},
        "alone": {"__init__.py": "raise SystemExit('run')"},
    }.items():  # fmt: skip
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
    monkeypatch.setenv("NEGOSIM_PATH", str(tmp_path))
    said = negosim("list", "--json")
    by_name = {one["name"]: one for one in said.document}
    assert by_name["loud"]["title"] == "A quarrel over a toll"
    assert "alone" not in by_name
    assert "alone cannot be loaded: the scenario raised SystemExit" in said.err


def test_show_is_the_documented_history(negosim):
    said = negosim("show", "quarrel")
    assert said.code == 0
    assert "The strike is called off [Q3]" in said.out
    assert [one["id"] for one in negosim("show", "quarrel", "--json").document["facts"]] == ["Q1", "Q2", "Q3"]


def test_show_one_fact_with_its_sources(negosim):
    assert "https://example.org/chronicle" in negosim("show", "quarrel", "Q2").out
    document = negosim("show", "quarrel", "Q2", "--json").document
    assert document["decisions"] == [{"address": "crown.offer[strike]", "chose": "talk"}]
    assert document["sources"][0]["at"] == "page 2"


def test_show_a_conflict_and_a_target_with_what_each_side_says(negosim):
    conflict = negosim("show", "pti-2024", "K6", "--json").document
    assert conflict["facts"] == ["S28", "P43"]
    assert all(version["sources"] for version in conflict["versions"])
    assert conflict["versions"][0]["says"] in negosim("show", "pti-2024", "K6").out
    target = negosim("show", "pti-2024", "T8", "--json").document
    assert len(target["expect"]) == 3
    assert "event" in negosim("show", "pti-2024", "T8").out


def test_run_keeps_what_it_shows(negosim):
    said = negosim("run", "quarrel", "--seed", "7", "--json")
    document = said.document
    assert {"scenario", "run", "head", "entries", "outcomes"} <= set(document)
    assert document["outcomes"] == {"T1": True, "Q3": True}
    assert negosim("run", "quarrel", "--seed", "7", "--json").document == document
    shown = negosim("run", "quarrel", "--seed", "7").out
    assert document["run"][:12] in shown
    assert "calls off strike" in shown
    assert [one["run"] for one in negosim("store", "list", "--json").document] == [document["run"]]


def test_a_set_weight_is_another_run(negosim):
    plain = negosim("run", "quarrel", "--json").document
    changed = negosim("run", "quarrel", "-S", "guild.pride=9000", "--json").document
    assert changed["changes"] == ["guild.pride=9000"]
    assert changed["run"] != plain["run"]
    assert changed["outcomes"]["Q3"] is False


def test_run_stops_at_the_end_of_a_day(negosim):
    whole = negosim("run", "quarrel", "--seed", "7", "--json").document["entries"]
    short = negosim("run", "quarrel", "--seed", "7", "--until", "1724-03-01", "--json").document
    assert 0 < short["entries"] < whole


def test_what_a_short_run_had_no_time_for_is_not_yet_rather_than_not(negosim):
    short = ("run", "quarrel", "-S", "guild.pride=9000", "--until", "1724-03-03")
    assert negosim(*short, "--json").document["outcomes"] == {"T1": None, "Q3": None}
    assert "2 could still, as the course stops 3 Mar 1724 23:59" in " ".join(negosim(*short).out.split())
    later = negosim(*short[:-1], "1724-03-06", "--json").document["outcomes"]
    assert later == {"T1": None, "Q3": False}


def test_verbose_shows_the_choices(negosim):
    assert "decides" not in negosim("run", "quarrel", "--seed", "7").out
    assert "decides: takes it" in negosim("run", "quarrel", "--seed", "7", "-v").out


def test_what_a_run_names_to_ask_why_about_happened_in_it(negosim, quarrel):
    for seed in range(6):
        last = negosim("run", "quarrel", "--seed", str(seed)).out.partition("Next: negosim ")[2]
        why = last.partition(" · ")[0].split()
        assert why[0] == "why"
        assert negosim(*why).code == 0


def test_why_goes_to_the_roots(negosim, kept):
    said = negosim("why", kept[:8], "Q3")
    assert said.code == 0
    assert said.out.startswith(f"Simulated, not history: why this happened in run {kept[:12]}")
    assert said.out.partition("\n\n")[2].splitlines()[0].endswith("calls off strike  #6")
    assert "announces strike" in said.out
    assert "takes it: gain +" in said.out
    short = negosim("why", kept[:8], "Q3", "--depth", "1").out
    assert "1 earlier cause left out, more than 1 step back" in short
    document = negosim("why", kept, "6", "--json").document
    assert document["entry"] == 6
    assert [one["index"] for one in document["entries"]] == [6, 3, 2, 1, 0]


def test_verify_plays_the_run_again(negosim, kept):
    assert negosim("store", "verify", kept, "--rerun").code == ExitCode.DONE
    assert negosim("store", "verify", kept[:8], "--rerun", "--json").document["ok"] is True


def test_verify_says_no_to_a_run_that_comes_out_otherwise(negosim, quarrel):
    folder = quarrel("__init__.py", "hours(9)", "hours(10)")
    key = negosim("run", folder, "--seed", "7", "--json").document["run"]
    assert negosim("store", "verify", key, "--rerun").code == ExitCode.DONE
    quarrel("__init__.py", "hours(10)", "hours(11)")
    assert negosim("store", "verify", key, "--refold").code == ExitCode.DONE
    said = negosim("store", "verify", key, "--rerun", "--json")
    assert said.code == ExitCode.ANSWER_IS_NO
    assert "entry 0 differs" in said.document["problem"]
    assert "has changed since" in said.document["problem"]


def test_export_as_json_lines_and_csv(negosim, kept, home):
    header, *lines = map(json.loads, negosim("store", "export", kept).out.splitlines())
    assert header["key"] == kept
    assert [line["index"] for line in lines] == list(range(8))
    assert lines[2]["event"]["terms"]["clauses"] == [{"issue": "toll", "option": "half", "owner": "crown"}]
    target = home / "run.csv"
    assert negosim("store", "export", kept, "--to", "csv", "-o", str(target)).out == ""
    rows = list(csv.DictReader(StringIO(target.read_text(encoding="utf-8"))))
    assert rows[2]["event"] == "offered"
    assert json.loads(rows[2]["details"])["terms"] == {"toll": "half"}
    assert [path.name for path in home.iterdir() if path.suffix] == ["run.csv"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_a_story_prints_is_no_data(negosim, quarrel, jobs):
    quarrel("__init__.py", "WEIGHT = ", "print('imported')\nWEIGHT = ")
    folder = quarrel("__init__.py", "pause(hours(9))", "pause(hours(9))\n    print('played')")
    first = negosim("run", folder, "--json")
    assert first.document["scenario"] == "quarrel"
    assert first.err.startswith("imported\nplayed\n")
    second = negosim("replay", folder, "-n", "30", "-j", jobs, "--json")
    assert second.document["scenario"] == "quarrel"
    assert second.err.count("played") > 30


def test_a_format_of_kept_runs_leads_from_export_to_the_store(negosim, kept):
    said = negosim("export", kept, "--to", "mermaid")
    assert said.code == ExitCode.USAGE
    assert "'mermaid' is a format of kept runs: negosim store export RUN --to mermaid" in said.err
    assert f"negosim store export {kept}" in negosim("export", kept).err


def test_export_to_stdout_is_the_data_alone(negosim, kept):
    said = negosim("store", "export", kept, "--json")
    assert len(said.out.splitlines()) == 9
    assert said.err == ""


def test_json_is_one_document_and_notes_go_to_stderr(negosim, kept):
    said = negosim("store", "export", kept)
    assert all(json.loads(line) for line in said.out.splitlines())
    assert "8 entries" in said.err
    assert negosim("store", "export", kept, "-q").err == ""


def test_no_verb_prints_colours_into_a_pipe(negosim):
    assert "\x1b" not in negosim("show", "quarrel").out
