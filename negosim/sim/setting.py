"""The setting of a run: what a room needs to know of a scenario, without the parts played in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.actors import Actor
    from negosim.core.time import Calendar
    from negosim.core.trust import Aspect
    from negosim.core.views import Table
    from negosim.sim.decisions import Weight


@frozen
class Given:
    """Something that happens whatever the actors do: ``what``, between two minutes.

    ``known``: the minute from which it stands in everybody's calendar; None: it comes unannounced.
    """

    what: str
    earliest: int
    latest: int
    known: int | None = None
    to: str = ""


@frozen
class InitialTrust:
    """Trust at the start: ``viewer`` counts ``good`` and ``bad`` thousandths about ``of``."""

    viewer: Actor
    of: Actor
    aspect: Aspect
    good: int
    bad: int
    note: str


@frozen(kw_only=True)
class Setting:
    """What a room needs: the table, the clock, the priors of weights, the givens, the limits.

    A scenario computes its setting once; all its runs share it.
    """

    name: str
    table: Table
    calendar: Calendar
    ends: int
    weights: Mapping[Actor, Mapping[str, Weight]]
    mechanisms: Mapping[str, bool]
    happenings: tuple[str, ...]
    initial_trust: tuple[InitialTrust, ...]
    givens: tuple[Given, ...]
    entries_max: int

    def trust_of(self, viewer: str) -> Trust:
        """The trust of one actor at the start."""
        trust = Trust()
        for initial in self.initial_trust:
            if initial.viewer.id == viewer:
                trust = trust.saw(initial.aspect, initial.of.id, initial.good, initial.bad)
        return trust
