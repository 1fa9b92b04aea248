"""A question about a scenario that a script made: no folder, no record, no questions file."""

from __future__ import annotations

from datetime import datetime
from math import inf

import pytest
from msgspec.structs import replace

from negosim import Actor, Calendar, Decide, NegosimError, Prior, Scenario, play, public, whatif
from negosim.core.errors import BadValue, RecordError, UnusedChange
from negosim.lab.counterfactual.paired_worlds import Asking, pair_of
from negosim.record.dates import Span
from negosim.record.model import BeliefPattern, Pattern, Target
from negosim.stories.questions import Outcome

ANN = Actor("ann", "Ann")


def scenario(part):
    return Scenario(
        name="small", title="A small model", calendar=Calendar(datetime(2024, 1, 1), "UTC"), ends=500, actors=(ANN,),
        channels=(public(),), cast={ANN: (part,)},
    )  # fmt: skip


def firing_squad(seat):
    """The court orders, or rifleman A is nervous; two riflemen shoot (Pearl 2009, 7.1.2)."""
    yield from seat.pause(1)
    order, nervous = seat.chance("order", "court", 300_000), seat.chance("nerves", "a", 200_000)
    a = seat.chance("shoots", "a", 1_000_000 if order or nervous else 0)
    b = seat.chance("shoots", "b", 1_000_000 if order else 0)
    if a or b:
        seat.happen("dead")


def negotiation(seat):
    """A soft heart, a visit, a report of it, a deal (T3 of the known answers)."""
    soft = seat.chance("soft", "k", 300_000)
    yield from seat.pause(60)
    visited = seat.chance("visit", "k", 800_000 if soft else 400_000)
    yield from seat.pause(60)
    report = seat.chance("report", "k", 900_000 if visited else 200_000)
    yield from seat.pause(60)
    if seat.chance("deal", "k", (600_000 if report else 100_000) + 200_000 * soft):
        seat.happen("deal")


def peace(seat):
    """There is peace when, and only when, there is a deal; soft people make deals."""
    yield from seat.pause(1)
    soft = seat.chance("soft", "k", 300_000)
    deal = seat.chance("deal", "k", 1_000_000 if soft else 400_000)
    if seat.chance("peace", "k", 1_000_000 if deal else 0):
        seat.happen("peace")


def the_one(answer):
    (outcome,) = answer.outcomes
    return outcome


def agrees(estimate, known):
    return abs(estimate.mean - known) < 4 * estimate.se and estimate.low < known < estimate.high


def test_who_was_shot_would_have_died_without_rifleman_a_in_fifteen_worlds_of_twenty_two():
    outcome = the_one(
        whatif(scenario(firing_squad), evidence="happened dead", do="nature.shoots[a]=no", about="happened dead")
    )
    assert agrees(outcome.with_change, 15 / 22)
    assert outcome.without.mean == 1
    assert outcome.fixed_by == ("happened dead",)


def test_without_the_visit_there_would_have_been_a_deal_in_71_worlds_of_162():
    seen = [f"nature.{name}[k]=yes" for name in ("visit", "report", "deal")]
    outcome = the_one(
        whatif(scenario(negotiation), evidence=seen, do=[Decide("nature.visit[k]", "no")], about=["happened deal"])
    )
    assert agrees(outcome.with_change, 71 / 162)


def test_what_is_certain_given_its_cause_goes_with_its_cause():
    outcome = the_one(whatif(scenario(peace), do="nature.deal[k]=no", about="happened peace", n=800))
    assert outcome.with_change.mean == 0
    assert agrees(outcome.without, 0.3 + 0.7 * 0.4)


def test_what_did_not_come_is_evidence_too():
    outcome = the_one(
        whatif(
            scenario(firing_squad), evidence=["no happened dead"], do=["nature.order[court]=yes"],
            about="happened by ann dead", n=400,
        )
    )  # fmt: skip
    assert outcome.without.mean == 0
    assert outcome.with_change.mean == 1


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"evidence": "dead!"}, BadValue, "'dead!' says nothing; write ADDRESS=ALTERNATIVE, or an event"),
        ({"evidence": "hapened dead"}, RecordError, "did you mean 'happened'?"),
        ({"evidence": "happened by anne dead"}, RecordError, "did you mean 'ann'?"),
        ({"evidence": "nature.shoots[a]=perhaps"}, RecordError, "alternative 'perhaps' at nature.shoots"),
        ({"evidence": "ann.shoots[a]=yes"}, RecordError, "address 'ann.shoots\\[a\\]' is not known"),
        ({"about": "nature.shoots[a]=yes"}, BadValue, "an outcome is an event"),
        ({"do": "nature.shoots[a]"}, BadValue, "is no change"),
        ({"do": "nature.shoot[a]=no"}, UnusedChange, "did you mean 'nature.shoots\\[a\\]'?"),
        ({"evidence": ["happened dead", "nature.shoots[a]=no", "nature.shoots[b]=no"]}, NegosimError, "no course of 40"),
    ],
)
def test_mistakes_are_told(asked, error, words):
    given = {"evidence": "happened dead", "do": "nature.shoots[a]=no", "about": "happened dead", **asked}
    with pytest.raises(error, match=words):
        whatif(scenario(firing_squad), **given, n=40)


def test_a_question_without_a_scenario_in_memory_has_to_be_named(tmp_path):
    with pytest.raises(BadValue, match="are for a scenario in memory"):
        whatif(None)


def test_an_outcome_is_over_when_the_last_of_what_it_expects_is_with_its_tolerance():
    def span(latest):
        return Span(0, latest, "interval", text="then")

    belief = BeliefPattern(actor="ann", trust="will", of="ann", span=span(90), falls=1)
    target = Target(id="o", what="o", span=span(9), cites=(), expect=(Pattern(event="met", span=span(40)),), tolerance=5)
    assert Outcome(target, True).last_minute == 45
    assert Outcome(replace(target, beliefs=(belief,)), True).last_minute == 95
    assert Outcome(replace(target, expect=(Pattern(event="met", span=Span(0, None, "open", text="from then")),)), True).last_minute == inf


def test_courses_are_played_no_longer_than_the_outcomes_last(monkeypatch):
    minutes = []

    def noted(*arguments, until=None, **how):
        minutes.append(until)
        return play(*arguments, until=until, **how)

    monkeypatch.setattr("negosim.lab.counterfactual.paired_worlds.play", noted)
    target = Target(id="o", what="o", span=Span(0, 9), cites=(), expect=(Pattern(event="happened", span=Span(0, 40), what="dead"),))
    asking = Asking((Decide("nature.shoots[a]", "no"),), (Outcome(target, True),))
    pair_of(scenario(firing_squad), asking, Prior(1), independent=True)
    assert set(minutes) == {40}
