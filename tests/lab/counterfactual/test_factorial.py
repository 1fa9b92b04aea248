"""Switches: every combination in the same Worlds, and what stands beside whatif's own answer."""

from __future__ import annotations

import pytest

from negosim.lab.counterfactual.alignment import first_divergence
from negosim.lab.counterfactual.factorial import combined, switches
from negosim.lab.counterfactual.whatif import whatif
from negosim.sim.interventions import Decide, SetMechanism
from negosim.stories.loading import load
from negosim.stories.questions import Question, questions_of

REFUSED = Question("r", "", (Decide("government.answer[own-physician]", "refuse"),), (), "")
HELD = Question("h", "", (SetMechanism("obedience-can-fail", False),), (), "")
OTHER = Question("o", "", (Decide("government.answer[own-physician]", "grant"),), (), "")


@pytest.fixture(scope="module")
def story():
    return load("pti-2024")


@pytest.fixture(scope="module")
def found(story):
    return switches(story, (REFUSED, HELD, OTHER), questions_of(story).outcomes, n=100, jobs=1)


def test_a_combination_is_numbered_by_its_switches(found) -> None:
    assert [one.on for one in found.settings] == [
        (False, False, False), (True, False, False), (False, True, False), (True, True, False),
        (False, False, True), (True, False, True), (False, True, True), (True, True, True),
    ]  # fmt: skip
    assert found.alone(2).on == (False, False, True)
    assert found.as_it_was.held == 1.0


def test_one_question_cannot_be_answered_in_two_ways(found) -> None:
    assert combined((REFUSED, HELD, OTHER), 0b101) is None
    assert [not one.outcomes for one in found.settings] == [False] * 5 + [True, False, True]


def test_the_same_change_twice_is_one_change() -> None:
    assert combined((REFUSED, REFUSED), 0b11) == REFUSED.changes


def test_alone_it_says_what_whatif_says(story, found) -> None:
    outcomes = questions_of(story).outcomes
    answer = whatif(story, REFUSED, outcomes, n=100, facts=False, robust=False, jobs=1)
    assert found.ess == pytest.approx(answer.ess)
    for one, was, twin in zip(answer.outcomes, found.as_it_was.outcomes, found.alone(0).outcomes, strict=True):
        assert was.mean == pytest.approx(one.factual)
        assert twin.mean == pytest.approx(one.counterfactual)
        assert twin.low <= twin.mean <= twin.high


def test_an_outcome_comes_on_some_day_or_never(found) -> None:
    for setting in found.settings:
        for chance, days in zip(setting.outcomes, setting.days, strict=True):
            assert sum(share for _, share in days) == pytest.approx(chance.mean)
            assert [day for day, _ in days] == sorted(day for day, _ in days)


def test_processes_make_no_difference(story, found) -> None:
    assert switches(story, (REFUSED, HELD, OTHER), questions_of(story).outcomes, n=100, jobs=2) == found


def test_the_draw_has_a_twin_for_each_question(found) -> None:
    assert len(found.draw.twins) == 3
    assert first_divergence(found.draw.factual, found.draw.twins[0]) is not None


def test_more_than_six_are_too_many(story) -> None:
    with pytest.raises(ValueError, match="at most 6"):
        switches(story, (REFUSED,) * 7, ())
