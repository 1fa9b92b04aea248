"""Self-recovery: a true model's record lies inside the band of its own histories, and its what-ifs are calibrated."""

from __future__ import annotations

import pytest
from attrs import evolve

from negosim.inference.evidence import impositions
from negosim.inference.filter.posterior import Posterior
from negosim.lab.calibration import simulation_based_calibration as recovery
from negosim.lab.calibration.simulation_based_calibration import (
    Asked,
    Known,
    place_among,
    recorded,
    recover,
)
from negosim.sim.chance import Imposition, Prior
from negosim.sim.interventions import Decide
from negosim.sim.noise import UNIT, noise_key, uniform
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.lab.counterfactual.test_whatif import QUESTIONS, SECOND
from tests.small_stories import FIRST, STORY

pytestmark = pytest.mark.once


def story_of(write, *facts, **how):
    folder = write(*facts or (FIRST, SECOND), sd=500, **how)
    (folder / "questions.toml").write_text(QUESTIONS)
    return load(folder)


def asked_of(story, answer="yes"):
    return Asked("bob says so", (Decide("bob.first[x]", answer),), questions_of(story).outcomes[0])


def test_the_mask_keeps_questions_and_widths_and_the_answers_of_the_history(write):
    story = story_of(write)
    mask = impositions(story.documented)
    for run in range(20):
        history = play(story.scenario, Prior(0, run))
        asked = {one.address: one for one in history.asked}
        for decision in mask:
            taken = recorded(history, decision, story.scenario.ends)
            if taken is None:
                assert decision.address not in asked
            else:
                assert taken.chose == asked[decision.address].taken
                assert taken.earliest <= asked[decision.address].at <= taken.latest


def test_an_open_question_is_recorded_where_it_was_first_answered_so(write):
    story = story_of(write, keys="('x', 'z')")
    decision = Imposition("bob.first[*]", "yes", 0, 99)
    came_up = set()
    for run in range(20):
        history = play(story.scenario, Prior(0, run))
        yes = [one.at for one in history.asked if one.address.startswith("bob.first[") and one.taken == "yes"]
        taken = recorded(history, decision, story.scenario.ends)
        came_up.add(taken is not None)
        assert (taken is not None) == bool(yes)
        assert taken is None or taken.earliest <= yes[0] <= taken.latest
    assert came_up == {True, False}


def test_a_true_model_lies_in_its_band_and_covers_its_twins(write):
    story = story_of(write)
    told = []
    found = recover(
        story, (asked_of(story),), histories=60, n=60, jobs=1, progress=lambda done, total, **known: told.append((done, total))
    )
    assert found.lost == 0
    assert found.low < 0 < found.high
    assert found.verdict == "inside"
    (calibration,) = found.calibration
    assert calibration.ok
    assert calibration.histories == 60
    assert abs(calibration.came - calibration.foreseen) < 0.2
    assert told[-1] == (61, 61)
    assert found.to_json()["calibration"][0]["ok"] is True


TWO_TYPES = STORY.replace(
    "        if (yield from seat.choose(first, asked.what)) is Answer.YES:",
    """        if seat.chance("deaf", asked.what, 600_000):
            continue
        if (yield from seat.choose(first, asked.what)) is Answer.YES:""",
)


def test_a_true_model_is_ok_where_its_question_is_asked_of_one_hidden_type_only(write):
    """That nobody asked is evidence too: of the type that is never asked."""
    story = story_of(write, FIRST, story=TWO_TYPES)
    found = recover(story, (asked_of(story),), histories=60, n=60, jobs=1)
    assert found.lost == 0
    assert found.decisions < 1
    assert found.verdict == "inside"
    (calibration,) = found.calibration
    assert (calibration.histories, calibration.ok) == (60, True)


def test_the_same_whatever_the_processes(write):
    story = story_of(write)
    alone, together = (recover(story, (asked_of(story),), histories=6, n=20, jobs=jobs) for jobs in (1, 2))
    assert alone == together


def test_a_model_that_is_false_shows_as_misfit_and_overfit(write):
    """The same record under a model that expects the opposite of it, and under one that expects just it."""
    found = {}
    for gain in (-1000, 1000):
        story = story_of(write, name=f"gain{abs(gain)}{gain < 0}")
        text = (story.folder / "__init__.py").read_text()
        (story.folder / "__init__.py").write_text(text.replace('"first", 800', f'"first", {gain}').replace("Weight(1000, 500", "Weight(3600, 450"))
        found[gain] = recover(load(story.folder), histories=40, n=40, jobs=1)
    assert found[-1000].verdict == "misfit"
    assert found[1000].record <= found[1000].high


def test_a_twin_that_is_not_the_histories_own_is_not_covered(write, monkeypatch):
    """The same check, its truth taken from another change: it must be able to fail."""
    story = story_of(write)
    honest = recovery._known

    def mixed(scenario, history, worlds, worth, asked, tie):
        own = honest(scenario, history, worlds, worth, asked, tie)
        other = honest(scenario, history, worlds, worth, evolve(asked, changes=(Decide("bob.first[x]", "no"),)), tie)
        return Known(other.came, own.foreseen, place_among(other.came, [own.foreseen > tie], worth, tie), other.place_of_length)

    monkeypatch.setattr(recovery, "_known", mixed)
    (calibration,) = recover(story, (asked_of(story),), histories=60, n=60, jobs=1).calibration
    assert not calibration.ok
    assert calibration.z < -3


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 1.0])
def test_places_are_uniform_where_truth_and_draws_have_one_law(share):
    """Ten thousand yes-or-no truths among seven draws each: a tenth of the places in each tenth."""
    key = noise_key(1, 0)
    counts = [0] * 10
    for trial in range(10_000):
        truth, *draws = (uniform(key, str(trial), str(place)) / UNIT < share for place in range(8))
        counts[min(int(place_among(truth, draws, 7, uniform(key, str(trial), "tie") / UNIT) * 10), 9)] += 1
    assert all(abs(count - 1000) < 4 * (10_000 * 0.1 * 0.9) ** 0.5 for count in counts)


def test_histories_without_a_replay_are_counted_as_lost(write, monkeypatch):
    story = story_of(write)
    honest, asked, nothing = recovery.condition, asked_of(story), Posterior((), ())

    def every_other(conditioning, n, seed, **how):
        return honest(conditioning, n, seed, **how) if seed % 2 else nothing

    monkeypatch.setattr(recovery, "condition", every_other)
    found = recover(story, (asked,), histories=10, n=20, jobs=1)
    assert found.lost == 5
    assert found.calibration[0].histories == 5
    monkeypatch.setattr(recovery, "condition", lambda *_, **__: nothing)
    empty = recover(story, (asked,), histories=10, n=20, jobs=1)
    assert (empty.lost, empty.verdict, empty.low) == (10, "unknown", None)


REFUSED = STORY.replace(
    "is Answer.YES:\n            seat.say(ann",
    "is Answer.NO:\n            raise ValueError('no such word')\n        else:\n            seat.say(ann",
)


def test_histories_and_twins_that_cannot_be_played_are_left_out_and_told(write, monkeypatch):
    """Whoever says no in this story makes its own code raise."""
    story = story_of(write, FIRST, story=REFUSED)
    found = recover(story, (asked_of(story, "no"),), histories=30, n=10, jobs=1)
    assert 0 < found.failed < 30
    assert found.failed + found.lost < 30
    assert "ValueError: no such word" in found.complaint
    (calibration,) = found.calibration
    assert (calibration.histories, calibration.failed) == (0, 30 - found.failed - found.lost)
    assert "ValueError: no such word" in calibration.complaint
    assert not calibration.ok
