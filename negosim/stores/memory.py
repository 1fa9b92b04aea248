"""A store in memory, for tests and for runs that nobody wants to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace
from typing_extensions import override

from negosim.core.errors import StoreError
from negosim.stores.contract import Commit
from negosim.stores.ledger.ledger import Ledger
from negosim.stores.ledger.rows import Page, Row


class MemoryStore(Ledger):
    """The store contract over dictionaries; nothing outlives the process."""

    location = ":memory:"

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._keys: dict[str, int] = {}
        self._logs: dict[int, list[tuple[bytes, bytes]]] = {}
        self._asides: dict[int, dict[str, bytes]] = {}
        self._feed: list[tuple[int, Commit]] = []
        self._position = 0
        self._results: dict[tuple[str, str], bytes] = {}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        before = dict(self._rows), dict(self._keys), dict(self._logs), list(self._feed)
        lengths = {run: len(log) for run, log in self._logs.items()}
        asides = {run: dict(notes) for run, notes in self._asides.items()}
        try:
            yield
        except BaseException:
            self._rows, self._keys, self._logs, self._feed = before
            self._asides = asides
            for run, log in self._logs.items():
                del log[lengths[run] :]
            raise

    def _by_key(self, key: str) -> Row | None:
        return self._rows[self._keys[key]] if key in self._keys else None

    def _by_prefix(self, prefix: str) -> list[Row]:
        return [
            self._rows[run] for key, run in sorted(self._keys.items()) if key.startswith(prefix)
        ]

    def _by_id(self, run: int | None) -> Row:
        if run not in self._rows:
            raise StoreError(f"row {run} is missing")
        return self._rows[run]

    def _living(self) -> Iterator[Row]:
        return iter([row for row in self._rows.values() if not row.deleted])

    @override
    def run_keys(self) -> Iterator[str]:
        return (row.key for row in self._living())

    def _add(
        self, key: str, manifest: bytes, parent: int | None, at: int, origin: bytes, buried: bool
    ) -> Row:
        run = max(self._rows, default=0) + 1
        self._rows[run] = Row.begun(run, key, manifest, parent, at, origin, buried=buried)
        self._logs[run], self._asides[run] = [], {}
        if not buried:
            self._keys[key] = run
        return self._rows[run]

    def _extend(self, row: Row, bodies: Sequence[bytes], links: Sequence[bytes]) -> bool:
        if self._rows.get(row.id) != row or not row.open:
            return False
        self._logs[row.id].extend(zip(bodies, links, strict=True))
        longer = row.longer(len(bodies), links[-1])
        self._rows[row.id] = longer
        self._position += 1
        self._feed.append((row.id, Commit(self._position, row.key, row.length, longer.length)))
        return True

    def _close_run(self, run: int) -> None:
        self._rows[run] = replace(self._rows[run], open=False)

    def _page(self, run: int, lo: int, hi: int) -> Page:
        first = self._rows[run].at
        return [body for body, _ in self._logs[run][lo - first : hi - first]]

    def _links(self, run: int, lo: int, hi: int) -> Page:
        first = self._rows[run].at
        return [link for _, link in self._logs[run][lo - first : hi - first]]

    def _bytes(self, run: int) -> int:
        return sum(len(body) for body, _ in self._logs[run])

    def _bury(self, run: int) -> None:
        row = self._rows[run]
        if not row.deleted:
            del self._keys[row.key]
        self._rows[run] = replace(row, deleted=True)
        self._asides[run] = {}
        self._feed = [(owner, batch) for owner, batch in self._feed if owner != run]

    def _inherited_up_to(self, run: int) -> int | None:
        return max((row.at for row in self._rows.values() if row.parent == run), default=None)

    def _cut(self, run: int, length: int) -> None:
        self._logs[run] = self._logs[run][: max(length - self._rows[run].at, 0)]

    def _remove(self, run: int) -> None:
        for table in (self._rows, self._logs, self._asides):
            table.pop(run)

    def _set_note(self, run: int, name: str, raw: bytes | None) -> None:
        if raw is None:
            self._asides[run].pop(name, None)
        else:
            self._asides[run][name] = raw

    def _notes(self, run: int) -> list[tuple[str, bytes]]:
        return sorted(self._asides[run].items())

    def _fed(self, after: int, run: int | None) -> list[Commit]:
        return [
            batch for owner, batch in self._feed if batch.position > after and run in (None, owner)
        ]

    def _cache_put(self, kind: str, key: str, document: bytes) -> None:
        self._results[kind, key] = document

    def _cache_get(self, kind: str, key: str) -> bytes | None:
        return self._results.get((kind, key))

    def wait(self, seconds: float) -> None:
        """Nobody else can write here, so there is nothing to wait for."""

    @override
    def vacuum(self) -> None:
        ...

    @override
    def close(self) -> None:
        ...
