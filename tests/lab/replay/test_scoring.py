"""Figures from weights, computed by hand."""

from __future__ import annotations

from math import isclose, log, sqrt

from negosim.inference.impositions import ImpositionOutcome
from negosim.inference.policies import Blind
from negosim.inference.weights import log_mean
from negosim.lab.replay import scoring


def test_the_logarithm_of_a_mean_and_its_error():
    mean, error = log_mean([1.0, 3.0])
    assert isclose(mean, log(2))
    assert isclose(error, (sqrt(2) / sqrt(2)) / 2)  # sd / sqrt(n) / mean
    assert log_mean([0.0, 0.0]) is None


def test_reached_times_chosen_is_the_ratio_of_mean_weights():
    met = [
        (ImpositionOutcome("imposed", 0.5), ImpositionOutcome("imposed", 0.2)),
        (ImpositionOutcome("imposed", 0.3), ImpositionOutcome("never")),
        (ImpositionOutcome("too late"), ImpositionOutcome("imposed", 0.9)),
        (ImpositionOutcome("unsettled"), ImpositionOutcome("unsettled")),
    ]
    first, second = scoring.steps(met)
    assert (first.reached, first.reached_in, first.too_late, first.never) == (0.75, 3, 1, 0)
    assert isclose(first.reached * first.chosen, (0.5 + 0.3) / 4)
    assert isclose(second.reached, 0.5 / 0.8)
    assert isclose(second.chosen, 0.2)


def test_draws_follow_the_weights_and_are_different():
    first = [scoring.drawn([1.0, 0.0, 3.0], seed, 1)[0] for seed in range(1000)]
    assert first.count(1) == 0
    assert abs(first.count(2) - 750) < 60
    assert sorted(scoring.drawn([1.0, 0.0, 3.0], 0, 5)) == [0, 2]
    assert scoring.drawn([1.0, 0.0, 3.0], 7, 2) == scoring.drawn([1.0, 0.0, 3.0], 7, 2)


def test_the_middle_of_weighted_values():
    assert scoring.middle([1.0] * 100, list(range(100))) == (4, 94)
    assert scoring.middle([0.0, 1.0], [3, 8]) == (8, 8)


def test_the_blind_baseline_averages_by_address_then_by_decision():
    seen = {"a.x[1]": ((0.8, 0.2), (0.4, 0.6)), "a.x[2]": ((0.9, 0.1),)}
    blind = Blind.of((address, ("yes", "no"), shares) for address, every in seen.items() for shares in every)
    assert [round(u) for u in blind("a.x[1]", ("yes", "no"), (0, 0))] == [round(1e6 * log(0.6)), round(1e6 * log(0.4))]
    assert isclose(blind("a.x[3]", ("yes", "no"), (0, 0))[0], 1e6 * log(0.7), abs_tol=1)
    assert blind("b.y[1]", ("yes", "no"), (5, 9))[0] == blind("b.y[1]", ("yes", "no"), (5, 9))[1]
