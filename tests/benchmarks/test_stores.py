"""What a store costs, as ratios to the same work done by hand, measured side by side.

    pytest tests/benchmarks/test_stores.py -m benchmark -s

Raw means the same bytes into the same kind of table with the database's own module: no hash, no
codec, no head, no feed. Rounds alternate, and the fastest of each side counts: whatever else the
machine does only ever adds.
"""

import sqlite3
from itertools import count
from time import perf_counter

import pytest

from negosim.core.events import Announced, Entry
from negosim.core.talks import fold
from negosim.stores.codec import encode
from negosim.stores.contract import Profile
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.testing.store_samples import sample_log

pytestmark = [pytest.mark.benchmark, pytest.mark.slow]

LENGTH = 1000
LOG = sample_log(LENGTH)
BODIES = [encode(entry) for entry in LOG]
TABLE = "CREATE TABLE IF NOT EXISTS e(run int, idx int, body, link, PRIMARY KEY(run, idx)) {}"
INSERT = "INSERT INTO e VALUES (?, ?, ?, ?)"
LINK = bytes(32)


def side_by_side(ours, theirs, rounds=15, each=LENGTH):
    """Microseconds per entry, ours and theirs, and how many times as fast ours is."""
    times = {ours: [], theirs: []}
    for act in (ours, theirs) * rounds:
        start = perf_counter()
        act()
        times[act].append((perf_counter() - start) / each * 1e6)
    mine, raw = min(times[ours]), min(times[theirs])
    return mine, raw, raw / mine


def report(what, figures, goal=""):
    mine, raw, ratio = figures
    print(f"\n{what}: {mine:.2f} us an entry, beside it {raw:.2f} us: {ratio:.2f}x {goal}")


@pytest.fixture
def raw(tmp_path):
    db = sqlite3.connect(tmp_path / "raw.sqlite", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(TABLE.format("WITHOUT ROWID"))
    yield db
    db.close()


@pytest.fixture
def store(tmp_path):
    with SqliteStore(tmp_path / "runs.sqlite") as store:
        yield store


def test_durable_append(store, raw):
    runs = count()

    def ours():
        key = store.create({"run": next(runs)})
        for entry in LOG[:100]:
            store.append(key, (entry,))

    def theirs():
        run = next(runs)
        for index, body in enumerate(BODIES[:100]):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(INSERT, (run, index, body, LINK))
            raw.execute("COMMIT")

    report("durable append", side_by_side(ours, theirs, each=100), "(goal 0.7)")


def test_bulk_append(store, raw):
    runs = count()

    def ours():
        with store.writing({"run": next(runs)}, Profile.BULK) as run:
            run.append(LOG)

    def put():
        store.put_run({"run": next(runs)}, LOG)

    def theirs():
        run = next(runs)
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(INSERT, [(run, index, body, LINK) for index, body in enumerate(BODIES)])
        raw.execute("COMMIT")

    report("bulk", side_by_side(ours, theirs), "(goal 0.4)")
    report("put_run", side_by_side(put, theirs), "(goal 0.4)")


def test_reading(store, raw):
    key = store.put_run({}, LOG)
    raw.executemany(INSERT, [(0, index, body, LINK) for index, body in enumerate(BODIES)])

    def theirs():
        raw.execute("SELECT body FROM e WHERE run = 0 ORDER BY idx").fetchall()

    report("bodies", side_by_side(lambda: list(store.bodies(key)), theirs))
    report("entries", side_by_side(lambda: list(store.entries(key)), theirs))
    report("fold", side_by_side(lambda: fold(x.event for x in store.entries(key)), theirs))
    report("verify", side_by_side(lambda: store.verify(key), theirs))


def test_memory(raw):
    runs, store = count(), MemoryStore()
    put = lambda: store.put_run({"run": next(runs)}, LOG)  # noqa: E731
    report("memory beside encoding", side_by_side(put, lambda: [encode(entry) for entry in LOG]))


@pytest.mark.parametrize("length", [100, 1000, 10_000, 100_000])
def test_a_fork_costs_the_same_whatever_its_parents_length(store, length):
    parent = store.put_run({"length": length}, sample_log(length))
    changes = count()

    def ours():
        store.create({"change": next(changes)}, parent=parent, at=length // 2)

    mine, _, _ = side_by_side(ours, lambda: store.kept("none", "none"), each=1)
    print(f"\nfork of {length} entries: {mine:.0f} us")


def test_against_eventsourcing(store, tmp_path):
    application = pytest.importorskip("eventsourcing.application")
    domain = pytest.importorskip("eventsourcing.domain")

    class Talks(domain.Aggregate):
        @domain.event("Offered")
        def offer(self, offer: str, by: str, to: str, due: int) -> None:
            self.last = offer

    log = tuple(
        Entry(index, index, Announced(f"offer-{index}", "ann", "bob", index))
        for index in range(LENGTH)
    )
    place = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(tmp_path / "es.db")}
    rival = application.Application(env=place)
    runs, ids = count(), []

    def append_theirs():
        talks = Talks()
        for number in range(LENGTH):
            talks.offer(f"offer-{number}", "ann", "bob", number)
        rival.save(talks)
        ids.append(talks.id)

    keys = []

    def append_ours():
        keys.append(store.put_run({"run": next(runs)}, log))

    report("append", side_by_side(append_ours, append_theirs), "(goal 5)")

    def replay_ours():
        return fold(entry.event for entry in store.entries(keys[0]))

    report("replay", side_by_side(replay_ours, lambda: rival.repository.get(ids[0])), "(goal 15)")


def test_a_million_entries_in_constant_memory(store):
    import tracemalloc

    log = sample_log(1_000_000 // 100)
    keys = [store.put_run({"run": number}, log) for number in range(100)]
    tracemalloc.start()
    for key in keys:
        fold(entry.event for entry in store.entries(key))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"\n1,000,000 entries read and folded: {peak / 2**20:.1f} MiB at most")
    assert peak < 64 * 2**20
