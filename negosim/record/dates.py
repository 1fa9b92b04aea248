"""Imprecise dates: EDTF (ISO 8601-2:2019, levels 0 and 1), read into minutes and written back.

    2024-10-14   2024-11   2024       a day, a month, a year
    2024-22                           a season: 21 spring, 22 summer, 23 autumn, 24 winter
    2024-10-XX   2024-XX   199X       a digit that is not known: the whole month, year or decade
    2024-10-14T20:00:00+05:00         a moment; its offset may be left out
    2024-10-14/2024-10-16             an interval between dates
    ../2024-10-14   2024-11-26/..     open at one end
    /2024-10-14     2024-11-26/       the other end exists and is not known
    2025-01-04~  ?  %                 approximate, uncertain, both: the same bounds, flagged

Beyond EDTF, because negotiations have hours: a time without seconds (``2024-10-14T20:00``), as a
point and as an end of an interval, where ``T24:00`` closes a day.

EDTF leaves the months of seasons open. Here they are the meteorological ones of the northern
hemisphere: spring from March, summer from June, autumn from September, winter from December into
the next year.

Times without offset are wall times of the record's zone. A wall time that the clocks skipped is
refused. One that came twice means both; as the end of an interval it is the second. A span
includes both its bounds, so a day ends with its minute 23:59; whoever waits for the end of a span
waits for ``latest + 1``.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Literal

from attrs import evolve, field, frozen

from negosim.core.errors import BadValue
from negosim.core.time import Calendar

Shape = Literal[
    "minute", "day", "month", "season", "year", "decade", "century", "interval", "open", "unknown"
]

SEASONS = {21: 3, 22: 6, 23: 9, 24: 12}
"""The first month of each season, by its EDTF number."""

_EXAMPLES = "2024-10-14, 2024-10-14T20:00, 2024-11, 2024 or 2024-10-14/2024-10-16"
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_UNSPECIFIED = re.compile(r"\d\dXX|\d{3}X|(\d{4})-XX(?:-XX)?|(\d{4}-\d\d)-XX", re.ASCII)
_TIME = re.compile(r"(.{10})T(\d\d:\d\d)(:\d\d(?:Z|[+-]\d\d(?::\d\d)?)?)?", re.ASCII)
_QUALIFIERS = "~?%"
_DURATION = re.compile(r"(\d+) (minute|hour|day|week)s?", re.ASCII)
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


@frozen
class Span:
    """The minutes from ``earliest`` to ``latest``, both included; ``None`` is an open end.

    ``precision`` is the shape of the date as written; ``qualifier`` is ``~``, ``?`` or ``%``, of
    an interval both ends' with a stroke between; ``text`` the words themselves (not part of
    equality). Raises BadValue when reversed, or open at both ends.
    """

    earliest: int | None
    latest: int | None
    precision: Shape = "interval"
    qualifier: str = ""
    text: str = field(default="", eq=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.earliest is None and self.latest is None:
            raise BadValue("a date that is open at both ends says nothing")
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise BadValue("the date ends before it begins")

    @property
    def approximate(self) -> bool:
        """Whether the date, or an end of it, is only near the truth (``~`` or ``%``)."""
        return "~" in self.qualifier or "%" in self.qualifier

    @property
    def uncertain(self) -> bool:
        """Whether the date, or an end of it, may be wrong (``?`` or ``%``)."""
        return "?" in self.qualifier or "%" in self.qualifier

    @classmethod
    def parse(cls, text: str, calendar: Calendar) -> Span:
        """The span of a date's text, in minutes of ``calendar``.

        Raises BadValue, saying what is wrong, when the text is not among those above.
        """
        if "/" in text:
            return _interval(text, calendar)
        date_text, qualifier = _unqualified(text)
        earliest, latest, shape = _point(date_text, calendar)
        return cls(earliest, latest, shape, qualifier, text=text)

    def format(self, calendar: Calendar) -> str:
        """The span as text, built from its minutes: ``parse`` of it gives an equal span.

        Raises BadValue for a span that no date can say.
        """
        text = self._single(calendar) or self._interval(calendar)
        if Span.parse(text, calendar) != self:
            raise BadValue(f"no date says the minutes from {self.earliest} to {self.latest} exactly")
        return text

    def _single(self, calendar: Calendar) -> str:
        """The text of a date that is no interval; empty for an interval."""
        if self.earliest is None or self.precision in ("interval", "open", "unknown"):
            return ""
        first = calendar.local(self.earliest)
        day = first.date().isoformat()
        season = (number for number, month in SEASONS.items() if month == first.month)
        texts = {
            "minute": _moment(self.earliest, calendar, (0, 1) if self.earliest == self.latest else (0,)),
            "day": day, "month": day[:7], "year": day[:4], "decade": f"{day[:3]}X",
            "century": f"{day[:2]}XX", "season": f"{day[:4]}-{next(season, 0)}",
        }  # fmt: skip
        return texts[self.precision] + self.qualifier

    def _interval(self, calendar: Calendar) -> str:
        """The text of an interval."""
        timed = not (self._begins_a_day(calendar) and self._ends_a_day(calendar))
        before, _, after = self.qualifier.partition("/")
        no_end = "" if self.precision == "unknown" else ".."
        start = no_end if self.earliest is None else _start(self.earliest, calendar, timed)
        end = no_end if self.latest is None else _end(self.latest, calendar, timed)
        return f"{start}{before}/{end}{after}"

    def _begins_a_day(self, calendar: Calendar) -> bool:
        if self.earliest is None:
            return True
        return self.earliest == calendar.first_minute(calendar.local(self.earliest).date())

    def _ends_a_day(self, calendar: Calendar) -> bool:
        if self.latest is None:
            return True
        return calendar.local(self.latest + 1).date() != calendar.local(self.latest).date()

    def widened(self, minutes: int) -> Span:
        """The span with ``minutes`` more on both sides."""
        if not minutes:
            return self
        return evolve(
            self,
            earliest=None if self.earliest is None else self.earliest - minutes,
            latest=None if self.latest is None else self.latest + minutes,
            precision=self.precision if self.precision in ("open", "unknown") else "interval",
        )

    def distance(self, minute: int) -> int:
        """Minutes from ``minute`` to the span: negative before it, 0 inside, positive after."""
        if self.earliest is not None and minute < self.earliest:
            return minute - self.earliest
        if self.latest is not None and minute > self.latest:
            return minute - self.latest
        return 0

    def __contains__(self, minute: object) -> bool:
        return isinstance(minute, int) and self.distance(minute) == 0


def parse_duration(text: str) -> int:
    """A length of time such as ``5 days`` or ``12 hours``, in minutes.

    Raises BadValue when it is not a number and a unit.
    """
    if match := _DURATION.fullmatch(text):
        return int(match[1]) * _MINUTES[match[2]]
    raise BadValue(f"{text!r} is not a number and a unit, such as '5 days' or '12 hours'")


def _interval(text: str, calendar: Calendar) -> Span:
    ends = text.split("/")
    if len(ends) != 2:
        raise BadValue(f"{text!r} is not a date; an interval has two ends, such as {_EXAMPLES}")
    (start, before), (end, after) = map(_unqualified, ends)
    none = ("", "..")
    try:
        earliest = None if start in none else _point(start, calendar)[0]
        latest = None if end in none else _point(end, calendar, closes=True)[1]
        shape: Shape = "interval" if None not in (earliest, latest) else "unknown" if "" in ends else "open"
        qualifier = f"{before}/{after}" if before or after else ""
        return Span(earliest, latest, shape, qualifier, text=text)
    except BadValue as error:
        raise BadValue(f"{text!r}: {error}") from None


def _unqualified(text: str) -> tuple[str, str]:
    """A date without its qualifier, and the qualifier."""
    if text and text[-1] in _QUALIFIERS:
        return text[:-1], text[-1]
    return text, ""


def _point(text: str, calendar: Calendar, *, closes: bool = False) -> tuple[int, int, Shape]:
    """The first and last minute of a date that is no interval, and its shape."""
    try:
        if time := _TIME.fullmatch(text):
            return _timed(time, calendar, closes=closes)
        first, after, shape = _days(text)
        return calendar.first_minute(first), calendar.first_minute(after) - 1, shape
    except BadValue:
        raise
    except (ValueError, OverflowError) as error:
        raise BadValue(f"{text!r} is not a date: {error}") from None


def _timed(time: re.Match[str], calendar: Calendar, *, closes: bool) -> tuple[int, int, Shape]:
    """The bounds of a moment: both minutes of a wall time that came twice."""
    text, (day, clock, rest) = time[0], time.groups()
    first, after, shape = _days(day)
    if shape != "day":
        raise BadValue(f"{text!r} is not a date: a time of day needs a day")
    if clock == "24:00" and not rest:
        if not closes:
            raise BadValue(f"{text!r}: 24:00 only closes an interval; write 00:00 of the next day")
        last = calendar.first_minute(after) - 1
        return last, last, "minute"
    moment = datetime.fromisoformat(f"{first}T{clock}{rest or ''}").replace(second=0)
    earliest = calendar.minute(moment)
    latest = earliest if moment.tzinfo else calendar.minute(moment.replace(fold=1))
    return (latest if closes else earliest), latest, "minute"


def _days(text: str) -> tuple[date, date, Shape]:
    """The first day of a date without time, the day after its last, and its shape.

    Raises BadValue, or ValueError where the calendar has no such day.
    """
    if unspecified := _UNSPECIFIED.fullmatch(text):
        whole = unspecified[1] or unspecified[2]
        if whole:
            return _days(whole)
        years = 100 if text.endswith("XX") else 10
        first = date(int(text.replace("X", "0")) or 1, 1, 1)
        return first, date(first.year // years * years + years, 1, 1), "century" if years == 100 else "decade"
    match = _DATE.fullmatch(text)
    if not match:
        hint = "; years run from 0001 to 9999" if re.match(r"Y-?\d|-\d", text) else ""
        raise BadValue(f"{text!r} is not a date such as {_EXAMPLES}{hint}")
    if "00" in (match[2], match[3]):
        known = text[: text.index("-00")]
        raise BadValue(f"{text!r} is not a date: there is no month or day 00; what is known is {known}")
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if match[3]:
        first = date(year, month, day)
        return first, first + timedelta(days=1), "day"
    if not match[2]:
        return date(year, 1, 1), date(year + 1, 1, 1), "year"
    if month in SEASONS:
        return _month(year, SEASONS[month]), _month(year, SEASONS[month] + 3), "season"
    return date(year, month, 1), _month(year, month + 1), "month"


def _month(year: int, month: int) -> date:
    """The first of a month, counted on into the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _moment(minute: int, calendar: Calendar, folds: tuple[int, ...]) -> str:
    """A minute by the wall clock; with its offset where that would be read as another minute.

    ``folds``: which of two equal wall times a reader takes, 0 the first and 1 the second.
    """
    local = calendar.local(minute)
    wall = local.replace(tzinfo=None)
    if all(calendar.minute(wall.replace(fold=fold)) == minute for fold in folds):
        return wall.isoformat(timespec="minutes")
    if calendar.stamp(minute).utcoffset() != local.utcoffset():
        raise BadValue(f"{wall} came twice in {calendar.zone}, and no offset tells its minutes apart")
    return local.isoformat(timespec="seconds")


def _start(minute: int, calendar: Calendar, timed: bool) -> str:
    if not timed:
        return calendar.local(minute).date().isoformat()
    return _moment(minute, calendar, (0,))


def _end(minute: int, calendar: Calendar, timed: bool) -> str:
    local = calendar.local(minute)
    if not timed:
        return local.date().isoformat()
    if calendar.local(minute + 1).date() > local.date():
        return f"{local.date()}T24:00"
    return _moment(minute, calendar, (1,))
