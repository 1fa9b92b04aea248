"""When was it decided: each outcome's probability over time, and the largest turns in sentences."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.report.colours import BLUE
from negosim.report.terminal.bars import course
from negosim.report.terminal.line import Line
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import date, draws, sureness
from negosim.report.wording.phrases import listed_first, percent, quoted, share_range
from negosim.report.wording.text import clean, cut
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.inference.estimates import Estimate
    from negosim.lab.forecast.turning_points import Turn, Turns
    from negosim.report.results import Rows
    from negosim.stories.questions import Outcome

LARGEST = 3
"""Turns that are told in sentences."""
WORD_CELLS, END_CELLS = 26, 15
"""What stands to the left and to the right of the courses."""
CAME = {True: "happened", False: "did not"}


# ── the sentences ───────────────────────────────────────────────────────────────────────────────


@frozen
class Step:
    """How far one outcome moved with one turn."""

    turn: Turn
    outcome: Outcome
    before: Estimate
    after: Estimate

    @property
    def size(self) -> float:
        """How many shares it moved."""
        return abs(self.after.mean - self.before.mean)

    @property
    def clear(self) -> bool:
        """Whether both intervals lie apart."""
        return self.before.high < self.after.low or self.after.high < self.before.low


def steps(turns: Turns) -> list[Step]:
    """The turns at which an outcome moved clearly, the largest first; one for each turn.

    That an outcome became certain by coming about is no turn.
    """
    largest: dict[int, Step] = {}
    for place, (before, after) in enumerate(pairwise(turns.turns)):
        for outcome, here, there in zip(turns.outcomes, before.outcomes, after.outcomes, strict=True):
            step = Step(after, outcome, here.share, there.share)
            larger = place not in largest or step.size > largest[place].size
            if larger and step.clear and after.minute < outcome.known_after:
                largest[place] = step
    return sorted(largest.values(), key=lambda step: -step.size)


def sentence(turns: Turns) -> str:
    """With which documented fact an outcome moved most."""
    if largest := steps(turns):
        return f"In the model of {turns.scenario} the odds turned most with {_told(turns, largest[0])}."
    return (
        f"In the model of {turns.scenario} no outcome became clearly more or less likely from one documented fact to "
        f"the next: all 95 % intervals overlap ({turns.n} continuations each)."
    )


def _told(turns: Turns, step: Step) -> str:
    """A turn as a clause: the fact in the record's words, and the outcome before and after it."""
    facts = [f"{quoted(turns.what.get(fact, fact))} [{fact}]" for fact in step.turn.facts]
    before, after = percent(step.before.mean), percent(step.after.mean)
    interval = share_range(max(step.after.low, 0), min(step.after.high, 1))
    return (
        f"{listed_first(facts)}, by {_day(turns, step.turn.minute)}: the probability of "
        f"{quoted(step.outcome.target.what)} went from {before} to {after} (95 %: {interval})"
    )


def _day(turns: Turns, minute: int) -> str:
    """A date, with its year where the turns have more than one."""
    local, last = (turns.calendar.local(at) for at in (minute, max(turn.minute for turn in turns.turns)))
    several = last.year != turns.calendar.local(0).year
    return f"{date(turns.calendar, minute)}{f' {local.year}' if several else ''}"


# ── the screen ──────────────────────────────────────────────────────────────────────────────────


def parts(turns: Turns) -> Iterator[RenderableType]:
    """The courses over time, the turns next in size, how sure they are, the next command."""
    if turns.turns:
        yield from ("", Courses(turns))
    further = steps(turns)[1:LARGEST]
    if further:
        yield ""
    for step in further:
        words = _told(turns, step)
        yield Line(f"Then with {words}.")
    least = min((turn.ess for turn in turns.turns), default=0.0)
    yield ""
    yield Line(
        f"{turns.n} fresh continuations after each fact, {draws(least)} or more{sureness(least)}. Written after the "
        "events: a check, not a prediction.", "dim",
    )  # fmt: skip
    yield Line(f"Next: negosim turning-points {turns.scenario} --all · negosim forecast {turns.scenario} --from DATE")


@frozen
class Courses:
    """Two lines of heights per outcome over the days of the record; a course ends where the outcome is known."""

    turns: Turns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The courses one below the other, and the dates below them."""
        plain, cells = options.ascii_only, max(options.max_width - WORD_CELLS - END_CELLS - 2, 12)
        days = self._days(cells)
        for place, outcome in enumerate(self.turns.outcomes):
            upper, lower = course(list(self._shares(place, days)), plain=plain)
            words = cut(clean(outcome.target.what.rstrip(".")), 2 * WORD_CELLS - 8, plain=plain)
            first, second = _halves(words)
            became = [turn.outcomes[place] for turn in self.turns.turns if not turn.outcomes[place].known]
            end = f"{percent(became[-1].share.mean):>4} at last" if became else ""
            yield self._line(first, upper, end, plain=plain)
            yield self._line(second, lower, CAME[outcome.happened], plain=plain)
        yield Text(" " * (WORD_CELLS + 1) + self._dates(days), "dim")
        yield Line(
            "height over both lines: probability, 0 to 100 %, after each documented fact; a line ends where the answer "
            "is known", "dim",
        )  # fmt: skip

    def _line(self, words: str, heights: str, end: str, *, plain: bool) -> Text:
        label = printable(words, plain=plain)
        label.truncate(WORD_CELLS, pad=True)
        return Text.assemble(label, " ", (heights, BLUE), " ", (printable(end, plain=plain).plain, "dim"))

    def _days(self, cells: int) -> list[int]:
        """The minute at which each cell ends."""
        last = max(turn.minute for turn in self.turns.turns) + 1
        return [last * (cell + 1) // cells for cell in range(cells)]

    def _shares(self, place: int, days: list[int]) -> Iterator[float | None]:
        """What had become of an outcome by each cell; None once it is known."""
        for minute in days:
            seen = [turn.outcomes[place] for turn in self.turns.turns if turn.minute <= minute]
            yield None if not seen or seen[-1].known else seen[-1].share.mean

    def _dates(self, days: list[int]) -> str:
        """The first date, and a date about every twelve cells."""
        line = ""
        for cell in range(0, len(days) - 6, 12):
            line = f"{line:<{cell}}{_day(self.turns, days[cell] if cell else 0)}"
        last = _day(self.turns, days[-1])
        room = len(days) - len(last)
        return f"{line:<{room}}{last}" if len(line) < room else line[: len(days)]


def _halves(words: str) -> tuple[str, str]:
    """Words on two lines of ``WORD_CELLS``."""
    first: list[str] = []
    rest = words.split()
    while rest and len(" ".join([*first, rest[0]])) <= WORD_CELLS:
        first.append(rest.pop(0))
    return " ".join(first), " ".join(rest)


def details(turns: Turns) -> Iterator[RenderableType]:
    """What ``--all`` adds: every fact and every figure."""
    rows = table("by", "after", ">draws", *(f">{number}" for number in range(1, len(turns.outcomes) + 1)))
    for turn in turns.turns:
        figures = (
            f"{'*' if became.name in turn.turned else ''}{percent(became.share.mean)}" for became in turn.outcomes
        )
        after = ", ".join(f"{turns.what.get(fact, fact).rstrip('.')} [{fact}]" for fact in turn.facts) or "the start"
        rows.add_row(date(turns.calendar, turn.minute), clean(after), f"{turn.ess:.0f}", *figures)
    yield from ("", rows, Text("* moved by more than the 95 % error of both figures", "dim"))
    for number, outcome in enumerate(turns.outcomes, 1):
        yield Line(f"{number} {outcome.target.what}", "dim")


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def rows(turns: Turns) -> Rows:
    """One per turn and outcome."""
    return [
        {
            "turn": place, "by": turns.calendar.iso(turn.minute), "facts": ", ".join(turn.facts), "ess": turn.ess,
            "name": became.name, "probability": became.share.mean, "se": became.share.se, "low": became.share.low,
            "high": became.share.high, "known": became.known, "turned": became.name in turn.turned,
        }
        for place, turn in enumerate(turns.turns)
        for became in turn.outcomes
    ]  # fmt: skip
