"""One simulated course beside the same course with a change: an illustration, not an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.report.results import comparison
from negosim.report.results.comparison import compared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.counterfactual.illustration import Example
    from negosim.report.results import Rows


def sentence(example: Example) -> str:
    """What was changed, and how the course shown was picked."""
    course = "a course given the record" if example.from_record else "a free run"
    return f"{example.asks} One simulated course, {course}. {comparison.sentence(example.comparison)}"


def parts(example: Example) -> Iterator[RenderableType]:
    """Both courses on one axis."""
    first = "simulated, given the record" if example.from_record else "simulated, as it was"
    headings = (first, "simulated, with the change")
    yield from ("", compared(example.comparison, example.scenario, headings))


def rows(example: Example) -> Rows:
    """One per aligned entry, at its hour."""
    iso = example.scenario.calendar.iso
    return [{**row, "at": iso(row["minute"])} for row in comparison.rows(example.comparison)]
