"""What was acknowledged survives power loss; and the test that says so can fail."""

import pytest

from negosim.stores.sqlite import SqliteStore

pytest.importorskip("apsw", reason="apsw is not installed: power loss is not tested")

from tests.stores.faulty_disk import Disk, after_power_loss, lay_out
from tests.stores.lives import FILE, FIRST, LIVES, first_version, lengths_of, what_is_missing

EVERY_LIFE = pytest.mark.parametrize("live", LIVES, ids=lambda live: live.__name__)


def recorded(folder, live, pragma=None):
    """Every call to the disk during a life, with its acknowledgements among them."""
    disk = Disk()
    with SqliteStore(folder / FILE, connect=disk.connect) as store:
        if pragma:
            store._execute(pragma)
        live(store, lambda *story: disk.calls.append(("acknowledged", *story)))
        return list(disk.calls)


def losses(calls, folder, seeds, promised=(), lengths=None):
    """How many power losses were tried, and what was missing after which.

    The power fails at each sync and deletion, and right after each acknowledgement.
    """
    promised, tried, found = dict(promised), 0, []
    for at, call in enumerate(calls, 1):
        if call[0] == "acknowledged":
            promised[call[1]] = call[2]
        if call[0] in ("sync", "acknowledged", "delete"):
            for seed in seeds:
                lay_out(after_power_loss(calls, at, seed), folder)
                tried += 1
                if missing := what_is_missing(folder, promised, lengths or {}):
                    found.append((at, seed, missing))
    return tried, found


@pytest.fixture
def folders(tmp_path):
    for name in ("alive", "after"):
        (tmp_path / name).mkdir()
    return tmp_path / "alive", tmp_path / "after"


@EVERY_LIFE
def test_no_acknowledged_entry_is_lost(folders, live):
    alive, after = folders
    tried, found = losses(recorded(alive, live), after, ["none", "all", "a"], lengths=lengths_of(live))
    assert (tried > 15, found) == (True, [])


@pytest.mark.slow
@EVERY_LIFE
def test_no_acknowledged_entry_is_lost_in_many_ways(folders, live, record_property):
    alive, after = folders
    ways = ["none", "all", *(f"way {number}" for number in range(100))]
    tried, found = losses(recorded(alive, live), after, ways, lengths=lengths_of(live))
    record_property("power losses", tried)
    record_property("losses of what was acknowledged", len(found))
    assert found == []


@EVERY_LIFE
def test_the_same_test_fails_when_nothing_is_synced(folders, live):
    alive, after = folders
    _, found = losses(recorded(alive, live, "PRAGMA synchronous = OFF"), after, ["none", "a"])
    assert found


@pytest.mark.slow
@EVERY_LIFE
def test_the_same_counts_are_missed_when_nothing_is_synced(folders, live, record_property):
    alive, after = folders
    ways = ["none", *(f"way {number}" for number in range(10))]
    tried, found = losses(recorded(alive, live, "PRAGMA synchronous = OFF"), after, ways)
    record_property("power losses with synchronous=OFF", tried)
    record_property("noticed with synchronous=OFF", len(found))
    assert found


def migrated(folder):
    """Every call to the disk while a store of the first version is opened."""
    first_version(folder / FILE)
    before = (folder / FILE).read_bytes()
    disk = Disk()
    with SqliteStore(folder / FILE, connect=disk.connect):
        return [("write", FILE, 0, before), ("sync", FILE), *disk.calls]


def test_a_migration_survives_power_loss(folders):
    alive, after = folders
    tried, found = losses(migrated(alive), after, ["none", "all", "a", "b"], FIRST)
    assert (tried > 15, found) == (True, [])


@pytest.mark.slow
def test_a_migration_survives_power_loss_in_many_ways(folders, record_property):
    alive, after = folders
    ways = ["none", "all", *(f"way {number}" for number in range(100))]
    tried, found = losses(migrated(alive), after, ways, FIRST)
    record_property("power losses", tried)
    assert found == []
