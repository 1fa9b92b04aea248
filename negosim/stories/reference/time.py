"""The page on dates and times; its text is below, read off the code."""

from __future__ import annotations

import re

from negosim.core.time import Calendar, days, hours, minutes
from negosim.record import dates
from negosim.sim.delays import Between, Pace
from negosim.stories.reference.page import Page, Rows, call_of, first_sentence, signatures

_FORM = re.compile(r"^    (\S.*\S) {2,}(\S.*)$", re.MULTILINE)


def _forms() -> tuple[tuple[str, str], ...]:
    """The forms of dates, as the module that reads them lists them."""
    return tuple((form.rstrip(), words) for form, words in _FORM.findall(dates.__doc__ or ""))


PAGE = Page(
    topic="time",
    about="In a record, dates are EDTF (ISO 8601-2) in local time of the record's zone. In Python, time is whole "
    "minutes from the start of the clock.",
    tables=(
        Rows("Dates in a record", _forms()),
        Rows("Lengths of time in a record", (("2 days", "a number and minutes, hours, days or weeks"),)),
        signatures("Minutes in Python", (minutes, hours, days)),
        signatures("seat.calendar", (
            Calendar.at, Calendar.minute, Calendar.local, Calendar.iso, Calendar.next_opening,
        )),
        Rows("How long deciding takes", (
            (call_of(Pace, leave_out=()), first_sentence(Pace)),
            (call_of(Between, leave_out=()), first_sentence(Between)),
        )),
    ),
    example="""
from datetime import datetime
from negosim import Calendar, Pace, hours

calendar = Calendar(datetime(1724, 3, 1), "UTC")
assert calendar.at("1724-03-02T07:00") == hours(31)
assert calendar.iso(hours(31)) == "1724-03-02T07:00+00:00"
assert Pace(hours(5)).quantile(0.5) == hours(5)
""",
    language="python",
    see=("record", "decisions", "seat"),
)  # fmt: skip
__doc__ = str(PAGE)
