"""A study: shares of very many free runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.lab.forecast.forecast import Likely
from negosim.report.results.forecast import Outlook
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import listed_first, rough, share_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.ensembles.study import StudyResult
    from negosim.report.results import Rows



def sentence(found: StudyResult) -> str:
    """The share of each outcome over all runs."""
    done = found.runs - found.failed
    if done <= 0:
        return f"Nothing can be said in this model: none of {many(found.runs, 'run')} came to its end."
    ranked = sorted(found.shares.items(), key=lambda one: -one[1][0])
    shares = listed_first([f"{name} comes about in {share_range(low, high)}" for name, (_, low, high) in ranked])
    failed = f", {found.failed} more failed" if found.failed else ""
    runs = f"{many(done, 'free run')}{failed}{rough(done)}"
    return f"In this model {shares or 'no outcome was asked about'}, of {runs}."


def parts(answer: StudyResult) -> Iterator[RenderableType]:
    """A bar per outcome."""
    if answer.shares:
        likely = (Likely(name, name, *figures) for name, figures in answer.shares.items())
        yield from ("", Outlook(tuple(likely)))


def rows(found: StudyResult) -> Rows:
    """One per outcome."""
    return [
        {"outcome": name, "share": share, "low": low, "high": high, "runs": found.runs, "failed": found.failed}
        for name, (share, low, high) in found.known.items()
    ]
