"""Tactics of a party that knows the other side's preferences: Zeuthen, and equilibrium play."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import field, frozen

from negosim.parts.tactics.tactic import Tactic

if TYPE_CHECKING:
    from negosim.parts.preferences import Preferences
    from negosim.parts.tactics.course import Course


def risk(mine: int, theirs: int, floor: int) -> Fraction:
    """Zeuthen's risk limit: (u(own) - u(other's)) / (u(own) - u(no agreement)), 1 when that is 0.

    The probability of breakdown that a party would bear rather than accept the other's proposal
    (Zeuthen 1930, Harsanyi 1956). Utilities are its own, in millionths.
    """
    return Fraction(mine - theirs, mine - floor) if mine != floor else Fraction(1)


@frozen
class Zeuthen(Tactic):
    """Whoever risks less concedes, just enough for the other to risk less (Rosenschein and Zlotkin 1994).

    ``rival`` are the other side's preferences, which it must know. A party risks less exactly when
    its proposal has the smaller product of gains, so between two such parties the agreement has the
    largest product there is (Harsanyi 1956); ties concede.
    """

    rival: Preferences

    def gains(self, course: Course, place: int) -> int:
        """The product of both sides' gains over no agreement."""
        mine = course.utility(place) - course.preferences.floor
        theirs = self.rival.utilities[place] - self.rival.floor
        return mine * theirs if mine >= 0 and theirs >= 0 else -1

    def proposal(self, course: Course) -> int:
        """Its last proposal, or the smallest sufficient concession."""
        ranking = course.preferences.ranking
        if not course.mine:
            return ranking[0]
        if not course.theirs:
            return course.mine[-1]
        hurdle = self.gains(course, course.theirs[-1])
        if self.gains(course, course.mine[-1]) > hurdle:
            return course.mine[-1]
        return next((place for place in ranking if self.gains(course, place) > hurdle), course.theirs[-1])


@frozen
class Equilibrium(Tactic):
    """Stationary equilibrium of alternating offers with impatient parties (Rubinstein 1982).

    Each side proposes what is best for it among what the other would take at once, and takes what is
    worth at least its own next proposal a round later. ``rival`` are the other side's preferences,
    ``round`` the minutes from one side's proposal to the other's. Found by iteration from the best
    outcomes of both; on a fine division of a cake it comes to Rubinstein's limit.
    """

    mine: Preferences
    rival: Preferences
    round: int
    demands: tuple[int, int] = field(init=False)

    @demands.default
    def _stationary(self) -> tuple[int, int]:
        """Own and rival's demand; both sides come to the same two, for neither goes first here."""
        me, you = self.mine, self.rival
        mine, yours = me.ranking[0], you.ranking[0]
        patience, other_s = me.per(self.round), you.per(self.round)
        for _ in me.domain.outcomes:
            before = mine, yours
            mine = _best_leaving(me, you, other_s * you.utilities[before[1]])
            yours = _best_leaving(you, me, patience * me.utilities[before[0]])
            if (mine, yours) == before:
                break
        return mine, yours

    def proposal(self, course: Course) -> int:  # noqa: ARG002 - stationary: whatever came before
        """The same demand in every round."""
        return self.demands[0]

    def accepts(self, course: Course, offered: int, proposal: int) -> bool:
        """Whether it is worth at least the own demand a round later, or what the rival should offer."""
        later = course.preferences.at(course.utility(proposal), self.round)
        return course.utility(offered) >= min(later, course.utility(self.demands[1]))


def _best_leaving(proposer: Preferences, responder: Preferences, least: float) -> int:
    """The proposer's best outcome that leaves the responder at least so much."""
    fits = (place for place in proposer.ranking if responder.utilities[place] >= least)
    return next(fits, proposer.ranking[0])
