"""The posterior of a story: the same bytes for one worker and two, and kept between questions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from negosim.core.errors import BadValue
from negosim.inference.filter.file import dump_island
from negosim.inference.filter.island import Draw, IslandResult
from negosim.inference.filter.posterior import Posterior
from negosim.inference.pool import Pool
from negosim.lab.posterior import Conditioned, Evidence, enough_to_grow, in_islands
from negosim.sim.chance import World
from negosim.stores.memory import MemoryStore
from negosim.stories.loading import load

QUARREL = Path(__file__).parents[1] / "cli" / "stories" / "quarrel"


def posterior(jobs, store=None):
    with Pool(jobs) as pool:
        return Conditioned(story=load(QUARREL), evidence=Evidence(), seed=3, pool=pool, store=store, size=6).posterior(8)


def test_one_worker_and_two_find_the_same():
    one, two = ([dump_island(island, {}) for island in posterior(jobs).islands] for jobs in (1, 2))
    assert one == two


def test_what_was_kept_is_not_played_again(monkeypatch):
    store = MemoryStore()
    first = posterior(1, store)

    def forbidden(*_, **__):
        raise AssertionError("played again")

    monkeypatch.setattr("negosim.lab.posterior.Island.run", forbidden)
    assert posterior(1, store) == first
    with pytest.raises(AssertionError, match="played again"):
        posterior(1)


def test_particles_are_divided_into_at_least_eight_islands():
    assert in_islands(20) == (8, 4)
    assert in_islands(400) == (8, 50)
    assert in_islands(1000) == (20, 50)


@pytest.mark.parametrize("odd", [None, True, 7.0, "7", -1])
def test_what_is_no_whole_number_is_refused_where_it_is_said(odd):
    with Pool(1) as pool, pytest.raises(BadValue, match="whole numbers from 0"):
        Conditioned(story=load(QUARREL), evidence=Evidence(), seed=odd, pool=pool)
    with pytest.raises(BadValue, match="n is .*; so many courses"):
        in_islands(odd)
    if not isinstance(odd, int | None) or odd is True:
        with pytest.raises(BadValue, match="evidence: until is .*, not a whole number"):
            Evidence(until=odd)


def test_it_tells_while_it_plays_how_good_it_is_by_now():
    heard = []
    with Pool(1, progress=lambda done, total, **known: heard.append((known.get("effective"), known.get("answer")))) as pool:
        found = Conditioned(story=load(QUARREL), evidence=Evidence(), seed=3, pool=pool, size=4).posterior(8)
    told = [(effective, answer) for effective, answer in heard if answer]
    assert len(told) == 8
    assert told[-1] == (found.ess, f"surprise {found.bits.mean:.0f} bits")


def test_it_grows_from_small_islands_to_large_ones_that_stand_alone():
    with Pool(1) as pool:
        conditioned = Conditioned(story=load(QUARREL), evidence=Evidence(), seed=3, pool=pool, size=4)
        small, large = list(conditioned.growing(8 * 4 + 8 * 16))
    assert [(len(found.islands), len(found.draws), last) for found, last in (small, large)] == [(8, 32, False), (8, 128, True)]
    assert set(small[0].groups).isdisjoint(large[0].groups)


def test_a_sample_has_as_many_draws_of_each_island_and_the_heavy_ones_more_often():
    whole = posterior(1)
    drawn = [draw for part in range(50) for draw in whole.drawn(16, 1, part)]
    assert Counter(draw.island for draw in drawn) == dict.fromkeys(whole.masses, 100)
    assert sum(whole.masses.values()) == pytest.approx(1)
    times = Counter(draw.world.run for draw in drawn)
    for draw, weight in zip(whole.draws, whole.weights, strict=True):
        assert times[draw.world.run] / 100 == pytest.approx(weight / whole.masses[draw.island], abs=0.1)


@pytest.mark.parametrize("n", [1, 50, 400, 1999, 2000, 3600])
def test_the_number_that_is_recommended_lets_it_grow(n):
    def stages(n):
        _, size = in_islands(n)
        with Pool(1) as pool, pytest.MonkeyPatch.context() as patch:
            patch.setattr(Conditioned, "islands", lambda self, guide, numbers, **_: list(numbers))
            patch.setattr(Conditioned, "guide", lambda self: None)
            conditioned = Conditioned(story=load(QUARREL), evidence=Evidence(), seed=3, pool=pool, size=size)
            return size, sum(1 for _ in conditioned.growing(n))

    assert stages(enough_to_grow(n)) > stages(n)
    assert stages(enough_to_grow(n) - 1) == stages(n) or n < 400


def test_the_item_that_divides_the_islands_is_the_one_they_disagree_about():
    def island(number, **logs):
        return IslandResult(draws=(Draw(World(0, number), 0.0, number, {}),), log_predictions=logs, plays=1.0)

    apart = Posterior(("calm", "torn"), (island(0, calm=-5.0, torn=-1.0), island(1, calm=-5.1, torn=-4.0)))
    assert apart.divisive == "torn"
