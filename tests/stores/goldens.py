"""Golden logs: what stands in ``golden/N`` can be read by every later negosim.

    python -m tests.stores.goldens 3

writes set 3 with today's code. A set that was released is never written again: when events,
chain or formats change, the next number is added beside it, and old sets are read through
upcasters and migrations for ever.

Each set holds every event type and a tree of forks five deep, as JSON Lines and as an SQLite
store; their heads; the states they fold to; and files that are refused, with the exact words.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from negosim.core.errors import NegosimError
from negosim.core.events import EVENTS
from negosim.stores.contract import Store
from negosim.stores.encoding.state_digest import state_digest
from negosim.stores.exports.checkpoints import write_checkpoints
from negosim.stores.exports.jsonl import read_jsonl, write_jsonl
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.samples import sample_log

GOLDEN = Path(__file__).parent / "golden"
STORE = "store.sql"
LOG = sample_log(2 * len(EVENTS))
"""Every event type twice: with its optional values, and without."""


def sets() -> list[Path]:
    """Every set, oldest first."""
    return sorted(GOLDEN.iterdir(), key=lambda folder: int(folder.name))


def fill(store: Store) -> dict[str, str]:
    """Every event type, and a tree of forks; the runs' keys by name."""
    keys = {"every-event": store.put_run({"golden": "every-event"}, LOG, {"label": "all"})}
    keys["tree"] = store.create({"golden": "tree"})
    store.append(keys["tree"], LOG[:10])
    last = keys["tree"]
    for depth in range(1, 6):
        for side, at in (("left", 5 * depth), ("right", 5 * depth + 2)):
            key = store.create({"golden": f"{side}-{depth}"}, parent=last, at=at)
            store.append(key, sample_log(5 * depth + 10, variant=depth)[at:])
            keys[f"{side}-{depth}"] = key
        last = keys[f"left-{depth}"]
    keys["early"] = store.create({"golden": "early"}, parent=last, at=3)
    store.finish(last)
    return keys


def files() -> dict[str, bytes]:
    """A set as today's code writes it: the content of each file but the store's."""
    with MemoryStore() as store:
        keys = fill(store)
        written = {f"{name}.jsonl": b"".join(write_jsonl(store, key)) for name, key in keys.items()}
        states = {key: state_digest(store.entries(key)) for key in keys.values()}
        return written | {
            "heads": b"".join(write_checkpoints(store)),
            "states": _json(states),
            "refused": b"".join(_json(one) for one in refused(written["left-2.jsonl"])),
        }


SPOILT: dict[str, Callable[[list[str]], list[str]]] = {
    "empty": lambda lines: [],
    "cut": lambda lines: lines[:-1],
    "cut within a line": lambda lines: [*lines[:-1], lines[-1][:-9]],
    "longer": lambda lines: [*lines, lines[-1]],
    "a line gone": lambda lines: [*lines[:5], *lines[6:]],
    "two lines swapped": lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
    "a value": lambda lines: [*lines[:15], lines[15].replace("by-", "by+", 1), *lines[16:]],
    "an inherited value": lambda lines: [lines[0], lines[1].replace("by-", "by+", 1), *lines[2:]],
    "spaces": lambda lines: [*lines[:5], lines[5].replace(":", ": ", 1), *lines[6:]],
    "another order": lambda lines: [lines[0], re.sub(r'("causes":\[\]),(.*)}', r"\2,\1}", lines[1], count=1), *lines[2:]],
    "a key twice": lambda lines: [*lines[:5], lines[5].replace('{"', '{"minute":40,"', 1), *lines[6:]],
    "a fraction": lambda lines: [*lines[:5], lines[5].replace('"minute":40', '"minute":40.0', 1), *lines[6:]],
    "too large": lambda lines: [*lines[:5], lines[5].replace('"minute":40', f'"minute":{2**53}', 1), *lines[6:]],
    "an unknown event": lambda lines: [lines[0], lines[1].replace('"name":"o', '"name":"0', 1), *lines[2:]],
    "a newer event": lambda lines: [lines[0], re.sub(r'"version":\d+', '"version":1000000', lines[1]), *lines[2:]],
    "an event of no version": lambda lines: [lines[0], re.sub(r'"version":\d+', '"version":0', lines[1]), *lines[2:]],
    "a field more": lambda lines: [lines[0], lines[1].replace('"event":{', '"event":{"a":1,', 1), *lines[2:]],
    "nested": lambda lines: [lines[0], "[" * 100_000, *lines[2:]],
    "another format": lambda lines: [lines[0].replace("negosim-run/2", "negosim-run/9"), *lines[1:]],
    "no link": lambda lines: [*lines[:5], re.sub(',"link":"[^"]*"', "", lines[5]), *lines[6:]],
    "another link": lambda lines: [*lines[:5], lines[5].replace('"link":"', '"link":"0', 1), *lines[6:]],
    "the format without links": lambda lines: [lines[0].replace("negosim-run/2", "negosim-run/1"), *lines[1:]],
    "another head": lambda lines: [lines[0].replace('"head":"', '"head":"0', 1), *lines[1:]],
    "another key": lambda lines: [lines[0].replace('"key":"', '"key":"0', 1), *lines[1:]],
    "another seed": lambda lines: [lines[0].replace('"golden":"left-2"', '"golden":"left-3"', 1), *lines[1:]],
    "no parent": lambda lines: [re.sub(r'"line":\[\{.*?\},', '"line":[', lines[0]), *lines[1:]],
    "another fork point": lambda lines: [lines[0].replace('"at":10', '"at":9', 1), *lines[1:]],
}  # fmt: skip
"""What makes of a good file one that is refused, by name."""


def refused(good: bytes) -> Iterator[dict[str, str]]:
    """Each spoilt file with the words by which it is refused."""
    for name, spoil in SPOILT.items():
        spoilt = "".join(spoil(good.decode().splitlines(keepends=True)))
        error = complaint(spoilt)
        assert spoilt.encode() != good, f"{name} spoils nothing"
        assert error, f"{name} is not refused"
        # What is deep is long too: it is made anew when it is read.
        yield {"name": name, "error": error, "file": "" if len(spoilt) > 50_000 else spoilt}


def complaint(file: str) -> str:
    """Why a file is refused, or an empty string."""
    with MemoryStore() as store:
        try:
            read_jsonl(store, file.encode().splitlines(keepends=True))
        except NegosimError as error:
            return str(error)
    return ""


def dump(path: Path) -> Iterator[str]:
    """A store in a file as SQL, its header included."""
    with closing(sqlite3.connect(path)) as db:
        for pragma in ("application_id", "user_version"):
            yield f"PRAGMA {pragma} = {db.execute(f'PRAGMA {pragma}').fetchone()[0]};"
        yield from db.iterdump()


def write(folder: Path) -> None:
    """Write a set."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)
    with TemporaryDirectory() as place:
        path = Path(place) / "store.sqlite"
        with SqliteStore(path) as store:
            fill(store)
        (folder / STORE).write_text("\n".join(dump(path)) + "\n", encoding="utf-8")


def _json(document: object) -> bytes:
    return json.dumps(document, sort_keys=True).encode() + b"\n"


if __name__ == "__main__":
    write(GOLDEN / str(int(sys.argv[1])))
