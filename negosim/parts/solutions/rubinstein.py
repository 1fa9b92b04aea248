"""Alternating offers over one cake with impatient parties (Rubinstein 1982)."""

from __future__ import annotations

from negosim.core.errors import BadValue


def limit(first: float, second: float) -> float:
    """The first mover's share without a deadline: (1 - d2) / (1 - d1 d2).

    ``first`` and ``second`` are the discount factors of one round, at least 0 and below 1. For
    discounting by the calendar see ``Preferences.per``; for a risk of breakdown put the probability
    that the talks survive a round in their place.
    """
    for factor in (first, second):
        if not 0 <= factor < 1:
            raise BadValue(f"a discount factor is at least 0 and below 1, not {factor}")
    return (1 - second) / (1 - first * second)


def with_deadline(first: float, second: float, rounds: int) -> float:
    """The first mover's share when the last of ``rounds`` offers is take-it-or-leave-it (Ståhl 1972).

    By backward induction: whoever proposes leaves the other exactly what waiting would bring it. It
    tends to ``limit`` as the deadline moves away.
    """
    if rounds < 1:
        raise BadValue(f"there is at least one round, not {rounds}")
    share = 1.0  # of whoever proposes last
    for number in range(rounds - 1, 0, -1):
        responder = second if number % 2 else first
        share = 1 - responder * share
    return share
