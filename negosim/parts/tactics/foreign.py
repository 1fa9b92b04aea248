"""A negotiator of NegMAS in a seat, so that its tactics play in our calendar.

NegMAS is under the AGPL, so neither this package nor any of its extras depends on it, and nothing of
it is imported here: the story's author installs it, makes the negotiator and hands it over. All that is
used are its two methods, ``propose(state)`` and ``respond(state)``.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from negosim.core.errors import BadValue
from negosim.parts.tactics.tactic import Tactic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from negosim.parts.domain import Domain
    from negosim.parts.tactics.course import Course


class Negotiator(Protocol):
    """What is used of a negotiator of NegMAS (0.16: ``SAONegotiator``)."""

    def propose(self, state: Any) -> Any:
        """An outcome as a tuple of values, or something that has one as ``outcome``."""

    def respond(self, state: Any) -> Any:
        """A response called ``ACCEPT_OFFER``, or another one."""


class Foreign(Tactic):
    """A tactic that asks a NegMAS negotiator, which sees a state of its own kind at every turn.

    ``make`` returns a negotiator that has joined a mechanism over the same issues and has its utility
    function. Such a negotiator remembers, so the tactic makes a new one whenever a course begins: two runs
    never share one. ``options`` are the names the options have in NegMAS, issue by issue in the domain's order.

    The state has the share of time elapsed as ``relative_time``, the number of own proposals as ``step``,
    the offer to be answered as ``current_offer`` and ``other`` as who made it; ``state_type`` may be
    NegMAS's ``SAOState``. Negotiators that draw random numbers take them from Python's global generators,
    so a run with one is not repeatable; the deterministic ones (Boulware, Linear, Conceder, MiCRO) are.
    """

    __slots__ = ("_course", "_make", "_names", "_negotiator", "_places", "_proposal", "_state_type", "_turn")

    def __init__(
        self, make: Callable[[], Negotiator], domain: Domain, options: Sequence[Sequence[Any]],
        state_type: Callable[..., Any] = SimpleNamespace,
    ) -> None:  # fmt: skip
        sizes = [len(issue) for issue in domain.issues]
        if [len(names) for names in options] != sizes:
            raise BadValue(f"domain {domain.name!r} has {sizes} options an issue, NegMAS {[len(x) for x in options]}")
        self._make, self._state_type = make, state_type
        self._names = _product(options)
        self._places = {names: place for place, names in enumerate(self._names)}
        self._course: Course | None = None
        self._turn: tuple[int, int] | None = None
        self._negotiator: Negotiator | None = None
        self._proposal = 0

    def proposal(self, course: Course) -> int:
        """What the negotiator proposes now; asked once a turn. Its best outcome where it has none."""
        turn = len(course.mine), len(course.theirs)
        if self._course is not course:
            self._course, self._turn, self._negotiator = course, None, self._make()
        if self._turn != turn:
            self._turn = turn
            outcome = self._asked().propose(self._state(course))
            outcome = getattr(outcome, "outcome", outcome)
            place = course.preferences.ranking[0] if outcome is None else self._places.get(tuple(outcome))
            if place is None:
                raise BadValue(f"the negotiator proposes {outcome!r}, which is no outcome of the domain")
            self._proposal = place
        return self._proposal

    def accepts(self, course: Course, offered: int, proposal: int) -> bool:  # noqa: ARG002 - it judges by its state
        """Whether the negotiator says ``ACCEPT_OFFER``."""
        response = self._asked().respond(self._state(course))
        response = getattr(response, "response", response)
        return bool(getattr(response, "name", response) == "ACCEPT_OFFER")

    def _asked(self) -> Negotiator:
        if self._negotiator is None:
            self._negotiator = self._make()
        return self._negotiator

    def _state(self, course: Course) -> Any:
        offer = None if course.on_table is None else self._names[course.on_table]
        return self._state_type(
            running=True, started=True, step=len(course.mine), time=float(course.now - course.begins),
            relative_time=course.elapsed, n_negotiators=2, current_offer=offer,
            current_proposer=None if offer is None else "other",
        )  # fmt: skip


def _product(options: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """All outcomes under NegMAS's names, in the order of the domain's."""
    outcomes: list[tuple[Any, ...]] = [()]
    for names in options:
        outcomes = [(*so_far, name) for so_far in outcomes for name in names]
    return outcomes
