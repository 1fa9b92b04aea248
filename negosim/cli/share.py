"""Verbs that hand results on: ``export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.options import Words, shown, stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.cli.screen import Screen


@click.command()
@click.argument("run", help="A run's key, or its first digits.")
@click.option("--to", "form", type=Words(["jsonl", "csv"]), default="jsonl", show_default=True,
              help="JSON Lines, or comma-separated values.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", default="-", show_default=True,
              help="Where to write it; - is stdout.")  # fmt: skip
@stored
@shown
def export(screen: Screen, run: str, form: str, output: str, store: str | None) -> None:
    """Write the log of a run for other programs."""
    from negosim.cli.keeping import opened, played
    from negosim.report.export import comma_separated, jsonl

    with opened(store) as kept:
        log = played(kept, run)
    calendar = log.story.scenario.calendar
    lines = (jsonl if form == "jsonl" else comma_separated)(log.entries, calendar)
    count = _write(output, lines)
    if screen.json:
        document = {"run": log.key, "to": form, "output": output, "entries": count}
        screen.document(document) if output != "-" else None
    else:
        screen.note(f"{len(log.entries)} entries of run {log.key[:12]} as {form}")


def _write(output: str, lines: Iterable[str]) -> int:
    """Write the lines; a file appears whole or not at all."""
    import sys
    from contextlib import suppress
    from pathlib import Path

    if output == "-":
        sys.stdout.writelines(lines)
        return 0
    target = Path(output)
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            count = sum(1 for line in lines if file.write(line))
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return count
