"""Whether one run bears out one fact: the patterns of a record against a log and its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core import events as e
from negosim.core.trust import Aspect
from negosim.core.views import View
from negosim.record.matching import is_like, judge, nearest, window
from negosim.sim.knowledge import arrivals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.events import Entry
    from negosim.record.model import BeliefPattern, Coverage, Fact, Record, Target
    from negosim.sim.chance import Asked
    from negosim.sim.scenario import Scenario


@frozen
class Hit:
    """Whether something happened as documented; ``at``: when, or when it came nearest to it."""

    hit: bool
    at: int | None


def is_borne_out(expected: Fact | Target, scenario: Scenario, entries: Sequence[Entry]) -> bool:
    """Whether all that a fact or target expects is in the log and in its actors' views."""
    return (not expected.expect or judge(expected, entries).hit) and all(
        _moved(belief, scenario, entries, expected.tolerance) is not None for belief in expected.beliefs
    )


def happened(expected: Fact | Target, scenario: Scenario, entries: Sequence[Entry]) -> Hit:
    """The same, with the minute at which it happened or came nearest to it."""
    minutes = [_moved(belief, scenario, entries, expected.tolerance) for belief in expected.beliefs]
    if expected.expect:
        verdict = judge(expected, entries)
        minutes.append(verdict.at if verdict.hit else nearest(expected, entries))
    known = [minute for minute in minutes if minute is not None]
    return Hit(is_borne_out(expected, scenario, entries), min(known, default=None))


# ── beliefs ─────────────────────────────────────────────────────────────────────────────────────


def _moved(
    belief: BeliefPattern, scenario: Scenario, entries: Sequence[Entry], tolerance: int
) -> int | None:
    """The minute from which on a trust has moved as stated until the span's end, or None.

    What is compared is the view just before the span begins and the view at its end.
    """
    span = belief.span.widened(tolerance)
    first = 0 if span.earliest is None else span.earliest
    last = scenario.ends if span.latest is None else span.latest
    view = View(belief.actor, scenario.table, scenario.setting.trust_of(belief.actor))
    before: dict[Aspect, int] | None = None
    since: int | None = None
    for minute, entry in arrivals(scenario.table, entries, belief.actor):
        if minute > last:
            break
        if before is None and minute >= first:
            before = _means(view, belief.of)
        view.see(entry)
        if before is not None:
            moved = _has_moved(belief, before, _means(view, belief.of))
            since = None if not moved else minute if since is None else since
    return since


def _means(view: View, of: str) -> dict[Aspect, int]:
    return {aspect: view.trust.mean(aspect, of) for aspect in Aspect}


def _has_moved(belief: BeliefPattern, before: dict[Aspect, int], after: dict[Aspect, int]) -> bool:
    """Whether the trust fell or rose far enough, and further than the one it is compared with."""
    sign = -1 if belief.falls else 1

    def movement(name: str) -> int:
        return sign * (after[Aspect(name)] - before[Aspect(name)])

    enough = movement(belief.trust) >= (belief.falls or belief.rises)
    return enough and (belief.than is None or movement(belief.trust) > movement(belief.than))


# ── what the record says nothing of ─────────────────────────────────────────────────────────────


def complete_cells(record: Record) -> tuple[Coverage, ...]:
    """The cells in which the record claims to miss nothing."""
    return tuple(cell for cell in record.coverage if cell.cover == "complete")


def recorded(record: Record, entries: Sequence[Entry], asked: Iterable[Asked]) -> frozenset[int]:
    """The indices of the entries that the record has.

    That is what some fact expects in its window, a given, and what an imposed decision brought
    about at once.
    """
    imposed = {question.address for question in asked if question.how == "imposed"}
    indices: set[int] = set()
    facts = [fact for fact in record.facts if not fact.background]
    for entry in entries:
        if _is_recorded(entry, entries, indices, imposed, facts):
            indices.add(entry.index)
    return frozenset(indices)


def false_alarms(record: Record, entries: Sequence[Entry], asked: Iterable[Asked]) -> tuple[int, ...]:
    """How many unrecorded events each complete cell has."""
    known = recorded(record, entries, asked)
    counts = [0] * len(cells := complete_cells(record))
    for entry in entries:
        if entry.index not in known:
            for place, cell in enumerate(cells):
                counts[place] += is_in(cell, entry)
    return tuple(counts)


def is_in(cell: Coverage, entry: Entry) -> bool:
    """Whether an entry lies in a cell: its event type, channel and window."""
    channel = getattr(entry.event, "channel", "")
    return entry.event.name == cell.event and cell.channel in ("", channel) and entry.minute in cell.span


def _is_recorded(
    entry: Entry, entries: Sequence[Entry], recorded: set[int], imposed: set[str], facts: list[Fact]
) -> bool:
    event = entry.event
    if isinstance(event, e.Chose):
        return event.address in imposed
    at_once = any(
        cause in recorded
        and (isinstance(entries[cause].event, e.Chose) or entries[cause].minute == entry.minute)
        for cause in entry.causes
    )
    return at_once or any(
        not pattern.absent and entry.minute in window(pattern, fact.tolerance) and is_like(pattern, event)
        for fact in facts
        for pattern in fact.expect
    )
