"""Heads kept elsewhere: JSON Lines, the checkpoint of one run to a line.

Whoever keeps this file apart from the store sees afterwards even a cut tail or a rewritten store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from negosim.core.errors import BadValue, StoreError
from negosim.stores.contract import Checkpoint, Store
from negosim.stores.encoding.canonical import canonical, parse
from negosim.stores.exports.jsonl import changed_on_its_way

LONGEST = 1000
"""The longest line, in bytes."""


def write_checkpoints(store: Store) -> Iterator[bytes]:
    """A line for every run of a store."""
    for checkpoint in store.checkpoints():
        line = {"head": checkpoint.head, "key": checkpoint.key, "length": checkpoint.length}
        yield canonical(line) + b"\n"


def read_checkpoints(lines: Iterable[bytes]) -> dict[str, Checkpoint]:
    """The checkpoints by run. Raises StoreError naming the line that is wrong."""
    checkpoints: dict[str, Checkpoint] = {}
    for number, line in enumerate(lines, 1):
        if number == 1 and (changed := changed_on_its_way(line)):
            raise StoreError(f"line 1: {changed}")
        checkpoint = _checkpoint(line.removesuffix(b"\n"), number)
        if checkpoints.setdefault(checkpoint.key, checkpoint) != checkpoint:
            raise StoreError(f"line {number}: run {checkpoint.key[:12]} has another head further up")
    return checkpoints


def _checkpoint(raw: bytes, number: int) -> Checkpoint:
    try:
        if len(raw) > LONGEST:
            raise BadValue(f"{len(raw)} bytes; a head has at most {LONGEST}")
        document: Any = parse(raw)
    except BadValue as error:
        raise StoreError(f"line {number}: {error}") from None
    match document:
        case {"head": str(head), "key": str(key), "length": int(length)} if len(document) == 3:
            return Checkpoint(key, length, head)
    raise StoreError(f"line {number}: no head of a run (it would hold head, key and length)")
