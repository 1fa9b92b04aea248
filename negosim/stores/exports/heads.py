"""Heads kept elsewhere: JSON Lines, one anchored run to a line.

Whoever keeps this file apart from the store sees afterwards even a cut tail or a rewritten store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from negosim.core.errors import BadValue, StoreError
from negosim.stores.canonical import canonical, parse
from negosim.stores.contract import Anchor, Store

LONGEST = 1000
"""The longest line, in bytes."""


def write_heads(store: Store) -> Iterator[bytes]:
    """A line for every run of a store."""
    for anchor in store.anchors():
        line = {"head": anchor.head, "key": anchor.key, "length": anchor.length}
        yield canonical(line) + b"\n"


def read_heads(lines: Iterable[bytes]) -> dict[str, Anchor]:
    """The anchors by run. Raises StoreError naming the line that is wrong."""
    anchors: dict[str, Anchor] = {}
    for number, line in enumerate(lines, 1):
        anchor = _anchor(line.removesuffix(b"\n"), number)
        if anchors.setdefault(anchor.key, anchor) != anchor:
            raise StoreError(f"line {number}: run {anchor.key[:12]} has another head further up")
    return anchors


def _anchor(raw: bytes, number: int) -> Anchor:
    try:
        if len(raw) > LONGEST:
            raise BadValue(f"{len(raw)} bytes; a head has at most {LONGEST}")
        document: Any = parse(raw)
    except BadValue as error:
        raise StoreError(f"line {number}: {error}") from None
    match document:
        case {"head": str(head), "key": str(key), "length": int(length)} if len(document) == 3:
            return Anchor(key, length, head)
    raise StoreError(f"line {number}: no head of a run (it would hold head, key and length)")
