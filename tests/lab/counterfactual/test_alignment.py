"""Two logs side by side: every difference leads back to the change."""

from __future__ import annotations

import pytest

from negosim.core import events as e
from negosim.core.errors import ReplayDiverged
from negosim.lab.counterfactual.alignment import (
    addresses,
    aligned,
    check_answers,
    check_prefix,
    first_divergence,
    fitness,
)
from negosim.lab.counterfactual.explanation import Comparison
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.loading import load


@pytest.fixture
def pair(write):
    story = load(write(keys="('x', 'z')"))
    for run in range(50):
        factual = play(story.scenario, Prior(0, run))
        taken = {one.address: one.taken for one in factual.asked}
        if taken.get("bob.first[x]") == "yes" and taken.get("ann.second[y]") == "yes":
            twin = play(story.scenario, factual.world, (Decide("bob.first[x]", "no"),))
            return story, factual, twin
    raise AssertionError("no such run")


def test_equal_logs_have_only_equal_rows(pair):
    _, factual, _ = pair
    assert {row.how for row in aligned(factual.entries, factual.entries)} == {"same"}
    assert first_divergence(factual.entries, factual.entries) is None


def test_to_force_what_was_chosen_anyway_changes_nothing(pair):
    _, factual, twin = pair
    check_prefix(factual, twin, [Decide("bob.first[x]", "no")])
    check_prefix(factual, factual, [Decide("bob.first[x]", "yes")])
    with pytest.raises(ReplayDiverged, match="a story depends on its seat alone"):
        check_prefix(factual, twin, [Decide("bob.first[x]", "yes")])


def test_a_world_gives_the_answers_again_that_it_gave(pair):
    _, factual, _ = pair
    check_answers({"bob.first[x]": "yes", "ann.never[z]": "no"}, factual)
    with pytest.raises(ReplayDiverged, match=r"bob.first\[x\]: recorded 'no', now 'yes'"):
        check_answers({"bob.first[x]": "no"}, factual)


def test_the_change_is_otherwise_and_what_it_prevented_is_gone(pair):
    _, factual, twin = pair
    rows = aligned(factual.entries, twin.entries)
    (changed,) = [row for row in rows if row.how == "otherwise"]
    assert changed.factual.event.address == "bob.first[x]"
    assert any(row.how == "gone" and isinstance(row.factual.event, e.Said) for row in rows)
    assert sum(row.factual is not None for row in rows) == len(factual.entries)
    assert sum(row.twin is not None for row in rows) == len(twin.entries)


def test_every_difference_has_a_cause_and_its_chain_ends_at_the_change(pair):
    story, factual, twin = pair
    found = Comparison.between(factual, twin, story.scenario.table, [Decide("bob.first[x]", "no")])
    assert found.uncaused() == ()
    for row in found.differing:
        last = found.chain(row)[-1].row
        assert last.how == "otherwise"
        assert last.factual.event.address == "bob.first[x]"


def test_addresses_are_exposed_flipped_new_or_gone(pair):
    _, factual, twin = pair
    found = addresses(factual, twin)
    assert found.flipped[:1] == ("bob.first[x]",)
    assert set(found.gone) <= {one.address for one in factual.asked}
    assert not set(found.new) & {one.address for one in factual.asked}


def test_fitness_counts_insertions_and_deletions():
    assert fitness("abcd", "acde") == (2, 0.75)
    assert fitness("", "") == (0, 1.0)
    assert fitness("abc", "") == (3, 0.0)
