"""Every call to the disk fails once, one after the other: SQLite's own way of testing itself."""

import shutil
from contextlib import suppress

import pytest

from negosim.core.errors import StoreError
from negosim.stores.sqlite import SqliteStore

pytest.importorskip("apsw", reason="apsw is not installed: I/O faults are not tested")

from tests.stores.faulty_disk import Disk
from tests.stores.lives import FILE, FIRST, LIVES, first_version, lengths_of, what_is_missing

FAULTS = pytest.mark.parametrize("fault", ["EIO", "ENOSPC", "short"])


def opening(store, acknowledge):
    """Nothing is done; a store of the first version is migrated as it is opened."""
    for key, length in FIRST.items():
        acknowledge(key, length)


def faults(tmp_path, live, fault, stride):
    """How many calls failed: the n-th call to the disk, for every n, until none is left to fail."""
    n, struck, lengths = 1, True, lengths_of(live)
    while struck:
        left, struck = n, False

        def fails(call):
            nonlocal left, struck
            if fault == "short" and call != "write":
                return None
            left -= 1
            struck = struck or left == 0
            return fault if left == 0 else None

        folder = tmp_path / "life"
        folder.mkdir()
        promised = {}
        acknowledge = promised.__setitem__
        if live is opening:
            first_version(folder / FILE)
            promised.update(FIRST)
        with (
            suppress(StoreError),
            SqliteStore(folder / FILE, connect=Disk(fails).connect) as store,
        ):
            live(store, acknowledge)
        assert what_is_missing(folder, promised, lengths) == "", f"call {n}"
        # The same again is always safe.
        with SqliteStore(folder / FILE) as store:
            live(store, acknowledge)
        assert what_is_missing(folder, promised, lengths) == "", f"call {n}, once more"
        shutil.rmtree(folder)
        n += stride
    return n


@FAULTS
@pytest.mark.parametrize("live", [*LIVES, opening], ids=lambda live: live.__name__)
def test_a_call_to_the_disk_may_fail(tmp_path, live, fault):
    assert faults(tmp_path, live, fault, stride=29) > 20


@pytest.mark.slow
@FAULTS
@pytest.mark.parametrize("live", [*LIVES, opening], ids=lambda live: live.__name__)
def test_every_call_to_the_disk_may_fail(tmp_path, live, fault, record_property):
    failed = faults(tmp_path, live, fault, stride=1) - 2
    record_property("failing I/O calls", failed)
    assert failed > 20
