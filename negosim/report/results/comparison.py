"""Two runs of one world on one axis: the first right-aligned left of the dates, the other right."""

from __future__ import annotations

from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Literal

from attrs import frozen
from rich.text import Text

from negosim.core import events as e
from negosim.report.colours import RED
from negosim.report.terminal.glyphs import sign_of
from negosim.report.terminal.timeline_rows import BETWEEN_THE_LINES, wording_of
from negosim.report.wording.numbers import many
from negosim.report.wording.sentences import Speaker, Wording, day
from negosim.report.wording.text import ascii_only, isolated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.core.actors import Actor
    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.counterfactual.alignment import Row
    from negosim.lab.counterfactual.explanation import Comparison, Consequence, Link
    from negosim.report.results import Rows
    from negosim.sim.scenario import Scenario

DATE, GLYPH = 6, 2
HOURS = 120
"""The width from which hours are shown beside the dates."""


def compared(
    comparison: Comparison, scenario: Scenario, headings: tuple[str, str], *, everything: bool = False
) -> Compared:
    """A comparison of two runs of a scenario, in the scenario's words."""
    return Compared(
        comparison=comparison,
        actors=scenario.table.actors,
        calendar=scenario.calendar,
        wording=wording_of(scenario),
        headings=headings,
        everything=everything,
    )


@frozen(kw_only=True)
class Compared:
    """Two logs of one world, what they have in common folded away.

    ``everything`` shows choices and deliveries too, and of each difference what it follows from:
    ``← 12`` is entry 12 of the same run, ``← not 12`` a message of the other run that did not come.
    """

    comparison: Comparison
    actors: Mapping[str, Actor]
    calendar: Calendar
    wording: Wording
    headings: tuple[str, str] = ("first run", "second run")
    everything: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The head, then stretches in common and stretches apart."""
        speaker = Speaker(self.actors, self.calendar, options.ascii_only, self.wording)
        yield from _Page(self, console, options.max_width, speaker).lines()


@frozen
class _Mark:
    """An entry on the axis: of the factual run, of its twin, or of both."""

    entry: Entry
    row: Row
    side: Literal["factual", "twin", "both"]

    @property
    def common(self) -> bool:
        return self.side == "both"


@frozen
class _Page:
    """One rendering, on a console of a certain width and alphabet."""

    shown: Compared
    console: Console
    width: int
    speaker: Speaker

    @property
    def _date(self) -> int:
        return DATE + 6 if self.width >= HOURS else DATE

    @property
    def _half(self) -> int:
        return max((self.width - self._date - 2) // 2 - GLYPH, 12)

    def lines(self) -> Iterator[Text]:
        left, right = (self._plain(heading) for heading in self.shown.headings)
        half = self._half + GLYPH
        yield Text(f"{left:>{half}} {'date':^{self._date}} {right:<{half}}", "bold underline")
        parted = False
        for common, group in groupby(self._marks(), key=lambda mark: mark.common):
            marks = list(group)
            if common:
                yield self._fold(marks)
                continue
            if not parted:
                parted = True
                yield self._rule("they part here")
            for _, day_of in groupby(marks, key=lambda mark: self.shown.calendar.local(mark.entry.minute).date()):
                yield from self._day(list(day_of))
        if not parted and self.shown.comparison.differing:
            yield Text("no move differs; what does are choices, or what a move followed from", "dim italic")

    def _marks(self) -> list[_Mark]:
        """What stands on the axis, by time: a move of both runs once, any other in its own run."""
        marks = []
        for row in self.shown.comparison.rows:
            entry = row.factual or row.twin
            if entry is None or (isinstance(entry.event, BETWEEN_THE_LINES) and not self.shown.everything):
                continue
            if is_common(row):
                marks.append(_Mark(entry, row, "both"))
                continue
            if row.factual is not None:
                marks.append(_Mark(row.factual, row, "factual"))
            if row.twin is not None:
                marks.append(_Mark(row.twin, row, "twin"))
        return sorted(marks, key=lambda mark: (mark.entry.minute, mark.entry.index))

    def _fold(self, marks: Sequence[_Mark]) -> Text:
        first, last = (day(self.shown.calendar.local(mark.entry.minute)) for mark in (marks[0], marks[-1]))
        span = first if first == last else f"{first} to {last}"
        summary = f"{len(marks)} {'move' if len(marks) == 1 else 'moves'} in common, {span}"
        dots = "..." if self.speaker.plain else "…"
        return Text(f"{dots} {summary} {dots}".center(self.width).rstrip(), "dim italic")

    def _rule(self, words: str) -> Text:
        dash = "=" if self.speaker.plain else "━"
        return Text(f" {words} ".center(self._axis * 2 + self._date, dash), f"bold {RED}")

    @property
    def _axis(self) -> int:
        """Cells on each side of the dates."""
        return self._half + GLYPH + 1

    def _day(self, marks: Sequence[_Mark]) -> Iterator[Text]:
        """A day's moves of both runs, side by side."""
        left = [mark for mark in marks if mark.side == "factual"]
        right = [mark for mark in marks if mark.side == "twin"]
        for place, (first, second) in enumerate(zip_longest(left, right)):
            yield from self._pair(first, second, dated=place == 0)

    def _pair(self, left: _Mark | None, right: _Mark | None, *, dated: bool) -> Iterator[Text]:
        minute = min(mark.entry.minute for mark in (left, right) if mark is not None)
        local = self.shown.calendar.local(minute)
        when = f"{local:%d %b}" if dated else ""
        if self._date > DATE:
            when = f"{when:<{DATE}} {local:%H:%M}"
        left_lines, right_lines = self._lines_of(left), self._lines_of(right)
        pairs = zip_longest(left_lines, right_lines, fillvalue=Text())
        for number, (left_line, right_line) in enumerate(pairs):
            first = number == 0
            drawn = Text.assemble(
                " " * max(self._half - left_line.cell_len, 0), isolated(left_line),
                self._glyph(left if first else None, " "),
                " ", (f"{when if first else '':<{self._date}}", "bold"), " ",
                self._glyph(right if first else None, "", " "), isolated(right_line),
            )  # fmt: skip
            drawn.rstrip()
            yield drawn

    def _glyph(self, mark: _Mark | None, before: str, after: str = "") -> Text:
        if mark is None:
            return Text(" " * GLYPH)
        sign = sign_of(mark.entry.event)
        return Text.assemble(before, (sign.mark(plain=self.speaker.plain), sign.style), after)

    def _lines_of(self, mark: _Mark | None) -> list[Text]:
        """An entry's sentence in lines of half the page; the other run's in italics."""
        if mark is None:
            return []
        event = mark.entry.event
        text = self.speaker.sentence(event, sign_of(event).style)
        if mark.side == "twin":
            text.stylize("italic")
        if self.shown.everything:
            text.append(f" #{mark.entry.index}{self._cause(mark)}", "dim")
        lines = text.wrap(self.console, self._half)
        for line in lines:
            line.rstrip()
        return list(lines)

    def _cause(self, mark: _Mark) -> str:
        chain = self.shown.comparison.chain(mark.row)
        if len(chain) == 1:
            return ", here they part"
        cause = chain[1].row.factual if mark.side == "factual" else chain[1].row.twin
        arrow = "<-" if self.speaker.plain else "←"
        if cause is not None:
            # two runs that are no twins differ from the start: what comes later is no cause
            return f" {arrow} #{cause.index}" if cause.index < mark.entry.index else ", here they part"
        other = chain[1].row.twin or chain[1].row.factual
        return f" {arrow} not #{other.index}" if other is not None else ""

    def _plain(self, words: str) -> str:
        return ascii_only(words) if self.speaker.plain else words


def is_common(row: Row) -> bool:
    """Whether both runs have the same move in the same minute, whatever it follows from."""
    both = row.factual is not None and row.twin is not None and row.factual.minute == row.twin.minute
    return both and row.how in ("same", "moved")


def compared_json(comparison: Comparison, calendar: Calendar) -> list[dict[str, object]]:
    """The differing rows as plain values, each with its chain of causes."""
    return [
        {
            "how": row.how, "first": entry_json(row.factual, calendar), "second": entry_json(row.twin, calendar),
            "because": steps(comparison.chain(row)[1:], calendar),
        }
        for row in comparison.differing
    ]  # fmt: skip


def consequence_json(consequence: Consequence, calendar: Calendar) -> dict[str, object]:
    """An outcome in both runs as plain values; the chain leads from it back to the change."""
    return {
        "name": consequence.name, "what": consequence.what,
        "first": consequence.factual, "second": consequence.twin,
        "because": steps(consequence.chain, calendar),
    }  # fmt: skip


def steps(chain: Iterable[Link], calendar: Calendar) -> list[dict[str, object]]:
    """A chain as plain values; ``silence``: what follows was not heard in one of the runs."""
    return [
        {
            "how": link.row.how, "first": entry_json(link.row.factual, calendar),
            "second": entry_json(link.row.twin, calendar), "silence": link.silence,
        }
        for link in chain
    ]  # fmt: skip


def entry_json(entry: Entry | None, calendar: Calendar) -> dict[str, object] | None:
    """An entry as plain values, a choice with what was taken."""
    if entry is None:
        return None
    event = entry.event
    plain: dict[str, object] = {
        "index": entry.index, "at": calendar.iso(entry.minute), "event": event.name, "by": event.by,
    }  # fmt: skip
    return {**plain, "address": event.address, "taken": event.taken} if isinstance(event, e.Chose) else plain


def sentence(comparison: Comparison) -> str:
    """How much two runs share, and where they differ."""
    if not comparison.differing:
        return "In this model the two runs are the same, entry for entry."
    counts = [(how, sum(row.how == how for row in comparison.rows)) for how in ("same", "gone", "new")]
    same, gone, new = (count for _, count in counts)
    other = len(comparison.rows) - same - gone - new
    return (
        f"In this model these two runs share {many(same, 'entry')}; only in the first stand {gone}, only in the second "
        f"{new}, and {other} otherwise, at another time or of other causes; one pair shows what can happen, not how "
        "often."
    )


def parts(_: Comparison) -> Iterator[RenderableType]:
    """Nothing: only a scenario has the words for its moves, see ``compared``."""
    yield from ()


def rows(comparison: Comparison) -> Rows:
    """One per aligned entry of both runs."""
    return [
        {
            "how": row.how, "minute": row.minute, "event": entry.event.name, "by": entry.event.by,
            "first": row.factual and row.factual.index, "second": row.twin and row.twin.index,
        }
        for row in comparison.rows
        if (entry := row.factual or row.twin) is not None
    ]  # fmt: skip
