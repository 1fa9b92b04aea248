"""``play``: the one way a scenario becomes a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core.errors import EndlessRun, NegosimError, StoryRaised, cause_of
from negosim.core.values import check_whole
from negosim.sim.chance import (
    Chance,
    Dice,
    FailedImposition,
    Imposing,
    Imposition,
    Policy,
    World,
)
from negosim.sim.faults import place_of
from negosim.sim.room import Room
from negosim.sim.seat import Seat
from negosim.sim.trace import Run

if TYPE_CHECKING:

    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario

STEPS_PER_ENTRY = 10



def play(
    scenario: Scenario, chance: Chance, changes: tuple[Change, ...] = (), *, until: int | None = None,
    policy: Policy | None = None, tie_seed: int | None = None, stop_at_failed_imposition: bool = True,
) -> Run:  # fmt: skip
    """Play a scenario once.

    ``chance`` is a Prior, a World or an Imposing; ``until`` stops after that minute. ``policy``
    replaces the actors' preferences (the baselines do), ``tie_seed`` shuffles the order of actors
    within a minute. Raises ScenarioError, IllegalMove and StoryRaised from the story's own
    mistakes, EndlessRun at the limit on entries, NotFound for a change that names nothing known,
    BadValue for a seed or a minute that is no whole number.
    """
    check_whole("play", until=until)
    dice = Dice(chance, policy, stop_at_failed_imposition=stop_at_failed_imposition)
    for change in changes:
        change.check(scenario)
        change.on_dice(dice)
        scenario = change.on_scenario(scenario)
    return perform(scenario, Room(scenario.setting, dice, tie_seed), changes, until)


def perform(
    scenario: Scenario, room: Room, changes: tuple[Change, ...] = (), until: int | None = None
) -> Run:
    """Play in a room that stands ready; a caller that needs more than a Run keeps the room."""
    live = LiveRun(scenario, room, changes)
    live.advance(scenario.ends if until is None else until)
    return live.finish()


class LiveRun:
    """A run that pauses: advance it to a minute, look at its room, go on, and finish it.

    ``failed_imposition`` is the documented decision that stopped it, with why, or None. A live run cannot
    be copied: a copy is its World (``path``) played again to the same minute.
    """

    def __init__(self, scenario: Scenario, room: Room, changes: tuple[Change, ...] = ()) -> None:
        self.room = room
        self._played = -1
        self.failed_imposition: tuple[Imposition, str] | None = None
        for change in changes:
            change.on_room(room)
        for actor, part in scenario.parts:
            room.start(Seat(room, actor), part)

    def advance(self, until: int) -> None:
        """Play everything up to the end of a minute.

        Raises EndlessRun where time stands still, and what ``play`` raises.
        """
        if self.failed_imposition is not None:
            return
        room, until = self.room, min(until, self.room.setting.ends)
        self._played = until
        try:
            if not room.play_through(until, room.setting.entries_max * STEPS_PER_ENTRY):
                raise EndlessRun(
                    f"{room.setting.name}: minute {room.now} never ends; a part waits for nothing"
                )
        except FailedImposition as lost:
            self.failed_imposition = lost.imposition, room.setting.calendar.dated(lost.why)
        except KeyboardInterrupt:
            raise
        except NegosimError as error:
            error.args = tuple(room.setting.calendar.dated(arg) if isinstance(arg, str) else arg for arg in error.args)
            raise
        except BaseException as error:  # a test given to hear() runs outside every part
            raise StoryRaised(cause_of(error), place_of(error)) from error

    @property
    def path(self) -> dict[tuple[str, str], int]:
        """All that was drawn so far, weights and noise, as the values of a World."""
        dice = self.room.dice
        drawn = {key: value for key, (_, value) in dice.noise.items()}
        return {**self._weights(), **drawn, **dice.values}

    def finish(self) -> Run:
        """End the run where it stands.

        A documented decision whose interval goes beyond the last minute played is not failed: it
        may still come.
        """
        room, dice, chance = self.room, self.room.dice, self.room.dice.chance
        unread = room.unread()
        room.adjourn()
        is_over = self._played >= room.setting.ends
        overdue = [imposition for imposition in dice.outstanding() if is_over or imposition.latest <= self._played]
        if self.failed_imposition is None and overdue:
            first = min(overdue, key=lambda imposition: imposition.latest)
            self.failed_imposition = (first, "never asked")
        base = chance.world if isinstance(chance, Imposing) else chance
        world = World(base.seed, base.run, {**base.values, **dice.values}, base.fresh, base.faced)
        return Run(
            room.setting.name, tuple(room.entries), tuple(dice.asked), room.weights, world,
            failed_imposition=self.failed_imposition, unread=unread, took_effect=frozenset(dice.used), noise=dice.noise,
        )  # fmt: skip

    def _weights(self) -> dict[tuple[str, str], int]:
        return {
            (f"{actor}.weight[{name}]", "weight"): value
            for actor, by_name in self.room.weights.items()
            for name, value in by_name.items()
        }
