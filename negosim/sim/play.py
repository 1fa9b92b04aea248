"""``play``: the one way a scenario becomes a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, evolve, frozen

from negosim.core.errors import EndlessRun, NegosimError, NotFound, StoryRaised
from negosim.sim.chance import (
    Asked,
    Chance,
    Dice,
    Hopeless,
    Imposing,
    Imposition,
    Policy,
    World,
)
from negosim.sim.room import Room
from negosim.sim.seat import Seat
from negosim.sim.waiting import drive, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.events import Entry
    from negosim.sim.changes import Change
    from negosim.sim.scenario import Part, Scenario

STEPS_PER_ENTRY = 10


@frozen
class Run:
    """What came of playing a scenario once.

    ``entries`` is the log. ``asked`` says of each choice what is not in the log: how it was
    settled and how likely it was. ``world`` is the noise by address under which the same log
    comes out with nothing imposed. ``hopeless`` is the documented decision that could no longer
    come out as documented, and why, or None. ``unread`` counts the messages that each actor never
    heard: in its mail, or still on their way when the clock ended. ``consulted`` names the
    addresses at which a change took hold and the mechanisms that were asked about; of these, and
    of what Nature was asked, also ``... by ACTOR``. ``noise`` is what was drawn, by address and
    label, with its minute; at imposed choices before it was made to fit them.
    """

    scenario: str
    entries: tuple[Entry, ...]
    asked: tuple[Asked, ...]
    weights: Mapping[str, Mapping[str, int]]
    world: World
    changes: tuple[Change, ...] = ()
    hopeless: tuple[Imposition, str] | None = None
    unread: Mapping[str, int] = Factory(dict)
    consulted: frozenset[str] = frozenset()
    noise: Mapping[tuple[str, str], tuple[int, int]] = Factory(dict)


def play(
    scenario: Scenario, chance: Chance, changes: tuple[Change, ...] = (), *, until: int | None = None,
    policy: Policy | None = None, tie_seed: int | None = None, stop_when_hopeless: bool = True,
) -> Run:  # fmt: skip
    """Play a scenario once.

    ``chance`` is a Prior, a World or an Imposing; ``until`` stops after that minute. ``policy``
    replaces the actors' preferences (the baselines do), ``tie_seed`` shuffles the order of actors
    within a minute. Raises ScenarioError, IllegalMove and StoryRaised from the story's own
    mistakes, EndlessRun at the limit on entries, NotFound for a change that names nothing known.
    """
    dice = Dice(chance, policy, stop_when_hopeless=stop_when_hopeless)
    for change in changes:
        change.check(scenario)
        change.load(dice)
        scenario = change.rewrite(scenario)
    return perform(Room(scenario, dice, tie_seed), changes, until)


def perform(room: Room, changes: tuple[Change, ...] = (), until: int | None = None) -> Run:
    """Play in a room that stands ready; who needs more than a Run keeps the room (see ``play``)."""
    live = LiveRun(room, changes)
    live.advance(room.scenario.ends if until is None else until)
    return live.finish()


class LiveRun:
    """A run that pauses: advance it to a minute, look at its room, go on, and finish it.

    ``hopeless`` is the documented decision that stopped it, with why, or None. A live run cannot
    be copied: a copy is its World (``path``) played again to the same minute.
    """

    def __init__(self, room: Room, changes: tuple[Change, ...] = ()) -> None:
        self.room, self.changes = room, changes
        self.hopeless: tuple[Imposition, str] | None = None
        for change in changes:
            change.furnish(room)
        for actor, part in _parts(room.scenario):
            room.start(drive(Seat(room, actor), part))

    def advance(self, until: int) -> None:
        """Play everything up to the end of a minute.

        Raises EndlessRun where time stands still, and what ``play`` raises.
        """
        if self.hopeless is not None:
            return
        env, until = self.room.env, min(until, self.room.scenario.ends)
        queue, step = env._queue, env.step
        steps = self.room.scenario.entries_max * STEPS_PER_ENTRY
        try:
            while queue and queue[0][0] <= until:
                step()
                steps -= 1
                if not steps:
                    raise EndlessRun(
                        f"{self.room.scenario.name}: minute {self.room.now} never ends; a part waits for nothing"
                    )
        except Hopeless as lost:
            self.hopeless = lost.imposition, lost.why
        except NegosimError:
            raise
        except Exception as error:  # a test given to hear() runs outside every part
            raise StoryRaised(f"{type(error).__name__}: {error}", place_of(error)) from error

    @property
    def path(self) -> dict[tuple[str, str], int]:
        """All that was drawn so far, weights and noise, as the values of a World."""
        dice = self.room.dice
        drawn = {key: value for key, (_, value) in dice.noise.items()}
        return {**self._weights(), **drawn, **dice.values}

    def finish(self) -> Run:
        """End the run where it stands."""
        room, dice, chance = self.room, self.room.dice, self.room.dice.chance
        room.adjourn()
        if self.hopeless is None and dice.outstanding():
            first = min(dice.outstanding(), key=lambda imposition: imposition.latest)
            self.hopeless = (first, "never asked")
        base = chance.world if isinstance(chance, Imposing) else chance
        world = evolve(base, values={**base.values, **dice.values})
        unread = {name: desk.sent - desk.heard for name, desk in room.desks.items()}
        return Run(
            room.scenario.name, tuple(room.entries), tuple(dice.asked), room.weights, world, self.changes,
            self.hopeless, unread, frozenset(dice.used), dice.noise,
        )  # fmt: skip

    def _weights(self) -> dict[tuple[str, str], int]:
        return {
            (f"{actor}.weight[{name}]", "weight"): value
            for actor, by_name in self.room.weights.items()
            for name, value in by_name.items()
        }


def _parts(scenario: Scenario) -> list[tuple[str, Part]]:
    """Every part with its actor, in the order in which ties are broken."""
    cast = {actor.id: parts for actor, parts in scenario.cast.items()}
    for name in cast:
        if name not in scenario.table.actors:
            raise NotFound("actor", name, scenario.table.actors)
    return [(name, part) for name in sorted(cast) for part in cast[name]]
