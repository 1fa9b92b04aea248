"""What a counterfactual changes: a decision, a reason, a weight, a mechanism.

What surrounds the actors (givens, channels, who sits in a seat) is changed in ``circumstances``.

Every change has an onset: the prefix of the factual log that lies before it must come out again
(``Change.prefix``). Whether it took hold anywhere is read off the run it was played in
(``Change.consulted``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.errors import BadValue, NotFound
from negosim.core.events import EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.core.events import Entry
    from negosim.sim.chance import Dice
    from negosim.sim.play import Run
    from negosim.sim.room import Room
    from negosim.sim.scenario import Scenario


class Change:
    """One thing that is otherwise; what it does not touch it leaves as it is.

    A change acts on the scenario, the dice or the room, before the run begins. ``str`` is the
    change as its user writes it.
    """

    __slots__ = ()

    def check(self, scenario: Scenario) -> None:
        """Raise NotFound when the change names nothing known."""

    def resolve(self, factual: Run) -> Change | None:  # noqa: ARG002 - for those who need it
        """The change with its moments settled by a factual run; None where they never come."""
        return self

    def rewrite(self, scenario: Scenario) -> Scenario:
        """The scenario as it is with the change."""
        return scenario

    def load(self, dice: Dice) -> None:
        """Prepare the dice."""

    def furnish(self, room: Room) -> None:
        """Prepare the room."""

    def prefix(self, factual: Run) -> int:  # noqa: ARG002
        """How many entries of a factual log lie before the onset; 0: it holds from the start."""
        return 0

    def onset(self, factual: Run) -> int:
        """The minute of a factual run in which the change sets in; -1: it holds from the start."""
        prefix = self.prefix(factual)
        return -1 if not prefix else minute_of(factual, prefix)

    def consulted(self, run: Run) -> bool:  # noqa: ARG002
        """Whether the change took hold in a run that was played with it."""
        return True

    def touches(self, entry: Entry, log: Sequence[Entry], consulted: frozenset[str]) -> bool:  # noqa: ARG002
        """Whether an entry can be otherwise through this change alone, with no cause that is.

        ``consulted`` is that of the runs compared, together.
        """
        return False


@frozen
class Moment:
    """The first event of a kind over a channel (empty: any) after a minute, as it was in a run."""

    event: str
    channel: str
    after: int

    def check(self, scenario: Scenario) -> None:
        """Raise NotFound for an event or channel nobody knows."""
        if self.event not in (names := [event.name for event in EVENTS]):
            raise NotFound("event", self.event, names)
        if self.channel:
            scenario.table.channel(self.channel)

    def of(self, factual: Run) -> Entry | None:
        """The entry meant, or None when there is none in this run."""
        for entry in factual.entries:
            here = not self.channel or getattr(entry.event, "channel", "") == self.channel
            if entry.minute > self.after and here and entry.event.name == self.event:
                return entry
        return None

    def __str__(self) -> str:
        return f"first {self.event}{f' via {self.channel}' if self.channel else ''} after @{self.after}"

    def choice(self, factual: Run) -> str | None:
        """The address of the choice that brought the event about, or None when there is none."""
        entry = self.of(factual)
        while entry is not None:
            if isinstance(entry.event, e.Chose):
                return entry.event.address
            entry = factual.entries[max(entry.causes)] if entry.causes else None
        return None


# ── choices ─────────────────────────────────────────────────────────────────────────────────────


@frozen
class _AtChoice(Change):
    """One choice is otherwise; where the address is a Moment, the one that brought that event about."""

    address: str | Moment
    alternative: str

    def check(self, scenario: Scenario) -> None:
        """See ``Change``."""
        if isinstance(self.address, Moment):
            self.address.check(scenario)
        else:
            _check_answer(scenario, self.address, self.alternative)

    def resolve(self, factual: Run) -> Change | None:
        """See ``Change``."""
        if isinstance(self.address, str):
            return self
        address = self.address.choice(factual)
        return None if address is None else evolve(self, address=address)

    def prefix(self, factual: Run) -> int:
        """See ``Change``."""
        return _before_address(factual, str(self.address))

    def onset(self, factual: Run) -> int:
        """See ``Change``."""
        return _minute_at(factual, str(self.address))

    def consulted(self, run: Run) -> bool:
        """See ``Change``."""
        return str(self.address) in run.consulted

    def touches(self, entry: Entry, log: Sequence[Entry], consulted: frozenset[str]) -> bool:  # noqa: ARG002
        """See ``Change``. Nature's choices leave no entry: what differs is what who asked her did."""
        address, by = str(self.address), entry.event.by
        if address.startswith(f"{NATURE.id}."):
            return by == NATURE.id or f"{address} by {by}" in consulted
        return isinstance(entry.event, e.Chose) and entry.event.address == address


@frozen
class Decide(_AtChoice):
    """At ``address`` take ``alternative``, whatever speaks against it."""

    def load(self, dice: Dice) -> None:
        """See ``Change``. Raises BadValue when another change decides the same otherwise."""
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

    def load(self, dice: Dice) -> None:
        """See ``Change``."""
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

    def furnish(self, room: Room) -> None:
        """See ``Change``."""
        room.weights[self.actor][self.attribute] = self.value

    def prefix(self, factual: Run) -> int:
        """The first choice that reads the weight."""
        reading = (entry.index for entry in factual.entries if self._reads(entry))
        return next(reading, len(factual.entries))

    def consulted(self, run: Run) -> bool:
        """See ``Change``."""
        return any(self._reads(entry) for entry in run.entries)

    def touches(self, entry: Entry, log: Sequence[Entry], consulted: frozenset[str]) -> bool:  # noqa: ARG002
        """See ``Change``."""
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

    def check(self, scenario: Scenario) -> None:
        """See ``Change``."""
        if self.name not in scenario.mechanisms:
            raise NotFound("mechanism", self.name, scenario.mechanisms)

    def rewrite(self, scenario: Scenario) -> Scenario:
        """See ``Change``."""
        return evolve(scenario, mechanisms={**scenario.mechanisms, self.name: self.on})

    def consulted(self, run: Run) -> bool:
        """See ``Change``."""
        return f"mechanism {self.name}" in run.consulted

    def touches(self, entry: Entry, log: Sequence[Entry], consulted: frozenset[str]) -> bool:  # noqa: ARG002
        """See ``Change``. What differs is what who asked about the mechanism did."""
        return f"mechanism {self.name} by {entry.event.by}" in consulted

    def __str__(self) -> str:
        return f"mechanism {self.name} {'on' if self.on else 'off'}"


# ── where they begin ────────────────────────────────────────────────────────────────────────────


def _check_answer(scenario: Scenario, address: str, alternative: str) -> None:
    if address.startswith(f"{NATURE.id}."):
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
    for one in factual.asked:
        if one.address == address:
            return before_minute(factual, one.at)
    return len(factual.entries)


NEVER = 2**53
"""Later than any minute."""


def _minute_at(factual: Run, address: str) -> int:
    return next((one.at for one in factual.asked if one.address == address), NEVER)


def minute_of(factual: Run, place: int) -> int:
    """The minute of an entry of a log; never, when the log is shorter."""
    return factual.entries[place].minute if place < len(factual.entries) else NEVER


def before_minute(factual: Run, minute: int) -> int:
    """How many entries of a log lie before a minute."""
    return next((entry.index for entry in factual.entries if entry.minute >= minute), len(factual.entries))
