"""What a check found: mistakes first, then which choices matter to which facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.report.colours import AMBER, RED
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import share
from negosim.report.wording.text import ascii_only, clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.lab.calibration.results import Depth, Problem

STYLES = {"error": f"bold {RED}", "remark": AMBER}


@frozen
class Problems:
    """One line per problem, as it was found."""

    found: tuple[Problem, ...]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The severity, then the text."""
        for problem in self.found:
            words = "\n".join(clean(line) for line in problem.text.splitlines())
            words = "\n".join(map(ascii_only, words.splitlines())) if options.ascii_only else words
            yield Text.assemble((f"{problem.severity}: ", STYLES[problem.severity]), words)


def sections(depth: Depth) -> Iterator[tuple[str, RenderableType]]:
    """The parts of a deep check, each with its heading; empty ones are left out."""
    if depth.problems:
        yield "problems", Problems(depth.problems)
    if depth.imposed:
        yield "documented choices", _imposed(depth)
    if depth.undoing:
        yield "which choices undo which fact", _undoing(depth)
    for heading, names in (
        ("choices that change nothing", depth.idle),
        ("facts that no flip undoes", depth.inert),
        ("what no choice reads", depth.unread),
    ):
        if names:
            yield heading, Text(", ".join(names))


def _imposed(depth: Depth) -> RenderableType:
    rows = table("fact", "at", "taken", ">asked in time", ">chosen")
    for decision in depth.imposed:
        never = decision.reached_in == 0
        rows.add_row(
            decision.fact,
            decision.address,
            decision.chose,
            f"{decision.reached_in} of {depth.n}",
            share(decision.chosen),
            style=f"bold {RED}" if never else AMBER if decision.reached_in < depth.n else "",
        )
    return rows


def _undoing(depth: Depth) -> RenderableType:
    rows = table("fact", "undone by another answer at")
    for fact, addresses in depth.undoing:
        rows.add_row(fact, ", ".join(addresses))
    return rows
