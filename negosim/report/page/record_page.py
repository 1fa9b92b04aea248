"""The page of a record alone: what is documented, in order, and who says so. Nothing is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.report.page.sources import Citations, Listed, Note
from negosim.report.wording.numbers import dates
from negosim.report.wording.text import clean
from negosim.stories.record_alone import plain_name

if TYPE_CHECKING:
    from negosim.record.model import Fact, Record


@frozen
class Line:
    """One fact as the page shows it."""

    id: str
    when: str
    what: str
    who: str
    certainty: str
    claimant: str
    background: bool
    notes: tuple[Note, ...]


@frozen
class Dispute:
    """A conflict of sources: what it is about, who says what, and how the record reads it."""

    id: str
    about: str
    versions: tuple[tuple[str, str, tuple[Note, ...]], ...]
    use: str


@frozen
class RecordPage:
    """Everything a reader sees of a record."""

    title: str
    facts: tuple[Line, ...]
    disputes: tuple[Dispute, ...]
    sources: tuple[Listed, ...]
    families: int
    command: str
    version: str


def record_page(record: Record, *, command: str, version: str) -> RecordPage:
    """The page about a record; facts stand by their first day, those without one at the end."""
    citations = Citations(record)
    ordered = sorted(
        record.facts, key=lambda fact: (fact.span.earliest is None, fact.span.earliest or fact.span.latest or 0)
    )
    facts = tuple(_line(record, fact, citations) for fact in ordered)
    disputes = tuple(
        Dispute(
            conflict.id, clean(conflict.about),
            tuple((clean(one.says), _name(one.by), citations.cited(one.cites)) for one in conflict.versions),
            clean(conflict.use),
        )
        for conflict in record.conflicts
    )  # fmt: skip
    families = len({record.family(cite.source) for fact in record.facts for cite in fact.cites})
    return RecordPage(clean(record.title), facts, disputes, citations.listed(), families, command, version)


def _line(record: Record, fact: Fact, citations: Citations) -> Line:
    known = next((minute for minute in (fact.span.latest, fact.span.earliest) if minute is not None), 0)
    when = f"{dates(record.calendar, fact.span.earliest, fact.span.latest)} {record.calendar.local(known).year}"
    who = ", ".join(_name(id) for id in fact.who) + (f" to {', '.join(_name(id) for id in fact.to)}" if fact.to else "")
    return Line(
        fact.id, when, clean(fact.what), clean(who), fact.certainty, _name(fact.claimant), fact.background,
        citations.of([fact]),
    )  # fmt: skip


def _name(id: str) -> str:
    return clean(plain_name(id))
