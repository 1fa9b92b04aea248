"""A bargaining on the screen: one sentence, the path of offers, the solutions with their distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from negosim.report.terminal.tables import table
from negosim.report.wording.text import clean
from negosim.stores.exports.text import name_isolated

if TYPE_CHECKING:
    from rich.console import RenderableType

    from negosim.core.time import Calendar
    from negosim.parts.outcome import Bargain
    from negosim.report.wording.sentences import Speaker

MILLION = 1_000_000
SHOWN = 12
"""Proposals of a path that fit a screen; of a longer one the first and the last are shown."""


def sentence(bargain: Bargain, speaker: Speaker) -> str:
    """The answer: who agreed on what, and how good that is for both; or that nobody did."""
    parties = [name_isolated(clean(speaker.name(party))) for party in bargain.parties]
    together = f"{', '.join(parties[:-1])} and {parties[-1]}"
    proposals = len([step for step in bargain.path if not step.agreed])
    after = f"{proposals} proposal{'' if proposals == 1 else 's'}"
    if bargain.agreement is None:
        return f"{together} did not agree in this simulated course, after {after}."
    words = clean(speaker.wording.of(bargain.agreement.terms.slug))
    lost, nash = bargain.distances["Pareto frontier"], bargain.distances["Nash"]
    better = f"{lost:.2f} of utility off the Pareto frontier" if lost else "nobody could gain without another losing"
    far = "" if nash is None else f", {nash:.2f} from the Nash solution"
    return f"{together} agreed on {words} in this simulated course, after {after}: {better}{far}."


def sections(bargain: Bargain, speaker: Speaker, calendar: Calendar) -> list[tuple[str, RenderableType]]:
    """The path of offers and the solutions, each as a heading and a table. Utilities run from 0 to 1."""
    return [
        ("The path of offers, and what each would be worth", _path(bargain, speaker, calendar)),
        ("Solutions of bargaining theory, and how far the result lies from each", _solutions(bargain, speaker)),
    ]


def _path(bargain: Bargain, speaker: Speaker, calendar: Calendar) -> RenderableType:
    rows = table("date", "by", "proposal", *(f">{clean(speaker.name(party))}" for party in bargain.parties))
    steps = bargain.path
    hidden = len(steps) - SHOWN
    for number, step in enumerate(steps):
        if hidden > 0 and SHOWN // 2 <= number < SHOWN // 2 + hidden:
            if number == SHOWN // 2:
                rows.add_row("", "", Text(f"{hidden} more proposals", "dim"))
            continue
        local = calendar.local(step.minute)
        words = clean(speaker.wording.of(step.terms.slug))
        rows.add_row(
            f"{local.day} {local:%b}", clean(speaker.name(step.by)), Text(f"agrees: {words}" if step.agreed else words),
            *(_utility(value) for value in step.utilities),
        )  # fmt: skip
    return rows


def _solutions(bargain: Bargain, speaker: Speaker) -> RenderableType:
    rows = table("solution", "package", *(f">{clean(speaker.name(party))}" for party in bargain.parties), ">distance")
    distances = bargain.distances
    for name, places in bargain.solutions.items():
        for number, place in enumerate(places[:3]):
            far = distances[name] if number == 0 else None
            rows.add_row(
                name if number == 0 else "", Text(clean(speaker.wording.of(bargain.outcomes[place].slug))),
                *(_utility(value) for value in bargain.points[place]), "" if far is None else f"{far:.2f}",
            )  # fmt: skip
        if len(places) > 3:
            rows.add_row("", Text(f"{len(places) - 3} more that are as good", "dim"))
    frontier = distances["Pareto frontier"]
    if frontier is not None:
        count = f"{len(bargain.frontier)} of {len(bargain.outcomes)} packages"
        rows.add_row("Pareto frontier", Text(count), *("" for _ in bargain.parties), f"{frontier:.2f}")
    rows.add_row("no agreement", "", *(_utility(value) for value in bargain.disagreement), "")
    return rows


def _utility(value: int) -> str:
    return f"{value / MILLION:.2f}"
