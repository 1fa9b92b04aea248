"""Do 95 % intervals hold the truth 95 times of a hundred? On generated models whose answers are known exactly."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from negosim import Decide, whatif
from negosim.testing.smallmodels import answers, models

pytestmark = [pytest.mark.slow, pytest.mark.once]
MODELS, N = 200, 400
PROBABLE, MATTERS = 0.02, 0.01
"""Evidence that is rarer leaves too few of so few particles; where less is at stake there is nothing to hold."""


def generated(count):
    """So many models in which the change matters, always the same."""
    found = []

    @settings(
        max_examples=20 * count, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(models())
    def draw(model):
        if len(found) < count:
            known = answers(model)
            if known.evidence > PROBABLE and abs(known.counterfactual - known.factual) > MATTERS:
                found.append(model)

    draw()
    return found


def asked(model, told, seed):
    """A what-if about a model: its first documented decisions are told to it, the others are seen to follow."""
    lines = [
        f"{model.address(place)}={'abc'[taken]}" if number < told else f"happened d{place}-{'abc'[taken]}"
        for number, (place, taken) in enumerate(model.seen)
    ]
    place, taken = model.changed
    (outcome,) = whatif(
        model.scenario, evidence=lines, do=[Decide(model.address(place), "abc"[taken])],
        about=f"happened d{len(model.nodes) - 1}-a", n=N, seed=seed,
    ).outcomes
    return outcome


def test_intervals_hold_the_truth_as_often_as_they_say():
    found = generated(MODELS)
    assert len(found) == MODELS
    held = {"with": 0, "without": 0, "difference": 0}
    for seed, model in enumerate(found):
        known, outcome = answers(model), asked(model, seed % 3, seed)
        truths = {
            "with": (outcome.with_change, known.counterfactual), "without": (outcome.without, known.factual),
            "difference": (outcome.difference, known.counterfactual - known.factual),
        }  # fmt: skip
        for name, (estimate, truth) in truths.items():
            assert estimate.low < estimate.high
            held[name] += estimate.low - 1e-9 <= truth <= estimate.high + 1e-9
    assert min(held.values()) >= 0.92 * MODELS, held
    assert 0.92 * 3 * MODELS <= sum(held.values()) <= 0.98 * 3 * MODELS, held
