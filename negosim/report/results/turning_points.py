"""When was it decided: a sparkline to an outcome, then a row to a decision with errors beside every figure."""

from __future__ import annotations

from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.report.colours import BLUE
from negosim.report.terminal.bars import sparkline
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import share
from negosim.report.wording.phrases import listed_first, quoted, rough, share_range
from negosim.report.wording.sentences import day
from negosim.report.wording.text import told
from negosim.stories.result import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.lab.forecast.turning_points import Became, Turn, Turns
    from negosim.report.results import Rows

WIDE = 120
"""The width from which heights are doubled and decisions stand beside their figures."""
LETTERS = "." + ascii_lowercase + ascii_uppercase
"""How turns are named below a sparkline: a dot for the start, then the decisions in order."""


@frozen
class Sparklines:
    """A line of heights per outcome, one height a turn; below it each turn's decision and figures."""

    found: Turns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The sparklines, then a row a turn, then what the columns are."""
        if self.found.turns:
            yield self._lines(plain=options.ascii_only, each=2 if options.max_width >= WIDE else 1)
            yield from ("", self._figures(plain=options.ascii_only, wide=options.max_width >= WIDE))
            if options.max_width < WIDE:
                yield Text()
                yield from self._decisions(plain=options.ascii_only)
        yield from self._key(plain=options.ascii_only)

    def _lines(self, *, plain: bool, each: int) -> RenderableType:
        turns = self.found.turns
        letters = "".join(_letter(at) * each for at in range(len(turns)))
        rows = table("", "outcome", letters, ">first", ">last", "largest step")
        for place, outcome in enumerate(turns[0].outcomes):
            line = [one.outcomes[place] for one in turns]
            heights = sparkline([one.share.mean for one in line], plain=plain, each=each)
            rows.add_row(
                str(place + 1), told(outcome.name, plain=plain), Text(heights, BLUE),
                share(line[0].share.mean), share(line[-1].share.mean), _step(turns, line),
            )  # fmt: skip
        return rows

    def _figures(self, *, plain: bool, wide: bool) -> RenderableType:
        """A row a turn; with the decision where there is ``wide`` room for it."""
        outcomes = range(1, len(self.found.outcomes) + 1)
        rows = table("", "by", *(["after"] if wide else []), ">worth", *(f">{number}" for number in outcomes))
        for place, turn in enumerate(self.found.turns):
            when = day(self.found.calendar.local(turn.minute)) if turn.items else ""
            figures = (_figure(one, turn, plain=plain) for one in turn.outcomes)
            after = [told(_decided(turn), plain=plain)] if wide else []
            rows.add_row(_letter(place), when, *after, f"{turn.ess:.0f}", *figures)
        return rows

    def _decisions(self, *, plain: bool) -> Iterator[Text]:
        """The decision behind each letter, a line each."""
        for place, turn in enumerate(self.found.turns):
            yield Text.assemble((f"{_letter(place)} ", "bold"), told(_decided(turn), plain=plain))

    def _key(self, *, plain: bool) -> Iterator[Text]:
        yield Text(
            f"each height: {self.found.n} fresh continuations after that decision; worth: effective ones; * moved by "
            f"more than the 95 % error of the difference; {NOTE}", "dim",
        )  # fmt: skip
        for number, outcome in enumerate(self.found.outcomes, 1):
            happened = "documented" if outcome.happened else "did not happen"
            what = told(outcome.target.what, plain=plain)
            yield Text.assemble((f"{number} ", "dim"), what, (f" ({happened})", "dim"))


def _decided(turn: Turn) -> str:
    """What was decided before a turn's continuations."""
    return ", ".join(turn.items) if turn.items else "the start"


def _letter(place: int) -> str:
    return LETTERS[place % len(LETTERS)]


def _step(turns: Sequence[Turn], line: Sequence[Became]) -> Text:
    """The largest step between two turns, and after which."""
    if len(line) < 2:
        return Text()
    sizes = [other.share.mean - one.share.mean for one, other in pairwise(line)]
    place = max(range(len(sizes)), key=lambda at: abs(sizes[at]))
    turned = line[0].name in turns[place + 1].turned
    return Text(f"{sizes[place]:+.2f} after {_letter(place + 1)}{' *' if turned else ''}", "" if turned else "dim")


def _figure(one: Became, turn: Turn, *, plain: bool) -> str:
    """A share with half its interval's width; ``*`` where the outcome turned."""
    mark = "*" if one.name in turn.turned else ""
    return f"{mark}{_short(one.share.mean)}{'+-' if plain else '±'}{_short(one.share.half_width)}"


def _short(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def sentence(turns: Turns) -> str:
    """After which decision an outcome moved most."""
    step = largest_step(turns)
    if step is None:
        return (
            "In this model no outcome becomes clearly more or less likely from one documented decision to the next: "
            f"all intervals overlap ({turns.n} continuations each)."
        )
    before, after, place = step
    name = before.outcomes[place].name
    one, other = before.outcomes[place].share, after.outcomes[place].share
    what = next(each.target.what for each in turns.outcomes if each.id == name)
    crosses = ", across one half" if (one.high < 0.5 < other.low or other.high < 0.5 < one.low) else ""
    worth = min(before.ess, after.ess)
    return (
        f"In this model the largest step stands after {listed_first(after.facts)} "
        f"(by {day(turns.calendar.local(after.minute))}): {quoted(what)} goes from "
        f"{share_range(one.low, one.high)} to {share_range(other.low, other.high)}{crosses}; given "
        f"the record up to then, in {turns.n} continuations worth {worth:.0f} or more{rough(worth)}."
    )


def largest_step(turns: Turns) -> tuple[Turn, Turn, int] | None:
    """The turns between which an outcome moves most, and its place; None where intervals overlap."""
    steps = [
        (abs(other.share.mean - one.share.mean), before, after, place)
        for before, after in zip(turns.turns, turns.turns[1:], strict=False)
        for place, (one, other) in enumerate(zip(before.outcomes, after.outcomes, strict=True))
        if one.share.high < other.share.low or other.share.high < one.share.low
    ]
    return max(steps, key=lambda step: step[0])[1:] if steps else None


def parts(answer: Turns) -> Iterator[RenderableType]:
    """A sparkline per outcome."""
    yield from ("", Sparklines(answer))


def rows(found: Turns) -> Rows:
    """One per turn and outcome."""
    return [
        {
            "turn": place, "by": found.calendar.iso(turn.minute), "facts": ", ".join(turn.facts), "ess": turn.ess,
            "name": one.name, "probability": one.share.mean, "se": one.share.se, "low": one.share.low,
            "high": one.share.high, "known": one.known, "turned": one.name in turn.turned,
        }
        for place, turn in enumerate(found.turns)
        for one in turn.outcomes
    ]  # fmt: skip
