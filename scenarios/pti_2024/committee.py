"""The committee that may call the march off: by consensus, which it cannot reach, or by majority.

The final call names an unnamed committee that may withdraw it if all agree (P13). Whoever needs
everybody's consent gives everybody a veto (theory: veto players), so by default it does nothing.
With ``majority-can-call-off`` on it decides as the party's committee did in October (P8).
"""

from __future__ import annotations

from negosim import Choice, Play, Seat, View, because, days
from negosim.core import events as e
from negosim.parts.known import is_on
from negosim.stories.authoring import MUCH, SOME

from .people import FINAL_CALL, khan, party
from .reasons import before


def talks_begun(view: View) -> int:
    """What calling off would bring the prisoners: talks, if there has been a contact."""
    return SOME if view.last(e.Met, meeting="november-contact") is not None else 0


class Withdraw(Choice, by=party, pace=before(FINAL_CALL)):
    CALL_OFF = "calls the march off", because("P13: many advised against the march", relief=talks_begun)
    LET_STAND = "lets the call stand", because("P13: as called", leverage=MUCH, danger=-MUCH)


def party_committee(seat: Seat) -> Play:
    """Two days before the march the committee meets on it, if its majority counts."""
    call = yield from seat.hear(e.Announced, of=khan, action=FINAL_CALL)
    if not seat.works("majority-can-call-off"):
        return
    yield from seat.pause(until=call.due - days(2))
    if not is_on(seat.view, FINAL_CALL):
        return
    answer = yield from seat.choose(Withdraw, FINAL_CALL, over=call)
    if answer is Withdraw.CALL_OFF and is_on(seat.view, FINAL_CALL):
        seat.call_off(FINAL_CALL, "postponed")
