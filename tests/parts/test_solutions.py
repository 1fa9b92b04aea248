"""Solutions: published points, textbook values, and properties on random sets of outcomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim.core.errors import BadValue
from negosim.parts.solutions import points as p
from negosim.parts.solutions.rubinstein import limit, with_deadline
from tests.parts.tables import DOMAIN, PROFILE_A, PROFILE_B

pytestmark = pytest.mark.once
ZERO = (0, 0)
DOMAIN_0 = list(zip(PROFILE_A.utilities, PROFILE_B.utilities, strict=True))
sets = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=25)
triples = st.lists(st.tuples(*[st.integers(0, 8)] * 3), min_size=1, max_size=25)


def test_domain_0_of_negolog_has_its_published_points() -> None:
    """domains/domain0/specs.json: Nash 0.7353 for both, product 0.54066609, welfare 1.4706."""
    (nash,) = p.nash(DOMAIN_0, ZERO)
    assert DOMAIN.outcomes[nash].slug == "issue-a-value-a+issue-b-value-b+issue-c-value-c"
    assert DOMAIN_0[nash] == (735_300, 735_300)
    assert DOMAIN_0[nash][0] * DOMAIN_0[nash][1] / 1e12 == pytest.approx(0.54066609)
    assert p.kalai_smorodinsky(DOMAIN_0, ZERO) == p.egalitarian(DOMAIN_0, ZERO) == (nash,)
    assert max(map(sum, DOMAIN_0)) == sum(DOMAIN_0[nash]) == 1_470_600
    assert nash in p.utilitarian(DOMAIN_0, ZERO)


def test_the_solutions_differ_where_they_should() -> None:
    """Worked by hand: products 1000, 1800, 1600, 0; least shares .2, .6, .4, 0; least gains 10, 30, 40, 0."""
    points = [(10, 100), (30, 60), (40, 40), (50, 0)]
    assert p.nash(points, ZERO) == (1,)
    assert p.kalai_smorodinsky(points, ZERO) == (1,)
    assert p.egalitarian(points, ZERO) == (2,)
    assert p.utilitarian(points, ZERO) == (0,)
    assert p.pareto(points) == (0, 1, 2, 3)


def test_disagreement_moves_the_solutions() -> None:
    """With 20 for the first in any case the products are none, 600, 800, 0."""
    points = [(10, 100), (30, 60), (40, 40), (50, 0)]
    assert p.nash(points, (20, 0)) == (2,)
    assert p.nash(points, (60, 0)) == ()
    assert p.kalai_smorodinsky(points, (60, 0)) == ()


def test_ties_are_all_returned() -> None:
    points = [(2, 3), (3, 2), (2, 3), (1, 1)]
    assert p.nash(points, ZERO) == p.pareto(points) == (0, 1, 2)


def test_distances_are_measured_in_utility() -> None:
    points = [(300_000, 400_000), (0, 0)]
    assert p.distance((0, 0), points, (0,)) == pytest.approx(0.5)
    assert p.distance((0, 0), points, (0, 1)) == 0
    assert p.distance((0, 0), points, ()) is None


@given(sets)
def test_the_frontier_is_what_nothing_dominates(points: list[tuple[int, ...]]) -> None:
    slowly = [k for k, x in enumerate(points) if not any(p.dominates(other, x) for other in points)]
    assert list(p.pareto(points)) == slowly


@given(triples)
def test_the_frontier_of_three_parties_too(points: list[tuple[int, ...]]) -> None:
    slowly = [k for k, x in enumerate(points) if not any(p.dominates(other, x) for other in points)]
    assert list(p.pareto(points)) == slowly


@given(triples, st.tuples(*[st.integers(0, 8)] * 3))
def test_solutions_lie_on_the_frontier_and_nobody_is_worse_off(
    points: list[tuple[int, ...]], disagreement: tuple[int, ...]
) -> None:
    """Nobody is better off off the frontier than on it: each outcome is matched by one that is on it."""
    frontier = {points[k] for k in p.pareto(points)}
    assert all(any(x == y or p.dominates(y, x) for y in frontier) for x in points)
    for find in p.SOLUTIONS.values():
        for place in find(points, disagreement):
            assert points[place] in frontier
            assert all(a >= b for a, b in zip(points[place], disagreement, strict=True))


@given(sets, st.integers(1, 5), st.integers(0, 9))
def test_nash_and_kalai_smorodinsky_ignore_the_scale(points: list[tuple[int, ...]], factor: int, shift: int) -> None:
    scaled = [(a * factor + shift, b) for a, b in points]
    for find in (p.nash, p.kalai_smorodinsky):
        assert find(scaled, (shift, 0)) == find(points, ZERO)


def test_rubinstein_s_split() -> None:
    """(1 - d2) / (1 - d1 d2); with equal patience 1 / (1 + d)."""
    assert limit(0.9, 0.9) == pytest.approx(1 / 1.9)
    assert limit(0.9, 0.8) == pytest.approx(0.2 / 0.28)
    assert limit(0.5, 0) == 1
    assert [with_deadline(0.9, 0.8, n) for n in (1, 2, 3)] == pytest.approx([1, 0.2, 1 - 0.8 * (1 - 0.9)])
    assert with_deadline(0.9, 0.8, 500) == pytest.approx(limit(0.9, 0.8))
    assert with_deadline(0.9, 0.8, 501) == pytest.approx(limit(0.9, 0.8))


@pytest.mark.parametrize(("first", "second"), [(1, 0.5), (0.5, -0.1)])
def test_impossible_discounts_are_refused(first: float, second: float) -> None:
    with pytest.raises(BadValue, match="at least 0 and below 1"):
        limit(first, second)


def test_there_is_at_least_one_round() -> None:
    with pytest.raises(BadValue, match="at least one round"):
        with_deadline(0.5, 0.5, 0)
