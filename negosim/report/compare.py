"""Two runs side by side: what differs, in the order of time, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.table import Table
from rich.text import Text

from negosim.core import events as e
from negosim.report.text import isolated
from negosim.report.words import Speaker, Wording, day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.actors import Actor
    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.twins import Comparison, Consequence, Link, Row


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
    return [
        {
            "how": row.how, "first": told(row.factual, calendar), "second": told(row.twin, calendar),
            "because": steps(comparison.chain(row)[1:], calendar),
        }
        for row in comparison.differing
    ]  # fmt: skip


def consequence_json(one: Consequence, calendar: Calendar) -> dict[str, object]:
    """An outcome in both runs as plain values; the chain leads from it back to the change."""
    return {
        "name": one.name, "what": one.what, "first": one.factual, "second": one.twin,
        "because": steps(one.chain, calendar),
    }  # fmt: skip


def steps(chain: Iterable[Link], calendar: Calendar) -> list[dict[str, object]]:
    """A chain as plain values; ``silence``: what follows was not heard in one of the runs."""
    return [
        {
            "how": link.row.how, "first": told(link.row.factual, calendar),
            "second": told(link.row.twin, calendar), "silence": link.silence,
        }
        for link in chain
    ]  # fmt: skip


def told(entry: Entry | None, calendar: Calendar) -> dict[str, object] | None:
    """An entry as plain values, a choice with what was taken."""
    if entry is None:
        return None
    event = entry.event
    plain: dict[str, object] = {
        "index": entry.index, "at": calendar.iso(entry.minute), "event": event.name, "by": event.by,
    }  # fmt: skip
    return {**plain, "address": event.address, "taken": event.taken} if isinstance(event, e.Chose) else plain
