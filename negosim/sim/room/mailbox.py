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

    ``came`` is all of it in order, among it the actor's ``own`` acts and what was ``handed`` to a part that
    waited for it, both by index. The view is the fold of all that, the mail what of it was not heard: they are
    brought up to date when somebody looks, so that an actor that never does costs nothing more.
    """

    actor: str
    turn: str
    table: Table
    trust: Trust | None
    came: list[Entry] = []
    own: set[int] = set()
    heard: int = 0
    handed: set[int] = set()
    _inbox: dict[type[Event], list[Entry]] = {}
    _lying: int = 0
    _sorted: int = 0
    _seen: int = 0
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
        came, seen = self.came, self._seen
        if len(came) > seen:
            view.take_in(came[seen:] if seen else came)
            self._seen = len(came)
        view.now = now
        return view

    def unheard(self) -> int:
        """How many messages lie in the mail."""
        return len(self.came) - len(self.own) - self.heard

    def sorted_mail(self) -> dict[type[Event], list[Entry]]:
        """What came and was not heard yet, by type of event, oldest first."""
        inbox, own, handed = self._inbox, self.own, self.handed
        for entry in self.came[self._sorted :]:
            index, event = entry.index, entry.event
            if index in handed or (index in own and not event.too_late):  # that it came too late is news to its doer
                continue
            kind = type(event)
            if kind in inbox:
                inbox[kind].append(entry)
            else:
                inbox[kind] = [entry]
        handed.clear()
        self._sorted, self._lying = len(self.came), self.unheard()
        return inbox

    def take(self, waiter: Waiter) -> Entry | None:
        """Take the oldest fitting message out of the mail; the rest stays in place."""
        unsorted = len(self.came) - len(self.own) - self.heard - self._lying
        inbox = self.sorted_mail() if unsorted else self._inbox
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
            self._lying -= 1
        return oldest
