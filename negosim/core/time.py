"""Time is integer minutes from the scenario's start; outside, ISO 8601 with offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from attrs import field, frozen

from negosim.core.errors import BadValue, did_you_mean

_OF_THE_MACHINE = ("localtime", "posixrules", "Factory")
_OTHER_CLOCKS = ("posix/", "right/", "SystemV/")
"""Zones that mean another time, or nothing, on another machine."""


def minutes(count: int) -> int:
    """``count`` minutes, in minutes. Raises BadValue for a fraction: time is whole minutes."""
    return whole_minutes(count, "minutes(...)")


def hours(count: float) -> int:
    """``count`` hours, in minutes; the nearest whole minute. Raises BadValue for no number."""
    return _rounded(count, 60, "hours")


def days(count: float) -> int:
    """``count`` days, in minutes; the nearest whole minute. Raises BadValue for no number."""
    return _rounded(count, 1440, "days")


def whole_minutes(value: int, name: str) -> int:
    """``value`` itself. Raises BadValue, with the ``name``, unless it is a whole number."""
    if type(value) is not int:
        raise BadValue(f"{name} is {value!r}; time is whole minutes, such as hours(2) or 90")
    return value


def _rounded(count: float, unit: int, name: str) -> int:
    try:
        return round(count * unit)
    except (TypeError, ValueError, OverflowError):
        raise BadValue(f"{name}({count!r}) is no length of time") from None


@frozen
class Calendar:
    """The scenario's clock: minute 0 is ``begins``, a local time in ``zone``.

    Reads no clock of the machine. Local times are wall times of the zone; minutes count elapsed
    time, so a change to summer time is a jump of the wall clock, not of the minutes.
    """

    begins: datetime = field()
    zone: str = field()
    _zone: ZoneInfo = field(init=False, eq=False, repr=False)
    _origin: datetime = field(init=False, eq=False, repr=False)
    """Minute 0 in UTC."""

    @begins.validator
    def _naive(self, _: object, value: datetime) -> None:
        if value.tzinfo is not None:
            raise BadValue(f"begins must be a local time without offset, not {value.isoformat()}")
        if value.second or value.microsecond:
            raise BadValue(f"begins must be a whole minute, not {value.isoformat()}")

    @zone.validator
    def _known(self, _: object, value: str) -> None:
        if value in _OF_THE_MACHINE or value.startswith(_OTHER_CLOCKS):
            raise BadValue(
                f"time zone {value!r} depends on the machine; name the place, such as Europe/Paris"
            )
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is no zone either
            hint = did_you_mean(value, sorted(available_timezones()))
            raise BadValue(f"no time zone called {value!r}, such as Europe/Paris; {hint}".rstrip("; ")) from None

    def __attrs_post_init__(self) -> None:
        zone = ZoneInfo(self.zone)
        object.__setattr__(self, "_zone", zone)
        try:
            object.__setattr__(self, "_origin", self.begins.replace(tzinfo=zone).astimezone(UTC))
        except OverflowError:
            raise BadValue(_at_the_end(self.begins)) from None
        self.minute(self.begins)  # a start that the clocks skipped is refused

    def minute(self, local: datetime) -> int:
        """The minute of a local time (seconds are cut); of a time that came twice, the first.

        ``fold=1`` means the second, as in the standard library. Raises BadValue for a wall time
        that a change of clocks skipped, and at the limits of the calendar.
        """
        aware = local if local.tzinfo else local.replace(tzinfo=self._zone)
        minute, shown = self._minute(aware)
        if local.tzinfo is None and shown.replace(tzinfo=None) != local:
            raise BadValue(
                f"{local:%Y-%m-%d %H:%M} did not exist in {self.zone}: the clocks went forward, "
                f"so that it was {shown:%Y-%m-%d %H:%M} instead"
            )
        return minute

    def first_minute(self, day: date) -> int:
        """The minute in which a day begins. Raises BadValue for a day that the zone skipped."""
        minute, shown = self._minute(datetime(day.year, day.month, day.day, tzinfo=self._zone))
        # where the clocks go forward at midnight, the day begins later by the wall clock
        if shown.date() != day:
            raise BadValue(f"{day} did not exist in {self.zone}: the calendar skipped it")
        return minute

    def _minute(self, aware: datetime) -> tuple[int, datetime]:
        """The minute of a time, and what the clocks really showed then."""
        try:
            shown = aware.astimezone(UTC).astimezone(aware.tzinfo)
            seconds = (aware.replace(second=0, microsecond=0) - self._origin).total_seconds()
        except OverflowError:
            raise BadValue(_at_the_end(aware)) from None
        return -int((30 - seconds) // 60), shown

    def at(self, text: str) -> int:
        """The minute of a local time written as ISO 8601, such as ``2024-10-15T09:00``.

        Raises BadValue when the text is not a date or a date and time, or never was one.
        """
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise BadValue(f"{text!r} is not a local time such as 2024-10-15T09:00") from error
        return self.minute(moment) if ":" in text else self.first_minute(moment.date())

    def local(self, minute: int) -> datetime:
        """The local time of a minute, with its offset. Raises BadValue beyond the year 9999.

        Always a whole minute by the wall clock: where a zone's clocks once changed by seconds, the
        nearest.
        """
        try:
            local = (self._origin + timedelta(minutes=minute)).astimezone(self._zone)
        except OverflowError:
            raise BadValue(f"minute {minute} has no date: it lies outside the years 1 to 9999") from None
        if local.second:
            local = (local + timedelta(seconds=30)).replace(second=0, fold=local.fold)
        return local

    def stamp(self, minute: int) -> datetime:
        """The time of a minute as RFC 3339 can write it.

        Before its standard time a zone's offset has seconds, for which there is no way to write
        them: such times are given in UTC.
        """
        local = self.local(minute)
        offset = local.utcoffset()
        return local if offset is not None and not offset.seconds % 60 else local.astimezone(UTC)

    def iso(self, minute: int) -> str:
        """The minute as RFC 3339, to the minute: ISO 8601 with offset."""
        stamp = self.stamp(minute)
        return stamp.isoformat(timespec="seconds" if stamp.second else "minutes")

    def dated(self, words: str) -> str:
        """Words with the local time in the place of each ``minute N``, for who reads dates and not the clock."""
        return re.sub(r"\bminute (\d{1,9})\b", lambda found: self.local(int(found[1])).isoformat(" ")[:16], words)

    def next_opening(self, minute: int, opens: int, closes: int) -> int:
        """The first minute at or after ``minute`` inside daily hours.

        ``opens`` and ``closes`` are minutes after local midnight, by the wall clock; hours that
        close before they open run over midnight.
        """

        def of_day(minute: int) -> int:
            local = self.local(minute)
            return local.hour * 60 + local.minute

        def is_open(now: int) -> bool:
            return opens <= now < closes if opens < closes else now >= opens or now < closes

        now = of_day(minute)
        if is_open(now):
            return minute
        opening = minute + (opens - now) % 1440
        if of_day(opening) == opens:
            return opening
        # the clocks change before then: hours may be skipped, or a whole day
        return next(later for later in range(minute, minute + 4 * 1440) if is_open(of_day(later)))


def _at_the_end(moment: datetime) -> str:
    return f"{moment.date()} lies at the end of the calendar, the years 1 to 9999"
