"""Stacked alternating offers: two or more parties take turns to accept, propose, or end the talks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negosim.core.actors import Kind
from negosim.core.errors import BadValue
from negosim.core.events import Agreed, Offered, Rejected
from negosim.parts.tactics.course import Course

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from negosim.core.actors import Actor, Channel
    from negosim.core.terms import Terms
    from negosim.parts.tactics.bidding import Bidding
    from negosim.sim.seat import Part, Seat
    from negosim.sim.waiting import Play


def alternating_offers(
    seat: Seat, bidding: Bidding, parties: Sequence[Actor], *, via: Channel, deadline: int
) -> Generator[Any, Any, Terms | None]:
    """Bargain by stacked alternating offers until an agreement or the minute ``deadline``.

    ``parties`` take turns in this order, the first one opens; each party plays this part. A party
    answers the proposal put to it by accepting, by a proposal of its own, or by ending the talks for
    all (Aydogan et al. 2017, SAOP). With three and more parties, accepting passes the same package
    on to the next; the last one whose yes is missing closes the agreement, so the log holds one offer
    or answer a turn. They need a formal channel then, on which everybody hears every turn.

    Each turn is a choice at ``actor.bid[k]``, k from 1. Returns what was agreed, or None.
    """
    me, following = _seats(seat, parties, via)
    course = Course(preferences=bidding.preferences, begins=seat.now, deadline=deadline, now=seat.now)
    turn, domain = bidding.at(course), bidding.preferences.domain
    openly = via.kind is Kind.PUBLIC
    offer: Offered | None = None
    agreeing = number = 0
    if me:
        event, agreeing = yield from _until_my_turn(seat, course, via, deadline, None)
        if not isinstance(event, Offered):
            return _settled(event)
        offer = event
    while True:
        number += 1
        answer = yield from seat.choose(turn, str(number), over=offer)
        if seat.now > deadline:
            return None
        accepted = offer if answer is bidding.accept else None
        if accepted is not None and agreeing == len(parties) - 1:
            seat.accept(accepted)
            return accepted.terms
        if answer is bidding.end:
            if offer is not None:
                seat.reject(offer)
            return None
        if accepted is not None:
            terms = accepted.terms
            course.on_table = None
        else:
            place = bidding.place(answer)
            terms = domain.outcomes[place]  # type: ignore[index]
            course.proposed(place, openly=openly)  # type: ignore[arg-type]
        mine = seat.offer(following, via=via, terms=terms, until=deadline, answers=offer)
        event, agreeing = yield from _until_my_turn(seat, course, via, deadline, mine)
        if not isinstance(event, Offered):
            return _settled(event)
        offer = event


def _seats(seat: Seat, parties: Sequence[Actor], via: Channel) -> tuple[int, Actor]:
    """This party's place in the order, and who follows it."""
    names = [party.id for party in parties]
    if seat.actor not in names or len(set(names)) < max(len(names), 2):
        raise BadValue(f"{seat.actor} must be one of two or more different parties, not of {', '.join(names)}")
    if len(names) > 2 and via.kind not in (Kind.FORMAL, Kind.PUBLIC):
        raise BadValue(f"with {len(names)} parties everybody must hear every turn; {via} is no formal channel")
    me = names.index(seat.actor)
    return me, parties[(me + 1) % len(names)]


def _until_my_turn(
    seat: Seat, course: Course, via: Channel, deadline: int, mine: Offered | None
) -> Generator[Any, Any, tuple[Offered | Agreed | Rejected | None, int]]:
    """Listen until a proposal is put to this party, the talks end, or time is up.

    What the others say to one another meanwhile lies in the mail and is read when the turn comes, so that
    a party wakes once a round. Returns the event and how many parties stand behind its package: its
    proposer and those that passed it on since. This party's own package never comes back, for the last
    one that accepts it closes the agreement.
    """
    me, channel = seat.actor, via.id

    def concerns_me(x: Any) -> bool:
        return x.channel == channel and (type(x) is not Offered or x.to == me)

    event: Any = yield from seat.hear(Offered, Agreed, Rejected, where=concerns_me, until=deadline)
    if not isinstance(event, Offered):
        return event, 0
    chain: list[Any] = []
    read = None if mine is None else mine.offer
    while event.answers is not None and read != event.answers:
        chain.append((yield from seat.hear(Offered, where=lambda x: x.channel == channel)))
        read = chain[-1].offer
    chain.append(event)
    domain = course.preferences.domain
    agreeing, package = 0, None if mine is None else mine.terms
    for offer in chain:
        agreeing += 1
        if offer.terms != package:
            agreeing, package = 1, offer.terms
            course.heard(domain.place(package), to_me=offer is event)
    course.on_table = domain.place(event.terms)
    return event, agreeing


def _settled(event: Agreed | Rejected | None) -> Terms | None:
    return event.terms if isinstance(event, Agreed) else None


def negotiator(bidding: Bidding, parties: Sequence[Actor], *, via: Channel, deadline: int) -> Part:
    """``alternating_offers`` as a part of its own, to be put into a scenario's cast."""

    def negotiates(seat: Seat) -> Play:
        yield from alternating_offers(seat, bidding, parties, via=via, deadline=deadline)

    return negotiates
