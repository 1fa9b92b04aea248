"""A World that is played again with noise drawn anew given its course: exact on a model that can be enumerated."""

from __future__ import annotations

from math import sqrt

import pytest

from negosim.inference.filter.condition import condition
from negosim.inference.filter.particle import Conditioning
from negosim.lab.counterfactual import paired_worlds
from negosim.lab.counterfactual.paired_worlds import Asking, pair_of
from negosim.lab.counterfactual.sample import Sample
from negosim.sim.interventions import Decide
from negosim.stories.questions import Outcome
from negosim.testing.smallmodels import answers
from tests.inference.filter.test_exactness import CHAIN, SIGMAS

pytestmark = pytest.mark.once
AGAIN = 20
"""How often each World is played, on average."""


def deviation(model):
    """How many standard errors the outcome with the change is off, from few Worlds played often."""
    posterior = condition(Conditioning(model.scenario, model.items(1)), 160, 3, islands=8)
    place, taken = model.changed
    outcome = Outcome(model.outcome, happened=True)
    asking = Asking((Decide(model.address(place), "abc"[taken]),), (outcome,))
    sample = Sample(posterior.masses).larger(posterior, AGAIN * len(posterior.draws), 3, 0)
    came = [
        float(pair_of(model.scenario, asking, one.draw.world, one.draw.answers, again=one.again).changed[0])
        for one in sample.sampled
    ]
    known, found = answers(model).counterfactual, sample.mean(came)
    return abs(found.mean - known) / max(found.se, sqrt(known * (1 - known) / len(came)))


def test_worlds_played_again_are_exact():
    assert deviation(CHAIN) < SIGMAS


def test_noise_that_forgets_the_course_is_found_out(monkeypatch):
    monkeypatch.setattr(paired_worlds, "redrawn", lambda live, seed, run: {})
    with pytest.raises(Exception, match="before the change|recorded"):
        deviation(CHAIN)
