"""Guided search finds what hardly any free run meets: rare answers, and two things that come just so."""

from __future__ import annotations

from pathlib import Path

import pytest

from negosim.core.errors import NegosimError
from negosim.lab.calibration.search import search
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stories import loading

STORY = """
from datetime import datetime
from negosim import Actor, Calendar, Choice, Decision, Pace, Scenario, Weight, because, days, hours, public
from negosim.core.events import Happened
from negosim.stories.authoring import AtMostOnce, Events
crown, guild = Actor("crown", "The Crown"), Actor("guild", "The Guild")
class Turn(Choice):
    KEEP = "keeps the toll"
    RAISE = "raises it"
raises = Decision(crown, "turn", {Turn.KEEP: because("author", ease=1000), Turn.RAISE: because("author", ease=-1000)},
                  Pace(hours(5)))
def the_crown(seat):
    raised = 0
    for year in ("1721", "1722", "1723", "1724"):
        raised += (yield from seat.choose(raises, year)) is Turn.RAISE
        yield from seat.pause(hours(1))
        if raised:
            seat.happen("toll-raised")
    if raised == 4:
        WHAT
invariants = (AtMostOnce("A toll is raised too often.", Events(Happened, what="toll-raised"), times=3),)
scenario = Scenario(
    "toll", "A toll", Calendar(datetime(1724, 3, 1), "UTC"), days(9), actors=(crown, guild), channels=(public(),),
    cast={crown: (the_crown,)}, decisions=(raises,), weights={crown: {"ease": Weight(2500, 0, "author")}},
    happenings=("toll-raised",),
)
"""
"""The crown raises its toll in one year of 150: all four years in one run of five hundred million."""


def story(folder: Path, what: str) -> loading.Story:
    place = folder / "toll"
    place.mkdir()
    (place / "__init__.py").write_text(STORY.replace("WHAT", what), encoding="utf-8")
    return loading.load(place)


def test_what_raises_on_a_rare_path_is_found_and_can_be_played_again(tmp_path: Path) -> None:
    toll = story(tmp_path, "seat.accept('nothing')")
    (raised,) = [finding for finding in search(toll, 1500) if not finding.says.startswith("invariant")]

    with pytest.raises(NegosimError) as again:
        play(toll.scenario, raised.world)
    assert str(again.value) == raised.says
    for run in range(200):
        play(toll.scenario, Prior(0, run))


def test_an_invariant_that_a_rare_path_breaks_is_found_once(tmp_path: Path) -> None:
    toll = story(tmp_path, "pass")
    (broken,) = search(toll, 1500)

    assert broken.says == "invariant A toll is raised too often. is broken"
    assert toll.invariants[0](play(toll.scenario, broken.world).entries) is not None


def test_a_search_is_a_function_of_its_seed(tmp_path: Path) -> None:
    toll = story(tmp_path, "pass")
    assert list(search(toll, 1500, seed=3)) == list(search(toll, 1500, seed=3))
