"""Law 15: on models that can be enumerated, the filter is exact whatever the guide."""

from __future__ import annotations

from math import exp, sqrt

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from negosim.inference.conformance import is_borne_out
from negosim.inference.estimates import mean_of
from negosim.inference.filter import island, particle
from negosim.inference.filter.condition import condition, learned
from negosim.inference.filter.guide import Guide, Twist
from negosim.inference.filter.particle import Conditioning
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.testing.smallmodels import Model, Node, answers, models

pytestmark = pytest.mark.once
ISLANDS, SIZE, SIGMAS = 16, 80, 4.0


def few(examples):
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate],  # a failing model is small already; shrinking takes minutes
    )


def outcomes(model, posterior, changes=()):
    runs = [play(model.scenario, draw.world, changes) for draw in posterior.draws]
    return [float(is_borne_out(model.outcome, model.scenario, run.entries)) for run in runs]


def change_of(model):
    place, taken = model.changed
    return Decide(model.address(place), "abc"[taken])


def deviations(model, guide=None, told=1, seed=11):
    """How many standard errors evidence, outcome and outcome with the change are off."""
    known = answers(model)
    conditioning = Conditioning(model.scenario, model.items(told))
    posterior = condition(conditioning, ISLANDS * SIZE, seed, islands=ISLANDS, guide=guide)
    evidence = mean_of([1.0] * ISLANDS, [exp(island.log_evidence) for island in posterior.islands])
    pairs = [(evidence, known.evidence, 0.01 * known.evidence)]
    for changes, exact in (((), known.factual), ((change_of(model),), known.counterfactual)):
        floor = sqrt(exact * (1 - exact) / (ISLANDS * SIZE))
        pairs.append((posterior.mean(outcomes(model, posterior, changes)), exact, floor))
    return [(estimate.mean - exact) / max(estimate.se, floor, 1e-9) for estimate, exact, floor in pairs]


@st.composite
def guides(draw, model):
    """Any guide at all: also one that is wrong."""
    ratio = st.sampled_from([0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0])
    names = [model.address(place) for place in range(len(model.nodes))]
    chosen = draw(st.lists(st.sampled_from(names), unique=True))
    item = draw(st.sampled_from([f"d{place}" for place, _ in model.seen]))
    return Guide({name: Twist({answer: draw(ratio) for answer in "abc"}, item) for name in chosen})


@few(6)
@given(st.data(), models(), st.integers(0, 3))
def test_posterior_evidence_and_effect_agree_with_enumeration_whatever_the_guide(data, model, told):
    assume(answers(model).evidence > 0.02)
    off = deviations(model, data.draw(guides(model)), told)
    assert max(map(abs, off)) < SIGMAS, off


@few(3)
@given(models(unsure=3000), st.integers(0, 2))
def test_unsure_preference_weights_and_a_learned_guide(model, told):
    assume(answers(model).evidence > 0.02)
    conditioning = Conditioning(model.scenario, model.items(told))
    off = deviations(model, learned(conditioning, 5, size=60), told)
    assert max(map(abs, off)) < SIGMAS, off


# ── the tests can fail ──────────────────────────────────────────────────────────────────────────

CHAIN = Model(
    (
        Node(0, (200, -44), ()),
        Node(1, (67, 0), ((0, (-200, 200)),)),
        Node(0, (0, 89), ((1, (156, -156)),)),
        Node(1, (0, 0), ((2, (-178, 133)), (0, (111, 0)))),
        Node(0, (0, 0), ((2, (200, -200)), (3, (-89, 89)))),
    ),
    ((1, 1), (2, 0), (3, 1)),
    (0, 1),
)
"""Five decisions, of which the second to the fourth are known."""
PULL = Guide(
    {CHAIN.address(0): Twist({"a": 0.3, "b": 3.0}, "d1"), CHAIN.address(2): Twist({"a": 3.0, "b": 0.5}, "d3")}
)


def test_the_chain_is_exact():
    assert max(map(abs, deviations(CHAIN, PULL, 1))) < SIGMAS


def test_islands_differ_in_who_follows_the_model():
    """Were it the same places in all of them, they would all be wrong in the same way."""
    conditioning = Conditioning(CHAIN.scenario, CHAIN.items(1))
    following = [island.Island(conditioning=conditioning, guide=PULL, seed=11, number=number, size=25)._following() for number in range(200)]
    assert len({tuple(places) for places in following}) > 5
    assert {places.count(False) for places in following} == {2, 3}
    assert sum(places.count(False) for places in following) / (200 * 25) == pytest.approx(particle.DEFENCE, abs=0.005)


def forget_the_guide(patch):
    patch.setattr(particle, "_log_mixture", lambda log_ratio: 0.0)


def resample_with_a_bias(patch):
    """The best half only, and nothing is given back for it."""

    def best(weights, count, seed, run):
        order = sorted(range(len(weights)), key=lambda place: -weights[place])
        return [order[place // 2] for place in range(count)]

    patch.setattr(island, "resampled", best)


def count_evidence_twice(patch):
    once = particle.Particle.settle

    def twice(self, due):
        factors = once(self, due)
        self.log_weight += sum(factors.values())
        return {name: 2 * factor for name, factor in factors.items()}

    patch.setattr(particle.Particle, "settle", twice)


@pytest.mark.parametrize("mistake", [forget_the_guide, resample_with_a_bias, count_evidence_twice])
def test_a_filter_with_a_mistake_is_found_out(mistake, monkeypatch):
    mistake(monkeypatch)
    if mistake is resample_with_a_bias:
        monkeypatch.setattr(island, "RESAMPLE_BELOW", 1.0)
    assert max(map(abs, deviations(CHAIN, PULL, 1))) > SIGMAS
