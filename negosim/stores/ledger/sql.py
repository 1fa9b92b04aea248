"""The rows of a ledger in SQL; SQLite and PostgreSQL differ only in what their subclasses say."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

from typing_extensions import override

from negosim.core.errors import StoreError
from negosim.stores.contract import Commit
from negosim.stores.encoding.chain import key_of
from negosim.stores.ledger.ledger import Ledger
from negosim.stores.ledger.rows import PAGE, Page, Row

LINEAGE = """
    WITH RECURSIVE line(run, depth) AS (
        SELECT CAST(? AS bigint), 0
        UNION ALL
        SELECT run.parent, depth + 1 FROM line JOIN run ON run.id = line.run
        WHERE run.parent < run.id
    )
    SELECT run.* FROM line JOIN run ON run.id = line.run ORDER BY depth DESC
"""
FED = """
    SELECT feed.position, run.key, feed.lo, feed.hi FROM feed JOIN run ON run.id = feed.run
    WHERE feed.position > ? AND run.deleted = 0 ORDER BY feed.position LIMIT ?
"""
FED_OF = FED.replace("ORDER", "AND feed.run = ? ORDER")

OWN = "SELECT {} FROM entry WHERE run = ? AND idx >= ? AND idx < ? ORDER BY idx"

MOVED = """
    UPDATE run SET length = ?, head = ? WHERE id = ? AND head = ? AND open = 1 AND deleted = ?
"""


class SqlLedger(Ledger):
    """The store contract over a SQL connection with ``?`` for parameters."""

    @abstractmethod
    def _execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows; StoreError when the place refuses."""

    @abstractmethod
    def _change(self, sql: str, *values: Any) -> int:
        """Run one statement and return how many rows it changed."""

    @abstractmethod
    def _insert_entries(self, rows: Sequence[tuple[int, int, bytes, bytes]]) -> None:
        """Insert (run, idx, body, link)."""

    @abstractmethod
    def _begin(self) -> None:
        """Begin a transaction that nobody else's write can come into."""

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._begin()
        try:
            yield
            self._commit()
        except BaseException:
            self._roll_back()
            raise

    @abstractmethod
    def _commit(self) -> None:
        """Make the transaction last."""

    @abstractmethod
    def _roll_back(self) -> None:
        """Undo the transaction, if one is still open."""

    def _by_key(self, key: str) -> Row | None:
        rows = self._execute("SELECT * FROM run WHERE key = ? AND deleted = 0", key)
        return self._found(rows, key)[0] if rows else None

    def _by_prefix(self, prefix: str) -> list[Row]:
        rows = self._execute(
            "SELECT * FROM run WHERE key >= ? AND key < ? AND deleted = 0 ORDER BY key LIMIT 5",
            prefix,
            prefix + "g",
        )
        return self._found(rows, prefix)

    def _found(self, rows: list[tuple[Any, ...]], begins: str) -> list[Row]:
        """Rows that were looked up by key; a damaged index may have led to others.

        SQLite may take the key itself from that index, so the manifest has to vouch for it.
        """
        rows_found = [_row(row) for row in rows]
        if not all(key_of(row.manifest).startswith(begins) for row in rows_found):
            raise StoreError("the store is damaged: a key leads to another run")
        return rows_found

    def _by_id(self, run: int | None) -> Row:
        rows = self._execute("SELECT * FROM run WHERE id = ?", run)
        if not rows:
            raise StoreError(f"row {run} of table run is missing; the store is damaged")
        return _row(rows[0])

    def _lineage(self, row: Row) -> list[Row]:
        return [_row(found_row) for found_row in self._execute(LINEAGE, row.id)]

    @override
    def run_keys(self) -> Iterator[str]:
        """Reads nothing else of a run, so that one that is damaged hides no other."""
        rows = self._execute("SELECT key FROM run WHERE deleted = 0 ORDER BY id")
        return (str(key) for (key,) in rows)

    def _living(self) -> Iterator[Row]:
        query = "SELECT * FROM run WHERE id > ? AND deleted = 0 ORDER BY id LIMIT ?"
        last = 0
        while rows := self._execute(query, last, PAGE):
            for row in map(_row, rows):
                if row.id <= last:
                    raise StoreError("the store is damaged: its runs are out of order")
                yield row
                last = row.id

    def _add(
        self, key: str, manifest: bytes, parent: int | None, at: int, origin: bytes, buried: bool
    ) -> Row:
        ((run,),) = self._execute(
            "INSERT INTO run(key, manifest, parent, at, length, head, open, deleted) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, ?) RETURNING id",
            key,
            manifest,
            parent,
            at,
            at,
            origin,
            int(buried),
        )
        return Row.begun(run, key, manifest, parent, at, origin, buried=buried)

    def _extend(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> bool:
        run, lo, hi = row.id, row.length, row.length + len(bodies)
        if not self._change(MOVED, hi, links[-1], run, row.head, int(row.deleted)):
            return False
        self._insert_entries(list(zip(repeat(run), range(lo, hi), bodies, links, strict=False)))
        self._execute("INSERT INTO feed(run, lo, hi) VALUES (?, ?, ?)", run, lo, hi)
        return True

    def _close_run(self, run: int) -> None:
        self._execute("UPDATE run SET open = 0 WHERE id = ?", run)

    def _page(self, run: int, lo: int, hi: int) -> Page:
        return _bytes_of(self._execute(OWN.format("body"), run, lo, hi))

    def _links(self, run: int, lo: int, hi: int) -> Page:
        return _bytes_of(self._execute(OWN.format("link"), run, lo, hi))

    def _bytes(self, run: int) -> int:
        query = "SELECT CAST(coalesce(sum(length(body)), 0) AS bigint) FROM entry WHERE run = ?"
        return int(self._execute(query, run)[0][0])

    def _bury(self, run: int) -> None:
        self._execute("UPDATE run SET deleted = 1 WHERE id = ?", run)
        self._execute("DELETE FROM note WHERE run = ?", run)

    def _inherited_up_to(self, run: int) -> int | None:
        ((end,),) = self._execute("SELECT max(at) FROM run WHERE parent = ?", run)
        return end  # type: ignore[no-any-return]

    def _cut(self, run: int, length: int) -> None:
        self._execute("DELETE FROM entry WHERE run = ? AND idx >= ?", run, length)

    def _remove(self, run: int) -> None:
        self._execute("DELETE FROM entry WHERE run = ?", run)
        self._execute("DELETE FROM run WHERE id = ?", run)

    def _set_note(self, run: int, name: str, raw: bytes | None) -> None:
        if raw is None:
            self._execute("DELETE FROM note WHERE run = ? AND name = ?", run, name)
            return
        self._execute(
            "INSERT INTO note(run, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (run, name) DO UPDATE SET value = excluded.value",
            run, name, raw,
        )  # fmt: skip

    def _notes(self, run: int) -> list[tuple[str, bytes]]:
        rows = self._execute("SELECT name, value FROM note WHERE run = ? ORDER BY name", run)
        if not all(type(name) is str and type(raw) is bytes for name, raw in rows):
            raise StoreError("a note has another type; the store is damaged")
        return rows

    def _fed(self, after: int, run: int | None) -> list[Commit]:
        if run is None:
            return [Commit(*row) for row in self._execute(FED, after, PAGE)]
        return [Commit(*row) for row in self._execute(FED_OF, after, run, PAGE)]

    def _cache_put(self, kind: str, key: str, document: bytes) -> None:
        self._execute(
            "INSERT INTO kept(kind, key, document) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document",
            kind,
            key,
            document,
        )

    def _cache_get(self, kind: str, key: str) -> bytes | None:
        query = "SELECT document FROM kept WHERE kind = ? AND key = ?"
        rows = self._execute(query, kind, key)
        return rows[0][0] if rows else None


def _bytes_of(rows: list[tuple[Any, ...]]) -> Page:
    """Rows of one column that holds bytes."""
    page = [value for (value,) in rows]
    if not {*map(type, page)} <= {bytes}:
        raise StoreError("the store is damaged: an entry has another type")
    return page


_KINDS: tuple[Any, ...] = (int, str, bytes, (int, type(None)), int, int, bytes, int, int)


def _row(values: tuple[Any, ...]) -> Row:
    if not all(isinstance(value, kind) for value, kind in zip(values, _KINDS, strict=True)):
        raise StoreError("the store is damaged: a run's value has another type")
    run, key, manifest, parent, at, length, head, is_open, deleted = values
    if parent is not None and parent >= run:
        raise StoreError("the store is damaged: a run was forked from one that came after it")
    return Row(
        id=run,
        key=key,
        manifest=manifest,
        parent=parent,
        at=at,
        length=length,
        head=head,
        open=bool(is_open),
        deleted=bool(deleted),
    )
