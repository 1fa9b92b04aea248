"""The opening sentence is never stronger than its numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from negosim.core.time import days
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast, Likely
from negosim.lab.forecast.turning_points import Became
from negosim.report.results import sentence, whatif
from negosim.report.results.turning_points import largest_step
from negosim.report.results.whatif import has_sign, is_settled
from negosim.report.wording.phrases import percent
from tests.report.answers import (
    AHEAD,
    CALENDAR,
    DECIDED,
    EVERY,
    KNOWN,
    RECOVERY,
    REFUSED,
    STUDY,
    TURNS,
    UNDECIDED,
    fact,
    outcome,
    replay,
    turn,
    turns,
    what_if,
)

CAUSAL = re.compile(
    r"would (not )?have|caus|because|led to|prevent|due to|made the difference|brought about|thanks to|result(s|ed) in|makes? "
)
shares = st.floats(0, 1)


@st.composite
def outcomes(draw):
    """An outcome with any figures that hang together: an interval around its effect, any variants."""
    here, twin = draw(shares), draw(shares)
    half = draw(st.floats(0, 0.4))
    effect = twin - here
    weights = draw(st.none() | st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(sorted))
    variants = draw(st.lists(st.tuples(st.sampled_from(["coupling fresh", "prior to the 0.8"]), shares, shares), max_size=4))
    return outcome(
        factual=here, counterfactual=twin, effect=effect, low=max(effect - half, -1), high=min(effect + half, 1),
        weights_low=weights[0] if weights else None, weights_high=weights[1] if weights else None,
        variants=tuple(variants),
    )  # fmt: skip


def is_open(one):
    """Whether any interval or range spans zero, or the share crosses one half: told here anew."""
    spans = [(one.low, one.high), one.effect_range]
    if one.weights_low is not None:
        spans.append((one.weights_low, one.weights_high))
    crosses = one.range[0] <= 0.5 <= one.range[1]
    return crosses or any(low <= 0 <= high for low, high in spans)


def check(one):
    said = sentence(what_if(one))
    assert said.startswith("In this model ")
    if is_open(one):
        assert not CAUSAL.search(said), said
    if not has_sign(one):
        assert "not settled" in said
        assert "more often" not in said.replace("more or less often", "")
    if "would have been" in said:
        assert re.search("would have been (more|less)", said)[1] == ("more" if one.effect > 0 else "less")


@given(outcomes())
def test_nothing_would_have_been_where_zero_or_one_half_is_within(one):
    check(one)


@pytest.mark.parametrize("blind", ["has_sign", "is_settled"])
def test_the_law_would_notice_a_sentence_that_is_too_strong(blind, monkeypatch):
    """The mutation: a finding that does not look at its ranges."""
    wide = outcome(low=-0.1, high=0.9, variants=(("coupling fresh", 0.5, 0.3),))
    half = outcome(variants=(("coupling fresh", 0.1, 0.4),))
    check(wide)
    check(half)
    monkeypatch.setattr(whatif, "has_sign", lambda one: True)
    if blind == "is_settled":
        monkeypatch.setattr(whatif, "is_settled", lambda one: True)
    with pytest.raises(AssertionError):
        for one in (wide, half) if blind == "is_settled" else (wide,):
            check(one)


def test_what_is_settled_says_so_with_its_strength_and_condition():
    said = sentence(what_if(outcome()))
    assert said == (
        "In this model “The guild goes on strike” would have been more likely, above one half: 66 to 90 % of the worlds "
        "with the change, 20 % without it, a difference of +60 points (95 %: +55 to +65); given 1 imposed choice and "
        "1 fact, in 400 worlds worth 250."
    )


def test_a_sign_without_a_side_is_only_a_sign():
    one = outcome(variants=(("coupling fresh", 0.1, 0.4),))
    assert has_sign(one)
    assert not is_settled(one)
    said = sentence(what_if(one))
    assert "comes about more often with the change" in said
    assert "depends on fresh chance after the change" in said


def test_the_side_of_one_half_is_judged_with_the_error_of_the_share():
    assert is_settled(outcome(variants=(("coupling fresh", 0.1, 0.57),), low=0.55, high=0.65))
    assert not is_settled(outcome(variants=(("coupling fresh", 0.1, 0.54),), low=0.55, high=0.65))


@given(outcomes(), st.sampled_from(["26 effective draws", "Pareto k is .9"]))
def test_a_refused_answer_says_so_and_no_figure(one, why):
    said = sentence(what_if(one, refused=why))
    assert said == f"No answer in this model: {why}."


@pytest.mark.parametrize("answer", EVERY.values(), ids=EVERY)
def test_every_finding_speaks_of_this_model_in_one_sentence(answer):
    said = sentence(answer)
    assert "n this model" in said
    assert said.endswith(".")
    assert "\n" not in said


def test_what_finds_nothing_is_no_study():
    with pytest.raises(TypeError, match="int is no result"):
        sentence(7)


# ── replay ──────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.sampled_from(["given", "imposed", "followed", "mostly-fed", "weak", "missed", "background"]), max_size=9))
def test_a_replay_counts_only_what_was_not_fed(statuses):
    found = replay(*(fact(f"Q{place}", status) for place, status in enumerate(statuses))) if statuses else replay()
    said = sentence(found)
    unfed = [one for one in found.facts if one.unfed]
    assert said.startswith("In this model ")
    assert not CAUSAL.search(said)
    if not unfed:
        assert "nothing was left to follow" in said
    elif found.count("followed") == 0:
        assert "none followed of" in said
    for status in ("mostly-fed", "weak", "missed"):
        assert (f"{found.count(status)} {status.replace('-', ' ')}" in said) == (found.count(status) > 0)


def test_a_small_sample_is_called_rough():
    assert "worth 60, a rough figure" in sentence(replay())
    assert "rough" not in sentence(replay(ess=250.0))


# ── looking ahead ───────────────────────────────────────────────────────────────────────────────

intervals = st.tuples(shares, shares, shares).map(sorted)


@given(st.lists(intervals, min_size=1, max_size=6))
def test_a_forecast_puts_no_outcome_on_a_side_its_interval_does_not_keep(drawn):
    lines = tuple(Likely(f"o{place}", "It.", share, low, high) for place, (low, share, high) in enumerate(drawn))
    said = sentence(Forecast("s", CALENDAR, 0, 400, 300.0, False, (), lines, {}, AHEAD.standing, {}))
    assert not CAUSAL.search(said)
    assert ("likelier than not" in said) == any(one.low > 0.5 for one in lines)
    assert ("less likely than not" in said) == any(one.high < 0.5 for one in lines)
    assert ("near one half" in said) == any(one.low <= 0.5 <= one.high for one in lines)


@given(st.lists(intervals, min_size=1, max_size=8))
def test_turning_points_name_a_step_only_where_intervals_are_apart(drawn):
    found = turns(*(
        turn(f"a.b[{place}]", "yes", days(place), 150.0, (), Became("o", share, 0.01, low, high))
        for place, (low, share, high) in enumerate(drawn)
    ), names=("o",))  # fmt: skip
    said = sentence(found)
    apart = any(one[2] < other[0] or other[2] < one[0] for one, other in pairwise(drawn))
    assert (largest_step(found) is not None) == apart
    assert ("all intervals overlap" in said) != apart
    assert not CAUSAL.search(said)


def test_a_step_names_its_decision_its_date_and_its_condition():
    assert "after guild.strike[market]=announce (by 2 Mar): “strike comes about”" in sentence(TURNS)
    assert ", across one half" in sentence(TURNS)


def test_an_effect_of_either_sign_over_preference_weights_depends_on_them():
    assert "preference weights" not in outcome().depends_on
    unsure = outcome(weights_low=-0.1)
    assert unsure.depends_on[-1] == "preference weights"
    assert not is_settled(unsure)


def test_rivals_have_a_verdict_or_say_why_not():
    assert "does not decide" in sentence(UNDECIDED)
    assert "not surely above 3" in sentence(UNDECIDED)
    assert "speaks for 'sent'" in sentence(DECIDED)


# ── many runs ───────────────────────────────────────────────────────────────────────────────────


def test_a_study_gives_shares_with_their_intervals():
    assert "fair happens in 88 to 92 % of simulated courses and strike happens in 27 to 33 %" in sentence(STUDY)
    assert "4 more failed" in sentence(STUDY)
    assert sentence(StudyResult(3, 3, "", (), {"strike": (0.0, 0.0, 1.0)})).startswith("This model says nothing")


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


def test_a_refusal_is_not_a_finding():
    assert "%" not in sentence(REFUSED)
