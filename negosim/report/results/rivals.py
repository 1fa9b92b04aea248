"""Rival accounts on the screen: how probable each is, in which facts the evidence lies, the testimony."""

from __future__ import annotations

from itertools import groupby
from math import exp
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.inference.filter.posterior import BITS
from negosim.report.terminal.line import Line
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import listed, percent
from negosim.report.wording.sentences import words_of
from negosim.report.wording.text import clean, cut
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from rich.table import Table

    from negosim.lab.comparison.model_comparison import Clue, Factor, Rivals
    from negosim.report.results import Rows

LEADING = 2
"""Accounts that the sentence names where none is decided for."""
TELLING, MOST = 1.0, 5
"""A fact is named where accounts differ by so many bits; so many facts are, unless all are asked for."""


@frozen
class Accounts:
    """The accounts, the facts that tell them apart and, where it was weighed, the testimony."""

    rivals: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table each; a number stands for each account."""
        rivals, plain, width = self.rivals, options.ascii_only, options.max_width
        yield _accounts(rivals, plain=plain)
        telling = sorted((clue for clue in rivals.clues if clue.apart >= TELLING), key=lambda clue: -clue.apart)
        yield from ("", _clues(rivals, telling[:MOST], width, plain=plain) if telling else _nothing_tells())
        if rivals.heard:
            yield from ("", _testimony(rivals, plain=plain))


@frozen
class Clues:
    """Every fact in the order of dates, and the Bayes factors by prior scale."""

    rivals: Rivals

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Two tables."""
        plain = options.ascii_only
        yield _clues(self.rivals, self.rivals.clues, options.max_width, plain=plain)
        yield from ("", _factors(self.rivals, plain=plain))


def _accounts(rivals: Rivals, *, plain: bool) -> Table:
    said = (">what was said, bits",) if rivals.heard else ()
    mark = "+-" if plain else "±"
    rows = table("", "account", ">probability", f">surprise, bits {mark} standard error", *said)
    for number, rival in enumerate(rivals.rivals, 1):
        evidence = rival.main.log_evidence
        testimony = [f"{-rival.testimony * BITS:.1f}"] if rivals.heard else []
        surprise = f"{-evidence.mean * BITS:.1f} {mark} {evidence.se * BITS:.1f}"
        name = printable(words_of(rival.name), plain=plain)
        rows.add_row(str(number), name, percent(rival.posterior), surprise, *testimony)
    return rows


def _clues(rivals: Rivals, clues: tuple[Clue, ...] | list[Clue], width: int, *, plain: bool) -> Table:
    """How surprising each fact is under each account, in bits."""
    numbers = range(1, len(rivals.rivals) + 1)
    rows = table("where the evidence lies: surprise in bits under each account", *(f">{number}" for number in numbers))
    words = max(width - 5 * len(rivals.rivals) - 1, 24)
    for clue in clues:
        id = f" [{clue.fact}]"
        what = cut(clean(clue.what.rstrip(".")), words - len(id), plain=plain)
        bits = (f"{max(clue.bits[rival.name], 0.0):.1f}" for rival in rivals.rivals)
        rows.add_row(Text.assemble(printable(what, plain=plain), (id, "dim")), *bits)
    return rows


def _nothing_tells() -> Text:
    return Text(f"No fact is more surprising under one account than under another by {TELLING:.0f} bit or more.")


def _factors(rivals: Rivals, *, plain: bool) -> Table:
    """The best account against each other one: the Bayes factor with its interval, by prior scale."""
    others = [(against, list(factors)) for against, factors in groupby(rivals.factors, key=lambda each: each.against)]
    scales = [f">priors x {factor.scale:g}" for factor in others[0][1]] if others else []
    first = printable(f"Bayes factor of {rivals.rivals[0].name} against", plain=plain).plain
    rows = table(first, *scales, ">without dates")
    for against, factors in others:
        rows.add_row(printable(against, plain=plain), *map(_interval, factors), f"{exp(factors[0].answers):.2f}")
    return rows


def _interval(factor: Factor) -> str:
    ratio = factor.log_factor
    return f"{exp(ratio.mean):.2g} ({exp(ratio.low):.2g} to {exp(ratio.high):.2g})"


def _testimony(rivals: Rivals, *, plain: bool) -> Table:
    """Who says what, who gains by it, and how likely it would be said under each account."""
    rows = table(
        "testimony: who would say this if",
        *(f">{printable(rival.name, plain=plain).plain}" for rival in rivals.rivals),
    )
    for statement in rivals.heard:
        words = Text("\n").join([
            Text.assemble((f"{statement.by or statement.source}: ", "bold"), printable(statement.says, plain=plain)),
            printable(f"interest: {statement.stake}", plain=plain, style="dim"),
            printable(statement.note, plain=plain, style="dim"),
        ])  # fmt: skip
        rows.add_row(words, *(f"{statement.likely[rival.name]:.2f}" for rival in rivals.rivals))
    return rows


def sentence(rivals: Rivals) -> str:
    """Which account the record supports, if any."""
    if rivals.verdict is None:
        ranked = sorted(rivals.rivals, key=lambda rival: -rival.posterior)
        leading = listed([f"“{words_of(rival.name)}” {percent(rival.posterior)}" for rival in ranked[:LEADING]])
        rest = f", {many(len(ranked) - LEADING, 'other')} less" if len(ranked) > LEADING else ""
        return (
            f"In this model the record does not decide between the {many(len(rivals.rivals), 'account')} of "
            f"{words_of(rivals.topic)} ({leading}{rest}): {rivals.why_not}."
        )
    best = next(rival for rival in rivals.rivals if rival.name == rivals.verdict)
    return (
        f"In this model the record speaks for the account “{words_of(best.name)}”, however wide the priors are: "
        f"{percent(best.posterior)} among the {many(len(rivals.rivals), 'account')} listed."
    )


def parts(rivals: Rivals) -> Iterator[RenderableType]:
    """The accounts, where the evidence lies, what the probabilities mean, the next command."""
    yield from ("", Accounts(rivals), "")
    yield Line(
        "Probabilities are among the accounts listed, equally probable before. Surprise is -log2 of the probability: "
        "the account with less of it fits better, by a factor of 2 for each bit.", "dim",
    )  # fmt: skip
    yield Line("Next: the same with --by-fact for every fact, or with --testimony to weigh what was said")


def details(rivals: Rivals) -> Iterator[RenderableType]:
    """What ``--by-fact`` adds: every fact, and the Bayes factors."""
    yield from ("", Clues(rivals))


def rows(rivals: Rivals) -> Rows:
    """One per account and prior scale."""
    return [
        {
            "topic": rivals.topic, "account": rival.name, "prior": rival.prior, "posterior": rival.posterior,
            "scale": weighed.scale, "log_evidence": weighed.log_evidence.mean, "se": weighed.log_evidence.se,
            "choice": weighed.answers,
        }
        for rival in rivals.rivals
        for weighed in rival.weighed
    ]  # fmt: skip
