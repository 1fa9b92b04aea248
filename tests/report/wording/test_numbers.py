"""Figures in few characters, causes as a tree."""

from __future__ import annotations

import pytest
from attrs import evolve
from msgspec.structs import replace

from negosim.core.time import days
from negosim.report.results.why import Why, why_json
from negosim.report.wording.numbers import bar, dates, hours, score, share, signed
from negosim.report.wording.sentences import Speaker, Wording

WEIGHTS = {"crown": {"calm": 1750, "price": 1000}}


@pytest.mark.parametrize(("value", "shown"), [(0.812, ".81"), (1.0, "1.00"), (0.0, ".00"), (None, "-")])
def test_shares(value, shown):
    assert share(value) == shown


def test_scores_and_parts():
    assert (score(-12.345), score(None)) == ("-12.35", "-")
    assert (signed(1400), signed(-300)) == ("+1.40", "-0.30")


@pytest.mark.parametrize(
    ("earliest", "latest", "shown"),
    [
        (0, 700, "20 Dec"),
        (0, days(2), "20-22 Dec"),
        (0, days(13), "20 Dec-2 Jan"),
        (0, days(400), "2024-2026"),
        (None, days(1), "by 21 Dec"),
        (days(1), None, "from 21 Dec"),
        (None, None, "open"),
    ],
)
def test_dates(tale, earliest, latest, shown):
    assert dates(tale.calendar, earliest, latest) == shown


@pytest.mark.parametrize(
    ("value", "tick", "shown"),
    [(0.3, None, "###......."), (0.3, 0.5, "###..|...."), (1.0, 1.0, "#########|"), (0.0, 0.0, "|.........")],
)
def test_bars_keep_their_width(value, tick, shown):
    assert bar(value, tick, 10, plain=True).plain == shown
    assert bar(value, tick, 10, plain=False).cell_len == 10


# ── why ─────────────────────────────────────────────────────────────────────────────────────────


def test_why_goes_to_the_roots_and_weighs_the_reasons(tale, rendered):
    answers = {"crown.answer": {"talk": "sits down", "wait": "stays away"}}
    why = Why(entries=tale.entries, index=10, actors=tale.actors, calendar=tale.calendar, weights=WEIGHTS, wording=Wording(answers))
    shown = rendered(why, 120)
    assert shown.splitlines()[0].endswith("#10")
    assert all(f"#{index}" in shown for index in (5, 4, 3, 2, 1, 0))
    assert "sits down: calm +1.40, price -0.30 = +1.10" in shown
    assert shown.index("sits down: calm") < shown.index("stays away: nothing counts")
    assert "#8" not in shown


def test_a_cause_told_before_is_not_told_again(tale, rendered):
    twice = (*tale.entries[:4], replace(tale.entries[4], causes=(1, 3)))
    shown = rendered(Why(entries=twice, index=4, actors=tale.actors, calendar=tale.calendar))
    assert shown.count("announces") == 1
    assert "see #1" in shown


def test_why_goes_so_many_steps_back_and_counts_what_it_leaves_out(tale, rendered):
    every = Why(entries=tale.entries, index=10, actors=tale.actors, calendar=tale.calendar)
    short = rendered(evolve(every, depth=2))
    assert "#4" in short
    assert "#3" not in short
    assert "4 earlier causes left out, more than 2 steps back" in short
    assert "left out" not in rendered(every)
    assert rendered(evolve(every, depth=99)) == rendered(every)


@pytest.mark.parametrize(
    ("earliest", "latest", "whole_days", "shown"),
    [
        (0, days(1) - 1, True, ""),
        (0, days(3) - 1, True, "–22"),
        (0, days(20), True, "–Jan"),
        (0, None, True, "–"),
        (720, 1079, False, "12–18"),
        (720, days(1) - 1, False, "12–24"),
        (1200, days(1) + 119, False, "20–02"),
        (1200, days(1) + 40, False, "20–01"),
    ],
)
def test_what_is_known_of_the_hour_fits_its_column(tale, earliest, latest, whole_days, shown):
    said = hours(tale.calendar, earliest, latest, whole_days=whole_days)
    assert said == shown
    assert len(said) <= 5


def test_why_as_plain_values(tale):
    told = why_json(tale.entries, 5, tale.calendar)
    assert [one["index"] for one in told] == [5, 4, 3, 2, 1, 0]
    assert told[0]["at"] == "2024-12-20T20:00+05:00"


def test_a_tree_in_ascii_is_ascii(tale, rendered):
    assert rendered(Why(entries=tale.entries, index=10, actors=tale.actors, calendar=tale.calendar), encoding="ascii").isascii()


def test_a_speaker_names_the_unknown_by_its_id(tale):
    assert Speaker(tale.actors, tale.calendar).name("town-crier") == "town crier"
