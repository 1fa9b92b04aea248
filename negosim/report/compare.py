"""Two runs side by side: what differs, in the order of time, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.table import Table
from rich.text import Text

from negosim.report.text import isolated
from negosim.report.words import Speaker, Wording, day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.actors import Actor
    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.twins import Comparison, Row


@frozen
class Compared:
    """The differing rows of a comparison, each with what it follows from."""

    comparison: Comparison
    actors: Mapping[str, Actor]
    calendar: Calendar
    wording: Wording

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table: when, in the first run, in the second, because of."""
        speaker = Speaker(self.actors, self.calendar, options.ascii_only, self.wording)
        table = Table(box=None, pad_edge=False)
        for heading in ("when", "first run", "second run", "because of"):
            table.add_column(heading)
        for row in self.comparison.differing:
            table.add_row(
                f"{day(self.calendar.local(row.minute))} {self.calendar.local(row.minute):%H:%M}",
                self._entry(row.factual, speaker), self._entry(row.twin, speaker), self._why(row),
            )  # fmt: skip
        yield table

    def _entry(self, entry: Entry | None, speaker: Speaker) -> Text:
        if entry is None:
            return Text("did not happen", "dim")
        return isolated(speaker.sentence(entry.event))

    def _why(self, row: Row) -> Text:
        chain = self.comparison.chain(row)
        if len(chain) == 1:
            return Text("where they part", "bold")
        cause = next(entry for entry in (chain[1].row.factual, chain[1].row.twin) if entry is not None)
        words = f"#{cause.index} {cause.event.name}"
        return Text(f"not hearing {words}" if chain[0].silence else words, "dim")


def compared_json(comparison: Comparison, calendar: Calendar) -> list[dict[str, object]]:
    """The differing rows as plain values, each with its chain of causes."""

    def told(entry: Entry | None) -> dict[str, object] | None:
        if entry is None:
            return None
        return {"index": entry.index, "at": calendar.iso(entry.minute), "event": entry.event.name, "by": entry.event.by}

    def steps(row: Row) -> Iterator[dict[str, object]]:
        for link in comparison.chain(row)[1:]:
            yield {"how": link.row.how, "first": told(link.row.factual), "second": told(link.row.twin)}

    return [
        {"how": row.how, "first": told(row.factual), "second": told(row.twin), "because": list(steps(row))}
        for row in comparison.differing
    ]
