"""Imprecise dates: a small subset of EDTF (ISO 8601-2), read into minutes and written back.

    2024-10-14                          a day
    2024-10-14T20:00                    a minute
    2024-11                             a month
    2024-10-14T12:00/2024-10-14T24:00   an interval; 24:00 closes a day
    ../2024-10-14   2024-11-26/..       open at one end
    2025-01-04~                         approximate: the same bounds, flagged

Times are wall times of the record's zone. A span includes both its bounds, so a day ends with
its minute 23:59; a reader who waits for the end of a span waits for ``latest + 1``.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal

from attrs import evolve, field, frozen

from negosim.core.errors import BadValue
from negosim.core.time import Calendar

Shape = Literal["minute", "day", "month", "interval", "open"]

_POINT = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?")
_DURATION = re.compile(r"(\d+) (minute|hour|day|week)s?")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10080}


@frozen
class Span:
    """The minutes from ``earliest`` to ``latest``, both included; ``None`` is an open end.

    ``precision`` is the shape of the date as written, ``text`` the words themselves (not part
    of equality). Raises BadValue when reversed, or open at both ends.
    """

    earliest: int | None
    latest: int | None
    precision: Shape = "interval"
    approximate: bool = False
    text: str = field(default="", eq=False)

    def __attrs_post_init__(self) -> None:
        if self.earliest is None and self.latest is None:
            raise BadValue("a date that is open at both ends says nothing")
        if self.earliest is not None and self.latest is not None and self.earliest > self.latest:
            raise BadValue("the date ends before it begins")

    @classmethod
    def parse(cls, text: str, calendar: Calendar) -> Span:
        """The span of an EDTF text, in minutes of ``calendar``.

        Raises BadValue, saying what is wrong, when the text is not in the subset.
        """
        if "/" in text:
            return _interval(text, calendar)
        point = text.removesuffix("~")
        earliest, latest, shape = _point(point, calendar)
        return cls(earliest, latest, shape, point != text, text)

    def format(self, calendar: Calendar) -> str:
        """The span as EDTF, built from its minutes: ``parse`` of it gives an equal span."""
        first = None if self.earliest is None else calendar.local(self.earliest)
        last = None if self.latest is None else calendar.local(self.latest)
        tail = "~" if self.approximate else ""
        if self.precision in ("minute", "day", "month") and first is not None:
            pattern = {"minute": "%Y-%m-%dT%H:%M", "day": "%Y-%m-%d", "month": "%Y-%m"}
            return first.strftime(pattern[self.precision]) + tail
        starts_day = first is None or (first.hour, first.minute) == (0, 0)
        ends_day = last is None or (last.hour, last.minute) == (23, 59)
        timed = not (starts_day and ends_day)
        return f"{_start(first, timed)}/{_end(last, timed)}"

    def widened(self, minutes: int) -> Span:
        """The span with ``minutes`` more on both sides."""
        if not minutes:
            return self
        return evolve(
            self,
            earliest=None if self.earliest is None else self.earliest - minutes,
            latest=None if self.latest is None else self.latest + minutes,
            precision="interval" if self.precision != "open" else "open",
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
    if found := _DURATION.fullmatch(text):
        return int(found[1]) * _MINUTES[found[2]]
    raise BadValue(f"{text!r} is not a number and a unit, such as '5 days' or '12 hours'")


def _interval(text: str, calendar: Calendar) -> Span:
    start, _, end = text.partition("/")
    if "~" in text:
        raise BadValue(f"{text!r}: an interval is doubt enough; write ~ on a single date only")
    earliest = None if start == ".." else _point(start, calendar)[0]
    latest = None if end == ".." else _point(end, calendar, closes=True)[1]
    shape: Shape = "open" if ".." in (start, end) else "interval"
    try:
        return Span(earliest, latest, shape, False, text)
    except BadValue as error:
        raise BadValue(f"{text!r}: {error}") from None


def _point(text: str, calendar: Calendar, *, closes: bool = False) -> tuple[int, int, Shape]:
    found = _POINT.fullmatch(text)
    if not found:
        raise BadValue(f"{text!r} is not a date such as 2024-10-14, 2024-10-14T20:00 or 2024-11")
    year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
    try:
        begin = datetime(year, month, day or 1)
        if found[3] is None:
            after = datetime(year + month // 12, month % 12 + 1, 1)
            return calendar.minute(begin), calendar.minute(after) - 1, "month"
        after = begin + timedelta(days=1)
        if found[4] is None:
            return calendar.minute(begin), calendar.minute(after) - 1, "day"
        if (hour, minute) != (24, 0):
            at = calendar.minute(begin.replace(hour=hour, minute=minute))
            return at, at, "minute"
    except (ValueError, OverflowError) as error:
        raise BadValue(f"{text!r} is not a date: {error}") from None
    if not closes:
        raise BadValue(f"{text!r}: 24:00 only closes an interval; write 00:00 of the next day")
    last = calendar.minute(after) - 1
    return last, last, "minute"


def _start(local: datetime | None, timed: bool) -> str:
    if local is None:
        return ".."
    return local.strftime("%Y-%m-%dT%H:%M" if timed else "%Y-%m-%d")


def _end(local: datetime | None, timed: bool) -> str:
    if local is None:
        return ".."
    if timed and (local.hour, local.minute) == (23, 59):
        return local.strftime("%Y-%m-%dT24:00")
    return _start(local, timed)
