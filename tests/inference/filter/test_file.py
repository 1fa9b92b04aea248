"""What is kept of a posterior comes back as it was, or not at all."""

from __future__ import annotations

import pytest

from negosim.core.errors import StoreError
from negosim.inference.filter.file import dump_guide, dump_island, load_guide, load_island
from negosim.inference.filter.guide import Guide, Twist, Window
from negosim.inference.filter.island import Draw, IslandResult
from negosim.sim.chance import World

MANIFEST = {"story": "a", "seed": 0}
ISLAND = IslandResult(
    draws=(
        Draw(World(0, 7, {("ann.d[k]", "a"): -5, ("ann.weight[x]", "weight"): 900}), -1.5, 0, {"S01": True}, {"ann.d[k]": "a"}),
        Draw(World(0, 8, {("ann.d[k]", "a"): 10**15}), -0.5, 0, {"S01": False}),
    ),
    log_predictions={"S01": -0.7}, plays=3.5, foreseen={"ann.d[j]": {"a": 0.25, "b": 0.75}}, broken={"a mistake": 1}, stages=(10, 20),
)  # fmt: skip
GUIDE = Guide({"ann.d[k]": Twist({"a": 2.0, "b": 0.5}, "S01")}, {"ann.e[k]": Window(3, 9, "S02")})


def test_an_island_and_a_guide_come_back_as_they_were():
    assert load_island(dump_island(ISLAND, MANIFEST), MANIFEST) == ISLAND
    assert load_guide(dump_guide(GUIDE, MANIFEST), MANIFEST) == GUIDE


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_flipped_bit_is_refused(place):
    document = bytearray(dump_island(ISLAND, MANIFEST))
    document[place] ^= 1
    with pytest.raises(StoreError, match="has been altered"):
        load_island(bytes(document), MANIFEST)


def test_another_story_or_release_is_refused():
    with pytest.raises(StoreError, match="belongs to another story"):
        load_island(dump_island(ISLAND, MANIFEST), {**MANIFEST, "story": "b"})
    with pytest.raises(StoreError, match="belongs to another story"):
        load_guide(dump_guide(GUIDE, MANIFEST), {**MANIFEST, "seed": 1})
