"""Looking ahead on a story small enough to know the answers: forecasts and turning points."""

from __future__ import annotations

from math import exp

import pytest
from attrs import evolve
from msgspec.structs import replace

from negosim.core.errors import UnusedChange
from negosim.lab.forecast.forecast import forecast
from negosim.lab.forecast.scoring import score
from negosim.lab.forecast.turning_points import turning_points
from negosim.sim.interventions import Decide
from negosim.stories.loading import load
from negosim.stories.preregistration import freeze, is_after_the_events, tuned
from negosim.stories.questions import questions_of
from tests.lab.counterfactual.test_whatif import QUESTIONS
from tests.small_stories import DONE, FIRST, SECOND, fact

pytestmark = pytest.mark.once

YES, DONE_IF_YES = 1 / (1 + exp(-0.8)), 1 / (1 + exp(0.5))
"""How probable it is that bob says yes to x, and that it is done if he did."""


@pytest.fixture
def story(write):
    folder = write(FIRST, DONE)
    (folder / "questions.toml").write_text(QUESTIONS)
    return load(folder)


def test_a_forecast_knows_the_record_up_to_its_date_only(story):
    outcomes = questions_of(story).outcomes
    before = forecast(story, 0, outcomes, n=800, jobs=1).outcomes[0].share
    after = forecast(story, 60, outcomes, n=800, jobs=1).outcomes[0].share
    assert abs(before.mean - YES * DONE_IF_YES) < 4 * before.se
    assert abs(after.mean - DONE_IF_YES) < 4 * after.se
    assert 0 < after.se < 0.05


def test_an_outcome_whose_window_is_over_is_known(story):
    outcomes = questions_of(story).outcomes
    late = forecast(story, 2000, outcomes, n=80, jobs=1).outcomes[0]
    assert late.known
    assert (late.share.mean, late.share.low, late.share.high) == (1, 1, 1)


def test_what_the_record_says_of_an_outcome_counts_before_its_window_is_over(story):
    """Once ann was documented to say so, whoever looks ahead knows it; of what the record is not asked, nearly so."""
    outcome = questions_of(story).outcomes[0]
    lasting = evolve(outcome, documented=False, target=replace(outcome.target, expect=tuple(
        replace(pattern, span=evolve(pattern.span, latest=None)) for pattern in outcome.target.expect
    )))  # fmt: skip
    share = forecast(story, 2000, (lasting,), n=1600, jobs=1).outcomes[0].share
    truth = DONE_IF_YES / (DONE_IF_YES + (1 - DONE_IF_YES) * 0.02)  # the record may err
    assert abs(share.mean - truth) < 4 * share.se
    answered = forecast(story, 2000, (evolve(lasting, documented=True),), n=80, jobs=1).outcomes[0]
    assert (answered.known, answered.share.mean) == (True, 1)


def test_a_forecast_of_an_act_is_rung_two_and_shows_the_difference(story):
    answer = forecast(story, 0, questions_of(story).outcomes, (Decide("bob.first[x]", "no"),), n=400, jobs=1)
    likely = answer.outcomes[0]
    assert likely.changed.mean == 0
    assert abs(likely.difference.mean + YES * DONE_IF_YES) < 4 * likely.difference.se
    document = answer.to_json()
    assert document["rung"] == 2
    assert document["outcomes"][0]["probability"] == 0
    assert document["outcomes"][0]["without"] == likely.share.mean


def test_a_forecast_of_an_act_that_nobody_asks_about_is_an_error(story):
    with pytest.raises(UnusedChange, match=r"took hold in none of \d+ worlds\ndid you mean 'bob\.first\[x\]'"):
        forecast(story, 0, questions_of(story).outcomes, (Decide("bob.first[xx]", "no"),), n=50, jobs=1)


def test_a_perfect_forecast_scores_zero():
    assert score([1.0, 1.0]).brier == 0
    assert score([0.5]).brier == 0.25


def test_a_forecast_from_before_the_freeze_is_written_after_the_events(story):
    assert is_after_the_events(story, 100)
    freeze(story, "2024-01-01T01:00")
    assert is_after_the_events(story, 59)
    assert not is_after_the_events(story, 60)
    assert tuned(story) == ()
    weights = {actor: {name: evolve(prior, mean=5) for name, prior in own.items()} for actor, own in story.scenario.weights.items()}
    assert "weight bob.gain: 1000 +- 0 -> 5 +- 0" in tuned(evolve(story, scenario=evolve(story.scenario, weights=weights)))


# ── turning points ──────────────────────────────────────────────────────────────────────────────


def test_turning_points_show_what_each_fact_settled(story):
    start, decided, done = turning_points(story, questions_of(story).outcomes, n=800, jobs=1).turns
    shares = [turn.outcomes[0].share for turn in (start, decided)]
    for share, truth in zip(shares, (YES * DONE_IF_YES, DONE_IF_YES), strict=True):
        assert abs(share.mean - truth) < 4 * share.se
    assert (decided.facts, done.facts) == (("D1",), ("O1",))
    assert (start.turned, done.turned) == ((), ("done",))
    assert done.outcomes[0].share.mean > 0.9


def test_none_of_n_is_no_certainty(write):
    folder = write(FIRST, SECOND.replace('"yes"', '"no"').replace("00:51", "00:01"))
    (folder / "questions.toml").write_text(QUESTIONS)
    last = turning_points(load(folder), questions_of(load(folder)).outcomes, n=40, jobs=1).turns[-1]
    assert last.outcomes[0].share.mean < 0.05
    assert last.outcomes[0].share.high > 0.02


def test_whoever_looks_on_does_not_know_when_an_open_question_will_be_answered(write):
    """Bob is asked at once and answers within two days; the record dates his yes to the second of them."""
    asked = fact("O0", "outcome", "2024-01-01T00:00/2024-01-01T06:00", 'expect = [{ event = "said", by = "ann", what = "x" }]')
    late = FIRST.replace("2024-01-01T00:01/2024-01-01T00:50", "2024-01-02T12:00/2024-01-02T23:00")
    folder = write(asked, late, pace="Between(0, 2800)")
    (folder / "questions.toml").write_text(
        QUESTIONS.split("[[question]]")[0].replace('by = "ann", what = "done"', 'by = "bob", what = "well"')
    )
    _, seen, _ = turning_points(load(folder), questions_of(load(folder)).outcomes, n=1600, jobs=1).turns
    truth = YES * (1439 - 360) / (2800 - 360)  # on the first day, though not in its first six hours
    assert seen.facts == ("O0",)
    assert abs(seen.outcomes[0].share.mean - truth) < 4 * seen.outcomes[0].share.se
    assert seen.outcomes[0].share.se < 0.03


def test_turning_points_come_in_the_order_of_time(story):
    document = turning_points(story, questions_of(story).outcomes, n=60, jobs=1).to_json()
    assert set(document) == {"note", "scenario", "n", "seed", "outcomes", "turns"}
    assert [turn["by"] for turn in document["turns"]] == sorted(turn["by"] for turn in document["turns"])


def test_turning_points_do_not_depend_on_how_they_are_handed_out(story):
    outcomes = questions_of(story).outcomes
    alone, together = (turning_points(story, outcomes, n=40, jobs=jobs).to_json() for jobs in (1, 2))
    assert alone == together
