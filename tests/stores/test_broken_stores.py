"""The machine notices a broken store: each of these is wrong in one small way."""

from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from negosim.stores.encoding import chain
from negosim.stores.memory import MemoryStore
from negosim.testing.stores.machine import StoreMachine

pytestmark = pytest.mark.once  # a test of the tests
SEARCH = settings(
    max_examples=1500,
    stateful_step_count=40,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class CutsTooMuch(MemoryStore):
    def _cut(self, run, length):
        super()._cut(run, length - 1)


class RemovesParents(MemoryStore):
    def _inherited_up_to(self, run):
        return None


class NeverCompares(MemoryStore):
    def _compare(self, row, lo, bodies):
        pass


class AcceptsAnyHead(MemoryStore):
    def _append(self, row, lo, bodies, expected, minute=None):
        return super()._append(row, lo, bodies, None, minute)


class NeverCloses(MemoryStore):
    def _close_run(self, run):
        pass


class ForgetsTheFork(MemoryStore):
    def _add(self, key, manifest, parent, at, origin, buried):
        return super()._add(key, manifest, parent, at, chain.genesis(manifest), buried)


class ReadsOneLess(MemoryStore):
    def _page(self, run, lo, hi):
        return super()._page(run, lo, hi)[: max(hi - lo - (hi - lo > 4), 0)]


class DoublesABatch(MemoryStore):
    def _append(self, row, lo, bodies, expected, minute=None):
        return super()._append(row, max(lo, row.length), bodies, expected)


class KeepsDeleted(MemoryStore):
    def _bury(self, run):
        self._asides[run] = {}


class ForgetsNotes(MemoryStore):
    def _set_note(self, run, name, raw):
        self._asides[run] = {name: raw}
        self._asides[run].pop("n", None)


class WritesHalf(MemoryStore):
    @contextmanager
    def _writing(self):
        yield

    def _extend(self, row, bodies, links):
        super()._extend(row, bodies[:1], links[:1])


BROKEN = [
    CutsTooMuch, RemovesParents, NeverCompares, AcceptsAnyHead, NeverCloses, ForgetsTheFork,
    ReadsOneLess, DoublesABatch, KeepsDeleted, ForgetsNotes, WritesHalf,
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_store_is_noticed(broken):
    class Machine(StoreMachine):
        @staticmethod
        def opens():
            store = broken()
            return [lambda: store]

    with pytest.raises(Exception) as caught:
        run_state_machine_as_test(Machine, settings=SEARCH)
    assert not isinstance(caught.value, TypeError | NameError)
