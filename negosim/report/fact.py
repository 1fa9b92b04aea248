"""One fact of the record in full: what, when, who says so, and what a replay does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.padding import Padding
from rich.text import Text

from negosim.report.figures import dates
from negosim.report.text import ascii_only, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.record import Fact, Pattern, Record

_MARGIN = 12


@frozen
class FactSheet:
    """A fact with its sources, its part in a replay and the conflicts it stands in."""

    record: Record
    fact: Fact

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A headline, then labelled lines."""
        fact = self.fact
        yield self._line(f"{fact.id} {fact.what}", options, "bold")
        for label, words in self._lines():
            line = Text(f"{label:<{_MARGIN - 2}}", "dim")
            head = self._line(words, options)
            parts = head.wrap(console, max(options.max_width - _MARGIN, 20))
            for number, part in enumerate(parts):
                yield Padding(Text.assemble(line if not number else " " * (_MARGIN - 2), part), (0, 0, 0, 2))

    def _line(self, words: str, options: ConsoleOptions, style: str = "") -> Text:
        return Text(ascii_only(clean(words)) if options.ascii_only else clean(words), style)

    def _lines(self) -> Iterator[tuple[str, str]]:
        fact, calendar = self.fact, self.record.calendar
        yield "date", f"{fact.span.text} ({fact.precision})"
        yield "kind", ("background, " if fact.background else "") + f"{fact.kind}, {fact.certainty}"
        if fact.claimant:
            yield "claimed by", fact.claimant
        if fact.who:
            yield "who", ", ".join(fact.who) + (f" to {', '.join(fact.to)}" if fact.to else "")
        if fact.channel:
            yield "channel", fact.channel
        if fact.because:
            yield "given as", fact.because
        for one in fact.decisions:
            when = dates(calendar, one.span.earliest, one.span.latest)
            yield "imposed", f"{one.address} = {one.chose}, {when}"
        for pattern in fact.expect:
            when = dates(calendar, pattern.span.earliest, pattern.span.latest)
            yield "expected", f"{_words(pattern)}, {when}"
        for belief in fact.beliefs:
            move = f"falls by {belief.falls}" if belief.falls else f"rises by {belief.rises}"
            yield "expected", f"{belief.actor}'s trust in the {belief.trust} of {belief.of} {move}"
        for cite in fact.cites:
            source = self.record.source(cite.source)
            page = f"{source.publisher}, {source.date.text}: {source.title}; {cite.at}"
            yield "source", f"[{source.id}] {page}"
            yield "", source.url
            yield "", f"family {source.family}; stake: {source.stake}"
        for conflict in self.record.conflicts:
            if fact.id in conflict.facts:
                yield conflict.id, f"{conflict.about}; {conflict.use}"
        if fact.note:
            yield "note", fact.note


def fact_json(record: Record, fact: Fact) -> dict[str, object]:
    """The fact as plain values, times as ISO 8601 with offset."""

    def when(minute: int | None) -> str | None:
        return None if minute is None else record.calendar.iso(minute)

    return {
        "id": fact.id, "kind": fact.kind, "what": fact.what, "date": fact.span.text,
        "earliest": when(fact.span.earliest), "latest": when(fact.span.latest),
        "certainty": fact.certainty, "background": fact.background, "who": list(fact.who),
        "to": list(fact.to), "channel": fact.channel, "claimant": fact.claimant,
        "decisions": [{"address": one.address, "chose": one.chose} for one in fact.decisions],
        "expect": [_words(one) for one in fact.expect],
        "sources": [
            {
                "source": cite.source, "at": cite.at, "url": record.source(cite.source).url,
                "family": record.source(cite.source).family,
                "stake": record.source(cite.source).stake,
            }
            for cite in fact.cites
        ],
        "note": fact.note,
    }  # fmt: skip


def _words(pattern: Pattern) -> str:
    named = (("by", pattern.by), ("to", pattern.to), ("on", pattern.channel), ("what", pattern.what))
    words = " ".join(f"{label} {value}" for label, value in named if value)
    often = f" at least {pattern.at_least} times" if pattern.at_least > 1 else ""
    return f"{'no ' if pattern.absent else ''}{pattern.event} {words}".rstrip() + often
