"""The setting of a run: what a room needs to know of a scenario, without the parts played in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from attrs import field, frozen

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.trust import Trust
from negosim.sim.delays import Between

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.actors import Actor
    from negosim.core.time import Calendar
    from negosim.core.trust import Aspect
    from negosim.core.views import Table
    from negosim.sim.decisions import Weight

CHANGE, GIVEN, DELIVERY, ACT, DEADLINE = range(5)
"""What comes first within a minute, after the parts that begin in it."""


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
    note: str = field(kw_only=True)


class DueGiven(NamedTuple):
    """A given as a room needs it: where Nature chooses its hour, by which law, and its events."""

    address: str
    law: Between
    given: Given
    announced: e.Announced
    happened: e.Happened

    @classmethod
    def of(cls, given: Given) -> DueGiven:
        """The given with its events and its law."""
        return cls(
            f"{NATURE}.hour[{given.what}]",
            Between(0, given.latest - given.earliest),
            given,
            e.Announced(given.what, NATURE.id, "given", given.earliest),
            e.Happened(given.what, NATURE.id, given.to),
        )


@frozen(kw_only=True)
class Setting:
    """What a room needs: the table, the clock, the priors of weights, the givens, the limits.

    A scenario computes its setting once; all its runs share it, with what follows from it:
    ``trust`` by viewer, ``drawn_weights`` as (actor, attribute, address, prior), ``due`` givens.
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
    trust: Mapping[str, Trust] = field(init=False, eq=False, repr=False)
    drawn_weights: tuple[tuple[str, str, str, Weight], ...] = field(init=False, eq=False, repr=False)
    due: tuple[DueGiven, ...] = field(init=False, eq=False, repr=False)

    @trust.default
    def _trust_by_viewer(self) -> Mapping[str, Trust]:
        trust: dict[str, Trust] = {}
        for initial in self.initial_trust:
            counted = trust.setdefault(initial.viewer.id, Trust())
            counted.add(initial.aspect, initial.of.id, initial.good, initial.bad)
        return trust

    @drawn_weights.default
    def _weights_with_addresses(self) -> tuple[tuple[str, str, str, Weight], ...]:
        return tuple(
            (actor.id, name, f"{actor}.weight[{name}]", prior)
            for actor, priors in self.weights.items()
            for name, prior in priors.items()
        )

    @due.default
    def _givens_with_events(self) -> tuple[DueGiven, ...]:
        return tuple(map(DueGiven.of, self.givens))

    def trust_of(self, viewer: str) -> Trust:
        """The trust of one actor at the start."""
        return self.trust.get(viewer) or Trust()
