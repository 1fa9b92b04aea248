"""Short lives of a store, one for each way of writing; whatever returned is acknowledged.

All runs hold the beginning of one log, so that any of them can be checked by its length alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from negosim.core.errors import StoreError
from negosim.stores.contract import Profile, Store
from negosim.stores.encoding.canonical import canonical
from negosim.stores.encoding.chain import genesis, links, run_key
from negosim.stores.encoding.codec import encode
from negosim.stores.ledger.migrations import SQLITE
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import OURS, SqliteStore
from negosim.stores.subscription import copy_run
from negosim.testing.stores.samples import sample_log

LOG = sample_log(200)
FILE = "runs.sqlite"
GOING, GONE = -1, -2
"""Acknowledged for a run that is being deleted (nothing is promised), and for one that was."""

Acknowledge: TypeAlias = Callable[[str, int], object]


def appending(store: Store, acknowledge: Acknowledge) -> None:
    """Batch after batch, one of them twice."""
    key = store.create({"seed": 1})
    acknowledge(key, 0)
    for lo, hi in ((0, 1), (1, 2), (2, 5), (2, 6), (6, 60), (60, 61)):
        store.append(key, LOG[lo:hi])
        acknowledge(key, hi)
    store.finish(key)


def forking(store: Store, acknowledge: Acknowledge) -> None:
    """A fork, and a fork of it."""
    key = store.put_run({"seed": 1}, LOG[:6], {"label": "root"})
    acknowledge(key, 6)
    for number, (at, hi) in enumerate(((4, 9), (7, 12))):
        key = store.create({"change": number}, parent=key, at=at)
        acknowledge(key, at)
        store.append(key, LOG[at:hi])
        acknowledge(key, hi)


def writing(store: Store, acknowledge: Acknowledge) -> None:
    """Whole runs under both profiles."""
    for number, profile in enumerate((Profile.DURABLE, Profile.BULK, Profile.DURABLE)):
        with store.writing({"seed": number}, profile) as run:
            acknowledge(run.key, 0)
            for lo, hi in ((0, 30), (30, 200)):
                run.append(LOG[lo:hi])
                if profile is Profile.DURABLE:
                    acknowledge(run.key, hi)
        acknowledge(run.key, 200)


def importing(store: Store, acknowledge: Acknowledge) -> None:
    """A fork that comes before its parent, and then the parent."""
    elsewhere = MemoryStore()
    root = elsewhere.put_run({"seed": 1}, LOG[:40])
    fork = elsewhere.create({"change": "x"}, parent=root, at=20)
    elsewhere.append(fork, LOG[20:50])
    for key, length in ((fork, 50), (root, 40)):
        copy_run(elsewhere, store, key)
        acknowledge(key, length)


def deleting(store: Store, acknowledge: Acknowledge) -> None:
    """Runs are deleted, one of them a parent, and the space is given back."""
    keys = [store.put_run({"seed": seed}, LOG[:30]) for seed in range(3)]
    fork = store.create({"change": "x"}, parent=keys[0], at=20)
    for key in keys:
        acknowledge(key, 30)
    acknowledge(fork, 20)
    for key in keys[:2]:
        acknowledge(key, GOING)
        store.delete(key)
        acknowledge(key, GONE)
    store.vacuum()
    store.append(fork, LOG[20:25])
    acknowledge(fork, 25)


def checkpointing(store: Store, acknowledge: Acknowledge) -> None:
    """The write-ahead log is carried into the file between the batches."""
    key = store.create({"seed": 1})
    acknowledge(key, 0)
    for lo in range(0, 60, 15):
        store.append(key, LOG[lo : lo + 15])
        acknowledge(key, lo + 15)
        store._execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.append(key, LOG[60:70])
    acknowledge(key, 70)
    store.close()


LIVES = (appending, forking, writing, importing, deleting, checkpointing)


def lengths_of(live: Callable[[Store, Acknowledge], None]) -> dict[str, set[int]]:
    """The lengths each run has in an undisturbed life; any other is part of a batch."""
    lengths: dict[str, set[int]] = {}
    with SqliteStore(":memory:") as store:
        live(store, lambda key, length: lengths.setdefault(key, set()).add(length))
    return lengths


def first_version(path: Path) -> None:
    """A store as the first schema left it, with two runs and a note."""
    with closing(sqlite3.connect(path)) as db:
        for statement in SQLITE[0]:
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {OURS}")
        db.execute("PRAGMA user_version = 1")
        for seed, log in enumerate((LOG[:30], LOG[:7]), 1):
            raw, bodies = canonical({"seed": seed}), [encode(entry) for entry in log]
            chain = links(genesis(raw), bodies)
            row = (seed, run_key({"seed": seed}), raw, len(log), chain[-1])
            db.execute("INSERT INTO run VALUES (?, ?, ?, ?, ?)", row)
            rows = [(seed, *place) for place in zip(range(len(log)), bodies, chain, strict=True)]
            db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
        db.execute("INSERT INTO note VALUES (1, 'label', ?)", (canonical("old"),))
        db.execute("INSERT INTO kept VALUES ('replay', 'k', x'00ff')")
        db.commit()


FIRST = {run_key({"seed": 1}): 30, run_key({"seed": 2}): 7}
"""The runs in such a store, and their lengths."""


def what_is_missing(folder: Path, promised: dict[str, int], lengths: dict[str, set[int]]) -> str:
    """What a reopened store lacks of what was promised, or what else is wrong with it."""
    try:
        with SqliteStore(folder / FILE) as store:
            infos = {info.key: info for info in store.runs()}
            for key, length in promised.items():
                if length == GONE and key in infos:
                    return f"{key[:6]} is back"
                if length >= 0 and (key not in infos or infos[key].length < length):
                    return f"{key[:6]} lacks entries"
            for key, info in infos.items():
                if list(store.entries(key)) != list(LOG[: info.length]) or not store.verify(key).ok:
                    return f"{key[:6]} is damaged"
                if key in lengths and info.length not in lengths[key]:
                    return f"{key[:6]} has part of a batch"
    except StoreError as error:
        return str(error)
    return ""
