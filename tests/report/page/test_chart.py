"""Two histories on one date axis: what stands beside what, where they part, what led to what."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import evolve

from negosim.core import events as e
from negosim.core.events import Entry
from negosim.core.time import days
from negosim.report.page.chart import chart_of
from negosim.report.page.sources import Citations
from tests.report.page.conftest import page_html
from tests.report.page.dossiers import dossier, log, record, scenario

GOLDEN = Path(__file__).parent / "golden" / "table.html"
NAMES = ("The Crown", "The League", "The Guild")


def chart(moves: int = 30, *twins):
    factual = log(moves)
    ends = factual[-1].minute + days(1)
    known = record("plain", ends)
    return chart_of(scenario(NAMES, ends), factual, twins, [f"q{place}" for place in range(len(twins))], known, Citations(known))


def test_equal_histories_stand_in_the_same_rows_and_do_not_part() -> None:
    found = chart(30, log(30))
    assert all(row.right[0].same for row in found.rows)
    assert not any(rule.fork for rule in found.rules)
    assert not any(row.only or row.absent for row in found.rows)


def test_an_answer_taken_otherwise_is_where_they_part() -> None:
    found = chart(30, log(30, otherwise=True))
    fork, = [rule for rule in found.rules if rule.fork]
    assert fork.fork == "The Guild: refuse; in the replay: accept"
    first = next(place for place, row in enumerate(found.rows) if row.absent or row.only)
    assert fork.before == first
    gone, new = found.rows[first], found.rows[first + 1]
    assert gone.absent == (((0,), "does not happen"),)
    assert str(gone.left.words).startswith("The Guild agrees")
    assert new.only == (0,)
    assert str(new.right[0].side.words).startswith("The Guild rejects")
    assert all(row.right[0].same for row in found.rows[:first])


def test_what_two_what_ifs_share_is_written_once() -> None:
    other = log(30, otherwise=True)
    one, two = chart(30, other), chart(30, other, other)
    assert len(one.rows) == len(two.rows)
    assert {row.only for row in two.rows} == {(), (0, 1)}


def test_a_move_on_another_day_says_so_on_both_sides() -> None:
    factual = log(6)
    late = tuple(evolve(one, minute=one.minute + days(2)) if isinstance(one.event, e.Met) else one for one in factual)
    late = tuple(evolve(one, index=at, causes=()) for at, one in enumerate(sorted(late, key=lambda one: one.minute)))
    found = chart(6, late)
    left = [row for row in found.rows if row.absent]
    right = [row for row in found.rows if row.only]
    assert next(row.absent[0][1] for row in left).startswith("on 2")
    assert all(row.right[0].side.when.endswith("in the replay") for row in right)


def test_causes_pass_over_the_steps_between() -> None:
    found = chart(30)
    place, row = next((place, row) for place, row in enumerate(found.rows) if "agrees" in str(row.left.words))
    assert str(found.rows[row.causes[0]].left.words).startswith("The Crown offers")
    assert all(cause < place for cause in row.causes)


def test_only_long_silences_are_told_and_each_reader_sees_their_own() -> None:
    factual = log(30)
    silent = chart(30, factual)
    assert {rule.days for rule in silent.rules} == {12}
    middle = Entry(0, days(6), e.Announced("feast", "league", "square", days(8)), ())
    talking = tuple(evolve(one, index=at, causes=()) for at, one in enumerate(sorted((*factual, middle), key=lambda one: one.minute)))
    both = chart(30, factual, talking)
    assert (0,) in {rule.questions for rule in both.rules if rule.days}
    assert {rule.days for rule in both.rules if 1 in rule.questions and rule.days} != {12}


def test_only_what_was_fed_has_sources() -> None:
    found = chart(30)
    fed = [row for row in found.rows if row.left.notes]
    assert fed
    assert all(not row.left.simulated and row.left.record for row in fed)
    assert all(row.left.simulated for row in found.rows if not row.left.notes)
    assert {note.number for row in fed for note in row.left.notes} == {1, 2}


def test_the_table_is_as_it_was() -> None:
    """The golden table; to renew it after a meant change, write ``table`` to the file and look at the page."""
    table = re.search(r"<table id=chart.*?</table>", page_html(dossier(12, questions=2)), re.DOTALL)[0]
    assert table == GOLDEN.read_text(encoding="utf-8")
