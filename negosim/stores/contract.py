"""What every store promises. Memory, SQLite and PostgreSQL keep it alike.

A run is a manifest (what was played) and the entries that came of it, linked into a hash chain.
Its key is the digest of its manifest, so the same inputs always name the same run. A fork inherits
its parent's entries before index ``at`` without copying them. Keys may be given by a prefix of six
or more digits. What may differ between two equal runs (wall clock, timings, labels) goes into
notes, outside the chain; results that can be computed again are kept by ``keep``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum, unique
from typing import Any, Protocol, Self, TypeAlias

from msgspec import Struct

from negosim.core.events import Entry

Manifest: TypeAlias = Mapping[str, Any]
Notes: TypeAlias = Mapping[str, Any]


@unique
class Profile(Enum):
    """When what was written is safe.

    DURABLE: an entry survives power loss as soon as ``append`` returns. BULK: the run's entries
    are buffered and committed once, when its writer closes; until then the run is marked open.
    """

    DURABLE = "durable"
    BULK = "bulk"


class RunInfo(Struct, frozen=True, kw_only=True):
    """What a store knows of a run without reading its entries.

    ``length`` counts inherited and own entries; ``at`` is the index of a fork's first own entry,
    ``parent`` the key it was forked from (both None for a root). ``head`` is the last link, in
    hexadecimal. ``open``: more entries may come.
    """

    key: str
    manifest: Manifest
    length: int
    head: str
    parent: str | None = None
    at: int | None = None
    open: bool = False


class Verdict(Struct, frozen=True):
    """What ``verify`` found: ``problem`` is empty when every byte is as it was written."""

    key: str
    length: int
    head: str
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether the run is as it was written."""
        return not self.problem


class Checkpoint(Struct, frozen=True):
    """A run's head after ``length`` entries, kept elsewhere, so that even a cut tail shows."""

    key: str
    length: int
    head: str


class Commit(Struct, frozen=True):
    """One committed batch: entries ``lo`` to ``hi`` (exclusive) of a run.

    ``position`` orders all batches of a store as they were committed.
    """

    position: int
    key: str
    lo: int
    hi: int


class Writer(Protocol):
    """Takes the entries of one run, in order."""

    @property
    def key(self) -> str:
        """The run's key."""

    def append(self, entries: Sequence[Entry]) -> None:
        """The next entries of the run. See ``Store.append``."""


class Store(Protocol):
    """Where runs are kept. Every method raises StoreError when the place cannot be used."""

    location: str
    """What it is opened by: a file, ``:memory:`` or an address."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def create(
        self, manifest: Manifest, *, parent: str | None = None, at: int | None = None
    ) -> str:
        """Begin a run, or find it begun; returns its key.

        With ``parent``, a fork that inherits its entries before index ``at`` (all of them by
        default). Raises NotFound for an unknown parent, StoreError when ``at`` is beyond it.
        """

    def append(self, key: str, entries: Sequence[Entry], *, expected: str | None = None) -> str:
        """Append entries, durably, and return the new head.

        Entries that stand already, byte for byte, are accepted again, so a lost reply can be
        answered by trying again. ``expected``: the head on which the writer builds. Raises
        Conflict, naming the first difference, when other bytes stand there or the head is
        another; StoreError for a gap, a finished run, or an entry that cannot follow (its index, a
        minute that goes back, a cause that does not lie before it); NotFound.
        """

    def append_bodies(
        self, key: str, lo: int, bodies: Sequence[bytes], *, expected: str | None = None
    ) -> str:
        """``append`` for entries in canonical bytes, from index ``lo`` on."""

    def finish(self, key: str) -> None:
        """Declare that a run is complete; nothing can be appended to it from then on."""

    def writing(
        self,
        manifest: Manifest,
        profile: Profile = Profile.DURABLE,
        *,
        parent: str | None = None,
        at: int | None = None,
    ) -> AbstractContextManager[Writer]:
        """Create a run and write it under a profile; finished when the block ends without error."""

    def put_run(
        self, manifest: Manifest, entries: Sequence[Entry], notes: Notes | None = None
    ) -> str:
        """Keep a complete run in one transaction; the same run again changes nothing."""

    def put_bodies(
        self, line: Sequence[Manifest], bodies: Iterable[bytes], *, head: str, complete: bool
    ) -> str:
        """Keep a run that another store wrote, in one transaction; returns its key.

        ``line``: its manifest after those of the runs it was forked from, root first. ``bodies``:
        all its entries in canonical bytes, inherited ones included. Nothing is kept unless they
        lead to ``head``. What a parent that is not here would have shared is kept for the fork.
        """

    def delete(self, key: str) -> None:
        """Forget a run. Entries that forks of it inherit stay until those are deleted too."""

    def vacuum(self) -> None:
        """Give the space of what was deleted back."""

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def resolve(self, prefix: str) -> str:
        """The full key of the one run whose key begins so. Raises NotFound, StoreError if several."""

    def info(self, key: str) -> RunInfo:
        """What is known of a run. Raises NotFound."""

    def line(self, key: str) -> list[Manifest]:
        """A run's manifest after those of the runs it was forked from, root first."""

    def runs(self, **where: str | int) -> Iterator[RunInfo]:
        """All runs in the order of their creation; ``where``: manifest fields that must be equal."""

    def run_keys(self) -> Iterator[str]:
        """The keys of all runs in the order of their creation, also of damaged ones."""

    def size(self, key: str) -> int:
        """The bytes of a run's own entries; what a fork inherits is not counted."""

    def entries(self, key: str, lo: int = 0, hi: int | None = None) -> Iterator[Entry]:
        """A run's entries from index ``lo`` to before ``hi``, inherited ones included."""

    def bodies(self, key: str, lo: int = 0, hi: int | None = None) -> Iterator[bytes]:
        """The same in canonical bytes, as stored."""

    def verify(self, key: str, checkpoint: Checkpoint | None = None) -> Verdict:
        """Check every byte and link of a run; with ``checkpoint``, also against a head kept elsewhere."""

    def checkpoints(self) -> Iterator[Checkpoint]:
        """The heads of all runs, to be kept elsewhere."""

    def tail(self, after: int = 0, key: str | None = None) -> Iterator[Commit]:
        """Batches committed after a position, oldest first; ends where the store ends."""

    def wait(self, seconds: float) -> None:
        """Return when something may have been written, at the latest after so many seconds."""

    # ── beside the chain ─────────────────────────────────────────────────────────────────────

    def note(self, key: str, **notes: Any) -> None:
        """Set notes of a run: canonical documents by name; None removes one."""

    def notes(self, key: str) -> dict[str, Any]:
        """The notes of a run."""

    def cache_put(self, kind: str, key: str, document: bytes) -> None:
        """Keep bytes that can be computed again, by kind and key; the last ones win."""

    def cache_get(self, kind: str, key: str) -> bytes | None:
        """The bytes kept, or None."""

    def close(self) -> None:
        """Let go of the place."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def forked(manifest: Manifest, parent: str, at: int) -> Manifest:
    """The manifest of a fork: it names the run it leaves, and the index of its first own entry."""
    return {**manifest, "parent": {"run": parent, "at": at}}
