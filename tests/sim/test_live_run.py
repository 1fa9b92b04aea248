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
