"""Rules as sentences: ``given(*events).when(move).then(*events)``, or ``.refuses("reason")``.

    given(offer).when(Answer("bob", offer.offer, "reject")).then(Rejected(...))

The events given are what the mover saw, in this order; the rule is judged by that view alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.errors import NegosimError
from negosim.core.events import Entry
from negosim.core.rules import decide
from negosim.core.views import View
from negosim.testing.people import TABLE

if TYPE_CHECKING:
    from negosim.core.events import Event
    from negosim.core.moves import Move
    from negosim.core.views import Table


@frozen
class Given:
    """What the mover saw before it moves; ``now`` is the minute of the move."""

    events: tuple[Event, ...]
    table: Table
    now: int

    def when(self, move: Move) -> When:
        """The move to be judged."""
        return When(self, move)


@frozen
class When:
    """A move on a view; say what follows from it."""

    given: Given
    move: Move

    def then(self, *expected: Event) -> None:
        """The move brings about exactly these events. Raises AssertionError otherwise."""
        decided = decide(self.view, self.move)
        if decided != expected:
            raise AssertionError(f"{self.move}\nbrought about {decided}\nnot           {expected}")

    def refuses(self, reason: str) -> None:
        """The move is refused, and the refusal says ``reason``. Raises AssertionError otherwise."""
        try:
            decided = decide(self.view, self.move)
        except NegosimError as refusal:
            if reason not in str(refusal):
                raise AssertionError(f"refused, but not for {reason!r}: {refusal}") from refusal
        else:
            raise AssertionError(f"{self.move}\nwas allowed and brought about {decided}")

    @property
    def view(self) -> View:
        """The mover's view of what was given."""
        return view_of(self.given.events, self.move.by, self.given.table, self.given.now)


def given(*events: Event, table: Table = TABLE, now: int = 0) -> Given:
    """Begin a sentence: the mover saw these events, one a minute, and it is minute ``now``."""
    return Given(events, table, now)


def view_of(events: tuple[Event, ...], actor: str, table: Table = TABLE, now: int = 0) -> View:
    """The view of an actor that saw these events, one a minute."""
    view = View(actor, table)
    for index, event in enumerate(events):
        view.see(Entry(index, index, event))
    view.now = now
    return view
