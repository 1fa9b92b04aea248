"""``negosim store``: look after what is kept: list, read, verify, export, import, delete runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import examples, output_option, shown, stored
from negosim.cli.share import export
from negosim.core.errors import NegosimError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from negosim.cli.screen import Screen
    from negosim.core.events import Entry
    from negosim.stores.contract import Checkpoint, Store

Check: TypeAlias = "Callable[[Store, str], str]"


@click.group()
def store() -> None:
    """Kept runs: list, log, verify, export, import, delete."""


@store.command("list", epilog=examples("negosim store list", "negosim store list --scenario pti-2024 --sizes"))
@click.option("--scenario", metavar="NAME", help="Only runs of this scenario.")
@click.option("--text", metavar="TEXT", help="Only runs whose key, verb or changes hold this text.")
@click.option("--sizes", is_flag=True, help="Say how many bytes each run's own entries take.")
@stored
@shown
def list_runs(
    screen: Screen, scenario: str | None, text: str | None, store: str | None, *, sizes: bool
) -> None:
    """List the runs that were kept."""
    from negosim.cli.kept_runs import existing, summary
    from negosim.report.wording.text import clean

    with existing(store) as open_store:
        listed = []
        for key in open_store.run_keys():
            try:
                info = open_store.info(key)
            except NegosimError as error:  # one damaged run hides no other
                screen.note(f"run {clean(key[:12])} cannot be read: {clean(str(error))}")
                continue
            run = summary(info)
            words = " ".join((run["run"], run["verb"], run["scenario"], *run["changes"]))
            if scenario in (None, run["scenario"]) and (text is None or text in words):
                listed.append(run | ({"bytes": open_store.size(info.key)} if sizes else {}))
    if screen.json:
        screen.document(listed)
        return
    from negosim.report.terminal.tables import kept_runs

    screen.show(kept_runs(listed))


@store.command(epilog=examples("negosim store log 2e33ab", "negosim store log 2e33ab --json"))
@click.argument("run", required=False, help="A run's key, or its first digits; all runs without.")
@click.option("-f", "--follow", "following", is_flag=True,
              help="Go on as entries are written; with --json one document to a line.")  # fmt: skip
@stored
@shown
def log(screen: Screen, run: str | None, store: str | None, *, following: bool) -> None:
    """A run's log as it was written, or the log of all runs."""
    from negosim.cli.entry_lines import Teller
    from negosim.cli.kept_runs import existing
    from negosim.cli.screen import is_utf

    with existing(store) as open_store:
        key = None if run is None else open_store.resolve(run)
        teller = Teller(open_store, keyed=run is None, plain=not is_utf(screen.data))
        entries = _entries(open_store, key, following=following)
        if screen.json and not following:
            screen.document([teller.document(*entry) for entry in entries])
            return
        for entry in entries:
            if screen.json:
                screen.line(teller.document(*entry))
            else:
                screen.out.print(teller.line(*entry), soft_wrap=True)


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


@store.command(epilog=examples("negosim store verify 2e33ab --rerun", "negosim store verify runs.sqlite"))
@click.argument("what", metavar="RUN|STORE|STUDY",
                help="A run's key or its first digits; a store, to check all its runs; or a kept study.")  # fmt: skip
@click.option("--refold", is_flag=True, help="Fold the log again: is the state the one it had?")
@click.option("--rerun", is_flag=True, help="Play the run again: is every byte the same?")
@click.option("--export", "file", metavar="FILE",
              help="Also check a file: is it what negosim store export writes of the run?")  # fmt: skip
@click.option("--checkpoint", "heads", metavar="FILE",
              help="Also check against heads kept elsewhere (see negosim store checkpoint).")  # fmt: skip
@click.option("--sample", type=click.IntRange(0), default=20, show_default=True,
              help="How many rows of a study are played again.")  # fmt: skip
@stored
@shown
def verify(
    screen: Screen, what: str, store: str | None, *, refold: bool, rerun: bool, file: str | None,
    heads: str | None, sample: int,
) -> ExitCode:
    """Is a kept run, a whole store or a study still as it was written?"""
    from negosim.cli import kept_runs
    from negosim.cli.files import lines_of
    from negosim.cli.share import differs_from_export
    from negosim.lab.ensembles.study_file import is_study
    from negosim.stores.exports.checkpoints import read_checkpoints

    if is_study(what):
        return _verify_study(screen, what, sample)
    checkpoints: dict[str, Checkpoint] = {}
    if heads is not None:
        with lines_of(heads) as lines:
            checkpoints = read_checkpoints(lines)
    checks: tuple[Check, ...] = (kept_runs.other_state,) * refold + (kept_runs.difference,) * rerun
    whole = kept_runs.is_store(what)
    if file is not None:
        if whole:
            raise click.UsageError("--export needs a RUN: a file is an export of one run")
        checks += (partial(differs_from_export, file=file),)
    with kept_runs.existing(what if whole else store) as open_store:
        keys = list(open_store.run_keys()) if whole else [open_store.resolve(what)]
        verdicts = [_checked(open_store, key, checkpoints.get(key), checks, whole=whole) for key in keys]
    if heads is not None:
        verdicts = _matched(verdicts, checkpoints, whole=whole)
    ok = all(verdict["ok"] for verdict in verdicts)
    if screen.json:
        screen.document({"ok": ok, "runs": verdicts} if whole else verdicts[0] | {"ok": ok})
    else:
        _show_verdicts(screen, verdicts, whole=whole)
    return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO


def _checked(
    store: Store, key: str, checkpoint: Checkpoint | None, checks: tuple[Check, ...], *, whole: bool
) -> dict[str, Any]:
    """The first thing wrong with a run, if anything is; in a whole store also that a check fails."""
    from negosim.stores.contract import Verdict

    try:
        verdict = store.verify(key, checkpoint)
    except NegosimError as error:
        if not whole:
            raise
        verdict = Verdict(key, 0, "", str(error))
    problem = verdict.problem
    try:
        for check in checks:
            problem = problem or check(store, key)
    except NegosimError as error:
        if not whole:
            raise
        problem = f"it cannot be checked: {error}"
    return {
        "run": key, "head": verdict.head, "entries": verdict.length, "ok": not problem,
        "problem": problem,
    }  # fmt: skip


def _matched(
    verdicts: list[dict[str, Any]], checkpoints: Mapping[str, Checkpoint], *, whole: bool
) -> list[dict[str, Any]]:
    """What was found, and what is wrong besides: a run without a head, or a head without a run."""
    if not whole:
        known = verdicts[0]["run"] in checkpoints or verdicts[0]["problem"]
        return verdicts if known else [verdicts[0] | _no("the file has no head of it")]
    here = {verdict["run"] for verdict in verdicts}
    missing = [checkpoint for checkpoint in checkpoints.values() if checkpoint.key not in here]
    return verdicts + [
        {"run": checkpoint.key, "head": checkpoint.head, "entries": checkpoint.length, **_no("it is not in the store")}
        for checkpoint in missing
    ]


def _no(problem: str) -> dict[str, Any]:
    return {"ok": False, "problem": problem}


def _show_verdicts(screen: Screen, verdicts: list[dict[str, Any]], *, whole: bool) -> None:
    from negosim.report.wording.text import clean

    for verdict in verdicts:
        counted = f"{verdict['entries']} entries, head {verdict['head'][:12]}"
        if verdict["ok"]:
            screen.show(f"run {verdict['run'][:12]} is as it was: {counted}")
        else:
            first, *rest = verdict["problem"].splitlines()
            screen.show(f"run {clean(verdict['run'])[:12]} is not as it was: {clean(first)}")
            screen.show(*(f"  {clean(line)}" for line in rest))
    if whole:
        wrong = sum(not verdict["ok"] for verdict in verdicts)
        runs = f"{len(verdicts)} run{'s' * (len(verdicts) != 1)}"
        screen.show(f"{runs}, {wrong} of them not as they were" if wrong else f"{runs}, all well")


def _verify_study(screen: Screen, place: str, sample: int) -> ExitCode:
    """Check the rows of a kept study, and play a sample of them again."""
    from negosim.lab.ensembles.study import verify
    from negosim.lab.ensembles.study_file import open_study
    from negosim.report.wording.text import clean

    with open_study(place) as study_file:
        checked = verify(study_file, sample)
        head = study_file.head
    if screen.json:
        screen.document({
            "ok": not checked.problems, "study": place, "head": head, "rows": checked.rows,
            "sampled": checked.sampled, "stale": checked.stale, "problems": list(checked.problems),
        })  # fmt: skip
        return ExitCode.ANSWER_IS_NO if checked.problems else ExitCode.DONE
    if checked.stale:
        screen.note("the scenario or negosim has changed since the study was played")
    verdict = "is not as it was" if checked.problems else "is as it was"
    screen.show(f"study {place} {verdict}: {checked.rows} rows, head {head[:12]}; {checked.sampled} played again")
    screen.show(*(f"  {clean(problem)}" for problem in checked.problems))
    return ExitCode.ANSWER_IS_NO if checked.problems else ExitCode.DONE


@store.command("import", epilog=examples("negosim store import run.jsonl", "negosim store import run.jsonl --json"))
@click.argument("file", help="JSON Lines, as negosim store export writes them; - is stdin.")
@stored
@shown
def import_run(screen: Screen, file: str, store: str | None) -> None:
    """Keep a run that was exported elsewhere, after every byte is checked."""
    from negosim.cli.files import lines_of
    from negosim.cli.kept_runs import opened, summary
    from negosim.stores.exports.jsonl import read_jsonl

    with opened(store) as open_store, lines_of(file) as lines:
        run = summary(open_store.info(read_jsonl(open_store, lines)))
    if screen.json:
        screen.document(run)
    else:
        screen.show(f"run {run['run'][:12]} is kept: {run['entries']} entries, head {run['head'][:12]}")


@store.command(epilog=examples("negosim store delete 2e33ab", "negosim store delete 2e33ab 7f10c4"))
@click.argument("runs", metavar="RUN...", nargs=-1, required=True,
                help="Keys of runs, or their first digits.")  # fmt: skip
@stored
@shown
def delete(screen: Screen, runs: tuple[str, ...], store: str | None) -> None:
    """Delete runs; forks keep what they inherit from them.

    All of them are found first, or none is deleted.
    """
    from negosim.cli.kept_runs import existing

    with existing(store) as open_store:
        keys = list(dict.fromkeys(open_store.resolve(run) for run in runs))
        for key in keys:
            open_store.delete(key)
    if screen.json:
        screen.document({"deleted": keys})
        return
    for key in keys:
        screen.show(f"run {key[:12]} is deleted")


@store.command(epilog=examples("negosim store vacuum", "negosim store vacuum --json"))
@stored
@shown
def vacuum(screen: Screen, store: str | None) -> None:
    """Give the space of deleted runs back."""
    from negosim.cli.files import bytes_on_disk
    from negosim.cli.kept_runs import existing

    with existing(store) as open_store:
        before = bytes_on_disk(store)
        open_store.vacuum()
    after = bytes_on_disk(store)
    if screen.json:
        screen.document({"bytes_before": before, "bytes_after": after})
    elif before is None or after is None:
        screen.show("the space of deleted runs is free again")
    else:
        screen.show(f"{before - after:,} bytes are free again, {after:,} are used")


@store.command(
    epilog=examples("negosim store checkpoint", "negosim store checkpoint -o heads.jsonl")
)
@output_option
@stored
@shown
def checkpoint(screen: Screen, output: str, store: str | None) -> None:
    """Write the heads of all runs, to be kept elsewhere.

    ``negosim store verify --checkpoint FILE`` compares them with the store.
    """
    from negosim.cli.files import write_whole
    from negosim.cli.kept_runs import existing
    from negosim.stores.exports.checkpoints import write_checkpoints

    with existing(store) as open_store:
        lines = list(write_checkpoints(open_store))
    write_whole(output, lines, screen.data)
    document: dict[str, Any] = {"output": output, "heads": len(lines)}
    if screen.json and output != "-":
        screen.document(document)
    else:
        screen.note(f"{len(lines)} head{'s' * (len(lines) != 1)} of runs; keep them where the store is not")


store.add_command(export)
