"""An actor's view at any minute, folded anew from the entries that reached it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from negosim.core import events as e
from negosim.core.trust import Trust
from negosim.core.views import View, audience, doer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.events import Entry
    from negosim.core.views import Table
    from negosim.sim.scenario import Scenario


def view_at(scenario: Scenario, entries: Sequence[Entry], actor: str, minute: int) -> View:
    """What ``actor`` knew at the end of ``minute``: its standings and all that had reached it.

    Raises NotFound for an unknown actor.
    """
    scenario.table.actor(actor)
    view = View(actor, scenario.table, standing_trust(scenario, actor))
    for arrived, entry in arrivals(scenario.table, entries, actor):
        if arrived > minute:
            break
        view.see(entry)
    view.now = minute
    return view


def standing_trust(scenario: Scenario, viewer: str) -> Trust:
    """The viewer's trust before anything happens."""
    trust = Trust()
    for one in scenario.standings:
        if one.viewer.id == viewer:
            trust = trust.saw(one.aspect, one.of.id, one.good, one.bad)
    return trust


def arrivals(table: Table, entries: Sequence[Entry], actor: str) -> Iterator[tuple[int, Entry]]:
    """The entries that reached an actor, each with the minute it did, in the order they did.

    Within a minute what others did comes first, by doer, then what the actor did itself, as it
    was meant. An order is delivered in its turn among what others did.
    """
    lost = {one.event.entry for one in entries if isinstance(one.event, e.Lost) and one.event.to == actor}
    found: list[tuple[tuple[int, bool, str, int, bool], Entry]] = []
    for entry in entries:
        author, event = doer(entry.event), entry.event
        if author == actor:
            sent = entries[entry.causes[0]] if isinstance(event, e.Delivered) else None
            place = (True, "", entry.index) if sent is None else (False, doer(sent.event), sent.index)
            own = entry if event.as_meant is event else evolve(entry, event=event.as_meant)
            found.append(((entry.minute, *place, True), own))
        reached, delay = audience(table, event)
        if actor in reached and (author != actor or event.as_meant is not event) and entry.index not in lost:
            found.append(((entry.minute + delay, False, author, entry.index, False), entry))
    for key, entry in sorted(found, key=lambda pair: pair[0]):
        yield key[0], entry
