"""What a store costs, as ratios to the same work done by hand, measured side by side.

    pytest tests/benchmarks/test_stores.py -m benchmark -s

Raw means the same bytes into the same kind of table with the database's own module: no hash, no
codec, no head, no feed. Rounds alternate, and the fastest of each side counts: whatever else the
machine does only ever adds. Where the disk is not what is compared, CPU time counts.
"""

import sqlite3
import tracemalloc
from itertools import count
from time import perf_counter, process_time

import pytest

from negosim.core.events import Announced, CalledOff, Entry
from negosim.core.talks import fold
from negosim.stores.contract import Profile
from negosim.stores.encoding.codec import encode
from negosim.stores.location import open_store
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.samples import sample_log
from tests.stores.conftest import postgres, postgres_server  # noqa: F401 - fixtures

pytestmark = [pytest.mark.benchmark, pytest.mark.slow]

LENGTH = 1000
LOG = sample_log(LENGTH)
BODIES = [encode(entry) for entry in LOG]
TABLE = "CREATE TABLE IF NOT EXISTS e(run int, idx int, body, link, PRIMARY KEY(run, idx)) {}"
INSERT = "INSERT INTO e VALUES (?, ?, ?, ?)"
LINK = bytes(32)


def side_by_side(ours, theirs, rounds=15, each=LENGTH, clock=perf_counter):
    """Microseconds per entry, ours and theirs, and how many times as fast ours is."""
    times = {ours: [], theirs: []}
    for act in (ours, theirs) * rounds:
        start = clock()
        act()
        times[act].append((clock() - start) / each * 1e6)
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


def appending(store):
    """A run appended entry by entry, each durably."""
    runs = count()

    def act():
        key = store.create({"run": next(runs)})
        for entry in LOG[:100]:
            store.append(key, (entry,))

    return act


def writing(store):
    """A run written under the profile ``bulk``."""
    runs = count()

    def act():
        with store.writing({"bulk": next(runs)}, Profile.BULK) as run:
            run.append(LOG)

    return act


def putting(store):
    """A complete run kept at once."""
    runs = count()
    return lambda: store.put_run({"put": next(runs)}, LOG)


def test_durable_append(store, raw):
    runs = count()

    def theirs():
        run = next(runs)
        for index, body in enumerate(BODIES[:100]):
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(INSERT, (run, index, body, LINK))
            raw.execute("COMMIT")

    report("durable append", side_by_side(appending(store), theirs, each=100), "(goal 0.7)")


def test_bulk_append(store, raw):
    runs = count()

    def theirs():
        run = next(runs)
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(INSERT, [(run, index, body, LINK) for index, body in enumerate(BODIES)])
        raw.execute("COMMIT")

    report("bulk", side_by_side(writing(store), theirs), "(goal 0.4)")
    report("put_run", side_by_side(putting(store), theirs), "(goal 0.4)")


@pytest.fixture
def raw_postgres(postgres):  # noqa: F811
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with psycopg.connect(postgres, autocommit=True) as db:
        types = "run bigint, idx bigint, body bytea, link bytea, PRIMARY KEY(run, idx)"
        db.execute(f"CREATE TABLE e({types})")
        yield db


def test_appending_to_postgres(postgres, raw_postgres):  # noqa: F811
    runs = count()
    insert = INSERT.replace("?", "%s")

    def one_by_one():
        run = next(runs)
        for index, body in enumerate(BODIES[:100]):
            with raw_postgres.transaction():
                raw_postgres.execute(insert, (run, index, body, LINK))

    def together():
        run = next(runs)
        rows = [(run, index, body, LINK) for index, body in enumerate(BODIES)]
        with raw_postgres.transaction(), raw_postgres.cursor() as cursor:
            cursor.executemany(insert, rows)

    with open_store(postgres) as store:
        durable = side_by_side(appending(store), one_by_one, each=100)
        report("PostgreSQL, durable append", durable, "(goal 0.7)")
        report("PostgreSQL, bulk", side_by_side(writing(store), together), "(goal 0.4)")
        report("PostgreSQL, put_run", side_by_side(putting(store), together), "(goal 0.4)")


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


def test_a_fork_costs_the_same_whatever_its_parents_length(store):
    lengths = (100, 1000, 10_000, 100_000)
    parents = [store.put_run({"length": length}, sample_log(length)) for length in lengths]
    changes, costs = count(), []
    for parent, length in zip(parents, lengths, strict=True):

        def fork(parent=parent, at=length // 2):
            store.create({"change": next(changes)}, parent=parent, at=at)

        mine, _, _ = side_by_side(fork, lambda: store.cache_get("none", "none"), rounds=60, each=1)
        costs.append(mine)
    told = ", ".join(f"{length:,}: {cost:.0f} us" for length, cost in zip(lengths, costs, strict=True))
    print(f"\na fork of a parent of length {told}; longest beside shortest {costs[-1] / costs[0]:.2f}x")


def test_against_eventsourcing(store, tmp_path):
    missing = "eventsourcing is not installed: pip install 'eventsourcing==9.5.*'"
    application = pytest.importorskip("eventsourcing.application", reason=missing)
    domain = pytest.importorskip("eventsourcing.domain", reason=missing)

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

    report("append", side_by_side(append_ours, append_theirs, 40, clock=process_time), "(goal 5)")

    def replay_ours():
        return fold(entry.event for entry in store.entries(keys[0]))

    replays = side_by_side(replay_ours, lambda: rival.repository.get(ids[0]), 40, clock=process_time)
    report("replay", replays, "(goal 15)")


def long_story(lo, hi):
    """Marches announced and called off: the log grows, what stands between the actors does not."""
    for index in range(lo, hi):
        name = f"march-{index // 2 % 1000}"
        event = CalledOff(name, "ann") if index % 2 else Announced(name, "ann", "hall", index + 5)
        yield Entry(index, index, event, (index - 1,) if index % 2 else ())


def test_a_million_entries_in_constant_memory(store):
    length = 1_000_000
    key = store.create({"long": True})
    for lo in range(0, length, 5000):
        store.append(key, tuple(long_story(lo, lo + 5000)))
    peaks = []
    for hi in (length // 10, length):
        tracemalloc.start()
        talks = fold(entry.event for entry in store.entries(key, 0, hi))
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        assert not talks.open
    tracemalloc.start()
    assert store.verify(key).ok
    peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
    tracemalloc.stop()
    read, whole, verified = (f"{peak:.2f} MiB" for peak in peaks)
    print(f"\nat most {read} to fold 100,000 entries, {whole} for 1,000,000, {verified} to verify them")
    assert peaks[1] < 1.1 * peaks[0]
