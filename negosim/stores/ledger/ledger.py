"""What all stores do alike: keys, links, conflicts, forks, deletion and verification.

A concrete store adds only rows (``negosim.stores.ledger.rows``). Everything else is decided here once,
so that three stores cannot disagree.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Self

from typing_extensions import override

from negosim.core.errors import BadValue, Conflict, NegosimError, StoreError
from negosim.core.events import Entry
from negosim.stores.contract import (
    Checkpoint,
    Commit,
    Manifest,
    Notes,
    Profile,
    RunInfo,
    Store,
    Verdict,
    Writer,
    forked,
)
from negosim.stores.encoding import chain
from negosim.stores.encoding.canonical import canonical, parse
from negosim.stores.encoding.codec import decode, read_all
from negosim.stores.encoding.differences import first_difference
from negosim.stores.ledger.lineage import Lineage, check_line, fork_index
from negosim.stores.ledger.rows import PAGE, Page, Row, each
from negosim.stores.ledger.verification import first_problem
from negosim.stores.ledger.writers import BulkWriter, DurableWriter, check_next, decoded, encoded


class Ledger(Lineage, Store):
    """The store contract over rows; see ``negosim.stores.contract.Store``."""

    _latest: Row | None = None
    """The run that was appended to last, as it was left. Never trusted: ``_extend`` compares."""
    _latest_minute: int | None = None
    """The minute of its last entry, where it is known."""

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    @override
    def create(
        self, manifest: Manifest, *, parent: str | None = None, at: int | None = None
    ) -> str:
        with self._writing():
            if parent is not None:
                base = self._row(parent)
                manifest = forked(manifest, base.key, base.length if at is None else at)
            return self._create(manifest).key

    @override
    def append(self, key: str, entries: Sequence[Entry], *, expected: str | None = None) -> str:
        lo = entries[0].index if entries else 0
        bodies = encoded(entries, lo)
        if entries and (head := self._go_on(key, entries, bodies, expected)):
            return head
        with self._writing():
            row = self._row(key)
            if entries:
                self._check_first(row, entries[0])
            minute = entries[-1].minute if entries else None
            return self._append(row, lo if entries else row.length, bodies, expected, minute)

    @override
    def append_bodies(
        self, key: str, lo: int, bodies: Sequence[bytes], *, expected: str | None = None
    ) -> str:
        entries = [entry for _, entry in decoded(bodies, lo)]
        with self._writing():
            row = self._row(key)
            if entries:
                self._check_first(row, entries[0])
            return self._append(row, lo, bodies, expected)

    @override
    def finish(self, key: str) -> None:
        with self._writing():
            self._close_run(self._row(key).id)

    @contextmanager
    @override
    def writing(
        self,
        manifest: Manifest,
        profile: Profile = Profile.DURABLE,
        *,
        parent: str | None = None,
        at: int | None = None,
    ) -> Iterator[Writer]:
        key = self.create(manifest, parent=parent, at=at)
        if profile is Profile.DURABLE:
            yield DurableWriter(key, self)
            self.finish(key)
            return
        buffer = BulkWriter(key)
        yield buffer
        with self._writing():
            row = self._row(key)
            if buffer.bodies:
                self._check_first(row, decode(buffer.bodies[0]))
            self._append(row, buffer.lo if buffer.bodies else row.length, buffer.bodies, None)
            self._close_run(row.id)

    @override
    def put_run(
        self, manifest: Manifest, entries: Sequence[Entry], notes: Notes | None = None
    ) -> str:
        bodies = encoded(entries, entries[0].index if entries else 0)
        raw_notes = {_checked(name): canonical(value) for name, value in (notes or {}).items()}
        with self._writing():
            row = self._create(manifest)
            lo = entries[0].index if entries else row.at
            if entries:
                self._check_first(row, entries[0])
            self._append(row, lo, bodies, None)
            if row.open:
                self._close_run(row.id)
            elif lo + len(bodies) < row.length:
                raise Conflict(
                    f"run {row.key[:12]} has {row.length} entries, not {lo + len(bodies)}"
                )
            for name, raw in raw_notes.items():
                self._set_note(row.id, name, raw)
        return row.key

    @override
    def put_bodies(
        self, line: Sequence[Manifest], bodies: Iterable[bytes], *, head: str, complete: bool
    ) -> str:
        check_line(line)
        rest, place = (body for body, _ in decoded(bodies)), 0
        with self._writing():
            row = self._by_key(chain.run_key(line[-1]))
            if row is None:
                place = fork_index(line[-1])
                parent = self._ancestor(line[:-1], list(islice(rest, place)))
                row = self._new_run(line[-1], parent)
            last = self._link_before(row, place).hex()
            while page := list(islice(rest, PAGE)):
                last = self._append(self._by_id(row.id), place, page, None)
                place += len(page)
            if last != head or place < row.length:
                raise StoreError(f"the entries lead to the head {last[:12]}, not to {head[:12]}")
            if complete and row.open:
                self._close_run(row.id)
        return row.key

    @override
    def delete(self, key: str) -> None:
        with self._writing():
            row = self._row(key)
            self._bury(row.id)
            while (inherited := self._inherited_up_to(row.id)) is None:
                self._remove(row.id)
                if row.parent is None:
                    return
                row = self._by_id(row.parent)
                if not row.deleted:
                    return
            self._cut(row.id, inherited)

    @override
    def note(self, key: str, **notes: Any) -> None:
        raws = {
            _checked(name): None if value is None else canonical(value)
            for name, value in notes.items()
        }
        with self._writing():
            row = self._row(key)
            for name, raw in raws.items():
                self._set_note(row.id, name, raw)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    @override
    def resolve(self, prefix: str) -> str:
        return self._row(prefix).key

    @override
    def info(self, key: str) -> RunInfo:
        return _info(self._row(key))

    @override
    def line(self, key: str) -> list[Manifest]:
        return [parse(row.manifest) for row in self._lineage(self._row(key))]

    @override
    def runs(self, **where: str | int) -> Iterator[RunInfo]:
        for info in map(_info, self._living()):
            if all(info.manifest.get(name) == value for name, value in where.items()):
                yield info

    @override
    def entries(self, key: str, lo: int = 0, hi: int | None = None) -> Iterator[Entry]:
        return each(map(read_all, self._pages(key, lo, hi)))

    @override
    def bodies(self, key: str, lo: int = 0, hi: int | None = None) -> Iterator[bytes]:
        return each(self._pages(key, lo, hi))

    @override
    def size(self, key: str) -> int:
        return self._bytes(self._row(key).id)

    @override
    def verify(self, key: str, checkpoint: Checkpoint | None = None) -> Verdict:
        row = self._row(key)
        try:
            problem = first_problem(self._lineage(row), self._linked, checkpoint)
        except NegosimError as error:
            problem = str(error)
        return Verdict(row.key, row.length, row.head.hex(), problem)

    @override
    def checkpoints(self) -> Iterator[Checkpoint]:
        for row in self._living():
            yield Checkpoint(row.key, row.length, row.head.hex())

    @override
    def notes(self, key: str) -> dict[str, Any]:
        return {name: parse(raw) for name, raw in self._notes(self._row(key).id)}

    @override
    def tail(self, after: int = 0, key: str | None = None) -> Iterator[Commit]:
        run = None if key is None else self._row(key).id
        while batches := self._fed(after, run):
            for batch in batches:
                if batch.position <= after:
                    raise StoreError("the store is damaged: its feed is out of order")
                yield batch
                after = batch.position

    @override
    def cache_put(self, kind: str, key: str, document: bytes) -> None:
        with self._writing():
            self._cache_put(_checked(kind), _checked(key), document)

    @override
    def cache_get(self, kind: str, key: str) -> bytes | None:
        return self._cache_get(_checked(kind), _checked(key))

    @abstractmethod
    @override
    def close(self) -> None:
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # ── how ──────────────────────────────────────────────────────────────────────────────────

    def _pages(self, key: str, lo: int, hi: int | None) -> Iterator[Page]:
        """Pages of a run's entries from index ``lo`` to before ``hi``."""
        row = self._row(key)
        end = row.length if hi is None else min(hi, row.length)
        return self._read(row, max(lo, 0), end)

    def _create(self, manifest: Manifest) -> Row:
        row = self._by_key(chain.run_key(manifest))
        if row is not None:
            return row
        return self._new_run(manifest, self._parent(manifest))

    def _new_run(self, manifest: Manifest, parent: Row | None, *, buried: bool = False) -> Row:
        """A new run after a parent that holds what it inherits."""
        key, raw = chain.run_key(manifest), canonical(manifest)
        if parent is None:
            return self._add(key, raw, None, 0, chain.genesis(raw), buried)
        at = fork_index(manifest)
        origin = chain.fork(self._link_before(parent, at), raw)
        return self._add(key, raw, parent.id, at, origin, buried)

    def _ancestor(self, line: Sequence[Manifest], bodies: list[bytes]) -> Row | None:
        """The run to inherit ``bodies`` from; those that are not here are added as if deleted."""
        ancestor, missing, end = None, [], len(bodies)
        for manifest in reversed(line):
            ancestor = self._by_key(chain.run_key(manifest))
            if ancestor is not None and self._holds(ancestor, bodies[:end]):
                break
            ancestor = None
            missing.append((manifest, end))
            end = min(end, fork_index(manifest))
        for manifest, end in reversed(missing):
            ancestor = self._shade(manifest, ancestor, bodies[:end])
        return ancestor

    def _shade(self, manifest: Manifest, parent: Row | None, bodies: list[bytes]) -> Row:
        """A run as if deleted, with that beginning of its entries which is still inherited."""
        at = fork_index(manifest)
        if parent is not None and at > len(bodies):  # nothing of its own, nor its place in the chain
            return self._add(
                chain.run_key(manifest), canonical(manifest), parent.id, at, b"", buried=True
            )
        row = self._new_run(manifest, parent, buried=True)
        if bodies_of_it := bodies[at:]:
            self._extended(row, bodies_of_it)
            self._bury(row.id)
        return self._by_id(row.id)

    def _holds(self, row: Row, bodies: list[bytes]) -> bool:
        """Whether a run begins with these bodies."""
        if len(bodies) > row.length:
            return False
        return list(each(self._read(row, 0, len(bodies)))) == bodies

    def _parent(self, manifest: Manifest) -> Row | None:
        """The living run that a manifest names as its parent."""
        fork = manifest.get("parent")
        if fork is None:
            return None
        at = fork_index(manifest)
        parent = self._row(fork["run"])
        if at > parent.length:
            has = f"run {parent.key[:12]} has {parent.length} entries"
            raise StoreError(f"{has}; it cannot be forked at {at}")
        return parent

    def _append(
        self, row: Row, lo: int, bodies: Sequence[bytes], expected: str | None, minute: int | None = None
    ) -> str:
        """Append bodies from ``lo`` on, within a transaction; the head after them.

        ``minute`` is that of the last one, where it is known.
        """
        if not 0 <= lo <= row.length:
            has = f"run {row.key[:12]} has {row.length} entries"
            raise StoreError(f"{has}; entry {lo} would leave a gap")
        if expected is not None and (stands := self._link_before(row, lo).hex()) != expected:
            raise Conflict(
                f"run {row.key[:12]}: before entry {lo} the head is {stands[:12]}, not {expected[:12]}"
            )
        known, new = bodies[: row.length - lo], bodies[row.length - lo :]
        if known:
            self._compare(row, lo, known)
        if not new:
            return self._link_before(row, lo + len(bodies)).hex()
        if not row.open:
            done = f"run {row.key[:12]} is complete with {row.length} entries"
            raise Conflict(f"{done}; fork it to go on differently")
        if (head := self._extended(row, new, minute)) is None:
            raise StoreError(f"run {row.key[:12]} cannot be extended; the store is damaged")
        return head

    def _check_first(self, row: Row, entry: Entry) -> None:
        """Raise BadEntry unless an entry may follow the one that stands before its place."""
        if 0 < entry.index <= row.length:
            ((body,),) = self._read(row, entry.index - 1, entry.index)
            check_next(entry, entry.index, decode(body).minute)

    def _go_on(
        self, key: str, entries: Sequence[Entry], bodies: Sequence[bytes], expected: str | None
    ) -> str | None:
        """Append to the run that was appended to last, without looking it up, in a transaction of its own.

        None when it is another run, or does not stand any more as it was left.
        """
        row, minute, first = self._latest, self._latest_minute, entries[0]
        if row is None or minute is None or key != row.key or first.index != row.length:
            return None
        if expected is not None and expected != row.head.hex():
            return None
        check_next(first, first.index, minute)
        return self._extended(row, bodies, entries[-1].minute, alone=True)

    def _extended(
        self, row: Row, bodies: Sequence[bytes], minute: int | None = None, *, alone: bool = False
    ) -> str | None:
        """The head after bodies that were added; None when the run is not as ``row`` says.

        ``alone``: in a transaction of its own.
        """
        links = chain.links(row.head, bodies)
        extend = self._extend_alone if alone else self._extend
        if not extend(row, bodies, links):
            return None
        self._latest, self._latest_minute = row.longer(len(bodies), links[-1]), minute
        return links[-1].hex()

    def _compare(self, row: Row, lo: int, bodies: Sequence[bytes]) -> None:
        """Raise Conflict unless the same bytes stand from ``lo`` on."""
        stored = each(self._read(row, lo, lo + len(bodies)))
        for index, (old, new) in enumerate(zip(stored, bodies, strict=True), lo):
            if old != new:
                difference = first_difference(old, new)
                raise Conflict(f"run {row.key[:12]}: entry {index} stands already\n{difference}")


def _checked(name: str) -> str:
    """A name that every store can hold, and every screen can show."""
    if not name.isprintable():
        raise BadValue(f"{name!a} cannot name anything; use printable text")
    return name


def _info(row: Row) -> RunInfo:
    manifest: Mapping[str, Any] = parse(row.manifest)
    fork = manifest.get("parent") or {}
    parent, at = fork.get("run"), fork.get("at")
    return RunInfo(
        key=row.key,
        manifest=manifest,
        length=row.length,
        head=row.head.hex(),
        parent=parent,
        at=at,
        open=row.open,
    )
