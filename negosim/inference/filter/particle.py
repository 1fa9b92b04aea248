"""A particle: one live run that is conditioned on the items settled so far."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, inf, log
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from negosim.core.errors import NegosimError
from negosim.inference.filter.dice import FreeChoice, GuidedDice
from negosim.inference.filter.gibbs import redrawn
from negosim.sim.chance import Imposing, World
from negosim.sim.play import LiveRun
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.items import Item
    from negosim.sim.chance import Imposition, Policy
    from negosim.sim.scenario import Scenario

NOTHING: Mapping[str, FreeChoice] = {}
DEFENCE = 0.1
"""The share of particles that follow the model instead of the guide (Owen and Zhou 2000)."""


@frozen
class Conditioning:
    """A model and the items it is conditioned on; ``policy`` replaces the actors' preferences."""

    scenario: Scenario
    items: tuple[Item, ...]
    policy: Policy | None = None

    @property
    def impositions(self) -> Mapping[Imposition, str]:
        """The documented decisions, with the name of their item."""
        return {item.imposition: item.name for item in self.items if item.imposition is not None}


def dated(item: str) -> str:
    """The name under which the date of a decision is accounted for, apart from its answer."""
    return f"{item} on its date"


@define(kw_only=True)
class Particle:
    """A live run, its weight, and what it made of the items settled so far.

    ``log_weight`` is that of the posterior so far. ``holds`` says of each settled item whether it
    holds; ``broken`` is the error the story raised, if it did.
    """

    conditioning: Conditioning
    live: LiveRun
    dice: GuidedDice
    log_weight: float = 0.0
    holds: dict[str, bool] = field(factory=dict)
    broken: NegosimError | None = None
    _since: float = 0.0
    """What the draws since the last resampling already did to the weight."""
    _promised: dict[str, float] = field(factory=dict)
    """By item that is still to come, how much likelier the guide made this path than the model does."""
    _paid: dict[str, float] = field(factory=dict)
    """By documented decision that was taken already, how probable it was, as a logarithm."""
    _counted: int = 0

    @classmethod
    def start(
        cls, conditioning: Conditioning, guide: Guide, world: World, *, follows: bool,
        before: Mapping[str, FreeChoice] = NOTHING,
    ) -> Particle:  # fmt: skip
        """A run that has not begun; what ``world`` holds is kept, the rest is drawn. ``before``: see ``GuidedDice``."""
        impositions = conditioning.impositions
        dice = GuidedDice(
            chance=Imposing(tuple(impositions), world), policy=conditioning.policy, stop_at_failed_imposition=False,
            guide=guide, follows=follows, items=impositions, before=before,
        )  # fmt: skip
        scenario = conditioning.scenario
        return cls(conditioning=conditioning, live=LiveRun(scenario, Room(scenario.setting, dice)), dice=dice)

    def world(self, seed: int, run: int) -> World:
        """The path as a World that imposes nothing; weights and noise given the path are drawn anew."""
        return World(seed, run, redrawn(self.live, seed, run))

    @property
    def answers(self) -> dict[str, str]:
        """What was chosen so far where nothing was imposed, by address."""
        return {address: choice.taken for address, choice in self.dice.free_choices.items()}

    def copy(self, guide: Guide, seed: int, run: int, minute: int, *, follows: bool) -> Particle:
        """The same path up to a minute; weights and noise given the path, and the future, are its own."""
        world = World(seed, run, redrawn(self.live, seed, run))
        twin = Particle.start(self.conditioning, guide, world, follows=follows, before=self.dice.free_choices)
        twin.advance(minute)
        twin.log_weight, twin.holds, twin._promised = self.log_weight, dict(self.holds), dict(self._promised)
        twin._paid = dict(self._paid)
        return twin

    def advance(self, minute: int) -> None:
        """Play up to the end of a minute; a story that raises breaks the particle."""
        if not self.broken:
            try:
                self.live.advance(minute)
            except NegosimError as error:
                self.broken, self.log_weight = error, -inf

    def settle(self, due: Sequence[Item]) -> dict[str, float]:
        """Take in what happened since, and the items that are due: the factors by item, as logarithms.

        Under the empty name stands the ratio of model to proposal.
        """
        if self.broken:
            return {}
        since = -_log_mixture(sum(guided.log_ratio for guided in self.dice.guided))
        factors = {"": since - self._since}
        self._since = since
        for guided in self.dice.guided[self._counted :]:
            self._promised[guided.item] = self._promised.get(guided.item, 0.0) + guided.log_ratio
        self._counted = len(self.dice.guided)
        for factor in self.dice.factors:
            name = dated(factor.item) if factor.of_date else factor.item
            factors[name] = factors.get(name, 0.0) + factor.log_p
            self._paid[factor.item] = self._paid.get(factor.item, 0.0) + factor.log_p
        self.dice.factors.clear()
        for item in due:
            held = self.holds[item.name] = self._is_borne_out(item)
            if not held:
                factors[item.name] = factors.get(item.name, 0.0) + item.log_failing
        self.log_weight += sum(factors.values())
        return factors

    @property
    def promise(self) -> float:
        """What items to come did to the weight of this path already, as a logarithm: other paths are still to pay it.

        That is how much likelier the guide made it for them (the mixture of guide and model: so a wrong
        guide cannot starve what it missed), and the probability of documented decisions taken before they are due.
        """
        pending = sum(log_ratio for item, log_ratio in self._promised.items() if item not in self.holds)
        paid = sum(log_p for item, log_p in self._paid.items() if item not in self.holds)
        return _log_mixture(pending) - paid

    def begin_segment(self, *, follows: bool) -> None:
        """Forget the proposals of the past: the weight has them."""
        self.dice.follows, self._since, self._counted = follows, 0.0, 0
        self.dice.guided.clear()

    def _is_borne_out(self, item: Item) -> bool:
        if item.imposition is not None:
            return item.imposition not in self.dice.outstanding()
        return item.is_borne_out(self.conditioning.scenario, self.live.room.entries)


def _log_mixture(log_ratio: float) -> float:
    """How much likelier a segment is under the mixture of guide and model than under the model."""
    if log_ratio > 0:
        return log_ratio + log(1 - DEFENCE + DEFENCE * exp(-log_ratio))
    return log(DEFENCE + (1 - DEFENCE) * exp(log_ratio))
