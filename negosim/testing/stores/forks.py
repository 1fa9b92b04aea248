# ruff: noqa: D102, S101 - a test suite asserts, and its tests' names say what they show
"""The part of the store contract that is about forks, and about deleting what they inherit."""

from __future__ import annotations

import pytest

from negosim.core.errors import BadValue, Conflict, NotFound, StoreError
from negosim.stores.contract import Store, forked
from negosim.stores.encoding import chain
from negosim.stores.exports.jsonl import read_jsonl, write_jsonl
from negosim.testing.stores.samples import sample_log

LOG = sample_log(50)
OTHER = sample_log(50, variant=1)
ROOT = {"scenario": "toy", "seed": 7, "changes": ()}


class ForkContract:
    """What every store must do with forks; see ``StoreContract``."""

    # ── forks ────────────────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("at", [0, 1, 20, 50])
    def test_a_fork_inherits_what_lies_before(self, store: Store, at: int) -> None:
        parent = store.put_run(ROOT, LOG)
        fork = store.create({**ROOT, "changes": ("other",)}, parent=parent[:8], at=at)
        assert fork == chain.run_key(forked({**ROOT, "changes": ("other",)}, parent, at))
        assert (store.info(fork).parent, store.info(fork).at) == (parent, at)
        assert tuple(store.entries(fork)) == LOG[:at]
        store.append(fork, OTHER[at:])
        assert tuple(store.entries(fork)) == LOG[:at] + OTHER[at:]
        assert (
            tuple(store.entries(fork, at - 1, at + 1))
            == (LOG[:at] + OTHER[at:])[max(at - 1, 0) : at + 1]
        )
        assert tuple(store.entries(parent)) == LOG
        assert store.verify(fork).ok
        assert store.verify(parent).ok

    def test_equal_continuations_of_different_forks_have_different_heads(
        self, store: Store
    ) -> None:
        parent = store.put_run(ROOT, LOG)
        manifests = ({"changes": change} for change in ("a", "b"))
        forks = [store.create(manifest, parent=parent, at=20) for manifest in manifests]
        heads = {store.append(fork, LOG[20:]) for fork in forks}
        assert len(heads | {store.info(parent).head}) == 3

    def test_a_fork_can_be_forked_two_hundred_deep(self, store: Store) -> None:
        log = sample_log(201)
        key = store.create(ROOT)
        store.append(key, log[:1])
        for depth in range(1, 201):
            key = store.create({"depth": depth}, parent=key)
            store.append(key, log[depth : depth + 1])
        assert tuple(store.entries(key)) == log
        assert tuple(store.entries(key, 77, 79)) == log[77:79]
        assert store.verify(key).ok

    def test_a_fork_may_leave_before_its_parents_own_entries(
        self, store: Store
    ) -> None:
        root = store.put_run(ROOT, LOG)
        parent = store.create({"child": 1}, parent=root, at=30)
        store.append(parent, OTHER[30:40])
        fork = store.create({"child": 2}, parent=parent, at=10)
        store.append(fork, OTHER[10:15])
        assert tuple(store.entries(fork)) == LOG[:10] + OTHER[10:15]
        assert store.verify(fork).ok
        text = b"".join(write_jsonl(store, fork))
        for key in (root, parent, fork):
            store.delete(key)
        assert read_jsonl(store, text.splitlines(keepends=True)) == fork
        assert store.verify(fork).ok
        assert b"".join(write_jsonl(store, fork)) == text

    def test_any_of_forty_nested_forks_may_be_deleted(self, store: Store) -> None:
        log = sample_log(41)
        keys = [store.create(ROOT)]
        store.append(keys[0], log[:1])
        for depth in range(1, 41):
            keys.append(store.create({"depth": depth}, parent=keys[-1]))
            store.append(keys[-1], log[depth : depth + 1])
        lengths = {key: length for length, key in enumerate(keys, 1)}
        for step in range(40):  # 15 and 41 have no common divisor: every run's turn comes
            store.delete(keys[15 * step % 41])
            del lengths[keys[15 * step % 41]]
            for key in lengths if step % 10 == 0 else sorted(lengths)[:2]:
                assert store.verify(key).ok
                assert tuple(store.entries(key)) == log[: lengths[key]]
        assert [info.key for info in store.runs()] == list(lengths)

    def test_a_fork_beyond_its_parent_is_refused(self, store: Store) -> None:
        parent = store.put_run(ROOT, LOG)
        with pytest.raises(StoreError, match="cannot be forked at 51"):
            store.create({}, parent=parent, at=51)
        with pytest.raises(NotFound):
            store.create({}, parent="0" * 64)
        for parent_field in (
            "x",
            {"run": parent},
            {"run": parent[:8], "at": 1},
            {"run": parent, "at": True},
        ):
            with pytest.raises(BadValue, match="parent is"):
                store.create({"parent": parent_field})
        assert len(list(store.runs())) == 1

    def test_what_a_fork_inherits_is_compared_too(self, store: Store) -> None:
        parent = store.put_run(ROOT, LOG)
        fork = store.create({}, parent=parent, at=20)
        store.append(fork, LOG[10:30])
        with pytest.raises(Conflict, match="entry 15 stands already"):
            store.append(fork, (*LOG[10:15], *OTHER[15:20]))

    # ── deleting ─────────────────────────────────────────────────────────────────────────────

    def test_a_deleted_run_is_gone(self, store: Store) -> None:
        key = store.put_run(ROOT, LOG, {"took": 1})
        store.delete(key)
        with pytest.raises(NotFound):
            store.info(key)
        assert (list(store.runs()), list(store.tail())) == ([], [])
        assert store.put_run(ROOT, LOG) == key
        assert store.notes(key) == {}

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
    def test_deleting_one_run_leaves_the_others_whole(
        self, store: Store, order: tuple[int, ...]
    ) -> None:
        root = store.put_run(ROOT, LOG)
        child = store.create({"child": 1}, parent=root, at=30)
        store.append(child, OTHER[30:40])
        grandchild = store.create({"child": 2}, parent=child, at=35)
        store.append(grandchild, LOG[35:])
        keys = [root, child, grandchild]
        logs = [tuple(store.entries(key)) for key in keys]
        for gone in order:
            store.delete(keys[gone])
            keys[gone] = ""
            store.vacuum()
            for key, log in zip(keys, logs, strict=True):
                if key:
                    assert tuple(store.entries(key)) == log
                    assert store.verify(key).ok
        assert list(store.runs()) == []

    def test_a_deleted_run_can_be_written_anew_beside_its_forks(self, store: Store) -> None:
        root = store.put_run(ROOT, LOG)
        fork = store.create({}, parent=root, at=30)
        store.delete(root)
        assert store.put_run(ROOT, OTHER) == root
        assert tuple(store.entries(root)) == OTHER
        assert tuple(store.entries(fork)) == LOG[:30]
        assert store.verify(fork).ok
