"""A replay as a reader sees it: the documented history, fact by fact, in the record's own words."""

from __future__ import annotations

from math import hypot
from statistics import median
from typing import TYPE_CHECKING, Any

from attrs import frozen
from rich.table import Table
from rich.text import Text

from negosim.inference.estimates import EFFECTIVE_MIN
from negosim.report.terminal.glyphs import sign_of
from negosim.report.terminal.timeline_rows import BETWEEN_THE_LINES, wording_of
from negosim.report.wording.key import DOCUMENTED, FOLLOWS, NOT_PRODUCED, SIMULATED, TOLD, key
from negosim.report.wording.numbers import date, dates, draws, many, sureness
from negosim.report.wording.phrases import listed
from negosim.report.wording.sentences import Speaker
from negosim.report.wording.text import clean, cut
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.core.events import Entry
    from negosim.lab.replay.replay_result import ReplayResult, ReplayRow, Taught
    from negosim.report.results import Rows
    from negosim.report.wording.key import Mark
    from negosim.sim.scenario import Scenario

NORMAL_95 = 1.96
"""Standard errors on each side of a 95 % interval (normal law)."""
TAUGHT, SILENT = 3, 0.95
"""Preference weights named as those of which the record says most; and the share of the prior's spread
from which on it says next to nothing (design of the filter, section 5b)."""
HEIGHTS, HEIGHTS_PLAIN = "▁▂▃▄▅▆▇█", "_.:-=+*#"
TALLEST = 8.0
"""Bits of surprise at which the bar beside them is full: one chance in 256."""
DATE_CELLS, BITS_CELLS = 13, 8
MOST_LETTERS = 90
"""Letters of the most surprising fact below the table."""
MOST_ROWS = 29
"""Rows of the first screen, which has 45 lines: its facts, and the years between them. Of more facts, the
least surprising of those that follow are folded, then of those that were told."""


# ── the sentence ────────────────────────────────────────────────────────────────────────────────


def sentence(result: ReplayResult) -> str:
    """What the model was told, what follows, what it cannot produce, how many bits it saves."""
    told, follows, missing = (
        _count(result, *statuses) for statuses in (("told", "given"), ("follows",), ("cannot be produced",))
    )
    facts = many(told + follows + missing, "fact")
    others = _what_follows(result, follows, missing)
    if result.ess < EFFECTIVE_MIN:
        has = f"it has a course in which {others}" if others else "it has nothing else to explain"
        return (
            f"Whether the model of {result.scenario} explains this history cannot be said: {draws(result.ess)} of the "
            f"{EFFECTIVE_MIN:.0f} that are needed. Told {told} of {facts}, {has}. {_bits(result)}"
        )
    shown = f"; in the course shown {others}" if others else ""
    return f"{_verdict(result, follows, missing)} It was told {told} of {facts}{shown}. {_bits(result)}"


def _what_follows(result: ReplayResult, follows: int, missing: int) -> str:
    """How many of the other facts the course shown bears out, another one does, and none does."""
    if not follows + missing:
        return ""
    elsewhere = sum(row.status == "follows" and not row.reproduced for row in result.rows)
    here = follows - elsewhere
    other = f", {elsewhere} in other simulated courses" if elsewhere else ""
    verb = "did not" if result.ess < EFFECTIVE_MIN else "cannot"
    cannot = f", and {missing} it {verb} produce" if missing else ""
    return f"{here} of the other {follows + missing} {'follows' if here == 1 else 'follow'}{other}{cannot}"


def _count(result: ReplayResult, *statuses: str) -> int:
    return sum(row.status in statuses for row in result.rows)


def _verdict(result: ReplayResult, follows: int, missing: int) -> str:
    """How much is explained; never more than the bits saved and the facts that follow allow."""
    if not _saves(result):
        return f"The model of {result.scenario} explains this history no better than actors who choose at random."
    share = "most" if follows > missing else "part"
    return f"The model of {result.scenario} explains {share} of this history."


def _saves(result: ReplayResult) -> bool:
    """Whether the bits saved are more than their Monte Carlo error."""
    return result.bits_saved > NORMAL_95 * hypot(result.evidence_bits.se, result.chance_bits.se)


def _bits(result: ReplayResult) -> str:
    bits, chance = round(result.evidence_bits.mean), round(result.chance_bits.mean)
    if not _saves(result):
        return f"Its surprise at the record is {many(bits, 'bit')}, that of random choice {chance}."
    return (
        f"The record surprises it by {many(bits, 'bit')}, {chance - bits} fewer than if the actors had chosen "
        f"at random ({chance})."
    )


# ── the screen ──────────────────────────────────────────────────────────────────────────────────


def parts(result: ReplayResult) -> Iterator[RenderableType]:
    """The facts of the first screen, how to read them, and what to type next."""
    yield from ("", History(result), "", Footer(result))


def whole(result: ReplayResult, scenario: Scenario) -> Iterator[RenderableType]:
    """Every fact in full, the simulated moves between them, and what the author says of what is missed."""
    yield from ("", History(result, scenario), "", Footer(result, everything=True))
    yield from Missed(result).lines()


@frozen
class History:
    """The facts in the order of their dates; with a ``scenario``, all of them and the simulated moves."""

    result: ReplayResult
    scenario: Scenario | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per fact: its mark, date, words and id, surprise; simulated rows are marked."""
        plain = options.ascii_only
        short = self.scenario is None
        words = max(options.max_width - DATE_CELLS - BITS_CELLS - 4, 12)
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold underline")
        table.add_column("")
        table.add_column(str(self.result.calendar.local(0).year), width=DATE_CELLS, no_wrap=True)
        table.add_column("what happened", width=words, no_wrap=short)
        table.add_column("surprise", width=BITS_CELLS, no_wrap=True)
        year = self.result.calendar.local(0).year
        for minute, _, cells in sorted(self._rows(plain=plain, width=words if short else 0), key=lambda row: row[:2]):
            if (began := self.result.calendar.local(minute).year) != year:
                year = began
                table.add_row("", Text(str(year), "bold"))
            table.add_row(*cells)
        yield table
        if short and (others := folded_in_words(self.result)):
            yield Text(others, "dim")

    def _rows(self, *, plain: bool, width: int) -> Iterator[tuple[int, int, tuple[RenderableType, ...]]]:
        calendar = self.result.calendar
        shown = self.result.rows if self.scenario is not None else first_rows(self.result)
        for place, row in enumerate(sorted(shown, key=self._over_first)):
            cells = (
                mark_of(row).text(plain=plain), _when(row, self.result, plain=plain),
                _words(row, width, plain=plain), _surprise(row, plain=plain),
            )  # fmt: skip
            yield self._day_begins(row), place, cells
        if self.scenario is not None:
            speaker = Speaker(self.scenario.table.actors, calendar, plain, wording_of(self.scenario))
            for entry in self.result.entries:
                if entry.index not in self.result.recorded and not isinstance(entry.event, BETWEEN_THE_LINES):
                    yield entry.minute, len(self.result.rows) + entry.index, self._simulated(entry, speaker)

    def _day_begins(self, row: ReplayRow) -> int:
        """The first minute of a fact's day, at which its row stands."""
        local = self.result.calendar.local(_minute(row))
        return _minute(row) - 60 * local.hour - local.minute

    def _over_first(self, row: ReplayRow) -> tuple[object, int]:
        """Of one day's facts those come first that are over first."""
        return self.result.calendar.local(_minute(row)).date(), self.result.until if row.latest is None else row.latest

    def _simulated(self, entry: Entry, speaker: Speaker) -> tuple[RenderableType, ...]:
        words = speaker.sentence(entry.event, sign_of(entry.event).style)
        words.stylize("italic dim")
        mark = SIMULATED.text(plain=speaker.plain)
        return mark, Text(date(self.result.calendar, entry.minute), "dim"), words, Text()


def main_rows(result: ReplayResult) -> list[ReplayRow]:
    """The facts without background; where that is more than a screen, those that the record's first source tells."""
    rows = [row for row in result.rows if row.status != "background"]
    return rows if len(rows) <= MOST_ROWS else [row for row in rows if row.main or row.status == "cannot be produced"]


def first_rows(result: ReplayResult) -> list[ReplayRow]:
    """The facts of the first screen, in the order of the record."""
    rows = main_rows(result)
    able = (row for row in rows if row.status != "cannot be produced")
    foldable = sorted(able, key=lambda row: (row.status != "follows", row.surprise_bits or 0.0))
    years = len({result.calendar.local(_minute(row)).year for row in rows} - {result.calendar.local(0).year})
    folded = {row.id for row in foldable[: max(len(rows) + years - MOST_ROWS, 0)]}
    return [row for row in rows if row.id not in folded]


def folded_in_words(result: ReplayResult) -> str:
    """How many facts the first screen leaves out, and how much of the surprise lies there; empty for none."""
    shown = first_rows(result)
    used = [row for row in result.rows if row.status != "background"]
    if len(used) == len(shown):
        return ""
    whole = round(result.evidence_bits.mean)
    elsewhere = whole - round(sum(row.surprise_bits or 0.0 for row in shown))
    return f"{many(len(used) - len(shown), 'more fact')}, with {elsewhere} of the {many(whole, 'bit')}: --all"


def mark_of(row: ReplayRow) -> Mark:
    """The sign of a fact: told to the model, follows, cannot be produced, or documented alone."""
    marks = {"told": TOLD, "given": TOLD, "follows": FOLLOWS, "cannot be produced": NOT_PRODUCED}
    return marks.get(row.status, DOCUMENTED)


def _minute(row: ReplayRow) -> int:
    """Where a fact stands in the order of dates."""
    ends = [minute for minute in (row.earliest, row.latest) if minute is not None]
    return ends[0] if ends else 0


def _when(row: ReplayRow, result: ReplayResult, *, plain: bool) -> Text:
    """The documented date; what lasts from a day on, as silences do, has an arrow."""
    calendar = result.calendar
    lasts = row.earliest is not None and (row.latest is None or row.silence)
    words = f"{date(calendar, row.earliest)}→" if lasts else dates(calendar, row.earliest, row.latest)
    return printable(words, plain=plain)


def _words(row: ReplayRow, width: int, *, plain: bool) -> Text:
    """The record's own words, the id, and what cannot be; within ``width`` cells, or whole where it is 0."""
    remark = {"cannot be produced": row.status, "background": "claimed" if row.claimant else "context"}.get(row.status)
    tail = f" [{row.id}]{f', {remark}' if remark else ''}"
    words = row.what.rstrip(".")
    words = cut(clean(words), max(width - len(tail), 8), plain=plain) if width else words
    style = NOT_PRODUCED.style if row.status == "cannot be produced" else "dim"
    return Text.assemble(printable(words, plain=plain), (tail, style))


def _surprise(row: ReplayRow, *, plain: bool) -> Text:
    """The bits with a bar; nothing where there are none."""
    if row.surprise_bits is None or row.status == "cannot be produced":
        return Text()
    heights = HEIGHTS_PLAIN if plain else HEIGHTS
    place = min(int(row.surprise_bits / TALLEST * len(heights)), len(heights) - 1)
    return Text(f"{heights[max(place, 0)]} {max(row.surprise_bits, 0.0):4.1f}", mark_of(row).style)


@frozen
class Footer:
    """The most surprising facts, the key, one line of conditions and the next commands."""

    result: ReplayResult
    everything: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The key and four short lines, each wrapped where the screen is narrow."""
        plain, result = options.ascii_only, self.result
        shown = result.rows if self.everything else first_rows(result)
        used = {*map(mark_of, shown), *((SIMULATED,) if self.everything else ())}
        yield key([mark for mark in (TOLD, FOLLOWS, NOT_PRODUCED, DOCUMENTED, SIMULATED) if mark in used], plain=plain)
        most = next((row for row in result.surprises if row in shown), None)
        if most is not None:
            words = cut(clean(most.what.rstrip(". ")), MOST_LETTERS, plain=plain)
            yield printable(
                f"Most surprising: {words} [{most.id}]. Surprise is -log2 of the probability of a fact, a told one "
                "too, at its documented time, given all before it: 1 bit is one chance in 2, 10 bits are one in 1,000.",
                plain=plain,
            )  # fmt: skip
        yield from map(Text, yardsticks(result, everything=self.everything))
        worth = f"{draws(result.ess)} of {result.n}{sureness(result.ess)}"
        yield Text(f"{worth}. Written after the events: a check, not a prediction.", "dim")
        name, whole = result.scenario, self.everything
        missed = next((row.id for row in result.rows if row.status == "cannot be produced"), None)
        if missed is None:
            first, then = f"show {name}" if whole else f"replay {name} --all", f"negosim questions {name}"
        else:
            first = f"run {name} --told, then negosim why KEY {missed}"
            then = f"negosim show {name}" if whole else "all facts: --all"
        yield printable(f"Next: negosim {first} · {then}", plain=plain)


def yardsticks(result: ReplayResult, *, everything: bool) -> Iterator[str]:
    """How surprising the record is beside stories without meaning and the model's own expectation; what it taught."""
    if result.matched:
        better = sum(bits < result.evidence_bits.mean for bits in result.matched)
        yield (
            f"Of {len(result.matched)} stories with the same questions and reasons without meaning, {better} are "
            f"surprised less; half of them by {median(result.matched):.0f} bits or more."
        )
    if everything or result.matched:
        way = "less" if result.typicality > 0 else "more"
        yield (
            f"The decisions were {way} surprising than the model itself expects, by "
            f"{abs(result.typicality):.1f} standard deviations (up to 2 is nothing unusual)."
        )
    if everything and result.taught:
        ranked = sorted(result.taught, key=lambda lesson: lesson.kept)
        told = [_lesson(lesson) for lesson in ranked[:TAUGHT] if lesson.kept < SILENT]
        silent = [_lesson(lesson) for lesson in ranked if lesson.kept >= SILENT]
        if told:
            yield f"The record narrows the author's guesses most of {listed(told)}."
        if silent:
            yield f"It says next to nothing about {listed(silent)}."


def _lesson(lesson: Taught) -> str:
    """A preference weight as a noun phrase."""
    actor, _, attribute = lesson.name.partition(".weight[")
    return f"how much {attribute.rstrip(']').replace('-', ' ')} weighs with {actor}"


@frozen
class Missed:
    """What the story's author says about facts that the model cannot produce."""

    result: ReplayResult

    def lines(self) -> Iterator[RenderableType]:
        """A line per fact with a sentence."""
        for row in self.result.rows:
            if row.status == "cannot be produced":
                if row.why:
                    yield Text.assemble((f"{row.id}, its author says: ", NOT_PRODUCED.style), row.why)
                if row.unasked:
                    yield Text.assemble((f"{row.id}: ", NOT_PRODUCED.style), row.unasked)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def rows(result: ReplayResult) -> Rows:
    """One per fact."""
    facts: list[dict[str, Any]] = [row.to_json(result.calendar) for row in result.rows]
    return facts
