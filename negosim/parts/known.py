"""What an actor knows: the small questions that parts and reasons put to a view again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core.events import Announced, Happened

if TYPE_CHECKING:
    from negosim.core.actors import Channel
    from negosim.core.events import Agreed, Conveyed, Offered
    from negosim.core.views import View


def happened(view: View, what: str) -> bool:
    """Whether something has happened, as far as the actor knows."""
    return view.last(Happened, what=what) is not None


def is_on(view: View, action: str) -> bool:
    """Whether an action is announced or under way, and neither over nor called off."""
    return view.standing("action", action) is not None


def is_open(view: View, offer: Offered | Conveyed | Agreed) -> bool:
    """Whether an offer still stands: not answered, withdrawn or lapsed."""
    return view.standing("offer", offer.offer) is not None


def rests(view: View, channel: Channel) -> bool:
    """Whether a channel is suspended."""
    return view.standing("channel", channel.id) is not None


def due_of(view: View, action: str, otherwise: int) -> int:
    """The minute for which an action was last announced; ``otherwise`` when it never was."""
    known = view.last(Announced, action=action)
    return otherwise if known is None else known.due
