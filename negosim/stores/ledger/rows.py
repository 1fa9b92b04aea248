"""What a concrete store provides: rows, and transactions around them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from negosim.stores.contract import Commit

PAGE = 1000
"""How many rows are read at once: reading a long run takes little memory, and holds no lock."""

T = TypeVar("T")

Page: TypeAlias = list[bytes]
"""The bodies of consecutive entries, or their links."""


def each(pages: Iterable[list[T]]) -> Iterator[T]:
    """What stands on several pages, one by one."""
    return chain.from_iterable(pages)


class Row(Struct, frozen=True, kw_only=True):
    """A run as its store keeps it.

    ``parent`` is the id of the row it was forked from and ``at`` the index of its first own entry;
    ``head`` is the last link. A ``deleted`` row stays while forks inherit from it.
    """

    id: int
    key: str
    manifest: bytes
    parent: int | None
    at: int
    length: int
    head: bytes
    open: bool
    deleted: bool

    @classmethod
    def begun(
        cls, id: int, key: str, manifest: bytes, parent: int | None, at: int, origin: bytes, *, buried: bool
    ) -> Row:
        """The row of a run that begins now, at ``origin``; ``buried``: as if deleted already."""
        return cls(
            id=id, key=key, manifest=manifest, parent=parent, at=at, length=at, head=origin, open=True,
            deleted=buried,
        )  # fmt: skip

    def longer(self, more: int, head: bytes) -> Row:
        """The row after so many more entries."""
        return replace(self, length=self.length + more, head=head)


class Rows(ABC):
    """Runs, entries, notes and feed as rows. Every method raises StoreError where the place fails."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[None]:
        """One transaction: all that is written inside is kept, or nothing."""

    # ── runs ─────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def _by_key(self, key: str) -> Row | None:
        """The living run of this key."""

    @abstractmethod
    def _by_prefix(self, prefix: str) -> list[Row]:
        """Some of the living runs whose keys begin so, by key."""

    @abstractmethod
    def _by_id(self, run: int | None) -> Row:
        """The run of this id, deleted or not."""

    @abstractmethod
    def _living(self) -> Iterator[Row]:
        """All runs that are not deleted, in the order of their creation."""

    @abstractmethod
    def _add(
        self, key: str, manifest: bytes, parent: int | None, at: int, origin: bytes, buried: bool
    ) -> Row:
        """A new open run whose chain begins at ``origin``; ``buried``: as if deleted already."""

    @abstractmethod
    def _close_run(self, run: int) -> None:
        """Mark a run complete."""

    @abstractmethod
    def _bury(self, run: int) -> None:
        """Mark a run deleted: its key is free, its notes are gone, nobody is told of it again."""

    @abstractmethod
    def _inherited_up_to(self, run: int) -> int | None:
        """The end of what forks inherit from a run; None when it has none."""

    @abstractmethod
    def _remove(self, run: int) -> None:
        """Drop a deleted run and its entries."""

    # ── entries ──────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def _extend(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> bool:
        """Add entries at the run's end, move its head, and feed the batch to those who follow.

        Only if the run is open and its head still that of ``row``; else False, and nothing is done.
        """

    def _extend_alone(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> bool:
        """``_extend`` as a transaction of its own."""
        with self._writing():
            return self._extend(row, bodies, links)

    @abstractmethod
    def _page(self, run: int, lo: int, hi: int) -> Page:
        """A run's own bodies in this range."""

    @abstractmethod
    def _links(self, run: int, lo: int, hi: int) -> Page:
        """The links of the same entries."""

    @abstractmethod
    def _bytes(self, run: int) -> int:
        """The size of a run's own bodies."""

    @abstractmethod
    def _cut(self, run: int, length: int) -> None:
        """Drop a deleted run's entries from index ``length`` on."""

    @abstractmethod
    def _fed(self, after: int, run: int | None) -> list[Commit]:
        """The next batches after a position, in order; empty at the end."""

    # ── notes ────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def _set_note(self, run: int, name: str, raw: bytes | None) -> None:
        """Set a note, or remove it."""

    @abstractmethod
    def _notes(self, run: int) -> list[tuple[str, bytes]]:
        """A run's notes by name."""

    @abstractmethod
    def _cache_put(self, kind: str, key: str, document: bytes) -> None:
        """Keep bytes by kind and key; the last ones win."""

    @abstractmethod
    def _cache_get(self, kind: str, key: str) -> bytes | None:
        """The bytes kept, or None."""
