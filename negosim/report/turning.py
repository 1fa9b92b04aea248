"""When was it decided: a row to a decision, a column to an outcome, errors beside every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from negosim.lab.answers import NOTE
from negosim.report.words import day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from negosim.lab.turning import Became, Turn, Turns


def show(found: Turns, title: str) -> Iterator[RenderableType]:
    """The parts, in the order in which they are to be read."""
    yield Text(f"{title}: how likely each outcome had become after each documented decision", "bold")
    yield Text(f"up to {found.n} fresh continuations each; {NOTE}", "dim")
    yield ""
    yield _table(found)
    yield Text("* moved by more than the 95 % error of the difference; worth: effective continuations", "dim")
    for number, outcome in enumerate(found.outcomes, 1):
        yield Text(f"{number} {outcome.id}: {outcome.target.what} ({'yes' if outcome.happened else 'no'})", "dim")
    if found.unreached:
        yield Text(f"no replay came to {found.unreached[0].address}; {len(found.unreached)} decisions are left out")


def _table(found: Turns) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("by", "after", "worth", *map(str, range(1, len(found.outcomes) + 1))):
        table.add_column(heading, justify="left" if heading in ("by", "after") else "right", no_wrap=heading != "after")
    for turn in found.turns:
        decision = turn.decision
        table.add_row(
            day(found.calendar.local(decision.latest if decision else 0)),
            f"{decision.address}={decision.chose}" if decision else "the start",
            f"{turn.ess:.0f}",
            *(_figure(one, turn) for one in turn.outcomes),
        )
    return table


def _figure(one: Became, turn: Turn) -> str:
    """A share with half its interval's width; ``*`` where the outcome turned."""
    mark = "*" if one.name in turn.turned else ""
    return f"{mark}{_short(one.probability)}±{_short(one.half)}"


def _short(share: float) -> str:
    return f"{share:.2f}".removeprefix("0")
