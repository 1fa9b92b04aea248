"""A history as a vertical sequence chart: a row per move, a lane per actor, time downwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from rich.text import Text

from negosim.report.colours import RED
from negosim.report.terminal.lanes import GUTTER, Lanes
from negosim.report.terminal.lanes import WIDTH as LANE_WIDTH
from negosim.report.wording.sentences import Speaker, Wording, day
from negosim.report.wording.text import ascii_only, isolated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.actors import Actor
    from negosim.core.events import Event
    from negosim.core.time import Calendar
    from negosim.report.terminal.glyphs import Sign, Stroke

MOST_LANES = 8
SILENCE_DAYS = 7
_DATE, _TIME, _SOURCES, _TEXT_MIN, _TEXT_MAX = 6, 5, 5, 20, 72


class Row(Struct, frozen=True, kw_only=True):
    """One move, ready to be shown.

    ``what`` is an event, said as a sentence, or a text of the record. ``sources`` is the number
    of independent sources (families) that document it, or None for what was only simulated; a
    simulated move that fits a fact names it in ``fits``. ``mark`` is a word such as "claimed" or
    "disputed" that stands behind the text. ``hours`` stands in the place of the hour where that is
    not known to the minute (see ``numbers.hours``), ``when`` the documented dates where they are more than a day.
    """

    at: datetime
    by: str
    to: tuple[str, ...]
    stroke: Stroke
    sign: Sign
    what: Event | Text
    sources: int | None = None
    facts: tuple[str, ...] = ()
    mark: str = ""
    hours: str | None = None
    fits: str = ""
    when: str = ""


class Timeline(Struct, frozen=True, kw_only=True):
    """The chart of some rows, oldest first; renders itself in the width it is given.

    ``wide`` gives every actor a lane of its own, as far as the width allows. ``simulated`` says
    how rows without sources are labelled; the empty word labels none. ``wording`` has the story's
    own words. Before row number ``fork`` a rule says in the words of ``forked`` that from here on
    everything is simulated; what follows is in italics.
    """

    rows: tuple[Row, ...]
    actors: Mapping[str, Actor]
    calendar: Calendar
    wide: bool = False
    simulated: str = "sim"
    wording: Wording = Wording()
    fork: int | None = None
    forked: str = "simulated from here"

    @property
    def lanes(self) -> Lanes:
        """Who has a lane where there is room for it."""
        return self._lanes(len(self.actors) if self.wide else MOST_LANES)

    def _lanes(self, most: int) -> Lanes:
        return Lanes.of([(row.by, *row.to) for row in self.rows], list(self.actors), most)

    def _fitted(self, width: int) -> Lanes:
        """As many lanes as leave room for words; quiet actors share the rest."""
        room = (width - _DATE - _TIME - _SOURCES - 4 - GUTTER - _TEXT_MIN) // LANE_WIDTH
        lanes = self.lanes
        return lanes if len(lanes.heads) <= room else self._lanes(max(room, 2))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Every line of the chart, then the legend."""
        width, plain = options.max_width, options.ascii_only
        speaker = Speaker(self.actors, self.calendar, plain, self.wording)
        page = _Page(
            chart=self, lanes=self._fitted(width), console=console, width=width, plain=plain, speaker=speaker
        )
        yield from page.lines()
        yield Text()
        yield from page.legend()


class _Page(Struct, frozen=True, kw_only=True):
    """One rendering: the chart on a console of a certain width and alphabet."""

    chart: Timeline
    lanes: Lanes
    console: Console
    width: int
    plain: bool
    speaker: Speaker

    @property
    def _text_width(self) -> int:
        used = _DATE + 1 + _TIME + 1 + self.lanes.width + 1 + 1 + _SOURCES
        return max(min(self.width - used, _TEXT_MAX), 8)

    def lines(self) -> Iterator[Text]:
        """The head, then every row with its silences and its wrapped text."""
        head = f"{'date':<{_DATE}} {'time':<{_TIME}} {self.lanes.head()} "
        yield Text(f"{head}{'move':<{self._text_width}} {'src':>{_SOURCES}}", "bold underline")
        before: datetime | None = None
        for number, row in enumerate(self.chart.rows):
            if before is not None:
                yield from self._between(before, row.at)
            if number == self.chart.fork:
                yield self._fork()
                before = None
            yield from self._row(
                row, new_day=before is None or row.at.date() != before.date(),
                forked=self.chart.fork is not None and number >= self.chart.fork,
            )  # fmt: skip
            before = row.at

    def _fork(self) -> Text:
        """The rule at which two histories part."""
        dash = "=" if self.plain else "━"
        lanes = " " * GUTTER + dash * (self.lanes.width - GUTTER)
        return Text(f"{'fork':<{_DATE}} {'':<{_TIME}} {lanes} {self.chart.forked}", f"bold {RED}")

    def _between(self, before: datetime, now: datetime) -> Iterator[Text]:
        silence = (now.date() - before.date()).days
        year = f"{now.year:<{_DATE}}" if now.year != before.year else " " * _DATE
        if silence < SILENCE_DAYS and now.year == before.year:
            return
        lanes = self.lanes.idle(plain=self.plain, silent=True)
        words = f"{silence} days" if silence >= SILENCE_DAYS else ""
        gap = " " * (_TIME + 2)
        yield Text.assemble((year, "bold"), gap, lanes, " ", (words, "dim italic"))

    def _row(self, row: Row, *, new_day: bool, forked: bool = False) -> Iterator[Text]:
        date = f"{row.at:%d %b}" if new_day else ""
        hour = f"{row.at:%H:%M}" if row.hours is None else ascii_only(row.hours) if self.plain else row.hours
        lanes = self.lanes
        drawn = lanes.row(row.by, row.to, row.stroke, row.sign, plain=self.plain)
        said = self._text(row)
        if forked:
            said.stylize("italic")
        text = said.wrap(self.console, self._text_width)
        for number, line in enumerate(text):
            line.rstrip()
            first = number == 0
            when = f"{date if first else '':<{_DATE}} {hour if first else '':<{_TIME}} "
            lane = drawn if first else lanes.idle(plain=self.plain)
            tail = (" " * (self._text_width - line.cell_len), self._tail(row)) if first else ()
            dim = "dim" if row.sources is None and self.chart.simulated else ""
            yield Text.assemble((when, dim), lane, " ", isolated(line), *tail)

    def _text(self, row: Row) -> Text:
        if isinstance(row.what, Text):
            text = Text(ascii_only(row.what.plain)) if self.plain else row.what.copy()
        else:
            text = self.speaker.sentence(row.what, row.sign.style)
        if row.when:
            text.append(f" ({ascii_only(row.when) if self.plain else row.when})", "dim")
        if row.mark:
            text.append(f" ({row.mark})", f"italic {RED}")
        if row.sources is not None and row.facts:
            text.append(f" [{', '.join(row.facts)}]", "dim")
        return text

    def _tail(self, row: Row) -> Text:
        simulated = f"~{row.fits}" if row.fits else self.chart.simulated
        label = simulated if row.sources is None else str(row.sources)
        return Text(f" {label:>{_SOURCES}}", "dim italic" if row.sources is None else "")

    def legend(self) -> Iterator[Text]:
        """What the lanes, lines and glyphs of this chart stand for."""
        lanes = self.lanes
        who = [
            Text.assemble((head, "bold"), " ", self._name(actor))
            for head, actor in zip(lanes.heads, lanes.actors, strict=False)
        ]
        if lanes.merged:
            others = ", ".join(self._name(actor).plain for actor in lanes.merged)
            who.append(Text.assemble((lanes.heads[-1], "bold"), " ", others))
        strokes = {row.stroke.word: row.stroke for row in self.chart.rows}
        signs = {row.sign.word: row.sign for row in self.chart.rows}
        yield from self._listed("actors", who)
        yield from self._listed(
            "lines",
            [
                Text(f"{stroke.dashes(plain=self.plain)[0] * 4} {stroke.word}", stroke.style)
                for stroke in strokes.values()
            ],
        )
        yield from self._listed(
            "moves",
            [
                Text.assemble((sign.mark(plain=self.plain), sign.style), f" {sign.word}")
                for sign in signs.values()
            ],
        )
        yield from self._listed("columns", list(self._columns()))

    def _columns(self) -> Iterator[Text]:
        """What stands in the columns of hours and sources, where that needs a word."""
        rows, dash = self.chart.rows, "-" if self.plain else "–"
        if any((row.hours or "").startswith("–") for row in rows):
            yield Text(f"time {dash}26 some time until the 26th")
        if any(row.sources is not None for row in rows):
            yield Text("src independent sources")
        if self.chart.simulated and any(row.sources is None for row in rows):
            yield Text(f"{self.chart.simulated} simulated")
        if fits := next((row.fits for row in rows if row.fits), ""):
            yield Text(f"~{fits} simulated, fits {fits}")

    def _name(self, actor: str) -> Text:
        return isolated(Text(self.speaker.name(actor)))

    def _listed(self, label: str, items: list[Text]) -> Iterator[Text]:
        """Items side by side under a label, as many on a line as fit."""
        margin = _DATE + 1 + _TIME + 1
        line = Text(f"{label:<{margin}}", "dim")
        for item in items:
            for part in item.wrap(self.console, max(self.width - margin, 12)):
                part.rstrip()
                if line.cell_len > margin and line.cell_len + part.cell_len > self.width:
                    line.rstrip()
                    yield line
                    line = Text(" " * margin)
                line = Text.assemble(line, part, "   ")
        line.rstrip()
        yield line


def span_of(rows: tuple[Row, ...]) -> str:
    """The dates a chart covers: ``8 Oct to 23 Dec 2024``."""
    if not rows:
        return ""
    first, last = rows[0].at, rows[-1].at
    year = f" {first.year}" if first.year != last.year else ""
    return f"{day(first)}{year} to {day(last)} {last.year}"
