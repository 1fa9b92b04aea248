"""The SQLite file: where it is, what can be wrong with it, and how it grew up."""

import os
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest

from negosim.core.errors import StoreError
from negosim.stores.ledger.migrations import POSTGRES, SQLITE, VERSION
from negosim.stores.location import open_store, store_location
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore, connect
from negosim.testing.stores.samples import sample_log
from tests.stores.lives import first_version

LOG = sample_log(30)


# ── places ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("where", "environ", "place"),
    [
        ("/runs/a.sqlite", {"NEGOSIM_HOME": "/home"}, "/runs/a.sqlite"),
        (None, {"NEGOSIM_HOME": "/home", "XDG_DATA_HOME": "/xdg"}, "/home/negosim.sqlite"),
        (None, {"XDG_DATA_HOME": "/xdg"}, "/xdg/negosim/negosim.sqlite"),
        (None, {}, str(Path("~/.local/share/negosim/negosim.sqlite").expanduser())),
        ("postgresql://db/runs", {}, "postgresql://db/runs"),
        (None, {"NEGOSIM_HOME": "postgresql://db/runs"}, "postgresql://db/runs"),
        (":memory:", {}, ":memory:"),
    ],
)
def test_the_store_is_where_it_was_said_to_be(where, environ, place):
    assert store_location(where, environ) == place


def test_a_folder_means_the_file_in_it(tmp_path):
    assert store_location(str(tmp_path)) == str(tmp_path / "negosim.sqlite")


def test_the_default_folder_is_made(tmp_path):
    home = tmp_path / "not" / "yet"
    with open_store(None, {"NEGOSIM_HOME": str(home)}) as store:
        store.put_run({}, LOG)
    assert (home / "negosim.sqlite").exists()


def test_memory_is_a_place_too():
    assert isinstance(open_store(":memory:"), MemoryStore)


# ── what can be wrong ───────────────────────────────────────────────────────────────────────────


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(StoreError, match="its folder does not exist"):
        open_store(str(tmp_path / "nowhere" / "a.sqlite"))


def test_a_home_that_is_a_file_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(None, {"NEGOSIM_HOME": str(tmp_path / "file" / "inside")})


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear negotiator, " * 100)
    with pytest.raises(StoreError, match="not a negosim store"):
        SqliteStore(path)
    assert path.read_text().startswith("Dear")


class Meanwhile:
    """A connection; before its statement of this number, something else happens to the file."""

    def __init__(self, path, number, happens):
        self.real, self.left, self.happens = connect(path), number, happens

    def execute(self, sql, *values):
        if self.left == 0:
            self.happens()
        self.left -= 1
        return self.real.execute(sql, *values)

    def __getattr__(self, name):
        return getattr(self.real, name)


STATEMENTS_TO_OPEN = 8
"""Up to the transaction that makes the store; from then on it has the lock."""


@pytest.mark.parametrize("number", range(STATEMENTS_TO_OPEN))
def test_a_store_that_somebody_else_makes_at_the_same_moment_opens(tmp_path, number):
    path = tmp_path / "negosim.sqlite"
    made = []

    def make():
        with SqliteStore(path) as other:
            made.append(other.create({"seed": 1}))

    with SqliteStore(path, connect=lambda where: Meanwhile(where, number, make)) as store:
        assert [info.key for info in store.runs()] == made
    assert len(made) == 1


@pytest.mark.parametrize("number", range(STATEMENTS_TO_OPEN))
def test_a_file_that_another_program_makes_at_the_same_moment_is_left_alone(tmp_path, number):
    path = tmp_path / "negosim.sqlite"

    def make():
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE recipes(name)")

    with pytest.raises(StoreError, match="another program's"):
        SqliteStore(path, connect=lambda where: Meanwhile(where, number, make))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes(name)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_folder_in_place_of_the_file_is_said(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteStore(tmp_path)


def test_a_newer_store_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "runs.sqlite"
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreError, match="written by a newer negosim"):
        SqliteStore(path)


def test_a_store_can_be_read_without_writing(tmp_path):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as store:
        key = store.put_run({}, LOG)
    with SqliteStore(path, read_only=True) as store:
        assert tuple(store.entries(key)) == LOG
        with pytest.raises(StoreError, match="read-only"):
            store.put_run({"seed": 1}, LOG)
        with pytest.raises(StoreError, match="read-only"):
            store.cache_put("a", "b", b"c")


def test_a_store_on_a_disc_is_read_and_no_file_is_made_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as store:
        key = store.put_run({}, LOG)
    monkeypatch.setattr(os, "access", lambda place, mode: place != tmp_path)
    with SqliteStore(path) as store:
        assert store.verify(key).ok
        assert tuple(store.entries(key)) == LOG
        assert list(tmp_path.iterdir()) == [path]
        with pytest.raises(StoreError, match="read-only"):
            store.put_run({"seed": 1}, LOG)


def test_a_store_on_a_disc_that_was_not_closed_is_read_to_its_end(tmp_path, monkeypatch):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as writer:
        key = writer.put_run({}, LOG)
        monkeypatch.setattr(os, "access", lambda place, mode: place != tmp_path)
        with SqliteStore(path) as store:
            assert tuple(store.entries(key)) == LOG


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_may_not_be_written_is_said(tmp_path):
    path = tmp_path / "runs.sqlite"
    SqliteStore(path).close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match="cannot be written|cannot be opened"):
        SqliteStore(path).put_run({}, LOG)


def test_a_full_store_keeps_what_it_had(tmp_path):
    with SqliteStore(tmp_path / "runs.sqlite") as store:
        key = store.put_run({}, LOG)
        ((pages,),) = store._execute("PRAGMA page_count")
        store._execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StoreError, match="the disk is full"):
            store.put_run({"seed": 1}, sample_log(1000))
        assert [info.key for info in store.runs()] == [key]
        assert store.verify(key).ok


def test_a_writer_waits_for_another_and_says_so_when_it_is_too_long(tmp_path):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        store._execute("PRAGMA busy_timeout = 1")
        with pytest.raises(StoreError, match="another process has been writing"):
            store.put_run({}, LOG)
        other.rollback()
        store.put_run({}, LOG)


def test_durable_means_synchronous_full(tmp_path):
    with SqliteStore(tmp_path / "runs.sqlite") as store:
        pragmas = [store._execute(f"PRAGMA {name}") for name in ("synchronous", "journal_mode")]
        assert pragmas == [[(2,)], [("wal",)]]


# ── growing up ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statements", "digest"),
    [(SQLITE[0], "a8dd48754250fa2d"), (SQLITE[1], "cfb1076859b37c46"), (POSTGRES[0], "c65147bbd0213825")],
    ids=["SQLite 1", "SQLite 2", "PostgreSQL 1"],
)
def test_a_migration_is_never_edited_only_followed_by_another(statements, digest):
    assert blake2b("\n".join(statements).encode(), digest_size=8).hexdigest() == digest


def test_a_store_of_the_first_version_is_migrated_whole(tmp_path):
    path = tmp_path / "old.sqlite"
    first_version(path)
    with SqliteStore(path) as store:
        first, second = store.runs()
        assert [first.manifest, second.manifest] == [{"seed": 1}, {"seed": 2}]
        assert tuple(store.entries(first.key)) == LOG
        assert store.verify(first.key).ok
        assert store.verify(second.key).ok
        assert (store.notes(first.key), store.cache_get("replay", "k")) == (
            {"label": "old"},
            b"\x00\xff",
        )
        assert not first.open
        assert [(batch.lo, batch.hi) for batch in store.tail()] == [(0, 30), (0, 7)]
        fork = store.create({"change": 1}, parent=first.key, at=5)
        assert tuple(store.entries(fork)) == LOG[:5]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_an_old_store_that_may_not_be_written_says_what_is_needed(tmp_path):
    path = tmp_path / "old.sqlite"
    first_version(path)
    with pytest.raises(StoreError, match="must be migrated once"):
        SqliteStore(path, read_only=True)


def test_a_migration_that_fails_leaves_the_old_store(tmp_path, monkeypatch):
    path = tmp_path / "old.sqlite"
    first_version(path)
    monkeypatch.setattr("negosim.stores.sqlite.SQLITE", (SQLITE[0], (*SQLITE[1], "NONSENSE")))
    with pytest.raises(StoreError, match="syntax error"):
        SqliteStore(path)
    monkeypatch.undo()
    with SqliteStore(path) as store:
        assert len(list(store.runs())) == 2


# ── following another process ───────────────────────────────────────────────────────────────────

WRITER = """
import sys
from negosim.stores.location import open_store
from negosim.testing.stores.samples import sample_log
from tests.stores.lives import first_version
log = sample_log(300)
with open_store(sys.argv[1]) as store:
    keys = [store.create({"seed": seed}) for seed in range(3)]
    lo = 0
    for lo in range(0, 300, 4):
        for key in keys:
            store.append(key, log[lo:lo + 4])
"""


def follow(store, until, *children):
    """Every entry of every run, in the order in which they were committed."""
    seen, position = {}, 0
    while sum(map(len, seen.values())) < until:
        for batch in store.tail(position):
            mine = seen.setdefault(batch.key, [])
            assert len(mine) == batch.lo
            mine += store.entries(batch.key, batch.lo, batch.hi)
            position = batch.position
        assert not any(child.poll() for child in children), "a writer failed"
        store.wait(1)
    return seen


def test_no_entry_is_missed_or_repeated_while_another_process_writes(tmp_path):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as store:
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
        seen = follow(store, 900, child)
        assert child.wait() == 0
    assert list(map(tuple, seen.values())) == [sample_log(300)] * 3


CROWD = """
import sys
from negosim.stores.location import open_store
from negosim.testing.stores.samples import sample_log
from tests.stores.lives import first_version
log, me = sample_log(60), int(sys.argv[2])
with open_store(sys.argv[1]) as store:
    own, shared = store.create({"me": me}), store.create({"shared": True})
    for lo in range(0, 60, 3):
        store.append(own, log[lo:lo + 3])
        store.append(shared, log[lo:lo + 3])
"""


def test_several_processes_open_a_new_store_and_append_at_once(tmp_path):
    path = str(tmp_path / "runs.sqlite")
    crowd = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", CROWD, path, str(number)])
        for number in range(6)
    ]
    assert [child.wait() for child in crowd] == [0] * 6
    with SqliteStore(path) as store:
        infos = list(store.runs())
        assert len(infos) == 7
        assert all(store.verify(info.key).ok and info.length == 60 for info in infos)


@pytest.mark.parametrize(("version", "warned"), [((3, 51, 2), 1), ((3, 51, 3), 0)])
def test_two_writers_are_warned_where_sqlite_may_damage_the_file(
    tmp_path, monkeypatch, version, warned
):
    path = tmp_path / "runs.sqlite"
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    with (
        SqliteStore(path) as one,
        SqliteStore(path) as two,
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        for seed in range(3):
            one.put_run({"seed": seed}, LOG)
            two.put_run({"other": seed}, LOG)
    assert (
        len([w for w in caught if "another connection writes too" in str(w.message)]) == 2 * warned
    )
