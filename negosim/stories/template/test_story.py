"""What must hold in every world of the story; run with: pytest NAME_OF_STORY (see: negosim help testing)."""

from __future__ import annotations

from negosim.testing.plugin.assertions import eventually, keeps_invariants, never


def test_a_strike_is_possible_and_so_is_peace(free_runs):
    """Both ends of the quarrel are within reach of the model."""
    eventually(free_runs, "started", what="strike")
    eventually(free_runs, "called-off", what="strike")


def test_nobody_strikes_after_calling_it_off(free_runs):
    """A strike that was called off does not start."""
    never(free_runs, "started", what="strike", after="called-off")


def test_the_record_is_within_reach(replayed):
    """The documented decisions can all be taken as documented."""
    eventually(replayed, "offered", by="crown")


def test_nothing_impossible_happens(story, free_runs):
    """Whatever the story exports as invariants holds in every run."""
    keeps_invariants(story, free_runs)
