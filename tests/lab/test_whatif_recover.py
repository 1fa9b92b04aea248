"""Self-recovery: a model that is true gets a score inside its own band, and its what-ifs are calibrated."""

from __future__ import annotations

from negosim.lab.feeding import impositions
from negosim.lab.library import load
from negosim.lab.questions import questions_of
from negosim.lab.recover import recorded, recover
from negosim.sim.chance import Prior
from negosim.sim.changes import Decide
from negosim.sim.play import play

from .conftest import FIRST
from .test_whatif import QUESTIONS, SECOND


def story_of(write):
    folder = write(FIRST, SECOND, sd=500)
    (folder / "questions.toml").write_text(QUESTIONS)
    return load(folder)


def test_the_mask_keeps_questions_and_widths_and_the_answers_of_the_history(write):
    story = story_of(write)
    mask = impositions(story.documented)
    for run in range(20):
        history = play(story.scenario, Prior(0, run))
        asked = {one.address: one for one in history.asked}
        for one in recorded(history, mask, story.scenario.ends):
            assert one.chose == asked[one.address].taken
            assert one.earliest <= asked[one.address].at <= one.latest


def test_a_true_model_lies_in_its_band_and_foresees_its_twins(write):
    story = story_of(write)
    change = Decide("bob.first[x]", "yes")
    found = recover(story, questions_of(story).outcomes[0], change, histories=60, n=60, jobs=1)
    assert found.lost == 0
    assert abs(found.z) < 3
    assert abs(found.came - found.foreseen) < 0.2
    assert found.low < found.high <= 0
    assert found.verdict == "inside the band"
