"""Runs as they are written, and runs from store to store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from negosim.core.errors import NotFound
from negosim.core.events import Entry
from negosim.stores.contract import Store

PATIENCE = 1.0
"""How long, in seconds, to wait before looking again where a store tells nobody."""


def follow(store: Store, key: str) -> Iterator[Entry]:
    """A run's entries from the first on, as they are written, until it is complete.

    Raises NotFound, also when the run is deleted meanwhile.
    """
    told = 0
    while True:
        info = store.info(key)
        yield from store.entries(info.key, told, info.length)
        told = info.length
        if not info.open:
            return
        store.wait(PATIENCE)


def follow_all(store: Store, after: int = 0) -> Iterator[tuple[str, Entry]]:
    """Every run's own entries with its key, in the order of their commits; never ends.

    ``after`` is the position of a batch already seen, 0 for all.
    """
    while True:
        for batch in store.tail(after):
            with suppress(NotFound):  # deleted since
                for entry in store.entries(batch.key, batch.lo, batch.hi):
                    yield batch.key, entry
            after = batch.position
        store.wait(PATIENCE)


def copy_run(source: Store, target: Store, key: str) -> str:
    """Copy a run with its ancestry; its key. The same run again changes nothing.

    So the files of several workers become one. Raises Conflict when another run stands there.
    """
    info = source.info(key)
    bodies = source.bodies(info.key, 0, info.length)
    line = source.line(info.key)
    return target.put_bodies(line, bodies, head=info.head, complete=not info.open)
