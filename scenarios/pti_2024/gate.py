"""The prison gate: who may see the founder is the government's to say.

Access is three things at once (theory): a concession, the only wire to the founder, and a lever
in the other side's hand.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from negosim import Choice, Play, Seat, View, because, hours
from negosim.core import events as e
from negosim.parts.known import is_on, is_open
from negosim.stories.authoring import ALL, MUCH, SOME

from .people import DISOBEDIENCE, FINAL_CALL, PROTEST, field, gandapur, gohar, government, khan, prison, saif
from .reasons import ROUTINE, at_liberty, share, stakes

VISITING_HOURS = (hours(9), hours(16))


def answer_awaited(view: View) -> int:
    """What access is worth: all while an offer of its own is out, for there is no other wire."""
    mine = view.all(e.Offered, by=government, to=gohar)
    waiting = any(is_open(view, offer) for offer in mine)
    return ALL if waiting else share(MUCH, stakes())(view)


class LetIn(Choice, by=government, pace=ROUTINE):
    OPEN = "lets the envoys in as long as talks go on", because("S14: several visits", calm=answer_awaited, price=-SOME)
    ONCE = "lets them in once", because("author", calm=share(SOME, stakes()), price=-SOME // 2)
    REFUSE = "lets nobody in", because("P4: visits had been banned")


def government_gate(seat: Seat) -> Play:
    """Who may see the prisoner is the government's to say, once for each occasion."""
    policy: dict[str, LetIn] = {}
    while True:
        ask = yield from seat.hear(e.Requested, via=prison)
        actions = (FINAL_CALL, DISOBEDIENCE, PROTEST)
        occasion = next((name for name in actions if is_on(seat.view, name)), "quiet")
        first = occasion not in policy
        if first:
            policy[occasion] = yield from seat.choose(LetIn, occasion, over=seat.view.standing("action", occasion))
        if at_liberty(seat.view):
            seat.refuse(ask)
        elif policy[occasion] is LetIn.OPEN or (first and policy[occasion] is LetIn.ONCE):
            seat.grant(ask)
        else:
            seat.refuse(ask)


def can_still_stop(view: View) -> bool:
    """Whether there is a march that has not arrived: else no place to stop is brought to the founder."""
    return is_on(view, FINAL_CALL) and view.last(e.Reached, action=FINAL_CALL, what="d-chowk") is None


def visits(seat: Seat, offer: e.Offered, *, at_night: bool = False) -> Generator[Any, Any, bool]:
    """He asks for a visit; if let in, he brings an offer of the other side before the founder.

    A founder who went home is asked there, without a visit.
    """
    if not at_liberty(seat.view):
        request = seat.request(government, "to-see-the-founder", via=prison)
        if not isinstance((yield from seat.hear(e.Granted, e.Refused, answering=request)), e.Granted):
            return False
        if not at_night:
            yield from seat.pause_until_open(*VISITING_HOURS)
    at_home = at_liberty(seat.view)
    if not at_home:
        seat.meet("visit", khan, gandapur, saif, via=prison)
    if offer.by == government.id and is_open(seat.view, offer) and can_still_stop(seat.view):
        seat.convey(offer, khan, via=field if at_home else prison)
    return True
