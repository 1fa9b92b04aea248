"""What only a server can do to a store."""

import socket
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from negosim.core.errors import Conflict, StoreError
from negosim.stores.encoding import chain
from negosim.testing.stores.samples import sample_log

psycopg = pytest.importorskip(
    "psycopg", reason="psycopg is not installed: PostgreSQL is not tested"
)

from negosim.stores.postgres import PostgresStore  # noqa: E402
from tests.stores.test_sqlite import WRITER, follow  # noqa: E402

pytestmark = pytest.mark.postgres
LOG = sample_log(60)


def test_no_server_is_said_without_the_password():
    with pytest.raises(StoreError, match="no connection") as caught:
        PostgresStore("postgresql://me:secret@127.0.0.1:1/runs")
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_write_durably_is_refused(postgres, monkeypatch):
    connect = psycopg.connect

    def careless(*args, **kwargs):
        db = connect(*args, **kwargs)
        db.execute("SET search_path = pg_temp, pg_catalog")
        return Careless(db)

    class Careless:
        def __init__(self, db):
            self.db, self.closed = db, False

        def execute(self, sql):
            return self.db.execute("SELECT 'off'" if sql == "SHOW fsync" else sql)

        def close(self):
            self.db.close()

    monkeypatch.setattr(psycopg, "connect", careless)
    with pytest.raises(StoreError, match="does not write durably"):
        PostgresStore(postgres)


def test_a_newer_store_is_refused(postgres):
    PostgresStore(postgres).close()
    with psycopg.connect(postgres) as db:
        db.execute("INSERT INTO negosim.version VALUES (99)")
    with pytest.raises(StoreError, match="written by a newer negosim"):
        PostgresStore(postgres)


def test_reading_makes_no_store(postgres):
    with pytest.raises(StoreError, match="there is no store in this database"):
        PostgresStore(postgres, create=False)
    with psycopg.connect(postgres) as db:
        assert db.execute("SELECT to_regnamespace('negosim')").fetchone() == (None,)


def test_a_store_can_be_read_by_who_may_not_write(postgres):
    with PostgresStore(postgres) as store:
        key = store.put_run({}, LOG)
    with PostgresStore(f"{postgres}?options=-cdefault_transaction_read_only%3Don") as store:
        assert store.verify(key).ok
        with pytest.raises(StoreError, match="read-only"):
            store.create({"seed": 1})


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET body = ''",
        "DELETE FROM entry WHERE idx = 3",
        "TRUNCATE entry",
        "UPDATE run SET manifest = ''",
    ],
)
def test_triggers_refuse_to_alter_what_was_recorded(postgres, sql):
    with PostgresStore(postgres) as store:
        key = store.put_run({}, LOG)
        with pytest.raises(Conflict, match="never altered"):
            store._execute(sql)
        assert store.verify(key).ok


def test_no_entry_is_missed_or_repeated_while_another_process_writes(postgres):
    with PostgresStore(postgres) as store:
        child = subprocess.Popen([sys.executable, "-c", WRITER, postgres])
        seen = follow(store, 900, child)
        assert child.wait() == 0
    assert list(map(tuple, seen.values())) == [sample_log(300)] * 3


CROWD = """
import sys
from negosim.stores.location import open_store
from negosim.testing.stores.samples import sample_log
log, me = sample_log(60), int(sys.argv[2])
with open_store(sys.argv[1]) as store:
    own, shared = store.create({"me": me}), store.create({"shared": True})
    for lo in range(0, 60, 3):
        store.append(own, log[lo:lo + 3])
        store.append(shared, log[lo:lo + 3])
"""


def test_eight_processes_append_at_once(postgres):
    with PostgresStore(postgres) as store:
        crowd = [
            subprocess.Popen([sys.executable, "-c", CROWD, postgres, str(number)])
            for number in range(8)
        ]
        seen = follow(store, 9 * 60, *crowd)
        assert [child.wait() for child in crowd] == [0] * 8
        assert set(map(tuple, seen.values())) == {sample_log(60)}
        assert len(seen) == 9
        assert all(store.verify(info.key).ok for info in store.runs())


ENDLESS = """
import sys
from negosim.core.errors import StoreError
from negosim.stores.location import open_store
from negosim.testing.stores.samples import sample_log
log = sample_log(5000)
store = open_store(sys.argv[1])
key = store.create({"seed": int(sys.argv[2])})
try:
    for lo in range(0, 5000, 2):
        print(key, lo + 2, store.append(key, log[lo:lo + 2]), flush=True)
except StoreError:
    pass
"""


def crash(postgres_server, postgres, seed, after):
    child = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, postgres, str(seed)], stdout=subprocess.PIPE, text=True
    )
    lines = []
    with child.stdout:
        for line in child.stdout:
            lines.append(line)
            if len(lines) == after:
                postgres_server.stop("immediate")
    child.wait()
    postgres_server.start()
    key, length, head = lines[-1].split()
    with PostgresStore(postgres) as store:
        info = store.info(key)
        assert info.length in (int(length), int(length) + 2)
        assert store.verify(key).ok
        assert store.append(key, sample_log(5000)[int(length) - 2 : int(length)]) == head


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(postgres_server, postgres):
    for seed in range(2):
        crash(postgres_server, postgres, seed, after=5 + 11 * seed)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_the_server_is_killed_often(postgres_server, postgres):
    for seed in range(50):
        crash(postgres_server, postgres, seed, after=1 + 7 * seed % 60)


class Proxy(threading.Thread):
    """Passes bytes on, until one COMMIT whose reply it swallows together with the connection."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.server = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.drops = False

    def run(self):
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client, socket.create_connection(self.server) as server, suppress(OSError):
            back = threading.Thread(target=self.passes_back, args=(server, client), daemon=True)
            back.start()
            while sent := client.recv(65536):
                if self.drops and b"COMMIT" in sent:
                    self.swallow = True
                server.sendall(sent)
            back.join()

    swallow = False

    def passes_back(self, server, client):
        with suppress(OSError):
            while reply := server.recv(65536):
                if self.swallow:
                    self.drops = self.swallow = False
                    client.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(reply)


def test_a_lost_reply_to_a_commit_can_be_answered_by_trying_again(postgres_server, postgres):
    proxy = Proxy(postgres_server.port)
    proxy.start()
    through = postgres.replace(f":{postgres_server.port}/", f":{proxy.port}/")
    with PostgresStore(through) as store:
        key = store.create({})
        head = store.append(key, LOG[:10])
        proxy.drops = True
        with pytest.raises(StoreError, match="the same again is safe"):
            store.append(key, LOG[10:20], expected=head)
        with PostgresStore(postgres) as direct:
            assert direct.info(key).length == 20
        again = store.append(key, LOG[10:20], expected=head)
        assert again == chain.head({}, LOG[:20])
        assert tuple(store.entries(key)) == LOG[:20]
    proxy.listener.close()


def test_nobody_waits_for_ever_for_a_lock_that_another_program_holds(postgres, monkeypatch):
    from negosim.stores import postgres as module

    with PostgresStore(postgres) as store:
        key = store.put_run({}, LOG)
    monkeypatch.setattr(module, "SETTINGS", module.SETTINGS.replace("10s", "200ms"))
    with psycopg.connect(postgres, autocommit=True) as other, PostgresStore(postgres) as store:
        other.execute("SELECT pg_advisory_lock(%s)", (module.LOCK,))
        with pytest.raises(StoreError, match="another program has held a lock for 10 seconds; try again"):
            store.create({"seed": 1})
        other.execute("SELECT pg_advisory_unlock(%s)", (module.LOCK,))
        store.create({"seed": 1})
        with other.transaction():
            other.execute("LOCK TABLE negosim.run IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreError, match="another program has held a lock"):
                store.verify(key)
        assert store.verify(key).ok
