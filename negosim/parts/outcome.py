"""What a bargaining came to: the path of offers in utilities, beside the frontier and the solutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core.errors import NotFound
from negosim.core.events import Agreed, Offered
from negosim.parts.solutions.points import SOLUTIONS, distance, pareto
from negosim.parts.tactics.bidding import Bidding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from negosim.core.events import Entry
    from negosim.core.terms import Terms
    from negosim.parts.preferences import Preferences
    from negosim.parts.solutions.points import Point
    from negosim.sim.scenario import Scenario


@frozen
class Step:
    """One proposal, or the agreement: when, by whom, what, and everybody's utility of it in millionths."""

    minute: int
    by: str
    terms: Terms
    utilities: Point
    agreed: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain data, the terms by their slug."""
        return {
            "minute": self.minute, "by": self.by, "terms": self.terms.slug, "utilities": list(self.utilities),
            "agreed": self.agreed,
        }  # fmt: skip


@frozen(kw_only=True)
class Bargain:
    """A run of bargaining against the theory; utilities in millionths, undiscounted, one a party.

    ``points`` are all outcomes in the domain's order, ``frontier`` the places of those on the Pareto
    frontier, ``solutions`` the places of each solution, by name. ``path`` is what was proposed, oldest
    first; ``agreement`` its last step, or None.
    """

    parties: tuple[str, ...]
    outcomes: tuple[Terms, ...]
    points: tuple[Point, ...]
    disagreement: Point
    frontier: tuple[int, ...]
    solutions: Mapping[str, tuple[int, ...]]
    path: tuple[Step, ...]

    @property
    def agreement(self) -> Step | None:
        """The step by which there was an agreement."""
        return self.path[-1] if self.path and self.path[-1].agreed else None

    @property
    def distances(self) -> dict[str, float | None]:
        """How far the result lies from the frontier and from each solution, in utility, 0 at best.

        Without agreement the result is disagreement.
        """
        result = self.agreement.utilities if self.agreement else self.disagreement
        to_frontier = {"Pareto frontier": distance(result, self.points, self.frontier)}
        return to_frontier | {name: distance(result, self.points, places) for name, places in self.solutions.items()}

    def to_json(self) -> dict[str, Any]:
        """As plain data: outcomes by their slugs, utilities in millionths."""
        agreement = self.agreement
        return {
            "parties": list(self.parties),
            "disagreement": list(self.disagreement),
            "agreement": None if agreement is None else agreement.terms.slug,
            "frontier": [self._named(place) for place in self.frontier],
            "solutions": {name: [self._named(place) for place in places] for name, places in self.solutions.items()},
            "distances": self.distances,
            "path": [step.to_json() for step in self.path],
        }

    def _named(self, place: int) -> dict[str, Any]:
        return {"terms": self.outcomes[place].slug, "utilities": list(self.points[place])}


def bargain_of(scenario: Scenario, entries: Iterable[Entry]) -> Bargain:
    """The bargaining of a run: between the actors of the scenario that have a ``Bidding`` question.

    Where there are several domains, the one that most parties bargain over, the first declared of those. Raises
    NotFound when no two actors bargain over one domain.
    """
    tables: dict[str, dict[str, Preferences]] = {}
    for decision in scenario.decisions:
        if isinstance(decision, Bidding):
            wants = decision.preferences
            tables.setdefault(wants.domain.name, {}).setdefault(decision.actor.id, wants)
    table = max(tables.values(), key=len, default={})
    if len(table) < 2:
        raise NotFound("domain that two actors bargain over, each with a question made by bidding()", scenario.name)
    return bargain(table, entries)


def bargain(table: Mapping[str, Preferences], entries: Iterable[Entry]) -> Bargain:
    """The bargaining between parties whose preferences are known, by actor, over one domain.

    Offers of others, and of packages outside the domain, are left out.
    """
    wants = list(table.values())
    domain = wants[0].domain
    points = tuple(zip(*(x.utilities for x in wants), strict=True))
    disagreement = tuple(x.floor for x in wants)
    places = {terms: place for place, terms in enumerate(domain.outcomes)}
    return Bargain(
        parties=tuple(table),
        outcomes=domain.outcomes,
        points=points,
        disagreement=disagreement,
        frontier=pareto(points),
        solutions={name: find(points, disagreement) for name, find in SOLUTIONS.items()},
        path=tuple(_path(tuple(table), places, points, entries)),
    )


def _path(
    parties: Sequence[str], places: Mapping[Terms, int], points: Sequence[Point], entries: Iterable[Entry]
) -> Iterable[Step]:
    for entry in entries:
        event = entry.event
        if isinstance(event, Offered | Agreed) and event.by in parties and event.terms in places:
            point = points[places[event.terms]]
            yield Step(entry.minute, event.by, event.terms, point, isinstance(event, Agreed))
            if isinstance(event, Agreed):
                return
