"""One World that bears out every item: the course that a replay shows.

Of many items a few fail in most draws, and of a few hundred draws each may fail some. So a draw is
taken as far as it bears the items out, and particles go on from there that must bear out the rest;
where all of them fail, from further back. The World found bears the record out; it is one of those
that the posterior is about, and no draw of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, evolve

from negosim.inference.filter.island import Island
from negosim.sim.chance import Dice, World
from negosim.sim.play import LiveRun, play
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.island import Draw
    from negosim.inference.filter.items import Item
    from negosim.inference.filter.particle import Conditioning
    from negosim.inference.filter.posterior import Posterior
    from negosim.sim.scenario import Scenario

ATTEMPTS, SIZE, STARTS = 24, 50, 4
"""Islands that are tried at most, the particles of each, and the draws from which they start in turn."""
NUMBERS = 10**6
"""Islands from this number on are tried here."""


def witness(conditioning: Conditioning, guide: Guide, posterior: Posterior, seed: int) -> Draw | None:
    """A draw in which every item holds that holds in any; None where there is no draw at all.

    Where no attempt finds one: the draw of the posterior in which most items hold.
    """
    best = next(iter(posterior.best(1)), None)
    items = [item for item in conditioning.items if item.name not in posterior.failing]
    if best is None or all(best.holds[item.name] for item in items):
        return best
    certain = evolve(conditioning, items=tuple(evolve(item, reliability=1.0) for item in items))
    starts = sorted((_Start.of(items, draw) for draw in posterior.draws), key=lambda start: -start.reached)[:STARTS]
    for attempt in range(ATTEMPTS):
        start = starts[attempt % len(starts)]
        island = Island(
            conditioning=certain, guide=guide, seed=seed, number=NUMBERS + attempt, size=SIZE,
            begun=start.begun(conditioning.scenario, items),
        )  # fmt: skip
        if draws := island.run().draws:
            return _judged(max(draws, key=lambda draw: draw.log_weight), conditioning)
        start.note(items, island)
    return best


def _judged(draw: Draw, conditioning: Conditioning) -> Draw:
    """The draw with a word on every item, also on those that it was not looked for."""
    scenario = conditioning.scenario
    entries = play(scenario, draw.world).entries
    left = [item for item in conditioning.items if item.name not in draw.holds]
    return evolve(draw, holds={**draw.holds, **{item.name: item.is_borne_out(scenario, entries) for item in left}})


@define
class _Start:
    """A path that bears out the first ``reached`` items, and how many of them the next attempt goes back."""

    values: Mapping[tuple[str, str], int]
    reached: int
    back: int = 0

    @classmethod
    def of(cls, items: Sequence[Item], draw: Draw) -> _Start:
        """A draw of the posterior."""
        return cls(draw.world.values, _borne_out(items, draw.holds))

    def begun(self, scenario: Scenario, items: Sequence[Item]) -> Mapping[tuple[str, str], int]:
        """What the path draws until the item it goes back to was settled."""
        place = self.reached - 1 - self.back
        return _until(scenario, World(0, 0, self.values), items[place].due) if place >= 0 else {}

    def note(self, items: Sequence[Item], island: Island) -> None:
        """Go on from where an island got further; else go back twice as far."""
        particle = max(island.particles, key=lambda particle: _borne_out(items, particle.holds))
        reached = _borne_out(items, particle.holds)
        if reached > self.reached:
            self.values, self.reached, self.back = particle.live.path, reached, 0
        else:
            self.back = 2 * self.back + 1


def _borne_out(items: Sequence[Item], holds: Mapping[str, bool]) -> int:
    """How many items hold before the first that does not."""
    return next((place for place, item in enumerate(items) if not holds.get(item.name)), len(items))


def _until(scenario: Scenario, world: World, minute: int) -> dict[tuple[str, str], int]:
    """What a World draws up to a minute."""
    live = LiveRun(scenario, Room(scenario.setting, Dice(world)))
    live.advance(minute)
    path = live.path
    live.room.adjourn()
    return path
