"""Each store keeps the contract."""

import pytest

from negosim.stores.location import open_store
from negosim.stores.memory import MemoryStore
from negosim.stores.sqlite import SqliteStore
from negosim.testing.stores.contract import StoreContract


class TestMemory(StoreContract):
    @pytest.fixture
    def opens(self):
        store = MemoryStore()
        return lambda: store


class TestSqlite(StoreContract):
    @pytest.fixture
    def opens(self, tmp_path):
        return lambda: SqliteStore(tmp_path / "runs.sqlite")


@pytest.mark.postgres
class TestPostgres(StoreContract):
    @pytest.fixture
    def opens(self, postgres):
        return lambda: open_store(postgres)
