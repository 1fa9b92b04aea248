"""One simulated course beside the same course with a change: an illustration, not an answer."""

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



def sentence(found: Example) -> str:
    """What was changed, and how the course shown was picked."""
    picked = "a free run"
    if found.fit is not None:
        agrees = f"{found.fit.agrees} of {many(found.fit.outcomes, 'outcome')} are as documented"
        picked = f"the best fitting of {found.fit.tried} ({agrees})"
    return f"{found.asks} One world as an illustration, {picked}. {comparison.sentence(found.comparison)}"


def parts(answer: Example) -> Iterator[RenderableType]:
    """Both courses on one axis."""
    headings = ("simulated, fits the record", "simulated, with the change")
    yield from ("", compared(answer.comparison, answer.scenario, headings))


def rows(found: Example) -> Rows:
    """One per aligned entry, at its hour."""
    iso = found.scenario.calendar.iso
    return [{**row, "at": iso(row["minute"])} for row in comparison.rows(found.comparison)]
