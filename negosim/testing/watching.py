"""Playing with the lid off: a run together with all that passed behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, define, frozen
from typing_extensions import override

from negosim.core.talks import Talks
from negosim.sim.chance import Dice
from negosim.sim.play import perform
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.events import Event, Matter
    from negosim.sim.chance import Chance
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run


class WatchedTalks(Talks):
    """Talks that remember their states, the empty one first."""

    def __init__(self) -> None:
        super().__init__()
        self.states = [Talks()]

    @override
    def apply(self, event: Event) -> Matter | None:
        matter = super().apply(event)
        self.states.append(Talks(self.open.copy(), self.named.copy()))
        return matter


@define(kw_only=True)
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
    dice = WatchedDice(chance=chance)
    for change in changes:
        change.check(scenario)
        change.on_dice(dice)
        scenario = change.on_scenario(scenario)
    room = Room(scenario.setting, dice, tie_seed)
    room.talks = talks = WatchedTalks()
    run = perform(scenario, room, changes)
    return Watched(run, room, talks.states, dice.drawn, scenario.ends)
