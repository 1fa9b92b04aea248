"""The verb for those who write scenarios and keep records: ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import seed_option, shown

if TYPE_CHECKING:
    from negosim.cli.screen import Screen


@click.command()
@click.argument("path", help="A scenario's folder or name.")
@click.option("--deep", is_flag=True, help="Also flip every choice of a replay once.")
@click.option("-n", "--runs", type=click.IntRange(1), default=100, show_default=True,
              help="How many replays --deep looks at.")  # fmt: skip
@seed_option
@click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True,
              help="How many processes.")  # fmt: skip
@shown
def check(screen: Screen, path: str, *, deep: bool, runs: int, seed: int, jobs: int) -> ExitCode:
    """Check a record and its scenario, all mistakes at once."""
    from negosim.lab.check import check as checked
    from negosim.lab.check import deep as deeply
    from negosim.report import check as report

    problems = checked(path)
    ok = all(one.severity != "error" for one in problems)
    document = {"ok": ok, "problems": [{"severity": x.severity, "text": x.text} for x in problems]}
    if ok and deep:
        from negosim.lab import library

        screen.note(f"playing {runs} replays, then every choice of some of them otherwise")
        found = deeply(library.load(path), n=runs, seed=seed, jobs=jobs)
        ok, document = found.ok, {**document, **found.to_json()}
        sections = list(report.sections(found))
    else:
        sections = []
    if screen.json:
        screen.document(document)
        return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO
    if problems:
        screen.show(report.Problems(tuple(problems)))
    for heading, part in sections:
        screen.section(heading, part)
    screen.show("valid" if ok else "not valid")
    return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO
