"""Rival accounts: a verdict only where the record tells them apart, whatever the priors."""

from __future__ import annotations

from math import exp, fsum, log

import pytest
from attrs import evolve

from negosim.core.errors import BadValue, NotFound, ScenarioError
from negosim.inference.estimates import Estimate
from negosim.lab.comparison.model_comparison import Factor, classes_of, rivals, undecided
from negosim.record.model import Cite, Conflict, Version
from negosim.sim.scenario import Testimony as Saying  # pytest takes Test... for tests
from negosim.stories.loading import load
from tests.small_stories import FIRST, STORY

pytestmark = pytest.mark.once

WEIGHING = (
    STORY.replace("    while True:\n", "    shy = seat.works('bob-is-shy')\n    while True:\n")
    .replace("        if (yield from seat.choose(first", "        if shy and seat.chance('shyness', asked.what, {shy}):\n            continue\n        if (yield from seat.choose(first")
    .replace(
        '{{ann: {{"gain": weight}}, bob: {{"gain": weight}}}},\n',
        '{{ann: {{"gain": weight}}, bob: {{"gain": weight}}}}, mechanisms={{"bob-is-shy": False, "idle": False}},\n'
        '    accounts={{"bob": {{"shy": {{"bob-is-shy": True}}, "bold": {{"bob-is-shy": False}}, "brave": {{}}}}}},\n',
    )
)  # fmt: skip

def story(write, shyness, text=WEIGHING):
    return load(write(FIRST, sd=0, story=text.replace("{shy}", str(shyness))))


def test_accounts_that_imply_the_same_are_one_class():
    classes = classes_of({"a": {"x": True}, "b": {}, "c": {"x": False}}, {"x": True})
    assert list(classes) == ["a = b", "c"]


# where bob is shy he answers with probability 1 - shyness, and else as he does where he is bold; the record may
# err (see RELIABILITY), in one of two answers at some minute of two days
ERRING = 0.02 / (2 * 2880 / 1)


@pytest.mark.parametrize("shyness", [950_000, 300_000])
def test_the_bayes_factor_is_that_of_the_model(write, shyness):
    answer = rivals(story(write, shyness), "bob", n=1600, jobs=1)
    best, other = answer.rivals
    assert (best.name, other.name) == ("bold = brave", "shy")
    p, shy = 1 / (1 + exp(-0.8)), shyness / 1e6
    truth = log(p / ((1 - shy) * p + shy * ERRING))
    for factor in answer.factors:
        assert abs(factor.log_factor.mean - truth) < 4 * factor.log_factor.se + 1e-3
        assert 0 < factor.log_factor.se < 0.6


def test_a_verdict_where_the_record_tells(write):
    answer = rivals(story(write, 950_000), "bob", n=1600, jobs=1)
    assert answer.verdict == "bold = brave"
    assert answer.rivals[0].posterior > 0.9
    document = answer.to_json()
    assert "among the accounts listed" in document["note"]
    assert set(document["rivals"][0]) >= {"name", "prior", "posterior", "log_evidence", "se"}


def test_no_verdict_where_it_hardly_does(write):
    answer = rivals(story(write, 300_000), "bob", n=400, jobs=1)
    assert answer.verdict is None
    assert "not surely above 3" in answer.why_not


def test_facts_add_up_to_the_evidence(write):
    answer = rivals(story(write, 700_000), "bob", n=400, jobs=1)
    for rival in answer.rivals:
        bits = fsum(clue.bits[rival.name] for clue in answer.clues)
        assert bits * log(2) == pytest.approx(-rival.main.log_evidence.mean)
    assert [clue.fact for clue in answer.clues] == ["D1"]


def test_an_unknown_topic_is_told_with_the_nearest(write):
    with pytest.raises(NotFound, match="did you mean 'bob'"):
        rivals(story(write, 300_000), "bobb", n=10, jobs=1)


# ── the verdict ─────────────────────────────────────────────────────────────────────────────────


def factors(*lows, against="b", answers=2.0):
    return [
        Factor(against, scale, Estimate(3.0, 0.1, interval=(low, 9.0)), answers)
        for scale, low in zip((1.0, 0.5, 2.0), lows, strict=True)
    ]


@pytest.mark.parametrize("weak", range(3))
def test_the_interval_must_stay_above_three_at_every_prior_scale(weak):
    lows = [log(3.1)] * 3
    assert undecided("a", factors(*lows)) == ""
    lows[weak] = log(2.9)
    width = ("", " with priors 0.5 times as wide", " with priors 2 times as wide")[weak]
    assert f"is 20 times as probable under “a” as under “b”{width}, which is not surely above 3" in undecided("a", factors(*lows))


def test_answers_that_point_the_other_way_forbid_a_verdict():
    assert "the answers alone speak against “a”" in undecided("a", factors(*[log(4)] * 3, answers=-0.1))


def test_every_other_account_must_be_beaten():
    both = [*factors(*[log(4)] * 3), *factors(*[log(2)] * 3, against="c")]
    assert "under “a” as under “c”" in undecided("a", both)


# ── testimony ───────────────────────────────────────────────────────────────────────────────────


def telling(write, *statements):
    told = story(write, 300_000)
    version = Version("he was shy", (Cite("paper", "page 2"),), "a witness")
    return evolve(
        told,
        scenario=evolve(told.scenario, testimony={"bob": statements}),
        record=evolve(told.documented, conflicts=(Conflict("K1", "Was Bob shy", (), (version,), "both kept"),)),
    )


def test_testimony_counts_only_when_asked_for_and_by_its_declared_odds(write):
    told = telling(write, Saying("paper", {"shy": 900}, 300, "author"))
    without = rivals(told, "bob", n=200, jobs=1)
    heard = rivals(told, "bob", n=200, jobs=1, testimony=True)
    assert without.heard == ()
    (statement,) = heard.heard
    assert (statement.by, statement.stake) == ("a witness", "nobody's")
    odds = [{rival.name: rival.posterior for rival in answer.rivals} for answer in (without, heard)]
    before, after = (each["shy"] / each["bold = brave"] for each in odds)
    assert after / before == pytest.approx(3)
    assert {rival.main.log_evidence for rival in heard.rivals} == {rival.main.log_evidence for rival in without.rivals}


def test_what_would_be_said_in_any_case_weighs_nothing(write):
    told = telling(write, Saying("paper", {}, 800, "author: he gains by it"))
    odds = [
        {one.name: one.posterior for one in rivals(told, "bob", n=100, jobs=1, testimony=weighed).rivals}
        for weighed in (False, True)
    ]
    assert odds[0] == pytest.approx(odds[1])


def test_testimony_that_cannot_be_weighed_is_refused(write):
    one = Saying("paper", {"shy": 900}, 300, "author")
    with pytest.raises(NotFound, match="testimony on"):
        rivals(story(write, 300_000), "bob", n=10, jobs=1, testimony=True)
    with pytest.raises(NotFound, match="did you mean 'paper'"):
        rivals(telling(write, evolve(one, source="papre")), "bob", n=10, jobs=1, testimony=True)
    with pytest.raises(BadValue, match="counts once"):
        rivals(telling(write, one, one), "bob", n=10, jobs=1, testimony=True)
    with pytest.raises(BadValue, match="not in 1..1000"):
        evolve(one, otherwise=0)
    with pytest.raises(ScenarioError, match="did you mean 'shy'"):
        telling(write, evolve(one, said_if={"shyy": 900}))
