"""A record without a model is a product: it is shown, checked, reported and exported."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest

from negosim.__main__ import main
from negosim.cli.share import OF_RECORDS
from negosim.core.errors import NotFound, RecordError
from negosim.stories.authoring.new import TEMPLATE
from negosim.stories.loading import load
from negosim.stories.record_alone import documented_story, record_alone, story_of_record
from negosim.stories.record_exports import FORMS, export_record

RECORD = (TEMPLATE / "record.toml").read_text()
CLAIM = """
[[fact]]
id = "F4"
date = "1724-03-02T10:00/1724-03-02T11:00"
precision = "interval"
kind = "claim"
claimant = "guild"
to = ["crown"]
what = "=The crown, it says; \\"lied\\" <b>twice</b> "
certainty = "disputed"
cites = [{ source = "chronicle", at = "page 4" }]
expect = [{ event = "claimed", by = "guild" }]
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "toll_1724"
    place.mkdir()
    (place / "record.toml").write_text(RECORD + CLAIM)
    return place


def test_a_folder_and_a_file_are_the_same_record(folder):
    story = story_of_record(folder / "record.toml")
    assert record_alone(folder) == record_alone(str(folder / "record.toml")) == folder / "record.toml"
    assert [actor.name for actor in story.scenario.actors] == ["Crown", "Guild"]
    assert (story.scenario.name, story.scenario.title) == ("toll-1724", "A quarrel over a toll")
    assert not story.scenario.cast


def test_a_story_with_a_model_is_not_alone():
    assert record_alone("pti-2024") is None
    assert documented_story("pti-2024") is load("pti-2024")


def test_without_a_model_background_is_shown_like_the_rest(folder, capsys):
    file = folder / "record.toml"
    entry = (
        '[[fact]]\nid = "{}"\nkind = "report"\nbackground = true\ndate = "{}"\nprecision = "{}"\nwhat = "{}"\n'
        'certainty = "inferred"\ncites = [{{ source = "chronicle", at = "page 9" }}]\n'
    )
    undated = entry.format("F8", "../1724-03-05", "open", "The book is begun.")
    file.write_text(f"{RECORD}\n{undated}\n{entry.format('F9', '1724-03', 'interval', 'The town is told.')}")
    assert main(["show", str(folder)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "5 facts" in shown
    assert "The town is told [F9]" in shown
    assert "by 5 Mar The book is begun [F8]" in shown
    assert "negosim new NAME --from" in shown


@pytest.mark.parametrize("words", [["show"], ["show", "F2"], ["check"], ["export"], ["export", "--to", "ics"]])
def test_the_verbs_take_it(words, folder, capsys):
    verb, *more = words
    assert main([verb, str(folder), *more]) == 0
    assert capsys.readouterr().out


def test_a_verb_that_plays_says_what_is_missing(folder, capsys):
    assert main(["replay", str(folder)]) == 2
    error = capsys.readouterr().err
    assert "show, check, report and export" in error
    assert "negosim new NAME --from" in error


def test_the_page_has_every_fact_and_nothing_simulated(folder, tmp_path, capsys):
    assert main(["report", str(folder), "-o", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    assert all(words in page for words in ("raises the toll", "waive half", "calls off its strike", "lied"))
    assert "<b>twice" not in page
    assert "one of 400 courses" not in page
    assert main(["report", str(folder), "no-offer", "-o", "-"]) == 2
    assert "has no model yet" in capsys.readouterr().err


def test_csv_has_a_row_a_fact_and_no_formula(folder):
    rows = list(csv.DictReader(io.StringIO(export_record(documented_story(folder).documented, "csv").decode())))
    assert [row["id"] for row in rows] == ["F1", "F2", "F3", "F4"]
    assert rows[3]["what"].startswith("'=The crown")
    assert rows[1]["first"] == "1724-03-01T00:00+00:00"


def test_plover_has_codes_and_a_claim_stays_a_claim(folder):
    lines = [json.loads(line) for line in export_record(documented_story(folder).documented, "plover").splitlines()]
    assert [(line["id"], line["event"], line.get("negosim_claim_by")) for line in lines] == [
        ("F3", ["CONCEDE"], None), ("F4", ["ACCUSE"], "guild"),
    ]  # fmt: skip
    assert lines[0]["actor"][0]["identifier_text"] == "guild"


def test_the_timeline_has_no_minute_that_the_record_does_not_have(folder):
    document = json.loads(export_record(documented_story(folder).documented, "timeline"))
    assert document["title"]["text"]["headline"] == "A quarrel over a toll"
    first, second, _, claim = document["events"]
    assert first["start_date"] == {"year": 1724, "month": 3, "day": 1}
    assert "end_date" not in first
    assert second["end_date"] == {"year": 1724, "month": 3, "day": 5}
    assert claim["start_date"]["hour"] == 10
    assert "<" not in claim["text"]["headline"]


def test_icalendar_keeps_to_its_standard(folder):
    content = export_record(documented_story(folder).documented, "ics")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    text = content.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 4
    assert "DTSTART;VALUE=DATE:17240301\r\nDTEND;VALUE=DATE:17240306" in text
    assert r"SUMMARY:=The crown\, it says\; " in text
    assert len(set(re.findall(r"UID:(.*)\r", text))) == 4


def test_an_unknown_format_is_answered_with_the_nearest(folder, capsys):
    with pytest.raises(NotFound, match="did you mean 'plover'"):
        export_record(documented_story(folder).documented, "plove")
    assert tuple(FORMS) == OF_RECORDS
    assert main(["export", str(folder), "--to", "timelin"]) == 2
    assert "timeline" in capsys.readouterr().err


def test_open_dates_are_given_by_the_end_they_have(tmp_path):
    text = RECORD.replace('date = "1724-03-01"\nprecision = "day"', 'date = "../1724-03-01"\nprecision = "open"')
    (tmp_path / "record.toml").write_text(text)
    record = documented_story(tmp_path).documented
    slide = json.loads(export_record(record, "timeline"))["events"][0]
    assert date(**slide["start_date"]) == date(1724, 3, 1)
    assert b"DTSTART;VALUE=DATE:17240301" in export_record(record, "ics")


def test_mistakes_are_told_with_their_lines(tmp_path):
    (tmp_path / "record.toml").write_text(RECORD.replace('kind = "given"', 'kind = "givne"'))
    with pytest.raises(RecordError, match=r"record.toml:20 .*did you mean 'given'"):
        documented_story(tmp_path)
    assert main(["check", str(tmp_path)]) == 1


CONFLICT = """
[[conflict]]
id = "K1"
about = "the day of the offer"
facts = ["F2"]
versions = [
  { says = "early", by = "the clerk", cites = [{ source = "chronicle", at = "page 2" }] },
  { says = "late", by = "the guild", cites = [{ source = "chronicle", at = "page 9" }] },
]
use = "either"
"""


def test_each_kind_of_doubt_stands_behind_its_fact_and_in_the_first_sentence(folder, monkeypatch, capsys):
    record = RECORD.replace('date = "1724-03-01"\nprecision', 'date = "1724-03-01?"\nprecision')
    third, last = record.rpartition('certainty = "documented"')[::2]
    (folder / "record.toml").write_text(f'{third}certainty = "reported"{last}{CLAIM}{CONFLICT}')
    monkeypatch.setenv("COLUMNS", "160")
    assert main(["show", str(folder)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "; 1 is disputed or claimed by one side, 1 only reported; sources differ about details of 1 other fact." in shown
    for doubt in ("[F1], date doubtful", "[F2], sources differ", "[F3], reported", "[F4], claimed"):
        assert doubt in shown
