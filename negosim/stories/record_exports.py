"""A record for other programs: CSV, PLOVER JSON Lines, a TimelineJS document, an iCalendar file.

Nothing in them is simulated. Dates keep the precision they have in the record; a date that is
open at one end is given by the end it has.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

from negosim.core.errors import NotFound
from negosim.stores.exports.plover import CODES, QUADS
from negosim.stories.record_alone import plain_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from negosim.record.model import Fact, Record

COLUMNS = (
    "id", "date", "first", "last", "kind", "certainty", "what", "who", "to", "channel", "claimant", "sources",
    "families", "urls", "note",
)  # fmt: skip
FOLD_OCTETS = 75
"""The longest line of iCalendar, RFC 5545 section 3.1."""


def export_record(record: Record, form: str) -> bytes:
    """The record in one of ``FORMS``. Raises NotFound with the nearest format."""
    if form not in FORMS:
        raise NotFound("format of a record", form, FORMS)
    return FORMS[form](record).encode()


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────────


def as_csv(record: Record) -> str:
    """A row for each fact, background facts too (RFC 4180); lists are joined by a bar."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for fact in record.facts:
        sources = [record.source(cite.source) for cite in fact.cites]
        first, last = _local(record, fact)
        row = {
            "id": fact.id, "date": fact.span.text, "first": _iso(first), "last": _iso(last), "kind": fact.kind,
            "certainty": fact.certainty, "what": fact.what, "who": "|".join(fact.who), "to": "|".join(fact.to),
            "channel": fact.channel, "claimant": fact.claimant, "sources": "|".join(x.id for x in sources),
            "families": len({source.family for source in sources}), "urls": "|".join(x.url for x in sources),
            "note": fact.note,
        }  # fmt: skip
        writer.writerow({name: _no_formula(value) for name, value in row.items()})
    return text.getvalue()


def _no_formula(value: object) -> object:
    """A text that a spreadsheet would run as a formula, behind an apostrophe (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


# ── PLOVER ──────────────────────────────────────────────────────────────────────────────────────


def as_plover(record: Record) -> str:
    """A JSON line for each fact whose first expected event has a PLOVER code; claims say whose they are."""
    lines = []
    for fact in record.facts:
        pattern = next((pattern for pattern in fact.expect if not pattern.absent), None)
        code = None if pattern is None else CODES.get((pattern.event, ""))
        first, _ = _local(record, fact)
        if pattern is None or code is None or first is None:
            continue
        sources = [record.source(cite.source) for cite in fact.cites]
        line = {
            "id": fact.id, "date": first.date().isoformat(), "actor": _entities(fact.who, pattern.by),
            "recipient": _entities(fact.to, pattern.to), "event": [code.event],
            "mode": [code.mode] if code.mode else [], "context": [], "event_scale": code.score,
            "quad_code": next(quad for quad, events in QUADS.items() if code.event in events),
            "link": [source.url for source in sources], "negosim_event": pattern.event, "negosim_what": fact.what,
            "negosim_date": fact.span.text, "negosim_certainty": fact.certainty, "negosim_cameo": code.cameo,
            **({"negosim_claim_by": fact.claimant} if fact.claimant else {}),
        }  # fmt: skip
        lines.append(json.dumps(line, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _entities(named: tuple[str, ...], expected: str) -> list[dict[str, str]]:
    """The actors that a fact names, or else the one whom its expected event names."""
    return [
        {"code": "", "sector": "", "entity_text": plain_name(id), "identifier_text": id}
        for id in named or filter(None, (expected,))
    ]


# ── TimelineJS ──────────────────────────────────────────────────────────────────────────────────


def as_timeline(record: Record) -> str:
    """A TimelineJS 3 document: a slide for each fact that has a date."""
    document = {
        "title": {"text": {"headline": record.title}},
        "events": [_slide(record, fact) for fact in record.facts if _local(record, fact) != (None, None)],
        "scale": "human",
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _slide(record: Record, fact: Fact) -> dict[str, Any]:
    first, last = _local(record, fact)
    begin, end = first or last, last or first
    sources = "; ".join(f"{record.source(cite.source).title} ({cite.at})" for cite in fact.cites)
    attribution = f"{plain_name(fact.claimant)} says so. " if fact.claimant else ""
    timed = "T" in fact.span.text
    slide: dict[str, Any] = {
        "unique_id": fact.id, "group": fact.kind, "display_date": fact.span.text,
        "text": {"headline": _html(fact.what), "text": _html(f"{attribution}{sources}")},
    }  # fmt: skip
    if begin is not None:
        slide["start_date"] = _parts(begin, timed=timed)
    if end is not None and begin is not None and (end != begin if timed else end.date() != begin.date()):
        slide["end_date"] = _parts(end, timed=timed)
    return slide


def _parts(local: datetime, *, timed: bool) -> dict[str, int]:
    """A date as TimelineJS has it, with its time only where the record has one."""
    date = {"year": local.year, "month": local.month, "day": local.day}
    return {**date, "hour": local.hour, "minute": local.minute} if timed else date


def _html(text: str) -> str:
    """A text as HTML, which TimelineJS takes its texts for."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# ── iCalendar ───────────────────────────────────────────────────────────────────────────────────


def as_icalendar(record: Record) -> str:
    """An iCalendar file (RFC 5545): an event for each fact that has a date, in whole days or in UTC."""
    stamp = _utc(record.calendar.local(record.ends))
    head = ("VERSION:2.0", "PRODID:-//negosim//record//EN", f"X-WR-CALNAME:{_escaped(record.title)}")
    lines = ["BEGIN:VCALENDAR", *head]
    for fact in record.facts:
        first, last = _local(record, fact)
        begin, end = first or last, last or first
        if begin is None or end is None:
            continue
        sources = [record.source(cite.source) for cite in fact.cites]
        lines += [
            "BEGIN:VEVENT", f"UID:{_escaped(fact.id)}.{record.ends}@negosim", f"DTSTAMP:{stamp}",
            *_when(begin, end, timed="T" in fact.span.text), f"SUMMARY:{_escaped(fact.what)}",
            f"DESCRIPTION:{_escaped(fact.span.text + '; ' + '; '.join(source.title for source in sources))}",
            *(f"URL:{source.url}" for source in sources[:1] if source.url.startswith("http")), "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _when(begin: datetime, end: datetime, *, timed: bool) -> tuple[str, str]:
    """Beginning and end; the end is the first moment after the event (RFC 5545 section 3.6.1)."""
    if timed:
        return f"DTSTART:{_utc(begin)}", f"DTEND:{_utc(end + timedelta(minutes=1))}"
    return f"DTSTART;VALUE=DATE:{begin:%Y%m%d}", f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}"


def _utc(local: datetime) -> str:
    return f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A TEXT value (RFC 5545 section 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A long line in parts of at most 75 octets; parts after the first begin with a space."""
    part = ""
    for char in line:
        if len((part + char).encode()) > FOLD_OCTETS:
            yield part
            part = " "
        part += char
    yield part


FORMS: dict[str, Callable[[Record], str]] = {
    "csv": as_csv, "plover": as_plover, "timeline": as_timeline, "ics": as_icalendar,
}  # fmt: skip
"""The formats of a record, by the name typed after ``--to``."""


def _local(record: Record, fact: Fact) -> tuple[datetime | None, datetime | None]:
    """The local times at which a fact's date begins and ends; None where it is open."""
    span, local = fact.span, record.calendar.local
    first = None if span.earliest is None else local(span.earliest)
    return first, None if span.latest is None else local(span.latest)


def _iso(local: datetime | None) -> str:
    return "" if local is None else local.isoformat(timespec="minutes")
