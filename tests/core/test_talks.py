"""History does not refuse: evolve is total, and what stands after each event."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from negosim.core import events as e
from negosim.core.talks import _OWN, Talks, evolve, fold
from negosim.core.terms import Terms
from negosim.testing.people import Truce
from negosim.testing.strategies import events, histories

DAY = Terms.of(Truce.DAY)
OFFER = e.Offered("ann/quiet/day", "ann", "bob", "quiet", DAY)


@given(histories(), events())
def test_no_event_on_any_state_raises(history: list[e.Event], event: e.Event) -> None:
    assert isinstance(evolve(fold(history), event), Talks)


@given(histories())
def test_any_prefix_and_its_tail_give_the_same_state(history: list[e.Event]) -> None:
    for cut in range(len(history) + 1):
        assert fold(history[cut:], fold(history[:cut])) == fold(history)


@given(histories())
def test_what_stands_is_small_and_of_this_history(history: list[e.Event]) -> None:
    state = fold(history)
    assert len(state.open) <= len(history)
    assert all(event in history for event in state.open.values())


def test_every_event_of_the_union_has_its_place_in_the_fold() -> None:
    assert set(_OWN) == {kind for kind in e.EVENTS if kind.effect is e.Effect.OWN}


def test_names_and_versions_are_explicit_and_distinct() -> None:
    names = [kind.name for kind in e.EVENTS]
    assert len(set(names)) == len(names)
    assert all(kind.version >= 1 for kind in e.EVENTS)


@pytest.mark.parametrize("kind", e.EVENTS)
def test_every_event_has_a_matter(kind: type[e.Event]) -> None:
    @settings(max_examples=5)
    @given(events(kind))
    def has_a_matter(event: e.Event) -> None:
        about, name = event.matter
        assert about
        assert isinstance(name, str)

    has_a_matter()


def test_a_counter_offer_takes_the_place_of_what_it_answers() -> None:
    counter = e.Offered("bob/quiet/day", "bob", "ann", "quiet", DAY, answers=OFFER.offer)
    state = fold([OFFER, counter])
    assert state.standing("offer", OFFER.offer) is None
    assert state.standing("offer", counter.offer) == counter


def test_a_final_agreement_settles_the_offer_and_another_waits() -> None:
    for final in (True, False):
        agreed = e.Agreed(OFFER.offer, "bob", "ann", "quiet", DAY, final)
        assert fold([OFFER, agreed]).standing("offer", OFFER.offer) == (None if final else agreed)


def test_an_offer_brought_to_who_knows_it_is_no_news() -> None:
    brought = e.Conveyed(OFFER.offer, "max", "bob", "line", DAY, "ann")
    assert fold([OFFER, brought]).standing("offer", OFFER.offer) == OFFER
    assert fold([brought]).standing("offer", OFFER.offer) == brought


def test_a_meeting_uses_up_one_grant_of_its_host() -> None:
    grants = [e.Granted(name, "bob", "eve", "prison") for name in ("first", "second")]
    met = e.Met("visit", "eve", ("ann",), "prison")
    state = fold([*grants, met])
    assert state.standing("request", "first") is None
    assert state.standing("request", "second") == grants[1]
    assert state.standing("access", "prison/eve") == met
    assert fold([met]).standing("access", "prison/eve") is None


def test_names_count_up() -> None:
    state = fold([OFFER])
    assert state.next_name(OFFER.offer) == "ann/quiet/day#2"
    assert state.next_name("other") == "other"
