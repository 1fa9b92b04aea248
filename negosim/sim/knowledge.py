"""An actor's view at any minute, folded anew from the entries that reached it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from msgspec.structs import replace

from negosim.core import events as e
from negosim.core.views import View, audience, doer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from negosim.core.events import Entry, Event
    from negosim.core.trust import Aspect
    from negosim.core.views import Table
    from negosim.sim.scenario import Scenario


def view_at(scenario: Scenario, entries: Sequence[Entry], actor: str, minute: int) -> View:
    """What ``actor`` knew at the end of ``minute``: its initial trust and all that had reached it.

    Raises NotFound for an unknown actor.
    """
    scenario.table.actor(actor)
    view = View(actor, scenario.table, scenario.setting.trust_of(actor))
    for arrived, entry in arrivals(scenario.table, entries, actor):
        if arrived > minute:
            break
        view.see(entry)
    view.now = minute
    return view


def arrivals(table: Table, entries: Sequence[Entry], actor: str) -> Iterator[tuple[int, Entry]]:
    """The entries that reached an actor, each with the minute it did, in the order they did.

    Within a minute what others did comes first, by doer, then what the actor did itself, as it
    was meant. An order is delivered in its turn among what others did.
    """
    lost = {entry.event.entry for entry in entries if isinstance(entry.event, e.Lost) and entry.event.to == actor}
    found: list[tuple[tuple[int, bool, str, int, bool], Entry]] = []
    for entry in entries:
        author, event = doer(entry.event), entry.event
        if author == actor:
            sent = entries[entry.causes[0]] if isinstance(event, e.Delivered) else None
            place = (True, "", entry.index) if sent is None else (False, doer(sent.event), sent.index)
            meant = entry if event.as_meant is event else replace(entry, event=event.as_meant)
            found.append(((entry.minute, *place, True), meant))
        reached, delay = audience(table, event)
        if actor in reached and (author != actor or event.as_meant is not event) and entry.index not in lost:
            found.append(((entry.minute + delay, False, author, entry.index, False), entry))
    for key, entry in sorted(found, key=lambda pair: pair[0]):
        yield key[0], entry


@frozen
class Known:
    """One day of an actor: what reached it (with the minute), and what it then held.

    ``open`` are the events through which matters stand in its view at the end of the day;
    ``trust`` its expectations of others, in thousandths, by aspect and whom they are of.
    """

    day: int
    reached: tuple[tuple[int, Entry], ...]
    open: tuple[Event, ...]
    trust: Mapping[tuple[Aspect, str], int]


def days_of(scenario: Scenario, entries: Sequence[Entry], actor: str) -> tuple[Known, ...]:
    """What an actor knew, by the local days on which something reached it, in order.

    A view is a fold, so each day's is the one before with what came since. A day is counted from
    that of minute 0. Raises NotFound for an unknown actor.
    """
    scenario.table.actor(actor)
    calendar = scenario.calendar
    first = calendar.local(0).date()
    by_day: dict[int, list[tuple[int, Entry]]] = {}
    for minute, entry in arrivals(scenario.table, entries, actor):
        by_day.setdefault((calendar.local(minute).date() - first).days, []).append((minute, entry))
    view = View(actor, scenario.table, scenario.setting.trust_of(actor))
    found = []
    for day, reached in by_day.items():
        for _, entry in reached:
            view.see(entry)
        counted, open_ = view.trust, view.talks.open
        trusted = sorted(counted.counts, key=lambda key: (key[1], key[0].value))
        trust = {key: counted.mean(*key) for key in trusted}
        standing = tuple(open_[matter] for matter in sorted(open_))
        found.append(Known(day, tuple(reached), standing, trust))
    return tuple(found)
