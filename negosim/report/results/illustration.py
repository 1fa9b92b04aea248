"""One simulated course beside the same course with a change: an illustration, not an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.report.results import comparison
from negosim.report.results.comparison import compared
from negosim.report.wording.numbers import many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.counterfactual.illustration import Example
    from negosim.report.results import Rows



def sentence(example: Example) -> str:
    """What was changed, and how the course shown was picked."""
    picked = "a free run"
    if example.fit is not None:
        agrees = f"{example.fit.agrees} of {many(example.fit.outcomes, 'outcome')} are as documented"
        picked = f"the best fitting of {example.fit.tried} ({agrees})"
    return f"{example.asks} One simulated course, {picked}. {comparison.sentence(example.comparison)}"


def parts(example: Example) -> Iterator[RenderableType]:
    """Both courses on one axis."""
    headings = ("simulated, fits the record", "simulated, with the change")
    yield from ("", compared(example.comparison, example.scenario, headings))


def rows(example: Example) -> Rows:
    """One per aligned entry, at its hour."""
    iso = example.scenario.calendar.iso
    return [{**row, "at": iso(row["minute"])} for row in comparison.rows(example.comparison)]
