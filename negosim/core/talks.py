"""The folded state: each open matter, by the event through which it stands.

An offer stands through the ``Offered`` that put it, a deal through its ``Agreed`` or ``Ratified``,
a march through its latest ``Announced``, ``Started`` or ``Reached``, a channel at rest through its
``Suspended``. What is settled is dropped, so the state stays small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeAlias

from attrs import Factory, define

from negosim.core import events as e
from negosim.core.events import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from negosim.core.events import Event, Matter

Rule: TypeAlias = "Callable[[Talks, Any], Matter | None]"
"""Changes the state after an event; the matter that it settled or made stand, or None."""


@define
class Talks:
    """What stands between the actors; its holder alone changes it, others get a copy.

    ``named`` counts how often a name was given, so that the next of the same name gets a number.
    """

    open: dict[Matter, Event] = Factory(dict)
    named: dict[str, int] = Factory(dict)

    def standing(self, kind: str, name: str) -> Event | None:
        """The event through which a matter stands, or None when it is not open."""
        return self.open.get((kind, name))

    def next_name(self, base: str) -> str:
        """``base``, or ``base#2`` and on when it was given before."""
        count = self.named.get(base, 0)
        return base if not count else f"{base}#{count + 1}"

    def copy(self) -> Self:
        """The same state as a value of its own."""
        return type(self)(self.open.copy(), self.named.copy())

    def apply(self, event: Event) -> Matter | None:
        """Change to the state after ``event``: the matter that it settled or made stand, or None.

        Total: no constructible event on any state raises.
        """
        rule = RULES[type(event)]
        return None if rule is None else rule(self, event)

    def drop(self, matter: Matter) -> None:
        """Settle a matter, open or not."""
        self.open.pop(matter, None)

    def count(self, name: str) -> None:
        """Note that a name was given once more."""
        base = name.partition("#")[0]
        self.named[base] = self.named.get(base, 0) + 1


def evolve(talks: Talks, event: Event) -> Talks:
    """The state after ``event``, as a value of its own."""
    return fold((event,), talks)


def fold(events: Iterable[Event], talks: Talks | None = None) -> Talks:
    """The state after all ``events``, of nothing or of ``talks``."""
    state = Talks() if talks is None else talks.copy()
    for event in events:
        state.apply(event)
    return state


def _offered(talks: Talks, event: e.Offered) -> Matter:
    """A counter-offer takes the place of the offer it answers."""
    if event.answers is not None:
        talks.drop(("offer", event.answers))
    matter = "offer", event.offer
    talks.open[matter] = event
    talks.count(event.offer)
    return matter


def _agreed(talks: Talks, event: e.Agreed) -> Matter:
    """A final agreement leaves only its promises; another waits for the principal."""
    matter = "offer", event.offer
    if event.final:
        talks.drop(matter)
    else:
        talks.open[matter] = event
    return matter


def _ratified(talks: Talks, event: e.Ratified) -> Matter:
    """Where both sides' principals have to ratify, the first to do so leaves it open."""
    matter = "offer", event.offer
    standing = talks.open.get(matter)
    if isinstance(standing, e.Agreed) and any(name != event.by for name in standing.awaits):
        talks.open[matter] = event
    else:
        talks.drop(matter)
    return matter


def _promised(talks: Talks, event: e.Promised) -> Matter:
    """A promise says that its deal is done."""
    talks.drop(("offer", event.offer))
    matter = "promise", event.promise
    talks.open[matter] = event
    return matter


def _conveyed(talks: Talks, event: e.Conveyed) -> Matter | None:
    """Whoever knows the offer already learns nothing new; the principal now knows it."""
    matter = "offer", event.offer
    return matter if talks.open.setdefault(matter, event) is event else None


def _too_late(talks: Talks, event: e.AnsweredTooLate) -> Matter | None:
    """Whoever answered too late has answered; an agreement it missed still stands."""
    matter = "offer", event.offer
    match talks.open.get(matter):
        case e.Offered() | e.Conveyed():
            talks.drop(matter)
            return matter
        case e.Agreed(by=by) if event.answer == e.Agreed.name and by == event.by:
            talks.drop(matter)  # the yes that came to nothing, as its own doer saw it
            return matter
        case _:
            return None


def _requested(talks: Talks, event: e.Requested) -> Matter:
    """Whoever asks anew has left the last meeting."""
    talks.drop(("access", f"{event.channel}/{event.by}"))
    matter = "request", event.request
    talks.open[matter] = event
    talks.count(event.request)
    return matter


def _met(talks: Talks, event: e.Met) -> Matter:
    """A meeting uses up one grant of its host, who may speak there until it asks anew."""
    talks.count(event.meeting)
    grants = [
        granted
        for granted, standing in talks.open.items()
        if type(standing) is e.Granted and standing.to == event.by and standing.channel == event.channel
    ]
    if grants:
        talks.drop(min(grants))
        talks.open["access", f"{event.channel}/{event.by}"] = event
    return "meeting", event.meeting


_OWN: dict[type[Event], Rule] = {
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


def _rule_of(kind: type[Event]) -> Rule | None:
    """The rule of an event, from what it says of its effect; None where it leaves the state as it is."""
    concerned, name = kind.concerns

    def puts(talks: Talks, event: Event) -> Matter:
        matter = concerned, getattr(event, name)
        talks.open[matter] = event
        return matter

    def drops(talks: Talks, event: Event) -> Matter:
        matter = concerned, getattr(event, name)
        talks.open.pop(matter, None)
        return matter

    def names(talks: Talks, event: Event) -> Matter:
        matter = puts(talks, event)
        talks.count(matter[1])
        return matter

    by_effect = {Effect.PUTS: puts, Effect.DROPS: drops, Effect.NAMES: names, Effect.PASSES: None}
    return _OWN[kind] if kind.effect is Effect.OWN else by_effect[kind.effect]


RULES: dict[type[Event], Rule | None] = {kind: _rule_of(kind) for kind in e.EVENTS}
"""What each event does to the state; compiled once, for every run folds by them."""
