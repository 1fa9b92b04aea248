"""``verify``: is what was kept still what was written, and does it still mean the same?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import shown, stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.cli.screen import Screen
    from negosim.stores.contract import Anchor, Store


@click.command()
@click.argument("what", metavar="RUN|STORE",
                help="A run's key or its first digits; or a store, to check all its runs.")  # fmt: skip
@click.option("--refold", is_flag=True, help="Fold the log again: is the state the one it had?")
@click.option("--rerun", is_flag=True, help="Play the run again: is every byte the same?")
@click.option("--head", "heads", metavar="FILE",
              help="Also check against heads kept elsewhere (see negosim heads).")  # fmt: skip
@stored
@shown
def verify(
    screen: Screen, what: str, store: str | None, *, refold: bool, rerun: bool, heads: str | None
) -> ExitCode:
    """Check the bytes and the chain of a kept run, or of a whole store."""
    from negosim.cli import keeping
    from negosim.cli.files import lines_of
    from negosim.stores.exports.heads import read_heads

    anchors: dict[str, Anchor] = {}
    if heads is not None:
        with lines_of(heads) as lines:
            anchors = read_heads(lines)
    whole = keeping.is_store(what)
    with keeping.opened(what if whole else store) as kept:
        keys = [info.key for info in kept.runs()] if whole else [kept.resolve(what)]
        found = [_checked(kept, key, anchors.get(key), refold=refold, rerun=rerun) for key in keys]
    if heads is not None:
        found += _unmatched(keys, anchors, whole=whole)
    ok = all(one["ok"] for one in found)
    if screen.json:
        screen.document({"ok": ok, "runs": found} if whole else found[0] | {"ok": ok})
    else:
        _show(screen, found, whole=whole)
    return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO


def _checked(
    store: Store, key: str, anchor: Anchor | None, *, refold: bool, rerun: bool
) -> dict[str, Any]:
    """The first thing wrong with a run, if anything is."""
    from negosim.cli import keeping

    verdict = store.verify(key, anchor)
    problem = verdict.problem
    if not problem and refold:
        problem = keeping.other_state(store, key)
    if not problem and rerun:
        problem = keeping.difference(store, key)
    return {
        "run": key, "head": verdict.head, "entries": verdict.length, "ok": not problem,
        "problem": problem,
    }  # fmt: skip


def _unmatched(
    keys: list[str], anchors: Mapping[str, Anchor], *, whole: bool
) -> list[dict[str, Any]]:
    """A run that has no head in the file, or for a whole store a head that has no run."""
    if not whole:
        return [] if keys[0] in anchors else [_missing(keys[0], "", 0, "the file has no head of it")]
    return [
        _missing(one.key, one.head, one.length, "it is not in the store")
        for one in anchors.values()
        if one.key not in keys
    ]


def _missing(key: str, head: str, length: int, problem: str) -> dict[str, Any]:
    return {"run": key, "head": head, "entries": length, "ok": False, "problem": problem}


def _show(screen: Screen, found: list[dict[str, Any]], *, whole: bool) -> None:
    from negosim.report.text import clean

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
        screen.show(f"{len(found)} runs, {wrong} of them not as they were" if wrong else f"{len(found)} runs, all well")
