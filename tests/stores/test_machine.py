"""All stores and the plain model live through the same stories."""

from itertools import count

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from negosim.stores.location import open_store
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.machine import StoreMachine

FEW = settings(max_examples=10, stateful_step_count=25, deadline=None)
MANY = settings(max_examples=400, stateful_step_count=50, deadline=None)


def machine(*places):
    """The machine over memory and whatever else ``places`` open, each story in fresh places."""

    class Machine(StoreMachine):
        @staticmethod
        def opens():
            memory = MemoryStore()
            return [lambda: memory, *(fresh() for fresh in places)]

    return Machine


@pytest.fixture
def sqlite(tmp_path):
    number = count()

    def fresh():
        path = tmp_path / f"{next(number)}.sqlite"
        return lambda: SqliteStore(path)

    return fresh


@pytest.fixture
def postgres_place(postgres):
    import psycopg

    def fresh():
        with psycopg.connect(postgres, autocommit=True) as db:
            db.execute("DROP SCHEMA IF EXISTS negosim CASCADE")
        return lambda: open_store(postgres)

    return fresh


def test_memory_and_sqlite_agree_with_the_model(sqlite):
    run_state_machine_as_test(machine(sqlite), settings=FEW)


@pytest.mark.postgres
def test_all_three_stores_agree_with_the_model(sqlite, postgres_place):
    run_state_machine_as_test(machine(sqlite, postgres_place), settings=FEW)


@pytest.mark.slow
@pytest.mark.postgres
def test_all_three_stores_agree_in_many_long_stories(sqlite, postgres_place):
    run_state_machine_as_test(machine(sqlite, postgres_place), settings=MANY)
