"""A run that pauses, and documented decisions whose time has not come."""

from __future__ import annotations

from datetime import datetime

import pytest

from negosim.core.actors import Actor, backchannel
from negosim.core.errors import StoryRaised
from negosim.core.time import Calendar
from negosim.sim.chance import Dice, Imposing, Imposition, Prior
from negosim.sim.play import LiveRun, play
from negosim.sim.room import Room
from negosim.sim.scenario import Scenario
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


def test_a_run_that_raised_goes_on_up_to_the_minute_that_is_asked_for():
    """Whoever catches the error of one part may play the others on."""
    ann, bob = Actor("ann", "Ann"), Actor("bob", "Bob")
    way = backchannel("way", ann, bob)

    def raises(seat):
        yield from seat.pause(3)
        raise ValueError

    def speaks(seat):
        for _ in range(6):
            yield from seat.pause(10)
            seat.say(ann, "word", via=way)

    clock = Calendar(datetime(2024, 1, 1), "UTC")
    two = Scenario("two", "Two", clock, 60, (ann, bob), channels=(way,), cast={ann: (raises,), bob: (speaks,)})
    live = LiveRun(two, Room(two.setting, Dice(Prior(0))))
    with pytest.raises(StoryRaised):
        live.advance(20)
    for minute, said in ((35, 3), (50, 5)):
        live.advance(minute)
        assert len(live.room.entries) == said
