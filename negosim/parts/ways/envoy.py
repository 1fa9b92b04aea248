"""An envoy between two tables: a mandate, a bargain abroad, ratification at home (Putnam 1988)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from negosim.core.events import Agreed, Conveyed, Offered, Ratified, Vetoed
from negosim.parts.known import is_open
from negosim.sim.decisions import Choice

if TYPE_CHECKING:
    from collections.abc import Generator

    from negosim.core.actors import Actor, Channel
    from negosim.sim.decisions import Decision
    from negosim.sim.seat import Seat
    from negosim.sim.waiting import Play


class Ruling(Choice):
    """What a principal makes of what its envoy brings."""

    VETO = "strikes it down"
    RATIFY = "ratifies it"
    LEAVE = "leaves it open"


def rules(
    seat: Seat, question: Decision[Ruling], of: Actor, *, via: Channel, until: int | None = None
) -> Play:
    """The principal's part: rule on all that the envoy ``of`` brings over ``via``.

    Each is a question at ``actor.name[package]``; a menu without ``LEAVE`` always settles the matter.
    What no longer stands when the principal has made up its mind is let go.
    """
    while True:
        brought = yield from seat.hear(Conveyed, of=of, via=via, until=until)
        if brought is None:
            return
        ruling = yield from seat.choose(question, brought.terms.slug, over=brought, again=True)
        if not is_open(seat.view, brought):
            continue
        if ruling is Ruling.RATIFY:
            seat.ratify(brought)
        elif ruling is Ruling.VETO:
            seat.veto(brought)


def brings_home(
    seat: Seat, offer: Offered | Agreed, principal: Actor, *, via: Channel, until: int | None = None
) -> Generator[Any, Any, Ratified | Vetoed | None]:
    """The envoy's part: bring an offer, or what it agreed to without a mandate, before its principal.

    Returns the ruling that comes back, or None when none has come by the minute ``until`` or the matter no longer
    stands. An envoy whose mandate covers all of it needs no ruling: see ``agrees``.
    """
    if not is_open(seat.view, offer):
        return None
    seat.convey(offer, principal, via=via)  # type: ignore[arg-type]
    return (yield from seat.hear(Ratified, Vetoed, of=principal, answering=offer, until=until))  # type: ignore[return-value]


def agrees(
    seat: Seat, offer: Offered, principal: Actor, *, home: Channel, until: int | None = None
) -> Generator[Any, Any, bool]:
    """The envoy says yes; where its mandate does not bind its side, it asks its principal to ratify.

    Returns whether its own side is bound.
    """
    agreed = seat.accept(offer)
    if not isinstance(agreed, Agreed) or seat.view.table.side(seat.actor) not in agreed.awaits:
        return True
    ruling = yield from brings_home(seat, agreed, principal, via=home, until=until)
    return isinstance(ruling, Ratified)
