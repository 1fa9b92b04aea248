"""No tactic at all: each outcome is as attractive as it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.parts.tactics.tactic import Tactic

if TYPE_CHECKING:
    from negosim.parts.tactics.course import Course


@frozen
class Logit(Tactic):
    """Speak for every outcome by its gain over no agreement (McFadden 1974; quantal response).

    The actor's weight for it is how many nats a gain of 1 adds: at 0 it chooses at random, with a
    large weight it always asks for the best and accepts only that. All outcomes are weighed, so the
    domain must be small enough to be listed at every turn (``Bidding.considers``).
    """

    def proposal(self, course: Course) -> int:
        """The best outcome, which is what an unfailing chooser would ask for."""
        return course.preferences.ranking[0]

    def attributes(self, course: Course, weighed: list[int], proposal: int) -> tuple[list[int], int]:  # noqa: ARG002
        """The gain of each outcome over no agreement, in thousandths of utility."""
        floor = course.preferences.floor
        offered = course.on_table
        accepting = 0 if offered is None else (course.worth(offered) - floor) // 1000
        return [(course.worth(place) - floor) // 1000 for place in weighed], accepting
