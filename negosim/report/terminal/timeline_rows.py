"""From a log, or from a record, to the rows of a timeline."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from attrs import evolve
from rich.text import Text

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.address import Address
from negosim.record import is_like, window
from negosim.report.terminal.glyphs import (
    ABSENT,
    CLAIM,
    DECISION,
    DEED,
    GIVEN,
    SIGNS,
    STROKES,
    WORD,
    sign_of,
    stroke_of,
)
from negosim.report.terminal.timeline import Row, Timeline
from negosim.report.wording.numbers import dates, hours
from negosim.report.wording.sentences import Wording
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.core.actors import Channel
    from negosim.core.events import Entry, Event
    from negosim.core.time import Calendar
    from negosim.lab.counterfactual.explanation import Comparison
    from negosim.record import Fact, Record
    from negosim.report.terminal.glyphs import Sign
    from negosim.sim.scenario import Scenario
    from negosim.stories.loading import Story

MARKS: Mapping[str, str] = {"claim": "claimed", "inferred": "inferred"}
"""What stands behind a fact that is less than a documented one."""
TOLD_KINDS = ("given", "decision", "inferred")
"""Kinds of facts that a replay is told."""
BETWEEN_THE_LINES = (e.Chose, e.Delivered, e.Lost, e.Promised)
"""Entries that are steps of a move rather than moves: shown when everything is asked for."""


def rows_of_run(
    entries: Iterable[Entry], channels: Mapping[str, Channel], calendar: Calendar,
    record: Record | None = None, *, words: Mapping[str, str] | None = None, everything: bool = False,
) -> tuple[Row, ...]:  # fmt: skip
    """A log as rows; with a record, each move names the facts it stands for and counts sources.

    What is given is told in the record's words, which may speak of what happened before it in
    history, unless the story has ``words`` of its own for it.
    """
    log = tuple(entries)
    facts = facts_of(log, record) if record is not None else {}
    shown = (x for x in log if everything or not isinstance(x.event, BETWEEN_THE_LINES))
    return tuple(
        _row(entry, channels, calendar, record, facts.get(entry.index, ()), words or {}) for entry in shown
    )


def _row(
    entry: Entry, channels: Mapping[str, Channel], calendar: Calendar, record: Record | None,
    facts: tuple[Fact, ...], words: Mapping[str, str],
) -> Row:  # fmt: skip
    """A move with the facts it stands for.

    Only what the model was told has sources; a simulated move that fits a fact only fits it.
    """
    event = entry.event
    facts = facts or on_the_calendar(event, record)
    told_facts = [fact for fact in facts if fact.kind in TOLD_KINDS]
    mark = "claimed" if isinstance(event, e.Claimed) else ""
    disputed = any(fact.certainty == "disputed" for fact in facts)
    unnamed = isinstance(event, e.Happened) and event.what not in words
    given = next((fact.what for fact in facts if fact.kind == "given" and unnamed), None)
    return Row(
        at=calendar.local(entry.minute),
        by=event.by,
        to=concerned(event),
        stroke=stroke_of(event, channels),
        sign=sign_of(event),
        what=Text(clean(given)) if given else event,
        sources=families(record, told_facts) if told_facts and record else None,
        facts=tuple(fact.id for fact in facts),
        mark=mark or ("disputed" if disputed else ""),
        fits=facts[0].id.partition("-")[0] if facts and not told_facts else "",
    )


def families(record: Record, facts: Iterable[Fact]) -> int:
    """How many independent sources tell these facts: copies of one informant count once."""
    return len({record.family(cite.source) for fact in facts for cite in fact.cites})


def wording_of(scenario: Scenario) -> Wording:
    """The scenario's own words for its decisions' answers, and for whatever else it names."""
    answers = {
        f"{decision.actor}.{decision.name}": {answer.slug: answer.value for answer in decision.menu}
        for decision in scenario.decisions
    }
    return Wording(answers, scenario.words)


def timeline_of(
    story: Story, entries: Iterable[Entry] | None = None, *, wide: bool = False, everything: bool = False
) -> Timeline:
    """A story's documented record as a timeline, or a log of the story; ``everything`` shows all."""
    scenario, record = story.scenario, story.record
    table, wording = scenario.table, wording_of(scenario)
    if entries is None:
        rows = rows_of_record(story.documented, table.channels, background=everything)
        return Timeline(
            rows=rows,
            actors=table.actors,
            calendar=scenario.calendar,
            wide=wide,
            simulated="",
            wording=wording,
        )
    rows = rows_of_run(
        entries, table.channels, scenario.calendar, record, words=scenario.words, everything=everything
    )
    return Timeline(rows=rows, actors=table.actors, calendar=scenario.calendar, wide=wide, wording=wording)


def twin_timeline(story: Story, comparison: Comparison, *, imposed: bool, wide: bool = False) -> Timeline:
    """The second run of a comparison, with a rule where it leaves the first.

    Where a record was ``imposed`` on the first, what both have in common keeps its sources, and
    from the rule on all is simulated; in free runs only what is given has sources.
    """
    scenario, record = story.scenario, story.record
    channels, calendar, words = scenario.table.channels, scenario.calendar, scenario.words
    twin = tuple(comparison.twin)
    fork = next(
        (place for place, (one, other) in enumerate(zip_longest(comparison.factual, twin)) if one != other), len(twin)
    )
    given = record and evolve(record, facts=record.of_kind("given"))
    before = rows_of_run(twin[:fork], channels, calendar, record if imposed else given, words=words)
    after = rows_of_run(twin, channels, calendar, given, words=words)[len(before) :]
    return Timeline(
        rows=(*before, *after),
        actors=scenario.table.actors,
        calendar=calendar,
        wide=wide,
        wording=wording_of(scenario),
        fork=len(before) if after else None,
        forked="simulated from here" if imposed else "they part here",
    )


def concerned(event: Event) -> tuple[str, ...]:
    """Whom an event concerns besides its doer."""
    to = getattr(event, "to", "") or getattr(event, "about", "")
    return to if isinstance(to, tuple) else (to,) if to else ()


def facts_of(log: tuple[Entry, ...], record: Record) -> dict[int, tuple[Fact, ...]]:
    """The facts each entry stands for, by the entry's index.

    An outcome or claim stands at the entries it expects, a given at its happening, a decision at
    its choice and at the first move that the choice led to, unless that comes after its dates.
    """
    by_entry: dict[int, list[Fact]] = {}
    led_to = _first_moves(log)
    for fact in record.facts:
        if not fact.background:
            for entry in log:
                if _stands_for(fact, entry):
                    by_entry.setdefault(entry.index, []).append(fact)
                    move = led_to.get(entry.index)
                    if move is not None and any(log[move].minute in decision.span for decision in fact.decisions):
                        by_entry.setdefault(move, []).append(fact)
    return {index: tuple(dict.fromkeys(facts)) for index, facts in by_entry.items()}


def on_the_calendar(event: Event, record: Record | None) -> tuple[Fact, ...]:
    """The givens whose coming an event announces."""
    if record is None or not isinstance(event, e.Announced) or event.by != NATURE.id:
        return ()
    return tuple(fact for fact in record.of_kind("given") if fact.event == event.action)


def _stands_for(fact: Fact, entry: Entry) -> bool:
    event = entry.event
    if isinstance(event, e.Happened) and event.by == NATURE.id:
        return fact.event == event.what
    if isinstance(event, e.Chose):
        return any(
            is_named(decision.address, event.address)
            and decision.chose == event.taken
            and entry.minute in decision.span
            for decision in fact.decisions
        )
    return any(
        not pattern.absent and entry.minute in window(pattern, fact.tolerance) and is_like(pattern, event)
        for pattern in fact.expect
    )


def is_named(wanted: str, address: str) -> bool:
    """Whether an address is the one a record names; ``[*]`` leaves its key open."""
    return Address.of(wanted).covers(address)


def _first_moves(log: tuple[Entry, ...]) -> dict[int, int]:
    """For each choice the first move that names it as a cause."""
    first: dict[int, int] = {}
    for entry in log:
        if not isinstance(entry.event, BETWEEN_THE_LINES):
            for cause in entry.causes:
                if isinstance(log[cause].event, e.Chose):
                    first.setdefault(cause, entry.index)
    return first


def rows_of_record(
    record: Record, channels: Mapping[str, Channel], *, background: bool = False
) -> tuple[Row, ...]:
    """The documented history as rows, by first day; background facts only when asked for.

    What has no first day stands at its last. Of one day's facts those come first that are over first.
    """
    dated = [
        (record.calendar.local(_begins(fact)).date(), record.ends if last is None else last, _begins(fact), place)
        for place, fact in enumerate(record.facts)
        for last in [fact.span.latest]
        if background or not fact.background
    ]
    return tuple(_row_of_fact(record, record.facts[place], channels) for *_, place in sorted(dated))


def _begins(fact: Fact) -> int:
    """The minute at which a fact stands: its first, or its last where nobody knows since when."""
    span = fact.span
    return next(minute for minute in (span.earliest, span.latest) if minute is not None)


def _row_of_fact(record: Record, fact: Fact, channels: Mapping[str, Channel]) -> Row:
    calendar = record.calendar
    channel, sign = channels.get(fact.channel), sign_of_fact(fact)
    by = fact.claimant or (fact.who[0] if fact.who and fact.kind != "given" else NATURE.id)
    others = tuple(dict.fromkeys((*fact.who[1:], *fact.to)))
    return Row(
        at=calendar.local(_begins(fact)),
        by=by,
        to=others,
        stroke=DEED if channel is None else STROKES[channel.kind],
        sign=sign,
        what=Text(clean(fact.what)),
        sources=families(record, [fact]),
        facts=(fact.id,),
        mark=_doubts(record, fact),
        hours=hours(
            calendar, _begins(fact), fact.span.latest, whole_days=fact.precision != "part"
        ),
        when="" if fact.precision in ("day", "part") else dates(calendar, fact.span.earliest, fact.span.latest),
    )


def _doubts(record: Record, fact: Fact) -> str:
    """What makes a fact less than a documented one: who stands behind it, and whether its date is sure."""
    if fact.kind in MARKS or fact.certainty == "disputed":
        weakest = MARKS.get(fact.kind, "disputed")
    else:
        weakest = "sources differ" if sources_differ(record, fact) else "reported" * (fact.certainty == "reported")
    return ", ".join(filter(None, (weakest, "date doubtful" if fact.span.uncertain else "")))


def sources_differ(record: Record, fact: Fact) -> bool:
    """Whether a conflict is about a fact."""
    return any(fact.id in conflict.facts for conflict in record.conflicts)


def sign_of_fact(fact: Fact) -> Sign:
    """The sign of a fact: of what it expects, else of its kind."""
    if fact.kind == "given":
        return GIVEN
    if fact.kind == "claim":
        return CLAIM
    if fact.expect and all(pattern.absent for pattern in fact.expect):
        return ABSENT
    for pattern in fact.expect:
        if pattern.event in SIGNS:
            return DECISION if pattern.event == e.Chose.name else SIGNS[pattern.event]
    return DECISION if fact.kind in ("decision", "inferred") else WORD
