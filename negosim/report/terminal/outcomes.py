"""Which targets of a record, and which facts that must follow, came about in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.inference.conformance import happened
from negosim.record.matching import matches
from negosim.report.terminal.glyphs import KEPT, NO
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import listed
from negosim.report.wording.text import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    return {outcome.id: _settled(outcome, story, entries, until) for outcome in expected}


def _settled(expected: Fact | Target, story: Story, entries: Sequence[Entry], until: int | None) -> Settled:
    hit = happened(expected, story.scenario, entries).hit
    ends = story.scenario.ends
    if until is None or until >= ends:
        return hit
    silences = [pattern for pattern in expected.expect if pattern.absent]
    if any(matches(pattern, entry) for pattern in silences for entry in entries):
        return False
    if hit and not silences and not expected.beliefs:
        return True
    spans = [pattern.span.widened(0 if pattern.absent else expected.tolerance) for pattern in expected.expect]
    spans += [pattern.span.widened(expected.tolerance) for pattern in expected.beliefs]
    over = all(until > (ends if span.latest is None else span.latest) for span in spans)
    return hit if over else None


@frozen
class Outcomes:
    """How many episodes and facts came about by themselves.

    ``stopped`` says when the course stops, if early; ``whole`` lists the episodes.
    """

    record: Record
    came: Mapping[str, Settled]
    stopped: str = ""
    whole: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A sentence, and the episodes in the record's words."""
        targets = {target.id for target in self.record.targets}
        episodes = [came for id, came in self.came.items() if id in targets]
        facts = [came for id, came in self.came.items() if id not in targets]
        counts = ((episodes, "episode"), (facts, "fact"))
        counted = [f"{known.count(True)} of {many(len(known), word)}" for known, word in counts if known]
        undecided = episodes.count(None) + facts.count(None)
        still = f"; {undecided} could still, as the course stops {self.stopped}" if undecided else ""
        if counted:
            yield Text(f"Of what the record expects to follow, {listed(counted)} came about here{still}.")
        if self.whole and episodes:
            rows = table("", "episode")
            for target in self.record.targets:
                what = told(f"{target.what} [{target.id}]", plain=options.ascii_only)
                rows.add_row(self._mark(target.id, plain=options.ascii_only), what)
            yield rows

    def _mark(self, id: str, *, plain: bool) -> Text:
        if self.came[id] is None:
            return Text("not yet", "dim")
        sign = KEPT if self.came[id] else NO
        return Text(sign.mark(plain=plain), sign.style)
