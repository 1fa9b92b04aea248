"""The opening sentence is never stronger than its numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from negosim.core.time import days
from negosim.inference.estimates import Estimate
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast, Likely
from negosim.lab.forecast.turning_points import Became
from negosim.lab.replay.replay_result import Taught
from negosim.record.dates import Span
from negosim.report.results import sentence
from negosim.report.results.replay import yardsticks
from negosim.report.results.turning_points import steps
from negosim.report.wording.phrases import percent
from tests.report.answers import (
    AHEAD,
    CALENDAR,
    CAUSES,
    DECIDED,
    EVERY,
    KNOWN,
    RECOVERY,
    STUDY,
    TURNS,
    UNDECIDED,
    replay,
    turn,
    turns,
)

CAUSAL = re.compile(
    r"would (not )?have|caus|because|led to|prevent|due to|made the difference|brought about|thanks to|result(s|ed) in|makes? "
)
shares = st.floats(0, 1)


@pytest.mark.parametrize("answer", EVERY.values(), ids=EVERY)
def test_every_finding_speaks_of_a_model_in_one_sentence(answer):
    said = sentence(answer)
    assert "model" in said
    assert said.endswith(".")
    assert "\n" not in said


def test_what_finds_nothing_is_no_study():
    with pytest.raises(TypeError, match="int is no result"):
        sentence(7)


# ── replay ──────────────────────────────────────────────────────────────────────────────────────


intervals = st.tuples(shares, shares, shares).map(sorted)


@given(st.lists(intervals, min_size=1, max_size=6))
def test_a_forecast_puts_no_outcome_on_a_side_its_interval_does_not_keep(drawn):
    lines = tuple(
        Likely(name=f"o{place}", what="It.", share=Estimate(share, 0.01, interval=(low, high)))
        for place, (low, share, high) in enumerate(drawn)
    )
    said = sentence(Forecast(scenario="s", calendar=CALENDAR, begins=0, ends=1000, n=400, ess=300.0, after_the_events=False, changes=(), outcomes=lines, scores={}, failing=(), model_history=AHEAD.model_history, manifest={}))
    assert not CAUSAL.search(said)
    assert bool(re.search(r"\b(?:was|were) likely\b", said)) == any(each.share.low > 0.5 for each in lines)
    assert ("unlikely" in said) == any(each.share.high < 0.5 for each in lines)
    assert ("too uncertain" in said) == any(each.share.low <= 0.5 <= each.share.high for each in lines)


@given(st.lists(intervals, min_size=1, max_size=8))
def test_turning_points_name_a_step_only_where_intervals_are_apart(drawn):
    found = turns(*(
        turn((f"F{place}",), days(place), 150.0, (), Became("o", Estimate(share, 0.01, interval=(low, high))))
        for place, (low, share, high) in enumerate(drawn)
    ), names=("o",))  # fmt: skip
    said = sentence(found)
    apart = any(one[2] < other[0] or other[2] < one[0] for one, other in pairwise(drawn))
    assert bool(steps(found)) == apart
    assert ("all 95 % intervals overlap" in said) != apart
    assert not CAUSAL.search(said)


def test_a_step_names_its_decision_its_date_and_its_condition():
    assert "with “The guild announces a strike” [Q1], by 2 Mar: the probability of “strike comes about” went from 20 % to 70 %" in sentence(TURNS)


def test_that_an_outcome_comes_about_is_no_turn_of_its_own_odds():
    strike, other = TURNS.outcomes
    came = evolve(strike, target=replace(strike.target, span=Span(None, days(1))))
    assert "“strike comes about”" in sentence(TURNS)
    assert "“strike comes about”" not in sentence(evolve(TURNS, outcomes=(came, other)))


def test_rivals_have_a_verdict_or_say_why_not():
    assert "does not decide" in sentence(UNDECIDED)
    assert "not surely above 3" in sentence(UNDECIDED)
    assert "speaks for the account “sent”" in sentence(DECIDED)


@given(intervals, st.booleans())
def test_no_choice_is_said_to_have_decided_more_than_its_interval_keeps(drawn, happened):
    low, share, high = drawn
    estimate = Estimate(share, 0.01, interval=(low, high))
    first = evolve(CAUSES.causes[0], cause=estimate, alone=estimate)
    said = sentence(evolve(CAUSES, causes=(first,), happened=happened))
    assert ("hung mostly on" in said) == (low > 0.5)
    assert ("hung in part on" in said) == (0 < low <= 0.5)
    assert ("no single choice clearly decided" in said) == (low <= 0)
    assert ("did not come about" in said) != happened


def test_a_cause_that_needs_a_witness_says_so():
    witness = "some of them only with later choices held as they were"
    assert witness not in sentence(CAUSES)
    held = evolve(CAUSES.causes[0], alone=Estimate(0.2, 0.01))
    assert witness in sentence(evolve(CAUSES, causes=(held,)))


# ── many runs ───────────────────────────────────────────────────────────────────────────────────


def test_a_study_gives_shares_with_their_intervals():
    assert "“Fair” in 90 % of them (95 %: 88 to 92) and “Strike” in 30 % of them (95 %: 27 to 33)" in sentence(STUDY)
    assert "4 more failed" in sentence(STUDY)
    assert sentence(StudyResult(runs=3, failed=3, head="", consulted=(), shares={"strike": (0.0, 0.0, 1.0)})).startswith("This model says nothing")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "inside the band of a true model (-1.7 to +1.5, nine of ten of 47 drawn histories)"),
        ({}, "the record's decisions are less surprising than it expects by 0.7 standard deviations"),
        ({}, "off by no more than chance"),
        ({"record": -2.0}, "more surprising than it expects by 2.0 standard deviations, below the band"),
        ({"record": 1.6}, "above the band"),
        ({"record": 0.0}, "the record's decisions are as surprising as it expects"),
        ({"calibration": (evolve(KNOWN, z=4.0),)}, "its intervals cannot be trusted for no-offer"),
        ({"lost": 50}, "Nothing can be said in this model"),
        ({"record": None}, "no replay of it got through"),
    ],
)
def test_a_recovery_tells_its_band_and_whether_to_trust_it(changed, said):
    assert said in sentence(evolve(RECOVERY, **changed))


@given(shares)
def test_what_is_not_quite_none_or_all_never_reads_so(value):
    assert (percent(value) == "0 %") == (value == 0)
    assert (percent(value) == "100 %") == (value == 1)


def test_yardsticks_say_how_many_stories_do_better_and_what_the_record_taught():
    lessons = (
        Taught("crown.weight[gain]", (1000.0, 500.0), (1400.0, 200.0)), Taught("guild.weight[pride]", (0.0, 500.0), (9.0, 499.0)),
    )  # fmt: skip
    result = replay(matched=(1.0, 6.0, 9.0), typicality=-1.5, taught=lessons)
    first, second, *rest = yardsticks(result, everything=True)
    assert "Of 3 stories with the same questions and reasons without meaning, 1 are surprised less" in first
    assert "more surprising than the model itself expects, by 1.5" in second
    assert rest == [
        "The record narrows the author's guesses most of how much gain weighs with crown.",
        "It says next to nothing about how much pride weighs with guild.",
    ]
    assert list(yardsticks(replay(), everything=False)) == []
