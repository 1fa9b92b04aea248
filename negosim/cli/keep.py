"""Verbs for runs that are kept: ``runs``, ``log``, ``import``, ``delete``, ``vacuum``, ``heads``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.options import output_option, shown, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.cli.screen import Screen
    from negosim.core.events import Entry
    from negosim.stores.contract import Store


@click.command()
@click.option("--scenario", metavar="NAME", help="Only runs of this scenario.")
@click.option("--text", metavar="TEXT", help="Only runs whose key, verb or changes hold this text.")
@click.option("--sizes", is_flag=True, help="Say how many bytes each run's own entries take.")
@stored
@shown
def runs(
    screen: Screen, scenario: str | None, text: str | None, store: str | None, *, sizes: bool
) -> None:
    """List the runs that were kept."""
    from negosim.cli.kept_runs import existing, summary

    with existing(store) as kept:
        listed = []
        for info in kept.runs():
            one = summary(info)
            words = " ".join((one["run"], one["verb"], one["scenario"], *one["changes"]))
            if scenario in (None, one["scenario"]) and (text is None or text in words):
                listed.append(one | ({"bytes": kept.size(info.key)} if sizes else {}))
    if screen.json:
        screen.document(listed)
        return
    from negosim.report.terminal.tables import kept_runs

    screen.show(kept_runs(listed))


@click.command()
@click.argument("run", required=False, help="A run's key, or its first digits; all runs without.")
@click.option("-f", "--follow", "following", is_flag=True,
              help="Go on as entries are written; with --json one document to a line.")  # fmt: skip
@stored
@shown
def log(screen: Screen, run: str | None, store: str | None, *, following: bool) -> None:
    """Show a run's log as it was written, or that of all runs."""
    from negosim.cli.entry_lines import Teller
    from negosim.cli.kept_runs import existing
    from negosim.cli.screen import is_utf

    with existing(store) as kept:
        key = None if run is None else kept.resolve(run)
        teller = Teller(kept, keyed=run is None, plain=not is_utf(screen.data))
        entries = _entries(kept, key, following=following)
        if screen.json and not following:
            screen.document([teller.document(*one) for one in entries])
            return
        for one in entries:
            if screen.json:
                screen.line(teller.document(*one))
            else:
                screen.out.print(teller.line(*one), soft_wrap=True)


def _entries(store: Store, key: str | None, *, following: bool) -> Iterator[tuple[str, Entry]]:
    """Entries with their runs: those of one, or of all in the order of their commits."""
    from negosim.stores.subscription import follow, follow_all

    if key is not None:
        entries = follow(store, key) if following else store.entries(key)
        return ((key, entry) for entry in entries)
    if following:
        return follow_all(store)
    batches = store.tail()
    return ((x.key, entry) for x in batches for entry in store.entries(x.key, x.lo, x.hi))


@click.command("import")
@click.argument("file", help="JSON Lines, as negosim export writes them; - is stdin.")
@stored
@shown
def import_run(screen: Screen, file: str, store: str | None) -> None:
    """Keep a run that was exported elsewhere; every byte is checked, or nothing is kept."""
    from negosim.cli.files import lines_of
    from negosim.cli.kept_runs import opened, summary
    from negosim.stores.exports.jsonl import read_jsonl

    with opened(store) as kept, lines_of(file) as lines:
        one = summary(kept.info(read_jsonl(kept, lines)))
    if screen.json:
        screen.document(one)
    else:
        screen.show(f"run {one['run'][:12]} is kept: {one['entries']} entries, head {one['head'][:12]}")


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True,
                help="Keys of runs, or their first digits.")  # fmt: skip
@stored
@shown
def delete(screen: Screen, runs: tuple[str, ...], store: str | None) -> None:
    """Forget runs; forks keep what they inherit from them. All are found first, or none is."""
    from negosim.cli.kept_runs import existing

    with existing(store) as kept:
        keys = list(dict.fromkeys(kept.resolve(run) for run in runs))
        for key in keys:
            kept.delete(key)
    if screen.json:
        screen.document({"deleted": keys})
        return
    for key in keys:
        screen.show(f"run {key[:12]} is deleted")


@click.command()
@stored
@shown
def vacuum(screen: Screen, store: str | None) -> None:
    """Give the space of deleted runs back."""
    from negosim.cli.files import bytes_on_disk
    from negosim.cli.kept_runs import existing

    with existing(store) as kept:
        before = bytes_on_disk(store)
        kept.vacuum()
    after = bytes_on_disk(store)
    if screen.json:
        screen.document({"bytes_before": before, "bytes_after": after})
    elif before is None or after is None:
        screen.show("the space of deleted runs is free again")
    else:
        screen.show(f"{before - after:,} bytes are free again, {after:,} are used")


@click.command()
@output_option
@stored
@shown
def heads(screen: Screen, output: str, store: str | None) -> None:
    """Write the heads of all runs, to be kept elsewhere and given to verify --head."""
    from negosim.cli.files import write_whole
    from negosim.cli.kept_runs import existing
    from negosim.stores.exports.checkpoints import write_checkpoints

    with existing(store) as kept:
        lines = list(write_checkpoints(kept))
    write_whole(output, lines, screen.data)
    told: dict[str, Any] = {"output": output, "heads": len(lines)}
    if screen.json and output != "-":
        screen.document(told)
    else:
        screen.note(f"{len(lines)} head{'s' * (len(lines) != 1)} of runs; keep them where the store is not")
