"""The timeline: lanes that hold in every width and alphabet, silences folded, claims marked."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from negosim.core import events as e
from negosim.core.actors import Actor
from negosim.core.events import Entry
from negosim.core.time import Calendar
from negosim.record import Cite, DocumentedDecision, Fact, Record, Span
from negosim.report.terminal.lanes import Lanes, short_names
from negosim.report.terminal.timeline import Timeline, span_of
from negosim.report.terminal.timeline_rows import facts_of, rows_of_run, timeline_of
from negosim.stories.loading import load

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def chart(tale):
    rows = rows_of_run(tale.entries, tale.channels, tale.calendar)
    return Timeline(rows=rows, actors=tale.actors, calendar=tale.calendar)


@pytest.mark.parametrize(("width", "encoding"), [(80, "utf-8"), (80, "ascii"), (200, "utf-8")])
def test_a_timeline_looks_as_it_did(chart, rendered, width, encoding):
    """Drawn anew with NEGOSIM_UPDATE_GOLDEN=1 after a change that is meant."""
    file = GOLDEN / f"timeline-{width}-{encoding}.txt"
    if os.environ.get("NEGOSIM_UPDATE_GOLDEN"):
        file.write_text(rendered(chart, width, encoding), encoding="utf-8")
    assert rendered(chart, width, encoding) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_name_breaks_a_lane(chart, rendered, width):
    """Urdu runs leftwards and Chinese is two cells wide; every line still fills its cells."""
    head, *lines = rendered(chart, width).split("\n\n")[0].splitlines()
    assert all(cell_len(line) <= width for line in lines)
    column = head.index("Cro") + 1
    for line in lines:
        assert line[column] in "│┊┄═─◄►■?✓●", line


def test_what_runs_leftwards_is_kept_apart(chart, rendered):
    line = next(line for line in rendered(chart).splitlines() if "لیگ" in line)
    assert line.index("\u2066") < line.index("لیگ") < line.index("\u2069")


def test_an_ascii_terminal_gets_ascii(chart, rendered):
    shown = rendered(chart, encoding="ascii")
    assert shown.isascii()
    assert "league claims of guild" in " ".join(shown.split()).lower()


def test_steps_of_a_move_are_hidden_until_everything_is_asked_for(tale):
    shown = {row.what.name for row in rows_of_run(tale.entries, tale.channels, tale.calendar)}
    assert "chose" not in shown
    assert "promised" not in shown
    every = rows_of_run(tale.entries, tale.channels, tale.calendar, everything=True)
    assert len(every) == len(tale.entries)


def test_a_silence_is_one_line_and_a_new_year_is_named(chart, rendered):
    quiet = [line for line in rendered(chart).splitlines() if "days" in line]
    assert len(quiet) == 1
    assert quiet[0].startswith("2025")
    assert quiet[0].rstrip().endswith("11 days")


def test_a_date_is_printed_once_a_day(chart, rendered):
    assert rendered(chart).count("20 Dec ") == 1


def test_a_claim_is_marked_as_a_claim(chart, rendered):
    assert "(claimed)" in rendered(chart)


def test_nature_acts_in_the_gutter(chart, rendered):
    line = next(line for line in rendered(chart).splitlines() if "is due" in line)
    assert line[13] == "§"
    assert chart.lanes.heads == ("Cro", "Lea", "Gui")


def test_what_was_only_simulated_says_so(chart, rendered):
    assert " sim" in rendered(chart)
    assert " sim" not in rendered(replace(chart, simulated=""))


def test_quiet_actors_share_a_lane_beyond_eight(tale):
    order = [f"actor-{letter}" for letter in "abcdefghij"]
    moves = [(actor,) for actor in order for _ in range(3)] + [("actor-j",)] * 5
    lanes = Lanes.of(moves, order, 8)
    assert len(lanes.heads) == 8
    assert "actor-j" in lanes.actors
    assert lanes.merged == ("actor-g", "actor-h", "actor-i")
    assert lanes.place("actor-h") == lanes.place("actor-i") > lanes.place("actor-j")
    assert Lanes.of(moves, order, 10).merged == ()


def test_wide_gives_every_actor_a_lane(tale, chart):
    many = {f"a{n}": Actor(f"a{n}", f"Actor {n}") for n in range(12)}
    rows = tuple(replace(chart.rows[1], by=actor) for actor in many)
    assert len(Timeline(rows=rows, actors=many, calendar=tale.calendar).lanes.heads) == 8
    assert len(Timeline(rows=rows, actors=many, calendar=tale.calendar, wide=True).lanes.heads) == 12


def test_short_names_differ():
    ids = ("government", "governor", "state-court", "star", "a", "ab", "a-b")
    names = short_names(ids)
    assert len(set(names)) == len(ids)
    assert all(1 <= len(name) <= 3 for name in names)


def test_the_span_names_both_years(chart):
    assert span_of(chart.rows) == "20 Dec 2024 to 3 Jan 2025"
    assert span_of(()) == ""


def test_a_fact_that_lasts_says_until_when_and_a_day_begins_with_what_is_over_first(rendered):
    story = load("pti-2024")
    lines = rendered(timeline_of(story), width=200).splitlines()
    assert next(line for line in lines if "answers the threat" in line).startswith("       –14 ")
    assert next(line for line in lines if "party calls off the" in line).startswith("       20–02 ")
    assert next(line for line in lines if "first refuses" in line).startswith("14 Oct       ")
    order = [next(place for place, line in enumerate(lines) if words in line) for words in ("turns down", "calls a protest", "answers the threat")]
    assert order == sorted(order)
    assert any("time –26 some time until the 26th" in line for line in lines)
    assert "talk in private" in next(
        line for line in rendered(timeline_of(story), width=200, encoding="ascii").splitlines() if " -26 " in line
    )


@pytest.mark.parametrize(("minute", "labelled"), [(40, True), (5000, False)])
def test_a_move_long_after_its_decision_is_not_dated_as_the_decision(minute, labelled):
    decided = Span(0, 60, "day", text="the first hour")
    cited = (Cite("paper", "page 1"),)
    fact = Fact(
        id="D1", span=decided, precision="day", kind="decision", what="He decides to go.", certainty="documented",
        cites=cited, decisions=(DocumentedDecision("ann.go[x]", "yes", decided),),
    )  # fmt: skip
    log = (
        Entry(0, 30, e.Chose("ann", "ann.go[x]", ("yes", "no"), ((), ()), "yes"), ()),
        Entry(1, minute, e.Announced("trip", "ann", "market", None), (0,)),
    )
    record = Record(title="A trip", calendar=Calendar(datetime(2024, 1, 1), "UTC"), ends=9000, facts=(fact,))
    found = facts_of(log, record)
    assert found[0] == (fact,)
    assert (1 in found) is labelled
