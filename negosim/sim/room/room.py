"""The room: the only place where anything changes while a run is played.

It appends entries, folds them, carries them to those who hear them, and orders what happens in
one minute: givens, deliveries, acts, deadlines; then by actor; then in the actor's own order.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.errors import EndlessRun, ScenarioError
from negosim.core.events import Entry
from negosim.core.rules import decide, land
from negosim.core.talks import Talks
from negosim.core.views import Table, audience
from negosim.sim.chance import Dice, probability_as_utilities
from negosim.sim.delays import Between
from negosim.sim.room.mailbox import Mailbox
from negosim.sim.room.playing import Playing, TiedEnvironment
from negosim.sim.waiting import ACT, DEADLINE, DELIVERY, GIVEN, START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from negosim.core.actors import Channel
    from negosim.core.events import Event, Matter
    from negosim.core.moves import Move
    from negosim.sim.setting import DueGiven, Setting
    from negosim.sim.waiting import Play, Presence, Waiter

SECRETS = (e.Met, e.Offered)
"""What can leak: that it was held, or put."""
NEWS = (e.Promised, e.Leaked)
"""What is no message on the channel it names: nothing of it is lost."""
LEAK_DELAY = Between(6 * 60, 48 * 60, "a story needs from some hours to two days to be printed")


class Room(TiedEnvironment):
    """One run as it is being played."""

    def __init__(self, setting: Setting, dice: Dice, tie_seed: int | None = None) -> None:
        super().__init__()
        self.setting, self.dice, self.table = setting, dice, setting.table
        self.entries: list[Entry] = []
        self.talks = Talks()
        self.closed = False
        self._parts: list[Playing] = []
        self.mechanisms = dict(setting.mechanisms)
        self.weights = self._draw_weights()
        self.mailboxes = {
            name: Mailbox(name, self.table, setting.trust.get(name)) for name in self.table.actors
        }
        self.turns = _turns(self.table.actors, tie_seed)
        self._asked: dict[str, int] = {}
        self._latest: dict[Matter, int] = {}
        for due in setting.due:
            self._schedule(due)

    # ── recording ────────────────────────────────────────────────────────────────────────────

    def submit(self, move: Move, causes: set[int]) -> Entry:
        """Judge a move by its mover's view and record what comes of it; the first entry.

        ``causes`` are added to by what the rules looked up in the view.
        """
        view = self.mailboxes[move.by].look(self.now)
        view.consulted = causes
        outcome = decide(view, move)
        decided = outcome[0]
        event = land(self.talks, decided) if decided.may_be_late else decided
        if event is not decided:
            behind = causes | {self._latest[event.matter]}  # what overtook it; the mover does not know
            return self.record(event, tuple(sorted(behind)), move.by)
        entry = self.record(event, tuple(sorted(causes)), move.by)
        if len(outcome) > 1 and self.talks.standing(*event.matter) is None:  # else a principal has still to ratify
            for consequence in outcome[1:]:
                self.record(consequence, (entry.index,), NATURE.id)
        return entry

    def record(self, event: Event, causes: tuple[int, ...], doer: str) -> Entry:
        """Append an entry, fold it, and send it on its way."""
        index, now = len(self.entries), self.now
        if index >= self.setting.entries_max:
            raise EndlessRun(
                f"{self.setting.name}: {index} entries by minute {self.now} and no end; "
                "an actor answers itself for ever, or raise entries_max"
            )
        entry = Entry(index, now, event, causes)
        self.entries.append(entry)
        if (matter := self.talks.apply(event)) is not None:
            self._latest[matter] = index
        meant = event.as_meant if event.too_late else event
        late = meant is not event
        self.mailboxes[doer].unseen.append(Entry(index, now, meant, causes) if late else entry)
        reached, delay = audience(self.table, event)
        others = reached if late else _without(reached, doer)
        if others:
            hazardous = self.table.hazardous
            if hazardous and getattr(event, "channel", "") in hazardous and type(event) not in NEWS:
                others = self._hazards(entry, others)
            self.call_at(now + delay, DELIVERY, self.turns[doer], self._deliver, entry, others)
        if type(event) is e.Offered and event.until is not None:
            self.call_at(event.until, DEADLINE, self.turns[doer], self._lapse, entry)
        return entry

    def _deliver(self, entry: Entry, to: tuple[str, ...]) -> None:
        event, mailboxes = entry.event, self.mailboxes
        kind = type(event)
        for name in to:
            mailbox = mailboxes[name]
            mailbox.unseen.append(entry)
            if mailbox.waiters.get(kind) and (waiter := mailbox.waiter_for(event)) is not None:
                self.call_at(self.now, ACT, self.turns[name], waiter.playing.wake, entry)
            else:
                mailbox.arrived.append(entry)
        if type(event) is e.Ordered and event.to in to:
            received = e.Delivered(event.order, event.to, event.by, event.what)
            self.record(received, (entry.index,), event.to)

    def give_up(self, mailbox: Mailbox, waiter: Waiter) -> None:
        """The time is over: unless its message came, a part goes on without it."""
        if mailbox.stop(waiter):
            self.call_at(self.now, ACT, "", waiter.playing.wake)

    def _lapse(self, entry: Entry) -> None:
        offer: e.Offered = entry.event  # type: ignore[assignment]
        if self.talks.standing("offer", offer.offer) is offer:
            lapsed = e.Lapsed(offer.offer, offer.by, offer.to, offer.channel, offer.terms)
            self.record(lapsed, (entry.index,), NATURE.id)

    # ── nature ───────────────────────────────────────────────────────────────────────────────

    def _hazards(self, entry: Entry, to: tuple[str, ...]) -> tuple[str, ...]:
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
                self.call_at(self.now + wait, ACT, NATURE.id, self.record, leaked, causes, NATURE.id)
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
        return tuple(arrived)

    def nature_says(self, address: str, p: int) -> bool:
        """Whether an event of probability ``p`` (millionths) occurs, by Nature's choice."""
        utilities = probability_as_utilities(p)
        return self.dice.choice(address, self.now, ("yes", "no"), utilities, ordered=True, natural=True) == 0

    def _schedule(self, due: DueGiven) -> None:
        """A given enters at an hour of its interval that is Nature's choice."""
        minute = due.given.earliest + self.dice.delay(self.claim_address(due.address), due.law, 0)
        if due.given.known is not None:
            self.call_at(max(due.given.known, 0), GIVEN, "", self.record, due.announced, (), NATURE.id)
        self.call_at(minute, GIVEN, "", self.record, due.happened, (), NATURE.id)

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

    def start(self, seat: Presence, part: Callable[[Any], Play]) -> None:
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
        self.call_at(self.now, START, "", playing.wake)

    def unread(self) -> dict[str, int]:
        """How many of the messages sent to each actor it did not hear."""
        unread = {name: mailbox.unheard() for name, mailbox in self.mailboxes.items()}
        for _, phase, _, _, _, values in self._queue:  # type: ignore[misc] # see TiedEnvironment
            for name in values[1] if phase == DELIVERY else ():
                unread[name] += 1
        return unread

    def adjourn(self) -> None:
        """The run is over: parts still at the table go home now, not when memory is collected."""
        self.closed = True
        self._queue.clear()
        for part in self._parts:
            part.go_home()


@lru_cache(maxsize=1024)
def _without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The names but one."""
    return tuple(each for each in names if each != name)


def _turns(actors: Iterable[str], tie_seed: int | None) -> dict[str, str]:
    """Each actor's place within a minute: its name, or a shuffled one."""
    if tie_seed is None:
        return dict(zip(actors, actors, strict=True))
    key = str(tie_seed).encode()
    return {name: blake2b(name.encode(), key=key, digest_size=8).hexdigest() for name in actors}
