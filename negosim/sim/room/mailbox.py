"""What reaches one actor: its view, its mail, and who waits for some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from negosim.core.views import View

if TYPE_CHECKING:
    from negosim.core.events import Entry, Event
    from negosim.core.trust import Trust
    from negosim.core.views import Table
    from negosim.sim.room.playing import Playing


class Waiter(Protocol):
    """A part that waits for a message of these kinds."""

    mailbox: Mailbox
    playing: Playing
    kinds: tuple[type[Event], ...]
    deadline: int | None

    def is_for(self, event: Any) -> bool:
        """Whether a message of these kinds is the one."""


class Mailbox(Struct, eq=False):
    """What has reached one actor, shared by all its parts.

    ``came`` is all of it in order, its own acts among it. The view is the fold of that, the mail what
    of it was not heard: neither is brought up to date before somebody looks, so that an actor that never
    does costs nothing more. ``aside`` are the places in ``came`` of what is no mail: its own acts, and
    what was handed to a part that waited for it.
    """

    actor: str
    turn: str
    table: Table
    trust: Trust | None
    came: list[Entry] = []
    aside: set[int] = set()
    heard: int = 0
    _inbox: dict[type[Event], list[Entry]] = {}
    _sorted: int = 0
    _seen: int = 0
    _taken: int = 0
    _view: View | None = None

    @property
    def view(self) -> View:
        """What the actor knows: made for whoever first looks."""
        if self._view is None:
            self._view = View(self.actor, self.table, self.trust)
        return self._view

    def look(self, now: int) -> View:
        """The view, advanced to everything that has come."""
        view = self._view or self.view
        came = self.came
        if len(came) > self._seen:
            view.take_in(came[self._seen :])
            self._seen = len(came)
        view.now = now
        return view

    def sorted_mail(self) -> dict[type[Event], list[Entry]]:
        """What came and was not heard yet, by type of event, oldest first."""
        inbox, came, aside = self._inbox, self.came, self.aside
        for place in range(self._sorted, len(came)):
            if place not in aside:
                entry = came[place]
                kind = type(entry.event)
                if kind in inbox:
                    inbox[kind].append(entry)
                else:
                    inbox[kind] = [entry]
        self._sorted = len(came)
        return inbox

    def take(self, waiter: Waiter) -> Entry | None:
        """Take the oldest fitting message out of the mail; the rest stays in place."""
        inbox = self.sorted_mail() if len(self.came) > self._sorted else self._inbox
        oldest: Entry | None = None
        where = 0
        for kind in waiter.kinds if inbox else ():
            for place, entry in enumerate(inbox.get(kind, ())):
                if waiter.is_for(entry.event):
                    if oldest is None or entry.index < oldest.index:
                        oldest, where = entry, place
                    break
        if oldest is not None:
            del inbox[type(oldest.event)][where]
            self.heard += 1
            self._taken += 1
        return oldest

    def hand_over(self) -> None:
        """What came last goes to a part that waits for it, not into the mail."""
        self.aside.add(len(self.came) - 1)
        self.heard += 1

    def unheard(self) -> int:
        """How many messages lie in the mail."""
        return len(self.came) - len(self.aside) - self._taken
