"""Finding a run, and reading it through those it was forked from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice

from negosim.core.errors import BadValue, NotFound, StoreError
from negosim.stores.contract import Manifest
from negosim.stores.encoding import chain
from negosim.stores.ledger.rows import PAGE, Page, Row, Rows, each

PREFIX_MIN = 6
KEY_LENGTH = 64


def ends(line: Sequence[Row], end: int) -> list[int]:
    """Up to where each run of a line is read by the last one, whose own entries are read to ``end``.

    A fork may leave its parent before the parent's own entries: then none of those is read.
    """
    return list(accumulate((row.at for row in reversed(line[1:])), min, initial=end))[::-1]


def fork_index(manifest: Manifest) -> int:
    """Where a fork's own entries begin, 0 for a root. Raises BadValue for a malformed parent."""
    match manifest.get("parent"):
        case None:
            return 0
        case {"run": str(key), "at": int(at)} if (
            len(key) == KEY_LENGTH and at is not True and at >= 0
        ):
            return at
    parent = ascii(manifest["parent"])[:60]
    raise BadValue(
        f"manifest: parent is {parent}, not a map of run (a whole key) and at (an index)"
    )


def check_line(line: Sequence[Manifest]) -> None:
    """Raise BadValue unless each manifest names the one before as its parent."""
    before = None
    for manifest in line:
        fork = manifest.get("parent")
        if (None if fork is None else fork.get("run")) != before:
            raise BadValue("a manifest names another parent than the one before it")
        before = chain.run_key(manifest)


class Lineage(Rows):
    """Rows read as runs: a fork's entries are its ancestors' up to the fork point, then its own."""

    def _row(self, prefix: str) -> Row:
        """The living run whose key begins so. Raises NotFound, or StoreError if there are several."""
        wanted = prefix.lower()
        if len(wanted) == KEY_LENGTH:
            found = self._by_key(wanted)
            if found is not None:
                return found
        elif len(wanted) >= PREFIX_MIN and set(wanted) <= set("0123456789abcdef"):
            several = self._by_prefix(wanted)
            if len(several) == 1:
                return several[0]
            if several:
                keys = ", ".join(row.key[: len(wanted) + 4] for row in several[:4])
                raise StoreError(f"several runs begin with {wanted!r}: {keys}; give more digits")
        shown = ascii(prefix)[1:-1]
        raise NotFound(
            "run", shown[:KEY_LENGTH], [row.key[:12] for row in islice(self._living(), 12)]
        )

    def _lineage(self, row: Row) -> list[Row]:
        """The run and those it was forked from, root first."""
        line = [row]
        while line[-1].parent is not None:
            line.append(self._by_id(line[-1].parent))
        return line[::-1]

    def _read(self, row: Row, lo: int, hi: int) -> Iterator[Page]:
        """Bodies from ``lo`` to ``hi``, page by page, each read from the run that owns it."""
        line = self._lineage(row) if lo < row.at else [row]
        for owner, end in zip(line, ends(line, hi), strict=True):
            yield from self._own(owner, max(lo, owner.at), end)

    def _own(self, row: Row, lo: int, hi: int) -> Iterator[Page]:
        """A run's own bodies from ``lo`` to ``hi``, page by page."""
        return self._whole(row, lo, hi, self._page)

    def _linked(self, row: Row, lo: int, hi: int) -> Iterator[tuple[bytes, bytes]]:
        """A run's own bodies from ``lo`` to ``hi``, each with its link."""
        links = self._whole(row, lo, hi, self._links)
        return zip(each(self._own(row, lo, hi)), each(links), strict=True)

    def _whole(
        self, row: Row, lo: int, hi: int, read: Callable[[int, int, int], Page]
    ) -> Iterator[Page]:
        """What ``read`` finds of a run's own entries, page by page. Raises StoreError where some lack."""
        for start in range(lo, hi, PAGE):
            end = min(start + PAGE, hi)
            page = read(row.id, start, end)
            if len(page) != end - start:
                raise StoreError(
                    f"run {row.key[:12]}: entries are missing between {start} and {end}"
                )
            yield page

    def _link_before(self, row: Row, index: int) -> bytes:
        """The head as it was before entry ``index``."""
        forks: list[Row] = []
        while index <= row.at and index != row.length and row.parent is not None:
            if index == row.at:
                forks.append(row)
            row = self._by_id(row.parent)
        link = self._own_link(row, index)
        for fork in reversed(forks):
            link = chain.fork(link, fork.manifest)
        return link

    def _own_link(self, row: Row, index: int) -> bytes:
        """The same for an index after the first of a run's own, or for a root."""
        if index == row.length:
            return row.head
        if index == row.at:
            return chain.genesis(row.manifest)
        ((link,),) = self._whole(row, index - 1, index, self._links)
        return link
