"""Verbs for those who write scenarios and keep records: ``check``, ``verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import shown, stored

if TYPE_CHECKING:
    from negosim.cli.screen import Screen


@click.command()
@click.argument("path", help="A scenario's folder or name, or a record.toml alone.")
@click.option("--deep", is_flag=True, help="Also flip every choice of a replay once.")
@click.option("-n", "--runs", type=click.IntRange(1), default=100, show_default=True,
              help="How many replays --deep looks at.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@shown
def check(screen: Screen, path: str, *, deep: bool, runs: int, seed: int) -> ExitCode:
    """Check a record and its scenario: every mistake at once, with file and line."""
    from negosim.lab.checking import check_story

    found = check_story(path)
    return ExitCode.DONE


@click.command()
@click.argument("run", help="A run's key, or its first digits.")
@stored
@shown
def verify(screen: Screen, run: str, store: str | None) -> ExitCode:
    """Check every byte of a run that was kept, then play it again and compare."""
    return ExitCode.DONE
