"""A page as values: what is to be read, in the order in which it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.lab.counterfactual.results import NOTE
from negosim.report.page.chart import chart_of
from negosim.report.page.overview import board_of, documented, rivalry_of, turning_of
from negosim.report.page.sources import Citations
from negosim.report.page.studies import study_of
from negosim.report.terminal.timeline_rows import wording_of
from negosim.report.wording.sentences import Speaker, day
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from negosim.lab.dossier import Dossier
    from negosim.report.page.chart import Chart
    from negosim.report.page.overview import Board, Documented, Rivalry, Turning
    from negosim.report.page.sources import Listed
    from negosim.report.page.studies import Study
    from negosim.sim.scenario import Scenario

WEEK_MINUTES = 7 * 1440


@frozen
class Page:
    """Everything a reader sees; ``months`` are the places of month names on an axis of 0 to 1."""

    title: str
    span: str
    note: str
    shown_until: str
    chart: Chart
    actors: tuple[tuple[str, str], ...]
    merged: str
    draw: str
    studies: tuple[Study, ...]
    board: Board
    turning: Turning | None
    rivals: tuple[Rivalry, ...]
    record: tuple[Documented, ...]
    sources: tuple[Listed, ...]
    months: tuple[tuple[float, str], ...]
    months_of_weeks: tuple[tuple[float, str], ...]
    manifest: Mapping[str, Any]
    command: str
    version: str


def page_of(found: Dossier, *, command: str, version: str) -> Page:
    """The page about a dossier; ``command`` is what a reader types to get the same page."""
    story, scenario, record = found.story, found.story.scenario, found.story.documented
    citations = Citations(record, found.until)
    speaker = Speaker(scenario.table.actors, scenario.calendar, wording=wording_of(scenario))
    draw = found.switches.draw
    names = [one.id or "question" for one in found.switches.questions]
    chart = chart_of(scenario, draw.factual, draw.twins, names, record, citations)
    weeks = -(-scenario.ends // WEEK_MINUTES)
    until = found.until
    studies = tuple(
        study_of(answer, found.switches, place, weeks, names=until is None)
        for place, answer in enumerate(found.answers)
    )
    facts = documented(record, scenario, draw.factual, speaker, citations)
    rivals = tuple(rivalry_of(one, record, speaker, citations) for one in found.rivals)
    unfed = [one.hit for one in facts if one.hit is not None]
    first, last = scenario.calendar.local(0), scenario.calendar.local(scenario.ends if until is None else until)
    return Page(
        clean(scenario.title), _span(first, last), NOTE, "" if until is None else f"{day(last)} {last.year}", chart,
        tuple((head, speaker.name(id)) for head, id in zip(chart.lanes.heads, chart.lanes.actors, strict=False)),
        ", ".join(speaker.name(id) for id in chart.lanes.merged),
        f"run {draw.run}: {sum(unfed)} of {len(unfed)} facts that were not fed happened in it",
        studies, board_of(found.switches), turning_of(found.turns, scenario, speaker), rivals,
        facts, citations.listed(), _months(scenario, scenario.ends), _months(scenario, weeks * WEEK_MINUTES),
        {**found.manifest, "story": story.digest}, command, version,
    )  # fmt: skip


def _span(first: datetime, last: datetime) -> str:
    year = f" {first.year}" if first.year != last.year else ""
    return f"{day(first)}{year} to {day(last)} {last.year}"


def _months(scenario: Scenario, ends: int) -> tuple[tuple[float, str], ...]:
    """Where each month begins, as a share of the clock."""
    found = []
    before = 0
    for minute in range(0, ends, 1440):
        local = scenario.calendar.local(minute)
        if local.month != before:
            found.append((minute / ends, f"{local:%b}"))
        before = local.month
    if len(found) > 1 and found[1][0] - found[0][0] < 0.06:
        found = found[1:]
    return tuple(found)
