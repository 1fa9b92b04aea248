"""A what-if on the screen: the range first, then the figures, then the conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from negosim.lab.answers import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.answers import Answer, WhatIf

MOST = 6
"""Addresses shown of each kind."""


def show(answer: WhatIf) -> Iterator[RenderableType]:
    """The parts of an answer, in the order in which they are to be read."""
    yield Text(answer.asks, "bold")
    if answer.refused:
        yield Text(f"no answer: {answer.refused}", "bold red")
    elif answer.outcomes:
        yield _first(answer.outcomes[0])
    yield Text(f"{NOTE}; changed: {', '.join(answer.changes)}", "dim")
    for warning in answer.warnings:
        yield Text(f"note: {warning}", "yellow")
    if not answer.refused:
        yield ""
        yield _table(answer)
        yield ""
        yield from _dependences(answer)
    yield from _conditions(answer)


def _first(one: Answer) -> Text:
    low, high = one.range
    return Text(
        f"{one.what} With the change {low:.2f} to {high:.2f}, "
        f"without it {one.factual:.2f} (documented: {'yes' if one.happened else 'no'})"
    )


def _table(answer: WhatIf) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("outcome")
    for heading in ("range", "without", "with", "effect", "95 %", "over weights", "of record", "PN", "PS"):
        table.add_column(heading, justify="right")
    for one in answer.outcomes:
        weights = None if one.weights_low is None or one.weights_high is None else (one.weights_low, one.weights_high)
        causes = one.causes
        table.add_row(
            one.name,
            _span(one.range), f"{one.factual:.2f}", f"{one.counterfactual:.2f}", f"{one.effect:+.2f}",
            _span((one.low, one.high)), _span(weights), _figure(one.pn_record),
            _figure(causes.pn if causes else None), _figure(causes.ps if causes else None),
        )  # fmt: skip
    return table


def _dependences(answer: WhatIf) -> Iterator[Text]:
    for one in answer.outcomes:
        if one.depends_on:
            yield Text(f"{one.name} depends on: {', '.join(one.depends_on)}", "yellow")


def _conditions(answer: WhatIf) -> Iterator[Text]:
    k = "none" if answer.pareto_k is None else f"{answer.pareto_k:.2f}"
    yield Text(
        f"{answer.worlds} of {answer.n} replays, worth {answer.ess:.0f}; Pareto k {k}; asked in "
        f"{answer.asked_in} of {answer.worlds}; {answer.affected:.0%} of the worlds differ; "
        f"{answer.false_alarms:.1f} false alarms a world",
        "dim",
    )
    distinct = ", ".join(f"{name} {count}" for name, count in answer.distinct.items())
    yield Text(f"distinct: {distinct}", "dim")
    facts = ", ".join(answer.facts) or "none"
    yield Text(f"conditioned on {len(answer.decisions)} decisions and on the facts: {facts}", "dim")
    for kind, shares in answer.addresses.items():
        if shares:
            named = ", ".join(f"{name} {share:.0%}" for name, share in list(shares.items())[:MOST])
            more = f", and {len(shares) - MOST} more" if len(shares) > MOST else ""
            yield Text(f"{kind}: {named}{more}", "dim")


def _span(pair: tuple[float, float] | None) -> str:
    return "" if pair is None else f"{pair[0]:.2f}..{pair[1]:.2f}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
