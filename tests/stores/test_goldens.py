"""Every golden set is read as it was written, by whatever is built today."""

import json
import sqlite3
from contextlib import closing

import pytest

from negosim.core.events import EVENTS
from negosim.stores.encoding.codec import document
from negosim.stores.encoding.state_digest import state_digest
from negosim.stores.exports.checkpoints import read_checkpoints
from negosim.stores.exports.jsonl import read_jsonl, write_jsonl
from negosim.stores.location import open_store
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from tests.stores.goldens import LOG, SPOILT, STORE, complaint, files, sets

SETS = sets()
EVERY_SET = pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
AGAIN = "what is written has changed: python -m tests.stores.goldens N adds a set (see there)"


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


def check(folder, store):
    """Every run of a set stands in the store, with its head, its state and its very bytes."""
    states = json.loads((folder / "states").read_bytes())
    checkpoints = read_checkpoints(lines_of(folder / "heads"))
    assert {info.key for info in store.runs()} == set(checkpoints) == set(states)
    for key, checkpoint in checkpoints.items():
        assert store.info(key).length == checkpoint.length
        assert store.verify(key, checkpoint).problem == ""
        assert state_digest(store.entries(key)) == states[key]
    wanted = {path.read_bytes() for path in folder.glob("*.jsonl")}
    (form,) = {json.loads(text.partition(b"\n")[0])["format"] for text in wanted}
    assert {b"".join(write_jsonl(store, key, form)) for key in checkpoints} == wanted


@EVERY_SET
def test_every_golden_log_is_read_as_it_was_written(folder):
    with MemoryStore() as store:
        for path in sorted(folder.glob("*.jsonl")):
            read_jsonl(store, lines_of(path))
        check(folder, store)


@EVERY_SET
def test_a_golden_store_is_read_as_it_was_written(folder, tmp_path):
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((folder / STORE).read_text(encoding="utf-8"))
    with SqliteStore(path) as store:
        check(folder, store)


@pytest.mark.postgres
@EVERY_SET
def test_every_golden_log_goes_into_postgres(folder, postgres):
    with open_store(postgres) as store:
        for path in sorted(folder.glob("*.jsonl")):
            read_jsonl(store, lines_of(path))
        check(folder, store)


def test_the_newest_set_is_what_is_written_today():
    written = {path.name: path.read_bytes() for path in SETS[-1].iterdir() if path.name != STORE}
    assert written == files(), AGAIN


def test_the_newest_set_holds_every_event_in_its_present_version_and_five_nested_forks():
    with MemoryStore() as store:
        keys = [read_jsonl(store, lines_of(path)) for path in SETS[-1].glob("*.jsonl")]
        held = {(x.event.name, x.event.version) for key in keys for x in store.entries(key)}
        assert held == {(cls.name, cls.version) for cls in EVENTS}
        assert max(len(store.line(key)) for key in keys) == 7
    values = [document(entry)["event"] for entry in LOG]
    assert any(None in event.values() for event in values)


REFUSED = [json.loads(line) for line in lines_of(SETS[-1] / "refused")]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_what_was_refused_is_refused_in_the_same_words(case):
    good = (SETS[-1] / "left-2.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    file = case["file"] or "".join(SPOILT[case["name"]](good))
    assert complaint(file) == case["error"]
