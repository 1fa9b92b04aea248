"""Conditioning a model on its record: learn a guide in a pilot, then run the islands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.inference.filter.guide import Guide
from negosim.inference.filter.island import Island
from negosim.inference.filter.learning import Learner
from negosim.inference.filter.posterior import Posterior

if TYPE_CHECKING:
    from negosim.inference.filter.particle import Conditioning

ISLANDS = 8
"""Islands that never meet: with fewer, what they disagree about says little of the error."""
PILOT = 60
"""Particles of a pilot."""
ROUNDS = 3
"""Pilots, one after the other, each under the guide of those before: measured, a fourth gains no more."""


def learned(conditioning: Conditioning, seed: int, *, size: int = PILOT, rounds: int = ROUNDS) -> Guide:
    """A guide from pilots that are thrown away, so that it cannot bias what is found with it."""
    guide = Guide()
    learner = Learner()
    for number in range(rounds):
        pilot = Island(
            conditioning=conditioning, guide=guide, seed=seed, number=-1 - number, size=size, observer=learner
        )
        pilot.take_in()
        pilot.adjourn()
        guide = learner.guide()
    return guide


def condition(
    conditioning: Conditioning, n: int, seed: int, *, islands: int = ISLANDS, guide: Guide | None = None
) -> Posterior:
    """The posterior of a model given its items, from ``n`` particles on ``islands``.

    ``guide`` (default: learned in a pilot) changes how soon it is precise, not what it is.
    """
    known = learned(conditioning, seed) if guide is None else guide
    size = max(n // islands, 1)
    results = [
        Island(conditioning=conditioning, guide=known, seed=seed, number=number, size=size).run()
        for number in range(islands)
    ]
    return Posterior(tuple(item.name for item in conditioning.items), tuple(results))
