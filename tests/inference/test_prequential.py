"""Surprise beside the surprise expected: models of which it is known whether they are true."""

from __future__ import annotations

from functools import cache
from math import log, sqrt
from statistics import fmean, variance

import pytest

from negosim.inference.filter.condition import condition
from negosim.inference.filter.guide import Guide
from negosim.inference.filter.items import Item, in_order
from negosim.inference.filter.particle import Conditioning
from negosim.inference.prequential import surprise
from negosim.lab.calibration.simulation_based_calibration import seen
from negosim.sim.chance import Imposition, Prior
from negosim.sim.play import play
from negosim.stories.loading import load
from tests.small_stories import STORY

pytestmark = pytest.mark.once
KEYS = ("k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8")
MASK = (
    *(Imposition(f"bob.first[{key}]", "yes", 200 * place, 200 * place + 99, key) for place, key in enumerate(KEYS)),
    Imposition("ann.second[y]", "yes", 0, 2879, "y"),
)
HISTORIES = 100


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A story of eight questions to Bob, and one to Ann that comes only if he ever says yes."""

    @cache
    def written(gain=800, sd=500):
        folder = tmp_path_factory.mktemp("model")
        strength = max(gain, 1000)  # a reason goes up to 1000; what is stronger is in the weight
        text = STORY.format(pace="Between(0, 0)", keys=KEYS, sd=sd * strength // 1000)
        text = text.replace('"first", 800', f'"first", {min(gain, 1000)}').replace("Weight(1000", f"Weight({strength}")
        (folder / "__init__.py").write_text(text)
        return load(folder).scenario

    return written


@pytest.fixture(scope="module")
def own(model):
    """The z of a true model's histories, judged by itself."""
    return [one.z for one in scores(model(), model())]


def judged(scenario, items, seed=1, n=32):
    posterior = condition(Conditioning(scenario, items), n, seed, guide=Guide())
    return surprise(items, posterior.foreseen)


def decision(address, chose, earliest, latest):
    return Item(name=address, due=latest, imposition=Imposition(address, chose, earliest, latest))


def scores(truth, scenario, histories=HISTORIES, mask=MASK, n=32):
    """How histories drawn from one model surprise another."""
    drawn = (seen(play(truth, Prior(7, number)), mask, truth.ends) for number in range(histories))
    return [judged(scenario, items, number + 1, n) for number, items in enumerate(drawn)]


def test_one_open_choice_by_hand(model):
    scenario = model(sd=0)
    p = 1 / (1 + 2.718281828459045 ** -0.8)
    expected = -p * log(p) - (1 - p) * log(1 - p)
    spread = p * log(p) ** 2 + (1 - p) * log(1 - p) ** 2 - expected**2
    for chose, share in (("yes", p), ("no", 1 - p)):
        found = judged(scenario, (decision("bob.first[k1]", chose, 0, 99),))
        assert found.decisions == 1
        assert found.excess == pytest.approx(log(share) + expected)
        assert found.variance == pytest.approx(spread)


def test_a_true_model_is_as_surprised_as_it_expects_to_be(own):
    assert abs(fmean(own)) <= 4 / sqrt(len(own))
    assert variance(own) == pytest.approx(1, abs=4 * sqrt(2 / len(own)))
    inside = sum(abs(z) <= 1.96 for z in own) / len(own)
    assert abs(inside - 0.95) <= 4 * sqrt(0.95 * 0.05 / len(own))


def test_a_true_record_lies_in_the_band_of_others_nine_times_in_ten(own):
    half = HISTORIES // 2
    band = sorted(own[:half])
    inside = sum(band[half // 20] <= z <= band[-1 - half // 20] for z in own[half:]) / half
    assert abs(inside - 0.9) <= 4 * sqrt(2 * 0.9 * 0.1 / half)


def test_histories_of_few_and_of_many_questions_are_alike(model):
    """A score for each decision would tell them apart: one or eight open questions, and one nearly closed."""
    scenario = model(sd=0)
    for mask in (MASK[:1], MASK[:8]):
        found = [one.z for one in scores(scenario, scenario, mask=mask, n=8)]
        assert abs(fmean(found)) <= 4 / sqrt(len(found))
        assert variance(found) == pytest.approx(1, abs=0.6)


@pytest.mark.parametrize(("gain", "sign"), [(-800, -1), (3000, 1)])
def test_a_false_model_falls_out_on_the_side_it_errs_to(model, own, gain, sign):
    """The truth says no more often than the model thinks, or yes nearly always."""
    found = fmean(one.z for one in scores(model(gain), model(), 40))
    assert sign * found > 1
    assert sum(sign * z > sign * found for z in own) <= HISTORIES / 5


def test_open_keys_and_unreached_questions_say_nothing(model):
    scenario = model()
    found = judged(scenario, in_order([decision("bob.first[*]", "yes", 0, 99), Item(name="ann", due=99, unasked=Imposition("ann.third[y]", "yes", 0, 99))]))
    assert (found.decisions, found.z) == (0, 0.0)
