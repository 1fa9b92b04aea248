"""What makes a record whole: each kind has what it needs, and entries know one another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from negosim.core.address import Address

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from negosim.record.dates import Span
    from negosim.record.lines import Path, Place
    from negosim.record.model import (
        BeliefPattern,
        Conflict,
        DocumentedDecision,
        Fact,
        Kind,
        Pattern,
        Target,
    )
    from negosim.record.reading import Table

_MUST_FOLLOW = ("expect", "in_order", "within", "after", "tolerance")


class Needs(Struct, frozen=True):
    """What a kind of fact must have (one of each group, if the model uses it), and may have."""

    must: tuple[tuple[str, ...], ...] = ()
    may: tuple[str, ...] = ()


NEEDS: dict[Kind, Needs] = {
    # a given without an event is no happening but part of the scenario, such as who attends
    "given": Needs((("because",),), ("event", "known")),
    "decision": Needs((("decisions",),)),
    "inferred": Needs((("decisions",),)),
    "outcome": Needs((("expect",),), _MUST_FOLLOW),
    "belief": Needs((("belief",),), ("after", "tolerance")),
    "claim": Needs((("claimant",), ("expect", "decisions")), _MUST_FOLLOW),
    "report": Needs(),
}
_OWNED = {key for needs in NEEDS.values() for key in (*sum(needs.must, ()), *needs.may)}


def check_kind(table: Table, fact: Fact) -> None:
    """A fact has what its kind needs, and nothing that its kind would never use."""
    if "kind" not in table or table.values["kind"] != fact.kind:
        return  # already complained about
    needs = NEEDS[fact.kind]
    missing = [
        f"without {' or '.join(map(repr, group))}"
        for group in needs.must
        if (not fact.background or group == ("claimant",)) and not any(map(table.values.get, group))
    ]
    if missing:
        rests_on = ("background", *sum(needs.must, ()))
        table.wrong("kind", f"kind {fact.kind!r} {' and '.join(missing)}", rests_on)
    if fact.kind == "report" and not fact.background:
        words = "a report is about the reporting itself: it needs background = true"
        table.wrong("kind", words, ("background",))
    allowed = {key for group in needs.must for key in group} | set(needs.may)
    for key in filter(_OWNED.__contains__, table.values):
        if key not in allowed:
            table.wrong(key, f"{key!r} is never used by kind {fact.kind!r}")
        elif fact.background and key not in ("because", "claimant"):
            table.wrong(key, f"background = true, so {key!r} is never used")


def check_dates(table: Table, fact: Fact, clock: Span) -> None:
    """The precision says what the date says, and what is used lies inside the clock."""
    if table.values.get("date") != fact.span.text:
        return  # already complained about
    length = _length(fact.span)
    if (fact.precision == "open") != (length is None):
        table.wrong("precision", f"precision {fact.precision!r}, but date {fact.span.text!r}")
    if fact.precision == "part" and length is not None and length > 1440:
        table.wrong("precision", "precision 'part' is part of a day, but the date is longer")
    if fact.precision == "day" and "T" in fact.span.text:
        table.wrong("precision", "precision 'day', but the date has a time of day; use 'part'")
    if not fact.background:
        check_inside(table, ("date",), fact.span, clock)
        check_parts(table, "decisions", fact.span, fact.decisions, clock)
        check_parts(table, "expect", fact.span, fact.expect, clock)
        check_parts(table, "belief", fact.span, fact.beliefs, clock)


def check_parts(
    table: Table,
    key: str,
    span_of_entry: Span,
    parts: Sequence[DocumentedDecision | Pattern | BeliefPattern],
    clock: Span,
) -> None:
    """The parts of an entry that have a date of their own keep inside the clock too."""
    for place, part in enumerate(parts):
        if part.span != span_of_entry:
            check_inside(table, (key, place, "date"), part.span, clock)


def check_inside(table: Table, steps: Path, span: Span, clock: Span) -> None:
    """A span that is used lies inside the clock; open ends are closed by the clock."""
    if not table.desk.has_clock:
        return
    early = span.earliest is not None and clock.distance(span.earliest) != 0
    if span.text and (early or (span.latest is not None and clock.distance(span.latest) != 0)):
        words = f"{span.text!r} lies outside the clock {clock.text}"
        words += "; only facts with background = true may"
        causes = [(*table.path, key) for key in ("background", "kind")]
        table.desk.complain((*table.path, *steps), table.label, words, causes)


def check_expectation(table: Table, expectation: Fact | Target) -> None:
    """An order needs two events to be an order, and a length of time an order."""
    present = [pattern for pattern in expectation.expect if not pattern.absent]
    if expectation.in_order and len(present) < 2:
        words = "'in_order' needs at least two expected events that are not absent"
        table.wrong("in_order", words, ("expect", "kind"))
    if expectation.within is not None and not expectation.in_order:
        words = "'within' runs from the first to the last event: needs 'in_order'"
        table.wrong("within", words, ("in_order",))


def check_fact_links(
    table: Table, fact: Fact, facts: Mapping[str, tuple[Table, Fact]], targets: Container[str]
) -> None:
    """``after`` names facts with decisions, and a tolerance names the target it is for."""
    for place, id in enumerate(fact.after):
        path = (*table.path, "after", place)
        if id not in facts:
            table.desk.unknown(path, table.label, "fact", id)
            continue
        other_table, other = facts[id]
        if id == fact.id:
            table.desk.complain(path, table.label, "'after' names the fact itself")
        elif not other.decisions:
            causes = [(*other_table.path, key) for key in ("decisions", "kind")]
            words = f"'after' names {id!r}, which imposes no decision"
            table.desk.complain(path, table.label, words, causes)
    if fact.tolerance and not any(word in targets for word in re.findall(r"[\w-]+", fact.note)):
        words = "'tolerance' needs a 'note' that names the target it is from; where there is none, widen the 'date'"
        table.desk.complain((*table.path, "tolerance"), table.label, words, [(*table.path, "note"), ("target",)])


def check_target(table: Table, target: Target, clock: Span) -> None:
    """A target asks for something, inside the clock."""
    if not table.values.get("expect") and not table.values.get("belief"):
        table.wrong("expect", "without 'expect' or 'belief': nothing to hit", ("belief",))
    check_inside(table, ("date",), target.span, clock)
    check_parts(table, "expect", target.span, target.expect, clock)
    check_parts(table, "belief", target.span, target.beliefs, clock)
    check_expectation(table, target)


def check_cites(table: Table, sources: Container[str]) -> None:
    """Every cited source exists, in the entry and in its versions."""
    for steps, cite in _cites(table.values):
        name = cite.get("source")
        if isinstance(name, str) and name and name not in sources:
            table.desk.unknown((*table.path, *steps, "source"), table.label, "source", name)


def check_conflict(table: Table, conflict: Conflict, facts: Container[str]) -> None:
    """A conflict names facts that exist."""
    for place, id in enumerate(conflict.facts):
        if id not in facts:
            table.desk.unknown((*table.path, "facts", place), table.label, "fact", id)


def check_once(table: Table, seen: dict[str, Place], id: str) -> None:
    """No id is used twice among entries of a kind; ``seen`` remembers where."""
    if id and id in seen:
        table.wrong("id", f"{id!r} was already used at {seen[id]}")
    elif id:
        seen[id] = table.desk.place(table.path, "")


def check_addresses(tables: Iterable[tuple[Table, Fact]]) -> None:
    """No address is imposed twice.

    Open keys ``[*]`` may be, as they answer several questions; but not at the same time, for then
    it would depend on the order of the file which of them a question satisfies.
    """
    seen: dict[str, list[tuple[Span, Place]]] = {}
    for table, fact in tables:
        for place, decision in enumerate(fact.decisions):
            path = (*table.path, "decisions", place, "address")
            always = not Address.of(decision.address).is_open
            for span, where in seen.get(decision.address, ()):
                if always or _overlap(span, decision.span):
                    words = f"address {decision.address!r} is already imposed at {where}"
                    table.desk.complain(path, table.label, words if always else f"{words}, at the same time")
                    break
            else:
                here = table.desk.place(path, table.label)
                seen.setdefault(decision.address, []).append((decision.span, here))


def _overlap(first: Span, second: Span) -> bool:
    earliest = max(first.earliest or 0, second.earliest or 0)
    latest = (
        min(x.latest for x in (first, second) if x.latest is not None)
        if first.latest or second.latest
        else earliest
    )
    return earliest <= latest


def _cites(values: dict[str, object]) -> Iterator[tuple[Path, dict[str, object]]]:
    for place, cite in _dicts(values, "cites"):
        yield ("cites", place), cite
    for outer, version in _dicts(values, "versions"):
        for place, cite in _dicts(version, "cites"):
            yield ("versions", outer, "cites", place), cite


def _dicts(values: dict[str, object], key: str) -> Iterator[tuple[int, dict[str, object]]]:
    items = values.get(key)
    for place, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            yield place, item


def _length(span: Span) -> int | None:
    if span.earliest is None or span.latest is None:
        return None
    return span.latest - span.earliest + 1
