"""The record on the left, always; beside it what a simulated course has, where it parts, what an actor learnt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from negosim.core import events as e
from negosim.core.events import Entry
from negosim.core.time import days
from negosim.lab.dossier import dossier_of_record
from negosim.record import load_record
from negosim.report.page.beside import SAME, changed_course, cut, extras, knowledge_of
from negosim.report.page.page import page_of
from negosim.report.wording.key import DOCUMENTED, FOLLOWS, NOT_PRODUCED, SIMULATED, TOLD
from negosim.report.wording.sentences import Speaker
from tests.report.page.conftest import page_html
from tests.report.page.dossiers import CALENDAR, answer, dossier, log, record, scenario

GOLDEN = Path(__file__).parent / "golden" / "table.html"
RECORD = Path(__file__).parents[3] / "scenarios" / "pti_2024" / "record.toml"
NAMES = ("The Crown", "The League", "The Guild")


def page(moves: int = 30, **other):
    return page_of(dossier(moves, **other), command="", version="0")


def column(twin, moves: int = 30):
    factual = log(moves)
    ends = factual[-1].minute + days(1)
    story, known = scenario(NAMES, ends), record("plain", ends)
    return changed_course(answer(0, story, known, factual, twin, "plain"), known, story, Speaker(story.table.actors, CALENDAR))


def renumbered(entries) -> tuple[Entry, ...]:
    in_time = sorted(entries, key=lambda entry: entry.minute)
    return tuple(replace(entry, index=place, causes=()) for place, entry in enumerate(in_time))


# ── the left column ─────────────────────────────────────────────────────────────────────────────


def test_the_left_column_is_the_record_and_nothing_else() -> None:
    """Every fact once, in the record's own words, whatever stands on the right."""
    record_alone = page_of(dossier_of_record(dossier(30).record), command="", version="0")
    for found in (page(30), page(30, questions=0), record_alone):
        facts = [row.fact for row in found.rows if row.fact is not None]
        assert sorted(fact.id for fact in facts) == ["B1", "C1", "D1", "G1", "O1", "X1"]
        assert {fact.what for fact in facts} == {"plain"}
        assert all(fact.notes for fact in facts)
    assert all(row.fact is None or row.extra is None for row in page(30).rows)


def test_a_fact_bears_the_mark_of_what_the_model_makes_of_it() -> None:
    marks = {row.fact.id: row.fact.mark for row in page(30).rows if row.fact}
    assert marks == {"D1": TOLD, "G1": TOLD, "O1": FOLLOWS, "X1": NOT_PRODUCED, "C1": DOCUMENTED, "B1": DOCUMENTED}
    assert page(30).marks == (DOCUMENTED, TOLD, FOLLOWS, NOT_PRODUCED, SIMULATED)


def test_without_a_model_everything_is_documented() -> None:
    found = page_of(dossier_of_record(load_record(RECORD)), command="", version="0")
    assert found.marks == (DOCUMENTED,)
    assert (found.columns, found.studies, found.odds, found.rivals, found.note) == ((), (), None, (), "")
    days_of_rows = [row.day for row in found.rows]
    assert days_of_rows == sorted(days_of_rows)


def test_no_hour_is_printed_that_the_record_does_not_have() -> None:
    for row in page_of(dossier_of_record(load_record(RECORD)), command="", version="0").rows:
        assert row.fact is not None
        assert ":" not in row.fact.when + row.fact.hours


# ── a changed course ────────────────────────────────────────────────────────────────────────────


def test_a_course_that_the_change_leaves_alone_differs_nowhere() -> None:
    found = column(log(30))
    assert not any(cell.differs for cell in found.cells.values())
    assert all(move.common for move in found.moves)
    assert (found.parts_at, found.parting) == (None, "")


def test_what_the_change_makes_different_is_marked_and_says_how() -> None:
    first = next(entry.index for entry in log(30) if isinstance(entry.event, e.Chose))
    twin = tuple(
        replace(entry, event=replace(entry.event, taken="refuse")) if entry.index == first
        else replace(entry, event=e.Rejected(entry.event.offer, "guild", "crown", "backchannel", entry.event.terms)) if entry.index == first + 1
        else entry
        for entry in log(30)
    )  # fmt: skip
    found = column(twin)
    assert found.cells["D1"].differs
    assert found.cells["D1"].words == "decided otherwise: refuse"
    assert found.cells["O1"].words == SAME
    assert found.parting == "The Guild: refuse, instead of: accept"
    assert [str(move.words) for move in found.moves if not move.common] == ["The Guild rejects: open and half"]


def test_what_neither_course_has_is_no_difference() -> None:
    found = column(log(30, otherwise=True))
    assert found.cells["X1"].words == "in neither simulated course"
    assert not found.cells["X1"].differs


def test_what_no_model_says_anything_of_stays_empty() -> None:
    assert {"B1", "C1"} & set(column(log(30)).cells) == set()


def test_a_move_on_another_day_says_so() -> None:
    late = renumbered(
        replace(entry, minute=entry.minute + days(2)) if isinstance(entry.event, e.Claimed) else entry for entry in log(6)
    )
    moved = [move for move in column(late, 6).moves if move.note]
    assert moved
    assert all(move.note.endswith("without the change") and not move.common for move in moved)


def test_the_place_where_they_part_stands_before_the_first_difference() -> None:
    rows = page(30).rows
    for number in (0, 2):
        fork = next(at for at, row in enumerate(rows) if any(column == number for column, _ in row.forks))
        said = [row.beside if row.extra is None else (row.extra.other,) for row in rows]
        differing = [at for at, others in enumerate(said) if any(number in other.columns and other.differs for other in others)]
        assert not any(at < fork for at in differing)
        assert all(row.forks for row in rows[fork:differing[0]])


def test_what_several_columns_have_stands_in_one_row() -> None:
    one = column(log(30, otherwise=True))
    assert len(extras([one])) == len(extras([one, one]))
    assert {row.other.columns for row in extras([one, one])} == {(0, 1)}


def test_nothing_comes_after_the_date_that_is_cut_at() -> None:
    found = column(log(30, otherwise=True))
    short = cut(found, found.parts_at - 1)
    assert (short.parts_at, short.parting) == (None, "")
    assert all(move.minute < found.parts_at for move in short.moves)


# ── what an actor learns ────────────────────────────────────────────────────────────────────────


@pytest.fixture
def league():
    factual = log(30)
    ends = factual[-1].minute + days(1)
    story = scenario(NAMES, ends)
    return knowledge_of("league", factual, record("plain", ends), story, Speaker(story.table.actors, CALENDAR))


def test_an_actor_learns_what_reaches_it_and_nothing_else(league) -> None:
    said = [str(move.words) for move in league.moves]
    assert any("claims" in words for words in said)
    assert not any("offers" in words for words in said)
    assert league.cells["D1"].words == "does not learn of it"
    assert league.cells["O1"].words == "learns of it"


def test_what_an_actor_knew_is_never_marked_as_a_difference(league) -> None:
    assert not any(cell.differs for cell in league.cells.values())
    assert league.kind == "knew"


# ── the table ───────────────────────────────────────────────────────────────────────────────────


def test_the_table_is_as_it_was() -> None:
    """The golden table; to renew it after a meant change, write ``table`` to the file and look at the page."""
    table = re.search(r"<table id=chart.*?</table>", page_html(dossier(12, questions=2)), re.DOTALL)[0]
    assert table == GOLDEN.read_text(encoding="utf-8")
