"""Exchanges of politics: ultimatum, swap, envoy, relay, shuttle, monitoring, small steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from negosim import (
    Actor,
    Between,
    Decision,
    Issue,
    Prior,
    Role,
    Scenario,
    Terms,
    Weight,
    backchannel,
    because,
    orders,
    public,
)
from negosim.core.events import (
    Agreed,
    Broken,
    Conveyed,
    Happened,
    Kept,
    Met,
    Offered,
    Promised,
    Ratified,
    Rejected,
    Said,
    Vetoed,
)
from negosim.parts.ways.envoy import Ruling, agrees, rules
from negosim.parts.ways.grit import Responding, responds_to_steps, takes_small_steps
from negosim.parts.ways.monitoring import FOUND, Complying, keeps_under_watch, monitors
from negosim.parts.ways.relay import Passing, relays
from negosim.parts.ways.swap import Keeping, swaps
from negosim.parts.ways.ultimatum import Answer, answering, answers_ultimatum, take_it_or_leave_it
from negosim.testing import laws
from negosim.testing.watching import watch
from tests.parts.tables import ANN, BOB, CAT, DOMAIN, PROFILE_B, START, WAY

if TYPE_CHECKING:
    from negosim import Seat
    from negosim.sim.trace import Run
    from negosim.sim.waiting import Play

ENVOY = Actor("eve", "Eve", Role.ENVOY, side="bob")
LEFT, RIGHT = backchannel("left", ANN, CAT, delay=5), backchannel("right", BOB, CAT, delay=5)
HOME = orders("home", BOB, ENVOY)
ABROAD = backchannel("abroad", ANN, ENVOY)
STREET = public(ANN, BOB, CAT)
SURE = Weight(40_000, 0, "sure")


class Arms(Issue, owner=ANN):
    RIFLES = "rifles are handed in"
    GUNS = "guns are handed in"


class Posts(Issue, owner=BOB):
    NORTH = "the northern post is left"
    SOUTH = "the southern post is left"


class MoreArms(Issue, owner=ANN):
    TANKS = "tanks are handed in"


class MorePosts(Issue, owner=BOB):
    EAST = "the eastern post is left"


DEAL = Terms.of(Arms.GUNS, Posts.NORTH, MoreArms.TANKS, MorePosts.EAST)


def decided(actor: Actor, name: str, *answers: Any, last: Any) -> Decision[Any]:
    """A decision that comes out as ``last``."""
    return Decision(actor, name, {x: because("told", sure=1000 if x is last else 0) for x in answers})


def stage(cast: dict[Actor, Any], *decisions: Decision[Any], ends: int = 5000, **more: Any) -> Scenario:
    weights: dict[Actor, dict[str, Weight]] = {}
    for decision in decisions:
        for option in decision.menu.values():
            weights.setdefault(decision.actor, {}).update(dict.fromkeys(option.reasons, SURE))
    actors, channels = (ANN, BOB, CAT, ENVOY), (WAY, LEFT, RIGHT, HOME, ABROAD, STREET)
    parts = {actor: (part,) for actor, part in cast.items()}
    return Scenario("ways", "Ways", START, ends, actors, channels=channels, cast=parts, decisions=decisions, weights=weights, **more)


def played(scenario: Scenario, seed: int = 0) -> Run:
    watched = watch(scenario, Prior(seed))
    laws.fold_matches(watched)
    laws.views_are_folds(watched)
    laws.every_message_ends_once(watched)
    laws.causes_precede(watched.run.entries)
    laws.every_promise_ends_once(watched.run.entries)
    laws.every_address_is_asked_once(watched.run.entries)
    return watched.run


def events(run: Run, *kinds: Any) -> list[Any]:
    return [entry.event for entry in run.entries if isinstance(entry.event, kinds)]


# ── ultimatum ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", [0, 26], ids=["worst for him", "best for him"])
def test_an_ultimatum_has_one_answer(place: int) -> None:
    terms = DOMAIN.outcomes[place]
    question = answering(BOB, type(PROFILE_B)(DOMAIN, PROFILE_B.weights, PROFILE_B.values, reservation=0.5))
    heard: list[Any] = []

    def ann(seat: Seat) -> Play:
        heard.append((yield from take_it_or_leave_it(seat, terms, BOB, via=WAY, until=100)))

    def bob(seat: Seat) -> Play:
        heard.append((yield from answers_ultimatum(seat, question, ANN, via=WAY)))

    run = played(stage({ANN: ann, BOB: bob}, question))
    accepts = PROFILE_B.utility(terms) >= 500_000
    assert heard == [terms if accepts else None, accepts]
    assert bool(events(run, Agreed)) is accepts


def test_silence_and_haggling_are_a_no() -> None:
    heard: list[Any] = []

    def ann(seat: Seat) -> Play:
        heard.append((yield from take_it_or_leave_it(seat, DEAL, BOB, via=WAY, until=100)))

    def haggles(seat: Seat) -> Play:
        offer = yield from seat.hear(Offered)
        seat.offer(ANN, Arms.RIFLES, via=WAY, answers=offer)

    played(stage({ANN: ann}))
    run = played(stage({ANN: ann, BOB: haggles}))
    assert heard == [False, False]
    assert len(events(run, Rejected)) == 1


def test_an_answer_that_takes_too_long_is_none() -> None:
    question = Decision(BOB, "answer", {Answer.ACCEPT: because("x")}, Between(200, 300))

    def ann(seat: Seat) -> Play:
        yield from take_it_or_leave_it(seat, DEAL, BOB, via=WAY, until=100)

    def bob(seat: Seat) -> Play:
        assert (yield from answers_ultimatum(seat, question, ANN, via=WAY)) is None

    assert not events(played(stage({ANN: ann, BOB: bob}, question)), Agreed)


# ── swap ────────────────────────────────────────────────────────────────────────────────────────


def swap_between(keeping: Any = None, *, patience: int = 100) -> tuple[Run, list[int]]:
    steps: list[int] = []
    mine, theirs = (Arms.GUNS, MoreArms.TANKS), (Posts.NORTH, MorePosts.EAST)

    def ann(seat: Seat) -> Play:
        seat.offer(BOB, via=WAY, terms=DEAL)
        steps.append((yield from swaps(seat, mine, theirs, first=True, patience=patience)))

    def bob(seat: Seat) -> Play:
        seat.accept((yield from seat.hear(Offered)))
        steps.append((yield from swaps(seat, theirs, mine, first=False, patience=patience, question=keeping)))

    return played(stage({ANN: ann, BOB: bob}, *([keeping] if keeping else []))), steps


def test_a_swap_is_kept_step_by_step() -> None:
    run, steps = swap_between()
    assert steps == [2, 2]
    assert [(x.by, x.what) for x in events(run, Kept)] == [
        ("ann", "guns"), ("bob", "north"), ("ann", "tanks"), ("bob", "east")
    ]  # fmt: skip


def test_who_was_let_down_keeps_no_more() -> None:
    question = decided(BOB, "keep", Keeping.BREAK, Keeping.KEEP, last=Keeping.BREAK)
    run, steps = swap_between(question)
    assert steps == [0, 0]
    assert [x.what for x in events(run, Kept)] == ["guns"]
    assert [x.what for x in events(run, Broken)] == ["north"]


def test_who_waits_in_vain_keeps_no_more() -> None:
    question = Decision(BOB, "keep", {Keeping.KEEP: because("late")}, Between(500, 600))
    run, steps = swap_between(question, patience=60)
    assert [x.what for x in events(run, Kept)] == ["guns", "north"]
    assert sorted(steps) == [0, 1]


# ── envoy ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ruling", [Ruling.RATIFY, Ruling.VETO, Ruling.LEAVE])
@pytest.mark.parametrize("mandated", [False, True])
def test_an_envoy_binds_its_side_by_mandate_or_by_ratification(ruling: Ruling, *, mandated: bool) -> None:
    question = decided(BOB, "rule", *Ruling, last=ruling)
    bound: list[bool] = []

    def ann(seat: Seat) -> Play:
        yield from seat.pause(10)
        seat.offer(ENVOY, Arms.GUNS, Posts.NORTH, via=ABROAD)

    def eve(seat: Seat) -> Play:
        offer = yield from seat.hear(Offered)
        bound.append((yield from agrees(seat, offer, BOB, home=HOME, until=1000)))

    def bob(seat: Seat) -> Play:
        if mandated:
            seat.mandate(ENVOY, Posts, via=HOME)
        yield from rules(seat, question, ENVOY, via=HOME)

    run = played(stage({ANN: ann, ENVOY: eve, BOB: bob}, question))
    assert bound == [mandated or ruling is Ruling.RATIFY]
    assert bool(events(run, Conveyed)) is not mandated
    assert bool(events(run, Promised)) is bound[0]
    assert len(events(run, Ratified, Vetoed)) == (not mandated and ruling is not Ruling.LEAVE)


# ── relay and shuttle ───────────────────────────────────────────────────────────────────────────


def between(answer: Any, *questions: Any, **settings: Any) -> tuple[Run, list[Any]]:
    heard: list[Any] = []

    def ann(seat: Seat) -> Play:
        offer = seat.offer(CAT, via=LEFT, terms=DEAL, until=2000)
        heard.append((yield from seat.hear(Rejected, Said, Offered, until=2000)))
        if isinstance(heard[-1], Offered):
            assert heard[-1].answers == offer.offer
            seat.accept(heard[-1])

    def cat(seat: Seat) -> Play:
        yield from relays(seat, {ANN: LEFT, BOB: RIGHT}, until=3000, **settings)

    def bob(seat: Seat) -> Play:
        offer = yield from seat.hear(Offered)
        answer(seat, offer)
        yield from seat.hear(Promised)

    return played(stage({ANN: ann, CAT: cat, BOB: bob}, *questions)), heard


def test_a_yes_through_a_third_party_binds_both() -> None:
    run, (heard,) = between(lambda seat, offer: seat.accept(offer))
    assert heard.what == "agreed"
    assert {(x.by, x.what) for x in events(run, Promised)} == {
        ("ann", "guns"), ("bob", "north"), ("ann", "tanks"), ("bob", "east")
    }  # fmt: skip


def test_a_no_through_a_third_party_is_a_no() -> None:
    run, (heard,) = between(lambda seat, offer: seat.reject(offer))
    assert isinstance(heard, Rejected)
    assert not events(run, Promised)


def test_a_counter_offer_through_a_third_party_answers_the_first() -> None:
    less = DEAL.but(Arms.RIFLES)
    run, _ = between(lambda seat, offer: seat.offer(CAT, via=RIGHT, terms=less, answers=offer, until=2500))
    assert {x.what for x in events(run, Promised)} == {"rifles", "north", "tanks", "east"}


def test_a_third_party_may_withhold() -> None:
    question = decided(CAT, "pass", *Passing, last=Passing.WITHHOLD)
    run, (heard,) = between(lambda seat, offer: seat.accept(offer), question, question=question)
    assert heard is None
    assert len(events(run, Offered)) == 1


def test_a_shuttle_takes_its_time_and_meets() -> None:
    run, _ = between(lambda seat, offer: seat.accept(offer), travel=Between(300, 400))
    (meeting,) = [entry for entry in run.entries if isinstance(entry.event, Met)]
    assert 300 <= meeting.minute <= 410
    assert meeting.event.to == ("bob",)


# ── commitment under watch ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("behaviour", "detection"), [("COMPLY", 10**6), ("CHEAT", 10**6), ("CHEAT", 0)])
def test_cheating_is_secret_until_it_is_found(behaviour: str, detection: int) -> None:
    question = decided(ANN, "comply", *Complying, last=Complying[behaviour])
    kept: list[int] = []

    def ann(seat: Seat) -> Play:
        seat.offer(BOB, Arms.GUNS, via=WAY)
        promise = yield from seat.hear(Promised)
        kept.append((yield from keeps_under_watch(
            seat, question, promise, CAT, periods=4, every=100, detection=detection)))  # fmt: skip

    def cat(seat: Seat) -> Play:
        yield from monitors(seat, BOB, via=RIGHT)

    def bob(seat: Seat) -> Play:
        seat.accept((yield from seat.hear(Offered)))

    run = played(stage({ANN: ann, CAT: cat, BOB: bob}, question))
    cheats = behaviour == "CHEAT"
    assert kept == [0 if cheats else 4]
    assert bool(events(run, Said)) is (cheats and detection > 0)
    assert bool(events(run, Broken)) is cheats
    assert len([x for x in events(run, Happened) if x.what == FOUND]) == (cheats and detection > 0)
    if not cheats:
        assert [x.share for x in events(run, Kept)] == [1000]


# ── small steps ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("response", "taken"), [("RECIPROCATE", 3), ("IGNORE", 2), ("EXPLOIT", 1)])
def test_small_steps_go_on_while_they_are_answered(response: str, taken: int) -> None:
    question = decided(BOB, "respond", *Responding, last=Responding[response])
    steps = ("checkpoint-opened", "prisoners-freed", "troops-withdrawn")
    replies = dict.fromkeys(steps, "answered-in-kind")
    answered: list[int] = []

    def ann(seat: Seat) -> Play:
        answered.append((yield from takes_small_steps(
            seat, BOB, steps, aim="we-seek-calm", answers=("answered-in-kind",), exploits=("raid",), via=STREET,
            patience=100)))  # fmt: skip

    def bob(seat: Seat) -> Play:
        yield from responds_to_steps(seat, question, ANN, replies=replies, exploit="raid")

    run = played(stage({ANN: ann, BOB: bob}, question))
    assert [x.what for x in events(run, Happened) if x.by == "ann"] == list(steps[:taken])
    assert answered == [3 if response == "RECIPROCATE" else 0]
