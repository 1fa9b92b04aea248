"""Is the model true to itself: the band of a true model, and whether what-ifs are calibrated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import asdict
from rich.text import Text

from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import listed_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.calibration.simulation_based_calibration import Recovery
    from negosim.report.results import Rows

HARDLY = 0.05
"""Standard deviations that are printed as none."""


def sections(recovery: Recovery) -> Iterator[tuple[str, RenderableType]]:
    """The band and the calibration, each with its heading."""
    lost = f"{recovery.lost} lost: no replay of them got through" if recovery.lost else "none lost"
    band = "no band" if recovery.low is None else f"{recovery.low:+.2f} to {recovery.high:+.2f}"
    record_score = "no replay got through" if recovery.record is None else f"{recovery.record:+.2f}"
    yield "is the model true to itself?", (
        f"{recovery.histories} histories of {recovery.decisions:g} decisions (median), {lost}; "
        f"replays of each worth {recovery.ess:.0f} of {recovery.n} (median)\n"
        "how much less surprising decisions were than the model expected of the same questions, in standard\n"
        f"deviations: 9 of 10 histories {band}; the record, {recovery.record_decisions} decisions, {record_score}\n"
        f"verdict: {recovery.verdict}"
    )
    if recovery.failed:
        yield f"left out: {recovery.failed}, in which the story's own code complained", recovery.complaint
    if recovery.calibration:
        rows = table("question", "outcome", ">of", ">foreseen", ">came", ">z", ">in 50 %", ">in 90 %", "")
        for calibration in recovery.calibration:
            rows.add_row(
                calibration.question,
                calibration.outcome,
                str(calibration.histories),
                f"{calibration.foreseen:.2f}",
                f"{calibration.came:.2f}",
                f"{calibration.z:+.1f}",
                f"{calibration.half:.2f} {calibration.length_half:.2f}",
                f"{calibration.nine:.2f} {calibration.length_nine:.2f}",
                "" if calibration.ok else "off",
            )
        yield "do what-ifs cover the known twin? (by outcome, and by length of the log)", rows
        for calibration in recovery.calibration:
            if calibration.failed:
                yield (
                    f"{calibration.question}, left out: {calibration.failed}, the story's own code complained",
                    calibration.complaint,
                )


def sentence(recovery: Recovery) -> str:
    """Whether the record looks like a history of the model itself."""
    if recovery.lost == recovery.histories:
        return f"Nothing can be said in this model: none of {recovery.histories} drawn histories could be replayed."
    if recovery.record is None or recovery.low is None or recovery.high is None:
        score = "how surprising the record's decisions are is unknown: no replay of it got through"
    else:
        where = _BANDS[recovery.verdict]
        typical = _typical(recovery.record)
        score = (
            f"the record's decisions are {typical}, {where} ({recovery.low:+.1f} to {recovery.high:+.1f}, "
            f"nine of ten of {recovery.histories - recovery.lost - recovery.failed} drawn histories)"
        )
    asked = many(len(recovery.calibration), "question")
    off = [calibration.question for calibration in recovery.calibration if not calibration.ok]
    trusted = (
        f"its intervals cannot be trusted for {listed_first(off)}"
        if off
        else "off by no more than chance"
    )
    return f"In this model {score}; known twins of {asked}: {trusted}."


def _typical(z: float) -> str:
    if abs(z) < HARDLY:
        return "as surprising as it expects"
    return f"{'less' if z > 0 else 'more'} surprising than it expects by {abs(z):.1f} standard deviations"


_BANDS = {
    "misfit": "below the band of a true model",
    "inside": "inside the band of a true model",
    "overfit": "above the band of a true model",
}


def parts(answer: Recovery) -> Iterator[RenderableType]:
    """The band and the calibration, each with its heading."""
    for heading, part in sections(answer):
        yield from ("", Text(heading, "bold"), part)


def rows(recovery: Recovery) -> Rows:
    """One row."""
    return [{**asdict(recovery), "verdict": recovery.verdict}]
