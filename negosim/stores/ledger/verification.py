"""Whether a run is as it was written: every byte, every link, and its ancestry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from negosim.stores.contract import Checkpoint
from negosim.stores.encoding import chain
from negosim.stores.encoding.canonical import parse
from negosim.stores.ledger.lineage import ends
from negosim.stores.ledger.rows import Row
from negosim.stores.ledger.writers import decoded

Linked = Callable[[Row, int, int], Iterator[tuple[bytes, bytes]]]
"""Reads a run's own bodies and links between two indexes."""


def first_problem(line: Sequence[Row], linked: Linked, checkpoint: Checkpoint | None) -> str:
    """The first thing wrong with a run, or an empty string; BadEntry for an entry wrong by itself.

    ``line`` is the run and those it was forked from, root first. Reads each entry once, in order,
    in constant memory.
    """
    run = line[-1]
    parent, previous, minute = None, b"", 0
    seen, wanted = b"", checkpoint.length if checkpoint is not None else None
    for row, end in zip(line, ends(line, run.length), strict=True):
        if problem := _misplaced(row, parent):
            return problem
        if row.at > end:  # its fork left before its own entries: it is no part of that chain
            parent = row
            continue
        previous = (
            chain.genesis(row.manifest) if parent is None else chain.fork(previous, row.manifest)
        )
        seen = previous if row.at == wanted else seen
        for index, (body, stored) in enumerate(linked(row, row.at, end), row.at):
            previous = chain.link(previous, body)
            if previous != stored:
                return f"entry {index}: its bytes are not those that were linked"
            ((_, entry),) = decoded([body], index, minute)
            minute = entry.minute
            seen = previous if index + 1 == wanted else seen
        parent = row
    if previous != run.head:
        return f"the last link is {previous.hex()[:12]}, but {run.head.hex()[:12]} is recorded"
    return _off_checkpoint(run, seen, checkpoint)


def _misplaced(row: Row, parent: Row | None) -> str:
    """Whether a row's columns say something else than its manifest."""
    manifest = parse(row.manifest)
    if chain.run_key(manifest) != row.key:
        return f"run {row.key[:12]}: its manifest belongs to another key"
    stands = None if parent is None else {"run": parent.key, "at": row.at}
    if manifest.get("parent") != stands:
        return f"run {row.key[:12]}: its manifest names another parent"
    return ""


def _off_checkpoint(run: Row, head: bytes, checkpoint: Checkpoint | None) -> str:
    """Whether a head kept elsewhere tells another story."""
    if checkpoint is None:
        return ""
    if checkpoint.key != run.key:
        return f"the checkpoint is that of run {checkpoint.key[:12]}"
    if checkpoint.length > run.length:
        return f"only {run.length} entries are here; its checkpoint has {checkpoint.length}"
    if head.hex() != checkpoint.head:
        seen = f"the checkpoint saw {checkpoint.head[:12]}"
        return f"after {checkpoint.length} entries the head is {head.hex()[:12]}; {seen}"
    return ""
