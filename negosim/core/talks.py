"""The folded state: each open matter, by the event through which it stands.

An offer stands through the ``Offered`` that put it, a deal through its ``Agreed`` or ``Ratified``,
a march through its latest ``Announced``, ``Started`` or ``Reached``, a channel at rest through its
``Suspended``. What is settled is dropped, so the state stays small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import Factory, frozen
from rpds import HashTrieMap

from negosim.core import events as e
from negosim.core.events import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from negosim.core.events import Event, Matter


@frozen
class Talks:
    """What stands between the actors. ``open`` is persistent: a change copies almost nothing.

    ``named`` counts how often a name was given, so that the next of the same name gets a number.
    """

    open: HashTrieMap[Matter, Event] = Factory(HashTrieMap)
    named: HashTrieMap[str, int] = Factory(HashTrieMap)

    def standing(self, kind: str, name: str) -> Event | None:
        """The event through which a matter stands, or None when it is not open."""
        return self.open.get((kind, name))

    def next_name(self, base: str) -> str:
        """``base``, or ``base#2`` and on when it was given before."""
        count = self.named.get(base, 0)
        return base if not count else f"{base}#{count + 1}"

    @classmethod
    def in_place(cls) -> Self:
        """An empty state whose maps change in place, for a holder that looks back at no earlier state."""
        return cls(_Draft(), _Draft())  # type: ignore[arg-type]

    def kept(self) -> Self:
        """The state as a value of its own: what changes in place afterwards does not change it."""
        return type(self)(HashTrieMap(self.open), HashTrieMap(self.named))

    def _put(self, event: Event) -> Self:
        return type(self)(self.open.insert(event.matter, event), self.named)

    def _drop(self, matter: Matter) -> Self:
        return type(self)(self.open.discard(matter), self.named)

    def _count(self, name: str) -> Self:
        base = name.partition("#")[0]
        return type(self)(self.open, self.named.insert(base, self.named.get(base, 0) + 1))


def evolve(talks: Talks, event: Event) -> Talks:
    """The state after ``event``. Total: no constructible event on any state raises."""
    return _EVOLVE[type(event)](talks, event)


def fold(events: Iterable[Event], talks: Talks | None = None) -> Talks:
    """The state after all ``events``, of nothing or of ``talks``."""
    if talks is not None:
        return _folded(events, talks)
    return _folded(events, Talks.in_place()).kept()


def _folded(events: Iterable[Event], state: Talks) -> Talks:
    for event in events:
        state = _EVOLVE[type(event)](state, event)
    return state


class _Draft(dict[Any, Any]):
    """A dict with the two verbs of a persistent map, which change it in place."""

    __slots__ = ()

    def insert(self, key: Any, value: Any) -> Self:
        self[key] = value
        return self

    def discard(self, key: Any) -> Self:
        self.pop(key, None)
        return self


def _offered(talks: Talks, event: e.Offered) -> Talks:
    """A counter-offer takes the place of the offer it answers."""
    open_ = talks.open if event.answers is None else talks.open.discard(("offer", event.answers))
    base = event.offer.partition("#")[0]
    named = talks.named.insert(base, talks.named.get(base, 0) + 1)
    return Talks(open_.insert(("offer", event.offer), event), named)


def _agreed(talks: Talks, event: e.Agreed) -> Talks:
    """A final agreement leaves only its promises; another waits for the principal."""
    return talks._drop(event.matter) if event.final else talks._put(event)


def _ratified(talks: Talks, event: e.Ratified) -> Talks:
    """Where both sides' principals have to ratify, the first to do so leaves it open."""
    standing = talks.standing(*event.matter)
    others = isinstance(standing, e.Agreed) and any(name != event.by for name in standing.awaits)
    return talks._put(event) if others else talks._drop(event.matter)


def _promised(talks: Talks, event: e.Promised) -> Talks:
    """A promise says that its deal is done."""
    return talks._drop(("offer", event.offer))._put(event)


def _conveyed(talks: Talks, event: e.Conveyed) -> Talks:
    """Whoever knows the offer already learns nothing new; the principal now knows it."""
    return talks if talks.standing(*event.matter) else talks._put(event)


def _too_late(talks: Talks, event: e.AnsweredTooLate) -> Talks:
    """Whoever answered too late has answered; an agreement it missed still stands."""
    match talks.standing(*event.matter):
        case e.Offered() | e.Conveyed():
            return talks._drop(event.matter)
        case e.Agreed(by=by) if event.answer == e.Agreed.name and by == event.by:
            return talks._drop(event.matter)  # the yes that came to nothing, as its own doer saw it
        case _:
            return talks


def _requested(talks: Talks, event: e.Requested) -> Talks:
    """Whoever asks anew has left the last meeting."""
    left = talks._drop(("access", f"{event.channel}/{event.by}"))
    return left._put(event)._count(event.request)


def _met(talks: Talks, event: e.Met) -> Talks:
    """A meeting uses up one grant of its host, who may speak there until it asks anew."""
    state = talks._count(event.meeting)
    grants = [
        matter
        for matter, standing in talks.open.items()
        if isinstance(standing, e.Granted) and (standing.channel, standing.to) == (event.channel, event.by)
    ]
    if not grants:
        return state
    inside = ("access", f"{event.channel}/{event.by}")
    return type(talks)(state.open.discard(min(grants)).insert(inside, event), state.named)


_OWN: dict[type[Event], Callable[[Talks, Any], Talks]] = {
    e.Offered: _offered,
    e.Agreed: _agreed,
    e.Ratified: _ratified,
    e.Promised: _promised,
    e.Conveyed: _conveyed,
    e.AnsweredTooLate: _too_late,
    e.Met: _met,
    e.Requested: _requested,
}
"""The rules of the events whose effect is their own."""

_RULES: dict[Effect, Callable[[Talks, Any], Talks]] = {
    Effect.PUTS: Talks._put,
    Effect.DROPS: lambda talks, event: talks._drop(event.matter),
    Effect.NAMES: lambda talks, event: talks._put(event)._count(event.matter[1]),
    Effect.PASSES: lambda talks, _: talks,
}

_EVOLVE = {kind: _OWN[kind] if kind.effect is Effect.OWN else _RULES[kind.effect] for kind in e.EVENTS}
