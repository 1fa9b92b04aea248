"""EDTF in and out: the subset round-trips, and what is outside it is refused with a reason."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim.core.errors import BadValue
from negosim.core.time import Calendar
from negosim.record import Span, parse_duration

KARACHI = Calendar(datetime(2024, 10, 4), "Asia/Karachi")
DAY = 1440

calendars = st.builds(
    Calendar,
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(
        lambda one: one.replace(second=0, microsecond=0)
    ),
    st.sampled_from(["Asia/Karachi", "UTC", "Asia/Kathmandu"]),
)
# from 2010 on none of these zones moves its clocks, so every wall time is one minute
moments = st.datetimes(datetime(2010, 1, 1), datetime(2029, 12, 31))
days = moments.map(lambda one: one.strftime("%Y-%m-%d"))
minutes = moments.map(lambda one: one.strftime("%Y-%m-%dT%H:%M"))
months = moments.map(lambda one: one.strftime("%Y-%m"))
points = days | minutes | months
closing = points | days.map(lambda one: f"{one}T24:00")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Any text of the subset, reversed intervals left out."""
    shape = draw(st.sampled_from(["point", "approximate", "interval", "from", "until"]))
    if shape == "point":
        return draw(points)
    if shape == "approximate":
        return draw(points) + "~"
    if shape == "from":
        return f"{draw(points)}/.."
    if shape == "until":
        return f"../{draw(closing)}"
    first, last = sorted((draw(moments), draw(moments)))
    return f"{first:%Y-%m-%dT%H:%M}/{last:%Y-%m-%dT%H:%M}"


@given(texts(), calendars)
def test_a_span_survives_being_written_and_read(text: str, calendar: Calendar) -> None:
    span = Span.parse(text, calendar)
    written = span.format(calendar)
    assert Span.parse(written, calendar) == span
    assert Span.parse(written, calendar).format(calendar) == written


@given(points | points.map(lambda one: one + "~"), calendars)
def test_a_single_date_is_written_as_it_was_read(text: str, calendar: Calendar) -> None:
    assert Span.parse(text, calendar).format(calendar) == text


@given(days, days, calendars)
def test_two_days_make_an_interval_or_are_refused(a: str, b: str, calendar: Calendar) -> None:
    if a > b:
        with pytest.raises(BadValue, match="ends before it begins"):
            Span.parse(f"{a}/{b}", calendar)
    else:
        assert Span.parse(f"{a}/{b}", calendar).format(calendar) == f"{a}/{b}"


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2024-10-04", 0, DAY - 1, "day"),
        ("2024-10-04T20:00", 1200, 1200, "minute"),
        ("2024-10-04T12:00/2024-10-04T24:00", 720, DAY - 1, "interval"),
        ("2024-10-04T23:00/2024-10-05T02:00", 1380, DAY + 120, "interval"),
        ("2024-11", 28 * DAY, 58 * DAY - 1, "month"),
        ("2024-12", 58 * DAY, 89 * DAY - 1, "month"),
        ("../2024-10-04", None, DAY - 1, "open"),
        ("2024-10-05/..", DAY, None, "open"),
        ("2024-10-03", -DAY, -1, "day"),
    ],
)
def test_bounds_in_minutes(
    text: str, earliest: int | None, latest: int | None, precision: str
) -> None:
    span = Span.parse(text, KARACHI)
    assert (span.earliest, span.latest, span.precision) == (earliest, latest, precision)
    assert span.text == text


def test_approximate_keeps_the_strict_bounds() -> None:
    plain, about = Span.parse("2025-01-04", KARACHI), Span.parse("2025-01-04~", KARACHI)
    assert (about.earliest, about.latest) == (plain.earliest, plain.latest)
    assert about.approximate
    assert not plain.approximate


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a date"),
        ("tomorrow", "is not a date"),
        ("2024", "is not a date"),
        ("2024-13", "month must be in 1..12"),
        ("2024-02-30", "day"),
        ("2024-10-14T25:00", "hour must be in 0..23"),
        ("2024-10-14T24:00", "24:00 only closes an interval"),
        ("2024-10-14T24:00/2024-10-16", "24:00 only closes an interval"),
        ("2024-10-14T24:01/..", "hour"),
        ("../..", "open at both ends"),
        ("2024-10-14~/2024-10-15", "single date only"),
        ("2024-10-15/2024-10-14", "ends before it begins"),
        ("2024-10-14/2024-10-15/2024-10-16", "is not a date"),
        ("2024-10-14T20:00+05:00", "is not a date"),
    ],
)
def test_what_is_outside_the_subset_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        Span.parse(text, KARACHI)


@given(st.integers(-5000, 5000))
def test_distance_is_zero_exactly_inside(minute: int) -> None:
    span = Span(100, 200)
    assert (minute in span) == (span.distance(minute) == 0) == (100 <= minute <= 200)
    assert span.distance(minute) == (minute - 100 if minute < 100 else max(minute - 200, 0))


def test_an_open_end_has_no_beyond() -> None:
    assert Span(None, 10).distance(-(10**9)) == 0
    assert Span(10, None).distance(10**9) == 0


@given(st.integers(0, 10_000))
def test_widening_adds_on_both_sides_and_leaves_open_ends(by: int) -> None:
    wide = Span(100, 200).widened(by)
    assert (wide.earliest, wide.latest) == (100 - by, 200 + by)
    assert Span(None, 200).widened(by).earliest is None


@pytest.mark.parametrize(
    ("text", "length"),
    [("1 minute", 1), ("30 minutes", 30), ("12 hours", 720), ("5 days", 7200), ("1 week", 10080)],
)
def test_lengths_of_time(text: str, length: int) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["5", "days", "5days", "-1 days", "1.5 hours", "5 months"])
def test_a_length_needs_a_number_and_a_unit(text: str) -> None:
    with pytest.raises(BadValue, match="a number and a unit"):
        parse_duration(text)
