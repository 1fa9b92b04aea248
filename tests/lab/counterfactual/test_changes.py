"""Changes: each does what it says, from its onset on, and knows whether it took hold."""

from __future__ import annotations

from datetime import datetime

import pytest

from negosim.core import events as e
from negosim.core.actors import Actor, backchannel, public
from negosim.core.errors import BadValue, NotFound
from negosim.core.terms import Issue
from negosim.core.time import Calendar, days, hours
from negosim.sim.chance import Prior
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.delays import Between
from negosim.sim.interventions import (
    CloseChannel,
    Decide,
    DelayChannel,
    InsertGiven,
    LeakChannel,
    Moment,
    MoveGiven,
    OpenChannel,
    Recast,
    RemoveActor,
    SetMechanism,
    SetWeight,
    StrikeGiven,
    Tilt,
)
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.sim.setting import Given

ann, bob = Actor("ann", "Ann"), Actor("bob", "Bob")
quiet = backchannel("quiet", ann, bob, delay=30, leak=300_000)
street = public(id="street")


class Price(Issue, owner=bob):
    LOW = "little"
    HIGH = "much"


class Yes(Choice):
    ACCEPT = "yes"
    REFUSE = "no"


class Bid(Choice):
    OFFER = "offers"
    WAIT = "waits"


bidding = Decision(ann, "bid", {Bid.OFFER: because("x", hope=900), Bid.WAIT: because("x")}, Between(10, 200))
answering = Decision(bob, "answer", {Yes.ACCEPT: because("x", gain=800), Yes.REFUSE: because("x", pride=500)}, Between(5, 90))


def ann_bids(seat):
    for number in range(3):
        yield from seat.pause(hours(5))
        if (yield from seat.choose(bidding, f"round-{number}")) is Bid.OFFER:
            offer = seat.offer(bob, Price.HIGH, via=quiet, until=seat.now + hours(20))
            if isinstance((yield from seat.hear(e.Agreed, e.Rejected, e.Lapsed, answering=offer)), e.Agreed):
                return


def bob_answers(seat):
    while True:
        offer = yield from seat.hear(e.Offered)
        if not seat.works("bob-listens"):
            continue
        if (yield from seat.choose(answering, offer.offer, over=offer)) is Yes.ACCEPT:
            seat.accept(offer)
        else:
            seat.reject(offer)


W = Weight(1000, 600, "x")
SCENARIO = Scenario(
    "bids", "Bids", Calendar(datetime(2024, 1, 1), "UTC"), days(5), (ann, bob), channels=(quiet, street),
    cast={ann: (ann_bids,), bob: (bob_answers,)}, decisions=(bidding, answering),
    weights={ann: {"hope": W}, bob: {"gain": W, "pride": W}}, mechanisms={"bob-listens": True},
    givens=(Given("rain", hours(8), hours(12)), Given("feast", days(2), days(2), known=0)),
)  # fmt: skip

CHANGES = (
    Decide("ann.bid[round-1]", "wait"),
    Tilt("ann.bid[round-1]", "wait", 2500),
    SetWeight("bob", "pride", 4000),
    SetMechanism("bob-listens", on=False),
    StrikeGiven("rain"),
    StrikeGiven("feast"),
    MoveGiven("rain", hours(30), hours(31)),
    InsertGiven(Given("snow", hours(7), hours(9))),
    CloseChannel("quiet", hours(10)),
    OpenChannel("quiet", hours(10)),
    DelayChannel("quiet", hours(9), 400),
    LeakChannel("quiet", hours(9)),
    LeakChannel("quiet", hours(9), leaks=False),
    RemoveActor("bob"),
    Recast("bob"),
)


def twins(change, run):
    factual = play(SCENARIO, Prior(3, run))
    return factual, play(SCENARIO, factual.world, (change,))


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_before_its_onset_nothing_is_otherwise(change):
    changed = 0
    for run in range(40):
        factual, twin = twins(change, run)
        prefix = change.prefix(factual)
        assert twin.entries[:prefix] == factual.entries[:prefix]
        changed += twin.entries != factual.entries
        if not change.took_effect(twin):
            assert twin.entries == factual.entries
    assert changed or isinstance(change, OpenChannel)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_change_prints_itself(change):
    assert str(change).split()[0]
    change.check(SCENARIO)


def test_a_given_is_struck_moved_and_inserted():
    def rain(entries, what="rain"):
        return [x.minute for x in entries if isinstance(x.event, e.Happened) and x.event.what == what]

    for run in range(10):
        assert len(rain(twins(StrikeGiven("feast"), run)[0].entries)) == 1
        assert not rain(twins(StrikeGiven("rain"), run)[1].entries)
        assert hours(30) <= rain(twins(MoveGiven("rain", hours(30), hours(31)), run)[1].entries)[0] <= hours(31)
        assert len(rain(twins(InsertGiven(Given("snow", 5, 9)), run)[1].entries, "snow")) == 1


def test_nothing_arrives_through_a_closed_channel():
    for run in range(20):
        _, twin = twins(CloseChannel("quiet"), run)
        assert not [x for x in twin.entries if isinstance(x.event, e.Chose) and x.event.by == "bob"]
        offers = [x for x in twin.entries if isinstance(x.event, e.Offered)]
        assert len([x for x in twin.entries if isinstance(x.event, e.Lost)]) >= len(offers)


def test_a_channel_leaks_always_or_never():
    always = never = 0
    for run in range(20):
        always += sum(isinstance(x.event, e.Leaked) for x in twins(LeakChannel("quiet"), run)[1].entries)
        never += sum(isinstance(x.event, e.Leaked) for x in twins(LeakChannel("quiet", leaks=False), run)[1].entries)
    assert always > 20
    assert not never


def test_a_removed_actor_does_nothing():
    for run in range(10):
        assert not [x for x in twins(RemoveActor("bob"), run)[1].entries if x.event.by == "bob"]


def test_somebody_else_in_the_seat_wants_other_things_and_leaves_the_others_chance_alone():
    for run in range(10):
        factual, twin = twins(Recast("bob"), run)
        assert factual.weights["bob"] != twin.weights["bob"]
        assert factual.weights["ann"] == twin.weights["ann"]


def test_a_tilt_adds_to_the_utility():
    factual, twin = twins(Tilt("ann.bid[round-0]", "wait", 500), 1)
    assert twin.asked[0].utilities[1] == factual.asked[0].utilities[1] + 500_000


def test_a_moment_names_the_choice_behind_an_event():
    for run in range(20):
        factual, _ = twins(StrikeGiven("rain"), run)
        second = Decide(Moment("offered", "quiet", hours(8)), "wait").ground(factual)
        first = next((x for x in factual.entries if isinstance(x.event, e.Offered) and x.minute > hours(8)), None)
        if first is None:
            assert second is None
            continue
        chose = factual.entries[max(first.causes)].event
        assert (second.address, second.alternative) == (chose.address, "wait")
        assert not [x for x in play(SCENARIO, factual.world, (second,)).entries if x.event == first.event and x.minute == first.minute]


def test_a_channel_closed_from_a_moment_on_carries_that_message():
    change = CloseChannel("quiet", Moment("offered", "quiet", 0))
    factual = play(SCENARIO, Prior(3, 0))
    resolved = change.ground(factual)
    assert resolved.since == change.since.of(factual).minute + 1
    assert resolved.prefix(factual) > change.since.of(factual).index


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Decide("ann.bidd[round-0]", "wait"), NotFound),
        (Decide("ann.bid[round-0]", "wail"), NotFound),
        (Decide(Moment("ofered", "quiet", 0), "wait"), NotFound),
        (Decide(Moment("offered", "quite", 0), "wait"), NotFound),
        (Tilt("ann.bid[round-0]", "wail", 1), NotFound),
        (SetWeight("ann", "hop", 1), NotFound),
        (SetMechanism("bob-listen", on=True), NotFound),
        (StrikeGiven("rein"), NotFound),
        (MoveGiven("rein", 1, 2), NotFound),
        (MoveGiven("rain", 2, 1), BadValue),
        (InsertGiven(Given("rain", 1, 2)), BadValue),
        (CloseChannel("quite"), NotFound),
        (RemoveActor("bobby"), NotFound),
        (Recast("bobby"), NotFound),
    ],
    ids=str,
)
def test_a_change_that_names_nothing_known_is_refused(change, error):
    with pytest.raises(error):
        play(SCENARIO, Prior(0), (change,))
