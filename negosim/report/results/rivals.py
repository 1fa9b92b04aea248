"""Rival accounts on the screen: how probable each is, in which facts the evidence lies, the testimony."""

from __future__ import annotations

from itertools import groupby
from math import exp
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.inference.filter.posterior import BITS
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import percent
from negosim.report.wording.text import told
from negosim.stories.result import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from negosim.lab.comparison.model_comparison import Clue, Factor, Rivals
    from negosim.report.results import Rows

TELLING, MOST = 1.0, 5
"""A fact is named where accounts differ by so many bits; so many facts are, unless all are asked for."""


@frozen
class Accounts:
    """The accounts, the facts that tell them apart and, where it was weighed, the testimony."""

    rivals: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table each."""
        rivals, plain = self.rivals, options.ascii_only
        yield _accounts(rivals, plain=plain)
        telling = sorted((clue for clue in rivals.clues if clue.apart >= TELLING), key=lambda clue: -clue.apart)
        yield from ("", _clues(rivals, telling[:MOST], plain=plain) if telling else _nothing_tells())
        if rivals.heard:
            yield from ("", _testimony(rivals, plain=plain))
        yield from ("", Text(f"{NOTE}; probabilities are among the accounts listed, equally probable before", "dim"))


@frozen
class Clues:
    """Every fact in the order of dates, and the Bayes factors by prior scale."""

    rivals: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Two tables."""
        plain = options.ascii_only
        yield _clues(self.rivals, self.rivals.clues, plain=plain)
        yield from ("", _factors(self.rivals, plain=plain))


def _accounts(rivals: Rivals, *, plain: bool) -> Table:
    said = (">what was said",) if rivals.heard else ()
    rows = table("account", ">probability", ">surprise of the record", *said)
    mark = "+-" if plain else "±"
    for rival in rivals.rivals:
        evidence = rival.main.log_evidence
        testimony = [f"{-rival.testimony * BITS:.1f} bits"] if rivals.heard else []
        surprise = f"{-evidence.mean * BITS:.1f} {mark} {evidence.se * BITS:.1f} bits"
        rows.add_row(told(rival.name, plain=plain), percent(rival.posterior), surprise, *testimony)
    return rows


def _clues(rivals: Rivals, clues: tuple[Clue, ...] | list[Clue], *, plain: bool) -> Table:
    """How surprising each fact is under each account, in bits."""
    rows = table(
        "where the evidence lies (surprise in bits)",
        *(f">{told(rival.name, plain=plain).plain}" for rival in rivals.rivals),
    )
    for clue in clues:
        what = clue.what if clue.item == clue.fact else f"{clue.what} ({clue.item})"
        bits = (f"{clue.bits[rival.name]:.1f}" for rival in rivals.rivals)
        rows.add_row(told(f"{what} [{clue.fact}]", plain=plain), *bits)
    return rows


def _nothing_tells() -> Text:
    return Text(f"no fact is more surprising under one account than under another by {TELLING:.0f} bit or more")


def _factors(rivals: Rivals, *, plain: bool) -> Table:
    """The best account against each other one: the Bayes factor with its interval, by prior scale."""
    others = [(against, list(factors)) for against, factors in groupby(rivals.factors, key=lambda each: each.against)]
    scales = [f">priors x {factor.scale:g}" for factor in others[0][1]] if others else []
    first = told(f"Bayes factor of {rivals.rivals[0].name} against", plain=plain).plain
    rows = table(first, *scales, ">without dates")
    for against, factors in others:
        rows.add_row(told(against, plain=plain), *map(_interval, factors), f"{exp(factors[0].answers):.2f}")
    return rows


def _interval(factor: Factor) -> str:
    ratio = factor.log_factor
    return f"{exp(ratio.mean):.2g} ({exp(ratio.low):.2g} to {exp(ratio.high):.2g})"


def _testimony(rivals: Rivals, *, plain: bool) -> Table:
    """Who says what, who gains by it, and how likely it would be said under each account."""
    rows = table(
        "testimony: who would say this if",
        *(f">{told(rival.name, plain=plain).plain}" for rival in rivals.rivals),
    )
    for statement in rivals.heard:
        words = Text("\n").join([
            Text.assemble((f"{statement.by or statement.source}: ", "bold"), told(statement.says, plain=plain)),
            told(f"stake: {statement.stake}", plain=plain, style="dim"), told(statement.note, plain=plain, style="dim"),
        ])  # fmt: skip
        rows.add_row(words, *(f"{statement.likely[rival.name]:.2f}" for rival in rivals.rivals))
    return rows


def sentence(rivals: Rivals) -> str:
    """Which account the record supports, if any."""
    among = f"among the {many(len(rivals.rivals), 'account')} listed"
    if rivals.verdict is None:
        undecided = f"In this model the record does not decide between the accounts of {rivals.topic}"
        return f"{undecided}: {rivals.why_not} ({among})."
    best = next(rival for rival in rivals.rivals if rival.name == rivals.verdict)
    return (
        f"In this model the record speaks for {rivals.verdict!r} however wide the priors are: "
        f"{percent(best.posterior)} {among}."
    )


def parts(rivals: Rivals) -> Iterator[RenderableType]:
    """The accounts and where the evidence lies."""
    yield from ("", Accounts(rivals))


def rows(rivals: Rivals) -> Rows:
    """One per account and prior scale."""
    return [
        {
            "topic": rivals.topic, "account": rival.name, "prior": rival.prior, "posterior": rival.posterior,
            "scale": each.scale, "log_evidence": each.log_evidence.mean, "se": each.log_evidence.se,
            "choice": each.answers,
        }
        for rival in rivals.rivals
        for each in rival.weighed
    ]  # fmt: skip
