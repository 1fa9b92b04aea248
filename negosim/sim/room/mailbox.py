"""What reaches one actor: its view, its mail, and its parts that wait for some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from negosim.core.views import View

if TYPE_CHECKING:
    from negosim.core.events import Entry, Event
    from negosim.core.trust import Trust
    from negosim.core.views import Table
    from negosim.sim.waiting import Waiter


class Mailbox(Struct, eq=False):
    """One actor's mail and view, shared by all its parts.

    ``unseen`` is what the view has not taken in yet, ``arrived`` the mail that was not sorted yet:
    an actor that never looks costs nothing more.
    """

    actor: str
    table: Table
    trust: Trust | None
    unseen: list[Entry] = []
    arrived: list[Entry] = []
    inbox: dict[type[Event], list[Entry]] = {}
    waiters: dict[type[Event], list[Waiter]] = {}
    heard: int = 0
    _view: View | None = None

    @property
    def view(self) -> View:
        """What the actor knows: made for whoever first looks."""
        if self._view is None:
            self._view = View(self.actor, self.table, self.trust)
        return self._view

    def look(self, now: int) -> View:
        """The view, advanced to everything that has arrived."""
        view = self._view or self.view
        if self.unseen:
            view.see(*self.unseen)
            self.unseen.clear()
        view.now = now
        return view

    def sorted_mail(self) -> dict[type[Event], list[Entry]]:
        """What arrived and was not heard yet, by type of event, oldest first."""
        inbox = self.inbox
        for entry in self.arrived:
            kind = type(entry.event)
            if kind in inbox:
                inbox[kind].append(entry)
            else:
                inbox[kind] = [entry]
        self.arrived.clear()
        return inbox

    def take(self, waiter: Waiter) -> Entry | None:
        """Take the oldest fitting message out of the mail; the rest stays in place."""
        inbox = self.sorted_mail() if self.arrived else self.inbox
        oldest: Entry | None = None
        where = 0
        for kind in waiter.kinds:
            mail = inbox.get(kind)
            for place, entry in enumerate(mail) if mail else ():
                if waiter.is_for(entry.event):
                    if oldest is None or entry.index < oldest.index:
                        oldest, where = entry, place
                    break
        if oldest is not None:
            del inbox[type(oldest.event)][where]
            self.heard += 1
        return oldest

    def wait(self, waiter: Waiter) -> None:
        """Let a part wait."""
        for kind in waiter.kinds:
            if kind in self.waiters:
                self.waiters[kind].append(waiter)
            else:
                self.waiters[kind] = [waiter]

    def stop(self, waiter: Waiter) -> bool:
        """Let it wait no longer; whether it still did."""
        waits = waiter in self.waiters[waiter.kinds[0]]
        for kind in waiter.kinds if waits else ():
            self.waiters[kind].remove(waiter)
        return waits

    def waiter_for(self, event: Event) -> Waiter | None:
        """The first who waits for such a message; it waits no longer."""
        for waiter in self.waiters.get(type(event), ()):
            if waiter.is_for(event):
                self.heard += 1
                for kind in waiter.kinds:
                    self.waiters[kind].remove(waiter)
                return waiter
        return None

    def unheard(self) -> int:
        """How many messages lie in the mail."""
        return len(self.arrived) + (sum(map(len, self.inbox.values())) if self.inbox else 0)
