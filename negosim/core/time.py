"""Time is integer minutes from the scenario's start; outside, ISO 8601 with offset."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from attrs import field, frozen

from negosim.core.errors import BadValue, did_you_mean


def minutes(count: int) -> int:
    """``count`` minutes, in minutes."""
    return count


def hours(count: float) -> int:
    """``count`` hours, in minutes."""
    return round(count * 60)


def days(count: float) -> int:
    """``count`` days, in minutes."""
    return round(count * 1440)


@frozen
class Calendar:
    """The scenario's clock: minute 0 is ``begins``, a local time in ``zone``.

    Reads no clock of the machine. Local times are wall times of the zone; minutes count elapsed
    time, so a change to summer time is a jump of the wall clock, not of the minutes.
    """

    begins: datetime = field()
    zone: str = field()

    @begins.validator
    def _naive(self, _: object, value: datetime) -> None:
        if value.tzinfo is not None:
            raise BadValue(f"begins must be a local time without offset, not {value.isoformat()}")

    @zone.validator
    def _known(self, _: object, value: str) -> None:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is no zone either
            hint = did_you_mean(value, sorted(available_timezones()))
            raise BadValue(f"no time zone called {value!r}, such as Europe/Paris; {hint}".rstrip("; ")) from None

    @property
    def _origin(self) -> datetime:
        return self.begins.replace(tzinfo=ZoneInfo(self.zone))

    def minute(self, local: datetime) -> int:
        """The minute of a local time (seconds are cut)."""
        aware = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(self.zone))
        return int((aware.timestamp() - self._origin.timestamp()) // 60)

    def at(self, text: str) -> int:
        """The minute of a local time written as ISO 8601, such as ``2024-10-15T09:00``.

        Raises BadValue when the text is not a date or a date and time.
        """
        try:
            return self.minute(datetime.fromisoformat(text))
        except ValueError as error:
            raise BadValue(f"{text!r} is not a local time such as 2024-10-15T09:00") from error

    def local(self, minute: int) -> datetime:
        """The local time of a minute, with its offset."""
        utc = self._origin.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minute)
        return utc.astimezone(ZoneInfo(self.zone))

    def iso(self, minute: int) -> str:
        """The minute as ISO 8601 with offset, to the minute."""
        return self.local(minute).isoformat(timespec="minutes")

    def next_opening(self, minute: int, opens: int, closes: int) -> int:
        """The first minute at or after ``minute`` inside daily hours.

        ``opens`` and ``closes`` are minutes after local midnight; hours that close before they
        open run over midnight.
        """
        local = self.local(minute)
        of_day = local.hour * 60 + local.minute
        inside = opens <= of_day < closes if opens < closes else of_day >= opens or of_day < closes
        return minute if inside else minute + (opens - of_day) % 1440
