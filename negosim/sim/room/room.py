"""The room: the only place where anything changes while a run is played.

It appends entries, folds them, carries them to those who hear them, and orders what happens in
one minute: givens, deliveries, acts, deadlines; then by actor; then in the actor's own order.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.errors import EndlessRun, ScenarioError
from negosim.core.events import Entry
from negosim.core.rules import decide, land
from negosim.core.talks import Talks
from negosim.core.views import Table
from negosim.sim.chance import Dice, probability_as_utilities
from negosim.sim.delays import Between
from negosim.sim.room.mailbox import Mailbox
from negosim.sim.room.playing import Playing, TiedEnvironment
from negosim.sim.setting import ACT, CHANGE, DEADLINE, DELIVERY, GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from negosim.core.actors import Channel
    from negosim.core.events import Event, Matter
    from negosim.core.moves import Move
    from negosim.sim.room.mailbox import Waiter
    from negosim.sim.room.playing import Player
    from negosim.sim.setting import DueGiven, Setting

SECRETS = (e.Met, e.Offered)
"""What can leak: that it was held, or put."""
LATE_AT_TIMES = frozenset(kind for kind in e.EVENTS if kind.may_be_late)
"""What another act can have overtaken."""
LEAK_DELAY = Between(6 * 60, 48 * 60, "a story needs from some hours to two days to be printed")


class Room(TiedEnvironment):
    """One run as it is being played."""

    def __init__(self, setting: Setting, dice: Dice, tie_seed: int | None = None) -> None:
        super().__init__()
        self.setting, self.dice, self.table = setting, dice, setting.table
        self.entries: list[Entry] = []
        self.talks = Talks()
        self.closed = False
        self.waiters: defaultdict[type[Event], dict[str, list[Waiter]]] = defaultdict(dict)
        self._parts: list[Playing] = []
        self.mechanisms = dict(setting.mechanisms)
        self.weights = self._draw_weights()
        self.mailboxes = {
            name: Mailbox(name, turn, self.table, setting.trust.get(name))
            for name, turn in _turns(self.table.actors, tie_seed).items()
        }
        self._asked: dict[str, int] = {}
        for due in setting.due:
            self._schedule(due)
        for imposition in dice.outstanding():
            self.call_at(max(imposition.latest + 1, 0), CHANGE, "", dice.check_reached, imposition)

    # ── recording ────────────────────────────────────────────────────────────────────────────

    def submit(self, move: Move, causes: set[int]) -> Entry:
        """Judge a move by its mover's view and record what comes of it; the first entry, as its mover sees it.

        ``causes`` are added to by what the rules looked up in the view.
        """
        by = move.by
        view = self.mailboxes[by].look(self.now)
        view.consulted = causes
        outcome = decide(view, move)
        meant = outcome[0]
        kind = type(meant)
        if kind in LATE_AT_TIMES and (event := land(self.talks, meant)) is not meant:
            behind = causes | {self._settled_by(event.matter)}  # what overtook it; the mover does not know
            return self.record(event, tuple(sorted(behind)), by, meant)
        entry = self.record(meant, tuple(sorted(causes)), by)
        if kind is e.Offered and meant.until is not None:  # type: ignore[attr-defined]
            self.call_at(meant.until, DEADLINE, self.mailboxes[by].turn, self._lapse, entry)  # type: ignore[attr-defined]
        if len(outcome) > 1 and self.talks.standing(*meant.matter) is None:  # else a principal has still to ratify
            for consequence in outcome[1:]:
                self.record(consequence, (entry.index,), NATURE.id)
        return entry

    def _settled_by(self, matter: Matter) -> int:
        """The entry that last changed how a matter stands."""
        talks = Talks()
        return max(entry.index for entry in self.entries if talks.apply(entry.event) == matter)

    def record(self, event: Event, causes: tuple[int, ...], doer: str, meant: Event | None = None) -> Entry:
        """Append an entry, fold it, and send it on its way; the entry as its doer sees it.

        ``meant`` is what its doer takes it for, where that is something else.
        """
        entries, now = self.entries, self.now
        index = len(entries)
        if index >= self.setting.entries_max:
            raise EndlessRun(
                f"{self.setting.name}: {index} entries by minute {now} and no end; "
                "an actor answers itself for ever, or raise entries_max"
            )
        entry = Entry(index, now, event, causes)
        entries.append(entry)
        self.talks.apply(event)
        mailbox = self.mailboxes[doer]
        if meant is None:
            own, way = entry, self.table.way(event, doer)
        else:  # that it came to something else is news to its doer too
            own, way = Entry(index, now, meant, causes), self.table.way(event, "")
        mailbox.came.append(own)
        mailbox.own.add(index)
        hearers = way.hearers
        if hearers:
            if way.at_risk:
                hearers = self._hazards(entry, hearers)
            self.call_at(now + way.delay, DELIVERY, mailbox.turn, self._deliver, (entry, hearers))
        return own

    def _deliver(self, carried: tuple[Entry, Mapping[str, None]]) -> None:
        entry, hearers = carried
        event, mailboxes = entry.event, self.mailboxes
        for name in hearers:
            mailboxes[name].came.append(entry)
        kind = type(event)
        if waiting := self.waiters.get(kind):
            few, many = (waiting, hearers) if len(waiting) < len(hearers) else (hearers, waiting)
            for name in few:
                if name in many and (waiters := waiting[name]):
                    self._hand_over(entry, waiters)
        if kind is e.Ordered and event.to in hearers:  # type: ignore[attr-defined]
            received = e.Delivered(event.order, event.to, event.by, event.what)  # type: ignore[attr-defined]
            self.record(received, (entry.index,), event.to)  # type: ignore[attr-defined]

    def _lapse(self, entry: Entry) -> None:
        offer: e.Offered = entry.event  # type: ignore[assignment]
        if self.talks.standing("offer", offer.offer) is offer:
            lapsed = e.Lapsed(offer.offer, offer.by, offer.to, offer.channel, offer.terms)
            self.record(lapsed, (entry.index,), NATURE.id)

    # ── waiting ──────────────────────────────────────────────────────────────────────────────

    def listen(self, waiter: Waiter) -> None:
        """Let a part wait for a message."""
        mailbox = waiter.mailbox
        for kind in waiter.kinds:
            self.waiters[kind].setdefault(mailbox.actor, []).append(waiter)
        if waiter.deadline is not None:
            self.call_at(max(waiter.deadline, self.now), DEADLINE, mailbox.turn, self._give_up, waiter)

    def waiting(self, actor: str) -> list[Waiter]:
        """What the parts of an actor wait for."""
        return list(dict.fromkeys(waiter for waiting in self.waiters.values() for waiter in waiting.get(actor, ())))

    def _hand_over(self, entry: Entry, waiters: list[Waiter]) -> None:
        """Wake the first part of an actor that waits for a message that came; it never lies in the mail."""
        event = entry.event
        for waiter in waiters:
            if waiter.is_for(event):
                mailbox = waiter.mailbox
                mailbox.heard += 1
                mailbox.handed.add(entry.index)
                for kind in waiter.kinds:
                    self.waiters[kind][mailbox.actor].remove(waiter)
                self.call_at(self.now, ACT, mailbox.turn, waiter.playing.wake, entry)
                return

    def _give_up(self, waiter: Waiter) -> None:
        """The time is over: unless its message came, a part goes on without it."""
        actor = waiter.mailbox.actor
        if waiter in self.waiters[waiter.kinds[0]][actor]:
            for kind in waiter.kinds:
                self.waiters[kind][actor].remove(waiter)
            self.call_at(self.now, ACT, "", waiter.playing.wake)

    # ── nature ───────────────────────────────────────────────────────────────────────────────

    def _hazards(self, entry: Entry, to: Mapping[str, None]) -> Mapping[str, None]:
        """Nature may lose a message, or let out that something secret was said."""
        event = entry.event
        name: str = event.channel  # type: ignore[attr-defined]
        channel = self.table.channels[name]
        matter = event.matter[1]
        if channel.leak and type(event) in SECRETS:
            secret = f"{name}-{event.by}-{event.name}-{matter}"
            address = self.claim_address(f"nature.leak[{secret}]", again=True)
            wait = self.dice.delay(address, LEAK_DELAY, self.now)
            if self.nature_says(address, channel.leak):
                leaked = e.Leaked(NATURE.id, name, matter)
                causes = (entry.index,)
                self.call_at(self.now + wait, ACT, NATURE.id, self._bring_about, (leaked, causes))
        if not channel.loss:
            return to
        arrived = []
        message = f"{name}-{event.by}-{event.name}-{matter}"
        for other in to:
            address = self.claim_address(f"nature.loss[{message}-{other}]", again=True)
            if self.nature_says(address, channel.loss):
                self.record(e.Lost(NATURE.id, other, entry.index), (entry.index,), NATURE.id)
            else:
                arrived.append(other)
        return dict.fromkeys(arrived)

    def nature_says(self, address: str, p: int) -> bool:
        """Whether an event of probability ``p`` (millionths) occurs, by Nature's choice."""
        utilities = probability_as_utilities(p)
        return self.dice.choice(address, self.now, ("yes", "no"), utilities, ordered=True, natural=True) == 0

    def _schedule(self, due: DueGiven) -> None:
        """A given enters at an hour of its interval that is Nature's choice."""
        minute = due.given.earliest + self.dice.delay(self.claim_address(due.address), due.law, 0)
        if due.given.known is not None:
            self.call_at(max(due.given.known, 0), GIVEN, "", self._bring_about, (due.announced, ()))
        self.call_at(minute, GIVEN, "", self._bring_about, (due.happened, ()))

    def _bring_about(self, what: tuple[Event, tuple[int, ...]]) -> None:
        """Record what Nature does, with its causes."""
        self.record(*what, NATURE.id)

    # ── set-up ───────────────────────────────────────────────────────────────────────────────

    def claim_address(self, address: str, *, again: bool = False) -> str:
        """Note that an address is asked; the second time is an error unless ``again``."""
        times = self._asked[address] = self._asked.get(address, 0) + 1
        if times == 1:
            return address
        if not again:
            raise ScenarioError(
                f"{address} was asked twice (minute {self.now}); "
                "give the second question its own key, or say again=True"
            )
        return f"{address}#{times}"

    def rewire(self, channel: Channel) -> None:
        """Put a channel in the place of the one of its name; everybody knows it from now on."""
        others = (channel if known.id == channel.id else known for known in self.table.channels.values())
        self.table = Table(tuple(self.table.actors.values()), tuple(others))
        for mailbox in self.mailboxes.values():
            mailbox.table = mailbox.view.table = self.table

    def _draw_weights(self) -> dict[str, dict[str, int]]:
        weights: dict[str, dict[str, int]] = {actor.id: {} for actor in self.setting.weights}
        for actor, name, address, prior in self.setting.drawn_weights:
            weights[actor][name] = self.dice.weight(address, prior)
        return weights

    def start(self, seat: Player, part: Callable[[Any], Generator[Any, Any, None]]) -> None:
        """Hand a part to SimPy; it begins in this minute, before anybody acts.

        Raises EndlessRun where there are as many as entries at most.
        """
        if len(self._parts) >= self.setting.entries_max:
            raise EndlessRun(
                f"{self.setting.name}: {len(self._parts)} parts by minute {self.now} and no end; "
                "a part starts itself for ever"
            )
        playing = Playing(self, seat, part)
        self._parts.append(playing)
        self._beginning.append(playing)

    def unread(self) -> dict[str, int]:
        """How many of the messages sent to each actor it did not hear."""
        unread = {name: mailbox.unheard() for name, mailbox in self.mailboxes.items()}
        for _, phase, _, _, _, what in self._queue:  # type: ignore[misc] # see TiedEnvironment
            for name in what[1] if phase == DELIVERY else ():
                unread[name] += 1
        return unread

    def adjourn(self) -> None:
        """The run is over: parts still at the table go home now, not when memory is collected."""
        self.closed = True
        self._queue.clear()
        self.waiters.clear()
        for part in self._parts:
            part.go_home()


def _turns(actors: Iterable[str], tie_seed: int | None) -> dict[str, str]:
    """Each actor's place within a minute: its name, or a shuffled one."""
    if tie_seed is None:
        return dict(zip(actors, actors, strict=True))
    key = str(tie_seed).encode()
    return {name: blake2b(name.encode(), key=key, digest_size=8).hexdigest() for name in actors}
