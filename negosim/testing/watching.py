"""Playing with the lid off: a run together with all that passed behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, define, frozen

from negosim.sim.chance import Dice
from negosim.sim.play import perform
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.talks import Talks
    from negosim.sim.chance import Chance
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run


class WatchedRoom(Room):
    """A room that remembers the state after every entry, the empty one first."""

    @property
    def talks(self) -> Talks:
        """The state now."""
        return self._talks

    @talks.setter
    def talks(self, value: Talks) -> None:
        if not self.entries:
            self._states: dict[int, Talks] = {}
        self._talks = self._states[len(self.entries)] = value

    @property
    def states(self) -> list[Talks]:
        """The state before the first entry and after each; many entries leave it as it was."""
        found = [self._states[0]]
        for count in range(1, len(self.entries) + 1):
            found.append(self._states.get(count, found[-1]))
        return found


@define
class WatchedDice(Dice):
    """Dice that remember every noise value they used, by (address, label)."""

    drawn: dict[tuple[str, str], int] = Factory(dict)

    def _noise(self, address: str, label: str) -> int:
        self.drawn[address, label] = value = super()._noise(address, label)
        return value

    def _gumbels(self, address: str, names: Sequence[str]) -> list[int]:
        shocks = super()._gumbels(address, names)
        self.drawn.update({(address, name): shock for name, shock in zip(names, shocks, strict=True)})
        return shocks


@frozen
class Watched:
    """A run; the room as it was left; the states after each entry; the noise by address."""

    run: Run
    room: Room
    states: Sequence[Talks]
    noise: Mapping[tuple[str, str], int]
    until: int


def watch(
    scenario: Scenario, chance: Chance, changes: tuple[Change, ...] = (), *, tie_seed: int | None = None
) -> Watched:
    """Play as ``negosim.sim.play.play`` does, and keep what it throws away."""
    dice = WatchedDice(chance)
    for change in changes:
        change.check(scenario)
        change.on_dice(dice)
        scenario = change.on_scenario(scenario)
    room = WatchedRoom(scenario.setting, dice, tie_seed)
    run = perform(scenario, room, changes)
    return Watched(run, room, room.states, dice.drawn, scenario.ends)
