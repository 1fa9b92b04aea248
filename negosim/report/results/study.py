"""A study: shares of very many free runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.inference.estimates import ROUGH_BELOW, Estimate
from negosim.lab.forecast.forecast import Likely
from negosim.report.results.forecast import Outlook
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import listed_first, percent, quoted
from negosim.report.wording.sentences import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.ensembles.study import StudyResult
    from negosim.report.results import Rows



HALF = 0.5


def sentence(progress: StudyResult) -> str:
    """The share of each outcome over all runs."""
    finished = progress.runs - progress.failed
    if finished <= 0:
        return f"This model says nothing: none of {many(progress.runs, 'run')} came to its end."
    shares = listed_first(
        f"{quoted(found.what)} in {percent(found.share.mean)} of them (95 %: {_interval(found.share)})"
        for found in sorted(_found(progress), key=lambda found: -found.share.mean)
    )
    failed = f" ({progress.failed} more failed)" if progress.failed else ""
    rough = " (rough)" if finished < ROUGH_BELOW else ""
    runs = f"Of {many(finished, 'simulated course')} of this model with no decision told{failed}{rough}"
    return f"{runs}: {shares or 'no outcome was asked about'}.{_beside_history(progress)}"


def _beside_history(progress: StudyResult) -> str:
    """How many of the outcomes that happened in history come in more than half of the courses."""
    happened = [found for found in _found(progress) if found.happened]
    often = sum(found.share.mean > HALF for found in happened)
    if not happened:
        return ""
    return f" Of the {many(len(happened), 'outcome')} that happened, {often or 'none'} came in more than half."


def _found(progress: StudyResult) -> list[Likely]:
    """The share of each outcome, in words, beside what happened in history."""
    asked = {outcome.id: outcome for outcome in progress.outcomes}
    return [
        Likely(
            name=name, what=asked[name].target.what if name in asked else words_of(name).capitalize(),
            share=Estimate(share, 0.0, interval=(low, high)), happened=asked[name].happened if name in asked else None,
        )
        for name, (share, low, high) in progress.shares.items()
    ]  # fmt: skip


def _interval(share: Estimate) -> str:
    return f"{100 * max(share.low, 0):.0f} to {100 * min(share.high, 1):.0f}"


def parts(progress: StudyResult) -> Iterator[RenderableType]:
    """A bar per outcome."""
    if progress.shares:
        yield from ("", Outlook(_found(progress)))


def rows(progress: StudyResult) -> Rows:
    """One per outcome."""
    return [
        {"outcome": name, "share": share, "low": low, "high": high, "runs": progress.runs, "failed": progress.failed}
        for name, (share, low, high) in progress.known.items()
    ]
