"""A bargaining on the page: its sentence and its drawing, of the simulated course that bears the record out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.errors import NotFound
from negosim.parts.outcome import bargain_of
from negosim.report.bargaining.plot import plot
from negosim.report.bargaining.screen import sentence
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from negosim.core.events import Entry
    from negosim.report.wording.sentences import Speaker
    from negosim.sim.scenario import Scenario


@frozen
class Bargained:
    """What a reader sees of a bargaining: the finding, and both sides' utilities as a drawing."""

    finding: str
    drawing: Markup


def bargained(scenario: Scenario, entries: Iterable[Entry], speaker: Speaker) -> Bargained | None:
    """The bargaining of two parties in a course of a scenario; None where there is none to draw."""
    try:
        bargain = bargain_of(scenario, entries)
    except NotFound:
        return None
    if len(bargain.parties) != 2 or not bargain.path:
        return None
    first, second = (clean(speaker.name(party)) for party in bargain.parties)
    return Bargained(sentence(bargain, speaker), plot(bargain, (first, second)))
