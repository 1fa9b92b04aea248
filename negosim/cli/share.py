"""Verbs that hand results on: ``export``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.options import Words, output_option, shown, stored
from negosim.core.errors import NegosimError
from negosim.stores.exports import CANONICAL, FORMATS

OF_RECORDS = ("timeline", "ics")
"""Formats that only a record has; csv and plover are of runs and records."""

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from negosim.cli.screen import Screen
    from negosim.stores.contract import Store


@click.command()
@click.argument("run", help="A run's key, or its first digits; or the path of a record.")
@click.option("--to", "form", type=Words((*FORMATS, *OF_RECORDS)), default=None,
              help="Of a run: jsonl (the run itself, which can be imported) and views of it. "
                   "Of a record: csv, plover, timeline (TimelineJS) or ics (iCalendar).")  # fmt: skip
@output_option
@stored
@shown
def export(screen: Screen, run: str, form: str | None, output: str, store: str | None) -> None:
    """Write the log of a run, or a record, for other programs."""
    from negosim.cli.files import write_whole
    from negosim.cli.kept_runs import existing

    if Path(run).exists():
        _export_record(screen, run, form or "csv", output)
        return
    form = form or CANONICAL
    if form in OF_RECORDS:
        raise click.UsageError(f"{form} is a format of records; a run has {', '.join(FORMATS)}")
    with existing(store) as kept:
        info = kept.info(kept.resolve(run))
        chunks, lost, stale = exported(kept, info.key, form)
        if stale:
            screen.note("the scenario has changed since; names and dates are those it has now")
        write_whole(output, chunks, screen.data)
    if screen.json and output != "-":
        screen.document({"run": info.key, "to": form, "output": output, "entries": info.length})
    elif not screen.json:
        screen.note(f"{info.length} entries of run {info.key[:12]} as {form}")
    if lost:
        screen.note(lost)


def _export_record(screen: Screen, place: str, form: str, output: str) -> None:
    """Write a record, alone or beside its model, in a format of its own."""
    from negosim.cli.files import write_whole
    from negosim.stories.record_alone import documented_story
    from negosim.stories.record_exports import export_record

    record = documented_story(place).documented
    write_whole(output, [export_record(record, form)], screen.data)
    if screen.json and output != "-":
        screen.document({"record": place, "to": form, "output": output, "facts": len(record.facts)})
    elif not screen.json:
        screen.note(f"{len(record.facts)} facts as {form}")


def exported(store: Store, key: str, form: str) -> tuple[Iterator[bytes], str, bool]:
    """A run in a format; what that leaves out; whether its story has changed since it was played.

    Raises what ``played`` and ``view`` raise.
    """
    from negosim.cli.entry_lines import sentence
    from negosim.cli.kept_runs import played
    from negosim.report.terminal.timeline_rows import wording_of
    from negosim.report.wording.sentences import Speaker
    from negosim.stores.exports import view
    from negosim.stores.exports.jsonl import write_jsonl
    from negosim.stores.exports.transcript import Transcript

    if form == CANONICAL:
        return write_jsonl(store, key), "", False
    log = played(store, key)
    scenario, table = log.story.scenario, log.story.scenario.table
    speaker = Speaker(table.actors, scenario.calendar, wording=wording_of(scenario))
    told = Transcript(
        log.key, log.head, log.manifest, log.entries, scenario.calendar, table.actors, table.channels,
        lambda event: sentence(speaker, event).plain,
    )  # fmt: skip
    return *view(form, told), log.stale


def altered(raw: bytes, forms: Mapping[str, bytes]) -> str:
    """Where a file first differs from the export it most resembles; nothing when it is one of them."""
    if raw in forms.values():
        return ""
    same = {form: _alike(raw, whole) for form, whole in forms.items()}
    nearest = max(same, key=same.__getitem__)
    line = raw.count(b"\n", 0, same[nearest]) + 1
    return f"as {nearest} the file differs from byte {same[nearest]} on, in line {line}"


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def differs_from_export(store: Store, key: str, file: str) -> str:
    """How a file differs from what ``export`` writes of a run now, in whatever format, or nothing."""
    raw, forms = Path(file).read_bytes(), {}
    for form in FORMATS:
        with suppress(NegosimError):  # a library is not installed, or the story is not here
            forms[form] = b"".join(exported(store, key, form)[0])
    return altered(raw, forms)
