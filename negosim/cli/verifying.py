"""``verify``: is what was kept still what was written, and does it still mean the same?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import shown, stored
from negosim.core.errors import NegosimError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from negosim.cli.screen import Screen
    from negosim.stores.contract import Checkpoint, Store

    Check: TypeAlias = Callable[[Store, str], str]


@click.command()
@click.argument("what", metavar="RUN|STORE|STUDY",
                help="A run's key or its first digits; a store, to check all its runs; or a kept study.")  # fmt: skip
@click.option("--refold", is_flag=True, help="Fold the log again: is the state the one it had?")
@click.option("--rerun", is_flag=True, help="Play the run again: is every byte the same?")
@click.option("--export", "file", metavar="FILE",
              help="Also check a file: is it what negosim export writes of the run?")  # fmt: skip
@click.option("--head", "heads", metavar="FILE",
              help="Also check against heads kept elsewhere (see negosim heads).")  # fmt: skip
@click.option("--sample", type=click.IntRange(0), default=20, show_default=True,
              help="How many rows of a study are played again.")  # fmt: skip
@stored
@shown
def verify(
    screen: Screen, what: str, store: str | None, *, refold: bool, rerun: bool, file: str | None,
    heads: str | None, sample: int,
) -> ExitCode:
    """Check the bytes and the chain of a kept run, of a whole store, or of a study's rows."""
    from negosim.cli import kept_runs
    from negosim.cli.files import lines_of
    from negosim.cli.share import differs_from_export
    from negosim.cli.study import verify_study
    from negosim.lab.ensembles.study_file import is_study
    from negosim.stores.exports.checkpoints import read_checkpoints

    if is_study(what):
        return verify_study(screen, what, sample)
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
    with kept_runs.existing(what if whole else store) as kept:
        keys = [info.key for info in kept.runs()] if whole else [kept.resolve(what)]
        found = [_checked(kept, key, checkpoints.get(key), checks, whole=whole) for key in keys]
    if heads is not None:
        found = _matched(found, checkpoints, whole=whole)
    ok = all(one["ok"] for one in found)
    if screen.json:
        screen.document({"ok": ok, "runs": found} if whole else found[0] | {"ok": ok})
    else:
        _show(screen, found, whole=whole)
    return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO


def _checked(
    store: Store, key: str, checkpoint: Checkpoint | None, checks: tuple[Check, ...], *, whole: bool
) -> dict[str, Any]:
    """The first thing wrong with a run, if anything is; in a whole store also that a check fails."""
    verdict = store.verify(key, checkpoint)
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
    found: list[dict[str, Any]], checkpoints: Mapping[str, Checkpoint], *, whole: bool
) -> list[dict[str, Any]]:
    """What was found, and what is wrong besides: a run without a head, or a head without a run."""
    if not whole:
        known = found[0]["run"] in checkpoints or found[0]["problem"]
        return found if known else [found[0] | _no("the file has no head of it")]
    here = {one["run"] for one in found}
    missing = [one for one in checkpoints.values() if one.key not in here]
    return found + [
        {"run": one.key, "head": one.head, "entries": one.length, **_no("it is not in the store")}
        for one in missing
    ]


def _no(problem: str) -> dict[str, Any]:
    return {"ok": False, "problem": problem}


def _show(screen: Screen, found: list[dict[str, Any]], *, whole: bool) -> None:
    from negosim.report.wording.text import clean

    for one in found:
        told = f"{one['entries']} entries, head {one['head'][:12]}"
        if one["ok"]:
            screen.show(f"run {one['run'][:12]} is as it was: {told}")
        else:
            first, *rest = one["problem"].splitlines()
            screen.show(f"run {clean(one['run'])[:12]} is not as it was: {clean(first)}")
            screen.show(*(f"  {clean(line)}" for line in rest))
    if whole:
        wrong = sum(not one["ok"] for one in found)
        runs = f"{len(found)} run{'s' * (len(found) != 1)}"
        screen.show(f"{runs}, {wrong} of them not as they were" if wrong else f"{runs}, all well")
