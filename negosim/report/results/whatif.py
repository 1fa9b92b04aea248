"""A what-if on the screen: outcome bars, which assumption matters, the figures, the conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.lab.counterfactual.results import NOTE, SIGN
from negosim.report.terminal.bars import blades, spread, wings
from negosim.report.terminal.colours import AMBER, BLUE, PURPLE
from negosim.report.terminal.tables import table
from negosim.report.wording.assumptions import assumption, assumptions
from negosim.report.wording.numbers import NONE, many, share
from negosim.report.wording.phrases import (
    listed,
    listed_first,
    percent,
    points,
    quoted,
    share_range,
)
from negosim.report.wording.text import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.lab.counterfactual.results import Answer, WhatIf
    from negosim.report.results import Rows

MOST = 6
"""Addresses shown of each kind."""
BLADES, STEADY = 8, 0.02
"""Assumptions shown in a tornado, and how far one must move an effect to be among them."""
BAR, HALF, VALUES = 24, 16, 26
AS_ASKED = "as asked"
"""The name of the answer itself among its variants."""


def parts(answer: WhatIf) -> Iterator[RenderableType]:
    """The parts of an answer below its finding, in the order in which they are to be read."""
    yield from (Words(answer.asks), Words(f"{NOTE}; changed: {', '.join(answer.changes)}", "dim"))
    for warning in answer.warnings:
        yield Words(f"note: {warning}", AMBER)
    if not answer.refused:
        yield from ("", Bars(answer.outcomes))
        for one in answer.outcomes:
            if one.depends_on:
                yield Words(f"{one.name} depends on: {assumptions(one.depends_on)}", AMBER)
            if one.presupposed_by:
                more = f", and {len(one.presupposed_by) - MOST} more" if len(one.presupposed_by) > MOST else ""
                yield Words(
                    f"{one.name}: that it happens without the change is no finding, for what is conditioned on "
                    f"presupposes it ({', '.join(one.presupposed_by[:MOST])}{more})",
                    AMBER,
                )
        for one in answer.outcomes:
            if one.variants:
                yield from ("", Words(f"which assumption matters to {one.name}", "bold"), Tornado(one))
        yield from ("", Words("figures", "bold"), Figures(answer.outcomes))
    yield from ("", *_conditions(answer))


@frozen
class Words:
    """A line of plain text that fits any alphabet."""

    words: str
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The text, wrapped."""
        yield told(self.words, plain=options.ascii_only, style=self.style)


@frozen
class Bars:
    """Two bars per outcome, without and with the change, and the signed difference.

    The bar with the change is shaded over the range of all variants.
    """

    outcomes: tuple[Answer, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table, two rows per outcome, then how to read it."""
        plain = options.ascii_only
        rows = table("outcome", "", "", ">share", "difference")
        for one in self.outcomes:
            name = told(one.name, plain=plain, style="bold")
            without = spread(one.factual, one.factual, one.factual, BAR, plain=plain, style=BLUE)
            change = spread(one.counterfactual, *one.range, BAR, plain=plain, style=PURPLE)
            settled = not doubts(one)
            rows.add_row(name, "without", without, share(one.factual), Text(_documented(one), "dim"))
            rows.add_row(
                "", "with", change, share(one.counterfactual),
                Text.assemble((_signed(one.effect), "bold" if settled else ""), f" ({_span(one.low, one.high)})"),
            )  # fmt: skip
        yield rows
        yield Text("difference: with its 95 % interval; shaded: the range over all assumptions; tick: as asked", "dim")
        for one in self.outcomes:
            words = (told(said, plain=plain, style="dim") for said in (f"{one.name}: ", one.what))
            yield Text.assemble(*words)


def _documented(one: Answer) -> str:
    return f"documented: {'yes' if one.happened else 'no'}"


@frozen
class Tornado:
    """How far the effect moves under each assumption, the one that matters most first.

    Left of the axis it gets smaller, right of it larger; the axis is the effect as it was asked.
    """

    one: Answer

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A line per assumption, then those left out."""
        plain, one = options.ascii_only, self.one
        found = blades(one.effect, [(name, twin - here) for name, here, twin in one.variants])
        shown = [blade for blade in found[:BLADES] if blade.high - blade.low >= STEADY]
        reach = max((max(one.effect - blade.low, blade.high - one.effect) for blade in shown), default=0.0)
        rows = table("assumption", _signed(one.effect).center(2 * HALF + 1), ">effect")
        for blade in shown:
            crosses = blade.low <= 0 <= blade.high
            name = told(blade.name, plain=plain)
            name.overflow, name.no_wrap = "crop" if plain else "ellipsis", True
            rows.add_row(
                name, wings(blade, one.effect, reach, HALF, plain=plain),
                Text(f"{_span(blade.low, blade.high)}{' spans 0' if crosses else ''}", AMBER if crosses else ""),
            )  # fmt: skip
        rows.columns[0].max_width = max(options.max_width - 2 * HALF - VALUES, 12)
        if shown:
            yield rows
        left = len(found) - len(shown)
        if not shown:
            yield Text(f"none of {many(left, 'assumption')} moves it by {STEADY:.2f}".replace(" 0.", " ."), "dim")
        elif left:
            less = "less" if len(shown) == BLADES else f"under {STEADY:.2f}".replace("0.", ".")
            move = "moves" if left == 1 else "move"
            yield Text(f"{many(left, 'other assumption')} {move} it by {less}", "dim")


@frozen
class Figures:
    """The figures of every outcome: ranges, effects over weights, necessity and sufficiency."""

    outcomes: tuple[Answer, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table, then what its heads stand for."""
        plain = options.ascii_only
        rows = table("outcome", ">range with", ">over weights", ">of record", ">PN", ">PS")
        for one in self.outcomes:
            weights = NONE
            if one.weights_low is not None and one.weights_high is not None:
                weights = _span(one.weights_low, one.weights_high)
            causes = one.causes
            rows.add_row(
                told(one.name, plain=plain),
                f"{share(one.range[0])} to {share(one.range[1])}", weights, share(one.pn_record),
                share(causes.pn if causes else None), share(causes.ps if causes else None),
            )  # fmt: skip
        yield rows
        yield Text(
            "range with: smallest and largest share over all assumptions; over weights: 10 to 90 % of the effect; "
            "of record: of the worlds with the documented outcome, how many lose it; PN, PS: necessity and "
            "sufficiency over free runs",
            "dim",
        )


def _conditions(answer: WhatIf) -> Iterator[RenderableType]:
    k = "none" if answer.pareto_k is None else f"{answer.pareto_k:.2f}"
    yield Words(
        f"{answer.worlds} of {answer.n} replays, worth {answer.ess:.0f}; Pareto k {k}; asked in "
        f"{answer.asked_in} of {answer.worlds}; {answer.affected:.0%} of the worlds differ; "
        f"{answer.false_alarms:.1f} false alarms a world",
        "dim",
    )
    for name, one in answer.episodes.items():
        ancestors = "" if one.least is None else f", {one.typical:.0f} ancestors (at one address {one.least:.0f})"
        yield Words(f"distinct in {name}: {one.paths} paths{ancestors}", "dim")
    facts = ", ".join(answer.facts) or "none"
    yield Words(f"conditioned on {len(answer.decisions)} decisions and on the facts: {facts}", "dim")
    for kind, shares in answer.addresses.items():
        if shares and not answer.refused:
            named = ", ".join(f"{name} {part:.0%}" for name, part in list(shares.items())[:MOST])
            more = f", and {len(shares) - MOST} more" if len(shares) > MOST else ""
            yield Words(f"{kind}: {named}{more}", "dim")


def _signed(value: float) -> str:
    """A difference of shares as ``+.37``; none has no sign."""
    return f"{value:+.2f}".replace("0.", ".", 1) if abs(value) >= 0.005 else ".00"


def _span(low: float, high: float) -> str:
    return f"{_signed(low)} to {_signed(high)}"


def sentence(answer: WhatIf) -> str:
    """Whether the outcome asked about would have been otherwise."""
    if answer.refused:
        return f"No answer in this model: {answer.refused}."
    if not answer.outcomes:
        return "No answer in this model: no outcome was asked about."
    one = answer.outcomes[0]
    return f"In this model {_effect(one)}; given {_evidence(answer)}."


def has_sign(one: Answer) -> bool:
    """Whether an effect has one sign all through.

    Looked at are the Monte Carlo interval, the interval over preference weights where there is
    one, and the range over every variant.
    """
    intervals = [(one.effect, one.effect), (one.low, one.high), one.effect_range]
    if one.weights_low is not None and one.weights_high is not None:
        intervals.append((one.weights_low, one.weights_high))
    one_side = all(low > 0 for low, _ in intervals) or all(high < 0 for _, high in intervals)
    return one_side and abs(one.effect) >= SIGN


def is_settled(one: Answer) -> bool:
    """Whether an effect has a sign, and the changed world lies on one side of one half all through.

    The range of its share is widened by half the effect's Monte Carlo interval, since the share
    has an error of about that size.
    """
    error = (one.high - one.low) / 2
    low, high = one.range
    return has_sign(one) and not low - error <= 0.5 <= high + error and not one.depends_on


def doubts(one: Answer) -> tuple[str, ...]:
    """Why the sign of an effect is not settled, in words; none where it is."""
    if has_sign(one):
        return ()
    found = []
    if one.low <= 0 <= one.high or abs(one.effect) < SIGN:
        found.append("is within the reach of chance")
    if one.effect_range[0] <= 0 <= one.effect_range[1]:
        found.append("spans zero over the assumptions")
    if one.weights_low is not None and one.weights_high is not None and one.weights_low <= 0 <= one.weights_high:
        found.append("spans zero over the preference weights")
    return tuple(found or ["has more than one sign"])


def _effect(one: Answer) -> str:
    """Three strengths: nothing settled, the sign alone, or the sign and the side of one half."""
    shares = f"{share_range(*one.range)} of the worlds with the change, {percent(one.factual)} without it"
    difference = f"{points(one.effect)} points (95 %: {points(one.low)} to {points(one.high)})"
    depends = f"; depends on {listed_first(map(assumption, one.depends_on))}" if one.depends_on else ""
    if not has_sign(one):
        return (
            f"it is not settled whether {quoted(one.what)} comes about more or less often with the change: {shares}, "
            f"and the difference, {difference}, {listed(doubts(one))}{depends}"
        )
    more = "more" if one.effect > 0 else "less"
    if not is_settled(one):
        return (
            f"{quoted(one.what)} comes about {more} often with the change than without it: {shares}, a difference of "
            f"{difference}; on which side of one half is not settled{depends}"
        )
    said = f"would have been {more} likely, {'above' if one.counterfactual > 0.5 else 'below'} one half"
    if (one.factual > 0.5) == (one.counterfactual > 0.5):
        said += " as without the change"
    return f"{quoted(one.what)} {said}: {shares}, a difference of {difference}"


def _evidence(answer: WhatIf) -> str:
    facts = f" and {many(len(answer.facts), 'fact')}" if answer.facts else " alone"
    return f"{many(len(answer.decisions), 'imposed choice')}{facts}, in {answer.worlds} worlds worth {answer.ess:.0f}"


def rows(answer: WhatIf) -> Rows:
    """One per outcome and assumption, the answer as it was asked first; none where it is refused."""
    if answer.refused:
        return []
    return [
        {
            "question": answer.question, "outcome": one.name, "documented": one.happened, "assumption": name,
            "without": here, "with": twin, "effect": twin - here,
            "low": one.low if name == AS_ASKED else None, "high": one.high if name == AS_ASKED else None,
        }
        for one in answer.outcomes
        for name, here, twin in ((AS_ASKED, one.factual, one.counterfactual), *one.variants)
    ]  # fmt: skip
