"""What is kept beside a log to check it by: heads in a file, the state it folds to."""

from __future__ import annotations

import pytest
from hypothesis import given

from negosim.core import events as e
from negosim.core.errors import StoreError
from negosim.core.events import Entry
from negosim.stores.encoding.state_digest import state_digest
from negosim.stores.exports.checkpoints import read_checkpoints, write_checkpoints
from negosim.stores.memory import MemoryStore
from negosim.testing.stores.samples import logs, sample_log

LOG = sample_log(12)


@pytest.fixture
def store():
    store = MemoryStore()
    store.put_run({"seed": 1}, LOG)
    store.put_run({"seed": 2}, LOG[:5])
    return store


def lines_of(raw):
    return raw.splitlines(keepends=True)


def test_heads_come_back(store):
    raw = b"".join(write_checkpoints(store))
    assert list(read_checkpoints(lines_of(raw)).values()) == list(store.checkpoints())
    assert list(read_checkpoints(lines_of(raw + raw)).values()) == list(store.checkpoints())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: b"\xef\xbb\xbf" + raw, "byte-order mark"),
        (lambda raw: raw.decode().encode("utf-16"), "UTF-16"),
        (lambda raw: raw.replace(b"\n", b"\r\n"), "CRLF"),
    ],
)  # fmt: skip
def test_what_happened_to_a_file_of_heads_on_its_way_is_said(store, change, says):
    raw = b"".join(write_checkpoints(store))
    with pytest.raises(StoreError, match=f"line 1: .*{says}"):
        read_checkpoints(lines_of(change(raw)))


def test_two_heads_of_one_run_contradict_each_other(store):
    first, _ = write_checkpoints(store)
    with pytest.raises(StoreError, match="line 2: run .* has another head further up"):
        read_checkpoints([first, first.replace(b'"length":12', b'"length":11')])


def test_every_flipped_bit_in_a_file_of_heads_is_noticed():
    store = MemoryStore()
    key = store.put_run({"seed": 1}, LOG)
    raw = b"".join(write_checkpoints(store))
    for place in range(len(raw) * 8 - 8):  # the last byte is the line's end
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << place % 8
        try:
            checkpoints = read_checkpoints(lines_of(bytes(flipped)))
        except StoreError:
            continue
        assert key not in checkpoints or not store.verify(key, checkpoints[key]).ok


@given(logs())
def test_any_log_has_one_state(log):
    assert state_digest(log) == state_digest(list(log))


def test_the_digest_is_that_of_what_stands_open():
    started = [Entry(0, 0, e.Started("strike", "guild"))]
    assert state_digest(started) != state_digest([])
    ended = [*started, Entry(1, 1, e.Ended("strike", "guild"))]
    assert state_digest(ended) == state_digest([])
