"""Items: the pieces of evidence that the filter takes in, in the order in which they are settled."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.address import Address
from negosim.core.errors import NotFound
from negosim.core.events import Chose
from negosim.inference.conformance import is_borne_out
from negosim.inference.evidence import end_of, impositions, must_follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.events import Entry, Event
    from negosim.record.model import Certainty, Fact, Record, Target
    from negosim.sim.chance import Imposition
    from negosim.sim.scenario import Scenario

RELIABILITY: dict[Certainty, float] = {
    "documented": 0.98,
    "reported": 0.9,
    "inferred": 0.8,
    "disputed": 0.7,
}
"""How probable it is that a fact of this certainty is right: stated here, never tuned to a story."""


@frozen(kw_only=True)
class Item:
    """One piece of evidence: a documented decision, which is imposed, or a fact that must follow.

    Or a question that was ``unasked``: it never came up (one of open key: was nowhere answered so),
    for what is asked tells of who is asked.

    ``due`` is the minute by which it is settled. An item that fails multiplies the weight of its
    run by ``1 - reliability``, over the number of ``ways`` in which a decision could have come out:
    a source may err, and then no run weighs nothing. With a reliability of one it is certain.
    """

    name: str
    due: int
    imposition: Imposition | None = None
    unasked: Imposition | None = None
    fact: Fact | Target | None = None
    reliability: float = 1.0
    ways: float = 1.0

    @property
    def log_failing(self) -> float:
        """The logarithm of what failing multiplies the weight by."""
        return log((1 - self.reliability) / self.ways) if self.reliability < 1 else float("-inf")

    def is_borne_out(self, scenario: Scenario, entries: Sequence[Entry]) -> bool:
        """Whether a fact follows from a log that reaches its due minute; a decision is no fact."""
        if self.unasked is not None:
            return not any(_answers(self.unasked, entry.event) for entry in entries)
        return self.fact is not None and is_borne_out(self.fact, scenario, entries)


def items_of(record: Record, scenario: Scenario, *, without: Iterable[str] = ()) -> tuple[Item, ...]:
    """The items of a record in the order in which they are settled.

    Decisions and what follows from the model are items; givens, reports and background are not.
    ``without`` names items or facts to leave out. Raises NotFound for one that there is not.
    """
    certainty = {fact.id: RELIABILITY[fact.certainty] for fact in record.facts}
    decisions = [
        Item(
            name=imposition.address,
            due=imposition.latest,
            imposition=imposition,
            reliability=certainty[imposition.fact],
            ways=_ways(imposition, scenario),
        )
        for imposition in impositions(record)
    ]
    facts = [
        Item(name=fact.id, due=end_of(fact, record), fact=fact, reliability=certainty[fact.id])
        for fact in must_follow(record)
    ]
    left_out = set(without)
    known = {*certainty, *(item.name for item in (*decisions, *facts))}
    for name in sorted(left_out - known):
        raise NotFound("item of evidence", name, known)
    used = [
        item
        for item in (*decisions, *facts)
        if item.name not in left_out and not (item.imposition and item.imposition.fact in left_out)
    ]
    return in_order(used)


def _answers(imposition: Imposition, event: Event) -> bool:
    """Whether an event answers a question: of open key, so that it could be the one that is meant."""
    return (
        isinstance(event, Chose)
        and imposition.is_at(event.address)
        and (event.taken == imposition.chose or not imposition.is_open)
    )


def _ways(imposition: Imposition, scenario: Scenario) -> float:
    """How many answers, on how many such intervals of the clock, the decision might have had instead."""
    natural = Address.of(imposition.address).is_natural
    answers = 2 if natural else len(scenario.decision(imposition.address).menu)
    return answers * scenario.ends / (imposition.latest - imposition.earliest + 1)


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items by the minute that settles them; in the same minute, in the order given."""
    return tuple(sorted(items, key=lambda item: item.due))
