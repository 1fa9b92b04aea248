"""Looking ahead on the screen: forecasts as bars, turning points as sparklines, rival accounts."""

from __future__ import annotations

from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.lab.answers import NOTE
from negosim.report.bars import sparkline, spread
from negosim.report.colours import BLUE
from negosim.report.figures import share
from negosim.report.tables import table
from negosim.report.text import told
from negosim.report.words import day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.lab.forecast import Forecast, Likely, Turns
    from negosim.lab.rivals import Rivals

BAR = 24
LETTERS = "." + ascii_lowercase + ascii_uppercase
"""How turns are named below a sparkline: a dot for the start, then the decisions in order."""


# ── forecast ────────────────────────────────────────────────────────────────────────────────────


def likely(found: Forecast) -> Iterator[RenderableType]:
    """The kind of forecast, a bar per outcome with its interval, and the scores where there are some."""
    kind = "hindcast" if found.hindcast else "forecast"
    rung = "rung 2, with " + ", ".join(found.changes) if found.changes else "rung 1"
    yield Text(f"{kind} from {found.calendar.iso(found.begins)} ({rung}): {NOTE}", "dim")
    yield from ("", Outlook(found.outcomes))
    if found.scores:
        scores = table("scores after the date", ">facts", ">Brier", ">log")
        for who, one in found.scores.items():
            scores.add_row(who, str(one.facts), f"{one.brier:.3f}", f"{one.log:.3f}")
        yield from ("", scores)


@frozen
class Outlook:
    """A bar per outcome: full up to its probability, shaded over its 95 % interval."""

    outcomes: tuple[Likely, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table; what the outcomes are is told where there is room."""
        plain, wide = options.ascii_only, options.max_width >= 110
        rows = table("outcome", "", ">share", ">95 %")
        if wide:
            rows.add_column("what")
        for one in self.outcomes:
            words = [told(one.what, plain=plain)] if wide else []
            bar = spread(one.probability, one.low, one.high, BAR, plain=plain)
            interval = f"{share(one.low)} to {share(one.high)}"
            rows.add_row(told(one.name, plain=plain), bar, share(one.probability), interval, *words)
        yield rows


# ── turning points ──────────────────────────────────────────────────────────────────────────────


@frozen
class Sparklines:
    """A line of heights per outcome, one height a turn; below it which decision each stands for."""

    turns: Turns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The sparklines, then the decisions by letter and date."""
        plain, turns = options.ascii_only, self.turns.turns
        if not turns:
            return
        each = 2 if options.max_width >= 120 else 1
        letters = "".join(_letter(at) * each for at in range(len(turns)))
        rows = table("outcome", letters, ">first", ">last", "largest step")
        for place, outcome in enumerate(turns[0].outcomes):
            line = [one.outcomes[place] for one in turns]
            rows.add_row(
                told(outcome.name, plain=plain),
                Text(sparkline([one.probability for one in line], plain=plain, each=each), BLUE),
                share(line[0].probability), share(line[-1].probability), _step(line),
            )  # fmt: skip
        yield rows
        yield ""
        yield from self._decisions(plain=plain)
        yield Text(
            f"each height: {self.turns.n} fresh continuations after that decision; a step is starred where the "
            f"95 % intervals on its two sides do not overlap; {NOTE}", "dim",
        )  # fmt: skip

    def _decisions(self, *, plain: bool) -> Iterator[RenderableType]:
        rows = table("", "by", "documented decision", ">worth")
        for place, one in enumerate(self.turns.turns):
            local = self.turns.calendar.local(one.minute)
            said = f"{one.address} = {one.chose}" if one.address else "the start"
            rows.add_row(_letter(place), day(local) if one.address else "", told(said, plain=plain), f"{one.ess:.0f}")
        yield rows


def _letter(place: int) -> str:
    return LETTERS[place % len(LETTERS)]


def _step(line: list[Likely]) -> Text:
    """The largest step between two turns, and after which."""
    if len(line) < 2:
        return Text()
    pairs = list(pairwise(line))
    place = max(range(len(pairs)), key=lambda at: abs(pairs[at][1].probability - pairs[at][0].probability))
    one, other = pairs[place]
    apart = one.high < other.low or other.high < one.low
    size = other.probability - one.probability
    return Text(f"{size:+.2f} after {_letter(place + 1)}{' *' if apart else ''}", "" if apart else "dim")


# ── rival accounts ──────────────────────────────────────────────────────────────────────────────


def accounts(found: Rivals) -> Iterator[RenderableType]:
    """A line per account, the best first; then each clue's weight of evidence in decibels."""
    yield Text(f"{NOTE}; posteriors are among the accounts listed", "dim")
    yield from ("", _Accounts(found))


@frozen
class _Accounts:
    found: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        plain = options.ascii_only
        rows = table("account", ">prior", ">posterior", ">log evidence", ">choice score")
        sign = "+-" if plain else "±"
        for one in self.found.rivals:
            main = one.main
            rows.add_row(
                told(one.name, plain=plain), share(one.prior), share(one.posterior),
                _evidence(main.log_evidence, f" {sign}{main.se:.2f}"), _evidence(main.choice),
            )  # fmt: skip
        yield rows


@frozen
class Clues:
    """Each disputed fact's weight of evidence for each account, in decibels."""

    found: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table, a column per account."""
        sign = "+-" if options.ascii_only else "±"
        rows = table("fact", *(f">{told(one.name, plain=options.ascii_only).plain}" for one in self.found.rivals))
        for place, fact in enumerate(self.found.facts):
            row = [one.clues[place] for one in self.found.rivals]
            rows.add_row(fact, *(f"{each.decibels:+.1f} {sign}{each.se:.1f}" for each in row))
        yield rows


def _evidence(value: float | None, error: str = "") -> str:
    return "none got through" if value is None else f"{value:.2f}{error}"
