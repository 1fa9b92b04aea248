"""A store in one SQLite file: the embedded default.

Write-ahead log with ``synchronous=FULL``: what was acknowledged survives power loss. One writer
at a time, readers never wait. Triggers refuse to alter an entry, by whatever program.
"""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from time import sleep
from typing import Any

from typing_extensions import override

from negosim.core.errors import Conflict, StoreError
from negosim.stores.ledger.migrations import SQLITE, VERSION
from negosim.stores.ledger.sql import SqlLedger

OURS = 0x4E45474F
"""The application id in a store's header: NEGO."""

IDENTITY = """
    SELECT NOT EXISTS (SELECT 1 FROM sqlite_master), application_id, user_version
    FROM pragma_application_id, pragma_user_version
"""
"""Whether a file is empty, whose it is, and in which version: one statement, so one snapshot."""

AT_ONCE = 100
"""How many entries one statement inserts; more are no faster."""

LOOK = 0.05
"""How often, in seconds, to look for what another process wrote."""

PATIENCE = 10_000
"""How long, in milliseconds, to wait for another process that writes."""

WAL_RESET_FIXED = (3, 51, 3)
"""From this SQLite on, two connections may write and checkpoint at once without harm."""

_SAYS = {
    "SQLITE_NOTADB": "it is not a negosim store (not an SQLite file)",
    "SQLITE_CORRUPT": "the file is damaged; restore a copy, or export what can still be read",
    "SQLITE_FULL": "the disk is full; nothing of this was written",
    "SQLITE_READONLY": "it cannot be written (read-only)",
    "SQLITE_BUSY": f"another process has been writing for {PATIENCE // 1000} seconds; try again",
    "SQLITE_CANTOPEN": "it cannot be opened; is the folder there, and may you write to it?",
    "SQLITE_IOERR": "the disk reports an error; nothing of this was written",
    "SQLITE_PERM": "you may not open it",
    "SQLITE_CONSTRAINT": "the change would break the log's rules",
}


def connect(path: str) -> sqlite3.Connection:
    """A connection without implicit transactions."""
    return sqlite3.connect(
        path, isolation_level=None, timeout=PATIENCE / 1000, uri=path.startswith("file:")
    )


def _is_shut(path: Path) -> bool:
    """Whether a file lies where nothing can be written, as on a disc or in an archive."""
    return path.is_file() and not os.access(path.parent, os.W_OK)


def _to_read(path: Path, *, shut: bool) -> str:
    """The address of a file that is only read.

    Where nothing can be written SQLite cannot make its files beside it, and need not: nothing
    changes there. What was not closed has such a file, which must not be passed over.
    """
    closed = not path.with_name(path.name + "-wal").exists()
    return path.absolute().as_uri() + "?mode=ro" + ("&immutable=1" if shut and closed else "")


class SqliteStore(SqlLedger):
    """The store contract over one SQLite file, or ``:memory:``.

    In a folder where nothing can be written it can be read.
    Raises StoreError when the file cannot be opened, is not ours or was written by a newer
    version.
    """

    def __init__(
        self, path: str | Path, *, read_only: bool = False, connect: Callable[[str], Any] = connect
    ) -> None:
        self.location = str(path)
        self._db: Any = None
        self._data_version: object = None
        self._warned = sqlite3.sqlite_version_info >= WAL_RESET_FIXED
        if self.location != ":memory:" and not Path(self.location).parent.is_dir():
            raise StoreError(
                f"{self.location}: its folder does not exist; create it, or name another --store"
            )
        shut = _is_shut(Path(self.location))
        where = _to_read(Path(self.location), shut=shut) if read_only or shut else self.location
        try:
            self._db = connect(where)
            self._prepare(read_only or shut)
        except BaseException as error:
            self.close()
            if isinstance(error, sqlite3.Error):
                raise self._explained(error) from None
            raise

    def _prepare(self, read_only: bool) -> None:
        self._execute(f"PRAGMA busy_timeout = {PATIENCE}")
        version = self._known_version()
        if read_only:
            if version < VERSION:
                raise StoreError(
                    f"{self.location}: schema {version} must be migrated once, which needs writing"
                )
            return
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
        ):
            self._execute(f"PRAGMA {pragma}")
        if self._execute("PRAGMA synchronous") != [(2,)]:
            raise StoreError(
                f"{self.location}: this SQLite does not promise durable writes (synchronous is not FULL)"
            )
        if version < VERSION:
            self._migrate()

    def _known_version(self) -> int:
        """The number of the schema; 0 for a new file. Raises StoreError where it is not ours.

        One look, since another process may be making the store at this moment.
        """
        ((empty, owner, version),) = self._execute(IDENTITY)
        if owner != OURS and not (empty and owner == version == 0):
            raise StoreError(
                f"{self.location}: it is not a negosim store, but another program's SQLite file"
            )
        if version < 0:
            raise StoreError(f"{self.location}: {_SAYS['SQLITE_CORRUPT']}")
        if version > VERSION:
            raise StoreError(
                f"{self.location}: written by a newer negosim (schema {version}, this one knows {VERSION}); "
                "upgrade negosim"
            )
        return int(version)

    def _migrate(self) -> None:
        """Bring the schema up to date, one version per transaction."""
        while True:
            self._begin()
            try:
                version = self._known_version()
                for statement in SQLITE[version] if version < VERSION else ():
                    self._execute(statement)
                if version < VERSION:
                    self._execute(f"PRAGMA application_id = {OURS}")
                    self._execute(f"PRAGMA user_version = {version + 1}")
                self._execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            if version >= VERSION:
                return

    def _execute(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            raise self._explained(error) from None

    def _change(self, sql: str, *values: Any) -> int:
        try:
            return self._db.execute(sql, values).rowcount  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            raise self._explained(error) from None

    def _insert_entries(self, rows: Sequence[tuple[int, int, bytes, bytes]]) -> None:
        for lo in range(0, len(rows), AT_ONCE):
            values = [*chain.from_iterable(rows[lo : lo + AT_ONCE])]
            places = ", ".join(["(?, ?, ?, ?)"] * (len(values) // 4))
            self._execute(f"INSERT INTO entry(run, idx, body, link) VALUES {places}", *values)  # noqa: S608

    def _begin(self) -> None:
        self._execute("BEGIN IMMEDIATE")
        if not self._warned:
            self._beware_of_others()

    def _beware_of_others(self) -> None:
        """Warn, once, when another connection writes under an SQLite that may damage the file."""
        version = self._execute("PRAGMA data_version")
        if self._data_version not in (None, version):
            self._warned = True
            warnings.warn(
                f"{self.location}: another connection writes too, and SQLite {sqlite3.sqlite_version} "
                "has a rare bug that may then damage the file (fixed in 3.51.3); "
                "write from one process, or use a newer SQLite or PostgreSQL",
                RuntimeWarning,
                stacklevel=6,
            )
        self._data_version = version

    def _commit(self) -> None:
        self._execute("COMMIT")

    def _roll_back(self) -> None:
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            pass

    @override
    def wait(self, seconds: float) -> None:
        """SQLite tells nobody, so this looks again every so often."""
        seen = self._execute("PRAGMA data_version")
        for _ in range(max(1, round(seconds / LOOK))):
            sleep(LOOK)
            if self._execute("PRAGMA data_version") != seen:
                return

    @override
    def vacuum(self) -> None:
        self._execute("VACUUM")
        self._execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @override
    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _explained(self, error: sqlite3.Error) -> StoreError:
        name = getattr(error, "sqlite_errorname", "") or ""
        for code, words in _SAYS.items():
            if name.startswith(code):
                kind = Conflict if code == "SQLITE_CONSTRAINT" else StoreError
                return kind(f"{self.location}: {words}" + (f" ({error})" if kind is Conflict else ""))
        return StoreError(f"{self.location}: {error}")
