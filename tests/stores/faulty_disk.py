"""A disk that remembers every call, or fails one: SQLite's own way of testing itself.

``Disk`` is a virtual file system over the real one. It notes each write, truncation, deletion and
sync, so that ``after_power_loss`` can lay out what a disk may hold when the power went at any of
them: what was synced is there; of the rest, anything may be missing or torn.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from pathlib import Path

import apsw

SECTOR = 512
_names = count(1)


class Disk(apsw.VFS):
    """Notes every call that changes a file; ``fails`` decides whether a call does."""

    def __init__(self, fails: Callable[[str], str | None] = lambda call: None) -> None:
        self.name = f"disk-{next(_names)}"
        self.calls: list[tuple] = []
        self.fails = fails
        super().__init__(self.name, "")

    def xOpen(self, name, flags):
        self.checked("open")
        return _File(self, name, flags)

    def xAccess(self, name, flags):
        self.checked("access")
        return super().xAccess(name, flags)

    def xDelete(self, name, sync):
        self.checked("delete")
        self.calls.append(("delete", Path(name).name))
        super().xDelete(name, sync)

    def checked(self, call: str) -> str | None:
        """Raise what a failing call raises; returns ``short`` for a write cut short."""
        fault = self.fails(call)
        if fault == "EIO":
            raise apsw.IOError(f"{call} failed")
        if fault == "ENOSPC":
            raise apsw.FullError(f"{call}: no space")
        return fault

    def connect(self, path: str) -> "Connection":
        """A connection on this disk that looks like one of the standard library."""
        return Connection(translated(lambda: apsw.Connection(path, vfs=self.name)))


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name, flags) -> None:
        self.disk = disk
        plain = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        self.name = Path(plain).name
        super().__init__("", name, flags)

    def xRead(self, amount, offset):
        self.disk.checked("read")
        return super().xRead(amount, offset)

    def xWrite(self, data, offset):
        data = bytes(data)
        if self.disk.checked("write") == "short":
            super().xWrite(data[: len(data) // 2], offset)
            raise apsw.IOError("short write")
        self.disk.calls.append(("write", self.name, offset, data))
        super().xWrite(data, offset)

    def xFileSize(self):
        self.disk.checked("size")
        return super().xFileSize()

    def xLock(self, level):
        self.disk.checked("lock")
        super().xLock(level)

    def xTruncate(self, size):
        self.disk.checked("truncate")
        self.disk.calls.append(("truncate", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags):
        self.disk.checked("sync")
        self.disk.calls.append(("sync", self.name))
        super().xSync(flags)


class Connection:
    """What a store uses of ``sqlite3.Connection``, over APSW."""

    def __init__(self, db: apsw.Connection) -> None:
        self.db = db

    def execute(self, sql: str, values: tuple = ()) -> "Connection":
        self.rows = translated(lambda: self.db.execute(sql, values).fetchall())
        self.rowcount = self.db.changes()
        return self

    def executemany(self, sql: str, rows) -> None:
        translated(lambda: self.db.executemany(sql, rows).fetchall())

    def fetchall(self) -> list[tuple]:
        return self.rows

    @property
    def in_transaction(self) -> bool:
        return self.db.in_transaction

    def close(self) -> None:
        """SQLite closes even where its last tidying up fails."""
        with suppress(apsw.Error):
            self.db.close(True)


def translated(act):
    """What an act returns, with APSW's errors as those of the standard library."""
    try:
        return act()
    except apsw.Error as error:
        other = sqlite3.OperationalError(str(error))
        code = getattr(error, "result", 0) & 0xFF
        other.sqlite_errorname = apsw.mapping_result_codes.get(code, "SQLITE_ERROR")
        raise other from None


def after_power_loss(calls: list[tuple], at: int, seed: str) -> dict[str, bytes]:
    """The files a disk may hold when the power goes after call ``at``.

    ``seed``: ``none`` (all that was not synced is lost), ``all`` (nothing is), or anything else
    for a subset of the unsynced writes, each perhaps torn at a sector's edge.
    """
    files: dict[str, bytearray] = {}
    for number, call in _survivors(calls[:at], seed):
        kind, name, *rest = call
        if kind == "delete":
            files.pop(name, None)
        elif kind == "truncate":
            del files.setdefault(name, bytearray())[rest[0] :]
        elif kind == "write":
            offset, data = rest
            _write(files.setdefault(name, bytearray()), offset, data[: _torn(len(data), number)])
    return {name: bytes(content) for name, content in files.items()}


def _survivors(calls: list[tuple], seed: str) -> Iterator[tuple[int | str, tuple]]:
    last_sync = {call[1]: number for number, call in enumerate(calls) if call[0] == "sync"}
    for number, call in enumerate(calls):
        if call[0] in ("sync", "acknowledged"):
            continue
        synced = call[0] == "delete" or number < last_sync.get(call[1], -1)
        if synced or seed == "all":
            yield "", call
        elif seed != "none":
            dice = blake2b(f"{seed}/{number}".encode(), digest_size=2).digest()
            if dice[0] % 2:
                yield (f"{seed}/{number}/tear" if dice[1] % 2 else ""), call


def _torn(length: int, seed: int | str) -> int:
    """Up to where a write reached the disk: all of it, or a sector's edge within it."""
    if not seed or length <= SECTOR:
        return length
    digest = blake2b(str(seed).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % (length // SECTOR) * SECTOR


def _write(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def lay_out(files: dict[str, bytes], folder: Path) -> None:
    """Put these files, and nothing else, into a folder."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
