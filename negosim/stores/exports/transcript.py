"""A run ready to be handed on: its log, and what a reader needs to understand it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from msgspec import Struct

from negosim.core.actors import Actor, Channel
from negosim.core.errors import BadValue
from negosim.core.events import Entry, Event
from negosim.core.terms import Terms
from negosim.core.time import Calendar


def _plainly(event: Event) -> str:
    return f"{event.by}: {event.name} {event.matter[1]}"


@frozen(kw_only=True)
class Transcript:
    """A run's log with its key, head and manifest, its calendar, and who took part.

    ``sentence`` puts an event into words, as the timeline of its story does.
    """

    key: str
    head: str
    manifest: Mapping[str, Any]
    entries: tuple[Entry, ...]
    calendar: Calendar
    actors: Mapping[str, Actor]
    channels: Mapping[str, Channel]
    sentence: Callable[[Event], str] = _plainly

    def at(self, entry: Entry) -> datetime:
        """The time of an entry, local where its offset can be written; see ``Calendar.stamp``.

        Raises BadValue when its minute is beyond every date.
        """
        try:
            return self.calendar.stamp(entry.minute)
        except BadValue:
            raise BadValue(f"entry {entry.index}: minute {entry.minute} has no date") from None

    def addressees(self, event: Event) -> tuple[str, ...]:
        """Whom an event concerns besides its doer.

        That is ``to``, or what a claim is about; else the other members of its channel.
        """
        to = getattr(event, "to", "") or getattr(event, "about", "")
        if to:
            return to if isinstance(to, tuple) else (to,)
        channel = self.channels.get(getattr(event, "channel", ""))
        members = channel.members if channel is not None else ()
        return tuple(member for member in members if member != event.by)

    def name(self, id: str) -> str:
        """What an actor is called; whoever is not known by its id."""
        actor = self.actors.get(id)
        return actor.name if actor is not None else id


def fields_of(event: Any) -> Iterator[tuple[str, Any]]:
    """Each field of an event as plain values: Terms as ``{issue: option}``, tuples as lists."""
    return ((name, _plain(getattr(event, name))) for name in event.__struct_fields__)


def _plain(value: Any) -> Any:
    if isinstance(value, Terms):
        return {clause.issue: clause.option for clause in value.clauses}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Struct):
        return dict(fields_of(value))
    return value
