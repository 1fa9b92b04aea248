"""A page as values: what is to be read, in the order in which it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core.actors import Channel
from negosim.core.actors import Kind as ChannelKind
from negosim.core.events import Chose
from negosim.report.bargaining.page import bargained
from negosim.report.page.answers import rivalry_of, study_of
from negosim.report.page.beside import beside_fact, changed_course, cut, extras, knowledge_of
from negosim.report.page.figures import months_of
from negosim.report.page.history import anchors_of, history_of
from negosim.report.page.odds import odds_of
from negosim.report.page.sources import Citations
from negosim.report.results import sentence
from negosim.report.terminal.timeline_rows import facts_of, wording_of
from negosim.report.wording.key import SIMULATED
from negosim.report.wording.numbers import many
from negosim.report.wording.sentences import Speaker, day
from negosim.report.wording.text import clean
from negosim.stores.exports.text import name_isolated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.dossier import Dossier
    from negosim.record import Record
    from negosim.report.bargaining.page import Bargained
    from negosim.report.page.answers import Rivalry, Study
    from negosim.report.page.beside import Column, Extra, Other
    from negosim.report.page.history import Documented, History
    from negosim.report.page.odds import Odds
    from negosim.report.page.sources import Listed
    from negosim.report.wording.key import Mark

NOTE = "Model result, not a historical finding."
MOST_ACTORS = 8
"""Actors whose knowledge can stand beside the record."""


@frozen(kw_only=True)
class Row:
    """One row of the table: a fact with what the columns say of it, a move of theirs, or where they part."""

    day: str
    fact: Documented | None = None
    beside: tuple[Other, ...] = ()
    extra: Extra | None = None
    when: str = ""
    forks: tuple[tuple[int, str], ...] = ()


@frozen(kw_only=True)
class Page:
    """Everything a reader sees; ``months`` are the places of month names on an axis of 0 to 1."""

    name: str
    title: str
    span: str
    shown_until: str
    headline: str
    history: History
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    marks: tuple[Mark, ...]
    actors: tuple[tuple[str, str], ...]
    merged: str
    studies: tuple[Study, ...]
    odds: Odds | None
    bargain: Bargained | None
    rivals: tuple[Rivalry, ...]
    sources: tuple[Listed, ...]
    origins: int
    manifest: Mapping[str, Any]
    command: str
    version: str

    @property
    def note(self) -> str:
        """The one caveat, where anything is simulated."""
        return NOTE if self.columns or self.studies or self.odds or self.bargain or self.rivals else ""


def page_of(dossier: Dossier, *, command: str, version: str) -> Page:
    """The page about a dossier; ``command`` is what a reader types to get the same page."""
    record, scenario, until = dossier.record, dossier.scenario, dossier.until
    actors = {} if scenario is None else scenario.table.actors
    speaker = Speaker(actors, record.calendar)
    if scenario is not None:
        speaker = Speaker(actors, record.calendar, wording=wording_of(scenario))
    channels = _channels(record) if scenario is None else scenario.table.channels
    citations = Citations(record, until)
    entries = () if dossier.replay is None else dossier.replay.entries
    history = history_of(record, speaker, citations, channels, dossier.replay, _led(entries, record))
    columns = _columns(dossier, history, speaker)
    ends = record.ends if until is None else until
    months = months_of(record.calendar, record.ends)
    odds = None
    if dossier.turns is not None:
        odds = odds_of(dossier.turns, record.ends, months, anchors_of(record))
    bargain = None
    if scenario is not None and dossier.replay is not None:
        bargain = bargained(scenario, dossier.replay.entries, speaker)
    rivals = tuple(rivalry_of(rivalry, record, speaker, citations) for rivalry in dossier.rivals)
    lanes = history.drawings.lanes
    return Page(
        name=record.title if scenario is None else scenario.name,
        title=clean(record.title),
        span=f"{_span(record.calendar.local(0), record.calendar.local(ends))}, by the clock of {record.calendar.zone}",
        shown_until="" if until is None else _full(record.calendar, until),
        headline=_headline(dossier),
        history=history,
        rows=tuple(_rows(history, columns, record.calendar)),
        columns=columns,
        marks=(*history.marks(), *((SIMULATED,) if columns else ())),
        actors=tuple(
            (head, speaker.name(id)) for head, id in zip(lanes.heads, lanes.actors, strict=False)
        ),
        merged=", ".join(name_isolated(speaker.name(id)) for id in lanes.merged),
        studies=tuple(map(study_of, dossier.answers)),
        odds=odds,
        bargain=bargain,
        rivals=rivals,
        sources=citations.listed(),
        origins=len({source.family for source in record.sources}),
        manifest=dossier.manifest,
        command=command,
        version=version,
    )


def _headline(dossier: Dossier) -> str:
    """The first sentence: what the replay says of the record, else how much is documented."""
    if dossier.replay is not None:
        return clean(sentence(dossier.replay))
    record = dossier.record
    origins = len({source.family for source in record.sources})
    pages = f"{many(len(record.sources), 'page')} of {many(origins, 'independent origin')}"
    return f"{many(len(record.facts), 'documented fact')}, from {pages}."


def _columns(dossier: Dossier, history: History, speaker: Speaker) -> tuple[Column, ...]:
    """What can stand beside the record: each changed course, then what each actor learns."""
    record, scenario = dossier.record, dossier.scenario
    if scenario is None:
        return ()
    changed = (changed_course(answer, record, scenario, speaker) for answer in dossier.answers)
    columns = [column for column in changed if column is not None]
    if dossier.replay is not None:
        known = [actor for actor in history.drawings.lanes.actors if actor in scenario.table.actors][:MOST_ACTORS]
        columns += [knowledge_of(actor, dossier.replay.entries, record, scenario, speaker) for actor in known]
    if dossier.until is not None:
        columns = [cut(column, dossier.until) for column in columns]
    return tuple(columns)


def _rows(history: History, columns: Sequence[Column], calendar: Calendar) -> list[Row]:
    """Facts and the columns' own moves in one order of days; a day's facts come first."""
    rows = [(fact.day, 0, place, fact.minute, Row(day=fact.day, fact=fact, beside=beside_fact(columns, fact.id)))
            for place, fact in enumerate(history.facts)]  # fmt: skip
    for place, extra in enumerate(extras(columns)):
        local = calendar.local(extra.minute)
        today = local.date().isoformat()
        rows.append((today, 1, place, extra.minute, Row(day=today, extra=extra, when=day(local))))
    ordered = [row for *_, row in sorted(rows, key=lambda row: row[:3])]
    for number, column in enumerate(columns):
        parting = _parting_place(ordered, number) if column.parts_at is not None else None
        if parting is not None:
            ordered.insert(parting, Row(day=ordered[parting].day, forks=((number, column.parting),)))
    return ordered


def _parting_place(rows: Sequence[Row], number: int) -> int | None:
    """The first row in which a column differs because of the change."""
    for place, row in enumerate(rows):
        others = row.beside if row.extra is None else (row.extra.other,)
        if any(number in other.columns and other.differs for other in others):
            return place
    return None


def _led(entries: Sequence[Entry], record: Record) -> dict[str, tuple[str, ...]]:
    """For each fact the facts that led to it in a course: the nearest ones behind it, by the log's causes."""
    if not entries:
        return {}
    stands = {index: tuple(fact.id for fact in facts) for index, facts in facts_of(tuple(entries), record).items()}
    behind: list[frozenset[str]] = []
    led: dict[str, dict[str, None]] = {}
    for entry in entries:
        reached = frozenset(
            id for cause in entry.causes for id in (stands.get(cause) or behind[cause])
        )
        behind.append(reached)
        if not isinstance(entry.event, Chose):
            for id in stands.get(entry.index, ()):
                led.setdefault(id, {}).update(dict.fromkeys(sorted(reached - {id})))
    return {id: tuple(causes) for id, causes in led.items()}


def _channels(record: Record) -> dict[str, Channel]:
    """A record alone names channels; those whose name is a kind of channel are drawn as one."""
    kinds = {kind.value: kind for kind in ChannelKind}
    used = {fact.channel for fact in record.facts} & kinds.keys()
    return {name: Channel(name, kinds[name]) for name in sorted(used)}


def _span(first: datetime, last: datetime) -> str:
    year = f" {first.year}" if first.year != last.year else ""
    return f"{day(first)}{year} to {day(last)} {last.year}"


def _full(calendar: Calendar, minute: int) -> str:
    local = calendar.local(minute)
    return f"{day(local)} {local.year}"
