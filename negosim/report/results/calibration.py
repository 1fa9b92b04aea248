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


def sections(found: Recovery) -> Iterator[tuple[str, RenderableType]]:
    """The band and the calibration, each with its heading."""
    lost = f"{found.lost} lost: no replay of them got through" if found.lost else "none lost"
    band = "no band" if found.low is None else f"{found.low:+.2f} to {found.high:+.2f}"
    own = "no replay got through" if found.record is None else f"{found.record:+.2f}"
    yield "is the model true to itself?", (
        f"{found.histories} histories of {found.decisions:g} decisions (median), {lost}; "
        f"replays of each worth {found.ess:.0f} of {found.n} (median)\n"
        "how much less surprising decisions were than the model expected of the same questions, in standard\n"
        f"deviations: 9 of 10 histories {band}; the record, {found.record_decisions} decisions, {own}\n"
        f"verdict: {found.verdict}"
    )
    if found.failed:
        yield f"left out: {found.failed}, in which the story's own code complained", found.complaint
    if found.calibration:
        rows = table("question", "outcome", ">of", ">foreseen", ">came", ">z", ">in 50 %", ">in 90 %", "")
        for one in found.calibration:
            rows.add_row(
                one.question, one.outcome, str(one.histories),
                f"{one.foreseen:.2f}", f"{one.came:.2f}", f"{one.z:+.1f}",
                f"{one.half:.2f} {one.length_half:.2f}", f"{one.nine:.2f} {one.length_nine:.2f}",
                "" if one.ok else "off",
            )  # fmt: skip
        yield "do what-ifs cover the known twin? (by outcome, and by length of the log)", rows
        for one in found.calibration:
            if one.failed:
                yield f"{one.question}, left out: {one.failed}, the story's own code complained", one.complaint


def sentence(found: Recovery) -> str:
    """Whether the record looks like a history of the model itself."""
    if found.lost == found.histories:
        return f"Nothing can be said in this model: none of {found.histories} drawn histories could be replayed."
    if found.record is None or found.low is None or found.high is None:
        score = "how surprising the record's decisions are is unknown: no replay of it got through"
    else:
        where = _BANDS[found.verdict]
        score = (
            f"the record's decisions are {_typical(found.record)}, {where} ({found.low:+.1f} to {found.high:+.1f}, "
            f"nine of ten of {found.histories - found.lost - found.failed} drawn histories)"
        )
    asked = many(len(found.calibration), "question")
    off = [one.question for one in found.calibration if not one.ok]
    trusted = f"its intervals cannot be trusted for {listed_first(off)}" if off else "off by no more than chance"
    return f"In this model {score}; known twins of {asked}: {trusted}."


def _typical(z: float) -> str:
    if abs(z) < HARDLY:
        return "as surprising as it expects"
    return f"{'less' if z > 0 else 'more'} surprising than it expects by {abs(z):.1f} standard deviations"


_BANDS = {
    "misfit": "below the band of a true model", "inside": "inside the band of a true model",
    "overfit": "above the band of a true model",
}  # fmt: skip


def parts(answer: Recovery) -> Iterator[RenderableType]:
    """The band and the calibration, each with its heading."""
    for heading, part in sections(answer):
        yield from ("", Text(heading, "bold"), part)


def rows(found: Recovery) -> Rows:
    """One row."""
    return [{**asdict(found), "verdict": found.verdict}]
