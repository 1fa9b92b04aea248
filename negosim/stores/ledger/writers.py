"""Writing one run: entry by entry, or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from attrs import define, field, frozen

from negosim.core.errors import StoreError
from negosim.core.events import Entry
from negosim.stores.encoding.codec import encode


class Appends(Protocol):
    """What a durable writer needs of a store."""

    def append(self, key: str, entries: Sequence[Entry]) -> str:
        """Append entries durably; the new head."""


@frozen
class DurableWriter:
    """Every append is a transaction of its own."""

    key: str
    store: Appends

    def append(self, entries: Sequence[Entry]) -> None:
        """The next entries of the run; they are safe when this returns."""
        self.store.append(self.key, entries)


@define
class BulkWriter:
    """Collects a run's entries, to be committed at once; ``lo`` is the index of the first."""

    key: str
    lo: int = 0
    bodies: list[bytes] = field(factory=list)

    def append(self, entries: Sequence[Entry]) -> None:
        """The next entries of the run; they are safe when the run is finished."""
        if entries and not self.bodies:
            self.lo = entries[0].index
        for index, entry in enumerate(entries, self.lo + len(self.bodies)):
            check_place(entry, index)
            self.bodies.append(encode(entry))


def encoded(entries: Sequence[Entry]) -> list[bytes]:
    """The bytes of consecutive entries. Raises StoreError where one is out of place."""
    lo = entries[0].index if entries else 0
    for index, entry in enumerate(entries, lo):
        check_place(entry, index)
    return [encode(entry) for entry in entries]


def check_place(entry: Entry, index: int) -> None:
    """Raise StoreError unless an entry has this index."""
    if entry.index != index:
        raise StoreError(f"entry {entry.index} stands where entry {index} belongs")
