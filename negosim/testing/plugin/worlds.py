"""Hypothesis strategies for a story: worlds to play it in, and changes that it understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from hypothesis import strategies as st

from negosim.sim.chance import Prior
from negosim.sim.interventions import (
    CloseChannel,
    Decide,
    DelayChannel,
    LeakChannel,
    RemoveActor,
    SetMechanism,
    SetWeight,
    StrikeGiven,
)
from negosim.sim.play import play

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from negosim.sim.chance import World
    from negosim.sim.interventions import Change
    from negosim.stories.loading import Story

SEEDS = 1 << 32
LOOK = 10
"""Free runs in which the addresses of decisions are looked up."""


def worlds(story: Story) -> SearchStrategy[World]:
    """Any world of a story: with its own draws, or with some weights set within three deviations."""
    weights = {
        (f"{actor}.weight[{name}]", "weight"): st.integers(prior.mean - 3 * prior.sd, prior.mean + 3 * prior.sd)
        for actor, priors in story.scenario.weights.items()
        for name, prior in priors.items()
    }
    values = st.fixed_dictionaries({}, optional=weights)
    return st.builds(_world, st.integers(0, SEEDS - 1), values)


def _world(seed: int, values: dict[tuple[str, str], int]) -> World:
    return evolve(Prior(seed), values=values)


def changes(story: Story) -> SearchStrategy[Change]:
    """Any change that names something of the story; it need not take hold in every run."""
    scenario = story.scenario
    kinds: list[SearchStrategy[Change]] = [_of_list(_decisions(story))]
    kinds.append(_of_list([SetMechanism(name, on) for name in scenario.mechanisms for on in (True, False)]))
    kinds.append(_of_list([StrikeGiven(given.what) for given in scenario.givens]))
    kinds.append(_of_list([RemoveActor(actor.id) for actor in scenario.cast]))
    for channel in scenario.table.channels:
        since = st.integers(0, scenario.ends - 1)
        kinds.append(st.builds(CloseChannel, st.just(channel), since))
        kinds.append(st.builds(LeakChannel, st.just(channel), since, st.booleans()))
        kinds.append(st.builds(DelayChannel, st.just(channel), since, st.integers(1, 2880)))
    for actor, priors in scenario.weights.items():
        for name, prior in priors.items():
            spread = st.integers(prior.mean - 3 * prior.sd, prior.mean + 3 * prior.sd)
            kinds.append(st.builds(SetWeight, st.just(actor.id), st.just(name), spread))
    return st.one_of(kinds)


def _decisions(story: Story) -> list[Change]:
    """Every other answer at every address that a few free runs ask."""
    asked = {
        asked.address: asked.alternatives
        for run in range(LOOK)
        for asked in play(story.scenario, Prior(0, run)).asked
    }
    return [Decide(address, answer) for address, answers in sorted(asked.items()) for answer in answers]


def _of_list(items: list[Change]) -> SearchStrategy[Change]:
    return st.sampled_from(items) if items else st.nothing()
