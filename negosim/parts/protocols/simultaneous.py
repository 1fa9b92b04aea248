"""Simultaneous offers: two parties propose at once, round by round; monotonic concession is a rule for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negosim.core.actors import Kind
from negosim.core.errors import BadValue
from negosim.core.events import Agreed, Offered
from negosim.parts.tactics.course import Course

if TYPE_CHECKING:
    from collections.abc import Generator

    from negosim.core.actors import Actor, Channel
    from negosim.core.terms import Terms
    from negosim.parts.preferences import Preferences
    from negosim.parts.tactics.bidding import Bidding
    from negosim.sim.seat import Seat


def simultaneous_offers(
    seat: Seat, bidding: Bidding, other: Actor, *, via: Channel, deadline: int, every: int,
    rival: Preferences | None = None,
) -> Generator[Any, Any, Terms | None]:  # fmt: skip
    """Propose at once with the other side, ``every`` so many minutes, until one side likes the other's.

    Neither knows the other's proposal of the round when it makes its own. A side is satisfied when
    what it is offered is worth at least its own proposal; then it accepts. If both are, Nature tosses
    a coin for who accepts (Rosenschein and Zlotkin 1994). A round takes at least five of the channel's
    delays, for the offers to arrive and the answers to be known.

    With ``rival``, the other side's preferences, it is the **monotonic concession protocol**: no
    proposal may be worse for the other side than the one before, and when neither side has conceded
    in a round the talks end in conflict. The tactic should keep to that: Zeuthen's does.

    Each round is a choice at ``actor.bid[k]``. Returns what was agreed, or None.
    """
    if every < 5 * via.delay or via.kind is Kind.PUBLIC:
        raise BadValue(f"a round of simultaneous offers on {via} takes at least {5 * via.delay} minutes, in private")
    course = Course(preferences=bidding.preferences, begins=seat.now, deadline=deadline, now=seat.now)
    domain = bidding.preferences.domain
    number = 0
    while seat.now + every <= deadline:
        number += 1
        begins = seat.now
        answer = yield from seat.choose(bidding.at(course), str(number))
        place = bidding.place(answer)
        if place is None:
            return None
        if seat.now > begins:
            name = f"{bidding.actor}.{bidding.name}"
            raise BadValue(f"{name}: simultaneous offers leave no time to think; give it no pace")
        if rival is not None:
            _check_monotonic(course, place, rival)
        mine = seat.offer(other, via=via, terms=domain.outcomes[place], until=begins + every - 1)
        theirs = yield from seat.hear(Offered, of=other, via=via, within=via.delay + 1)
        if theirs is None:
            return None
        course.proposed(place, openly=False)
        course.heard(domain.place(theirs.terms), to_me=False)
        deal = yield from _closing(seat, course, mine, theirs, via, str(number))
        if deal is not None:
            return deal
        if rival is not None and _nobody_conceded(course):
            return None
        yield from seat.pause(until=begins + every)
    return None


def _closing(
    seat: Seat, course: Course, mine: Offered, theirs: Offered, via: Channel, key: str
) -> Generator[Any, Any, Terms | None]:
    """Who is satisfied accepts, one after the other, so that there is one agreement at most."""
    satisfied = course.utility(course.theirs[-1]) >= course.utility(course.mine[-1])
    wait = via.delay + 1
    if seat.actor < theirs.by:
        accepts_first = seat.chance("coin", f"{seat.actor}-{theirs.by}-{key}", 500_000)
        wait = 0 if accepts_first else 2 * via.delay + 2
    agreed: Any = None
    if wait:
        agreed = yield from seat.hear(Agreed, answering=mine, within=wait)
    if agreed is None and satisfied:
        seat.accept(theirs)
        return theirs.terms
    if agreed is None:
        agreed = yield from seat.hear(Agreed, answering=mine, within=2 * via.delay + 2)
    return agreed.terms if agreed is not None else None


def _check_monotonic(course: Course, place: int, rival: Preferences) -> None:
    if course.mine and rival.utilities[place] < rival.utilities[course.mine[-1]]:
        raise BadValue(
            f"{course.preferences.domain.outcomes[place].slug!r} takes back a concession, which monotonic "
            "concession forbids; use a tactic that keeps to it, such as Zeuthen, or leave out 'rival'"
        )


def _nobody_conceded(course: Course) -> bool:
    """Whether both sides stood still in this round."""
    return len(course.mine) > 1 and course.mine[-1] == course.mine[-2] and course.theirs[-1] == course.theirs[-2]
