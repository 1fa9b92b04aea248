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


@pytest.mark.parametrize(
    ("zone", "begins", "now", "opening"),
    [
        ("Europe/Paris", (2024, 3, 25), (2024, 3, 30, 20), "2024-03-31T09:00+02:00"),
        ("Europe/Paris", (2024, 10, 20), (2024, 10, 26, 20), "2024-10-27T09:00+01:00"),
        ("Europe/Paris", (2024, 3, 31), (2024, 3, 31), "2024-03-31T09:00+02:00"),
        ("Asia/Karachi", (2008, 5, 25), (2008, 5, 31, 20), "2008-06-01T09:00+06:00"),
        ("Pacific/Apia", (2011, 12, 28), (2011, 12, 29, 20), "2011-12-31T09:00+14:00"),
    ],
)
def test_offices_open_by_the_wall_clock_also_when_it_changes(
    zone: str, begins: tuple[int, int, int], now: tuple[int, ...], opening: str
) -> None:
    calendar = Calendar(datetime(*begins), zone)
    minute = calendar.minute(datetime(*now))  # type: ignore[arg-type]
    assert calendar.iso(calendar.next_opening(minute, 9 * 60, 17 * 60)) == opening


def test_hours_that_the_clocks_skipped_open_the_next_day() -> None:
    calendar = Calendar(datetime(2024, 3, 31), "Europe/Paris")
    assert calendar.iso(calendar.next_opening(0, 2 * 60 + 15, 2 * 60 + 45)) == "2024-04-01T02:15+02:00"
    assert calendar.iso(calendar.next_opening(0, 2 * 60 + 15, 4 * 60)) == "2024-03-31T03:00+02:00"


@pytest.mark.parametrize("zone", ["localtime", "Factory", "posixrules", "posix/Europe/Paris", "right/Europe/Paris"])
def test_a_zone_that_is_another_on_another_machine_is_refused(zone: str) -> None:
    with pytest.raises(BadValue, match="depends on the machine"):
        Calendar(datetime(2024, 1, 1), zone)


@pytest.mark.parametrize("zone", ["Europe/Vienna", "Europe/Amsterdam", "Europe/Paris", "Africa/Monrovia"])
def test_minutes_and_wall_times_agree_over_the_coming_of_standard_time(zone: str) -> None:
    begins = {"Europe/Vienna": 1893, "Europe/Amsterdam": 1937, "Europe/Paris": 1891, "Africa/Monrovia": 1972}[zone]
    calendar = Calendar(datetime(begins, 1, 1), zone)
    for minute in range(0, days(200), 97):
        local = calendar.local(minute)
        assert local.second == 0
        assert calendar.minute(local) == calendar.minute(local.replace(tzinfo=None)) == minute


def test_an_offset_with_seconds_is_written_in_utc() -> None:
    calendar = Calendar(datetime(1815, 3, 1), "Europe/Vienna")
    assert calendar.local(0).isoformat() == "1815-03-01T00:00:00+01:05:21"
    assert calendar.iso(0) == "1815-02-28T22:54:39+00:00"
    assert datetime.fromisoformat(calendar.iso(0)) == calendar.stamp(0) == calendar.local(0)


def test_the_calendar_ends_in_words() -> None:
    west = Calendar(datetime(9999, 12, 31), "America/New_York")
    for refused in (
        lambda: KARLSRUHE.local(10**10), lambda: KARLSRUHE.iso(-(10**10)), lambda: west.local(days(1)),
        lambda: Calendar(datetime(1, 1, 2), "Asia/Karachi").at("0001-01-01"), lambda: KARLSRUHE.at("0001-01-01"),
    ):  # fmt: skip
        with pytest.raises(BadValue, match=r"years 1 to 9999"):
            refused()


def test_wall_times_that_were_skipped_are_refused_everywhere() -> None:
    with pytest.raises(BadValue, match="did not exist in Europe/Berlin.*it was 2024-03-31 03:30 instead"):
        KARLSRUHE.at("2024-03-31T02:30")
    with pytest.raises(BadValue, match="did not exist"):
        Calendar(datetime(2024, 3, 31, 2, 30), "Europe/Berlin")
    with pytest.raises(BadValue, match="whole minute"):
        Calendar(datetime(2024, 3, 31, 4, 30, 15), "Europe/Berlin")


def test_a_fraction_of_a_minute_is_no_time() -> None:
    with pytest.raises(BadValue, match="time is whole minutes"):
        minutes(0.5)  # type: ignore[arg-type]
    for refused in (float("nan"), float("inf"), "2", None):
        with pytest.raises(BadValue, match="no length of time"):
            hours(refused)  # type: ignore[arg-type]


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
