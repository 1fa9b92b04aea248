"""What-ifs, forecasts and turning points on a story small enough to know the answers."""

from __future__ import annotations

from math import exp

import pytest
from attrs import evolve

from negosim.core.errors import NotFound, RecordError, ReplayDiverged, UnusedChange
from negosim.inference.evidence import impositions
from negosim.inference.pool import Pool
from negosim.lab.counterfactual.alignment import check_prefix
from negosim.lab.counterfactual.whatif import whatif
from negosim.lab.forecast.continuation import task_of
from negosim.lab.forecast.forecast import forecast
from negosim.lab.forecast.scoring import score
from negosim.lab.forecast.turning_points import continuations, turning_points
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.preregistration import freeze, is_hindcast, tuned
from negosim.stories.questions import Question, questions_of
from tests.small_stories import DONE, FIRST, fact

SECOND = fact(
    "D2", "decision", "2024-01-01T00:01/2024-01-01T02:00",
    'decisions = [{ address = "ann.second[y]", chose = "yes" }]',
)  # fmt: skip

QUESTIONS = """
[[outcome]]
id = "done"
what = "Ann says that it is done."
date = "2024-01-01"
cites = [{ source = "paper", at = "page 1" }]
expect = [{ event = "said", by = "ann", what = "done" }]

[[question]]
id = "bob-refuses"
asks = "Had Bob said no?"
change = ["bob.first[x]=no"]
about = ["done"]
basis = "D1"
"""


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


@pytest.fixture
def story(write):
    folder = write(FIRST, DONE)
    (folder / "questions.toml").write_text(QUESTIONS)
    return load(folder)


def test_a_prefix_that_does_not_come_out_again_is_told_field_by_field(story):
    runs = {play(story.scenario, Prior(0, run)).entries[-1].event.name: play(story.scenario, Prior(0, run)) for run in range(9)}
    one, other = list(runs.values())[:2]
    with pytest.raises(ReplayDiverged, match="recorded .*, now "):
        check_prefix(one, other, ())


def test_mistakes_in_the_file_are_all_told(write):
    folder = write(FIRST)
    (folder / "questions.toml").write_text(
        QUESTIONS.replace("bob.first[x]=no", "bob.fist[x]=no").replace('by = "ann"', 'by = "anna"')
    )
    with pytest.raises(RecordError) as caught:
        questions_of(load(folder))
    assert "did you mean 'ann'?" in str(caught.value)
    assert "did you mean 'bob.first'?" in str(caught.value)


# ── looking ahead ───────────────────────────────────────────────────────────────────────────────


def test_a_forecast_knows_the_record_up_to_its_date_only(story):
    outcomes = questions_of(story).outcomes
    before = forecast(story, 0, outcomes, n=600, jobs=1).outcomes[0]
    after = forecast(story, 60, outcomes, n=600, jobs=1).outcomes[0]
    assert before.probability == pytest.approx(logistic(0.8) * logistic(-0.5), abs=0.08)
    assert after.probability == pytest.approx(logistic(-0.5), abs=0.08)


def test_a_forecast_of_an_act_is_rung_two(story):
    outcomes = questions_of(story).outcomes
    found = forecast(story, 0, outcomes, (Decide("bob.first[x]", "no"),), n=100, jobs=1)
    assert found.outcomes[0].probability == 0
    assert found.to_json()["rung"] == 2


def test_a_forecast_of_an_act_that_nobody_asks_about_is_an_error(story):
    with pytest.raises(UnusedChange, match=r"consulted in none of \d+ worlds\ndid you mean 'bob\.first\[x\]'"):
        forecast(story, 0, questions_of(story).outcomes, (Decide("bob.first[xx]", "no"),), n=50, jobs=1)


def test_a_forecast_is_scored_against_baselines(story):
    assert set(forecast(story, 0, (), n=100, jobs=1).scores) == {
        "model", "random", "blind", "persistence", "repetition",
    }  # fmt: skip
    assert score([1.0, 1.0]).brier == 0
    assert score([0.5]).brier == 0.25


def test_a_forecast_from_before_the_freeze_is_a_hindcast(story):
    assert is_hindcast(story, 100)
    freeze(story, "2024-01-01T01:00")
    assert is_hindcast(story, 59)
    assert not is_hindcast(story, 60)
    assert tuned(story) == ()
    weights = {actor: {name: evolve(prior, mean=5) for name, prior in own.items()} for actor, own in story.scenario.weights.items()}
    assert "weight bob.gain: 1000 +- 0 -> 5 +- 0" in tuned(evolve(story, scenario=evolve(story.scenario, weights=weights)))


def test_turning_points_show_what_each_decision_settled(write):
    folder = write(FIRST, SECOND)
    (folder / "questions.toml").write_text(QUESTIONS)
    story = load(folder)
    found = turning_points(story, questions_of(story).outcomes, n=300, jobs=1)
    start, _, second = found.turns
    shares = [turn.outcomes[0].probability for turn in found.turns]
    assert shares[0] == pytest.approx(logistic(0.8) * logistic(-0.5), abs=0.1)
    assert shares[1] == pytest.approx(logistic(-0.5), abs=0.1)
    assert shares[2] == 1
    assert (start.turned, second.turned) == ((), ("done",))
    assert {turn.through for turn in found.turns} == {300}
    assert second.outcomes[0].high == 1
    assert second.outcomes[0].low == pytest.approx(1 - 3 / second.ess)  # none of n is no certainty


def test_turning_points_come_in_the_order_of_time(story):
    found = turning_points(story, questions_of(story).outcomes, n=60, jobs=1)
    ends = [turn.decision.latest for turn in found.turns if turn.decision]
    assert ends == sorted(ends)
    document = found.to_json()
    assert set(document) == {"note", "scenario", "n", "seed", "outcomes", "turns", "unreached"}
    assert [turn["by"] for turn in document["turns"]] == sorted(turn["by"] for turn in document["turns"])


def test_decisions_nobody_reaches_are_named(write):
    folder = write(FIRST, SECOND.replace("ann.second[y]", "ann.second[z]"))
    found = turning_points(load(folder), (), n=5, jobs=1)
    assert [one.address for one in found.unreached] == ["ann.second[z]"]
    assert len(found.turns) == 2


def test_continuations_do_not_depend_on_how_they_are_handed_out(write):
    story = load(write(SECOND))  # asked only where Bob says yes by himself
    task = task_of(story, 0, impositions(story.documented), ())
    (runs,) = continuations([task], 90, Pool(1))
    assert sum(run.weight > 0 for run in runs) == 90
    assert runs[-1].weight > 0
    assert len(runs) > 90
    with Pool(2) as pool:
        assert continuations([task], 90, pool) == [runs]


def test_the_empty_change_is_legal_and_changes_nothing(story):
    nothing = Question("", "What if nothing were otherwise?", (), ("done",), "")
    found = whatif(story, nothing, questions_of(story).outcomes, n=200, facts=False, jobs=1)
    assert found.outcomes[0].difference.mean == 0
    assert found.conditions.affected == 0


def test_an_unknown_question_is_told_with_the_nearest(story):
    with pytest.raises(NotFound, match="bob-refuses"):
        questions_of(story).question("bob-refuse")
