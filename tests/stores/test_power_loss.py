"""What was acknowledged survives power loss; and the test that says so can fail."""

from contextlib import suppress

import pytest

from negosim.core.errors import StoreError
from negosim.stores.sqlite import SqliteStore
from negosim.testing.store_samples import sample_log

pytest.importorskip(
    "apsw", reason="apsw is not installed: power loss and I/O faults are not tested"
)

from tests.stores.faulty_disk import Disk, after_power_loss, lay_out

LOG = sample_log(40)
BATCHES = [(0, 1), (1, 2), (2, 5), (5, 6), (6, 20), (20, 21)]
FILE = "runs.sqlite"
GOING = -1
"""Acknowledged for a run that is being deleted: nothing is promised."""


def live(store, acknowledge=lambda *story: None):
    """A short life of a store; each write that returned is acknowledged."""
    key = store.create({"seed": 1})
    acknowledge(key, 0)
    for lo, hi in BATCHES:
        store.append(key, LOG[lo:hi])
        acknowledge(key, hi)
    fork = store.create({"change": "x"}, parent=key, at=4)
    store.append(fork, LOG[4:9])
    acknowledge(fork, 9)
    with store.writing({"seed": 2}) as run:
        run.append(LOG[:30])
    acknowledge(run.key, 30)
    whole = store.put_run({"seed": 3}, LOG, {"label": "whole"})
    acknowledge(whole, 40)
    acknowledge(key, GOING)
    store.delete(key)
    acknowledge(key, None)


def recorded(folder, pragma=None):
    """Every call to the disk during that life, with its acknowledgements among them."""
    disk = Disk()
    with SqliteStore(folder / FILE, connect=disk.connect) as store:
        if pragma:
            store._execute(pragma)
        live(store, lambda *story: disk.calls.append(("acknowledged", *story)))
        return list(disk.calls)


def what_is_missing(folder, promised):
    """What a reopened store lacks of what was promised, or what else is wrong with it."""
    try:
        with SqliteStore(folder / FILE) as store:
            infos = {info.key: info for info in store.runs()}
            for key, length in promised.items():
                if length is None and key in infos:
                    return f"{key[:6]} is back"
                if length not in (None, GOING) and (key not in infos or infos[key].length < length):
                    return f"{key[:6]} lacks entries"
            for key, info in infos.items():
                if list(store.entries(key)) != list(LOG[: info.length]) or not store.verify(key).ok:
                    return f"{key[:6]} is damaged"
                if key in promised and info.length not in {
                    0,
                    *(hi for _, hi in BATCHES),
                    4,
                    9,
                    30,
                    40,
                }:
                    return f"{key[:6]} has part of a batch"
    except StoreError as error:
        return str(error)
    return ""


def losses(calls, folder, seeds):
    """What is missing after power loss at each sync, and right after each acknowledgement."""
    promised = {}
    found = []
    for at, call in enumerate(calls, 1):
        if call[0] == "acknowledged":
            promised = {**promised, call[1]: call[2]}
        if call[0] in ("sync", "acknowledged", "delete"):
            # A power loss may strike just before this call, or just after it.
            for seed in seeds:
                lay_out(after_power_loss(calls, at, seed), folder)
                if missing := what_is_missing(folder, promised):
                    found.append((at, seed, missing))
    return found


@pytest.fixture
def folders(tmp_path):
    for name in ("alive", "after"):
        (tmp_path / name).mkdir()
    return tmp_path / "alive", tmp_path / "after"


def test_no_acknowledged_entry_is_lost(folders):
    alive, after = folders
    assert losses(recorded(alive), after, ["none", "all", "a", "b"]) == []


@pytest.mark.slow
def test_no_acknowledged_entry_is_lost_in_many_ways(folders):
    alive, after = folders
    assert losses(recorded(alive), after, [f"way {number}" for number in range(100)]) == []


def test_the_same_test_fails_when_nothing_is_synced(folders):
    alive, after = folders
    assert losses(recorded(alive, "PRAGMA synchronous = OFF"), after, ["none", "a"])


def faults(tmp_path, fault, stride):
    """The n-th call to the disk fails, for every n, until a life passes without a fault."""
    n, struck = 1, True
    while struck:
        left, struck = n, False

        def fails(call):
            nonlocal left, struck
            if fault == "short" and call != "write":
                return None
            left -= 1
            struck = struck or left == 0
            return fault if left == 0 else None

        folder = tmp_path / str(n)
        folder.mkdir()
        promised = {}
        with (
            suppress(StoreError),
            SqliteStore(folder / FILE, connect=Disk(fails).connect) as store,
        ):
            live(store, lambda key, length, into=promised: into.update({key: length}))
        assert what_is_missing(folder, promised) == "", f"call {n}"
        with SqliteStore(folder / FILE) as store:
            live(store, lambda key, length, into=promised: into.update({key: length}))
        assert what_is_missing(folder, promised) == "", f"call {n}, once more"
        n += stride
    return n


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC", "short"])
def test_a_call_to_the_disk_may_fail(tmp_path, fault):
    assert faults(tmp_path, fault, stride=17) > 50


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["EIO", "ENOSPC", "short"])
def test_every_call_to_the_disk_may_fail(tmp_path, fault):
    assert faults(tmp_path, fault, stride=1) > 50
