"""The loader: a TOML file in, a ``Record`` out, or every mistake of the file at once."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from negosim.core.errors import RecordError
from negosim.core.time import Calendar
from negosim.record import checks
from negosim.record.dates import Span
from negosim.record.entries import read_conflict, read_coverage, read_fact, read_source, read_target
from negosim.record.lines import lines_of
from negosim.record.model import Record
from negosim.record.reading import Desk, Table, unknown

if TYPE_CHECKING:
    from pathlib import Path

    from negosim.record.model import Conflict, Fact, Source, Target

_NOWHERE = Calendar(datetime(2000, 1, 1), "UTC")


def load_record(path: Path) -> Record:
    """The record in a TOML file.

    Raises RecordError with every mistake, one line each, in the order of the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RecordError((f"{path}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise RecordError((f"{path.name}: is not UTF-8 text: {error.reason}",)) from error
    return read_record(text, path.name)


def read_record(text: str, file: str = "record.toml") -> Record:
    """The record in a TOML text; ``file`` is its name in complaints. Raises RecordError."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecordError((_broken(str(error), text, file),)) from error
    desk = Desk(file, lines_of(text.replace("\r\n", "\n")), _NOWHERE)
    record = _read(Table(desk, values))
    if desk.found:
        raise RecordError(tuple(words for _, words in sorted(desk.found, key=lambda one: one[0])))
    return record


def _read(top: Table) -> Record:
    desk = top.desk
    title = top.text("title", needed=True)
    ends = _clock(top)
    clock = _span_of_clock(desk.calendar, ends)
    sources = [(one, read_source(one, clock)) for one in _entries(top, "source")]
    facts = [(one, read_fact(one, clock)) for one in _entries(top, "fact")]
    conflicts = [(one, read_conflict(one)) for one in _entries(top, "conflict")]
    coverage = [(one, read_coverage(one, clock)) for one in _entries(top, "coverage")]
    targets = [(one, read_target(one, clock)) for one in _entries(top, "target")]
    top.close()
    for table, window in coverage:
        checks.check_inside(table, ("window",), window.span, clock)
    _check(sources, facts, conflicts, targets, clock)
    return Record(
        title=title,
        calendar=desk.calendar,
        ends=ends,
        sources=tuple(one for _, one in sources),
        facts=tuple(one for _, one in facts),
        conflicts=tuple(one for _, one in conflicts),
        coverage=tuple(one for _, one in coverage),
        targets=tuple(one for _, one in targets),
        file=desk.file,
        used=tuple(desk.names),
    )


def _check(
    sources: list[tuple[Table, Source]],
    facts: list[tuple[Table, Fact]],
    conflicts: list[tuple[Table, Conflict]],
    targets: list[tuple[Table, Target]],
    clock: Span,
) -> None:
    all_sources = [one for _, one in sources]
    all_facts = [one for _, one in facts]
    all_targets = [one for _, one in targets]
    for entries in (sources, facts, conflicts, targets):
        seen: dict[str, str] = {}
        for table, entry in entries:
            checks.check_once(table, seen, entry.id)
            checks.check_cites(table, all_sources)
    for table, fact in facts:
        checks.check_kind(table, fact)
        checks.check_dates(table, fact, clock)
        checks.check_expectation(table, fact.expect, in_order=fact.in_order, within=fact.within)
        checks.check_fact_links(table, fact, all_facts, all_targets)
    for table, conflict in conflicts:
        checks.check_conflict(table, conflict, all_facts)
    for table, target in targets:
        checks.check_target(table, target, clock)
    checks.check_addresses(facts)


def _entries(top: Table, key: str) -> list[Table]:
    """The tables of ``[[key]]``, each labelled with its id, or its number while it has none."""
    if isinstance(top.values.get(key), dict):
        top.seen.append(key)
        top.wrong(key, f"[{key}] is a table alone; write [[{key}]], one for each")
        return []
    found = top.tables(key)
    for place, table in enumerate(found, start=1):
        id = table.values.get("id")
        table.label = f'{key} "{id}"' if isinstance(id, str) and id else f"{key} {place}"
    return found


def _clock(top: Table) -> int:
    """Set the desk's calendar from ``begins`` and ``zone``; the minute of ``ends``."""
    begins, ends = _local(top, "begins"), _local(top, "ends")
    zone = top.text("zone", needed=True)
    if zone and zone not in available_timezones():
        hint = unknown("zone", zone, available_timezones())
        top.wrong("zone", hint)
    elif zone and begins:
        top.desk.calendar = Calendar(begins, zone)
    end = top.desk.calendar.minute(ends) if ends else 0
    if begins and ends and ends <= begins:
        top.wrong("ends", "the clock ends before it begins")
    return max(end, 1)


def _local(top: Table, key: str) -> datetime | None:
    top.seen.append(key)
    value = top.values.get(key)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    form = "a local time without offset and quotes, such as 2024-10-04T00:00:00"
    top.wrong(key, f"{key!r} is missing: {form}" if value is None else f"{key!r} must be {form}")
    return None


def _span_of_clock(calendar: Calendar, ends: int) -> Span:
    words = f"{calendar.local(0):%Y-%m-%d %H:%M} to {calendar.local(ends):%Y-%m-%d %H:%M}"
    return Span(0, ends - 1, "interval", False, words)


def _broken(message: str, text: str, file: str) -> str:
    """tomllib says ``... (at line 3, column 5)``; a complaint begins with file and line."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(found[1]) if found and found[1] else text.count("\n") + 1
    return f"{file}:{line}: broken TOML: {message[: found.start()] if found else message}"
