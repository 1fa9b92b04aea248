"""Who hears what, and what they make of it."""

from __future__ import annotations

import pytest
from hypothesis import given

from negosim.core import events as e
from negosim.core.actors import NATURE, Kind, formal, public
from negosim.core.errors import NotFound
from negosim.core.events import Entry
from negosim.core.talks import fold
from negosim.core.terms import Terms
from negosim.core.trust import Aspect, Trust, blame
from negosim.core.views import Table, View, audience, doer
from negosim.testing.given import view_of
from negosim.testing.people import (
    ACTORS,
    ANN,
    BOB,
    EVE,
    HALL,
    QUIET,
    TABLE,
    Truce,
)
from negosim.testing.strategies import events, histories

ALL = tuple(actor.id for actor in ACTORS)
DAY = Terms.of(Truce.DAY)
PROMISE = e.Promised("p", "ann", "bob", "day", "o", "eve", None, "quiet")


@given(events().filter(lambda event: event.by != getattr(event, "to", None)))
def test_every_event_takes_at_least_a_minute_to_people_at_the_table(event: e.Event) -> None:
    reached, delay = audience(TABLE, event)
    assert delay >= 1
    assert len(set(reached)) == len(reached)
    assert set(reached) <= set(TABLE.actors)


@pytest.mark.parametrize(
    ("event", "reached", "delay"),
    [
        (e.Said("ann", "bob", "quiet", "x"), ("bob",), 30),
        (e.Said("ann", "bob", "hall", "x"), HALL.members, 5),
        (e.Said("ann", "bob", "street", "x"), ALL, 10),
        (e.Met("m", "ann", ("bob", "eve"), "quiet"), ("bob", "eve"), 30),
        (e.Suspended("quiet", "ann"), QUIET.members, 30),
        (e.Announced("a", "ann", "x", 9), ALL, 1),
        (e.Happened("rain", "nature"), ALL, 1),
        (e.Happened("news", "nature", "ann"), ("ann",), 1),
        (e.Chose("ann", "a", ("x",), ((),), "x"), (), 1),
        (e.Lapsed("o", "ann", "bob", "quiet", DAY), ("ann", "bob"), 1),
        (PROMISE, ("ann", "bob", "eve"), 30),
        (e.Kept("p", "ann", "bob", "day"), ("ann", "bob"), 1),
        (e.AnsweredTooLate("o", "ann", "bob", "quiet", DAY), ("bob", "ann"), 30),
        (e.SettledTooLate("p", "ann", "bob", "day", "eve"), ("ann", "bob", "eve"), 1),
    ],
)
def test_who_hears_what_and_when(event: e.Event, reached: tuple[str, ...], delay: int) -> None:
    assert audience(TABLE, event) == (reached, delay)


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (e.Said("ann", "bob", "quiet", "x"), "ann"),
        (e.Kept("p", "ann", "bob", "day"), "ann"),
        (e.Kept("p", "ann", "bob", "day", "", 1000, "eve"), "eve"),
        (e.Broken("p", "ann", "bob", "day", "", "eve"), "eve"),
        (e.SettledTooLate("p", "ann", "bob", "day", "", "kept", 1000, "eve"), "eve"),
        (PROMISE, "nature"),
        (e.Lapsed("o", "ann", "bob", "quiet", DAY), "nature"),
    ],
)
def test_who_brought_it_about(event: e.Event, who: str) -> None:
    assert doer(event) == who


def test_a_formal_channel_without_members_is_everybody_s() -> None:
    table = Table((ANN, BOB, NATURE), (formal("open"),))
    assert audience(table, e.Said("ann", "bob", "open", "x")) == (("ann", "bob"), 1)


def test_the_members_of_a_public_channel_are_those_who_hear_the_public() -> None:
    table = Table((ANN, BOB, EVE, NATURE), (formal("hall", ANN), public(ANN, BOB)))
    assert table.everybody == ("ann", "bob")


def test_names_at_the_table() -> None:
    assert TABLE.side("eve") == "ann"
    assert TABLE.side("ann") == "ann"
    assert TABLE.channel("quiet").kind is Kind.BACKCHANNEL
    with pytest.raises(NotFound, match="did you mean 'hall'"):
        TABLE.channel("hal")
    with pytest.raises(NotFound, match="did you mean 'ann'"):
        TABLE.actor("anne")


@given(histories())
def test_a_view_is_the_fold_of_what_it_saw(history: list[e.Event]) -> None:
    view = view_of(tuple(history), "ann")
    assert view.talks == fold(history)
    for kind in e.EVENTS:
        assert view.all(kind) == tuple(event for event in history if type(event) is kind)


def test_questions_to_a_view_name_the_entries_behind_the_answers() -> None:
    view = View("bob", TABLE)
    for index, what in enumerate(("one", "two", "two")):
        view.see(Entry(index, 10 * index, e.Said("ann", "bob", "quiet", what)))
    view.now = 50
    assert view.consulted == set()
    assert view.last(e.Said, what="two").what == "two"
    assert view.consulted == {2}
    assert view.last(e.Said, what="three") is None
    assert view.minutes_since(e.Said, what="one", by=ANN, channel=QUIET) == 50
    assert view.minutes_since(e.Said, what="three") is None
    assert view.minutes_since(e.Met) is None
    assert view.consulted == {0, 2}
    assert len(view.all(e.Said, what="two")) == 2
    assert view.consulted == {0, 1, 2}
    assert view.standing("offer", "none") is None


def test_what_stands_names_the_entry_through_which_it_stands() -> None:
    offer = e.Offered("o", "ann", "bob", "quiet", DAY)
    late = e.AnsweredTooLate("p", "ann", "bob", "quiet", DAY)
    met = e.Met("visit", "eve", ("ann",), "prison")
    view = view_of((offer, late, e.Granted("visit", "bob", "eve", "prison"), met), "ann")
    assert view.standing("offer", "o") == offer
    assert view.consulted == {0}
    assert view.standing("access", "prison/eve") == met
    assert view.consulted == {0, 3}


# ── trust ───────────────────────────────────────────────────────────────────────────────────────


def test_trust_is_even_where_nothing_was_seen_and_names_all_that_was() -> None:
    view = view_of((e.Kept("p", "ann", "bob", "day"), e.Kept("q", "ann", "bob", "day", "", 500)), "bob")
    assert view.trusts("ann", Aspect.WILL) == (1500 + 1000) * 1000 // (1500 + 500 + 2000)
    assert view.consulted == {0, 1}
    assert view.trusts(BOB, Aspect.WILL) == 500


def test_nobody_learns_of_its_own_will_from_its_own_acts() -> None:
    history = (
        e.Kept("p", "ann", "bob", "day"), e.Broken("q", "ann", "bob", "day", "eve"),
        e.Vetoed("o", "ann", "eve", "quiet", DAY), e.Leaked("ann", "quiet", "o"),
    )  # fmt: skip
    assert view_of(history, "ann").trusts("ann", Aspect.WILL) == 500


def test_a_broken_promise_is_blamed_on_will_and_authority_by_bayes() -> None:
    view = view_of((e.Broken("p", "ann", "bob", "day", "eve"),), "bob")
    assert blame(500, 500) == (666, 334)
    assert view.trust.counts["will" and Aspect.WILL, "ann"] == (0, 666)
    assert view.trust.counts[Aspect.AUTHORITY, "eve"] == (0, 334)
    assert blame(1000, 1000) == (500, 500)


def test_an_envoy_judges_its_principal_alone() -> None:
    view = view_of((e.Broken("p", "ann", "bob", "day", "eve"),), "eve")
    assert set(view.trust.counts) == {(Aspect.WILL, "ann")}


def test_a_veto_tells_against_the_will_behind_it() -> None:
    view = view_of((e.Vetoed("o", "ann", "eve", "quiet", DAY),), "bob")
    assert view.trusts("ann", Aspect.WILL) == 333


def test_secret_meetings_count_as_discretion_until_they_leak() -> None:
    met, leaked = e.Met("m", "ann", ("bob", "eve"), "quiet"), e.Leaked("nature", "quiet", "m")
    view = view_of((met,), "bob")
    assert view.trusts("ann", Aspect.DISCRETION) == view.trusts("eve", Aspect.DISCRETION) == 666
    view.see(Entry(1, 1, leaked))
    assert view.trusts("ann", Aspect.DISCRETION) < 666
    assert view.trusts("max", Aspect.DISCRETION) < 500
    known = view_of((e.Leaked("eve", "quiet", "m"),), "bob")
    assert known.trusts("eve", Aspect.DISCRETION) == 333
    assert known.trusts("ann", Aspect.DISCRETION) == 500


def test_an_open_meeting_tells_nothing_of_discretion() -> None:
    assert view_of((e.Met("m", "ann", ("bob",), "hall"),), "bob").trust == Trust()
