"""What happened: the closed union of events, and the entry that places one in a log.

Every event has an explicit ``name`` and ``version`` (never a class path) and a ``matter``: what
it is about, as (kind, name). ``by`` is always who did it, ``to`` whom it concerns, ``channel``
where it was said. Values are integers, strings, booleans, None and tuples of these.
"""

from __future__ import annotations

from negosim.core.events.base import Effect, Entry, Event, Matter, Reach
from negosim.core.events.execution import (
    ActionStep,
    Announced,
    Believed,
    CalledOff,
    Defied,
    Delivered,
    Doubted,
    Ended,
    Mandated,
    Obeyed,
    Ordered,
    Reached,
    Started,
)
from negosim.core.events.meetings import (
    Chose,
    Granted,
    Happened,
    Leaked,
    Lost,
    Met,
    Refused,
    Requested,
    Resumed,
    Suspended,
)
from negosim.core.events.offers import (
    Agreed,
    AnsweredTooLate,
    Broken,
    Conveyed,
    Kept,
    Lapsed,
    Offered,
    Promised,
    Ratified,
    Rejected,
    Released,
    SettledTooLate,
    Vetoed,
    Withdrawn,
)
from negosim.core.events.words import Branch, Claimed, Denied, Said, UltimatumAnswered, UltimatumPut

EVENTS: tuple[type[Event], ...] = (
    Offered, Agreed, Conveyed, Ratified, Vetoed, Rejected, Withdrawn, Lapsed, AnsweredTooLate,
    Promised, Kept, Broken, Released, SettledTooLate,
    Mandated, Ordered, Delivered, Believed, Doubted, Obeyed, Defied,
    Announced, CalledOff, Started, Reached, Ended,
    UltimatumPut, UltimatumAnswered, Claimed, Denied, Said,
    Requested, Granted, Refused, Met, Suspended, Resumed, Leaked,
    Happened, Chose, Lost,
)  # fmt: skip
"""The whole union, in the order of this page."""

__all__ = [
    "EVENTS",
    "ActionStep",
    "Agreed",
    "Announced",
    "AnsweredTooLate",
    "Believed",
    "Branch",
    "Broken",
    "CalledOff",
    "Chose",
    "Claimed",
    "Conveyed",
    "Defied",
    "Delivered",
    "Denied",
    "Doubted",
    "Effect",
    "Ended",
    "Entry",
    "Event",
    "Granted",
    "Happened",
    "Kept",
    "Lapsed",
    "Leaked",
    "Lost",
    "Mandated",
    "Matter",
    "Met",
    "Obeyed",
    "Offered",
    "Ordered",
    "Promised",
    "Ratified",
    "Reach",
    "Reached",
    "Refused",
    "Rejected",
    "Released",
    "Requested",
    "Resumed",
    "Said",
    "SettledTooLate",
    "Started",
    "Suspended",
    "UltimatumAnswered",
    "UltimatumPut",
    "Vetoed",
    "Withdrawn",
]
