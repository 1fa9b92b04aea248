"""SIGKILL at any instant: nothing acknowledged is lost, nothing is half there."""

import signal
import subprocess
import sys
from hashlib import blake2b

import pytest

from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.samples import sample_log

pytestmark = pytest.mark.once  # what a killed process leaves is SQLite's affair
LENGTH = 400
LOG = sample_log(LENGTH)
BATCHES = (1, 3, 1, 8, 2)
"""Sizes of the batches a child appends, over and over."""

DURABLE = """
import sys
from itertools import cycle
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.samples import sample_log
path, seed, length = sys.argv[1], *map(int, sys.argv[2:4])
log, sizes = sample_log(length), cycle(map(int, sys.argv[4:]))
with SqliteStore(path) as store:
    key = store.create({"seed": seed})
    lo = 0
    while lo < length:
        hi = min(lo + next(sizes), length)
        head = store.append(key, log[lo:hi])
        print(key, hi, head, flush=True)
        lo = hi
"""

BULK = """
import sys
from negosim.stores.contract import Profile
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.samples import sample_log
path, seed, length = sys.argv[1], *map(int, sys.argv[2:4])
log = sample_log(length)
with SqliteStore(path) as store:
    for number in range(1000):
        with store.writing({"seed": seed, "number": number}, Profile.BULK) as run:
            run.append(log)
        print(run.key, length, store.info(run.key).head, flush=True)
"""

PROGRAMS = pytest.mark.parametrize(
    ("program", "patience", "turns"),
    [(DURABLE, 40, 40_000), (BULK, 4, 400_000)],
    ids=["durable", "bulk"],
)
"""What is killed, up to how many acknowledgements the killer lets pass, and for how many turns of
an empty loop it waits then: about as long as a write takes, so that any part of one is struck."""


def killed(program, path, seed, after, turns):
    """What a child acknowledged before it was killed, some time after ``after`` lines."""
    arguments = [str(path), str(seed), str(LENGTH), *map(str, BATCHES)]
    child = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, text=True
    )
    lines = []
    with child.stdout:
        for line in child.stdout:
            lines.append(line)
            if len(lines) == after:
                for _ in range(turns):
                    pass
                child.send_signal(signal.SIGKILL)
        child.wait()
    return [line.split() for line in lines if line.endswith("\n")]


def check(store, acknowledged):
    """Whether more was written than was acknowledged; nothing less, and no part of a batch."""
    lengths = {checkpoint.key: checkpoint.length for checkpoint in store.checkpoints()}
    more = False
    for key, (length, head) in acknowledged.items():
        assert lengths[key] >= int(length)
        assert store.append(key, LOG[int(length) - 1 : int(length)]) == head
        more = more or lengths[key] > int(length)
    ends = {0, LENGTH}
    for number in range(LENGTH):
        ends.add(min(max(ends - {LENGTH}) + BATCHES[number % len(BATCHES)], LENGTH))
    for info in store.runs():
        assert info.length in ends
        assert store.verify(info.key).ok
        assert tuple(store.entries(info.key)) == LOG[: info.length]
        more = more or (info.key not in acknowledged and info.length > 0)
    return more


def rounds(path, program, count, patience, turns, first=0):
    """Kill as often; in how many rounds more was written than was acknowledged."""
    beyond = 0
    for seed in range(first, first + count):
        dice = blake2b(f"{program}/{seed}".encode(), digest_size=6).digest()
        after = 1 + int.from_bytes(dice[:2], "big") % patience
        acknowledged = killed(program, path, seed, after, int.from_bytes(dice[2:], "big") % turns)
        assert len(acknowledged) >= after
        with SqliteStore(path) as store:
            last = {key: (length, head) for key, length, head in acknowledged}
            beyond += check(store, last)
            for info in list(store.runs()):
                store.delete(info.key)
    return beyond


@PROGRAMS
def test_nothing_acknowledged_is_lost_when_a_process_is_killed(tmp_path, program, patience, turns):
    rounds(tmp_path / "runs.sqlite", program, 13, patience, turns)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
@PROGRAMS
def test_nothing_acknowledged_is_lost_in_a_thousand_kills(
    tmp_path, program, patience, turns, part, record_property
):
    beyond = rounds(tmp_path / "runs.sqlite", program, 100, patience, turns, 1000 + 100 * part)
    record_property("SIGKILL rounds", 100)
    record_property("of them killed between commit and acknowledgement", beyond)
