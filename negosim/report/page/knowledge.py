"""The other page: what one actor knew, day by day, and nothing it did not know.

A role sheet for teaching. What did not reach the actor is not in the file, and sources are left
out too, since a record always knows more than somebody in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core import events as e
from negosim.report.page.html import Words, words_in
from negosim.report.page.lanes import LETTERS, Drawings
from negosim.report.page.page import NOTE
from negosim.report.terminal.glyphs import sign_of, stroke_of
from negosim.report.terminal.lanes import Lanes
from negosim.report.terminal.timeline import MOST_LANES
from negosim.report.terminal.timeline_rows import BETWEEN_THE_LINES, concerned, wording_of
from negosim.report.wording.sentences import Speaker, day
from negosim.report.wording.text import clean
from negosim.sim.knowledge import days_of
from negosim.stores.exports.text import name_isolated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.events import Entry
    from negosim.sim.scenario import Scenario

SAME_TIME = 60
"""A word that took longer to arrive, in minutes, is told with the time at which it was said."""
CLAIMS = (e.Claimed, e.Denied)
STANDING = (e.Offered, e.Agreed, e.Ratified, e.Promised, e.UltimatumPut, e.Announced, e.Started, e.Reached, e.Suspended)
"""What is told as open at the end of a day: deals, promises, threats and marches, not news."""


@frozen(kw_only=True)
class Heard:
    """One thing that reached the actor, or that it did itself."""

    at: str
    words: Words
    drawing: str
    stroke: str
    own: bool
    mark: str
    said: str


@frozen
class Day:
    """A day of the actor: what reached it, what it then held to be open, whom it trusted how far."""

    date: str
    iso: str
    heard: tuple[Heard, ...]
    open: tuple[Words, ...]
    trust: tuple[tuple[str, str, int, int], ...]


@frozen(kw_only=True)
class Sheet:
    """What an actor knew. ``trust`` of a day is (aspect, of whom, per cent, change in points)."""

    name: str
    title: str
    actor: str
    about: str
    note: str
    until: str
    days: tuple[Day, ...]
    drawings: Drawings
    actors: tuple[tuple[str, str], ...]
    merged: str
    manifest: Mapping[str, Any]
    command: str
    version: str


def sheet_of(
    scenario: Scenario, entries: Sequence[Entry], actor: str, *, command: str, version: str,
    manifest: Mapping[str, Any], until: int | None = None,
) -> Sheet:  # fmt: skip
    """The sheet of an actor in one log. Raises NotFound for an unknown actor."""
    known = days_of(scenario, entries, actor)
    speaker = Speaker(scenario.table.actors, scenario.calendar, wording=wording_of(scenario))
    reached = [entry for one in known for _, entry in one.reached if not _is_between(entry)]
    busy = [(entry.event.by, *concerned(entry.event)) for entry in reached]
    drawings = Drawings(Lanes.of(busy, list(scenario.table.actors), MOST_LANES))
    days, before = [], dict[Any, int]()
    for one in known:
        heard = tuple(
            _heard(scenario, speaker, drawings, actor, minute, entry)
            for minute, entry in one.reached if not _is_between(entry)
        )  # fmt: skip
        moved = tuple(
            (aspect.value, speaker.name(of), round(mean / 10), round((mean - before.get((aspect, of), 500)) / 10))
            for (aspect, of), mean in one.trust.items() if mean != before.get((aspect, of), 500)
        )
        before = dict(one.trust)
        if heard:
            local = scenario.calendar.local(one.reached[0][0])
            standing = tuple(words_in(speaker, event) for event in one.open if isinstance(event, STANDING))
            days.append(Day(f"{day(local)} {local.year}", local.date().isoformat(), heard, standing, moved))
    who = scenario.table.actor(actor)
    last = scenario.calendar.local(until if until is not None else scenario.ends)
    return Sheet(
        name=scenario.name,
        title=clean(scenario.title),
        actor=speaker.name(actor),
        about=clean(who.about),
        note=NOTE,
        until="" if until is None else f"{day(last)} {last.year}",
        days=tuple(days),
        drawings=drawings,
        actors=tuple(
            (head, speaker.name(id))
            for head, id in zip(drawings.lanes.heads, drawings.lanes.actors, strict=False)
        ),
        merged=", ".join(name_isolated(speaker.name(id)) for id in drawings.lanes.merged),
        manifest=manifest,
        command=command,
        version=version,
    )


def _is_between(entry: Entry) -> bool:
    return isinstance(entry.event, BETWEEN_THE_LINES)


def _heard(
    scenario: Scenario, speaker: Speaker, drawings: Drawings, actor: str, minute: int, entry: Entry
) -> Heard:
    event, local = entry.event, scenario.calendar.local(minute)
    stroke = stroke_of(event, scenario.table.channels)
    happened = scenario.calendar.local(entry.minute)
    late = minute - entry.minute > SAME_TIME
    return Heard(
        at=f"{local:%H:%M}", words=words_in(speaker, event),
        drawing=drawings.name(event.by, concerned(event), stroke, sign_of(event)), stroke=LETTERS[stroke.word],
        own=event.by == actor, mark="claimed" if isinstance(event, CLAIMS) else "",
        said=f"of {day(happened)} {happened:%H:%M}" if late else "",
    )  # fmt: skip
