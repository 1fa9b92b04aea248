"""The verb for those who write scenarios and keep records: ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import seed_option, shown, stored
from negosim.core.errors import NegosimError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.cli.screen import Screen
    from negosim.lab.frozen import Standing
    from negosim.lab.recover import Recovery
    from negosim.lab.results import Depth


@click.command()
@click.argument("path", help="A scenario's folder or name.")
@click.option("--deep", is_flag=True, help="Also flip every choice of a replay once.")
@click.option("--recover", is_flag=True,
              help="Also draw histories from the model: does their band hold the record's score?")  # fmt: skip
@click.option("-n", "--runs", type=click.IntRange(1),
              help="How many replays --deep looks at (100), or --recover plays of each history (400).")  # fmt: skip
@click.option("--histories", type=click.IntRange(1), default=50, show_default=True,
              help="How many histories --recover draws.")  # fmt: skip
@seed_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True,
              help="How many processes.")  # fmt: skip
@stored
@shown
def check(
    screen: Screen, path: str, *, deep: bool, recover: bool, runs: int | None, histories: int, seed: int,
    jobs: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """Check a record and its scenario, all mistakes at once."""
    from negosim.lab.check import check as checked
    from negosim.report import check as report

    problems = checked(path)
    ok = all(one.severity != "error" for one in problems)
    document: dict[str, Any] = {
        "ok": ok, "problems": [{"severity": x.severity, "text": x.text} for x in problems]
    }  # fmt: skip
    sections: list[tuple[str, RenderableType]] = []
    standing = _standing(path, store, played=deep or recover) if ok else None
    if standing is not None:
        document["standing"] = standing.to_json()
    if ok and deep:
        found = _deeply(screen, path, runs or 100, seed, jobs)
        ok, document = found.ok, {**document, **found.to_json()}
        sections += report.sections(found)
    if ok and recover:
        recovered = _recovered(screen, path, histories, runs or 400, seed, jobs)
        document["recover"] = recovered.to_json()
        sections += _told(recovered)
    if screen.json:
        screen.document(document)
        return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO
    if problems:
        screen.show(report.Problems(tuple(problems)))
    for heading, part in sections:
        screen.section(heading, part)
    if sections:
        screen.show("")
    screen.show(*(standing.lines if standing else ()), "valid" if ok else "not valid")
    return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO


def _standing(path: str, store: str | None, *, played: bool) -> Standing | None:
    """How much the model was worked on; None for what has no story or no record.

    A check that plays the record counts as a replay of this version. One that only reads needs no
    store.
    """
    from negosim.cli.keeping import opened
    from negosim.lab import library
    from negosim.lab.frozen import Standing, note_version

    try:
        story = library.load(path)
    except NegosimError:
        return None
    if story.record is None:
        return None
    try:
        with opened(store) as kept:
            if played:
                note_version(kept, story)
            return Standing.of(story, kept)
    except StoreError:
        if played or store is not None:
            raise
        return Standing.of(story)


def _deeply(screen: Screen, path: str, runs: int, seed: int, jobs: int) -> Depth:
    from negosim.lab import library
    from negosim.lab.check import deep

    screen.note(f"playing {runs} replays, then every choice of some of them otherwise")
    return deep(library.load(path), n=runs, seed=seed, jobs=jobs)


def _recovered(screen: Screen, path: str, histories: int, runs: int, seed: int, jobs: int) -> Recovery:
    from negosim.lab import library
    from negosim.lab.questions import questions_of
    from negosim.lab.recover import Asked, recover

    story = library.load(path)
    known = questions_of(story)
    asked = tuple(Asked.of(one, known) for one in known.questions)
    screen.note(f"drawing {histories} histories from the model and replaying each {runs} times")
    with screen.progress() as progress:
        bar = progress.add_task(f"recovering {story.scenario.name}", total=histories + 1)
        return recover(
            story, asked, histories=histories, n=runs, seed=seed, jobs=jobs,
            tell=lambda done, total: progress.update(bar, completed=done, total=total),
        )  # fmt: skip


def _told(found: Recovery) -> Iterator[tuple[str, RenderableType]]:
    """The band and the calibration, each with its heading."""
    from negosim.report.tables import table

    lost = f"{found.lost} lost: no replay of them got through" if found.lost else "none lost"
    band = "no band" if found.low is None else f"{found.low:.3f} to {found.high:.3f}"
    own = "no replay got through" if found.record is None else f"{found.record:.3f}"
    yield "is the model true to itself?", (
        f"{found.histories} histories of {found.decisions:g} decisions (median), {lost}; "
        f"replays of each worth {found.ess:.0f} of {found.n} (median)\n"
        f"choice score per decision: 9 of 10 histories {band}; the record, {found.record_decisions} decisions, {own}\n"
        f"verdict: {_VERDICTS[found.verdict]}"
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


_VERDICTS = {
    "misfit": "misfit (below the band of a true model)",
    "inside": "inside the band of a true model",
    "overfit": "overfit (above the band of a true model)",
    "unknown": "unknown, nothing to compare",
}
