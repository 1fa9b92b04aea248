"""Moves of a posterior World: each leaves the posterior of the evidence as it is.

- *weights given the path*: given what everybody chose, noise is out of the question and the
  preference weights have a likelihood in closed form; they take steps that keep their prior
  (preconditioned Crank-Nicolson, Cotter et al. 2013), and the noise of free choices is drawn again
  given the path;
- *noise given the weights*: the noise at some addresses, picked by name before it is known what
  that would change, is drawn anew, the World replayed, and kept or not by its factors (Metropolis).
  Addresses that only one of the two paths asks have noise that cancels out;
- *the future*: what is drawn after the evidence was settled is drawn anew.
"""

from __future__ import annotations

from math import inf, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core import events as e
from negosim.inference.conditioning import Life, noise_of, weights_of
from negosim.sim.chance import World
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

    from negosim.inference.conditioning import Abduction, Draw
    from negosim.sim.chance import Asked
    from negosim.sim.decisions import Weight

STEPS = 6
"""Steps of the weights in each move; how far each goes is drawn anew."""
SHARES = 1 / 64, 1 / 8
"""A move redraws each address with a probability between these, even on a log scale: one to a few at
a time, for most single ones can be redrawn at will, and hardly any path survives many."""
SIBLING_MOVES = 20
"""Moves of the noise after which two Worlds share little but their weights."""
_NORMAL = NormalDist()


@frozen
class Moves:
    """Moves that target the first ``upto`` pieces of evidence.

    Each takes a World whose run number nobody else uses: its noise is the move's chance.
    """

    abduction: Abduction
    upto: int

    def moved(self, one: Life, draw: World) -> Life:
        """A particle after a move of its weights and one of its noise; uses ``draw.run`` and one below."""
        return self.noise_moved(self.weights_moved(one, draw), World(draw.seed, draw.run - 1))

    def with_future(self, one: Life, draw: World, upto: int | None = None) -> Life:
        """The particle with all drawn anew that came after the evidence was settled, up to a stage."""
        values = {**weights_of(one.run), **noise_of(one.run, self.last(one))}
        return self.abduction.live(World(draw.seed, draw.run, values), upto, thorough=True)

    def last(self, one: Life) -> int:
        """The minute by which the evidence was settled."""
        return max(one.settled[: self.upto], default=-1)

    def noise_moved(self, one: Life, draw: World) -> Life:
        """The noise at some addresses drawn anew, or the particle as it was."""
        key = noise_key(draw.seed, draw.run)
        least, most = SHARES
        share = least * (most / least) ** _unit(key, "share")
        noise = noise_of(one.run, self.last(one))
        kept = {at: value for at, value in noise.items() if _unit(key, at[0]) > share}
        if len(kept) == len(noise):
            return one
        new = self._lived(draw, {**weights_of(one.run), **kept})
        return new if _unit(key, "accept") * one.likelihood(self.upto) < new.likelihood(self.upto) else one

    def weights_moved(self, one: Life, draw: World) -> Life:
        """The preference weights after some steps given the path, its free noise drawn anew.

        The path stays, so nothing is replayed: only the probabilities of its choices change.
        """
        key = noise_key(draw.seed, draw.run)
        path = self._path(one)
        weights, noise, faced = dict(one.run.weights), dict(one.run.noise), {}
        for actor, priors in self.abduction.scenario.weights.items():
            own = [face for face in path if face.actor == actor.id]
            weights[actor.id] = self._stepped(dict(weights[actor.id]), priors, own, key, actor.id)
            for face in own:
                asked = face.asked._replace(utilities=tuple(self._utilities(face, weights[actor.id])))
                faced[asked.address] = asked
                for at, value in noise_given(asked, key, noise).items():
                    noise[at] = asked.at, value
        asked_all = tuple(faced.get(each.address, each) for each in one.run.asked)
        run = evolve(one.run, weights=weights, noise=noise, asked=asked_all)
        return self.abduction.judged(Life(one.world, run, one.factors, one.settled))

    def _stepped(
        self, here: dict[str, int], priors: Mapping[str, Weight], path: Sequence[_Face], key: blake2b, actor: str
    ) -> dict[str, int]:
        """One actor's weights after some steps, each accepted by the choices they led to."""
        before = self._log_likelihood(path, here)
        for step in range(STEPS):
            reach = _unit(key, f"reach {actor} {step}")
            there = {}
            for name, prior in priors.items():
                shift = prior.sd * _NORMAL.inv_cdf(_unit(key, f"{actor} {name} {step}"))
                carried = sqrt(1 - reach * reach) * (here[name] - prior.mean)
                there[name] = round(prior.mean + carried + reach * shift)
            after = self._log_likelihood(path, there)
            if log(_unit(key, f"accept {actor} {step}")) < after - before:
                here, before = there, after
        return here

    def _path(self, one: Life) -> list[_Face]:
        """The choices so far that preference weights have a say in."""
        last, asked = self.last(one), {each.address: each for each in one.run.asked}
        return [
            _Face(entry.event.by, entry.event.attributes, asked[entry.event.address])
            for entry in one.run.entries
            if isinstance(entry.event, e.Chose) and entry.minute <= last and entry.event.by in one.run.weights
        ]

    def _utilities(self, face: _Face, weights: Mapping[str, int]) -> Sequence[int]:
        utilities = [sum(weights[name] * value for name, value in row) for row in face.attributes]
        policy = self.abduction.policy
        return utilities if policy is None else policy(face.asked.address, face.asked.alternatives, utilities)

    def _log_likelihood(self, path: Sequence[_Face], weights: Mapping[str, int]) -> float:
        found = 0.0
        for face in path:
            p = softmax(self._utilities(face, weights))[face.taken]
            found += log(p) if p else -inf
        return found

    def _lived(self, draw: World, values: Mapping[tuple[str, str], int]) -> Life:
        """A World as far as the evidence goes."""
        return self.abduction.live(World(draw.seed, draw.run, values), self.upto)


def sibling(abduction: Abduction, draw: Draw, noise: World, moves: int = SIBLING_MOVES) -> World:
    """A posterior World with the preference weights of another, and else independent of it.

    Reached by moves of the noise alone, downwards from the run number of ``noise``; what they
    leave in common makes the interval over weights wider, never narrower.
    """
    target = Moves(abduction, len(abduction.stages))
    one = draw.life
    for move in range(moves):
        one = target.noise_moved(one, World(noise.seed, noise.run - move))
    return target.with_future(one, World(noise.seed, noise.run - moves)).run.world


@frozen
class _Face:
    """One choice of a path: what spoke for each answer, and what was taken."""

    actor: str
    attributes: tuple[tuple[tuple[str, int], ...], ...]
    asked: Asked

    @property
    def taken(self) -> int:
        return self.asked.alternatives.index(self.asked.taken)


def noise_given(asked: Asked, key: blake2b, noise: Mapping[tuple[str, str], object]) -> dict[tuple[str, str], int]:
    """New noise of a free choice, given that it came out as it did; nothing where imposed."""
    address, names, taken = asked.address, asked.alternatives, asked.alternatives.index(asked.taken)
    if asked.how == "passed" and asked.imposition is not None:
        documented = names.index(asked.imposition.chose)
        others = [utility for place, utility in enumerate(asked.utilities) if place != documented]
        return _banded(address, "instead", others, taken - (taken > documented), key)
    if asked.how != "drawn":
        return {}
    if (address, "chance") in noise:
        return _banded(address, "chance", asked.utilities, taken, key)
    shocks = gumbels_given(asked.utilities, [gumbel(uniform(key, address, name)) for name in names], taken)
    return {(address, name): shock for name, shock in zip(names, shocks, strict=True)}


def _banded(
    address: str, label: str, utilities: Sequence[int], taken: int, key: blake2b
) -> dict[tuple[str, str], int]:
    u = uniform_given(bands(utilities), uniform(key, address, label), taken)
    return {} if u is None else {(address, label): u}


def _unit(key: blake2b, name: str) -> float:
    return uniform(key, "posterior", name) / UNIT
