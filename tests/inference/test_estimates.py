"""Estimators: necessity, bounds, intervals between weights, the tail of importance weights."""

from __future__ import annotations

from math import exp, log
from statistics import variance

import pytest

from negosim.inference.causation import Table, Triple, causation
from negosim.inference.diagnostics import fit_tail, pareto_k
from negosim.inference.estimates import (
    clear_of_zero,
    effective,
    effective_by,
    mean_of,
    share_of,
    student_95,
)
from negosim.sim.noise import UNIT, noise_key, uniform

KEY = noise_key(5, 5)


def u(place, label="u"):
    return uniform(KEY, str(place), label) / UNIT


def test_the_bounds_of_the_drug_example():
    table = Table(y_x=0.016, y_not_x=0.014, xy=0.001, x_not_y=0.499, not_x_y=0.014, not_x_not_y=0.486)
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


def test_groups_that_agree_have_a_small_error_and_copies_no_smaller_one():
    values = [float(u(i) < 0.3) for i in range(400)]
    alone = mean_of([1.0] * 400, values)
    copied = mean_of([1.0] * 1600, values * 4, [i % 400 for i in range(1600)])
    assert copied.se == pytest.approx(alone.se)


@pytest.mark.parametrize("n", [1, 3, 10, 400])
@pytest.mark.parametrize("hit", [True, False])
def test_all_or_none_of_so_many_is_known_as_well_as_so_many_can_tell(n, hit):
    share = share_of([1.0] * n, [hit] * n, list(range(n)))
    assert (share.low, share.high)[hit] == float(hit)
    assert share.high - share.low == pytest.approx(min(3 / n, 1))


@pytest.mark.parametrize("light", [1e-3, 1e-9, 1e-200])
def test_one_draw_that_outweighs_the_rest_makes_nothing_certain(light):
    share = share_of([1.0, light, light], [True, False, False], [0, 1, 2])
    assert (share.low, share.high) == (0.0, 1.0)


def test_of_forty_figures_that_are_none_hardly_ever_one_is_called_clear():
    groups = [i // 50 for i in range(400)]
    named = 0
    for trial in range(50):
        rows = [[u(i, f"{trial} {row}") - 0.5 for i in range(400)] for row in range(40)]
        named += any(clear_of_zero([mean_of([1.0] * 400, row, groups) for row in rows]))
    assert named <= 7  # 5 % of 50, and what chance allows beyond it
    shifted = [mean_of([1.0] * 400, [u(i, "s") - 0.2 for i in range(400)], groups)]
    assert clear_of_zero(shifted * 40) == [True] * 40


def test_islands_that_disagree_are_worth_less_than_their_draws():
    groups = [i // 50 for i in range(2000)]
    alone = [[u(i, f"row {row}") for i in range(2000)] for row in range(10)]
    shared = [[one + u(i // 50, f"island {row}") for i, one in enumerate(own)] for row, own in enumerate(alone)]
    assert effective_by([1.0] * 2000, alone, groups) == pytest.approx(2000, rel=0.3)
    assert effective_by([1.0] * 2000, shared, groups) < 200
    assert effective_by([1.0] * 2000, [[1.0] * 2000], groups) is None


@pytest.mark.parametrize(("freedom", "known"), [(1, 12.71), (4, 2.776), (7, 2.365), (15, 2.131), (100, 1.984)])
def test_the_student_law(freedom, known):
    assert student_95(freedom) == pytest.approx(known, rel=0.01)


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.9])
def test_the_shape_of_a_pareto_tail_is_found(shape):
    tail = sorted((exp(-shape * log(u(i))) - 1) / shape for i in range(3000))
    assert fit_tail(tail) == pytest.approx(shape, abs=0.08)


def test_equal_weights_have_no_tail_and_wild_ones_a_heavy_one():
    assert pareto_k([1.0] * 1000) is None
    assert pareto_k([u(i) for i in range(2000)]) < 0.5
    assert pareto_k([exp(-1.5 * log(u(i))) for i in range(2000)]) > 0.9


def test_an_island_that_outweighs_the_others_is_as_wrong_as_they_are_apart():
    """One of eight islands carries all the weight; the others say by how much islands err."""
    weights = [1.0 if island == 0 else 1e-4 for island in range(8) for _ in range(50)]
    groups = [island for island in range(8) for _ in range(50)]
    apart = share_of(weights, [place < 5 * (island + 3) for island in range(8) for place in range(50)], groups)
    assert apart.mean == pytest.approx(0.3, abs=0.001)
    sd = variance([(island + 1) / 10 for island in range(8)]) ** 0.5
    assert apart.high == pytest.approx(0.3 + 2.365 * sd, rel=0.01)
    assert apart.low == 0


def test_islands_that_agree_by_luck_are_worth_no_more_than_their_draws():
    groups = [island for island in range(8) for _ in range(50)]
    alike = share_of([1.0] * 400, [place % 2 == 0 for place in range(400)], groups)
    assert alike.half_width == pytest.approx(1.96 * (0.25 / 399) ** 0.5, rel=0.01)


def test_draws_that_disagree_beyond_measure_are_worth_one_and_none_are_worth_none():
    heavy, light = [1e6] * 20, [1.0] * 4
    hits = [1.0] + [0.0] * 19 + [1.0, 1.0, 0.0, 0.0]
    assert effective(heavy + light, [hits], [0] * 20 + [1, 2, 3, 4]) == 1
    assert effective([], [], []) == 0
