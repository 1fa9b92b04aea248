"""What-ifs, forecasts and turning points on a story small enough to know the answers."""

from __future__ import annotations

from math import exp

import pytest

from negosim.core.errors import NotFound, RecordError, ReplayDiverged
from negosim.lab.counterfactual.alignment import check_prefix
from negosim.lab.counterfactual.whatif import whatif
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stories.loading import load
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


def test_the_empty_change_is_legal_and_changes_nothing(story):
    nothing = Question("", "What if nothing were otherwise?", (), ("done",), "")
    found = whatif(story, nothing, questions_of(story).outcomes, n=200, facts=False, jobs=1)
    assert found.outcomes[0].difference.mean == 0
    assert found.conditions.affected == 0


def test_an_unknown_question_is_told_with_the_nearest(story):
    with pytest.raises(NotFound, match="bob-refuses"):
        questions_of(story).question("bob-refuse")
