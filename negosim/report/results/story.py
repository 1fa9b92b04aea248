"""A story as a result: its documented record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from negosim.report.terminal.fact import fact_json
from negosim.report.terminal.line import Line
from negosim.report.terminal.listing import Listing, both_ends, shortened
from negosim.report.terminal.timeline import Timeline
from negosim.report.terminal.timeline_rows import (
    TOLD_KINDS,
    rows_of_run,
    sources_differ,
    timeline_of,
    wording_of,
)
from negosim.report.wording.numbers import many
from negosim.report.wording.sentences import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from negosim.core.events import Entry
    from negosim.record import Record
    from negosim.report.results import Rows
    from negosim.report.terminal.timeline import Row
    from negosim.sim.scenario import Scenario
    from negosim.stories.loading import Story



def sentence(story: Story) -> str:
    """How many facts the record has, and of which dates."""
    if story.record is None:
        return f"{story.scenario.title}: a scenario without a record."
    used = [fact for fact in story.record.facts if not fact.background or _is_alone(story)]
    dated = [fact.span.earliest for fact in used if fact.span.earliest is not None]
    calendar = story.record.calendar
    first, last = calendar.local(min(dated, default=0)), calendar.local(max(dated, default=0))
    record = story.record
    doubted = [fact for fact in used if fact.certainty == "disputed" or fact.kind == "claim"]
    differ = [fact for fact in used if sources_differ(record, fact) and fact not in doubted]
    reported = [fact for fact in used if fact.certainty == "reported" and fact not in (*doubted, *differ)]
    doubts = ""
    if doubted:
        doubts += f"; {len(doubted)} {'is' if len(doubted) == 1 else 'are'} disputed or claimed by one side"
    if reported:
        doubts += f", {len(reported)} only reported" if doubted else f"; {many(len(reported), 'fact')} only reported"
    if differ:
        doubts += f"; sources differ about details of {many(len(differ), 'other fact' if doubted else 'fact')}"
    sources = len({source.family for source in record.sources})
    return (
        f"{story.record.title}: the documented record has {many(len(used), 'fact')}, {day(first)} {first.year} "
        f"to {day(last)} {last.year}, from {many(sources, 'independent source')}{doubts}."
    )


def parts(story: Story) -> Iterator[RenderableType]:
    """The record as a list, and what to type next."""
    if story.record is not None:
        yield from ("", *history(story))


def history(
    story: Story, *, called: str = "", everything: bool = False, lanes: bool = False, wide: bool = False,
    background: bool = False,
) -> Iterator[RenderableType]:  # fmt: skip
    """The documented facts by first day: those of the first source on one screen, all of them, or a chart.

    ``called`` is how the user calls the story; its own name unless said otherwise.
    """
    record, name = story.documented, called or story.scenario.name
    chart = timeline_of(story, wide=wide, everything=background or _is_alone(story))
    if lanes:
        yield chart
    else:
        shown = chart.rows if everything or background else shortened(chart.rows, _of_first_source(record))
        yield Listing(rows=shown, actors=chart.actors, calendar=chart.calendar, whole=everything or background)
        if folded := len(chart.rows) - len(shown):
            yield Line(f"{many(folded, 'more fact')}: --all", "dim")
    used = [fact for fact in record.facts if not fact.background or _is_alone(story)]
    example = max(used, key=lambda fact: len(fact.cites)).id if used else "FACT"
    then = f"new NAME --from {name}" if _is_alone(story) else f"replay {name}"
    yield Line(f"Next: negosim show {name} {example} · as a chart: --lanes · negosim {then}")


def _is_alone(story: Story) -> bool:
    """Whether the record has no model: then none of its facts is less than another."""
    return not story.scenario.cast


def _of_first_source(record: Record) -> frozenset[str]:
    """The ids of the facts that the record's first source tells."""
    first = record.sources[0].id if record.sources else ""
    return frozenset(fact.id for fact in record.facts if any(cite.source == first for cite in fact.cites))


def course_rows(story: Story, entries: Iterable[Entry], *, told: bool, everything: bool = False) -> tuple[Row, ...]:
    """A simulated course as rows, with the facts that the model was told.

    In a free run that is only what the record gives; the rest is simulated, even where it fits.
    """
    scenario, record = story.scenario, story.record
    given = record and evolve(record, facts=record.of_kind(*TOLD_KINDS if told else ("given",)))
    return rows_of_run(
        entries, scenario.table.channels, scenario.calendar, given, words=scenario.words, everything=everything
    )


def course_sentence(scenario: Scenario, rows: tuple[Row, ...], *, told: bool) -> str:
    """That this is one simulated course and no history, what the model was told of it and what it made up."""
    known = sum(row.sources is not None for row in rows)
    sort = "circumstances and documented decisions" if told else "all of them circumstances"
    among = f", {sort}" if known else ""
    return (
        f"Simulated, not history: one course of the model of {scenario.title}. The model was told {known} of its "
        f"{many(len(rows), 'move')}{among}; it made up the other {len(rows) - known}."
    )


def course(
    scenario: Scenario, rows: tuple[Row, ...], *, everything: bool, lanes: bool, wide: bool
) -> Iterator[RenderableType]:
    """One simulated course as a list on one screen, in full, or as a chart."""
    actors, wording = scenario.table.actors, wording_of(scenario)
    if lanes:
        yield Timeline(rows=rows, actors=actors, calendar=scenario.calendar, wide=wide, wording=wording)
        return
    shown = rows if everything else both_ends(rows)
    yield Listing(
        rows=shown, actors=actors, calendar=scenario.calendar, wording=wording, whole=everything, course=True,
        folded=len(rows) - len(shown),
    )  # fmt: skip


def rows(story: Story) -> Rows:
    """One per fact of the record."""
    record = story.documented
    return [fact_json(record, fact) for fact in record.facts]
