"""The right column: a changed course, or what one actor knew, beside the documented history.

All of it is simulated. A column says of each fact whether its course has it, and adds the moves
that the record does not have. What differs because of the change is marked, and so is the place
where the two first part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.views import doer
from negosim.inference.conformance import happened
from negosim.lab.counterfactual.explanation import Comparison
from negosim.report.page.html import Words, words_in
from negosim.report.terminal.timeline_rows import BETWEEN_THE_LINES, facts_of, is_named
from negosim.report.wording.sentences import day
from negosim.report.wording.text import clean
from negosim.sim.knowledge import arrivals
from negosim.stores.exports.text import name_isolated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.events import Entry
    from negosim.lab.counterfactual.whatif_result import WhatIfResult
    from negosim.record import Fact, Record
    from negosim.report.wording.sentences import Speaker
    from negosim.sim.scenario import Scenario

SAME = "as documented"


@frozen
class Cell:
    """What a column says of one fact; ``differs``: it would be otherwise without the change."""

    words: str
    differs: bool = False


@frozen
class Move:
    """A simulated move that the record does not have; ``common``: the change does not touch it."""

    minute: int
    words: Words
    common: bool
    note: str = ""


@frozen(kw_only=True)
class Column:
    """One right-hand column: its ``cells`` by the fact's id, its own ``moves``, where it parts.

    ``name`` is short enough for a switch, ``title`` is the whole heading. ``parts_at`` is the
    minute of the first difference (None: there is none), ``parting`` says it in words.
    """

    name: str
    title: str
    kind: str
    cells: dict[str, Cell]
    moves: tuple[Move, ...]
    parts_at: int | None = None
    parting: str = ""


# ── a changed course ────────────────────────────────────────────────────────────────────────────


@frozen
class Verdict:
    """Whether a course has a fact: as documented, at another time (``at``), or decided otherwise."""

    holds: bool
    at: int | None = None
    otherwise: str = ""


def changed_course(answer: WhatIfResult, record: Record, scenario: Scenario, speaker: Speaker) -> Column | None:
    """The column of a what-if; None where it has no pair of courses to show."""
    pair = answer.pair
    if pair is None:
        return None
    comparison = Comparison.of(pair.factual, pair.counterfactual, scenario.table)
    cells = {}
    for fact in record.facts:
        before, after = (_verdict(fact, scenario, log, speaker) for log in (pair.factual, pair.counterfactual))
        if before is not None and after is not None:
            cells[fact.id] = _cell(fact, before, after, scenario)
    known = facts_of(pair.counterfactual, record)
    moves = tuple(_moves(comparison, known, scenario, speaker))
    first = comparison.differing[0] if comparison.differing else None
    return Column(
        name=clean(answer.question) or "the change", title=clean(answer.asks), kind="changed", cells=cells, moves=moves,
        parts_at=None if first is None else first.minute,
        parting="" if first is None else clean(_parting(first.factual, first.twin, speaker)),
    )  # fmt: skip


def _verdict(fact: Fact, scenario: Scenario, log: Sequence[Entry], speaker: Speaker) -> Verdict | None:
    """What a course makes of a fact; None where a model says nothing of it."""
    if fact.background:
        return None
    if fact.kind == "given":
        at = next((entry.minute for entry in log if _is_given(fact, entry)), None)
        return None if at is None else Verdict(holds=True, at=at)
    if fact.decisions:
        verdicts = [_decided(fact, place, log, speaker) for place in range(len(fact.decisions))]
        return next((verdict for verdict in verdicts if not verdict.holds), verdicts[0])
    if fact.expect or fact.beliefs:
        found = happened(fact, scenario, log)
        return Verdict(found.hit, found.at)
    return None


def _is_given(fact: Fact, entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, e.Happened) and event.by == NATURE.id and event.what == fact.event


def _decided(fact: Fact, place: int, log: Sequence[Entry], speaker: Speaker) -> Verdict:
    """One documented decision in a course."""
    wanted, other = fact.decisions[place], Verdict(holds=False)
    for entry in log:
        event = entry.event
        if isinstance(event, e.Chose) and is_named(wanted.address, event.address):
            if event.taken != wanted.chose:
                other = Verdict(False, entry.minute, speaker.answer(event.address, event.taken))
            elif entry.minute in wanted.span:
                return Verdict(True, entry.minute)
            elif not other.otherwise:
                other = Verdict(False, entry.minute)
    return other


def _cell(fact: Fact, before: Verdict, after: Verdict, scenario: Scenario) -> Cell:
    if after.holds:
        return Cell(SAME) if before.holds else Cell("happens, with the change only", differs=True)
    if not before.holds:
        return Cell("in neither simulated course")
    if after.otherwise:
        return Cell(f"decided otherwise: {clean(after.otherwise)}", differs=True)
    if _is_state(fact):
        return Cell("does not hold", differs=True)
    if after.at is not None:
        return Cell(f"on {day(scenario.calendar.local(after.at))}", differs=True)
    return Cell("does not happen", differs=True)


def _is_state(fact: Fact) -> bool:
    """Whether a fact is a silence or a belief rather than an event."""
    return bool(fact.beliefs) or all(pattern.absent for pattern in fact.expect)


def _moves(
    comparison: Comparison, known: dict[int, tuple[Fact, ...]], scenario: Scenario, speaker: Speaker
) -> Iterator[Move]:
    """The moves of the changed course that stand for no fact."""
    local = scenario.calendar.local
    for row in comparison.rows:
        twin = row.twin
        if twin is None or not is_move(twin) or known.get(twin.index):
            continue
        note, common = "", row.factual is not None
        if row.factual is not None and local(row.factual.minute).date() != local(twin.minute).date():
            note, common = f"on {day(local(row.factual.minute))} without the change", False
        yield Move(twin.minute, words_in(speaker, twin.event), common, note)


def is_move(entry: Entry) -> bool:
    """Whether an entry is a move rather than a step of one, or the calendar."""
    event = entry.event
    calendar = isinstance(event, e.Announced | e.Happened) and event.by == NATURE.id
    return not calendar and not isinstance(event, BETWEEN_THE_LINES)


def _parting(here: Entry | None, there: Entry | None, speaker: Speaker) -> str:
    """What is otherwise where two courses part."""
    before, after = here and here.event, there and there.event
    if isinstance(before, e.Chose) and isinstance(after, e.Chose):
        taken, instead = (speaker.answer(event.address, event.taken) for event in (after, before))
        return f"{name_isolated(speaker.name(before.by))}: {taken}, instead of: {instead}"
    if there is not None:
        return str(words_in(speaker, there.event))
    return f"this does not come: {words_in(speaker, here.event)}" if here is not None else ""


# ── what an actor knew ──────────────────────────────────────────────────────────────────────────


@frozen
class Reached:
    """How an entry came to an actor."""

    minute: int
    entry: Entry
    own: bool


def knowledge_of(
    actor: str, entries: Sequence[Entry], record: Record, scenario: Scenario, speaker: Speaker
) -> Column:
    """The column of what reached an actor in one simulated course, and when."""
    local = scenario.calendar.local
    reached: dict[int, Reached] = {}
    for minute, entry in arrivals(scenario.table, entries, actor):
        reached.setdefault(entry.index, Reached(minute, entry, doer(entry.event) == actor))
    known = {index: facts for index, facts in facts_of(tuple(entries), record).items() if facts}
    cells: dict[str, Cell] = {}
    for index, facts in known.items():
        for fact in facts:
            here = reached.get(index)
            if here is not None and fact.id not in cells:
                same = local(here.minute).date() == local(entries[index].minute).date()
                when = "" if same else f" on {day(local(here.minute))}"
                cells[fact.id] = Cell("own act" if here.own else f"learns of it{when}")
    for fact in {fact.id: fact for facts in known.values() for fact in facts}.values():
        cells.setdefault(fact.id, Cell("does not learn of it"))
    moves = tuple(
        Move(arrival.minute, words_in(speaker, arrival.entry.event), common=True)
        for arrival in reached.values()
        if is_move(arrival.entry) and arrival.entry.index not in known
    )
    name = speaker.name(actor)
    return Column(
        name=name,
        title=f"What {name} learns, in the simulated course of the replay",
        kind="knew",
        cells=cells,
        moves=moves,
    )


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


@frozen
class Other:
    """What some columns say in one place: of a fact, or a move of their own."""

    columns: tuple[int, ...]
    words: Words | str
    differs: bool
    note: str = ""

    @property
    def same(self) -> bool:
        """Whether the course has the fact as documented, which a small screen leaves unsaid."""
        return self.words == SAME


@frozen
class Extra:
    """A row that the record does not have; ``common``: in every column that has it, with or without change."""

    minute: int
    other: Other
    common: bool


def beside_fact(columns: Sequence[Column], id: str) -> tuple[Other, ...]:
    """What the columns say of a fact; those that say the same stand together."""
    same: dict[Cell, list[int]] = {}
    for place, column in enumerate(columns):
        if id in column.cells:
            same.setdefault(column.cells[id], []).append(place)
    return tuple(Other(tuple(places), cell.words, cell.differs) for cell, places in same.items())


def extras(columns: Sequence[Column]) -> list[Extra]:
    """The columns' own moves in time; what several have in the same minute is one row."""
    same: dict[Move, list[int]] = {}
    for place, column in enumerate(columns):
        for move in column.moves:
            places = same.setdefault(move, [])
            if place not in places:
                places.append(place)
    rows = [
        Extra(move.minute, Other(tuple(places), move.words, not move.common, move.note), move.common)
        for move, places in same.items()
    ]
    return sorted(rows, key=lambda row: row.minute)


def cut(column: Column, until: int) -> Column:
    """A column without what comes after a minute."""
    moves = tuple(move for move in column.moves if move.minute <= until)
    if column.parts_at is not None and column.parts_at > until:
        return evolve(column, moves=moves, parts_at=None, parting="")
    return evolve(column, moves=moves)
