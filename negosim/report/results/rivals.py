"""Rival accounts on the screen: the accounts, the Bayes factors, the testimony, the clues."""

from __future__ import annotations

from itertools import groupby
from math import exp, fsum
from typing import TYPE_CHECKING

from attrs import asdict, frozen
from rich.text import Text

from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import percent
from negosim.report.wording.text import told
from negosim.stories.result import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from negosim.lab.comparison.model_comparison import Factor, Rivals
    from negosim.lab.comparison.weight_of_evidence import Clue
    from negosim.report.results import Rows


@frozen
class Accounts:
    """The accounts, their Bayes factors and, where it was weighed, the testimony."""

    found: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A note, then a table each."""
        found, plain = self.found, options.ascii_only
        yield Text(f"{NOTE}; posteriors are among the accounts listed; {found.n} replays each", "dim")
        yield from ("", _accounts(found, plain=plain), "", _factors(found, plain=plain))
        if found.heard:
            yield from ("", _testimony(found, plain=plain))


@frozen
class Clues:
    """Clue by clue, in the order of dates."""

    found: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What the figures are, then a row to a clue; those that say the same everywhere are counted."""
        plain, rivals = options.ascii_only, self.found.rivals
        yield Text("what each clue says for an account against the others together, in decibels (10: ten to one)")
        rows = _named("clue", *(one.name for one in rivals), plain=plain)
        every = list(zip(*(one.clues for one in rivals), strict=True))
        telling = [row for row in every if any(clue.decibels or clue.se or clue.decibels is None for clue in row)]
        for row in telling:
            rows.add_row(told(f"{row[0].fact} {row[0].address}".strip(), plain=plain), *map(_clue, row))
        sums = [[clue.decibels for clue in one.clues] for one in rivals]
        rows.add_row("all", *("-" if None in own else f"{fsum(x for x in own if x is not None):+.1f}" for own in sums))
        yield rows
        if silent := len(every) - len(telling):
            yield Text(f"{silent} more clues are as probable under every account: 0.0", "dim")


def _named(first: str, *others: str, plain: bool) -> Table:
    return table(*(told(first, plain=plain).plain, *(f">{told(one, plain=plain).plain}" for one in others)))


def _accounts(found: Rivals, *, plain: bool) -> Table:
    said = (">testimony",) if found.heard else ()
    rows = table("account", ">prior", ">posterior", ">log evidence", ">+-", ">choice score", *said)
    for one in found.rivals:
        main = one.main
        rows.add_row(
            told(one.name, plain=plain), f"{one.prior:.2f}", f"{one.posterior:.2f}", _figure(main.log_evidence),
            f"{main.se:.2f}", _figure(main.choice), *([f"{one.testimony:.2f}"] if found.heard else []),
        )  # fmt: skip
    return rows


def _figure(value: float | None) -> str:
    return "none got through" if value is None else f"{value:.2f}"


def _factors(found: Rivals, *, plain: bool) -> Table:
    """The best account against each other one: the Bayes factor with its interval, by prior scale."""
    others = [(against, list(own)) for against, own in groupby(found.factors, key=lambda one: one.against)]
    scales = [f"priors x {one.scale:g}" for one in others[0][1]] if others else []
    rows = _named(f"Bayes factor of {found.rivals[0].name} against", *scales, "of choices", plain=plain)
    for against, own in others:
        choice = own[0].choice
        rows.add_row(told(against, plain=plain), *map(_interval, own), "" if choice is None else f"{exp(choice):.2f}")
    return rows


def _interval(one: Factor) -> str:
    if one.low is None:
        return "-"
    if one.log_factor is None or one.high is None:
        return f"over {exp(one.low):.2g}"
    return f"{exp(one.log_factor):.2g} ({exp(one.low):.2g}..{exp(one.high):.2g})"


def _testimony(found: Rivals, *, plain: bool) -> Table:
    """Who says what, who gains by it, and how likely it would be said under each account."""
    rows = _named("testimony: who would say this if", *(one.name for one in found.rivals), plain=plain)
    for one in found.heard:
        words = Text("\n").join([
            Text.assemble((f"{one.by or one.source}: ", "bold"), told(one.says, plain=plain)),
            told(f"stake: {one.stake}", plain=plain, style="dim"), told(one.note, plain=plain, style="dim"),
        ])  # fmt: skip
        rows.add_row(words, *(f"{one.likely[each.name]:.2f}" for each in found.rivals))
    return rows


def _clue(clue: Clue) -> str:
    """A clue in a cell; a share of 0 is said to be one, with the limit that none of n sets."""
    if clue.decibels is None:
        return "nowhere borne out"
    if clue.bound == "at most":
        return f"share 0: under {clue.decibels:+.1f}"
    if clue.bound == "at least":
        return f"others 0: over {clue.decibels:+.1f}"
    return f"{clue.decibels:+.1f} +- {clue.se:.1f}"


def sentence(found: Rivals) -> str:
    """Which account the record supports, if any."""
    among = f"among the {many(len(found.rivals), 'account')} listed, in {found.n} replays each"
    if found.verdict is None:
        undecided = f"In this model the record does not decide between the accounts of {found.topic}"
        return f"{undecided}: {found.why_not}; {among}."
    best = next(one for one in found.rivals if one.name == found.verdict)
    return (
        f"In this model the record speaks for {found.verdict!r} at every prior scale, "
        f"posterior {percent(best.posterior)}; {among}."
    )


def parts(answer: Rivals) -> Iterator[RenderableType]:
    """The accounts and their Bayes factors."""
    yield from ("", Accounts(answer))


def rows(found: Rivals) -> Rows:
    """One per account and prior scale."""
    return [
        {"topic": found.topic, "account": one.name, "prior": one.prior, "posterior": one.posterior, **asdict(each)}
        for one in found.rivals
        for each in one.weighed
    ]
