"""What a counterfactual changes: a decision at an address, or a weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from negosim.core.actors import NATURE
from negosim.core.errors import BadValue, NotFound

if TYPE_CHECKING:
    from negosim.sim.chance import Dice
    from negosim.sim.room import Room
    from negosim.sim.scenario import Scenario


class Change(Protocol):
    """One thing that is otherwise; it acts on the dice or on the room before the run begins."""

    def check(self, scenario: Scenario) -> None:
        """Raise NotFound when the change names nothing known."""

    def load(self, dice: Dice) -> None:
        """Prepare the dice."""

    def furnish(self, room: Room) -> None:
        """Prepare the room."""

    def __str__(self) -> str:
        """The change as its user writes it."""


@frozen
class Decide:
    """At ``address`` take ``alternative``, whatever speaks against it."""

    address: str
    alternative: str

    def check(self, scenario: Scenario) -> None:
        """See ``Change``."""
        natural = self.address.startswith(f"{NATURE.id}.")
        menu = ["yes", "no"] if natural else [one.slug for one in scenario.decision(self.address).menu]
        if self.alternative not in menu:
            raise NotFound(f"answer at {self.address}", self.alternative, menu)

    def load(self, dice: Dice) -> None:
        """See ``Change``."""
        dice.forced = {**dice.forced, self.address: self.alternative}

    def furnish(self, room: Room) -> None:
        """See ``Change``."""

    def __str__(self) -> str:
        """See ``Change``."""
        return f"{self.address}={self.alternative}"


@frozen
class SetWeight:
    """Give an actor's preference weight a value, in thousandths."""

    actor: str
    attribute: str
    value: int

    @classmethod
    def parse(cls, text: str) -> SetWeight:
        """Read ``actor.attribute=value``. Raises BadValue when it is not of that form."""
        name, _, value = text.partition("=")
        actor, _, attribute = name.partition(".")
        if not (actor and attribute and value.lstrip("-").isdigit()):
            raise BadValue(f"{text!r} is not of the form actor.attribute=value, with whole thousandths")
        return cls(actor, attribute, int(value))

    def check(self, scenario: Scenario) -> None:
        """See ``Change``."""
        weights = {actor.id: priors for actor, priors in scenario.weights.items()}
        if self.actor not in weights:
            raise NotFound("actor with weights", self.actor, weights)
        if self.attribute not in weights[self.actor]:
            raise NotFound(f"weight of {self.actor}", self.attribute, weights[self.actor])

    def load(self, dice: Dice) -> None:
        """See ``Change``."""

    def furnish(self, room: Room) -> None:
        """See ``Change``."""
        room.weights[self.actor][self.attribute] = self.value

    def __str__(self) -> str:
        """See ``Change``."""
        return f"{self.actor}.{self.attribute}={self.value}"
