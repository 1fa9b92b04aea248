"""Whatever is altered in a store or in an export is noticed, or changes nothing that counts."""

import re
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from negosim.cli.share import altered
from negosim.core.errors import NegosimError, StoreError
from negosim.stores.contract import forked
from negosim.stores.encoding.canonical import canonical
from negosim.stores.encoding.chain import fork, head, run_key
from negosim.stores.encoding.codec import encode
from negosim.stores.exports import VIEWS
from negosim.stores.exports.jsonl import UNLINKED, read_jsonl, write_jsonl
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.samples import sample_log
from tests.stores.exporting import transcript, written

LOG, OTHER = sample_log(12), sample_log(12, variant=5)


@pytest.fixture
def path(tmp_path):
    """A store with a run, a fork of it, and a stranger."""
    path = tmp_path / "runs.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA page_size = 512; VACUUM")  # small: every bit will be flipped
    with SqliteStore(path) as store:
        root = store.put_run({"seed": 1}, LOG)
        fork = store.create({"change": "x"}, parent=root, at=5)
        store.append(fork, OTHER[5:9])
        store.put_run({"seed": 2}, OTHER)
        store.vacuum()
    return path


def content(path):
    """All that counts in a store, by run, or None when something is wrong with it.

    Whether a run is complete is a mark beside the chain; it does not count.
    """
    try:
        with SqliteStore(path) as store:
            infos = list(store.runs())
            if not all(store.verify(info.key).ok for info in infos):
                return None
            return {
                info.key: (replace(info, open=True), list(store.bodies(info.key))) for info in infos
            }
    except (NegosimError, UnicodeDecodeError):
        return None


def flips(raw, stride, first=0):
    for place in range(first, len(raw) * 8, stride):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << place % 8
        yield bytes(flipped)


def undetected(path, stride, first=0):
    """How many bits were flipped, and how many changed what counts without being noticed."""
    before = content(path)
    raw = path.read_bytes()
    tried = missed = 0
    for flipped in flips(raw, stride, first):
        for beside in path.parent.iterdir():
            beside.unlink()
        path.write_bytes(flipped)
        after = content(path)
        tried += 1
        # A run that is gone as a whole is missed by whoever holds its checkpoint.
        missed += after is not None and before.keys() <= after.keys() and after != before
    return tried, missed


def test_a_flipped_bit_in_a_store_is_noticed_or_harmless(path):
    assert undetected(path, 401)[1] == 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_every_flipped_bit_in_a_store_is_noticed_or_harmless(path, part, record_property):
    tried, missed = undetected(path, 8, first=part)
    record_property("flipped bits of a store", tried)
    assert missed == 0


def exported(path):
    with SqliteStore(path) as store:
        fork = next(info.key for info in store.runs() if info.parent)
        return b"".join(write_jsonl(store, fork))


def imported(raw):
    store = MemoryStore()
    try:
        read_jsonl(store, raw.splitlines(keepends=True))
    except NegosimError as error:
        complaint = str(error)
    else:
        return store
    assert complaint.startswith("line ")
    assert store._rows == {}
    return None


def test_a_flipped_bit_in_an_export_is_noticed(path):
    assert all(imported(flipped) is None for flipped in flips(exported(path), 11))


@pytest.mark.slow
def test_every_flipped_bit_in_an_export_is_noticed(path, record_property):
    raw = exported(path)
    assert all(imported(flipped) is None for flipped in flips(raw, 1))
    record_property("flipped bits of JSON Lines", len(raw) * 8)


def test_the_line_of_a_changed_letter_is_named(path):
    lines = exported(path).splitlines(keepends=True)
    for at, line in enumerate(lines[1:], 2):
        changed = re.sub(rb'"(by|to|action|what)":"(.)', rb'"\1":"\2\2', line, count=1)
        assert changed != line
        with pytest.raises(StoreError, match=rf"^line {at}: its bytes are not those"):
            read_jsonl(MemoryStore(), [*lines[: at - 1], changed, *lines[at:]])


def test_a_file_without_links_is_still_read(path):
    with SqliteStore(path) as store:
        fork = next(info.key for info in store.runs() if info.parent)
        unlinked = b"".join(write_jsonl(store, fork, UNLINKED))
    again = imported(unlinked)
    assert b"link" not in unlinked
    assert b"".join(write_jsonl(again, fork)) == exported(path)


def flipped_views(form, stride):
    """How many flipped bits of a view were tried, and how many not noticed."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed: Parquet is not tested")
    raw = written(form, transcript())
    noticed = [bool(altered(flipped, {form: raw})) for flipped in flips(raw, stride)]
    return len(noticed), noticed.count(False)


@pytest.mark.parametrize("form", VIEWS)
def test_a_flipped_bit_in_a_view_is_noticed(form):
    assert flipped_views(form, 997)[1] == 0


@pytest.mark.slow
@pytest.mark.parametrize("form", VIEWS)
def test_every_flipped_bit_in_a_view_is_noticed(form, record_property):
    tried, missed = flipped_views(form, 1)
    record_property("flipped bits of views", tried)
    assert missed == 0


@given(st.data())
@settings(max_examples=300)
def test_a_mangled_export_is_refused_whole(data):
    store = MemoryStore()
    raw = b"".join(write_jsonl(store, store.put_run({"seed": 1}, LOG)))
    lines = raw.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["drop", "double", "swap", "insert", "replace", "cut"]))
    mangled = {
        "drop": [*lines[:at], *lines[at + 1 :]],
        "double": [*lines[: at + 1], *lines[at:]],
        "swap": [*lines[:at], *lines[at : at + 2][::-1], *lines[at + 2 :]],
        "insert": [*lines[:at], data.draw(st.binary()) + b"\n", *lines[at:]],
        "replace": [*lines[:at], data.draw(st.binary()), *lines[at + 1 :]],
        "cut": [*lines[:at], lines[at][: data.draw(st.integers(0, len(lines[at]) - 1))]],
    }[how]
    if mangled != lines:
        assert imported(b"".join(mangled)) is None


@pytest.mark.slow
def test_ten_thousand_mutated_exports_are_refused_whole(record_property):
    outcomes = Counter()
    mutated_exports(outcomes=outcomes)
    for what, number in outcomes.items():
        record_property(what, number)
    assert outcomes["refused imports"] >= 10_000


@given(data=st.data())
@settings(max_examples=11_000, deadline=None, database=None)
def mutated_exports(data, outcomes):
    store = MemoryStore()
    raw = bytearray(b"".join(write_jsonl(store, store.put_run({"seed": 1}, LOG))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    again = imported(bytes(raw))
    outcomes["refused imports" if again is None else "imports of the very same bytes"] += 1
    if again is not None:
        (info,) = again.runs()
        assert b"".join(write_jsonl(again, info.key)) == bytes(raw)


@pytest.mark.parametrize(("depth", "at"), [(2000, 0), (2000, 12), (10_001, 12)])
def test_the_line_of_an_import_may_be_deep_but_not_endless(depth, at):
    line = [{"seed": 1}]
    for number in range(depth - 1):
        line.append(forked({"change": number}, run_key(line[-1]), at))
    origin = bytes.fromhex(head(line[0], LOG[:at]))
    for manifest in line[1:]:
        origin = fork(origin, canonical(manifest))
    header = {
        "format": UNLINKED, "key": run_key(line[-1]), "line": line, "length": at,
        "head": origin.hex(), "open": False,
    }  # fmt: skip
    lines = [canonical(header) + b"\n", *(encode(entry) + b"\n" for entry in LOG[:at])]
    store = imported(b"".join(lines))
    assert (store is None) == (depth > 10_000)
    assert store is None or store.verify(header["key"]).ok


# ── with a hand in the file ─────────────────────────────────────────────────────────────────────

GUARDED = [
    "UPDATE entry SET body = x'7b7d' WHERE idx = 3",
    "DELETE FROM entry WHERE idx = 3",
    "INSERT OR REPLACE INTO entry SELECT run, idx, x'7b7d', link FROM entry WHERE idx = 3",
    "UPDATE run SET manifest = x'7b7d'",
    "UPDATE run SET parent = NULL",
]


@pytest.mark.parametrize("sql", GUARDED)
def test_triggers_refuse_to_alter_what_was_recorded(path, sql):
    before = content(path)
    with (
        SqliteStore(path) as store,
        pytest.raises(StoreError, match=r"never altered|only with its"),
    ):
        store._execute(sql)
    assert content(path) == before


TAMPERED = {
    "a body": "UPDATE entry SET body = CAST(replace(body, '30', '31') AS BLOB) WHERE run = 1 AND idx = 3",
    "a link": "UPDATE entry SET link = zeroblob(32) WHERE run = 1 AND idx = 3",
    "two rows swapped": """UPDATE entry SET idx = 100 WHERE run = 1 AND idx = 3;
        UPDATE entry SET idx = 3 WHERE run = 1 AND idx = 4;
        UPDATE entry SET idx = 4 WHERE run = 1 AND idx = 100""",
    "two bodies swapped": """UPDATE entry SET body = (SELECT body FROM entry
        WHERE run = 1 AND idx = 4) WHERE run = 1 AND idx = 3""",
    "a row of another run": """DELETE FROM entry WHERE run = 1 AND idx = 3;
        UPDATE entry SET run = 1 WHERE run = 3 AND idx = 3""",
    "a row missing": "DELETE FROM entry WHERE run = 1 AND idx = 3",
    "the tail cut": "DELETE FROM entry WHERE run = 1 AND idx = 11",
    "the tail cut and the length": """DELETE FROM entry WHERE run = 1 AND idx = 11;
        UPDATE run SET length = 11 WHERE id = 1""",
    "a fork's tail on its parent": """DELETE FROM entry WHERE run = 1 AND idx >= 5;
        UPDATE entry SET run = 1 WHERE run = 2;
        UPDATE run SET length = 9, head = (SELECT head FROM run WHERE id = 2) WHERE id = 1""",
    "the head": "UPDATE run SET head = zeroblob(32) WHERE id = 1",
    "the key": "UPDATE run SET key = replace(key, substr(key, 1, 1), 'f') WHERE id = 1",
    "the manifest": "UPDATE run SET manifest = CAST('{\"seed\":9}' AS BLOB) WHERE id = 1",
    "the parent": "UPDATE run SET parent = 3 WHERE id = 2",
    "the fork point": "UPDATE run SET at = 4 WHERE id = 2",
    "itself its parent": "UPDATE run SET parent = 2 WHERE id = 2",
    "a circle of parents": """UPDATE run SET parent = 2, at = 0 WHERE id = 1""",
    "no parent": "UPDATE run SET parent = NULL WHERE id = 2",
    "the inherited part": """UPDATE entry SET body = (SELECT body FROM entry
        WHERE run = 3 AND idx = 2) WHERE run = 1 AND idx = 2""",
}


@pytest.mark.parametrize("sql", TAMPERED.values(), ids=TAMPERED)
def test_tampering_past_the_triggers_is_noticed(path, sql):
    with closing(sqlite3.connect(path)) as db:
        for (trigger,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {trigger}")
        db.executescript(sql)
    assert content(path) is None


def test_a_rewritten_tail_shows_against_a_checkpoint(path):
    with SqliteStore(path) as store:
        checkpoints = {checkpoint.key: checkpoint for checkpoint in store.checkpoints()}
        key = next(info.key for info in store.runs() if info.parent is None)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER entry_undeleted")
        db.execute("DELETE FROM entry WHERE run = 1 AND idx = 11")
        db.execute(
            "UPDATE run SET length = 11, head = (SELECT link FROM entry WHERE run = 1 AND idx = 10) WHERE id = 1"
        )
        db.commit()
    with SqliteStore(path) as store:
        assert store.verify(key).ok
        assert "its checkpoint has 12" in store.verify(key, checkpoints[key]).problem
