"""What every change is, and the moments at which a change may begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core import events as e
from negosim.core.errors import NotFound
from negosim.core.events import EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.core.events import Entry
    from negosim.sim.chance import Dice
    from negosim.sim.room import Room
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run


class Change:
    """One thing that is otherwise; what a change does not touch it leaves as it is.

    A change acts on the scenario, the dice or the room before the run begins. ``str`` is the
    change as its user writes it. Every change has an onset: the prefix of the factual log before
    it must come out again.
    """

    __slots__ = ()

    def check(self, scenario: Scenario) -> None:
        """Raise NotFound when the change names something unknown."""

    def ground(self, factual: Run) -> Change | None:  # noqa: ARG002 - for changes with a Moment
        """The change with its moments settled by a factual run; None where they never come."""
        return self

    def on_scenario(self, scenario: Scenario) -> Scenario:
        """The scenario with the change."""
        return scenario

    def on_dice(self, dice: Dice) -> None:
        """Prepare the dice."""

    def on_room(self, room: Room) -> None:
        """Prepare the room."""

    def prefix(self, factual: Run) -> int:  # noqa: ARG002
        """How many entries of a factual log lie before the onset; 0: it holds from the start."""
        return 0

    def onset(self, factual: Run) -> int:
        """The minute of a factual run in which the change sets in; -1: it holds from the start."""
        prefix = self.prefix(factual)
        return factual.minute_of(prefix) if prefix else -1

    def took_effect(self, run: Run) -> bool:  # noqa: ARG002
        """Whether the change took effect in a run that was played with it."""
        return True

    def explains(self, entry: Entry, log: Sequence[Entry], took_effect: frozenset[str]) -> bool:  # noqa: ARG002
        """Whether an entry can be otherwise through this change alone, with no cause that is.

        ``took_effect`` is that of the runs compared, together.
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
