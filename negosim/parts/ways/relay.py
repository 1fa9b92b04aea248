"""A third party between two that do not speak to each other: a relay, and a shuttle that travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import Factory, define

from negosim.core.events import Agreed, Offered, Rejected
from negosim.parts.known import is_open
from negosim.sim.decisions import Choice

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from negosim.core.actors import Actor, Channel
    from negosim.sim.decisions import Decision
    from negosim.sim.delays import Law
    from negosim.sim.seat import Seat
    from negosim.sim.waiting import Play

AGREED = "agreed"
"""What the third party tells the side whose offer the other has accepted."""


class Passing(Choice):
    """What a third party does with an offer that it is to pass on."""

    WITHHOLD = "keeps it to itself"
    PASS = "passes it on"


@define
class _Passed:
    """Offers under way, by the name under which the third party passed them on."""

    originals: dict[str, Offered] = Factory(dict)

    def answered_by(self, offer: Offered) -> Offered | None:
        """The other side's offer that a counter-offer answers."""
        return self.originals.get(offer.answers or "")


def relays(
    seat: Seat, channels: Mapping[Actor, Channel], *, until: int, question: Decision[Passing] | None = None,
    travel: Law | None = None,
) -> Play:  # fmt: skip
    """Pass offers and answers between two sides, each of which is heard on its own channel.

    An offer is put to the other side under the third party's name, with the same terms and the same
    time to answer; a counter-offer comes back as an answer to the first one, and a no as a no. What a
    side accepts binds both owners of its clauses: the first side has offered it. Its promises run
    through the third party, which tells the first side ``agreed``.

    ``question`` is asked before each offer is passed on, at ``actor.name[package]``. With ``travel`` it
    is a **shuttle** (Kissinger 1974; Rubin 1981): the third party carries each offer in person, which
    takes the time that ``nature.travel[ACTOR-k]`` draws, and meets whom it brings it to.
    """
    sides = list(channels)
    other = {sides[0].id: sides[1], sides[1].id: sides[0]}
    passed = _Passed()
    trips = 0

    def concerns(event: Any) -> bool:
        return event.by in other and event.to == seat.actor

    while True:
        event: Any = yield from seat.hear(Offered, Rejected, Agreed, where=concerns, until=until)
        if event is None:
            return
        receiver = other[event.by]
        if not isinstance(event, Offered):
            _bring_answer(seat, event, receiver, channels[receiver], passed)
        elif question is None or (yield from _is_willing(seat, question, event)):
            if travel is not None:
                trips += 1
                yield from seat.pause(seat.takes("travel", f"{seat.actor}-{trips}", travel))
                seat.meet("shuttle", receiver, via=channels[receiver])
            _pass_on(seat, event, receiver, channels[receiver], passed)


def _is_willing(seat: Seat, question: Decision[Passing], offer: Offered) -> Generator[Any, Any, bool]:
    answer = yield from seat.choose(question, offer.terms.slug, over=offer, again=True)
    return answer is Passing.PASS


def _bring_answer(seat: Seat, event: Agreed | Rejected, receiver: Actor, via: Channel, passed: _Passed) -> None:
    """Tell the side that made an offer what the other has answered to it."""
    original = passed.originals.get(event.offer)
    if original is None or not is_open(seat.view, original):
        return
    if isinstance(event, Rejected):
        seat.reject(original)
    else:
        seat.say(receiver, AGREED, via=via)


def _pass_on(seat: Seat, offer: Offered, receiver: Actor, via: Channel, passed: _Passed) -> None:
    """Put an offer to the other side, unless its time is over."""
    if not is_open(seat.view, offer) or (offer.until is not None and offer.until < seat.now):
        return
    answered = passed.answered_by(offer)
    stands = answered is not None and is_open(seat.view, answered)
    mine = seat.offer(
        receiver, via=via, terms=offer.terms, due=offer.due, until=offer.until, answers=answered if stands else None
    )
    passed.originals[mine.offer] = offer
