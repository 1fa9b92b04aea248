"""Which targets of a record, and which facts that must follow, came about in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.inference.conformance import happened
from negosim.record.matching import matches
from negosim.report.terminal.glyphs import KEPT, NO
from negosim.report.terminal.tables import table
from negosim.report.wording.text import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.events import Entry
    from negosim.record import Fact, Record, Target
    from negosim.stories.loading import Story

Settled = bool | None
"""Whether something came about; None where the run stops before that can be said."""


def outcomes(story: Story, entries: Sequence[Entry], until: int | None = None) -> dict[str, Settled]:
    """Whether each target, then each fact that must follow, is borne out by a log; empty without a record.

    ``until`` is the minute at which the run was stopped early: what could still have come, or a
    silence that could still have been broken, is None.
    """
    record = story.record
    if record is None:
        return {}
    expected: tuple[Fact | Target, ...] = (*record.targets, *(fact for fact in record.facts if fact.must_follow))
    return {one.id: _settled(one, story, entries, until) for one in expected}


def _settled(expected: Fact | Target, story: Story, entries: Sequence[Entry], until: int | None) -> Settled:
    hit = happened(expected, story.scenario, entries).hit
    ends = story.scenario.ends
    if until is None or until >= ends:
        return hit
    silences = [one for one in expected.expect if one.absent]
    if any(matches(one, entry) for one in silences for entry in entries):
        return False
    if hit and not silences and not expected.beliefs:
        return True
    spans = [one.span.widened(0 if one.absent else expected.tolerance) for one in expected.expect]
    spans += [one.span.widened(expected.tolerance) for one in expected.beliefs]
    over = all(until > (ends if span.latest is None else span.latest) for span in spans)
    return hit if over else None


@frozen
class Outcomes:
    """A line per target, then the facts by whether they happened; ``stopped`` says when, if early."""

    record: Record
    found: Mapping[str, Settled]
    stopped: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Targets with their words, facts as lists of ids."""
        plain = options.ascii_only
        rows = table("target", "", "what")
        for one in self.record.targets:
            rows.add_row(one.id, self._mark(one.id, plain=plain), told(one.what, plain=plain))
        if self.record.targets:
            yield rows
        yield from self._facts()

    def _mark(self, id: str, *, plain: bool) -> Text:
        if self.found[id] is None:
            return Text("not yet", "dim")
        sign = KEPT if self.found[id] else NO
        return Text(sign.mark(plain=plain), sign.style)

    def _facts(self) -> Iterator[Text]:
        targets = {one.id for one in self.record.targets}
        not_yet = f"not yet, the run stops {self.stopped}"
        for heading, settled in (("happened", True), ("did not", False), (not_yet, None)):
            ids = [id for id, was in self.found.items() if was is settled and id not in targets]
            if ids:
                yield Text.assemble((f"{heading}: ", "dim"), " ".join(ids))
