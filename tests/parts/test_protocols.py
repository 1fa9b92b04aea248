"""Protocols: who speaks when, when there is an agreement, and that the laws of a run hold."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from negosim import Actor, Pace, Prior, play, public
from negosim.core.errors import ScenarioError
from negosim.core.events import Agreed, Chose, Lapsed, Offered, Rejected, Said
from negosim.parts.preferences import Preferences
from negosim.parts.protocols.simultaneous import simultaneous_offers
from negosim.parts.protocols.single_text import drafting, mediates, votes, voting
from negosim.parts.protocols.stacked import alternating_offers, negotiator
from negosim.parts.solutions import points as p
from negosim.parts.tactics.bidding import bidding
from negosim.parts.tactics.informed import Zeuthen
from negosim.parts.tactics.tactic import Tactic
from negosim.parts.tactics.time_dependent import boulware, conceder, linear
from negosim.testing import laws
from negosim.testing.watching import watch
from tests.parts.tables import (
    ANN,
    BOB,
    CAT,
    DAN,
    DOMAIN,
    HALL,
    ISSUES,
    PROFILE_A,
    PROFILE_B,
    VALUES,
    WAY,
    agreed,
    alternating,
    bargained,
    offers,
    staged,
)

if TYPE_CHECKING:
    from negosim import Scenario, Seat
    from negosim.sim.trace import Run
    from negosim.sim.waiting import Play

PROFILE_C = Preferences(
    domain=DOMAIN, weights=dict.fromkeys(ISSUES, 1 / 3), values={o: VALUES[(0, 2, 1)[o.rank]] for i in ISSUES for o in i}
)
THREE = (PROFILE_A, PROFILE_B, PROFILE_C)
FOUR = (*THREE, PROFILE_A)
UNYIELDING = tuple(Preferences(domain=DOMAIN, weights=x.weights, values=x.values, reservation=0.99) for x in (PROFILE_A, PROFILE_B))


def keeps_the_laws(scenario: Scenario, seed: int = 0) -> Run:
    watched = watch(scenario, Prior(seed))
    laws.fold_matches(watched)
    laws.views_are_folds(watched)
    laws.every_message_ends_once(watched)
    laws.causes_precede(watched.run.entries)
    laws.every_promise_ends_once(watched.run.entries)
    laws.every_address_is_asked_once(watched.run.entries)
    return watched.run


# ── alternating offers ──────────────────────────────────────────────────────────────────────────


def test_two_parties_take_turns_and_the_log_says_so() -> None:
    run = keeps_the_laws(alternating((PROFILE_A, PROFILE_B), (boulware(), conceder())))
    turns = [entry.event for entry in run.entries if isinstance(entry.event, Offered | Agreed)]
    assert [turn.by for turn in turns] == ["ann", "bob"] * (len(turns) // 2) + ["ann"] * (len(turns) % 2)
    assert isinstance(turns[-1], Agreed)
    for before, after in pairwise(turns[:-1]):
        assert after.answers == before.offer


def test_without_agreement_the_last_offer_lapses_at_the_deadline() -> None:
    run = keeps_the_laws(alternating(UNYIELDING, (linear(), linear()), deadline=20))
    lapsed = [entry for entry in run.entries if isinstance(entry.event, Lapsed)]
    assert agreed(run) is None
    assert [entry.minute for entry in lapsed] == [20]


@pytest.mark.parametrize("number", [3, 4])
def test_many_parties_agree_when_every_other_stands_behind_one_package(number: int) -> None:
    tactics = (linear(), conceder(), linear(), conceder())[:number]
    run = keeps_the_laws(alternating(FOUR[:number], tactics, deadline=200))
    entries = [entry.event for entry in run.entries if isinstance(entry.event, Offered | Agreed)]
    assert isinstance(entries[-1], Agreed)
    last = entries[-number:]
    assert {event.terms for event in last} == {agreed(run)}
    assert len({event.by for event in last}) == number
    assert all(wants.utility(agreed(run)) >= wants.floor for wants in FOUR[:number])


def test_ones_own_package_does_not_count_as_heard() -> None:
    """Of three parties the second passes the first one's package on, and the third makes another of it."""
    seen: list[tuple[list[int], list[int]]] = []

    class Notes(Tactic):
        def proposal(self, course: Any) -> int:
            seen.append((list(course.mine), list(course.theirs)))
            return course.preferences.ranking[0]

    generous = Preferences(domain=DOMAIN, weights=PROFILE_A.weights, values={o: 1.0 for i in ISSUES for o in i})
    bargained((PROFILE_A, generous, PROFILE_B), (Notes(), boulware(), boulware(0.001)), deadline=9)
    mine, theirs = seen[-1]
    assert mine
    assert not set(mine) & set(theirs)
    assert theirs


def test_one_party_that_does_not_move_keeps_many_from_agreeing() -> None:
    picky = Preferences(domain=DOMAIN, weights=dict.fromkeys(ISSUES, 1 / 3), values={o: float(o.rank == 1) for i in ISSUES for o in i}, reservation=1.0)
    run = bargained((PROFILE_A, PROFILE_B, picky), (boulware(0.001), boulware(0.001), linear()), deadline=60)
    assert agreed(run) is None


class Leaves(Tactic):
    """Never speaks for anything, so that ending the talks is as good as everything else."""

    def proposal(self, course: Any) -> int:
        return course.preferences.ranking[0]

    def attributes(self, course: Any, weighed: list[int], proposal: int) -> tuple[list[int], int]:
        return [0] * len(weighed), 0


def test_whoever_may_end_the_talks_ends_them_for_all() -> None:
    runs = [
        play(alternating(THREE, (Leaves(), boulware(), boulware()), may_end=True, considers=0), Prior(seed))
        for seed in range(8)
    ]
    ended = [run for run in runs if any(isinstance(x.event, Rejected) for x in run.entries)]
    assert ended
    for run in ended:
        (rejected,) = [x for x in run.entries if isinstance(x.event, Rejected)]
        assert not any(isinstance(x.event, Offered) and x.minute > rejected.minute for x in run.entries)


def test_nobody_who_accepts_nothing_says_anything() -> None:
    nothing = Preferences(domain=DOMAIN, weights=PROFILE_A.weights, values={o: 0.5 for i in ISSUES for o in i}, reservation=0.9)
    run = keeps_the_laws(alternating((PROFILE_A, nothing), (linear(), linear())))
    (last,) = [x.event for x in run.entries if isinstance(x.event, Chose) and x.event.by == "bob"]
    assert last.taken == "end-the-talks"
    assert agreed(run) is None


def test_thinking_may_take_until_the_deadline_is_over() -> None:
    run = keeps_the_laws(alternating((PROFILE_A, PROFILE_B), (linear(), linear()), pace=Pace(30), deadline=60), seed=2)
    assert all(x.minute <= 60 for x in run.entries if isinstance(x.event, Offered | Agreed))


def test_a_stranger_and_a_whisper_are_refused() -> None:
    bids = bidding(DAN, PROFILE_A, {"tactic": linear()})
    stranger = staged({DAN: (negotiator(bids, (ANN, BOB), via=WAY, deadline=9),)}, (bids,), 20)
    with pytest.raises(ScenarioError, match="must be one of"):
        play(stranger, Prior(0))
    bids = bidding(ANN, PROFILE_A, {"tactic": linear()})
    whisper = staged({ANN: (negotiator(bids, (ANN, BOB, CAT), via=WAY, deadline=9),)}, (bids,), 20)
    with pytest.raises(ScenarioError, match="everybody must hear"):
        play(whisper, Prior(0))


def test_what_was_demanded_in_public_is_dear_to_give_up() -> None:
    """With audience costs a party does not accept in public what costs it more than it brings."""
    street = public(ANN, BOB, delay=1)
    proud = Preferences(domain=DOMAIN, weights=PROFILE_A.weights, values=PROFILE_A.values, reservation=0.3, audience_cost=0.5)
    bids = [bidding(who, wants, {"tactic": linear()}) for who, wants in ((ANN, proud), (BOB, PROFILE_B))]
    cast = {bid.actor: (negotiator(bid, (ANN, BOB), via=street, deadline=60),) for bid in bids}
    base = staged(cast, bids, 80)
    scenario = evolve(base, channels=(street,), cast=cast)
    in_public, in_private = play(scenario, Prior(0)), bargained((proud, PROFILE_B), (linear(), linear()))
    assert all(proud.utility(terms) >= 800_000 for terms in offers(in_public, ANN))
    assert agreed(in_public) is None or proud.utility(agreed(in_public)) >= 800_000
    assert proud.utility(agreed(in_private)) < 800_000


@settings(max_examples=25)
@given(st.permutations((0, 1, 2)), st.integers(0, 50), st.sampled_from((0, 30)))
def test_alternating_offers_keep_the_laws(order: list[int], seed: int, considers: int) -> None:
    tactics = (linear(), conceder(considerate=True), boulware())
    keeps_the_laws(alternating([THREE[k] for k in order], tactics, deadline=40, considers=considers), seed)


# ── simultaneous offers ─────────────────────────────────────────────────────────────────────────


def at_once(tactics: tuple[Tactic, Tactic], *, monotonic: bool = False, deadline: int = 600) -> Scenario:
    bids = [bidding(who, wants, {"tactic": t}) for who, wants, t in zip((ANN, BOB), (PROFILE_A, PROFILE_B), tactics, strict=True)]
    rivals = (PROFILE_B, PROFILE_A) if monotonic else (None, None)

    def part(bid: Any, other: Actor, rival: Any) -> Any:
        def negotiates(seat: Seat) -> Play:
            yield from simultaneous_offers(seat, bid, other, via=WAY, deadline=deadline, every=10, rival=rival)

        return negotiates

    cast = {ANN: (part(bids[0], BOB, rivals[0]),), BOB: (part(bids[1], ANN, rivals[1]),)}
    return staged(cast, bids, deadline + 20)


def test_simultaneous_offers_are_made_in_one_minute_and_unseen() -> None:
    run = keeps_the_laws(at_once((linear(), conceder())))
    minutes = [x.minute for x in run.entries if isinstance(x.event, Offered)]
    assert minutes[::2] == minutes[1::2]
    assert agreed(run) is not None
    assert sum(isinstance(x.event, Agreed) for x in run.entries) == 1


def test_monotonic_concession_with_zeuthen_comes_to_the_nash_product() -> None:
    points = list(zip(PROFILE_A.utilities, PROFILE_B.utilities, strict=True))
    for seed in range(5):
        run = keeps_the_laws(at_once((Zeuthen(PROFILE_B), Zeuthen(PROFILE_A)), monotonic=True), seed)
        assert DOMAIN.place(agreed(run)) in p.nash(points, (0, 0))


def test_monotonic_concession_ends_in_conflict_when_nobody_moves() -> None:
    run = keeps_the_laws(at_once((boulware(0.0001), boulware(0.0001)), monotonic=True))
    assert agreed(run) is None
    assert len(offers(run, ANN)) == 2


class Wavers(Tactic):
    """Concedes in the second round and takes it back in the third."""

    def proposal(self, course: Any) -> int:
        return course.preferences.ranking[(0, 3, 0)[len(course.mine)]]


def test_monotonic_concession_forbids_taking_back() -> None:
    with pytest.raises(ScenarioError, match="takes back a concession"):
        play(at_once((Wavers(), boulware(0.001)), monotonic=True), Prior(0))


def test_when_both_are_satisfied_a_coin_says_who_accepts() -> None:
    takers = set()
    for seed in range(12):
        run = play(at_once((conceder(90), conceder(90))), Prior(seed))
        takers |= {x.event.by for x in run.entries if isinstance(x.event, Agreed)}
    assert takers == {"ann", "bob"}


# ── a single text ───────────────────────────────────────────────────────────────────────────────


def camp(rounds: int = 40, profiles: tuple[Preferences, ...] = (PROFILE_A, PROFILE_B)) -> Scenario:
    """Dan mediates between the others."""
    parties = (ANN, BOB, CAT)[: len(profiles)]
    drafts = drafting(DAN, DOMAIN)
    questions = [voting(party, wants, DAN) for party, wants in zip(parties, profiles, strict=True)]

    def chair(seat: Seat) -> Play:
        yield from mediates(seat, drafts, DOMAIN, parties, via=HALL, rounds=rounds, until=500)

    def party(question: Any) -> Any:
        def sits(seat: Seat) -> Play:
            yield from votes(seat, question, DAN, parties, via=HALL, until=500)

        return sits

    cast = {DAN: (chair,), **{who: (party(question),) for who, question in zip(parties, questions, strict=True)}}
    return staged(cast, (drafts, *questions), 600)


@pytest.mark.parametrize("number", [2, 3])
def test_a_text_that_is_improved_by_consent_is_agreed(number: int) -> None:
    for seed in range(4):
        run = keeps_the_laws(camp(profiles=THREE[:number]), seed)
        terms = agreed(run)
        texts = [x.event.what for x in run.entries if isinstance(x.event, Said) and x.event.what.startswith("text-")]
        assert texts[-1] == f"text-{terms.slug}"
        for wants in THREE[:number]:
            worth = [wants.utility(next(t for t in DOMAIN.outcomes if f"text-{t.slug}" == text)) for text in texts]
            assert worth == sorted(worth)


def test_no_text_no_agreement() -> None:
    run = keeps_the_laws(camp(profiles=UNYIELDING))
    assert agreed(run) is None
    assert not any(isinstance(x.event, Offered) for x in run.entries)


def test_drafts_change_one_issue_and_do_not_come_again() -> None:
    run = play(camp(), Prior(1))
    said = [x.event.what for x in run.entries if isinstance(x.event, Said) and x.event.by == "dan"]
    drafts = [what for what in said if what.startswith("draft-")]
    assert len(drafts) == len(set(drafts)) > 3
    standing = ""
    for what in said:
        kind, _, text = what.partition("-")
        if kind == "text":
            standing = text
        elif standing:
            assert len(set(text.split("+")) ^ set(standing.split("+"))) == 2


def test_alternating_offers_can_be_entered_by_a_story() -> None:
    """The deal is what the part returns."""
    found = []
    bids = [bidding(who, wants, {"tactic": linear()}) for who, wants in ((ANN, PROFILE_A), (BOB, PROFILE_B))]

    def part(bid: Any) -> Any:
        def talks(seat: Seat) -> Play:
            deal = yield from alternating_offers(seat, bid, (ANN, BOB), via=WAY, deadline=60)
            found.append(deal)

        return talks

    run = play(staged({bid.actor: (part(bid),) for bid in bids}, bids, 80), Prior(0))
    assert found == [agreed(run)] * 2
