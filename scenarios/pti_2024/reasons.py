"""What several decisions read off a view: stakes, trust, time left. Sizes: 300, 600, 1000."""

from __future__ import annotations

from collections.abc import Callable

from negosim import Aspect, Channel, Pace, Seat, View, days, hours, minutes
from negosim.core import events as e
from negosim.parts import known
from negosim.parts.known import happened
from negosim.stories.authoring import ALL

from .people import gohar, government, khan, party

FAR = days(365)
GUESTS = ("summit", "belarus-visit")

# Four paces serve every decision.
URGENT = Pace(hours(4), 0.5, minutes(5), note="P1: in August a dawn visit led to a postponement the same morning")
ROUTINE = Pace(days(1), 0.5, minutes(30), note="author: a committee sleeps on it once")
AFTER_SHOCK = Pace(days(4), 0.5, hours(2), note="theory, ripeness: a catastrophe just past quickens decisions")
STRATEGIC = Pace(days(14), 0.5, hours(12), note="P1, P2: 17 days from the August postponement to the rally")


def due_of(view: View, action: str) -> int:
    """When an announced action is due, as far as the actor knows; far off when it knows of none."""
    return known.due_of(view, action, FAR)


def before(action: str = "") -> Callable[[View], Pace]:
    """The pace under a deadline: a third of the time left, at most a day.

    Without a name: the deadline of the action that the question is about. Theory: bargainers use
    the time there is and settle close to the deadline (Roth, Murnighan and Schoumaker 1988, "The
    Deadline Effect in Bargaining").
    """

    def pace(view: View) -> Pace:
        due = due_of(view, action or getattr(view.subject, "action", ""))
        left = max(due - view.now, minutes(30))
        return Pace(min(days(1), left // 3), 0.5, note="theory: the deadline effect")

    return pace


def stakes(action: str = "") -> Callable[[View], int]:
    """How much unrest on the action's day would cost: all with foreign guests in town, else half.

    Without a name: the action that the question is about.
    """

    def read(view: View) -> int:
        name = action or getattr(view.subject, "action", "")
        near = [guest for guest in GUESTS if abs(due_of(view, guest) - due_of(view, name)) <= days(3)]
        return ALL if near and due_of(view, name) != FAR else ALL // 2

    return read


def share(size: int, of: Callable[[View], int]) -> Callable[[View], int]:
    """``size`` thousandths of what ``of`` reads."""
    return lambda view: size * of(view) // 1000


def openly(size: int, channel: Channel) -> int:
    """What talking costs on a channel: the less deniable, the more (theory: Wanis-St. John)."""
    return -size * (1000 - channel.deniability) // 1000


def shaken(view: View) -> bool:
    """Whether the actor knows of a clash (theory: a catastrophe just past makes a moment ripe)."""
    return view.last(e.Said, what="clash") is not None or happened(view, "clash")


def at_liberty(view: View) -> bool:
    """Whether the founder went home, as far as the actor knows."""
    return happened(view, "released")


def credit_of_pti(view: View) -> int:
    """Whether PTI is worth dealing with: wants to, and can deliver (theory: readiness)."""
    will = max(view.trusts(khan, Aspect.WILL), view.trusts(party, Aspect.WILL))
    able = view.trusts(gohar, Aspect.AUTHORITY)
    return min(will * able // 250 - 1000, ALL)


def credit_on_the_quiet(view: View) -> int:
    """Credit for secret talks: half whether they deliver, half whether the channel held.

    Theory: not leaking what one could have leaked is evidence (Yarhi-Milo and Yin).
    """
    held = 2 * view.trusts(party, Aspect.DISCRETION) - 1000
    return (credit_of_pti(view) + held) // 2


def credit_of_government(view: View) -> int:
    """Whether the government keeps its word, from -1000 to 1000."""
    return 2 * view.trusts(government, Aspect.WILL) - 1000


def next_sunday(seat: Seat, notice: int) -> int:
    """11:00 on the first Sunday at least ``notice`` minutes away (P2: rallies fall on Sundays)."""
    calendar = seat.calendar
    day = calendar.local(seat.now + notice)
    ahead = (6 - day.weekday()) % 7
    return calendar.minute(day.replace(hour=11, minute=0, tzinfo=None)) + days(ahead)
