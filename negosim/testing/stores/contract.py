# ruff: noqa: D102, S101 - a test suite asserts, and its tests' names say what they show
"""The store contract as a test suite: subclass it, and say how to open your store.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def opens(self, tmp_path):
            return lambda: MyStore(tmp_path / "runs")

``opens`` opens the same, at first empty, place each time it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from warnings import catch_warnings, simplefilter

import pytest

from negosim.core.errors import BadValue, Conflict, NotFound, StoreError
from negosim.core.events import Announced, Entry
from negosim.stores.contract import Checkpoint, Profile, Store
from negosim.stores.encoding import chain
from negosim.stores.encoding.codec import LONGEST, encode
from negosim.testing.stores.forks import LOG, OTHER, ROOT, ForkContract
from negosim.testing.stores.samples import sample_log


class StoreContract(ForkContract):
    """What every store must do."""

    @pytest.fixture
    def opens(self) -> Callable[[], Store]:
        """Opens the store; to be overridden."""
        raise pytest.UsageError("say how to open your store: override the fixture 'opens'")

    @pytest.fixture
    def store(self, opens: Callable[[], Store]) -> Iterator[Store]:
        """The store, empty."""
        with opens() as store:
            yield store

    # ── two who write ────────────────────────────────────────────────────────────────────────

    @pytest.fixture
    def other(self, opens: Callable[[], Store]) -> Iterator[Store]:
        """The same place, opened once more; that an old SQLite warns of two who write is expected."""
        with opens() as other, catch_warnings():
            simplefilter("ignore", RuntimeWarning)
            yield other

    def test_who_appends_notices_what_another_did_meanwhile(
        self, store: Store, other: Store
    ) -> None:
        key = store.create(ROOT)
        head = store.append(key, LOG[:2])
        other.append(key, LOG[2:4])
        with pytest.raises(Conflict, match="entry 2 stands already"):
            store.append(key, OTHER[2:4])
        with pytest.raises(Conflict):
            store.append(key, OTHER[2:3], expected=head)
        assert store.append(key, LOG[2:6], expected=head) == chain.head(ROOT, LOG[:6])
        assert other.append(key, LOG[6:7]) == chain.head(ROOT, LOG[:7])
        assert store.append(key, LOG[7:8]) == chain.head(ROOT, LOG[:8])
        other.finish(key)
        with pytest.raises(Conflict, match="is complete"):
            store.append(key, LOG[8:9])
        assert tuple(store.entries(key)) == LOG[:8]
        assert store.verify(key).ok

    def test_who_appends_to_a_run_that_another_deleted_is_told(
        self, store: Store, other: Store
    ) -> None:
        key = store.create(ROOT)
        store.append(key, LOG[:2])
        other.create({"change": 1}, parent=key)  # which keeps what it inherits
        other.delete(key)
        with pytest.raises(NotFound):
            store.append(key, LOG[2:3])
        assert other.create(ROOT) == key
        with pytest.raises(StoreError, match="gap"):
            store.append(key, LOG[2:3])
        assert store.append(key, LOG[:1]) == chain.head(ROOT, LOG[:1])

    def test_an_append_that_was_undone_is_not_gone_on_from(self, store: Store) -> None:
        key = store.create(ROOT)
        store.append(key, LOG[:2])
        with pytest.raises(StoreError, match="lead to the head"):
            store.put_bodies([ROOT], map(encode, LOG[:4]), head="0" * 64, complete=False)
        with pytest.raises(StoreError, match="gap"):
            store.append(key, LOG[4:5])
        assert store.append(key, LOG[2:4]) == chain.head(ROOT, LOG[:4])

    # ── whole runs ───────────────────────────────────────────────────────────────────────────

    def test_a_run_comes_back_as_it_was(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG, {"took": 12})
        assert key == chain.run_key(ROOT)
        assert tuple(store.entries(key)) == LOG
        assert list(store.bodies(key)) == [encode(entry) for entry in LOG]
        info = store.info(key)
        assert (info.length, info.open, info.parent) == (50, False, None)
        assert info.manifest == {"scenario": "toy", "seed": 7, "changes": []}
        assert info.head == chain.head(ROOT, LOG)
        assert store.notes(key) == {"took": 12}
        assert store.verify(key).ok

    def test_the_same_run_again_changes_nothing(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG)
        head = store.info(key).head
        assert store.put_run(ROOT, LOG) == key
        assert (store.info(key).head, len(list(store.runs()))) == (head, 1)

    @pytest.mark.parametrize(
        "other", [OTHER, LOG[:20], sample_log(51)], ids=["else", "less", "more"]
    )
    def test_another_run_under_the_same_key_is_a_conflict(
        self, store: Store, other: object
    ) -> None:
        key = store.put_run(ROOT, LOG)
        with pytest.raises(Conflict):
            store.put_run(ROOT, other)  # type: ignore[arg-type]
        assert tuple(store.entries(key)) == LOG

    def test_a_run_that_cannot_be_encoded_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(BadValue):
            store.put_run(ROOT, LOG, {"share": 0.5})
        assert list(store.runs()) == []

    def test_a_run_without_entries_is_a_run(self, store: Store) -> None:
        key = store.put_run(ROOT, ())
        assert (store.info(key).length, list(store.entries(key))) == (0, [])
        assert store.verify(key).ok

    def test_runs_are_listed_in_order_and_filtered(self, store: Store) -> None:
        keys = [store.put_run({**ROOT, "seed": seed}, LOG[:seed]) for seed in range(5)]
        assert [info.key for info in store.runs()] == keys
        assert [info.key for info in store.runs(scenario="toy", seed=3)] == [keys[3]]
        assert list(store.runs(scenario="other")) == []

    def test_a_run_survives_reopening(self, opens: Callable[[], Store]) -> None:
        with opens() as first:
            key = first.put_run(ROOT, LOG, {"took": 12})
            first.cache_put("replay", "abc", b"result")
        with opens() as second:
            assert tuple(second.entries(key)) == LOG
            assert second.notes(key) == {"took": 12}
            assert second.cache_get("replay", "abc") == b"result"

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def test_the_beginning_of_a_key_is_enough(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG)
        assert store.resolve(key[:6]) == store.resolve(key[:9].upper()) == key

    @pytest.mark.parametrize(
        "name", ["", "abc", "0" * 6, "0" * 64, "latest", "x' OR 1=1 --", "\x1b[31m"]
    )
    def test_an_unknown_key_is_not_found(self, store: Store, name: str) -> None:
        key = store.put_run(ROOT, LOG)
        with pytest.raises(NotFound) as caught:
            store.info(name)
        assert key[:12] in str(caught.value)
        assert str(caught.value).replace("\n", "").isprintable()

    def test_an_ambiguous_beginning_is_refused(self, store: Store) -> None:
        first: dict[str, int] = {}
        seeds = next(
            (first[begins], seed)
            for seed, begins in ((seed, chain.run_key({"seed": seed})[:6]) for seed in count())
            if first.setdefault(begins, seed) != seed
        )
        for seed in seeds:
            store.put_run({"seed": seed}, LOG[:1])
        with pytest.raises(StoreError, match="several runs begin with"):
            store.resolve(chain.run_key({"seed": seeds[0]})[:6])

    # ── appending ────────────────────────────────────────────────────────────────────────────

    def test_entries_are_appended_one_after_the_other(self, store: Store) -> None:
        key = store.create(ROOT)
        head = store.info(key).head
        for lo, hi in ((0, 1), (1, 7), (7, 7), (7, 50)):
            head = store.append(key, LOG[lo:hi], expected=head)
            assert (store.info(key).length, store.info(key).head) == (hi, head)
        assert head == chain.head(ROOT, LOG)
        assert store.info(key).open

    def test_the_same_bytes_again_are_a_success_with_the_same_head(self, store: Store) -> None:
        key = store.create(ROOT)
        before = store.info(key).head
        first = store.append(key, LOG[:10], expected=before)
        assert store.append(key, LOG[:10], expected=before) == first
        assert store.append(key, LOG[5:20]) == store.info(key).head
        assert tuple(store.entries(key)) == LOG[:20]

    def test_other_bytes_conflict_and_the_first_difference_is_named(self, store: Store) -> None:
        key = store.create(ROOT)
        store.append(key, LOG[:10])
        with pytest.raises(Conflict, match="entry 4 stands already") as caught:
            store.append(key, (*LOG[2:4], *OTHER[4:12]))
        assert "recorded" in str(caught.value)
        assert "now" in str(caught.value)
        assert tuple(store.entries(key)) == LOG[:10]

    def test_another_head_than_expected_conflicts(self, store: Store) -> None:
        key = store.create(ROOT)
        stale = store.append(key, LOG[:3])
        store.append(key, LOG[3:5])
        with pytest.raises(Conflict, match="before entry 5 the head is"):
            store.append(key, LOG[5:6], expected=stale)
        assert store.info(key).length == 5

    def test_a_gap_is_refused(self, store: Store) -> None:
        key = store.create(ROOT)
        with pytest.raises(StoreError, match="would leave a gap"):
            store.append(key, LOG[1:3])
        with pytest.raises(StoreError, match="where entry 1 belongs"):
            store.append(key, (LOG[0], LOG[2]))
        assert store.info(key).length == 0

    def test_a_complete_run_takes_no_more(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG[:10])
        with pytest.raises(Conflict, match="is complete"):
            store.append(key, LOG[10:])
        assert store.append(key, LOG[:10]) == store.info(key).head

    def test_bodies_can_be_appended_as_they_are(self, store: Store) -> None:
        key = store.create(ROOT)
        bodies = [encode(entry) for entry in LOG]
        store.append_bodies(key, 0, bodies)
        assert store.info(key).head == chain.head(ROOT, LOG)
        with pytest.raises(StoreError, match="entry 50: not an entry"):
            store.append_bodies(key, 50, [b'{"index":50}'])
        with pytest.raises(StoreError, match="where entry 50 belongs"):
            store.append_bodies(key, 50, bodies[:1])

    @pytest.mark.parametrize(
        ("entries", "problem"),
        [
            ([(0, 10, ()), (1, 5, (0,))], "entry 1: its minute 5 lies before 10"),
            ([(0, -5, ())], "entry 0: its minute -5 lies before 0, the start"),
            ([(0, 1, (1,)), (1, 2, ())], r"entry 0: it names causes \(1,\)"),
            ([(0, 1, ()), (1, 2, (1,))], r"entry 1: it names causes \(1,\)"),
            ([(0, 1, (-1,))], r"entry 0: it names causes \(-1,\)"),
        ],
    )
    def test_what_verify_would_refuse_comes_in_by_no_door(
        self, store: Store, entries: list[tuple[int, int, tuple[int, ...]]], problem: str
    ) -> None:
        log: list[Entry] = [
            Entry(index, minute, Announced(f"a-{index}", "x", "y", 9), causes)
            for index, minute, causes in entries
        ]
        key = store.create(ROOT)
        bodies = [encode(entry) for entry in log]

        def one_by_one() -> None:
            for entry in log:
                store.append(key, [entry])

        def in_bulk() -> None:
            with store.writing({"seed": 2}, Profile.BULK) as run:
                for entry in log:
                    run.append([entry])

        doors = (
            one_by_one,
            lambda: store.append(store.create({"seed": 3}), log),
            in_bulk,
            lambda: store.put_run({"seed": 4}, log),
            lambda: store.append_bodies(store.create({"seed": 5}), 0, bodies),
            lambda: store.put_bodies([{"seed": 6}], bodies, head="", complete=True),
        )
        for door in doors:
            with pytest.raises(StoreError, match=problem):
                door()
        assert all(store.verify(info.key).ok for info in store.runs())

    def test_an_entry_that_could_not_be_read_again_is_not_stored(self, store: Store) -> None:
        long: Entry = Entry(0, 0, Announced("a", "x" * (LONGEST - 100), "y" * 100, 9), ())
        with pytest.raises(BadValue, match="the largest has 1048576"):
            store.put_run(ROOT, [long])

    def test_the_keys_of_all_runs_stand_in_the_order_of_their_creation(self, store: Store) -> None:
        keys = [store.put_run({"seed": seed}, LOG[:seed]) for seed in (3, 1, 2)]
        store.delete(keys[1])
        assert list(store.run_keys()) == [info.key for info in store.runs()] == [keys[0], keys[2]]

    def test_who_goes_on_after_an_earlier_append_keeps_the_order_of_minutes(self, store: Store, other: Store) -> None:
        minutes = enumerate((50, 70, 60))
        log: list[Entry] = [Entry(index, minute, Announced(f"a-{index}", "x", "y", 9), ()) for index, minute in minutes]
        early, late, earlier = log
        first, second = store.create(ROOT), store.create({"seed": 2})
        store.append(first, [early])
        store.append(second, [early, late])
        store.append(first, [early])
        other.append(first, [late])
        for writer in (store, other):
            with pytest.raises(StoreError, match="entry 2: its minute 60 lies before 70"):
                writer.append(first, [earlier])
            with pytest.raises(StoreError, match="entry 2: its minute 60 lies before 70"):
                writer.append(second, [earlier])

    @pytest.mark.parametrize("profile", Profile)
    def test_a_writer_writes_a_run_under_its_profile(self, store: Store, profile: Profile) -> None:
        with store.writing(ROOT, profile) as run:
            run.append(LOG[:20])
            assert store.info(run.key).open
            assert store.info(run.key).length == (20 if profile is Profile.DURABLE else 0)
            run.append(LOG[20:])
        info = store.info(run.key)
        assert (info.length, info.open, info.head) == (50, False, chain.head(ROOT, LOG))

    @pytest.mark.parametrize("profile", Profile)
    def test_a_writer_that_fails_leaves_its_run_open(self, store: Store, profile: Profile) -> None:
        with suppress(ZeroDivisionError), store.writing(ROOT, profile) as run:
            run.append(LOG[:20])
            raise ZeroDivisionError
        info = store.info(run.key)
        assert info.open
        assert info.length == (20 if profile is Profile.DURABLE else 0)
        with store.writing(ROOT, profile) as again:
            again.append(LOG)
        assert store.info(again.key).head == chain.head(ROOT, LOG)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize(
        ("lo", "hi"), [(0, 50), (0, 0), (7, 9), (49, 50), (50, 60), (-3, 4), (9, 7)]
    )
    def test_a_range_is_what_it_would_be_of_a_list(self, store: Store, lo: int, hi: int) -> None:
        key = store.put_run(ROOT, LOG)
        assert tuple(store.entries(key, lo, hi)) == LOG[max(lo, 0) : hi]

    def test_the_size_of_a_run_is_that_of_its_own_bytes(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG)
        fork = store.create({"change": 1}, parent=key, at=48)
        store.append(fork, OTHER[48:])
        assert store.size(key) == sum(len(encode(entry)) for entry in LOG)
        assert store.size(fork) == sum(len(encode(entry)) for entry in OTHER[48:])
        assert store.size(store.create({"change": 2}, parent=key)) == 0

    # ── heads kept elsewhere ─────────────────────────────────────────────────────────────────

    def test_a_checkpoint_holds_while_the_run_grows(self, store: Store) -> None:
        key = store.create(ROOT)
        store.append(key, LOG[:10])
        (checkpoint,) = store.checkpoints()
        store.append(key, LOG[10:])
        assert store.verify(key, checkpoint).ok

    def test_a_checkpoint_shows_a_cut_tail_and_a_rewritten_run(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG)
        (checkpoint,) = store.checkpoints()
        for log, problem in ((LOG[:49], "only 49 entries are here"), (OTHER, "the checkpoint saw")):
            store.delete(key)
            store.put_run(ROOT, log)
            assert store.verify(key).ok
            assert problem in store.verify(key, checkpoint).problem
        assert "that of run" in store.verify(key, Checkpoint("0" * 64, 50, checkpoint.head)).problem

    def test_a_checkpoint_sees_into_what_a_fork_inherits(self, store: Store) -> None:
        parent = store.put_run(ROOT, LOG)
        fork = store.create({}, parent=parent, at=30)
        (_, checkpoint) = store.checkpoints()
        store.append(fork, OTHER[30:])
        assert store.verify(fork, checkpoint).ok

    # ── following ────────────────────────────────────────────────────────────────────────────

    def test_the_tail_tells_every_batch_once_in_order(self, store: Store) -> None:
        first, second = store.create(ROOT), store.create({"seed": 8})
        store.append(first, LOG[:3])
        store.append(second, LOG[:4])
        seen = list(store.tail())
        store.append(first, LOG[:5])
        store.append(first, LOG[2:5])
        seen += store.tail(seen[-1].position)
        assert [(batch.key, batch.lo, batch.hi) for batch in seen] == [
            (first, 0, 3),
            (second, 0, 4),
            (first, 3, 5),
        ]
        assert [batch.lo for batch in store.tail(key=first)] == [0, 3]
        assert list(store.tail(seen[-1].position)) == []

    # ── beside the chain ─────────────────────────────────────────────────────────────────────

    def test_notes_stand_beside_the_chain(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG)
        head = store.info(key).head
        store.note(key, label="Ünïcode", seconds=3, scores=[1, {"a": None}])
        store.note(key, seconds=4, label=None)
        assert store.notes(key) == {"seconds": 4, "scores": [1, {"a": None}]}
        assert store.info(key).head == head
        with pytest.raises(BadValue, match=r"\$: float"):
            store.note(key, share=0.5)
        with pytest.raises(BadValue, match="cannot name"):
            store.note(key, **{"a\0b": 1})

    def test_results_are_kept_by_kind_and_key(self, store: Store) -> None:
        assert store.cache_get("replay", "k") is None
        store.cache_put("replay", "k", b"one")
        store.cache_put("replay", "k", b"\x00\xfftwo")
        store.cache_put("study", "k", b"")
        assert store.cache_get("replay", "k") == b"\x00\xfftwo"
        assert store.cache_get("study", "k") == b""
