"""Which targets and unfed facts of a record came about in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.lab.judging import happened
from negosim.report.signs import KEPT, NO
from negosim.report.tables import table
from negosim.report.text import ascii_only, clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.events import Entry
    from negosim.lab.library import Story
    from negosim.record import Fact, Record, Target


def outcomes(story: Story, entries: Sequence[Entry]) -> dict[str, bool]:
    """Whether each target, then each unfed fact, is borne out by a log; empty without a record."""
    record = story.record
    if record is None:
        return {}
    expected: tuple[Fact | Target, ...] = (*record.targets, *(fact for fact in record.facts if fact.unfed))
    return {one.id: happened(one, story.scenario, entries).hit for one in expected}


@frozen
class Outcomes:
    """A line per target, then the facts by whether they happened."""

    record: Record
    found: Mapping[str, bool]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Targets with their words, facts as two lists of ids."""
        plain = options.ascii_only
        rows = table("target", "", "what")
        targets = {one.id for one in self.record.targets}
        for one in self.record.targets:
            sign = KEPT if self.found[one.id] else NO
            words = ascii_only(clean(one.what)) if plain else clean(one.what)
            rows.add_row(one.id, Text(sign.mark(plain=plain), sign.style), words)
        if targets:
            yield rows
        for heading, hit in (("happened", True), ("did not", False)):
            ids = [id for id, was in self.found.items() if was is hit and id not in targets]
            if ids:
                yield Text.assemble((f"{heading}: ", "dim"), " ".join(ids))
