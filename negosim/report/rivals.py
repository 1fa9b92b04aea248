"""Rival accounts on the screen: the verdict, the accounts, the Bayes factors, the clues."""

from __future__ import annotations

from itertools import groupby
from math import exp, fsum, log
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from negosim.lab.answers import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.clues import Clue
    from negosim.lab.rivals import Factor, Rivals

DECIBELS = 10 / log(10)
"""A natural logarithm of odds in decibels."""


def show(found: Rivals, *, by_fact: bool = False) -> Iterator[RenderableType]:
    """The parts, in the order in which they are to be read."""
    yield Text(f"{found.topic}: " + (f"verdict: {found.verdict}" if found.verdict else "no verdict"), "bold")
    if found.why_not:
        yield Text(found.why_not)
    yield Text(f"{NOTE}; posteriors are among the accounts listed; {found.n} replays each", "dim")
    yield ""
    yield _accounts(found)
    yield ""
    yield _factors(found)
    if found.heard:
        yield ""
        yield _testimony(found)
    if by_fact:
        yield ""
        yield Text("what each clue says for an account against the others together, in decibels (10: ten to one)")
        yield _clues(found)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left")
    return table


def _accounts(found: Rivals) -> Table:
    said = ("testimony",) if found.heard else ()
    table = _table("account", "prior", "posterior", "log evidence", "+-", "choice score", *said)
    for one in found.rivals:
        main = one.main
        table.add_row(
            one.name, f"{one.prior:.2f}", f"{one.posterior:.2f}", _figure(main.log_evidence),
            f"{main.se:.2f}", _figure(main.choice), *([f"{one.testimony:.2f}"] if found.heard else []),
        )  # fmt: skip
    return table


def _figure(value: float | None) -> str:
    return "none got through" if value is None else f"{value:.2f}"


def _factors(found: Rivals) -> Table:
    """The best account against each other one: the Bayes factor with its interval, by prior scale."""
    rows = [(against, list(own)) for against, own in groupby(found.factors, key=lambda one: one.against)]
    scales = [f"priors x {one.scale:g}" for one in rows[0][1]] if rows else []
    table = _table(f"Bayes factor of {found.rivals[0].name} against", *scales, "of choices")
    for against, own in rows:
        choice = own[0].choice
        table.add_row(against, *map(_interval, own), "" if choice is None else f"{exp(choice):.2f}")
    return table


def _interval(one: Factor) -> str:
    if one.low is None:
        return "-"
    if one.log_factor is None or one.high is None:
        return f"over {exp(one.low):.2g}"
    return f"{exp(one.log_factor):.2g} ({exp(one.low):.2g}..{exp(one.high):.2g})"


def _testimony(found: Rivals) -> Table:
    """Who says what, who gains by it, and how likely it would be said under each account."""
    table = _table("testimony: who would say this if", *(one.name for one in found.rivals))
    for one in found.heard:
        words = Text.assemble(
            (f"{one.by or one.source}: ", "bold"), one.says, (f"\nstake: {one.stake}\n{one.note}", "dim")
        )
        table.add_row(words, *(f"{one.likely[each.name]:.2f}" for each in found.rivals))
    return table


def _clues(found: Rivals) -> Table:
    """A row to a clue; those that say the same under every account are counted, not listed."""
    table = _table("clue", *(one.name for one in found.rivals))
    rows = list(zip(*(one.clues for one in found.rivals), strict=True))
    telling = [row for row in rows if any(clue.decibels or clue.se or clue.decibels is None for clue in row)]
    for row in telling:
        table.add_row(f"{row[0].fact} {row[0].address}".strip(), *map(_clue, row))
    sums = [[clue.decibels for clue in one.clues] for one in found.rivals]
    table.add_row("all", *("-" if None in own else f"{fsum(x for x in own if x is not None):+.1f}" for own in sums))
    if silent := len(rows) - len(telling):
        table.caption = f"{silent} more clues are as probable under every account: 0.0"
        table.caption_justify = "left"
    return table


def _clue(clue: Clue) -> str:
    """A clue in a cell; a share of 0 is said to be one, with the limit that none of n sets."""
    if clue.decibels is None:
        return "nowhere borne out"
    if clue.bound == "at most":
        return f"share 0: under {clue.decibels:+.1f}"
    if clue.bound == "at least":
        return f"others 0: over {clue.decibels:+.1f}"
    return f"{clue.decibels:+.1f} +- {clue.se:.1f}"
