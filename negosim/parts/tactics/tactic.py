"""What a tactic is: at every turn it names a proposal, and says whether it would rather accept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negosim.parts.tactics.course import Course

FULL = 1000
"""The attribute, in thousandths, of what a tactic would do; of everything else it is 0."""


class Tactic(ABC):
    """A tactic reads the course and has no memory of its own, so runs cannot disturb one another.

    ``Bidding`` turns it into reasons: each tactic is an attribute of the alternatives, and the
    actor's weight for the tactic says how strictly it is followed. A tactic is written by its
    ``proposal``; the others are overridden where it needs more.
    """

    __slots__ = ()

    @abstractmethod
    def proposal(self, course: Course) -> int:
        """The outcome this tactic would propose now, by its place in the domain."""

    def accepts(self, course: Course, offered: int, proposal: int) -> bool:
        """Whether it would rather accept than make its proposal.

        AC_next (Baarslag et al. 2014): yes, if the offer is worth at least its own next proposal.
        """
        return course.utility(offered) >= course.utility(proposal)

    def attributes(self, course: Course, weighed: list[int], proposal: int) -> tuple[list[int], int]:
        """How strongly the tactic, with this ``proposal``, speaks for each of these outcomes, and for accepting."""
        offered = course.on_table
        if offered is not None and self.accepts(course, offered, proposal):
            return [0] * len(weighed), FULL
        return [FULL if place == proposal else 0 for place in weighed], 0
