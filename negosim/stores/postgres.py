"""A store in PostgreSQL, for several machines that share one.

All tables live in the schema ``negosim``. One writer at a time holds an advisory lock until its
commit, as in SQLite: so positions in the feed are in the order of commits, and who follows it
never passes a batch that is still to come.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from negosim.core.errors import Conflict, StoreError
from negosim.stores.ledger.migrations import POSTGRES, POSTGRES_VERSION
from negosim.stores.ledger.sql import MOVED, SqlLedger

try:
    import psycopg
except ImportError as missing:
    raise StoreError("PostgreSQL needs psycopg: pip install 'negosim[postgres]'") from missing

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

    from negosim.stores.ledger.rows import Row

LOCK = 0x4E45474F
"""The advisory lock of whoever writes: NEGO."""

FEW = 8
"""Up to so many entries, one statement is faster than COPY."""

EXTENDED = f"""
    WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock({LOCK})),
    moved AS ({MOVED.replace("WHERE", "FROM alone WHERE")} RETURNING id),
    added AS (INSERT INTO entry SELECT moved.id, new.* FROM moved, (VALUES {{}}) AS new),
    fed AS (INSERT INTO feed(run, lo, hi) SELECT id, ?, ? FROM moved RETURNING run)
    SELECT pg_notify('negosim', '') FROM fed
"""  # noqa: S608
"""Take the lock, move a run's head, add its entries and tell those who follow, in one round trip.

Who moved the head between the look and the lock is seen: PostgreSQL then looks at the row again.
"""

SETTINGS = """
    SET search_path = negosim;
    SET synchronous_commit = on;
    SET default_transaction_isolation = 'read committed';
    SET TimeZone = 'UTC';
    SET lock_timeout = '10s'
"""
"""Durable commits; and nobody waits for ever for what another connection holds."""


class PostgresStore(SqlLedger):
    """The store contract over one PostgreSQL database, given as ``postgresql://...``.

    A connection that was lost is made anew before the next use; an append whose reply was lost
    can be repeated. Raises StoreError when the server cannot be reached, does not write durably,
    holds tables written by a newer version, or, unless they may be created, none.
    """

    def __init__(self, address: str, *, create: bool = True) -> None:
        self.location = address
        self._db: Connection[Any] | None = None
        self._listens = False
        try:
            version = self._version()
            if version == 0 and not create:
                raise StoreError(f"{self._shown()}: there is no store in this database")
            if version < POSTGRES_VERSION:
                self._migrate()
        except psycopg.Error as error:
            self.close()
            raise self._explained(error) from None
        except StoreError:
            self.close()
            raise

    # ── connection ───────────────────────────────────────────────────────────────────────────

    def _connection(self) -> Connection[Any]:
        if self._db is None or self._db.closed:
            self._listens = False
            self._db = psycopg.connect(self.location, autocommit=True, connect_timeout=10)
            if self._db.execute("SHOW fsync").fetchone() != ("on",):
                raise StoreError(
                    f"{self._shown()}: the server does not write durably (fsync is off)"
                )
            self._db.execute(SETTINGS)
        return self._db

    def _version(self) -> int:
        """The number of the schema; 0 where there is none."""
        db = self._connection()
        if db.execute("SELECT to_regclass('negosim.version')").fetchone() == (None,):
            return 0
        found = db.execute("SELECT coalesce(max(number), 0) FROM negosim.version").fetchone()
        version: int = found[0] if found else 0
        if version > POSTGRES_VERSION:
            raise StoreError(
                f"{self._shown()}: written by a newer negosim (schema {version}, "
                f"this one knows {POSTGRES_VERSION}); upgrade negosim"
            )
        return version

    def _migrate(self) -> None:
        """Bring the schema up to date; one writer does it, the others wait."""
        db = self._connection()
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            db.execute("CREATE SCHEMA IF NOT EXISTS negosim")
            db.execute("CREATE TABLE IF NOT EXISTS version(number integer NOT NULL)")
            version = self._version()
            for number, statements in enumerate(POSTGRES[version:], version + 1):
                for statement in statements:
                    db.execute(statement)
                db.execute("INSERT INTO version VALUES (%s)", (number,))

    # ── statements ───────────────────────────────────────────────────────────────────────────

    def _run(self, sql: str, values: Sequence[Any]) -> Cursor[Any]:
        try:
            return self._connection().execute(sql.replace("?", "%s"), values)
        except psycopg.Error as error:
            raise self._explained(error) from None

    def _execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        cursor = self._run(sql, values)
        return cursor.fetchall() if cursor.description else []

    def _change(self, sql: str, *values: Any) -> int:
        return self._run(sql, values).rowcount

    def _extend(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> bool:
        if len(bodies) > FEW:
            return super()._extend(row, bodies, links)
        length = row.length + len(bodies)
        moved = length, links[-1], row.id, row.head, int(row.deleted)
        added = chain.from_iterable(zip(range(row.length, length), bodies, links, strict=True))
        places = ", ".join(["(CAST(? AS bigint), CAST(? AS bytea), CAST(? AS bytea))"] * len(bodies))
        return bool(self._change(EXTENDED.format(places), *moved, *added, row.length, length))

    def _extend_alone(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> bool:
        extend = self._extend if len(bodies) <= FEW else super()._extend_alone
        return extend(row, bodies, links)  # one statement is a transaction by itself

    def _insert_entries(self, rows: Sequence[tuple[int, int, bytes, bytes]]) -> None:
        try:
            with (
                self._connection().cursor() as cursor,
                cursor.copy("COPY entry FROM STDIN WITH (FORMAT BINARY)") as copy,
            ):
                copy.set_types(("int8", "int8", "bytea", "bytea"))
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as error:
            raise self._explained(error) from None

    def _begin(self) -> None:
        try:
            self._execute(f"BEGIN; SELECT pg_advisory_xact_lock({LOCK})")
        except StoreError:
            self._roll_back()
            raise

    def _commit(self) -> None:
        self._execute("NOTIFY negosim; COMMIT")

    def _roll_back(self) -> None:
        db = self._db
        if (
            db is not None
            and not db.closed
            and db.info.transaction_status != db.info.transaction_status.IDLE
        ):
            try:
                db.execute("ROLLBACK")
            except psycopg.Error:
                db.close()

    @override
    def wait(self, seconds: float) -> None:
        try:
            db = self._connection()
            if not self._listens:
                db.execute("LISTEN negosim")
                self._listens = True
                return
            for _ in db.notifies(timeout=seconds, stop_after=1):
                return
        except psycopg.Error as error:
            raise self._explained(error) from None

    @override
    def vacuum(self) -> None:
        for table in ("entry", "run", "feed", "note", "kept"):
            self._execute(f"VACUUM {table}")

    @override
    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    # ── errors ───────────────────────────────────────────────────────────────────────────────

    def _shown(self) -> str:
        """The address without its password."""
        try:
            parts = psycopg.conninfo.conninfo_to_dict(self.location)
        except psycopg.Error:
            return "postgresql address"
        return f"postgresql://{parts.get('host', 'localhost')}/{parts.get('dbname', '')}"

    def _explained(self, error: psycopg.Error) -> StoreError:
        words = " ".join(str(error).split())
        if isinstance(
            error, psycopg.errors.IntegrityConstraintViolation | psycopg.errors.RaiseException
        ):
            return Conflict(f"{self._shown()}: the change would break the log's rules ({words})")
        if isinstance(error, psycopg.errors.DiskFull):
            return StoreError(f"{self._shown()}: the disk is full; nothing of this was written")
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            return StoreError(f"{self._shown()}: it cannot be written (read-only)")
        if isinstance(error, psycopg.errors.LockNotAvailable):
            return StoreError(f"{self._shown()}: another program has held a lock for 10 seconds; try again")
        if isinstance(error, psycopg.OperationalError):
            return StoreError(f"{self._shown()}: no connection ({words}); the same again is safe")
        return StoreError(f"{self._shown()}: {words}")
