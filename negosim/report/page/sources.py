"""Who says so: citations numbered as they appear, and the list they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import define, field, frozen

from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.record import Fact, Record
    from negosim.record.model import Cite

HIDDEN = "a page published later"


@frozen(kw_only=True)
class Listed:
    """One source of the list; ``url`` is empty where it is no address of the web."""

    number: int
    title: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    family: str = ""
    stake: str = ""


@frozen
class Note:
    """A superscript: the source's number, and the place in it."""

    number: int
    title: str


@define
class Citations:
    """Numbers sources in the order in which they are first cited.

    ``until``: pages that were not yet published by that minute keep their number and nothing else.
    """

    record: Record
    until: int | None = None
    _numbers: dict[str, int] = field(factory=dict)

    def of(self, facts: Iterable[Fact]) -> tuple[Note, ...]:
        """The notes of some facts, each source once."""
        return self.cited(cite for fact in facts for cite in fact.cites)

    def cited(self, cites: Iterable[Cite]) -> tuple[Note, ...]:
        """The notes of some citations, each source once."""
        found = []
        for id, at in {cite.source: cite.at for cite in cites}.items():
            number = self._numbers.setdefault(id, len(self._numbers) + 1)
            words = HIDDEN if self._is_later(id) else at
            found.append(Note(number, clean(words)))
        return tuple(sorted(found, key=lambda note: note.number))

    def listed(self) -> tuple[Listed, ...]:
        """Every source that was cited, in order."""
        return tuple(self._one(id, number) for id, number in self._numbers.items())

    def _one(self, id: str, number: int) -> Listed:
        if self._is_later(id):
            return Listed(number=number, title=HIDDEN)
        source = self.record.source(id)
        return Listed(
            number=number,
            title=clean(source.title),
            publisher=clean(source.publisher),
            date=source.date.text,
            url=_address(source.url),
            family=source.family,
            stake=clean(source.stake),
        )

    def _is_later(self, id: str) -> bool:
        latest = self.record.source(id).date.latest
        return self.until is not None and (latest is None or latest > self.until)


def _address(url: str) -> str:
    """An address a browser may follow: of the web, and nothing that runs."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""
