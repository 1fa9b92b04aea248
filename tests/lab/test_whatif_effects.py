"""Estimators: necessity, bounds, intervals between weights, the tail of importance weights."""

from __future__ import annotations

from math import exp, log, sqrt

import pytest

from negosim.lab.effects import (
    Estimate,
    Table,
    Triple,
    between,
    causation,
    fit_tail,
    mean_of,
    paired_error,
    pareto_k,
)
from negosim.sim.noise import UNIT, noise_key, uniform

KEY = noise_key(5, 5)


def u(place, label="u"):
    return uniform(KEY, str(place), label) / UNIT


def test_the_bounds_of_the_drug_example():
    table = Table(0.016, 0.014, 0.001, 0.499, 0.014, 0.486)
    assert table.pn.low == pytest.approx(1)
    assert table.pn.high == 1
    assert (round(table.ps.low, 5), round(table.ps.high, 5)) == (0.00206, 0.03086)
    assert (table.pns.low, table.pns.high) == (pytest.approx(0.002), pytest.approx(0.016))


def test_necessity_from_free_runs_lies_within_its_bounds():
    runs = [Triple(x := u(i, "x") < 0.4, (u(i) < 0.7) if x else (u(i) < 0.2), u(i) < 0.7, u(i) < 0.2) for i in range(4000)]
    found = causation(runs)
    assert found.within_bounds
    assert found.pn.mean == pytest.approx(5 / 7, abs=4 * found.pn.se)
    assert found.ps.mean == pytest.approx(5 / 8, abs=4 * found.ps.se)
    assert found.pns.mean == pytest.approx(0.5, abs=4 * found.pns.se)


def test_necessity_is_undefined_where_the_cause_never_came():
    found = causation([Triple(False, False, True, False)] * 10)
    assert found.pn is None
    assert found.ps.mean == 1


def test_the_error_of_paired_shares_is_that_of_the_mean():
    effects = [1] * 30 + [-1] * 10 + [0] * 60
    ours = mean_of([1.0] * 100, effects)
    assert ours.se == pytest.approx(paired_error(0.3, 0.1, 99), rel=1e-9)


def test_groups_that_agree_have_a_small_error_and_copies_no_smaller_one():
    values = [float(u(i) < 0.3) for i in range(400)]
    alone = mean_of([1.0] * 400, values)
    copied = mean_of([1.0] * 1600, values * 4, [i % 400 for i in range(1600)])
    assert copied.se == pytest.approx(alone.se)


def test_the_interval_between_weights_has_the_noise_taken_out():
    noise = 0.1
    truth = [0.5 + 0.2 * (u(i) - 0.5) for i in range(2000)]
    seen = [Estimate(t + noise * sqrt(12) * (u(i, "n") - 0.5), noise) for i, t in enumerate(truth)]
    low, high = between(seen)
    sd = 0.2 / sqrt(12)
    assert high - low == pytest.approx(2 * 1.2816 * sd, rel=0.15)
    same = between([Estimate(0.5 + noise * sqrt(12) * (u(i, "n") - 0.5), noise * 1.1) for i in range(500)])
    assert same[0] == pytest.approx(same[1])


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_the_shape_of_a_pareto_tail_is_found(shape):
    tail = sorted((exp(-shape * log(u(i))) - 1) / shape for i in range(3000))
    assert fit_tail(tail) == pytest.approx(shape, abs=0.08)


def test_equal_weights_have_no_tail_and_wild_ones_a_heavy_one():
    assert pareto_k([1.0] * 1000) is None
    assert pareto_k([u(i) for i in range(2000)]) < 0.5
    assert pareto_k([exp(-1.5 * log(u(i))) for i in range(2000)]) > 0.9
