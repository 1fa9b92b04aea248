"""Where a study's rows are kept: one SQLite file, or a folder of Parquet parts.

Rows are kept in the order of runs, from run 0 on without a gap, so what stands there is the same
whatever the chunks and workers; a part holds the same runs in every study of its size. Each row is
linked to the one before it: equal heads are equal rows. ``open_study`` finds either sort again.

Who plays a study holds a lock on its place from before the first byte, given back by the operating
system whatever ends the process; until then nobody else plays or reads it.
"""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from contextlib import contextmanager
from hashlib import sha256
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from attrs import define, field
from typing_extensions import override

from negosim.core.errors import NegosimError, NotFound, StoreError
from negosim.stores.atomic_file import write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PART = 10_000
"""Runs in a Parquet part."""
MANIFEST, PARTS, LOCK = "study.json", "part-*.parquet", ".lock"
FIRST_HEAD = sha256(b"negosim/study/1").hexdigest()
OWN = ("run", "entries", "consulted", "error")
"""Columns of a table of rows beside its outcomes."""


class Row(NamedTuple):
    """What one run leaves.

    ``hits`` has a 1 or 0 for each outcome and ``consulted`` one for each change, whether it took
    hold; ``error`` says why a run failed, which then has neither, nor entries.
    """

    run: int
    hits: str = ""
    entries: int = 0
    consulted: str = ""
    error: str = ""

    def link(self, head: str) -> str:
        """The head of rows that end with this one, after those that end with ``head``."""
        return sha256(f"{head}{json.dumps(self)}".encode()).hexdigest()


class StudyBusy(StoreError):
    """A study that another process is playing."""


class StudyFile(ABC):
    """A study as it is kept: its manifest, its rows in the order of runs, and their head.

    ``manifest`` is what was played, see ``Study.manifest``; it is empty where nothing has begun.
    """

    manifest: Mapping[str, Any]

    @abstractmethod
    def begin(self, manifest: Mapping[str, Any]) -> None:
        """Begin a study here; rows that are there are forgotten."""

    @property
    @abstractmethod
    def head(self) -> str:
        """The head that was written with the last rows."""

    @abstractmethod
    def rows(self) -> Iterator[Row]:
        """Every row, one at a time. Raises StoreError where what is kept cannot be read."""

    @abstractmethod
    def append(self, rows: Sequence[Row], head: str) -> None:
        """Keep the next rows; with them, the head is ``head``."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left and let go of the place."""

    def to_pandas(self) -> Any:
        """The rows as a pandas frame: run, a column for each outcome, entries, consulted, error.

        Raises StoreError when pandas is not installed.
        """
        frame = needed("pandas", "pandas").DataFrame(columns(self.outcomes, self.rows()))
        return frame.astype(dict.fromkeys(self.outcomes, "boolean"))

    def to_polars(self) -> Any:
        """The same as a polars LazyFrame. Raises StoreError when polars is not installed."""
        polars = needed("polars", "polars")
        schema = {"run": polars.Int64, **dict.fromkeys(self.outcomes, polars.Boolean), "entries": polars.Int64}
        schema |= {"consulted": polars.String, "error": polars.String}
        return polars.LazyFrame(columns(self.outcomes, self.rows()), schema=schema)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The names of the outcomes that were looked for."""
        return tuple(self.manifest["outcomes"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def is_study(place: str | Path) -> bool:
    """Whether a study is kept there, or being played."""
    if Path(place).is_dir():
        return (Path(place) / MANIFEST).is_file()
    try:
        open_study(place).close()
    except StudyBusy:
        return True
    except NegosimError:
        return False
    return True


def open_study(place: str | Path) -> StudyFile:
    """The study kept in a file or a folder, to be read.

    Raises NotFound, StudyBusy while it is played, StoreError when none is there.
    """
    path = Path(place)
    if not path.exists():
        raise NotFound("study", str(place))
    study_file = ParquetRows(path) if path.is_dir() else SqliteRows(path)
    if not study_file.manifest:
        study_file.close()
        raise _unusable(path, "it is empty")
    return study_file


def lock_study(place: Path, *, parquet: bool) -> StudyFile:
    """The study kept in a file or a folder, to be played; an empty one where there is none.

    Raises StudyBusy when another process plays or reads it, StoreError when something else is there.
    """
    folder = parquet or place.is_dir()
    return ParquetRows(place, playing=True) if folder else SqliteRows(place, playing=True)


def columns(outcomes: Sequence[str], rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Rows as columns; a failed run has None for each outcome and for what it lacks."""
    by_column: dict[str, list[Any]] = {name: [] for name in ("run", *outcomes, *OWN[1:])}
    for row in rows:
        by_column["run"].append(row.run)
        for place, name in enumerate(outcomes):
            by_column[name].append(None if row.error else row.hits[place] == "1")
        by_column["entries"].append(None if row.error else row.entries)
        by_column["consulted"].append(None if row.error else row.consulted)
        by_column["error"].append(row.error or None)
    return by_column


def needed(module: str, extra: str) -> Any:
    """A module that is not always there. Raises StoreError saying how to get it."""
    try:
        return import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        raise StoreError(f"{name} is not installed\npip install {extra}") from None


# ── one file ────────────────────────────────────────────────────────────────────────────────────


class SqliteRows(StudyFile):
    """Rows in one SQLite file; each ``append`` is one transaction."""

    def __init__(self, path: Path, *, playing: bool = False) -> None:
        """Open a study's file; for ``playing`` it is made where there is none, and locked. Raises StoreError."""
        self.path = path
        if not path.parent.is_dir():
            raise StoreError(f"{path}: its folder does not exist; create it, or name another file")
        with _explained(path):
            self._base = sqlite3.connect(path, timeout=0)
        try:
            with _explained(path):
                if playing:
                    _lock(self._base)
                empty = not self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                self.manifest = {} if empty else self._manifest()
        except BaseException:
            self._base.close()
            raise

    def _manifest(self) -> Mapping[str, Any]:
        manifest: dict[str, Any] = json.loads(self._base.execute("SELECT manifest FROM study").fetchone()[0])
        return manifest

    @override
    def begin(self, manifest: Mapping[str, Any]) -> None:
        with _explained(self.path), self._base:
            self._base.execute("BEGIN")
            for table in ("study", "rows"):
                self._base.execute(f"DROP TABLE IF EXISTS {table}")
            self._base.execute("CREATE TABLE study (manifest TEXT, head TEXT)")
            self._base.execute(
                "CREATE TABLE rows (run INTEGER PRIMARY KEY, hits TEXT, entries INTEGER, consulted TEXT, error TEXT)"
            )
            self._base.execute("INSERT INTO study VALUES (?, ?)", (json.dumps(manifest), FIRST_HEAD))
        self.manifest = self._manifest()

    @property
    @override
    def head(self) -> str:
        with _explained(self.path):
            head: str = self._base.execute("SELECT head FROM study").fetchone()[0]
            return head

    @override
    def rows(self) -> Iterator[Row]:
        with _explained(self.path):
            query = "SELECT run, hits, entries, consulted, error FROM rows ORDER BY run"
            yield from map(Row._make, self._base.execute(query))

    @override
    def append(self, rows: Sequence[Row], head: str) -> None:
        with _explained(self.path), self._base:
            self._base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", rows)
            self._base.execute("UPDATE study SET head = ?", (head,))

    @override
    def close(self) -> None:
        self._base.close()


def _lock(base: sqlite3.Connection) -> None:
    """Let nobody else read or write a database until the connection is closed or the process ends."""
    base.execute("PRAGMA locking_mode = EXCLUSIVE")
    base.execute("BEGIN EXCLUSIVE")
    base.commit()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Errors of a database in words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise StudyBusy(f"{path}: another process is playing this study; wait for it") from None
        raise _unusable(path, error) from None
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise _unusable(path, error) from None


# ── a folder ────────────────────────────────────────────────────────────────────────────────────


@define
class ParquetRows(StudyFile):
    """Rows in a folder: ``study.json`` and parts of 10,000 runs each, with pyarrow.

    A part is written when it is full, or when the study is closed; a part that was not full is
    read back and written again. Each part names the head of the rows up to its end. The lock is that
    of an empty database beside them.
    """

    folder: Path
    playing: bool = field(default=False, kw_only=True)
    manifest: Mapping[str, Any] = field(init=False, factory=dict)
    head: str = field(init=False, default=FIRST_HEAD)
    _count: int = field(init=False, default=0)
    _waiting: list[Row] = field(init=False, factory=list)
    _base: sqlite3.Connection | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        arrow = _arrow()
        try:
            self._locked()
            if any(path.name[:1] != "." for path in self.folder.iterdir()):
                self._open(arrow)
        except BaseException:
            self._unlock()
            raise

    def _locked(self) -> None:
        """Hold the lock: alone for playing, beside others for reading."""
        if self.playing:
            self.folder.mkdir(parents=True, exist_ok=True)
        elif not (self.folder / LOCK).exists():
            return
        with _explained(self.folder):
            self._base = sqlite3.connect(self.folder / LOCK, timeout=0, isolation_level=None)
            if self.playing:
                self._base.execute("BEGIN EXCLUSIVE")
            else:
                self._base.execute("BEGIN")
                self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def _unlock(self) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None

    def _open(self, arrow: Any) -> None:
        """Read what the folder holds."""
        parts = self._parts()
        try:
            self.manifest = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            for last in parts[-1:]:
                self.head = arrow.read_schema(last).metadata[b"negosim.head"].decode()
                self._count = sum(arrow.read_metadata(part).num_rows for part in parts)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unusable(self.folder, error) from None
        if self.playing and self._count % PART:
            self._waiting = list(self._read(parts[-1]))
            self._count -= len(self._waiting)

    @override
    def begin(self, manifest: Mapping[str, Any]) -> None:
        for part in self._parts():
            part.unlink()
        write_file(self.folder / MANIFEST, [json.dumps(manifest, indent=2, sort_keys=True).encode(), b"\n"])
        self.head, self._count, self._waiting = FIRST_HEAD, 0, []
        self._open(_arrow())

    @override
    def rows(self) -> Iterator[Row]:
        self._flush()
        yield from chain.from_iterable(map(self._read, self._parts()))

    @override
    def append(self, rows: Sequence[Row], head: str) -> None:
        """A part that is full gets its head from its own last row."""
        for row in rows:
            self.head = row.link(self.head)
            self._waiting.append(row)
            if len(self._waiting) == PART:
                self._flush()
                self._count, self._waiting = self._count + PART, []
        if self.head != head:
            raise StoreError(f"{self.folder}: the rows given do not follow on those that are kept")

    @override
    def close(self) -> None:
        try:
            self._flush()
        finally:
            self._unlock()

    @override
    def to_polars(self) -> Any:
        """The parts are read when the frame is collected."""
        self._flush()
        return needed("polars", "polars").scan_parquet(self._parts())

    def _parts(self) -> list[Path]:
        return sorted(self.folder.glob(PARTS))

    def _flush(self) -> None:
        """Write the rows that wait, in the place of a part that had fewer of them."""
        if not self._waiting:
            return
        arrow, names = needed("pyarrow", "'negosim[parquet]'"), self.outcomes
        schema = arrow.schema(
            [("run", arrow.int64()), *((name, arrow.bool_()) for name in names), ("entries", arrow.int64()),
             ("consulted", arrow.string()), ("error", arrow.string())],
            metadata={"negosim.head": self.head},
        )  # fmt: skip
        file = arrow.BufferOutputStream()
        _arrow().write_table(arrow.table(columns(names, self._waiting), schema=schema), file)
        write_file(self.folder / f"part-{self._count // PART:06}.parquet", [file.getvalue()])

    def _read(self, part: Path) -> Iterator[Row]:
        names = self.outcomes
        try:
            for row in _arrow().read_table(part).to_pylist():
                hits = "" if row["error"] else "".join("1" if row[name] else "0" for name in names)
                yield Row(row["run"], hits, row["entries"] or 0, row["consulted"] or "", row["error"] or "")
        except (OSError, ValueError, KeyError) as error:
            raise _unusable(part, error) from None


def _arrow() -> Any:
    return needed("pyarrow.parquet", "'negosim[parquet]'")


def _unusable(path: Path, error: Exception | str) -> StoreError:
    return StoreError(f"{path} holds no study that can be used: {error}")
