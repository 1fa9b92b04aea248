"""What of a record is imposed, what must follow, and by when each is over.

Decisions are taken in the order of their dates: by the end of the interval, its beginning, and
the place in the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from negosim.sim.chance import Imposition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.record.dates import Span
    from negosim.record.model import Fact, Record


def record_until(record: Record, until: int | None) -> Record:
    """The record as it stood at the end of a minute: only facts that were over by then."""
    if until is None or until >= record.ends:
        return record
    facts = tuple(fact for fact in record.facts if (_close(fact.span, record)[1]) <= until)
    return evolve(record, facts=facts, ends=until)


def impositions(record: Record) -> tuple[Imposition, ...]:
    """Every documented or inferred decision, in the order of their dates."""
    decisions = [
        Imposition(decision.address, decision.chose, *_close(decision.span, record), fact.id)
        for fact in record.facts
        if not fact.background
        for decision in fact.decisions
    ]
    return tuple(sorted(decisions, key=lambda decision: (decision.latest, decision.earliest)))


def must_follow(record: Record) -> tuple[Fact, ...]:
    """The facts that must follow by themselves, in the record's order."""
    return tuple(fact for fact in record.facts if fact.must_follow and not fact.decisions)


def end_of(fact: Fact, record: Record) -> int:
    """The minute by which a fact can be judged: the end of all that it expects, whatever date it bears itself."""
    return max(_close(span.widened(fact.tolerance), record)[1] for span in _spans(fact))


def _spans(fact: Fact) -> Iterator[Span]:
    yield from (pattern.span for pattern in fact.expect)
    yield from (belief.span for belief in fact.beliefs)


def _close(span: Span, record: Record) -> tuple[int, int]:
    """A span's minutes, its open ends closed by the clock."""
    earliest = 0 if span.earliest is None else max(span.earliest, 0)
    latest = record.ends - 1 if span.latest is None else min(span.latest, record.ends - 1)
    return earliest, latest
