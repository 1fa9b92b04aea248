"""Who learns what, and what it makes of it: audiences, and one actor's view of the talks."""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field, frozen
from msgspec import Struct

from negosim.core import events as e
from negosim.core.actors import NATURE, Actor, Channel, Kind
from negosim.core.errors import NotFound
from negosim.core.events import Reach
from negosim.core.talks import RULES, Talks
from negosim.core.trust import LESSONS, Aspect, Trust, observations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from negosim.core.events import Entry, Event, Matter

E = TypeVar("E", bound="e.Event")
PUBLIC, FORMAL = Kind.PUBLIC, Kind.FORMAL
MEMBERS, BOTH_ENDS = Reach.MEMBERS, Reach.BOTH_ENDS
"""By names of their own: to look a member up in its enum costs as much as a call, for every event."""
_NAMED = (Actor, Channel)
"""Values that stand in an event by their id."""


def _actors(items: Iterable[Actor]) -> Mapping[str, Actor]:
    return MappingProxyType({item.id: item for item in items})


def _channels(items: Iterable[Channel]) -> Mapping[str, Channel]:
    return MappingProxyType({item.id: item for item in items})


class Way(Struct, frozen=True, gc=False):
    """Whom an event reaches, in order, after how many minutes, and whether it can be lost or leak on its way."""

    hearers: Mapping[str, None]
    delay: int
    at_risk: bool


NEWS = (e.Promised, e.Leaked)
"""What is no message on the channel it names: nothing of it is lost."""
_READ = {
    kind: attrgetter(*(name for name in ("by", "to", "through", "channel") if name in kind.__struct_fields__))
    for kind in e.EVENTS
}
"""What decides whom an event of a kind reaches."""


@frozen
class Table:
    """Who sits at it and how they can be heard; fixed for a run."""

    actors: Mapping[str, Actor] = field(converter=_actors)
    channels: Mapping[str, Channel] = field(converter=_channels)
    everybody: tuple[str, ...] = field(init=False, eq=False, repr=False)
    """Who hears what is public, in canonical order: the public channel's members."""

    @everybody.default
    def _members_of_the_public_channel(self) -> tuple[str, ...]:
        for channel in self.channels.values():
            if channel.kind is Kind.PUBLIC and channel.members:
                return channel.members
        return tuple(name for name in self.actors if name != NATURE.id)

    _sides: Mapping[str, str] = field(init=False, eq=False, repr=False)

    @_sides.default
    def _camp_of_each(self) -> Mapping[str, str]:
        return {name: actor.side or name for name, actor in self.actors.items()}

    hazardous: frozenset[str] = field(init=False, eq=False, repr=False)
    """The channels on which something may leak or be lost."""

    @hazardous.default
    def _where_something_may_leak_or_be_lost(self) -> frozenset[str]:
        return frozenset(channel.id for channel in self.channels.values() if channel.leak or channel.loss)

    _ways: dict[tuple[type[Event], str, object], Way] = field(init=False, eq=False, repr=False, factory=dict)

    def way(self, event: Event, doer: str) -> Way:
        """Whom an event reaches besides its doer, and how; kept for the next one like it."""
        kind = type(event)
        like = kind, doer, _READ[kind](event)
        known = self._ways.get(like)
        if known is None:
            names, delay = audience(self, event)
            at_risk = getattr(event, "channel", "") in self.hazardous and kind not in NEWS
            hearers = dict.fromkeys(name for name in names if name != doer)
            known = self._ways[like] = Way(hearers, delay, at_risk)
        return known

    def channel(self, name: str) -> Channel:
        """The channel of this name. Raises NotFound with the nearest known one."""
        try:
            return self.channels[name]
        except KeyError:
            raise NotFound("channel", name, self.channels) from None

    def actor(self, name: str) -> Actor:
        """The actor of this name. Raises NotFound with the nearest known one."""
        try:
            return self.actors[name]
        except KeyError:
            raise NotFound("actor", name, self.actors) from None

    def side(self, name: str) -> str:
        """The principal whose camp an actor belongs to; a principal is its own side."""
        try:
            return self._sides[name]
        except KeyError:
            return self.actor(name).side or name

    @property
    def public(self) -> Channel | None:
        """The first public channel, on which statements are made; None where there is none."""
        return next((channel for channel in self.channels.values() if channel.kind is Kind.PUBLIC), None)


def audience(table: Table, event: Event) -> tuple[tuple[str, ...], int]:
    """Whom an event reaches besides its doer, and after how many minutes (at least one).

    Its doer sees it at once, ``as_meant``; that it came too late is news to its doer too.
    """
    return _AUDIENCES[type(event)](table, event)


def _on_channel(table: Table, event: Any) -> tuple[tuple[str, ...], int]:
    """The audience of what is said on a channel."""
    channel = table.channels[event.channel]
    kind = channel.kind
    if kind is PUBLIC:
        return table.everybody, channel.delay
    if kind is FORMAL or event.reach is MEMBERS:
        return channel.members or table.everybody, channel.delay
    to: str | tuple[str, ...] = event.to
    if event.reach is BOTH_ENDS:
        return (str(to), event.by), channel.delay
    return (to if type(to) is tuple else (to,)), channel.delay  # type: ignore[return-value]


def _nobody(_: Table, __: Event) -> tuple[tuple[str, ...], int]:
    return (), 1


def _everybody(table: Table, _: Event) -> tuple[tuple[str, ...], int]:
    return table.everybody, 1


def _addressee(table: Table, event: Event) -> tuple[tuple[str, ...], int]:
    to = getattr(event, "to", "")
    return ((to,) if to else table.everybody), 1


def _parties(table: Table, event: Event) -> tuple[tuple[str, ...], int]:
    named = (event.by, getattr(event, "to", ""), getattr(event, "through", ""))
    return tuple(dict.fromkeys(filter(None, named))), _agreed_over(table, event)


_BY_REACH: dict[Reach, Callable[[Table, Event], tuple[tuple[str, ...], int]]] = {
    Reach.CHANNEL: _on_channel,
    Reach.MEMBERS: _on_channel,
    Reach.BOTH_ENDS: _on_channel,
    Reach.NOBODY: _nobody,
    Reach.EVERYBODY: _everybody,
    Reach.ADDRESSEE: _addressee,
    Reach.PARTIES: _parties,
}
_AUDIENCES = {kind: _BY_REACH[kind.reach] for kind in e.EVENTS}
"""Who hears an event, by its type: looked up once for each, not for every event."""


def doer(event: Event) -> str:
    """Who brought an event about, and so sees it at once.

    What a deal or the calendar brings is Nature's: a promise, a lapse, everybody hears of as news.
    """
    kind = type(event)
    if kind in _OF_NATURE:
        return NATURE.id
    hand: str = event.hand if kind in _BY_A_HAND else ""  # type: ignore[attr-defined]
    return hand or event.by


_OF_NATURE = frozenset({e.Promised, e.Lapsed})
_BY_A_HAND = frozenset({e.Kept, e.Broken, e.SettledTooLate})


def _agreed_over(table: Table, event: Event) -> int:
    """A promise is known no sooner than the agreement it comes from; its end is plain to see."""
    return table.channels[event.channel].delay if type(event) is e.Promised and event.channel else 1


_FOLDS = {kind: (RULES[kind], kind in LESSONS) for kind in e.EVENTS}
"""What an event does to the state, and whether it tells of others: looked up at once."""


class View:
    """What one actor knows: the fold of the entries that reached it, and its trust in others.

    ``consulted`` collects the indexes of the entries behind every answer it gives, so that a
    decision can name them as its causes.
    """

    __slots__ = (
        "_lessons", "_seen", "_since", "_talks", "_trust", "_trusted", "actor", "consulted", "now", "subject", "table",
    )  # fmt: skip

    def __init__(self, actor: str, table: Table, trust: Trust | None = None) -> None:
        self.actor, self.table, self.now = actor, table, 0
        self._talks, self._trust = Talks(), Trust() if trust is None else trust.copy()
        self.consulted: set[int] = set()
        self.subject: Event | None = None
        self._seen: dict[type[Event], list[Entry]] = {}
        self._since: dict[Matter, int] = {}
        self._lessons: list[Entry] = []
        self._trusted: dict[tuple[Aspect, str], list[int]] = {}

    def see(self, *entries: Entry) -> None:
        """Take more entries into account."""
        self.take_in(entries)

    def take_in(self, entries: Iterable[Entry]) -> None:
        """Take entries into account, the oldest first."""
        talks, since, seen, lessons = self._talks, self._since, self._seen, self._lessons
        for entry in entries:
            event = entry.event
            kind = type(event)
            rule, teaches = _FOLDS[kind]
            if teaches:
                lessons.append(entry)
            if rule is not None and (matter := rule(talks, event)) is not None:
                since[matter] = entry.index
            known = seen.get(kind)
            if known is None:
                seen[kind] = [entry]
            else:
                known.append(entry)

    @property
    def talks(self) -> Talks:
        """The state of the talks as this actor knows it now, as a value of its own."""
        return self._talks.copy()

    @property
    def trust(self) -> Trust:
        """What this actor has seen of others so far, as a value of its own."""
        return self._learned().copy()

    def next_name(self, base: str) -> str:
        """``base``, or ``base#2`` and on when it was given before, as far as this actor knows."""
        return self._talks.next_name(base)

    def has_access(self, actor: str, channel: str) -> bool:
        """Whether, as far as this actor knows, ``actor`` was granted access to a gated channel."""
        if ("access", f"{channel}/{actor}") in self._talks.open:
            return True
        for standing in self._talks.open.values():
            if type(standing) is e.Granted and standing.to == actor and standing.channel == channel:
                return True
        return False

    def _learned(self) -> Trust:
        """The trust in others by all that was seen of them; what was seen last is judged when somebody asks."""
        for entry in self._lessons:
            for seen in observations(self._trust, entry.event, self.actor, self.table.channels):
                self._trust.add(seen.aspect, seen.of, seen.good, seen.bad)
                if seen.good or seen.bad:
                    self._trusted.setdefault((seen.aspect, seen.of), []).append(entry.index)
        self._lessons.clear()
        return self._trust

    def standing(self, kind: str, name: str) -> Event | None:
        """The event through which a matter stands, as far as this actor knows.

        Consulted is the entry that made it stand, or the one that ended it.
        """
        matter = (kind, name)
        standing = self._talks.open.get(matter)
        index = self._since.get(matter)
        if index is None and standing is not None:
            index = self._since.get(standing.matter)
        if index is not None:
            self.consulted.add(index)
        return standing

    def last_on(self, kind: str, name: str) -> Entry | None:
        """The newest entry that changed how a matter stands, as far as this actor knows."""
        index = self._since.get((kind, name))
        seen = (entry for entries in self._seen.values() for entry in entries)
        return next((entry for entry in seen if entry.index == index), None)

    def all(self, kind: type[E], **fields: object) -> tuple[E, ...]:
        """Every event of this type that was seen and whose fields equal these, oldest first."""
        wanted = _named(fields)
        fitting = [
            entry
            for entry in self._seen.get(kind, ())
            if all(getattr(entry.event, name) == value for name, value in wanted)
        ]
        self.consulted.update([entry.index for entry in fitting])
        return tuple([entry.event for entry in fitting])  # type: ignore[misc]

    def last(self, kind: type[E], **fields: object) -> E | None:
        """The newest event of this type that was seen and whose fields equal these."""
        entry = self._newest(kind, fields)
        return None if entry is None else entry.event  # type: ignore[return-value]

    def minutes_since(self, kind: type[E], **fields: object) -> int | None:
        """How long ago, in minutes, the newest such event happened; None when never."""
        entry = self._newest(kind, fields)
        return None if entry is None else self.now - entry.minute

    def _newest(self, kind: type[E], fields: dict[str, object]) -> Entry | None:
        """The newest seen entry of a type whose fields equal these."""
        entries = self._seen.get(kind)
        if entries is None:
            return None
        wanted = _named(fields)
        for entry in reversed(entries):
            event = entry.event
            for name, value in wanted:
                if getattr(event, name) != value:
                    break
            else:
                self.consulted.add(entry.index)
                return entry
        return None

    def trusts(self, of: Actor | str, aspect: Aspect) -> int:
        """The expected value of a trust count, in thousandths (Beta mean, see ``trust``)."""
        key = (aspect, str(of))
        trust = self._learned()
        self.consulted.update(self._trusted.get(key, ()))
        return trust.mean(*key)


def _named(fields: dict[str, object]) -> Iterable[tuple[str, object]]:
    """Fields and values, with ids in the place of actors and channels: by these they stand in an event."""
    for name, value in fields.items():
        if type(value) is not str and isinstance(value, _NAMED):
            fields[name] = value.id
    return fields.items()
