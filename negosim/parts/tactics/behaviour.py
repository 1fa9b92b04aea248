"""Tactics that answer the other side's behaviour: tit for tat, and MiCRO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.errors import BadValue
from negosim.parts.tactics.tactic import Tactic

if TYPE_CHECKING:
    from negosim.parts.tactics.course import Course


@frozen
class TitForTat(Tactic):
    """Concede as the other side does (Faratin, Sierra and Jennings 1998), measured in own utility.

    Their forms are for one number, such as a price; here the number is the party's own utility of
    what is offered to it. With ``o`` the other side's offers and ``x`` the last own proposal:

        absolute   x - (o[last] - o[last - lag])
        relative   x * o[last - lag] / o[last]
        averaged   x * o[last - window] / o[last], the relative form over a longer memory

    ``lag`` is 1; a memory above 1 makes the relative form averaged. The demand never leaves the range
    from the reservation value to the best outcome. It opens with the best outcome.
    """

    relative: bool = True
    memory: int = 1

    def __attrs_post_init__(self) -> None:
        if self.memory < 1:
            raise BadValue(f"tit for tat looks back over at least one offer, not {self.memory}")

    def demand(self, course: Course) -> int:
        """The utility it insists on now, in millionths."""
        if not course.mine:
            return course.best
        mine = course.utility(course.mine[-1])
        if len(course.theirs) < 2:
            return mine
        last = course.utility(course.theirs[-1])
        before = course.utility(course.theirs[max(-1 - self.memory, -len(course.theirs))])
        demand = mine * before // last if self.relative and last else mine - (last - before)
        return min(max(demand, course.floor), course.best)

    def proposal(self, course: Course) -> int:
        """The least outcome that reaches the demand."""
        return course.preferences.least_above(self.demand(course))


@frozen
class MiCRO(Tactic):
    """Minimal concession: a new proposal for each new one of the other side (de Jonge 2022).

    It goes down its own ranking one outcome at a time, and only while it has made no more different
    proposals than it has received. Otherwise it repeats earlier ones; the paper repeats them at
    random, here they are repeated in turn, best first. It accepts what is worth at least its lowest
    proposal, the next included if that is due.
    """

    def proposal(self, course: Course) -> int:
        """The next outcome of the ranking, or one proposed before."""
        ranking = course.preferences.ranking
        made = len(course.asked)
        if made <= len(course.received) and made < len(ranking):
            return ranking[made]
        return ranking[len(course.mine) % made] if made else ranking[0]

    def accepts(self, course: Course, offered: int, proposal: int) -> bool:
        """Whether the offer is worth at least the lowest outcome it has proposed or would propose now."""
        ranking = course.preferences.ranking
        lowest = max(len(course.asked) - 1, 0)
        least = min(course.utility(ranking[min(lowest, len(ranking) - 1)]), course.utility(proposal))
        return course.utility(offered) >= least
