"""Following a run while it is written; collecting the runs of several stores in one."""

from itertools import islice

import pytest

from negosim.core.errors import Conflict, NotFound
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.stores.subscription import copy_run, follow, follow_all
from negosim.testing.stores.samples import sample_log

LOG, OTHER = sample_log(20), sample_log(20, variant=1)


def test_a_run_is_followed_until_it_is_complete(tmp_path):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as writer, SqliteStore(path) as reader:
        key = writer.create({})
        writer.append(key, LOG[:3])
        following = follow(reader, key)
        assert list(islice(following, 3)) == list(LOG[:3])
        writer.append(key, LOG[3:])
        writer.finish(key)
        assert list(following) == list(LOG[3:])


def test_a_fork_is_followed_from_what_it_inherits():
    store = MemoryStore()
    root = store.put_run({}, LOG)
    fork = store.create({"change": 1}, parent=root, at=10)
    store.append(fork, OTHER[10:])
    store.finish(fork)
    assert tuple(follow(store, fork)) == LOG[:10] + OTHER[10:]


def test_all_runs_are_followed_in_the_order_of_their_commits(tmp_path):
    path = tmp_path / "runs.sqlite"
    with SqliteStore(path) as writer, SqliteStore(path) as reader:
        keys = [writer.create({"seed": seed}) for seed in range(2)]
        following = follow_all(reader)
        told = []
        for index in range(5):
            for key in keys:
                writer.append(key, LOG[index : index + 1])
                told.append(next(following))
        assert told == [(key, LOG[index]) for index in range(5) for key in keys]


def test_a_deleted_run_ends_the_following():
    store = MemoryStore()
    key = store.create({})
    store.append(key, LOG[:1])
    following = follow(store, key)
    next(following)
    store.delete(key)
    with pytest.raises(NotFound):
        next(following)


def test_a_deleted_run_does_not_end_the_following_of_all():
    store = MemoryStore()
    keys = [store.create({"seed": seed}) for seed in range(2)]
    for key in keys:
        store.append(key, LOG[:2])
    following = follow_all(store)
    told = [next(following) for _ in range(2)]
    store.delete(keys[1])  # its batch was on its way
    store.append(keys[0], LOG[2:3])
    assert [*told, next(following)] == [(keys[0], entry) for entry in LOG[:3]]


def test_the_runs_of_several_workers_become_one_store(tmp_path):
    workers = [SqliteStore(tmp_path / f"{number}.sqlite") for number in range(3)]
    whole = SqliteStore(tmp_path / "whole.sqlite")
    keys = [worker.put_run({"seed": seed}, LOG) for seed, worker in enumerate(workers)]
    fork = workers[0].create({"change": 1}, parent=keys[0], at=7)
    workers[0].append(fork, OTHER[7:])
    # The fork comes before its parent, and everything comes twice.
    for key, worker in [(fork, workers[0]), *zip(keys, workers, strict=True)] * 2:
        assert copy_run(worker, whole, key) == key
        assert whole.info(key) == worker.info(key)
        assert whole.verify(key).ok
    assert tuple(whole.entries(fork)) == LOG[:7] + OTHER[7:]
    for store in (*workers, whole):
        store.close()


def test_another_run_under_the_same_key_is_not_overwritten():
    one, two = MemoryStore(), MemoryStore()
    key = one.put_run({}, LOG)
    two.put_run({}, OTHER)
    with pytest.raises(Conflict, match="stands already"):
        copy_run(one, two, key)
    assert tuple(two.entries(key)) == OTHER
