"""A log as rows for other programs: one per entry, its fields flat, its time ISO 8601."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any

from attrs import fields, has

from negosim.core.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negosim.core.events import Entry
    from negosim.core.time import Calendar

COLUMNS = ("index", "minute", "at", "event", "by", "to", "channel", "about", "details", "causes")
_OWN = ("by", "to", "channel")


def rows(entries: Iterable[Entry], calendar: Calendar) -> Iterator[dict[str, Any]]:
    """Each entry as plain values: its place, its event by name, and every field of the event."""
    for entry in entries:
        yield {
            "index": entry.index,
            "minute": entry.minute,
            "at": calendar.iso(entry.minute),
            "event": entry.event.name,
            **{name: _plain(value) for name, value in _fields(entry.event)},
            "causes": list(entry.causes),
        }


def jsonl(entries: Iterable[Entry], calendar: Calendar) -> Iterator[str]:
    """JSON Lines: a line per entry."""
    for row in rows(entries, calendar):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def comma_separated(entries: Iterable[Entry], calendar: Calendar) -> Iterator[str]:
    """CSV: the columns that most events share; what only some have is JSON in ``details``."""
    yield _line(COLUMNS)
    for entry, row in ((entry, next(rows([entry], calendar))) for entry in entries):
        rest = {name: row[name] for name, _ in _fields(entry.event) if name not in _OWN}
        to = row.get("to", "")
        yield _line(
            (
                row["index"], row["minute"], row["at"], row["event"], row["by"],
                " ".join(to) if isinstance(to, list) else to, row.get("channel", ""),
                entry.event.matter[1], json.dumps(rest, ensure_ascii=False),
                " ".join(map(str, row["causes"])),
            )
        )  # fmt: skip


def _line(cells: Iterable[object]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _fields(event: Any) -> list[tuple[str, Any]]:
    return [(one.name, getattr(event, one.name)) for one in fields(type(event))]


def _plain(value: Any) -> Any:
    """Terms as ``{issue: option}``, other values as themselves, tuples as lists."""
    if isinstance(value, Terms):
        return {clause.issue: clause.option for clause in value.clauses}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if has(type(value)):
        return {name: _plain(item) for name, item in _fields(value)}
    return value
