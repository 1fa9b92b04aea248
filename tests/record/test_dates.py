"""EDTF in and out: the subset round-trips, and what is outside it is refused with a reason."""

import re
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
months = moments.map(lambda moment: moment.strftime("%Y-%m"))
seasons = moments.map(lambda moment: f"{moment.year}-{moment.month % 4 + 21}")
years = moments.map(lambda moment: str(moment.year))
decades = st.sampled_from(["201X", "19XX"])
points = days | minutes | months | seasons | years | decades
qualifiers = st.sampled_from(["", "~", "?", "%"])
closing = points | days.map(lambda one: f"{one}T24:00")


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Any text of the subset, reversed intervals left out."""
    shape = draw(st.sampled_from(["point", "approximate", "interval", "from", "until"]))
    if shape == "point":
        return draw(points)
    if shape == "approximate":
        return draw(points) + draw(qualifiers)
    end = draw(st.sampled_from(["..", ""]))
    if shape == "from":
        return f"{draw(points)}{draw(qualifiers)}/{end}"
    if shape == "until":
        return f"{end}/{draw(closing)}{draw(qualifiers)}"
    first, last = sorted((draw(moments), draw(moments)))
    return f"{first:%Y-%m-%dT%H:%M}{draw(qualifiers)}/{last:%Y-%m-%dT%H:%M}{draw(qualifiers)}"


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
        ("2024", -277 * DAY, 89 * DAY - 1, "year"),
        ("202X", -(4 * 365 + 1 + 277) * DAY, (89 + 5 * 365 + 1) * DAY - 1, "decade"),
        ("2024-23", -33 * DAY, 58 * DAY - 1, "season"),
        ("2024-24", 58 * DAY, (89 + 59) * DAY - 1, "season"),
        ("2024-10-XX", -3 * DAY, 28 * DAY - 1, "month"),
        ("2024-XX", -277 * DAY, 89 * DAY - 1, "year"),
        ("2024-XX-XX", -277 * DAY, 89 * DAY - 1, "year"),
        ("2024-11/2024-12", 28 * DAY, 89 * DAY - 1, "interval"),
        ("2024/..", -277 * DAY, None, "open"),
        ("2024-10-05/", DAY, None, "unknown"),
        ("/2024-10-04", None, DAY - 1, "unknown"),
        ("2024-10-04T20:00:00", 1200, 1200, "minute"),
        ("2024-10-04T20:00:59", 1200, 1200, "minute"),
        ("2024-10-04T15:00:00Z", 1200, 1200, "minute"),
        ("2024-10-04T17:00:00+02:00", 1200, 1200, "minute"),
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
    ("text", "approximate", "uncertain"),
    [("1964", False, False), ("1964~", True, False), ("1964?", False, True), ("1964%", True, True),
     ("1964~/2004-06?", True, True), ("../2004-06~", True, False)],
)  # fmt: skip
def test_qualifiers_flag_and_do_not_widen(text: str, approximate: bool, uncertain: bool) -> None:
    span = Span.parse(text, KARACHI)
    assert (span.approximate, span.uncertain) == (approximate, uncertain)
    plain = Span.parse(re.sub("[~?%]", "", text), KARACHI)
    assert (span.earliest, span.latest) == (plain.earliest, plain.latest)


# ── changes of clocks ───────────────────────────────────────────────────────────────────────────

PARIS = Calendar(datetime(2024, 3, 1), "Europe/Paris")


@pytest.mark.parametrize(
    ("zone", "text", "why"),
    [
        ("Europe/Paris", "2024-03-31T02:30", "did not exist in Europe/Paris"),
        ("Europe/Paris", "2024-03-30/2024-03-31T02:00", "did not exist"),
        ("America/Sao_Paulo", "2018-11-04T00:30", "did not exist"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30 did not exist in Pacific/Apia"),
        ("Pacific/Apia", "2011-12-30T12:00", "did not exist"),
    ],
)
def test_what_the_clocks_skipped_is_refused(zone: str, text: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        Span.parse(text, Calendar(datetime(2011, 12, 1), zone))


def test_a_wall_time_that_came_twice_means_both_and_ends_with_the_second() -> None:
    first = PARIS.minute(datetime(2024, 10, 27, 2, 30))
    second = PARIS.minute(datetime(2024, 10, 27, 2, 30, fold=1))
    assert second == first + 60
    point = Span.parse("2024-10-27T02:30", PARIS)
    assert (point.earliest, point.latest) == (first, second)
    assert point.format(PARIS) == "2024-10-27T02:30"
    assert Span.parse("2024-10-27/2024-10-27T02:30", PARIS).latest == second
    assert Span.parse("2024-10-27T02:30/2024-10-28", PARIS).earliest == first
    assert Span(second, second, "minute").format(PARIS) == "2024-10-27T02:30:00+01:00"
    assert Span(second, second + 300).format(PARIS) == "2024-10-27T02:30:00+01:00/2024-10-27T07:30"
    assert Span(first - 300, first).format(PARIS) == "2024-10-26T21:30/2024-10-27T02:30:00+02:00"


def test_a_day_whose_midnight_was_skipped_begins_when_its_clocks_did() -> None:
    calendar = Calendar(datetime(2018, 11, 1), "America/Sao_Paulo")
    day = Span.parse("2018-11-04", calendar)
    assert calendar.iso(day.earliest or 0) == "2018-11-04T01:00-02:00"
    assert day.latest == (day.earliest or 0) + 23 * 60 - 1
    assert day.format(calendar) == "2018-11-04"


@given(
    st.sampled_from([("Europe/Paris", 2024, 10), ("America/Havana", 2024, 10), ("Pacific/Apia", 2011, 12),
                     ("America/Sao_Paulo", 2018, 2), ("Africa/Monrovia", 1972, 1)]),
    st.integers(0, 45 * DAY), st.sampled_from([0, 1, 60, 90, DAY - 1, DAY, 5000]),
)  # fmt: skip
def test_what_is_written_reads_back_around_a_change_of_clocks(
    where: tuple[str, int, int], first: int, length: int
) -> None:
    zone, year, month = where
    calendar = Calendar(datetime(year, month, 1), zone)
    span = Span(first, first + length)
    try:
        written = span.format(calendar)
    except BadValue:
        assert zone == "Africa/Monrovia"  # its offset had seconds: no way to tell minutes apart
    else:
        assert Span.parse(written, calendar) == span


def test_a_span_that_no_date_says_is_not_written() -> None:
    with pytest.raises(BadValue, match="no date says"):
        Span(100, 200, "day").format(PARIS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is not a date"),
        ("tomorrow", "is not a date"),
        ("2024-25", "month must be in 1..12"),
        ("2024-00", "no month or day 00; what is known is 2024$"),
        ("2024-10-00", "no month or day 00; what is known is 2024-10$"),
        ("2024-10-00T08:00", "no month or day 00"),
        ("2024-10-00/2024-10-05", "^'2024-10-00/2024-10-05': .*no month or day 00"),
        ("2024-10-00~", "no month or day 00"),
        ("2024-10-XXT20:00", "a time of day needs a day"),
        ("-1985", "years run from 0001 to 9999"),
        ("Y17000", "years run from 0001 to 9999"),
        ("9999", "out of range"),
        ("２０２４", "is not a date"),
        ("20241014", "is not a date"),
        ("[1667, 1668]", "is not a date"),
        ("2024-10-14T20:00:00+25:00", "is not a date"),
        ("/", "open at both ends"),
        ("2024-13", "month must be in 1..12"),
        ("2024-02-30", "day"),
        ("2024-10-14T25:00", "hour must be in 0..23"),
        ("2024-10-14T24:00", "24:00 only closes an interval"),
        ("2024-10-14T24:00/2024-10-16", "24:00 only closes an interval"),
        ("2024-10-14T24:01/..", "hour"),
        ("../..", "open at both ends"),
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
