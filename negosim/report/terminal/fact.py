"""One entry of the record in full: what, when, who says so, and what a replay does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from rich.padding import Padding
from rich.text import Text

from negosim.record.model import Conflict, Fact, Target
from negosim.report.wording.numbers import dates
from negosim.report.wording.text import ascii_only, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.record.model import BeliefPattern, Cite, Pattern, Record

_MARGIN = 12
Lines: TypeAlias = "Iterator[tuple[str, str]]"
"""Labels and what stands behind them."""


class Sheet(Struct, frozen=True):
    """A fact, a conflict or a target with its sources and its part in a replay."""

    record: Record
    entry: Fact | Conflict | Target

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A headline, then labelled lines."""
        entry = self.entry
        headline = entry.about if isinstance(entry, Conflict) else entry.what
        yield self._line(f"{entry.id} {headline}", options, "bold")
        for label, words in self._lines():
            line = Text(f"{label:<{_MARGIN - 2}}", "dim")
            head = self._line(words, options)
            parts = head.wrap(console, max(options.max_width - _MARGIN, 20))
            for number, part in enumerate(parts):
                yield Padding(Text.assemble(line if not number else " " * (_MARGIN - 2), part), (0, 0, 0, 2))

    def _lines(self) -> Lines:
        match self.entry:
            case Fact():
                return _of_fact(self.record, self.entry)
            case Conflict():
                return _of_conflict(self.record, self.entry)
            case Target():
                return _of_target(self.record, self.entry)

    def _line(self, words: str, options: ConsoleOptions, style: str = "") -> Text:
        return Text(ascii_only(clean(words)) if options.ascii_only else clean(words), style)


def _of_fact(record: Record, fact: Fact) -> Lines:
    yield "date", fact.span.text
    yield "kind", ("background, " if fact.background else "") + f"{fact.kind}, {fact.certainty}"
    if fact.claimant:
        yield "claimed by", fact.claimant
    if fact.who:
        yield "who", ", ".join(fact.who) + (f" to {', '.join(fact.to)}" if fact.to else "")
    if fact.channel:
        yield "channel", fact.channel
    if fact.because:
        yield "given as", fact.because
    for decision in fact.decisions:
        when = dates(record.calendar, decision.span.earliest, decision.span.latest)
        yield "imposed", f"{decision.address} = {decision.chose}, {when}"
    yield from _expected(record, fact.expect, fact.beliefs)
    yield from _sources(record, fact.cites)
    for conflict in record.conflicts:
        if fact.id in conflict.facts:
            yield conflict.id, f"{conflict.about}; {conflict.use}"
    if fact.note:
        yield "note", fact.note


def _of_conflict(record: Record, conflict: Conflict) -> Lines:
    yield "facts", ", ".join(conflict.facts)
    yield "read as", conflict.use
    for version in conflict.versions:
        yield "version", f"{version.by}: {version.says}" if version.by else version.says
        yield from _sources(record, version.cites)


def _of_target(record: Record, target: Target) -> Lines:
    yield "date", target.span.text
    yield from _expected(record, target.expect, target.beliefs)
    yield from _sources(record, target.cites)
    if target.note:
        yield "note", target.note


def _expected(record: Record, patterns: Iterable[Pattern], beliefs: Iterable[BeliefPattern]) -> Lines:
    for pattern in patterns:
        when = dates(record.calendar, pattern.span.earliest, pattern.span.latest)
        yield "event", f"{_words(pattern)}, {when}"
    for belief in beliefs:
        move = f"falls by {belief.falls}" if belief.falls else f"rises by {belief.rises}"
        yield "expected", f"{belief.actor}'s trust in the {belief.trust} of {belief.of} {move}"


def _sources(record: Record, cites: Iterable[Cite]) -> Lines:
    for cite in cites:
        source = record.source(cite.source)
        yield "source", f"[{source.id}] {source.publisher}, {source.date.text}: {source.title}; {cite.at}"
        yield "", source.url
        yield "", f"origin {source.family}, stake: {source.stake}"
    if len({record.family(cite.source) for cite in cites}) < len(tuple(cites)):
        yield "", "sources of one origin count once"


def entry_json(record: Record, entry: Fact | Conflict | Target) -> dict[str, object]:
    """A fact, conflict or target as plain values."""
    match entry:
        case Fact():
            return fact_json(record, entry)
        case Conflict():
            versions = [
                {"says": version.says, "by": version.by, "sources": _cited(record, version.cites)}
                for version in entry.versions
            ]
            return {
                "id": entry.id,
                "about": entry.about,
                "facts": list(entry.facts),
                "use": entry.use,
                "versions": versions,
            }
        case Target():
            return {
                "id": entry.id, "what": entry.what, "date": entry.span.text,
                "expect": [_words(pattern) for pattern in entry.expect], "sources": _cited(record, entry.cites),
                "note": entry.note,
            }  # fmt: skip


def fact_json(record: Record, fact: Fact) -> dict[str, object]:
    """The fact as plain values, times as ISO 8601 with offset."""

    def when(minute: int | None) -> str | None:
        return None if minute is None else record.calendar.iso(minute)

    return {
        "id": fact.id, "kind": fact.kind, "what": fact.what, "date": fact.span.text,
        "earliest": when(fact.span.earliest), "latest": when(fact.span.latest),
        "certainty": fact.certainty, "background": fact.background, "who": list(fact.who),
        "to": list(fact.to), "channel": fact.channel, "claimant": fact.claimant,
        "decisions": [{"address": decision.address, "chose": decision.chose} for decision in fact.decisions],
        "expect": [_words(pattern) for pattern in fact.expect],
        "sources": _cited(record, fact.cites),
        "note": fact.note,
    }  # fmt: skip


def _cited(record: Record, cites: Iterable[Cite]) -> list[dict[str, str]]:
    cited = [(cite, record.source(cite.source)) for cite in cites]
    return [
        {"source": source.id, "at": cite.at, "url": source.url, "family": source.family, "stake": source.stake}
        for cite, source in cited
    ]


def _words(pattern: Pattern) -> str:
    named = (("by", pattern.by), ("to", pattern.to), ("on", pattern.channel), ("of", pattern.what))
    words = " ".join(f"{label} {value}" for label, value in named if value)
    often = f" at least {pattern.at_least} times" if pattern.at_least > 1 else ""
    return f"{'no ' if pattern.absent else ''}{pattern.event} {words}".rstrip() + often
