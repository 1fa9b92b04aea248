"""Values refuse what is outside their limits when they are built, and read well."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim.core import events as e
from negosim.core.actors import (
    Actor,
    Channel,
    Kind,
    backchannel,
    formal,
    orders,
    public,
    slug,
    visit,
)
from negosim.core.errors import (
    BadValue,
    IllegalMove,
    NotFound,
    RecordError,
    StoryRaised,
    did_you_mean,
)
from negosim.core.terms import Clause, Issue, Terms, owed_by
from negosim.core.time import Calendar, days, hours, minutes
from negosim.testing.people import ANN, BOB, Grain, Truce
from negosim.testing.strategies import terms


@pytest.mark.parametrize("name", ["Ann", "a b", "", "-a", "a--b", "ä"])
def test_ids_are_slugs(name: str) -> None:
    with pytest.raises(BadValue, match="is not a slug"):
        Actor(name, "Somebody")


@pytest.mark.parametrize(
    "settings",
    [{"delay": 0}, {"secrecy": 1001}, {"deniability": -1}, {"leak": 1_000_001}, {"loss": -1}],
)
def test_a_channel_outside_its_limits_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(BadValue, match="channel 'x'"):
        Channel("x", Kind.FORMAL, **settings)


def test_channels_by_kind() -> None:
    assert backchannel("x", ANN).deniability == 1000
    assert formal("x", ANN, delay=7).delay == 7
    assert public().kind is Kind.PUBLIC
    assert orders("x", ANN, BOB).members == ("ann", "bob")
    gated = visit("x", ANN, BOB, gate=BOB)
    assert (gated.stops("ann"), gated.stops("bob")) == (True, False)
    assert not visit("x", ANN, BOB, gate=BOB, gated=(BOB,)).stops("ann")
    assert str(gated) == "x"
    assert str(ANN) == "ann"


def test_slugs_of_names() -> None:
    assert slug("STATE_DOCTORS") == slug("StateDoctors") == slug("state doctors") == "state-doctors"


@pytest.mark.parametrize("share", [0, 1001, -5])
def test_a_promise_is_kept_to_some_share(share: int) -> None:
    with pytest.raises(BadValue, match="thousandths"):
        e.Kept("p", "ann", "bob", "day", "", share)


def test_an_ultimatum_needs_two_branches() -> None:
    branch = e.Branch("a", "b", "c")
    with pytest.raises(BadValue, match="two branches"):
        e.UltimatumPut("u", "ann", "bob", "hall", (branch, branch))
    put = e.UltimatumPut("u", "ann", "bob", "hall", (branch, e.Branch("d", "e", "")))
    assert put.what == ("a", "b", "c", "d", "e")


# ── terms ───────────────────────────────────────────────────────────────────────────────────────


def test_a_package_holds_one_option_an_issue_in_the_order_of_the_issues() -> None:
    package = Terms.of(Truce.DAY, Grain.SHIP)
    assert package.slugs == ("ship", "day")
    assert package[Truce] is Truce.DAY
    assert Terms.of(Truce.DAY)[Grain] is None
    assert package.but(Truce.WEEK) == Terms.of(Grain.SHIP, Truce.WEEK)
    assert str(package) == "ship and day"
    assert owed_by(package, ("ann",)) == (Clause("truce", "day", "ann"),)
    assert (Truce.DAY.rank, Truce.WEEK.rank) == (0, 1)


def test_a_package_with_two_options_of_one_issue_or_name_is_refused() -> None:
    with pytest.raises(BadValue, match="an issue twice"):
        Terms.of(Truce.DAY, Truce.WEEK)

    class Calm(Issue, owner=BOB):
        DAY = "a quiet day"

    with pytest.raises(BadValue, match="two options of one name"):
        Terms.of(Truce.DAY, Calm.DAY)


def test_an_issue_may_be_nobody_s() -> None:
    class Weather(Issue):
        SUN = "it shines"

    assert Weather.SUN.clause == Clause("weather", "sun", "")


@given(terms)
def test_the_order_of_options_does_not_matter(package: Terms) -> None:
    assert Terms(tuple(reversed(package.clauses))) == package


# ── time ────────────────────────────────────────────────────────────────────────────────────────

KARLSRUHE = Calendar(datetime(2024, 3, 30, 12), "Europe/Berlin")


def test_durations_are_minutes() -> None:
    assert (minutes(5), hours(1.5), days(2)) == (5, 90, 2880)


@given(st.integers(-500_000, 500_000))
def test_local_time_and_back(minute: int) -> None:
    assert KARLSRUHE.minute(KARLSRUHE.local(minute)) == minute


def test_summer_time_is_a_jump_of_the_wall_clock_not_of_the_minutes() -> None:
    assert KARLSRUHE.at("2024-03-31T12:00") == hours(23)
    assert KARLSRUHE.iso(hours(23)) == "2024-03-31T12:00+02:00"
    assert KARLSRUHE.iso(0) == "2024-03-30T12:00+01:00"


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(BadValue, match="is not a local time"):
        KARLSRUHE.at("tomorrow")
    with pytest.raises(BadValue, match="without offset"):
        Calendar(datetime(2024, 1, 1, tzinfo=UTC), "UTC")
    with pytest.raises(BadValue, match="'Europe/Berlim'.*did you mean 'Europe/Berlin'"):
        Calendar(datetime(2024, 1, 1), "Europe/Berlim")


@given(st.integers(0, 10_000), st.integers(0, 1439), st.integers(0, 1439))
def test_the_next_opening_is_open_and_the_first(minute: int, opens: int, closes: int) -> None:
    calendar = Calendar(datetime(2024, 1, 1), "UTC")
    found = calendar.next_opening(minute, opens, closes)

    def is_open(at: int) -> bool:
        of_day = at % 1440
        return opens <= of_day < closes if opens < closes else of_day >= opens or of_day < closes

    assert minute <= found < minute + 1440
    assert is_open(found)
    assert found == minute or not any(map(is_open, range(minute, found)))


# ── errors ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "error",
    [
        NotFound("actor", "anne", ("ann",)),
        StoryRaised("KeyError: 1", "story.py:7"),
        RecordError(("a", "b")),
        IllegalMove("no"),
    ],
)
def test_errors_survive_being_rebuilt_and_pickled(error: Exception) -> None:
    assert str(type(error)(*error.args)) == str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_errors_say_what_is_known_and_the_nearest() -> None:
    assert str(NotFound("actor", "anne", ("ann", "bob"))) == (
        "no actor called 'anne'\ndid you mean 'ann'?\nknown: ann, bob"
    )
    assert str(NotFound("actor", "x")) == "no actor called 'x'"
    many = tuple(f"name-{number}" for number in range(20))
    assert str(NotFound("actor", "?", many)).endswith("name-11, ...")
    assert did_you_mean("zzz", ("ann",)) == ""
    assert str(RecordError(("one", "two"))) == "one\ntwo"
    assert "at story.py:7" in str(StoryRaised("KeyError: 1", "story.py:7"))
