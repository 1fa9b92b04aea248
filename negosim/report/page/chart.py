"""Two histories on one date axis: the documented draw on the left, its what-if twins on the right.

A row is a move. Moves that both histories have on one day stand in one row. The rows of all
what-ifs are in one list, each with those to which it belongs, so that what is common is written
once however many what-ifs there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen
from markupsafe import Markup, escape

from negosim.core import events as e
from negosim.lab.counterfactual.explanation import Comparison
from negosim.report.page.lanes import LETTERS, Drawings
from negosim.report.terminal.glyphs import sign_of, stroke_of
from negosim.report.terminal.lanes import Lanes
from negosim.report.terminal.timeline import MOST_LANES, SILENCE_DAYS
from negosim.report.terminal.timeline_rows import (
    BETWEEN_THE_LINES,
    FED,
    concerned,
    facts_of,
    on_the_calendar,
    wording_of,
)
from negosim.report.wording.sentences import Speaker, day
from negosim.report.wording.text import clean, is_right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from negosim.core.events import Entry, Event
    from negosim.lab.counterfactual.alignment import Row as Pair
    from negosim.record import Fact, Record
    from negosim.report.page.sources import Citations, Note
    from negosim.sim.scenario import Scenario


@frozen
class Words:
    """A sentence in parts, plain and emphasised in turn (the first is plain)."""

    parts: tuple[str, ...]

    def __html__(self) -> str:
        """The parts escaped, every second one bold; isolated where part of it runs leftwards."""
        said = Markup("").join(
            Markup("<b>{}</b>").format(part) if place % 2 else escape(part)
            for place, part in enumerate(self.parts)
            if part
        )
        return Markup("<bdi>{}</bdi>").format(said) if is_right_to_left(str(self)) else said

    def __str__(self) -> str:
        return "".join(self.parts)


@frozen
class Side:
    """A move as one history has it.

    ``drawing`` names its drawing, ``stroke`` is the class of its line, ``notes`` cite what
    documents it, whose words are ``record``. ``fits``: the fact it fits without having been fed.
    ``when`` is set where this history has the move at another hour than the row says, or on
    another day than the other history.
    """

    entry: int
    words: Words
    drawing: str
    stroke: str
    notes: tuple[Note, ...] = ()
    record: str = ""
    mark: str = ""
    fits: str = ""
    when: str = ""
    simulated: bool = True


@frozen
class Other:
    """What stands on the right for some what-ifs: the same move, or one of their own."""

    questions: tuple[int, ...]
    side: Side
    same: bool


@frozen
class Row:
    """A move. ``only`` are the what-ifs in which the row exists; empty: it is in the draw.

    ``absent`` says, for those what-ifs that have nothing in its place, that it does not happen or
    on which day it does.
    """

    minute: int
    at: datetime
    left: Side | None
    right: tuple[Other, ...] = ()
    only: tuple[int, ...] = ()
    absent: tuple[tuple[tuple[int, ...], str], ...] = ()
    causes: tuple[int, ...] = ()

    @property
    def day(self) -> str:
        """The date, as ``14 Oct``."""
        return day(self.at)

    @property
    def day_of(self) -> str:
        """The date, to tell days apart."""
        return self.at.date().isoformat()

    @property
    def time(self) -> str:
        """The hour."""
        return f"{self.at:%H:%M}"

    @property
    def strokes(self) -> str:
        """The classes of its lines."""
        sides = [self.left, *(one.side for one in self.right)]
        return "".join(dict.fromkeys(side.stroke for side in sides if side))


@frozen
class Rule:
    """A row that is none: a silence in days, or the fork with what was decided otherwise."""

    before: int
    questions: tuple[int, ...]
    days: int = 0
    fork: str = ""
    when: str = ""


@frozen
class Chart:
    """The table: rows in time, the rules between them, who has a lane."""

    rows: tuple[Row, ...]
    rules: tuple[Rule, ...]
    drawings: Drawings
    questions: tuple[str, ...]

    @property
    def lanes(self) -> Lanes:
        """Who has a lane."""
        return self.drawings.lanes

    @property
    def by_place(self) -> dict[int, tuple[Rule, ...]]:
        """The rules by the row they stand before; forks before silences last."""
        found: dict[int, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.before, []).append(rule)
        return {place: tuple(sorted(own, key=lambda one: bool(one.fork))) for place, own in found.items()}


def chart_of(
    scenario: Scenario, factual: Sequence[Entry], twins: Sequence[Sequence[Entry]],
    questions: Sequence[str] = (), record: Record | None = None, citations: Citations | None = None,
) -> Chart:  # fmt: skip
    """The chart of a log and its twins; ``questions`` are the twins' names."""
    logs = (factual, *twins)
    drawings = Drawings(_lanes(scenario, logs))
    comparisons = [Comparison.of(factual, twin, scenario.table) for twin in twins]
    tellers = [
        _Teller(scenario, drawings, tuple(log), record, citations, fed=not place) for place, log in enumerate(logs)
    ]
    rows, places = _rows(scenario, tellers, comparisons)
    rows = [evolve(row, causes=causes) for row, causes in zip(rows, _causes(logs, places, len(rows)), strict=True)]
    forks = [rule for place, one in enumerate(comparisons) for rule in _fork(place, one, rows, tellers)]
    return Chart(tuple(rows), (*_silences(rows, len(twins)), *forks), drawings, tuple(questions))


def words_in(speaker: Speaker, event: Event) -> Words:
    """The event as a sentence, its verb emphasised."""
    text = speaker.sentence(event, "bold")
    parts, at = [], 0
    for span in text.spans:
        parts += [text.plain[at : span.start], text.plain[span.start : span.end]]
        at = span.end
    return Words((*parts, text.plain[at:]))


def is_shown(entry: Entry) -> bool:
    """Whether an entry is a move rather than a step of one."""
    return not isinstance(entry.event, BETWEEN_THE_LINES)


def _lanes(scenario: Scenario, logs: Iterable[Sequence[Entry]]) -> Lanes:
    busy = [(one.event.by, *concerned(one.event)) for log in logs for one in log if is_shown(one)]
    return Lanes.of(busy, list(scenario.table.actors), MOST_LANES)


@frozen
class _Teller:
    """Turns the entries of one log into sides; ``fed``: the log a record was imposed on."""

    scenario: Scenario
    drawings: Drawings
    log: tuple[Entry, ...]
    record: Record | None
    citations: Citations | None
    fed: bool
    speaker: Speaker = field(init=False)
    facts: dict[int, tuple[Fact, ...]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        table, wording = self.scenario.table, wording_of(self.scenario)
        object.__setattr__(self, "speaker", Speaker(table.actors, self.scenario.calendar, wording=wording))
        facts = facts_of(self.log, self.record) if self.record is not None else {}
        object.__setattr__(self, "facts", facts)

    def side(self, entry: Entry, when: str = "") -> Side:
        event, facts = entry.event, self.facts.get(entry.index, ()) or on_the_calendar(entry.event, self.record)
        fed = [fact for fact in facts if fact.kind in FED] if self.fed else []
        stroke = stroke_of(event, self.scenario.table.channels)
        notes = self.citations.of(fed) if self.citations and fed else ()
        disputed = any(fact.certainty == "disputed" for fact in facts)
        return Side(
            entry.index, self.words(entry),
            self.drawings.name(event.by, concerned(event), stroke, sign_of(event)),
            LETTERS[stroke.word], notes,
            clean(" ".join(fact.what for fact in fed)),
            "claimed" if isinstance(event, e.Claimed | e.Denied) else "disputed" if disputed else "",
            "" if fed or not facts else facts[0].id, when, not fed,
        )  # fmt: skip

    def words(self, entry: Entry) -> Words:
        return words_in(self.speaker, entry.event)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────

Places = list[dict[int, int]]
"""For each log, the row of every entry that is shown."""


def _rows(
    scenario: Scenario, tellers: Sequence[_Teller], comparisons: Sequence[Comparison]
) -> tuple[list[Row], Places]:
    calendar = scenario.calendar
    found: list[tuple[int, int, Row, list[tuple[int, int]]]] = []
    pairs = [{pair.factual.index: pair for pair in one.rows if pair.factual} for one in comparisons]
    apart: list[tuple[int, Entry, str]] = []
    for entry in tellers[0].log:
        if not is_shown(entry):
            continue
        sides: dict[tuple[bool, str, int], list[int]] = {}
        absent: dict[str, list[int]] = {}
        shown = [(0, entry.index)]
        for place, pair in enumerate(each[entry.index] for each in pairs):
            if pair.twin is None:
                absent.setdefault("does not happen", []).append(place)
                continue
            here, there = calendar.local(entry.minute), calendar.local(pair.twin.minute)
            if here.date() != there.date():
                absent.setdefault(f"on {day(there)}", []).append(place)
                apart.append((place, pair.twin, f"{day(here)} in the replay"))
                continue
            when = f"{there:%H:%M}" if entry.minute != pair.twin.minute else ""
            sides.setdefault((not when, when, 0 if not when else pair.twin.index), []).append(place)
            shown.append((place + 1, pair.twin.index))
        right = tuple(
            Other(tuple(places), _mate(tellers, entry, pairs, places[0], when), same)
            for (same, when, _), places in sides.items()
        )
        missing = tuple((tuple(places), words) for words, places in absent.items())
        row = Row(entry.minute, calendar.local(entry.minute), tellers[0].side(entry), right, absent=missing)
        found.append((entry.minute, 0, row, shown))
    apart += [
        (place, pair.twin, "") for place, one in enumerate(comparisons) for pair in one.rows
        if pair.factual is None and pair.twin is not None and is_shown(pair.twin)
    ]  # fmt: skip
    found += _of_twins(tellers, apart)
    found.sort(key=lambda one: one[:2])
    places: Places = [{} for _ in tellers]
    for at, (_, _, _, shown) in enumerate(found):
        for log, index in shown:
            places[log][index] = at
    return [row for _, _, row, _ in found], places


def _mate(tellers: Sequence[_Teller], entry: Entry, pairs: Sequence[dict[int, Pair]], place: int, when: str) -> Side:
    twin = pairs[place][entry.index].twin
    return tellers[place + 1].side(twin or entry, when)


def _of_twins(
    tellers: Sequence[_Teller], apart: Iterable[tuple[int, Entry, str]]
) -> list[tuple[int, int, Row, list[tuple[int, int]]]]:
    """Rows that only twins have; what several have in the same minute is one row."""
    same: dict[tuple[int, object, str], list[tuple[int, int]]] = {}
    for place, twin, when in apart:
        same.setdefault((twin.minute, twin.event, when), []).append((place, twin.index))
    found = []
    for (minute, _, when), own in same.items():
        places = tuple(dict.fromkeys(place for place, _ in own))
        place, index = own[0]
        teller = tellers[place + 1]
        side = teller.side(teller.log[index], when)
        row = Row(minute, teller.scenario.calendar.local(minute), None, (Other(places, side, same=False),), places)
        found.append((minute, 1, row, [(each + 1, at) for each, at in own]))
    return found


def _causes(logs: Sequence[Sequence[Entry]], places: Places, count: int) -> list[tuple[int, ...]]:
    """For each row the rows it follows from, in either history; steps between are passed over."""
    found: list[set[int]] = [set() for _ in range(count)]
    for log, shown in zip(logs, places, strict=True):
        reached: list[frozenset[int]] = []
        for entry in log:
            behind = frozenset(
                row for cause in entry.causes for row in ([shown[cause]] if cause in shown else reached[cause])
            )
            reached.append(behind)
            if entry.index in shown:
                found[shown[entry.index]] |= behind - {shown[entry.index]}
    return [tuple(sorted(own)) for own in found]


# ── rules between rows ──────────────────────────────────────────────────────────────────────────


def _silences(rows: Sequence[Row], count: int) -> list[Rule]:
    """Weeks and more without a move, as each what-if's reader sees them."""
    found: dict[tuple[int, int], list[int]] = {}
    for question in range(max(count, 1)):
        before: Row | None = None
        for place, row in enumerate(rows):
            if row.only and question not in row.only:
                continue
            if before is not None and (days := (row.at.date() - before.at.date()).days) >= SILENCE_DAYS:
                found.setdefault((place, days), []).append(question)
            before = row
    return [Rule(place, tuple(own), days=days, when=f"{rows[place].at:%Y}") for (place, days), own in found.items()]


def _fork(question: int, comparison: Comparison, rows: Sequence[Row], tellers: Sequence[_Teller]) -> list[Rule]:
    """Where the histories of one what-if part; none when its log is the same."""
    differing = comparison.differing
    if not differing:
        return []
    first = differing[0]
    here, there = first.factual, first.twin
    for place, row in enumerate(rows):
        own = [one for one in row.right if question in one.questions]
        differs = question in row.only or (not row.only and not any(one.same for one in own))
        if row.minute >= first.minute and differs:
            when = day(tellers[0].scenario.calendar.local(first.minute))
            return [Rule(place, (question,), fork=_parting(here, there, tellers, question), when=when)]
    return []


def _parting(here: Entry | None, there: Entry | None, tellers: Sequence[_Teller], question: int) -> str:
    one, other = here and here.event, there and there.event
    if isinstance(one, e.Chose) and isinstance(other, e.Chose):
        speaker = tellers[0].speaker
        taken, instead = (speaker.answer(each.address, each.taken) for each in (other, one))
        return f"{speaker.name(one.by)}: {taken}; in the replay: {instead}"
    if there is not None:
        return str(tellers[question + 1].words(there))
    return f"without: {tellers[0].words(here)}" if here is not None else ""
