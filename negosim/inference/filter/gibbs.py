"""Gibbs moves: weights and noise drawn anew given the path, without playing anything.

Given what everybody chose, the noise is out of the question and the preference weights have a
likelihood in closed form: they take steps that keep their prior (preconditioned Crank-Nicolson,
Cotter et al. 2013). Then the noise of every choice is drawn anew, given that it came out as it did
(top-down Gumbels, Maddison et al. 2014). The World plays the same path and has the posterior as
before; but its twins, and what it weighs, are its own and no longer those of its ancestors.
"""

from __future__ import annotations

from math import log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.events import Chose
from negosim.sim.noise import (
    UNIT,
    bands,
    gumbel,
    gumbels_given,
    noise_key,
    softmax,
    uniform,
    uniform_given,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from hashlib import blake2b

    from negosim.sim.chance import Asked
    from negosim.sim.decisions import Attributes, Weight
    from negosim.sim.play import LiveRun

STEPS = 4
"""Steps of each actor's weights; how far each goes is drawn anew."""
_NORMAL = NormalDist()


def redrawn(live: LiveRun, seed: int, run: int) -> dict[tuple[str, str], int]:
    """The path of a live run as values of a World, weights and noise drawn anew given the path."""
    key = noise_key(seed, run)
    values = live.path
    faces = _faces(live)
    for actor, priors in live.room.setting.weights.items():
        theirs = [face for face in faces if face.actor == actor.id]
        before = live.room.weights[actor.id]
        after = _moved(live, before, priors, theirs, key, actor.id)
        values |= {(f"{actor}.weight[{name}]", "weight"): weight for name, weight in after.items()}
        for face in theirs:
            values |= _noise(face.asked, _utilities(live, face, after), values, key)
    chosen = {face.asked.address for face in faces}
    for asked in live.room.dice.asked:
        if asked.address not in chosen:
            values |= _noise(asked, asked.utilities, values, key)
    return values


@frozen
class _Face:
    """One choice of a path: who made it, what spoke for each answer, and what came of it."""

    actor: str
    attributes: tuple[Attributes, ...]
    asked: Asked

    @property
    def taken(self) -> int:
        """The place of the answer."""
        return self.asked.alternatives.index(self.asked.taken)


def _faces(live: LiveRun) -> list[_Face]:
    """The choices that preference weights have a say in."""
    asked = {each.address: each for each in live.room.dice.asked}
    return [
        _Face(entry.event.by, entry.event.attributes, asked[entry.event.address])
        for entry in live.room.entries
        if isinstance(entry.event, Chose) and entry.event.by in live.room.weights
    ]


def _moved(
    live: LiveRun, here: Mapping[str, int], priors: Mapping[str, Weight], faces: Sequence[_Face],
    key: blake2b, actor: str,
) -> Mapping[str, int]:  # fmt: skip
    """One actor's weights after some steps, each accepted by the choices they led to."""
    before = _log_likelihood(live, faces, here)
    for step in range(STEPS):
        reach = _unit(key, f"reach {actor} {step}")
        there = {
            name: round(
                prior.mean
                + sqrt(1 - reach * reach) * (here[name] - prior.mean)
                + reach * prior.sd * _NORMAL.inv_cdf(_unit(key, f"{actor} {name} {step}"))
            )
            for name, prior in priors.items()
        }
        after = _log_likelihood(live, faces, there)
        if log(_unit(key, f"accept {actor} {step}")) < after - before:
            here, before = there, after
    return here


def _log_likelihood(live: LiveRun, faces: Sequence[_Face], weights: Mapping[str, int]) -> float:
    total = 0.0
    for face in faces:
        p = softmax(_utilities(live, face, weights))[face.taken]
        if not p:
            return float("-inf")
        total += log(p)
    return total


def _utilities(live: LiveRun, face: _Face, weights: Mapping[str, int]) -> Sequence[int]:
    utilities = [sum([weights[name] * value for name, value in row]) for row in face.attributes]
    policy = live.room.dice.policy
    return utilities if policy is None else policy(face.asked.address, face.asked.alternatives, utilities)


def _noise(
    asked: Asked, utilities: Sequence[int], values: Mapping[tuple[str, str], int], key: blake2b
) -> dict[tuple[str, str], int]:
    """New noise of a choice, given that it came out as it did."""
    address, names = asked.address, asked.alternatives
    taken = names.index(asked.taken)
    if (address, "chance") in values:
        u = uniform_given(bands(utilities), uniform(key, address, "chance"), taken)
        return {} if u is None else {(address, "chance"): u}
    shocks = gumbels_given(utilities, [gumbel(uniform(key, address, name)) for name in names], taken)
    return {(address, name): shock for name, shock in zip(names, shocks, strict=True)}


def _unit(key: blake2b, name: str) -> float:
    return uniform(key, "gibbs", name) / UNIT
