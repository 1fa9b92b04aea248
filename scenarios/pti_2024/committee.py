"""The committee that may call the march off: by consensus, which it cannot reach, or by majority.

The final call names an unnamed committee that may withdraw it if all agree (P13). Whoever needs
everybody's consent gives everybody a veto (theory: veto players), so by default it does nothing.
With ``majority-can-call-off`` on it decides as the party's committee did in October (P8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim import Choice, Decision, because, days
from negosim.core.events import Announced, Met

from .people import FINAL_CALL, khan, party
from .reasons import MUCH, SOME, before

if TYPE_CHECKING:
    from negosim import Play, Seat, View


class Withdrawing(Choice):
    CALL_OFF = "calls the march off"
    LET_STAND = "lets the call stand"


def talks_begun(view: View) -> int:
    """What calling off would bring the prisoners: talks, if there has been a contact."""
    return SOME if view.last(Met, meeting="november-contact") is not None else 0


withdrawing = Decision(
    party, "withdraw", {
        Withdrawing.CALL_OFF: because("P13: many advised against the march", relief=talks_begun),
        Withdrawing.LET_STAND: because("P13: as called", leverage=MUCH, danger=-MUCH),
    }, before(FINAL_CALL),
)  # fmt: skip

DECISIONS = (withdrawing,)


def party_committee(seat: Seat) -> Play:
    """Two days before the march the committee meets on it, if its majority counts."""
    call = yield from seat.hear(Announced, of=khan, action=FINAL_CALL)
    if not seat.works("majority-can-call-off"):
        return
    yield from seat.pause(until=call.due - days(2))
    if seat.view.standing("action", FINAL_CALL) is None:
        return
    answer = yield from seat.choose(withdrawing, FINAL_CALL, over=call)
    if answer is Withdrawing.CALL_OFF and seat.view.standing("action", FINAL_CALL):
        seat.call_off(FINAL_CALL, "postponed")
