"""A story as a result: its documented record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.report.terminal.fact import fact_json
from negosim.report.terminal.timeline_rows import timeline_of
from negosim.report.wording.numbers import many
from negosim.report.wording.sentences import day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.report.results import Rows
    from negosim.stories.loading import Story



def sentence(story: Story) -> str:
    """How many facts the record has, and of which dates."""
    if story.record is None:
        return f"{story.scenario.title}: a scenario without a record."
    dated = [
        fact.span.earliest for fact in story.record.facts if fact.span.earliest is not None and not fact.background
    ]
    calendar = story.record.calendar
    first, last = calendar.local(min(dated, default=0)), calendar.local(max(dated, default=0))
    return (
        f"{story.record.title}: the documented record, {many(len(dated), 'fact')}, "
        f"{day(first)} {first.year} to {day(last)} {last.year}."
    )


def parts(story: Story) -> Iterator[RenderableType]:
    """The record as a timeline."""
    if story.record is not None:
        yield from ("", timeline_of(story))


def rows(story: Story) -> Rows:
    """One per fact of the record."""
    record = story.documented
    return [fact_json(record, fact) for fact in record.facts]
