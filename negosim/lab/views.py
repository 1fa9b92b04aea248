"""An actor's view at any minute, folded anew from the entries that reached it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.trust import Trust
from negosim.core.views import View, audience

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

    Within a minute what others did comes first, by doer, then what the actor did itself.
    """
    lost = {one.event.entry for one in entries if isinstance(one.event, e.Lost) and one.event.to == actor}
    found: list[tuple[int, bool, str, int]] = []
    for entry in entries:
        who = doer(entries, entry)
        if who == actor:
            found.append((entry.minute, True, "", entry.index))
            continue
        reached, delay = audience(table, entry.event)
        if actor in reached and entry.index not in lost:
            found.append((entry.minute + delay, False, who, entry.index))
    for minute, _, _, index in sorted(found):
        yield minute, entries[index]


def doer(entries: Sequence[Entry], entry: Entry) -> str:
    """Who brought an entry about: its ``by``, except for what Nature or a deal brings."""
    event = entry.event
    if isinstance(event, e.Lapsed):
        return NATURE.id
    if isinstance(event, e.Promised):
        return entries[entry.causes[0]].event.by
    return event.by
