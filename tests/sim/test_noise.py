"""Keyed noise, and abduction: noise given what was chosen has the law it must have."""

from __future__ import annotations

from math import exp, isclose, log, sqrt
from pickle import dumps, loads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim.core.errors import BadValue
from negosim.sim.delays import Between, Pace, delay_given, delay_of
from negosim.sim.noise import (
    MILLION,
    UNIT,
    Drawn,
    band_of,
    bands,
    gumbel,
    gumbels_given,
    noise_key,
    normal,
    softmax,
    strongest,
    uniform,
    uniform_given,
)

KEY = noise_key(0, 0)
N = 20_000
BEFORE, AFTER = (0.5, 0.3, 0.2), (0.2, 0.5, 0.3)
"""The case T7: the probabilities before and after a change."""


def utilities(shares: tuple[float, ...]) -> list[int]:
    return [round(log(share) * MILLION) for share in shares]


def fresh(draw: int, size: int) -> list[int]:
    return [gumbel(uniform(KEY, f"draw {draw}", str(place))) for place in range(size)]


def near(count: int, share: float, n: int = N) -> bool:
    """Whether a count lies within four standard errors of its expectation."""
    return abs(count - n * share) <= 4 * sqrt(n * share * (1 - share)) + 1e-9


def stays(taken: int, given_noise=gumbels_given) -> int:
    """How often ``taken`` is still the strongest after the change, by its noise."""
    before, after = utilities(BEFORE), utilities(AFTER)
    return sum(strongest(after, given_noise(before, fresh(i, 3), taken)) == taken for i in range(N))


def coupled(taken: int) -> float:
    """The exact probability of staying under Gumbel-max (T7)."""
    ratios = zip(BEFORE, AFTER, strict=True)
    return 1 / (BEFORE[taken] * sum(max(p / BEFORE[taken], q / AFTER[taken]) for p, q in ratios))


@pytest.mark.parametrize(("taken", "share"), [(0, 0.4), (1, 1.0), (2, 0.9677)])
def test_gumbel_max_keeps_a_choice_as_often_as_it_must(taken: int, share: float) -> None:
    assert isclose(coupled(taken), share, abs_tol=5e-5)
    assert near(stays(taken), coupled(taken))


def test_a_wrong_abduction_is_seen() -> None:
    """Redrawing until the choice comes out is right; fresh noise that merely wins by a hair is not."""

    def by_a_hair(before: list[int], noise: list[int], taken: int) -> list[int]:
        rival = max(u + g for place, (u, g) in enumerate(zip(before, noise, strict=True)) if place != taken)
        return [*noise[:taken], rival - before[taken] + 1, *noise[taken + 1 :]]

    assert not near(stays(0, by_a_hair), coupled(0))


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_abducted_noise_has_the_law_of_noise_that_was_kept_by_rejection(taken: int) -> None:
    before = utilities(BEFORE)
    kept = [noise for i in range(3 * N) if strongest(before, noise := fresh(i + N, 3)) == taken]
    made = [gumbels_given(before, fresh(i, 3), taken) for i in range(N)]
    for place in range(3):
        for cut in (-500_000, 0, 500_000, 1_500_000):
            share = sum(noise[place] <= cut for noise in kept) / len(kept)
            count = sum(noise[place] <= cut for noise in made)
            spread = sqrt(share * (1 - share) * (1 / len(kept) + 1 / N))
            assert abs(count / N - share) <= 4 * spread


@pytest.mark.parametrize(("taken", "share"), [(0, 0.4), (1, 2 / 3), (2, 1.0)])
def test_inverse_cdf_keeps_a_choice_as_often_as_it_must(taken: int, share: float) -> None:
    before, after = bands(utilities(BEFORE)), bands(utilities(AFTER))
    noise = [uniform_given(before, uniform(KEY, f"draw {i}", "chance"), taken) for i in range(N)]
    assert near(sum(band_of(after, u) == taken for u in noise), share)


small = st.integers(-20 * MILLION, 20 * MILLION)
menus = st.lists(small, min_size=1, max_size=6)


@given(menus, st.data())
def test_under_abducted_gumbels_the_choice_wins_strictly(menu: list[int], data: st.DataObject) -> None:
    taken = data.draw(st.integers(0, len(menu) - 1))
    noise = gumbels_given(menu, fresh(data.draw(st.integers(0, 10**6)), len(menu)), taken)
    sums = [u + g for u, g in zip(menu, noise, strict=True)]
    assert all(sums[taken] > other for place, other in enumerate(sums) if place != taken)


@given(menus, st.integers(1, UNIT - 1), st.data())
def test_abducted_uniforms_lie_in_their_band(menu: list[int], u: int, data: st.DataObject) -> None:
    taken = data.draw(st.integers(0, len(menu) - 1))
    ends = bands(menu)
    abducted = uniform_given(ends, u, taken)
    if abducted is None:
        assert softmax(menu)[taken] < 1e-14
    else:
        assert band_of(ends, abducted) == taken
    assert band_of(ends, u) in range(len(menu))


@given(menus)
def test_softmax_is_a_distribution_with_the_odds_of_the_utilities(menu: list[int]) -> None:
    shares = softmax(menu)
    assert isclose(sum(shares), 1)
    for share, utility in zip(shares, menu, strict=True):
        assert isclose(share / shares[0], exp((utility - menu[0]) / MILLION), rel_tol=1e-6)


def test_ties_go_to_the_alternative_declared_first() -> None:
    assert strongest([5, 5, 5], [1, 1, 1]) == 0
    assert strongest([0, 5, 5], [1, 1, 1]) == 1


def test_noise_is_uniform_and_depends_on_every_part_of_its_address() -> None:
    draws = [uniform(KEY, f"draw {i}", "chance") for i in range(N)]
    for tenth in range(1, 10):
        assert near(sum(u <= tenth * UNIT // 10 for u in draws), tenth / 10)
    keys = (KEY, noise_key(0, 1), noise_key(1, 0))
    assert len({uniform(KEY, "ab", "c"), *(uniform(key, "a", "bc") for key in keys)}) == 4


def test_gumbel_noise_has_the_mean_of_its_law() -> None:
    mean = sum(gumbel(uniform(KEY, f"draw {i}", "g")) for i in range(N)) / N / MILLION
    assert abs(mean - 0.5772) <= 4 * 1.2825 / sqrt(N)


def test_a_normal_draw_is_centred_and_scaled() -> None:
    assert normal(UNIT // 2, 1000, 300) == 1000
    assert normal(round(0.8413447 * UNIT), 1000, 300) == 1300


# ── delays ──────────────────────────────────────────────────────────────────────────────────────

laws = st.one_of(
    st.builds(Pace, st.integers(1, 100_000), st.floats(0.05, 3), st.integers(0, 5000)),
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(lambda ends: Between(min(ends), max(ends))),
)


@given(laws, st.integers(1, UNIT - 1), st.integers(0, 20_000), st.integers(0, 20_000))
def test_a_delay_known_to_lie_in_an_interval_never_misses_it(law, u: int, least: int, width: int) -> None:
    given_noise = delay_given(law, u, least, least + width)
    if given_noise is not None:
        noise, share = given_noise
        assert least <= delay_of(law, noise) <= least + width
        assert 0 < share <= 1 + 1e-9


@given(laws, st.integers(0, 30_000))
def test_quantile_and_below_tell_of_the_same_law(law, minutes: int) -> None:
    """Noise just under the share of delays up to a minute gives a delay of at most that minute."""
    share = law.below(minutes)
    if 1e-9 < share < 1 - 1e-9:
        assert law.quantile(share * (1 - 1e-9)) <= minutes
        assert law.quantile(min(share * (1 + 1e-9), 1 - 1e-15)) >= minutes
    assert law.below(minutes - 1) <= share


def test_a_documented_interval_has_the_probability_of_its_share() -> None:
    """T11: uniform on ten hours, documented from the second to the fourth."""
    law = Between(0, 599)
    assert delay_given(law, UNIT // 2, 120, 239)[1] == pytest.approx(0.2)
    assert -log(delay_given(law, UNIT // 2, 120, 239)[1]) == pytest.approx(1.609, abs=1e-3)
    distance = sum(max(120 - t, t - 240, 0) for t in range(600)) / 600 / 60
    assert distance == pytest.approx(2.0, abs=0.02)


@pytest.mark.parametrize(("least", "most"), [(0, -1), (20, 30)])
def test_a_delay_its_law_gives_nothing_is_none(least: int, most: int) -> None:
    assert delay_given(Between(0, 10), UNIT // 2, least, most) is None


def test_a_share_too_small_for_the_noise_is_none() -> None:
    assert delay_given(Pace(1, 0.05), UNIT // 2, 10_000, 10_001) is None


def test_the_median_of_a_pace_is_its_median_and_its_tenths_lie_threefold_apart() -> None:
    pace = Pace(300)
    assert delay_of(pace, UNIT // 2) == 300
    assert delay_of(pace, UNIT // 10) == 100
    assert delay_of(pace, 9 * UNIT // 10) == 900


@pytest.mark.parametrize("settings", [(0,), (10, 0), (10, 6), (10, 0.5, -1)])
def test_a_pace_that_cannot_be_is_refused(settings) -> None:
    with pytest.raises(BadValue):
        Pace(*settings)


def test_a_delay_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadValue):
        Between(5, 4)


def test_what_was_drawn_is_a_mapping_that_grows() -> None:
    """It is put in its place late: what is added after a look must not be lost, nor what was there be counted twice."""
    drawn = Drawn()
    looks = (lambda: dict(drawn), lambda: dict(drawn.items()), lambda: {place: drawn[place] for place in list(drawn)},
             lambda: dict.fromkeys(drawn.keys(), (7, 1)), lambda: loads(dumps(drawn)))  # fmt: skip
    for number, look in enumerate(looks, 1):
        drawn.lying.append((7, f"ann.call[{number}]", ("yes",), (1,)))
        assert look() == {(f"ann.call[{each}]", "yes"): (7, 1) for each in range(1, number + 1)}
    drawn.lying.append((8, "ann.call[1]", ("no", "yes"), (2, 3)))
    assert len(drawn) == len(looks) + 1
    assert (drawn["ann.call[1]", "no"], drawn["ann.call[1]", "yes"]) == ((8, 2), (8, 3))
