"""Rival accounts: a verdict only where the record tells them apart, whatever the priors."""

from __future__ import annotations

from math import fsum, log, log10

import pytest
from attrs import evolve

from negosim.core.errors import BadValue, NotFound, ScenarioError
from negosim.inference.evidence import impositions
from negosim.lab.comparison.model_comparison import (
    Factor,
    alike,
    classes_of,
    factor,
    rivals,
    undecided,
)
from negosim.lab.comparison.weight_of_evidence import Stage, clues
from negosim.lab.forecast.continuation import Gone, task_of
from negosim.record.model import Cite, Conflict, Version
from negosim.sim.scenario import Testimony as Saying  # pytest takes Test... for tests
from negosim.stories.loading import load
from tests.small_stories import FIRST, STORY

WEIGHING = (
    STORY.replace("    while True:\n", "    shy = seat.works('bob-is-shy')\n    while True:\n")
    .replace("        if (yield from seat.choose(first", "        if shy and seat.chance('shyness', asked.what, {shy}):\n            continue\n        if (yield from seat.choose(first")
    .replace(
        '{{ann: {{"gain": weight}}, bob: {{"gain": weight}}}},\n',
        '{{ann: {{"gain": weight}}, bob: {{"gain": weight}}}}, {{"bob-is-shy": False, "idle": False}},\n'
        '    {{"bob": {{"shy": {{"bob-is-shy": True}}, "bold": {{"bob-is-shy": False}}, "brave": {{}}}}}},\n',
    )
)  # fmt: skip
HINTING = (
    WEIGHING.replace('    NO = "no"\n', '    NO = "no"\n    MAYBE = "maybe"\n')
    .replace(
        'Answer.NO: because("author"),',
        'Answer.NO: because("author"),\n        Answer.MAYBE: because("author", lambda v: v.last(Said, what="hint") is not None),',
    )
    .replace("    for key in {keys}:\n", "    if seat.works('bob-is-shy'):\n        seat.say(bob, 'hint', via=talk)\n    for key in {keys}:\n")
    .replace("said.what != \"done\"", "said.what not in ('done', 'hint')")
)  # fmt: skip


def story(write, shyness, text=WEIGHING):
    return load(write(FIRST, sd=500, story=text.replace("{shy}", str(shyness))))


def test_accounts_that_imply_the_same_are_one_class():
    found = classes_of({"a": {"x": True}, "b": {}, "c": {"x": False}}, {"x": True})
    assert list(found) == ["a = b", "c"]


def test_a_verdict_where_the_record_tells(write):
    found = rivals(story(write, 950_000), "bob", n=600, jobs=1)
    assert found.verdict == "bold = brave"
    assert found.rivals[0].posterior > 0.9
    document = found.to_json()
    assert "among the accounts listed" in document["note"]
    assert set(document["rivals"][0]) >= {"name", "prior", "posterior", "log_evidence", "se"}


def test_no_verdict_where_it_hardly_does(write):
    found = rivals(story(write, 300_000), "bob", n=400, jobs=1)
    assert found.verdict is None
    assert "not surely above 3" in found.why_not


def test_an_unknown_topic_is_told_with_the_nearest(write):
    with pytest.raises(NotFound, match="did you mean 'bob'"):
        rivals(story(write, 300_000), "bobb", n=10, jobs=1)


# ── the verdict ─────────────────────────────────────────────────────────────────────────────────


def factors(*lows, against="b", choice=2.0, found=3.0):
    return [Factor(against, scale, found, low, 9.0, choice) for scale, low in zip((1.0, 0.5, 2.0), lows, strict=True)]


@pytest.mark.parametrize("weak", range(3))
def test_the_interval_must_stay_above_three_at_every_prior_scale(weak):
    lows = [log(3.1)] * 3
    assert undecided("a", factors(*lows)) == ""
    lows[weak] = log(2.9)
    assert f"at prior scale {(1, 0.5, 2)[weak]:g} is not surely above 3" in undecided("a", factors(*lows))


def test_choices_that_point_the_other_way_forbid_a_verdict():
    assert "points the other way" in undecided("a", factors(*[log(4)] * 3, choice=-0.1))


def test_every_other_account_must_be_beaten():
    both = [*factors(*[log(4)] * 3), *factors(*[log(2)] * 3, against="c")]
    assert "a against c" in undecided("a", both)


def gone(*weights, hits=()):
    return [Gone(weight, 1.0, hits, steps=(weight,)) for weight in weights]


def test_a_bayes_factor_has_the_error_of_paired_runs():
    one = [1.0, 0.5, 0.25, 0.75] * 50
    equal = factor("b", 1.0, gone(*one), gone(*(x / 2 for x in one)))
    assert equal.log_factor == pytest.approx(log(2))
    assert equal.high - equal.low == pytest.approx(0)  # the same runs, each half as probable
    apart = factor("b", 1.0, gone(*one), gone(*(x / 2 for x in reversed(one))))
    assert apart.high - apart.low > 0.1


def test_none_of_n_is_a_limit_and_never_certainty():
    few = factor("b", 1.0, gone(*[1.0] * 6), gone(*[0.0] * 6))
    assert few.log_factor is None
    assert few.low == pytest.approx(log(2))  # at most 3 in 6
    assert not few.decides
    assert factor("b", 1.0, gone(*[1.0] * 60), gone(*[0.0] * 60)).decides


# ── clue by clue ────────────────────────────────────────────────────────────────────────────────


def test_clues_add_up_to_the_whole(write):
    found = rivals(story(write, 700_000), "bob", n=400, jobs=1)
    best, other = found.rivals
    whole = 10 * log10(2.718281828459045) * (best.main.log_evidence - other.main.log_evidence)
    assert fsum(clue.decibels for clue in best.clues) == pytest.approx(whole, abs=1e-6)
    assert fsum(clue.decibels for clue in other.clues) == pytest.approx(-whole, abs=1e-6)
    assert [clue.fact for clue in best.clues] == ["D1"]
    assert best.clues[0].se > 0


def test_a_share_of_zero_is_said_and_is_not_zero_decibels(write):
    found = rivals(story(write, 1_000_000), "bob", n=300, jobs=1)
    bold, shy = found.rivals
    assert found.verdict == "bold = brave"
    assert shy.main.log_evidence is None
    assert shy.clues[0].bound == "at most"
    assert shy.clues[0].decibels < -10
    assert shy.clues[0].se is None
    assert bold.clues[0].bound == "at least"
    assert bold.clues[0].decibels == pytest.approx(-shy.clues[0].decibels)


def test_what_nobody_bears_out_tells_nothing():
    played = {"a": gone(0.0, 0.0), "b": gone(0.0, 0.0)}
    (clue,) = clues([Stage("D1", "x.y[z]", 0, 0)], played)["a"]
    assert (clue.decibels, clue.bound) == (None, "")


# ── only what is scored alike ───────────────────────────────────────────────────────────────────


def test_accounts_that_lead_to_other_menus_are_refused(write):
    with pytest.raises(BadValue, match=r"at bob.first\[x\] they chose among other answers"):
        rivals(story(write, 300_000, HINTING), "bob", n=60, jobs=1)


@pytest.mark.parametrize("what", ["interval", "answer", "kind", "fact"])
def test_accounts_scored_on_other_things_are_refused(write, what):
    told = story(write, 300_000)
    fact = told.documented.fact("D1")
    task = task_of(told, 0, impositions(told.documented), [fact])
    alike({"a": task, "b": task}, {})
    (imposed,) = task.impositions
    other = {
        "interval": evolve(task, impositions=(evolve(imposed, latest=imposed.latest + 1),)),
        "answer": evolve(task, impositions=(evolve(imposed, chose="no"),)),
        "kind": evolve(task, expected=(evolve(fact, kind="outcome"),)),
        "fact": evolve(task, expected=()),
    }[what]
    with pytest.raises(BadValue, match="not scored alike"):
        alike({"a": task, "b": other}, {})


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
    odds = [{one.name: one.posterior for one in found.rivals} for found in (without, heard)]
    before, after = (each["shy"] / each["bold = brave"] for each in odds)
    assert after / before == pytest.approx(3)
    assert {one.main.log_evidence for one in heard.rivals} == {one.main.log_evidence for one in without.rivals}


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
