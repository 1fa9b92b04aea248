"""A scenario: who is at the table, what they want, and the parts they play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, fields_dict, frozen

from negosim.core.actors import NATURE, Actor, Channel
from negosim.core.address import Address
from negosim.core.errors import BadValue, NotFound, ScenarioError, did_you_mean
from negosim.core.time import Calendar
from negosim.core.views import Table
from negosim.sim.decisions import Decision, Weight
from negosim.sim.setting import Given, InitialTrust, Setting

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from negosim.sim.seat import Part


@frozen
class Testimony:
    """Who would say this if: how probable a statement is under each account, in thousandths.

    ``source`` is the page of the record that has it; ``otherwise`` holds for accounts that ``said_if``
    does not name. The note says why; a statement that its speaker would make in any case has the
    same figure everywhere, and weighs nothing.
    """

    source: str
    said_if: Mapping[str, int]
    otherwise: int
    note: str

    def __attrs_post_init__(self) -> None:
        for share in (*self.said_if.values(), self.otherwise):
            if not 1 <= share <= 1000:
                raise BadValue(f"testimony of {self.source}: {share} is not in 1..1000 thousandths")


@frozen
class Scenario:
    """Everything a run needs but chance.

    ``cast`` gives each actor its parts; ``weights`` each actor's preference weights by attribute;
    ``mechanisms`` the switches that rival explanations turn, with their defaults; ``accounts`` are
    those explanations by topic, ``testimony`` who would say what under which; ``givens`` are
    usually filled in from the record beside the story. ``explanations`` say why a fact is missed,
    ``words`` how a slug reads in a timeline (``d-chowk``: "D-Chowk").
    """

    name: str
    title: str
    calendar: Calendar
    ends: int
    actors: tuple[Actor, ...]
    channels: tuple[Channel, ...] = field(kw_only=True)
    cast: Mapping[Actor, tuple[Part, ...]] = field(kw_only=True)
    decisions: tuple[Decision[Any], ...] = field(default=(), kw_only=True)
    weights: Mapping[Actor, Mapping[str, Weight]] = field(factory=dict, kw_only=True)
    mechanisms: Mapping[str, bool] = field(factory=dict, kw_only=True)
    accounts: Mapping[str, Mapping[str, Mapping[str, bool]]] = field(factory=dict, kw_only=True)
    testimony: Mapping[str, tuple[Testimony, ...]] = field(factory=dict, kw_only=True)
    happenings: tuple[str, ...] = field(default=(), kw_only=True)
    initial_trust: tuple[InitialTrust, ...] = field(default=(), kw_only=True)
    givens: tuple[Given, ...] = field(default=(), kw_only=True)
    explanations: Mapping[str, str] = field(factory=dict, kw_only=True)
    words: Mapping[str, str] = field(factory=dict, kw_only=True)
    entries_max: int = field(default=100_000, kw_only=True)
    table: Table = field(init=False)
    parts: tuple[tuple[str, Part], ...] = field(init=False, eq=False, repr=False)
    """Every part with its actor, in the order in which ties are broken."""
    setting: Setting = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        actors = self.actors if NATURE in self.actors else (*self.actors, NATURE)
        object.__setattr__(self, "table", Table(actors, self.channels))
        problems = tuple(self._problems())
        if problems:
            raise ScenarioError(f"scenario {self.name!r}:\n" + "\n".join(problems))
        cast = sorted(self.cast.items(), key=lambda played: played[0].id)
        object.__setattr__(self, "parts", tuple((actor.id, part) for actor, parts in cast for part in parts))
        shared = {name: getattr(self, name) for name, field in fields_dict(Setting).items() if field.init}
        object.__setattr__(self, "setting", Setting(**shared))

    def _problems(self) -> Generator[str, None, None]:
        known = self.table.actors
        yield from self._unknown()
        cast: Mapping[Actor, tuple[object, ...]] = self.cast
        for actor, parts in cast.items():
            if actor.id not in known:
                yield f"cast: no actor called {actor.id!r}; {_hint(actor.id, known)}"
            yield from (f"cast: {part!r} of {actor.id} is no function" for part in parts if not callable(part))
        for channel in self.channels:
            for member in (*channel.members, *filter(None, [channel.gate])):
                if member not in known:
                    yield f"channel {channel.id}: no actor called {member!r}; {_hint(member, known)}"
        seen: set[tuple[str, str]] = set()
        for decision in self.decisions:
            key = (decision.actor.id, decision.name)
            if key in seen:
                yield f"{key[0]}.{key[1]}: declared twice"
            seen.add(key)
            yield from self._unweighted(decision)
        for topic, accounts in self.accounts.items():
            for account, switches in accounts.items():
                for name in switches:
                    if name not in self.mechanisms:
                        hint = did_you_mean(name, self.mechanisms)
                        yield f"account {topic}/{account}: no mechanism called {name!r}; {hint}"
        yield from self._untrue()

    def _untrue(self) -> Generator[str, None, None]:
        """Accounts that testimony names and nobody gives."""
        for topic, statements in self.testimony.items():
            known = self.accounts.get(topic, {})
            for account in dict.fromkeys(name for statement in statements for name in statement.said_if):
                if account not in known:
                    yield f"testimony on {topic}: no account called {account!r}; {did_you_mean(account, known)}"

    def _unknown(self) -> Generator[str, None, None]:
        """Names declared twice or never, and times off the clock."""
        known = self.table.actors
        for what, ids in (
            ("actor", [actor.id for actor in self.actors]),
            ("channel", [channel.id for channel in self.channels]),
        ):
            yield from (f"{what} {name!r} is declared twice" for name in dict.fromkeys(ids) if ids.count(name) > 1)
        if any(actor.id == NATURE.id and actor != NATURE for actor in (*self.actors, *self.cast)):
            yield f"actor {NATURE.id!r}: chance itself is called so; choose another id, or import NATURE"
        named = [actor.side for actor in self.actors if actor.side]
        named += [actor.id for actor in self.weights]
        named += [actor.id for trust in self.initial_trust for actor in (trust.viewer, trust.of)]
        named += [given.to for given in self.givens if given.to]
        for name in dict.fromkeys(named):
            if name not in known:
                yield f"no actor called {name!r}; {_hint(name, known)}"
        if type(self.ends) is not int or self.ends < 1:
            yield f"ends is {self.ends!r}; it is a minute after the start"
        for given in self.givens:
            minutes = (given.earliest, given.latest, given.known or 0)
            if not all(type(minute) is int for minute in minutes):
                yield f"given {given.what!r}: time is whole minutes, not {minutes}"
            elif not 0 <= given.earliest <= given.latest <= self.ends:
                yield f"given {given.what!r}: {given.earliest} to {given.latest} is outside the clock, 0 to {self.ends}"

    def _unweighted(self, decision: Decision[Any]) -> Generator[str, None, None]:
        weights = self.weights.get(decision.actor, {})
        named = dict.fromkeys(name for option in decision.menu.values() for name in option.reasons)
        for name in named:
            if name not in weights:
                hint = did_you_mean(name, weights)
                yield f"{decision.actor}.{decision.name}: no weight for {name!r}; {hint}"

    def decision(self, address: str) -> Decision[Any]:
        """The decision an address belongs to. Raises NotFound with the nearest known one."""
        stem = Address.of(address).stem
        for decision in self.decisions:
            if f"{decision.actor}.{decision.name}" == stem:
                return decision
        raise NotFound("decision", stem or address, [f"{d.actor}.{d.name}" for d in self.decisions])


def _hint(actor: str, known: Iterable[str]) -> str:
    """What to do about an actor that is named and not declared."""
    return did_you_mean(actor, known) or "give it a part in cast, or name it in actors"
