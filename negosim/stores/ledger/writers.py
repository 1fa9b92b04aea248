"""Writing one run, entry by entry or all at once, and what may follow what in a log.

The same rules hold wherever entries come in (``append``, a bulk writer, a copy, an import), and
``verify`` checks them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from negosim.core.errors import NegosimError, StoreError
from negosim.core.events import Entry
from negosim.stores.encoding.codec import decode, encode


class Appends(Protocol):
    """What a durable writer needs of a store."""

    def append(self, key: str, entries: Sequence[Entry]) -> str:
        """Append entries durably; the new head."""


class DurableWriter(Struct, frozen=True):
    """Every append is a transaction of its own."""

    key: str
    store: Appends

    def append(self, entries: Sequence[Entry]) -> None:
        """The next entries of the run; they are safe when this returns."""
        self.store.append(self.key, entries)


class BulkWriter(Struct):
    """Collects a run's entries, to be committed at once; ``lo`` is the index of the first."""

    key: str
    lo: int = 0
    bodies: list[bytes] = []
    minute: int = 0

    def append(self, entries: Sequence[Entry]) -> None:
        """The next entries of the run; they are safe when the run is finished."""
        if not entries:
            return
        if not self.bodies:
            self.lo = entries[0].index
        self.bodies += encoded(entries, self.lo + len(self.bodies), self.minute)
        self.minute = entries[-1].minute


class BadEntry(StoreError):
    """An entry that cannot stand where it was to stand."""

    def __init__(self, index: int, problem: str) -> None:
        self.index, self.problem = index, problem
        super().__init__(index, problem)

    def __str__(self) -> str:
        return f"entry {self.index}: {self.problem}"


def encoded(entries: Sequence[Entry], index: int, minute: int = 0) -> list[bytes]:
    """The bytes of entries from ``index`` on, after an entry of ``minute``.

    Raises BadEntry where one cannot stand, BadValue for a value that has no canonical form.
    """
    bodies = []
    for place, entry in enumerate(entries, index):
        check_next(entry, place, minute)
        minute = entry.minute
        bodies.append(encode(entry))
    return bodies


def decoded(bodies: Iterable[bytes], index: int = 0, minute: int = 0) -> Iterator[tuple[bytes, Entry]]:
    """Canonical bytes from ``index`` on with their entries. Raises BadEntry where one is wrong."""
    for place, body in enumerate(bodies, index):
        try:
            entry = decode(body)
        except NegosimError as error:
            raise BadEntry(place, str(error)) from None
        check_next(entry, place, minute)
        minute = entry.minute
        yield body, entry


def check_next(entry: Entry, index: int, minute: int) -> None:
    """Raise BadEntry unless an entry may stand at ``index``, after an entry of ``minute``."""
    if entry.index != index:
        raise BadEntry(index, f"entry {entry.index} stands where entry {index} belongs")
    if entry.minute < minute:
        before = "that of the entry before" if index else "the start"
        raise BadEntry(index, f"its minute {entry.minute} lies before {minute}, {before}")
    if entry.causes and not 0 <= min(entry.causes) <= max(entry.causes) < index:
        raise BadEntry(index, f"it names causes {entry.causes} that do not lie before it")
