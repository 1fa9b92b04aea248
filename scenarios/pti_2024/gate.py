"""The prison gate: who may see the founder is the government's to say.

Access is three things at once (theory): a concession, the only wire to the founder, and a lever
in the other side's hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim import Choice, Decision, because, hours
from negosim.core.events import Granted, Offered, Reached, Refused, Requested

from .people import (
    DISOBEDIENCE,
    FINAL_CALL,
    PROTEST,
    field,
    gandapur,
    gohar,
    government,
    khan,
    prison,
    saif,
)
from .reasons import ALL, MUCH, ROUTINE, SOME, at_liberty, share, stakes

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from negosim import Play, Seat, View

VISITING_HOURS = (hours(9), hours(16))


class LettingIn(Choice):
    OPEN = "lets the envoys in as long as talks go on"
    ONCE = "lets them in once"
    REFUSE = "lets nobody in"


def answer_awaited(view: View) -> int:
    """What access is worth: all while an offer of its own is out, for there is no other wire."""
    mine = view.all(Offered, by=government, to=gohar)
    waiting = any(view.standing("offer", offer.offer) for offer in mine)
    return ALL if waiting else share(MUCH, stakes())(view)


letting_in = Decision(
    government, "let-in", {
        LettingIn.OPEN: because("S14: several visits", calm=answer_awaited, price=-SOME),
        LettingIn.ONCE: because("author", calm=share(SOME, stakes()), price=-SOME // 2),
        LettingIn.REFUSE: because("P4: visits had been banned"),
    }, ROUTINE,
)  # fmt: skip

DECISIONS = (letting_in,)


def government_gate(seat: Seat) -> Play:
    """Who may see the prisoner is the government's to say, once for each occasion."""
    policy: dict[str, LettingIn] = {}
    while True:
        ask = yield from seat.hear(Requested, via=prison)
        actions = (FINAL_CALL, DISOBEDIENCE, PROTEST)
        occasion = next((name for name in actions if seat.view.standing("action", name)), "quiet")
        first = occasion not in policy
        if first:
            policy[occasion] = yield from seat.choose(letting_in, occasion, over=seat.view.standing("action", occasion))
        if at_liberty(seat.view):
            seat.refuse(ask)
        elif policy[occasion] is LettingIn.OPEN or (first and policy[occasion] is LettingIn.ONCE):
            seat.grant(ask)
        else:
            seat.refuse(ask)


def can_still_stop(view: View) -> bool:
    """Whether there is a march that has not arrived: else no place to stop is brought to the founder."""
    on = view.standing("action", FINAL_CALL) is not None
    return on and view.last(Reached, action=FINAL_CALL, what="d-chowk") is None


def visits(seat: Seat, offer: Offered, *, at_night: bool = False) -> Generator[Any, Any, bool]:
    """He asks for a visit; if let in, he brings an offer of the other side before the founder.

    A founder who went home is asked there, without a visit.
    """
    if not at_liberty(seat.view):
        request = seat.request(government, "to-see-the-founder", via=prison)
        if not isinstance((yield from seat.hear(Granted, Refused, answering=request)), Granted):
            return False
        if not at_night:
            yield from seat.pause_until_open(*VISITING_HOURS)
    at_home = at_liberty(seat.view)
    if not at_home:
        seat.meet("visit", khan, gandapur, saif, via=prison)
    if offer.by == government.id and seat.view.standing("offer", offer.offer) and can_still_stop(seat.view):
        seat.convey(offer, khan, via=field if at_home else prison)
    return True
