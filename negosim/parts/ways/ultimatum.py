"""An ultimatum: one offer, one answer, no counter-offer (Güth, Schmittberger and Schwarze 1982)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from negosim.core.events import Agreed, Offered, Rejected
from negosim.parts.known import is_open
from negosim.sim.decisions import Choice, Decision, because

if TYPE_CHECKING:
    from collections.abc import Generator

    from negosim.core.actors import Actor, Channel
    from negosim.core.terms import Terms
    from negosim.core.views import View
    from negosim.parts.preferences import Preferences
    from negosim.sim.delays import Law
    from negosim.sim.seat import Seat


class Answer(Choice):
    """What is said to an offer that is not to be bargained about."""

    REJECT = "says no"
    ACCEPT = "says yes"


def answering(
    actor: Actor, preferences: Preferences, *, name: str = "answer", pace: Law | None = None
) -> Decision[Answer]:
    """The question ``actor.answer[offer]``; its reason ``gain`` is the offer's utility over no agreement.

    In thousandths; the actor needs a weight for it. A story with other reasons writes its own
    decision over ``Answer``.
    """

    def gain(view: View) -> int:
        return (preferences.utility(cast("Offered", view.subject).terms) - preferences.floor) // 1000

    return Decision(actor, name, {
        Answer.REJECT: because("no agreement"),
        Answer.ACCEPT: because("the offer", gain=gain),
    }, pace, ordered=True)  # fmt: skip


def take_it_or_leave_it(
    seat: Seat, terms: Terms, to: Actor, *, via: Channel, until: int, due: int | None = None
) -> Generator[Any, Any, bool]:
    """Offer ``terms`` once, to be answered by the minute ``until``; whether they were accepted.

    Silence and a counter-offer count as a refusal; the offer is withdrawn on a counter-offer.
    """
    offer = seat.offer(to, via=via, terms=terms, until=until, due=due)
    reply = yield from seat.hear(Agreed, Rejected, Offered, answering=offer, until=until)
    if isinstance(reply, Offered):
        seat.reject(reply)
    return isinstance(reply, Agreed)


def answers_ultimatum(
    seat: Seat, question: Decision[Answer], of: Actor, *, via: Channel, until: int | None = None
) -> Generator[Any, Any, Terms | None]:
    """Wait for the offer of the other side, ``of``, and say yes or no; returns what was agreed, or None."""
    offer = yield from seat.hear(Offered, of=of, via=via, until=until)
    if offer is None:
        return None
    answer = yield from seat.choose(question, offer.terms.slug, over=offer)
    if not is_open(seat.view, offer):  # it lapsed or was withdrawn meanwhile
        return None
    if answer is Answer.REJECT:
        seat.reject(offer)
        return None
    seat.accept(offer)
    return offer.terms
