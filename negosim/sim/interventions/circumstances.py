"""Changes around the actors: givens, channels, who sits in a seat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen
from typing_extensions import override

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.address import Address
from negosim.core.errors import BadValue, NotFound
from negosim.sim.interventions.change import Change, Moment
from negosim.sim.noise import MILLION
from negosim.sim.setting import CHANGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.actors import Channel
    from negosim.core.events import Entry
    from negosim.sim.chance import Dice
    from negosim.sim.room import Room
    from negosim.sim.scenario import Scenario
    from negosim.sim.setting import Given
    from negosim.sim.trace import Run

# ── givens ──────────────────────────────────────────────────────────────────────────────────────


@frozen
class StrikeGiven(Change):
    """Let a given not happen, nor stand in anybody's calendar."""

    what: str

    @override
    def check(self, scenario: Scenario) -> None:
        _given(scenario.givens, self.what)

    @override
    def on_scenario(self, scenario: Scenario) -> Scenario:
        return evolve(scenario, givens=tuple(given for given in scenario.givens if given.what != self.what))

    @override
    def prefix(self, factual: Run) -> int:
        """What comes before the given, or its announcement."""
        return _before_given(factual, self.what)

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        return _is_given(entry, self.what)

    def __str__(self) -> str:
        return f"strike {self.what}"


@frozen
class MoveGiven(Change):
    """Let a given happen between two other minutes; if it is in the calendar, so is the new date."""

    what: str
    earliest: int
    latest: int

    @override
    def check(self, scenario: Scenario) -> None:
        _given(scenario.givens, self.what)
        if not 0 <= self.earliest <= self.latest:
            raise BadValue(f"{self}: from minute 0 on, and the end not before the beginning")

    @override
    def on_scenario(self, scenario: Scenario) -> Scenario:
        return evolve(
            scenario,
            givens=tuple(
                evolve(given, earliest=self.earliest, latest=self.latest) if given.what == self.what else given
                for given in scenario.givens
            ),
        )

    @override
    def prefix(self, factual: Run) -> int:
        """What comes before both dates."""
        return min(_before_given(factual, self.what), factual.before_minute(self.earliest))

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        return _is_given(entry, self.what)

    def __str__(self) -> str:
        return f"move {self.what} @{self.earliest}/@{self.latest}"


@frozen
class InsertGiven(Change):
    """Let something happen that did not."""

    given: Given

    @override
    def check(self, scenario: Scenario) -> None:
        if any(given.what == self.given.what for given in scenario.givens):
            raise BadValue(f"{self.given.what!r} is a given already; move it instead")
        if scenario.happenings and self.given.what not in scenario.happenings:
            raise NotFound("happening", self.given.what, scenario.happenings)
        if self.given.to:
            scenario.table.actor(self.given.to)
        if not 0 <= self.given.earliest <= self.given.latest:
            raise BadValue(f"{self}: from minute 0 on, and the end not before the beginning")

    @override
    def on_scenario(self, scenario: Scenario) -> Scenario:
        return evolve(scenario, givens=(*scenario.givens, self.given))

    @override
    def prefix(self, factual: Run) -> int:
        """What comes before it is known or happens."""
        known = self.given.known
        return factual.before_minute(self.given.earliest if known is None else min(known, self.given.earliest))

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        return _is_given(entry, self.given.what)

    def __str__(self) -> str:
        given = self.given
        known = "" if given.known is None else f" known @{given.known}"
        return f"insert {given.what} @{given.earliest}/@{given.latest}{known}{given.to and f' to {given.to}'}"


# ── channels ────────────────────────────────────────────────────────────────────────────────────


@frozen
class _OnChannel(Change):
    """A channel is otherwise from a minute, or from a moment, on."""

    channel: str
    since: int | Moment = 0

    @override
    def check(self, scenario: Scenario) -> None:
        self.altered(scenario.table.channel(self.channel))
        if isinstance(self.since, Moment):
            self.since.check(scenario)

    @override
    def ground(self, factual: Run) -> Change | None:
        if not isinstance(self.since, Moment):
            return self
        entry = self.since.of(factual)
        return None if entry is None else evolve(self, since=entry.minute + 1)

    def altered(self, channel: Channel) -> Channel:
        """The channel as it is then."""
        return channel

    @override
    def on_room(self, room: Room) -> None:

        def alter(_: object) -> None:
            room.rewire(self.altered(room.table.channel(self.channel)))

        if self._minute <= 0:
            alter(None)
        else:
            room.call_at(self._minute, CHANGE, "", alter)

    @property
    def _minute(self) -> int:
        if isinstance(self.since, Moment):
            raise BadValue(f"{self}: a moment must be resolved against a run first")
        return self.since

    @override
    def prefix(self, factual: Run) -> int:
        return factual.before_minute(self._minute)

    @override
    def took_effect(self, run: Run) -> bool:
        """Whether anything was said there from then on."""
        return any(
            entry.minute >= self._minute and getattr(entry.event, "channel", "") == self.channel
            for entry in run.entries
        )

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        """What is said there can be otherwise, and what follows from how it arrives."""
        behind = (entry, *(log[cause] for cause in entry.causes))
        return any(getattr(cause.event, "channel", "") == self.channel for cause in behind)

    def _since(self) -> str:
        if isinstance(self.since, Moment):
            return f" from {self.since}"
        return f" from @{self.since}" if self.since else ""


@frozen
class CloseChannel(_OnChannel):
    """Whatever is said there is lost; who speaks does not know."""

    @override
    def altered(self, channel: Channel) -> Channel:
        return evolve(channel, loss=MILLION)

    def __str__(self) -> str:
        return f"close {self.channel}{self._since()}"


@frozen
class OpenChannel(_OnChannel):
    """Nobody needs a grant to speak there, and nothing is lost."""

    @override
    def altered(self, channel: Channel) -> Channel:
        return evolve(channel, gate="", gated=(), loss=0)

    def __str__(self) -> str:
        return f"open {self.channel}{self._since()}"


@frozen
class DelayChannel(_OnChannel):
    """From said to heard it takes ``delay`` minutes."""

    delay: int = 1

    @override
    def altered(self, channel: Channel) -> Channel:
        return evolve(channel, delay=self.delay)

    def __str__(self) -> str:
        return f"delay {self.channel} {self.delay} minutes{self._since()}"


@frozen
class LeakChannel(_OnChannel):
    """Every secret meeting or offer there comes out, or none does."""

    leaks: bool = True

    @override
    def altered(self, channel: Channel) -> Channel:
        return evolve(channel, leak=MILLION if self.leaks else 0)

    def __str__(self) -> str:
        return f"{'leak' if self.leaks else 'seal'} {self.channel}{self._since()}"


# ── actors ──────────────────────────────────────────────────────────────────────────────────────


@frozen
class RemoveActor(Change):
    """Nobody sits in an actor's seat: it does nothing and hears nothing."""

    actor: str

    @override
    def check(self, scenario: Scenario) -> None:
        played = [actor.id for actor in scenario.cast]
        if self.actor not in played:
            raise NotFound("actor with a part", self.actor, played)

    @override
    def on_scenario(self, scenario: Scenario) -> Scenario:
        return evolve(scenario, cast={who: parts for who, parts in scenario.cast.items() if who.id != self.actor})

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        return entry.event.by == self.actor

    def __str__(self) -> str:
        return f"remove {self.actor}"


@frozen
class Recast(Change):
    """Somebody else sits in the seat: other preferences from the same priors, other chance."""

    actor: str

    @override
    def check(self, scenario: Scenario) -> None:
        RemoveActor(self.actor).check(scenario)

    @override
    def on_dice(self, dice: Dice) -> None:
        dice.redrawn = dice.redrawn | {self.actor}

    @override
    def took_effect(self, run: Run) -> bool:
        return any(Address.of(asked.address).actor == self.actor for asked in run.asked)

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        return isinstance(entry.event, e.Chose) and entry.event.by == self.actor

    def __str__(self) -> str:
        return f"recast {self.actor}"


def _given(givens: Iterable[Given], what: str) -> Given:
    known = {given.what: given for given in givens}
    if what not in known:
        raise NotFound("given", what, known)
    return known[what]


def _before_given(factual: Run, what: str) -> int:
    return next((entry.index for entry in factual.entries if _is_given(entry, what)), len(factual.entries))


def _is_given(entry: Entry, what: str) -> bool:
    """Whether an entry is a given, or its place in the calendar."""
    event = entry.event
    return event.by == NATURE.id and (
        (isinstance(event, e.Happened) and event.what == what)
        or (isinstance(event, e.Announced) and event.action == what)
    )
