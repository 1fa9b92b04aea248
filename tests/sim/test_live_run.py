"""A run that pauses, and documented decisions whose time has not come."""

from __future__ import annotations

from negosim.sim.chance import Imposing, Imposition, Prior
from negosim.sim.play import play
from negosim.testing.stories import example, scenario

NEVER_ASKED = Imposition("ann.unheard-of[x]", "yes", 0, 500)
STORY = scenario(example())
CHANCE = Imposing((NEVER_ASKED,), Prior(0))


def test_a_documented_decision_beyond_the_last_minute_played_has_not_failed():
    assert play(STORY, CHANCE, until=499).failed_imposition is None


def test_it_has_failed_once_its_interval_is_over():
    assert play(STORY, CHANCE, until=500).failed_imposition == (NEVER_ASKED, "never asked")


def test_at_the_end_of_the_clock_nothing_more_can_come():
    late = Imposition("ann.unheard-of[x]", "yes", 0, STORY.ends + 10)
    assert play(STORY, Imposing((late,), Prior(0))).failed_imposition == (late, "never asked")


def test_a_run_that_can_no_longer_come_out_as_documented_stops_at_once():
    free = play(STORY, Prior(0)).entries
    middle = free[len(free) // 2].minute
    missed = Imposition("ann.unheard-of[x]", "yes", 0, middle)
    for imposition in (missed, Imposition("ann.unheard-of[*]", "yes", 0, middle)):
        run = play(STORY, Imposing((imposition,), Prior(0)))
        assert run.failed_imposition is not None
        assert run.failed_imposition[0] is imposition
        assert run.failed_imposition[1].startswith("not reached by ")
        assert run.entries == tuple(entry for entry in free if entry.minute <= middle)
        assert len(run.entries) < len(free)


def test_a_run_that_goes_on_all_the_same_is_played_to_its_end():
    missed = Imposing((Imposition("ann.unheard-of[x]", "yes", 0, 0),), Prior(0))
    run = play(STORY, missed, stop_at_failed_imposition=False)
    assert run.entries == play(STORY, Prior(0)).entries
    assert run.failed_imposition == (missed.impositions[0], "never asked")
