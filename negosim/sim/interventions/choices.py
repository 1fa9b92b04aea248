"""Changes inside the actors' heads: a decision, a reason, a weight, a mechanism."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from typing_extensions import override

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.address import Address
from negosim.core.errors import BadValue, NotFound
from negosim.sim.interventions.change import Change, Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.core.events import Entry
    from negosim.sim.chance import Dice
    from negosim.sim.room import Room
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run


@frozen
class _AtChoice(Change):
    """One choice is otherwise; where the address is a Moment, the one that brought that event about."""

    address: str | Moment
    alternative: str

    @override
    def check(self, scenario: Scenario) -> None:
        if isinstance(self.address, Moment):
            self.address.check(scenario)
        else:
            _check_answer(scenario, self.address, self.alternative)

    @override
    def ground(self, factual: Run) -> Change | None:
        if isinstance(self.address, str):
            return self
        address = self.address.choice(factual)
        return None if address is None else evolve(self, address=address)

    @override
    def prefix(self, factual: Run) -> int:
        return _before_address(factual, str(self.address))

    @override
    def onset(self, factual: Run) -> int:
        return factual.minute_asked(str(self.address))

    @override
    def took_effect(self, run: Run) -> bool:
        return str(self.address) in run.took_effect

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        """Nature's choices leave no entry: what differs is what who asked her did."""
        address, by = str(self.address), entry.event.by
        if Address.of(address).is_natural:
            return by == NATURE.id or f"{address} by {by}" in took_effect
        return isinstance(entry.event, e.Chose) and entry.event.address == address


@frozen
class Decide(_AtChoice):
    """At ``address`` take ``alternative``, whatever speaks against it."""

    @override
    def on_dice(self, dice: Dice) -> None:
        """Raises BadValue when another change decides the same otherwise."""
        address = str(self.address)
        if dice.forced.get(address, self.alternative) != self.alternative:
            raise BadValue(f"{address} cannot be both {dice.forced[address]} and {self.alternative}")
        dice.forced = {**dice.forced, address: self.alternative}

    def __str__(self) -> str:
        return f"{self.address}={self.alternative}"


@frozen
class Tilt(_AtChoice):
    """At ``address`` add ``by`` thousandths to the utility of ``alternative``."""

    by: int

    @override
    def on_dice(self, dice: Dice) -> None:
        key = str(self.address), self.alternative
        dice.tilts = {**dice.tilts, key: dice.tilts.get(key, 0) + self.by * 1000}

    def __str__(self) -> str:
        return f"tilt {self.address} {self.alternative} {self.by:+d}"


@frozen
class SetWeight(Change):
    """Give an actor's preference weight a value, in thousandths."""

    actor: str
    attribute: str
    value: int

    @classmethod
    def parse(cls, text: str) -> SetWeight:
        """Read ``actor.attribute=value``. Raises BadValue when it is not of that form."""
        name, _, value = text.partition("=")
        actor, _, attribute = name.partition(".")
        if not (actor and attribute and re.fullmatch(r"-?[0-9]+", value)):
            raise BadValue(f"{text!r} is not of the form actor.attribute=value, with whole thousandths")
        return cls(actor, attribute, int(value))

    @override
    def check(self, scenario: Scenario) -> None:
        weights = {actor.id: priors for actor, priors in scenario.weights.items()}
        if self.actor not in weights:
            raise NotFound("actor with weights", self.actor, weights)
        if self.attribute not in weights[self.actor]:
            raise NotFound(f"weight of {self.actor}", self.attribute, weights[self.actor])

    @override
    def on_room(self, room: Room) -> None:
        room.weights[self.actor][self.attribute] = self.value

    @override
    def prefix(self, factual: Run) -> int:
        """The first choice that reads the weight."""
        reading = (entry.index for entry in factual.entries if self._reads(entry))
        return next(reading, len(factual.entries))

    @override
    def took_effect(self, run: Run) -> bool:
        return any(self._reads(entry) for entry in run.entries)

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        return self._reads(entry)

    def _reads(self, entry: Entry) -> bool:
        event = entry.event
        return (
            isinstance(event, e.Chose)
            and event.by == self.actor
            and any(name == self.attribute and value for row in event.attributes for name, value in row)
        )

    def __str__(self) -> str:
        return f"{self.actor}.{self.attribute}={self.value}"


@frozen
class SetMechanism(Change):
    """Switch a mechanism on or off."""

    name: str
    on: bool

    @override
    def check(self, scenario: Scenario) -> None:
        if self.name not in scenario.mechanisms:
            raise NotFound("mechanism", self.name, scenario.mechanisms)

    @override
    def on_scenario(self, scenario: Scenario) -> Scenario:
        return evolve(scenario, mechanisms={**scenario.mechanisms, self.name: self.on})

    @override
    def took_effect(self, run: Run) -> bool:
        return f"mechanism {self.name}" in run.took_effect

    @override
    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:
        """What differs is what who asked about the mechanism did."""
        return f"mechanism {self.name} by {entry.event.by}" in took_effect

    def __str__(self) -> str:
        return f"mechanism {self.name} {'on' if self.on else 'off'}"



def _check_answer(scenario: Scenario, address: str, alternative: str) -> None:
    if Address.of(address).is_natural:
        menu = ["yes", "no"]
    else:
        menu = [answer.slug for answer in scenario.decision(address).menu]
    if alternative not in menu:
        raise NotFound(f"answer at {address}", alternative, menu)


def _before_address(factual: Run, address: str) -> int:
    """The entries before a choice; before the minute of it where Nature's choice left none."""
    for entry in factual.entries:
        if isinstance(entry.event, e.Chose) and entry.event.address == address:
            return entry.index
    return factual.before_minute(factual.minute_asked(address))
