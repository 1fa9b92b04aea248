"""The loader: a TOML file in, a ``Record`` out, or every mistake of the file at once."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from negosim.core.errors import BadValue
from negosim.core.time import Calendar
from negosim.record import checks
from negosim.record.dates import Span
from negosim.record.entries import read_conflict, read_coverage, read_fact, read_source, read_target
from negosim.record.model import Record
from negosim.record.reading import Desk, Table
from negosim.record.toml import parse_toml, read_text

if TYPE_CHECKING:
    from pathlib import Path

    from negosim.record.lines import Place
    from negosim.record.model import Conflict, Fact, Source, Target
    from negosim.record.toml import Toml

_NOWHERE = Calendar(datetime(2000, 1, 1), "UTC")


def load_record(path: Path) -> Record:
    """The record in a TOML file.

    Raises RecordError with every mistake, one line each, in the order of the file.
    """
    return _record(read_text(path), path.name)


def read_record(text: str, file: str = "record.toml") -> Record:
    """The record in a TOML text; ``file`` is its name in complaints. Raises RecordError."""
    return _record(text, file)


@lru_cache(maxsize=4)
def _record(text: str, file: str) -> Record:
    """Read once, though a story and its scenario both ask for it."""
    return record_of(parse_toml(text, file))


def record_of(toml: Toml) -> Record:
    """The record in TOML that was read already. Raises RecordError."""
    desk = Desk(file=toml.file, lines=toml.lines, calendar=_NOWHERE)
    record = _read(Table(desk, toml.values))
    desk.raise_complaints()
    return record


def _read(top: Table) -> Record:
    desk = top.desk
    title = top.text("title", needed=True)
    ends = _clock(top)
    clock = _span_of_clock(desk.calendar, ends)
    sources = [(table, read_source(table, clock)) for table in _entries(top, "source")]
    facts = [(table, read_fact(table, clock)) for table in _entries(top, "fact")]
    conflicts = [(table, read_conflict(table)) for table in _entries(top, "conflict")]
    coverage = [(table, read_coverage(table, clock)) for table in _entries(top, "coverage")]
    targets = [(table, read_target(table, clock)) for table in _entries(top, "target")]
    words = _words(top)
    top.close()
    for table, window in coverage:
        checks.check_inside(table, ("window",), window.span, clock)
    _check(desk, sources, facts, conflicts, targets, clock)
    return Record(
        title=title,
        calendar=desk.calendar,
        ends=ends,
        sources=tuple(source for _, source in sources),
        facts=tuple(fact for _, fact in facts),
        conflicts=tuple(conflict for _, conflict in conflicts),
        coverage=tuple(coverage_of for _, coverage_of in coverage),
        targets=tuple(target for _, target in targets),
        words=words,
        file=desk.file,
        used=tuple(desk.names),
        places={fact.id: table.place for table, fact in facts},
    )


def _check(
    desk: Desk,
    sources: list[tuple[Table, Source]],
    facts: list[tuple[Table, Fact]],
    conflicts: list[tuple[Table, Conflict]],
    targets: list[tuple[Table, Target]],
    clock: Span,
) -> None:
    source_ids, facts_by_id = {source.id for _, source in sources}, {fact.id: (table, fact) for table, fact in facts}
    target_ids = {target.id for _, target in targets}
    for entries in (sources, facts, conflicts, targets):
        seen: dict[str, Place] = {}
        for table, entry in entries:
            checks.check_once(table, seen, entry.id)
            checks.check_cites(table, source_ids)
    for table, fact in facts:
        checks.check_kind(table, fact)
        checks.check_dates(table, fact, clock)
        checks.check_expectation(table, fact)
    for table, fact in facts:
        checks.check_fact_links(table, fact, facts_by_id, target_ids)
    for table, conflict in conflicts:
        checks.check_conflict(table, conflict, facts_by_id)
    for table, target in targets:
        checks.check_target(table, target, clock)
    checks.check_addresses(facts)
    desk.name_unknown("source", source_ids)
    desk.name_unknown("fact", facts_by_id)


def _entries(top: Table, key: str) -> list[Table]:
    """The tables of ``[[key]]``, each labelled with its id, or its number while it has none."""
    if isinstance(top.values.get(key), dict):
        top.seen.append(key)
        top.wrong(key, f"[{key}] is a table alone; write [[{key}]], one for each")
        return []
    tables = top.tables(key)
    for place, table in enumerate(tables, start=1):
        id = table.values.get("id")
        table.label = f'{key} "{id}"' if isinstance(id, str) and id else f"{key} {place}"
    return tables


def _words(top: Table) -> dict[str, str]:
    table = top.table("words")
    return {} if table is None else {slug: table.text(slug, needed=True) for slug in table.values}


def _clock(top: Table) -> int:
    """Set the desk's calendar from ``begins`` and ``zone``; the minute of ``ends``.

    Where one of the three cannot be read, dates are read as in no particular place, and nothing
    is judged by a clock that nobody wrote.
    """
    desk, begins, ends = top.desk, _local(top, "begins"), _local(top, "ends")
    zone = top.text("zone", needed=True)
    desk.has_clock = False
    if not zone:
        return 1
    try:
        Calendar(_NOWHERE.begins, zone)
    except BadValue as error:
        top.wrong("zone", str(error))
        return 1
    if begins is None or ends is None:
        return 1
    key = "begins"
    try:
        desk.calendar = Calendar(begins, zone)
        key = "ends"
        end = desk.calendar.minute(ends)
        if end <= 0:
            raise BadValue("the clock ends before it begins")
    except BadValue as error:
        top.wrong(key, str(error))
        return 1
    desk.has_clock = True
    return end


def _local(top: Table, key: str) -> datetime | None:
    top.seen.append(key)
    value = top.values.get(key)
    form = "a local time without offset and quotes, such as 2024-10-04T00:00:00"
    if isinstance(value, datetime) and value.tzinfo is None and not value.second:
        return value
    if isinstance(value, datetime) and value.tzinfo is None:
        form = f"a whole minute, not {value.isoformat(sep=' ')}"
    top.wrong(key, f"{key!r} is missing: {form}" if value is None else f"{key!r} must be {form}")
    return None


def _span_of_clock(calendar: Calendar, ends: int) -> Span:
    words = f"{calendar.local(0):%Y-%m-%d %H:%M} to {calendar.local(ends):%Y-%m-%d %H:%M}"
    return Span(0, ends - 1, "interval", text=words)
