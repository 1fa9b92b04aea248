"""What all stores do alike: keys, links, conflicts, forks, deletion and verification.

A concrete store adds only rows: the methods below the line ``rows``. Everything else is decided
here once, so that three stores cannot disagree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any, Self

from attrs import define, field, frozen

from negosim.core.errors import BadValue, Conflict, NegosimError, NotFound, StoreError
from negosim.core.events import Entry
from negosim.stores import chain
from negosim.stores.canonical import canonical, parse
from negosim.stores.codec import decode, encode, read
from negosim.stores.contract import Anchor, Manifest, Notes, Profile, RunInfo, Verdict, Writer, Written, forked
from negosim.stores.differences import first_difference

PREFIX_MIN = 6
KEY_LENGTH = 64
PAGE = 1000
"""How many entries are read at once: reading a long run takes little memory, and no lock."""


@frozen
class Row:
    """A run as its store keeps it. ``parent`` is another row's id, ``head`` the last link."""

    id: int
    key: str
    manifest: bytes
    parent: int | None
    at: int
    length: int
    head: bytes
    open: bool
    deleted: bool


class Ledger(ABC):
    """The store contract over rows; see ``negosim.stores.contract.Store``."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def create(self, manifest: Manifest, *, parent: str | None = None, at: int | None = None) -> str:
        """See ``Store``."""
        with self._writing():
            if parent is not None:
                base = self._row(parent)
                manifest = forked(manifest, base.key, base.length if at is None else at)
            return self._create(manifest).key

    def append(self, key: str, entries: Sequence[Entry], *, expected: str | None = None) -> str:
        """See ``Store``."""
        if not entries:
            return self.info(key).head
        lo = entries[0].index
        for index, entry in enumerate(entries, lo):
            if entry.index != index:
                raise StoreError(f"run {key[:12]}: entry {entry.index} stands where entry {index} belongs")
        return self._append_bodies(key, lo, [encode(entry) for entry in entries], expected)

    def append_bodies(self, key: str, lo: int, bodies: Sequence[bytes], *, expected: str | None = None) -> str:
        """See ``Store``."""
        for index, body in enumerate(bodies, lo):
            if decode(body).index != index:
                raise StoreError(f"run {key[:12]}: another entry stands where entry {index} belongs")
        return self._append_bodies(key, lo, bodies, expected)

    def finish(self, key: str) -> None:
        """See ``Store``."""
        with self._writing():
            self._close_run(self._row(key).id)

    @contextmanager
    def writing(
        self, manifest: Manifest, profile: Profile = Profile.DURABLE, *, parent: str | None = None, at: int | None = None
    ) -> Iterator[Writer]:
        """See ``Store``."""
        key = self.create(manifest, parent=parent, at=at)
        if profile is Profile.DURABLE:
            yield _DurableWriter(self, key)
            self.finish(key)
            return
        buffer = _BulkWriter(key)
        yield buffer
        with self._writing():
            if buffer.bodies:
                self._append(self._row(key), buffer.lo, buffer.bodies, None)
            self._close_run(self._row(key).id)

    def put_run(self, manifest: Manifest, entries: Sequence[Entry], notes: Notes | None = None) -> str:
        """See ``Store``."""
        bodies = [encode(entry) for entry in entries]
        raw_notes = {name: canonical(value) for name, value in (notes or {}).items()}
        with self._writing():
            row = self._create(manifest)
            if bodies:
                self._append(row, entries[0].index, bodies, None)
            if row.open:
                self._close_run(row.id)
            for name, raw in raw_notes.items():
                self._set_note(row.id, name, raw)
        return row.key

    def delete(self, key: str) -> None:
        """See ``Store``."""
        with self._writing():
            row: Row | None = self._row(key)
            assert row is not None
            self._bury(row.id)
            while row is not None:
                inherited = self._inherited_up_to(row.id)
                if inherited is not None:
                    self._cut(row.id, inherited)
                    break
                self._remove(row.id)
                row = self._by_id(row.parent) if row.parent is not None else None
                if row is None or not row.deleted:
                    break

    def note(self, key: str, **notes: Any) -> None:
        """See ``Store``."""
        raws = {name: None if value is None else canonical(value) for name, value in notes.items()}
        with self._writing():
            row = self._row(key)
            for name, raw in raws.items():
                self._set_note(row.id, name, raw)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def resolve(self, prefix: str) -> str:
        """See ``Store``."""
        return self._row(prefix).key

    def info(self, key: str) -> RunInfo:
        """See ``Store``."""
        return self._info(self._row(key))

    def runs(self, **where: str | int) -> Iterator[RunInfo]:
        """See ``Store``."""
        for row in self._living():
            info = self._info(row)
            if all(info.manifest.get(name) == value for name, value in where.items()):
                yield info

    def entries(self, key: str, lo: int = 0, hi: int | None = None) -> Iterator[Entry]:
        """See ``Store``."""
        return map(read, self.bodies(key, lo, hi))

    def bodies(self, key: str, lo: int = 0, hi: int | None = None) -> Iterator[bytes]:
        """See ``Store``."""
        row = self._row(key)
        return (body for body, _ in self._linked(row, max(lo, 0), row.length if hi is None else min(hi, row.length)))

    def verify(self, key: str, anchor: Anchor | None = None) -> Verdict:
        """See ``Store``."""
        row = self._row(key)
        try:
            problem = self._first_problem(row, anchor)
        except NegosimError as error:
            problem = str(error)
        return Verdict(row.key, row.length, row.head.hex(), problem)

    def anchors(self) -> Iterator[Anchor]:
        """See ``Store``."""
        for row in self._living():
            yield Anchor(row.key, row.length, row.head.hex())

    def notes(self, key: str) -> dict[str, Any]:
        """See ``Store``."""
        return {name: parse(raw) for name, raw in self._notes(self._row(key).id)}

    def tail(self, after: int = 0, key: str | None = None) -> Iterator[Written]:
        """See ``Store``."""
        run = None if key is None else self._row(key).id
        while batch := self._fed(after, run):
            yield from batch
            after = batch[-1].position

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # ── how ──────────────────────────────────────────────────────────────────────────────────

    def _row(self, prefix: str) -> Row:
        wanted = prefix.lower()
        if len(wanted) == KEY_LENGTH:
            found = self._by_key(wanted)
            if found is not None:
                return found
        elif len(wanted) >= PREFIX_MIN and all(digit in "0123456789abcdef" for digit in wanted):
            several = self._by_prefix(wanted)
            if len(several) == 1:
                return several[0]
            if several:
                keys = ", ".join(row.key[: len(wanted) + 4] for row in several[:4])
                raise StoreError(f"{prefix!r} is the beginning of several runs: {keys}; give more digits")
        elif len(wanted) < PREFIX_MIN:
            raise NotFound("run", prefix, [f"keys need at least {PREFIX_MIN} digits"])
        raise NotFound("run", prefix, [row.key[:12] for row in islice(self._living(), 12)])

    def _info(self, row: Row) -> RunInfo:
        manifest = parse(row.manifest)
        fork = manifest.get("parent") or {}
        return RunInfo(
            row.key, manifest, row.length, row.head.hex(), fork.get("run"), fork.get("at"), row.open
        )

    def _create(self, manifest: Manifest) -> Row:
        raw = canonical(manifest)
        key = chain.run_key(manifest)
        found = self._by_key(key)
        if found is not None:
            return found
        fork = manifest.get("parent")
        if fork is None:
            return self._add(key, raw, None, 0, chain.genesis(raw))
        parent, at = self._ancestry(fork)
        return self._add(key, raw, parent.id, at, chain.fork(self._link_at(parent, at), raw))

    def _ancestry(self, fork: object) -> tuple[Row, int]:
        if not (isinstance(fork, Mapping) and isinstance(fork.get("run"), str) and type(fork.get("at")) is int):
            raise BadValue(f"manifest: parent is {fork!r}, not a map of run (a key) and at (an index)")
        parent, at = self._row(fork["run"]), fork["at"]
        if parent.key != fork["run"]:
            raise BadValue("manifest: parent.run must be a whole key")
        if not 0 <= at <= parent.length:
            raise StoreError(f"run {parent.key[:12]} has {parent.length} entries; it cannot be forked at {at}")
        return parent, at

    def _append_bodies(self, key: str, lo: int, bodies: Sequence[bytes], expected: str | None) -> str:
        with self._writing():
            return self._append(self._row(key), lo, bodies, expected)

    def _append(self, row: Row, lo: int, bodies: Sequence[bytes], expected: str | None) -> str:
        if lo > row.length:
            raise StoreError(f"run {row.key[:12]} has {row.length} entries; entry {lo} would leave a gap")
        if expected is not None and (stands := self._link_at(row, lo).hex()) != expected:
            raise Conflict(f"run {row.key[:12]}: at entry {lo} the head is {stands[:12]}, not {expected[:12]}")
        known = min(len(bodies), row.length - lo)
        if known > 0:
            self._compare(row, lo, bodies[:known])
        new = bodies[known:]
        if not new:
            return self._link_at(row, lo + len(bodies)).hex()
        if not row.open:
            raise StoreError(f"run {row.key[:12]} is complete with {row.length} entries; fork it to go on differently")
        links = chain.links(row.head, new)
        self._extend(row, new, links)
        return links[-1].hex()

    def _compare(self, row: Row, lo: int, bodies: Sequence[bytes]) -> None:
        stored = self._linked(row, lo, lo + len(bodies))
        for index, ((old, _), new) in enumerate(zip(stored, bodies, strict=True), lo):
            if old != new:
                raise Conflict(f"run {row.key[:12]}: entry {index} stands already\n{first_difference(old, new)}")

    def _lineage(self, row: Row) -> list[Row]:
        """The run and those it was forked from, root first."""
        line = [row]
        while line[-1].parent is not None:
            line.append(self._by_id(line[-1].parent))
        return line[::-1]

    def _linked(self, row: Row, lo: int, hi: int) -> Iterator[tuple[bytes, bytes]]:
        """Bodies and links from ``lo`` to ``hi``, each read from the run that owns it."""
        line = self._lineage(row) if lo < row.at else [row]
        ends = [child.at for child in line[1:]] + [hi]
        for number, owner in enumerate(line):
            start, end = max(lo, owner.at), min([hi, *ends[number:]])
            while start < end:
                page = self._page(owner.id, start, min(end, start + PAGE))
                if len(page) != min(end, start + PAGE) - start:
                    raise StoreError(f"run {owner.key[:12]}: entries are missing between {start} and {end}")
                yield from page
                start += len(page)

    def _origin(self, row: Row) -> bytes:
        if row.parent is None:
            return chain.genesis(row.manifest)
        return chain.fork(self._link_at(self._by_id(row.parent), row.at), row.manifest)

    def _link_at(self, row: Row, index: int) -> bytes:
        """The head as it was before entry ``index``."""
        if index == row.length:
            return row.head
        while index < row.at:
            row = self._by_id(row.parent)
        if index == row.at:
            return self._origin(row)
        ((_, link),) = self._page(row.id, index - 1, index)
        return link

    def _first_problem(self, row: Row, anchor: Anchor | None) -> str:
        line = self._lineage(row)
        ends = [child.at for child in line[1:]] + [row.length]
        previous, minute = b"", 0
        passed = {}
        for number, owner in enumerate(line):
            if problem := self._misplaced(owner, line[number - 1] if number else None):
                return problem
            previous = chain.fork(previous, owner.manifest) if number else chain.genesis(owner.manifest)
            passed[owner.at] = previous
            for index, (body, link) in enumerate(self._linked(owner, owner.at, ends[number]), owner.at):
                previous = chain.link(previous, body)
                if previous != link:
                    return f"entry {index}: its bytes are not those that were linked"
                try:
                    entry = decode(body)
                except NegosimError as error:
                    return f"entry {index}: {error}"
                if entry.index != index or entry.minute < minute or any(not 0 <= c < index for c in entry.causes):
                    return f"entry {index}: its index, minute or causes contradict its place"
                minute = entry.minute
                if anchor is not None and anchor.length == index + 1:
                    passed[anchor.length] = previous
        if previous != row.head:
            return f"after entry {row.length - 1} the head is {previous.hex()[:12]}, recorded {row.head.hex()[:12]}"
        return _anchored(row, passed, anchor)

    def _misplaced(self, row: Row, parent: Row | None) -> str:
        manifest = parse(row.manifest)
        if chain.run_key(manifest) != row.key:
            return f"run {row.key[:12]}: its manifest has another key"
        named = manifest.get("parent")
        stands = None if parent is None else {"run": parent.key, "at": row.at}
        if named != stands:
            return f"run {row.key[:12]}: its manifest names another parent"
        return ""

    # ── rows: what a concrete store provides ─────────────────────────────────────────────────

    @abstractmethod
    def _writing(self) -> AbstractContextManager[None]:
        """One transaction: all that is written inside is kept, or nothing."""

    @abstractmethod
    def _by_key(self, key: str) -> Row | None: ...

    @abstractmethod
    def _by_prefix(self, prefix: str) -> list[Row]:
        """At most a few of the living runs whose key begins so."""

    @abstractmethod
    def _by_id(self, run: int | None) -> Row: ...

    @abstractmethod
    def _living(self) -> Iterator[Row]:
        """All runs that are not deleted, in the order of their creation."""

    @abstractmethod
    def _add(self, key: str, manifest: bytes, parent: int | None, at: int, origin: bytes) -> Row: ...

    @abstractmethod
    def _extend(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> None:
        """Add entries at the run's end, move its head, and feed the batch to those who tail."""

    @abstractmethod
    def _close_run(self, run: int) -> None: ...

    @abstractmethod
    def _page(self, run: int, lo: int, hi: int) -> list[tuple[bytes, bytes]]:
        """A run's own bodies and links in this range."""

    @abstractmethod
    def _bury(self, run: int) -> None:
        """Mark a run deleted: its key is free, its notes and feed are gone."""

    @abstractmethod
    def _inherited_up_to(self, run: int) -> int | None:
        """The end of what forks inherit from a run; None when it has none."""

    @abstractmethod
    def _cut(self, run: int, length: int) -> None:
        """Drop a deleted run's entries from index ``length`` on."""

    @abstractmethod
    def _remove(self, run: int) -> None: ...

    @abstractmethod
    def _set_note(self, run: int, name: str, raw: bytes | None) -> None: ...

    @abstractmethod
    def _notes(self, run: int) -> list[tuple[str, bytes]]: ...

    @abstractmethod
    def _fed(self, after: int, run: int | None) -> list[Written]:
        """Some of the batches after a position, in order; empty at the end."""

    @abstractmethod
    def keep(self, kind: str, key: str, document: bytes) -> None:
        """See ``Store``."""

    @abstractmethod
    def kept(self, kind: str, key: str) -> bytes | None:
        """See ``Store``."""

    @abstractmethod
    def vacuum(self) -> None:
        """See ``Store``."""

    @abstractmethod
    def close(self) -> None:
        """See ``Store``."""


@frozen
class _DurableWriter:
    store: Ledger
    key: str

    def append(self, entries: Sequence[Entry]) -> None:
        self.store.append(self.key, entries)


@define
class _BulkWriter:
    key: str
    lo: int = 0
    bodies: list[bytes] = field(factory=list)

    def append(self, entries: Sequence[Entry]) -> None:
        if entries and not self.bodies:
            self.lo = entries[0].index
        for entry in entries:
            if entry.index != self.lo + len(self.bodies):
                raise StoreError(
                    f"run {self.key[:12]}: entry {entry.index} stands where "
                    f"entry {self.lo + len(self.bodies)} belongs"
                )
            self.bodies.append(encode(entry))


def _anchored(row: Row, passed: Mapping[int, bytes], anchor: Anchor | None) -> str:
    if anchor is None:
        return ""
    if anchor.length > row.length:
        return f"only {row.length} entries stand here; the anchor saw {anchor.length}"
    here = row.head if anchor.length == row.length else passed.get(anchor.length, b"")
    if here.hex() != anchor.head:
        return f"after {anchor.length} entries the head is {here.hex()[:12]}, the anchor saw {anchor.head[:12]}"
    return ""
