"""Verbs that hand results on: ``export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.options import Words, output_option, shown, stored
from negosim.stores.exports import CANONICAL, FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.cli.screen import Screen
    from negosim.stores.contract import Store


@click.command()
@click.argument("run", help="A run's key, or its first digits.")
@click.option("--to", "form", type=Words(FORMATS), default=CANONICAL, show_default=True,
              help="JSON Lines are the run itself and can be imported; the others are views of it.")  # fmt: skip
@output_option
@stored
@shown
def export(screen: Screen, run: str, form: str, output: str, store: str | None) -> None:
    """Write the log of a run for other programs."""
    from negosim.cli.files import write_whole
    from negosim.cli.keeping import opened
    from negosim.stores.exports.jsonl import write_jsonl

    with opened(store) as kept:
        info = kept.info(kept.resolve(run))
        if form == CANONICAL:
            chunks, lost = write_jsonl(kept, info.key), ""
        else:
            chunks, lost = _view(screen, kept, info.key, form)
        write_whole(output, chunks)
    if screen.json and output != "-":
        screen.document({"run": info.key, "to": form, "output": output, "entries": info.length})
    elif not screen.json:
        screen.note(f"{info.length} entries of run {info.key[:12]} as {form}")
    if lost:
        screen.note(lost)


def _view(screen: Screen, store: Store, key: str, form: str) -> tuple[Iterator[bytes], str]:
    """A run in a format for other programs, and what it leaves out."""
    from negosim.cli.keeping import played
    from negosim.stores.exports import view
    from negosim.stores.exports.transcript import Transcript

    log = played(store, key)
    if log.stale:
        screen.note("the scenario has changed since; names and dates are those it has now")
    calendar, table = log.story.scenario.calendar, log.story.scenario.table
    told = Transcript(
        log.key, log.head, log.manifest, log.entries, calendar, table.actors, table.channels
    )
    return view(form, told)
