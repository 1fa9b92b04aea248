"""One world and its twin: picked because it fits, different by the change alone."""

from __future__ import annotations

import pytest
from attrs import evolve

from negosim.core.errors import UnusedChange
from negosim.lab.counterfactual.illustration import example_of, replayed_example
from negosim.lab.counterfactual.whatif import whatif
from negosim.sim.interventions import Decide
from negosim.stories import manifest
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.small_stories import DONE, FIRST

QUESTIONS = """
[[outcome]]
id = "done"
what = "Ann says that it is done."
date = "2024-01-01"
cites = [{ source = "paper", at = "page 1" }]
expect = [{ event = "said", by = "ann", what = "done" }]

[[question]]
id = "ann-refuses"
asks = "Had Ann said no?"
change = ["ann.second[y]=no"]
about = ["done"]
basis = "D1"
"""
CHANGED = 'change = ["ann.second[y]=no"]'


@pytest.fixture
def story(write):
    folder = write(FIRST, DONE)
    (folder / "questions.toml").write_text(QUESTIONS)
    return load(folder)


def test_a_world_that_fits_and_its_twin(story):
    known = questions_of(story)
    question, outcomes = known.question("ann-refuses"), known.about(("done",))
    example = replayed_example(story, question, outcomes, seed=0, n=60)
    pair = example.comparison
    assert any(getattr(entry.event, "what", "") == "done" for entry in pair.factual), "it is documented"
    assert not any(getattr(entry.event, "what", "") == "done" for entry in pair.twin)
    assert pair.differing
    assert pair.changes == question.changes
    again = replayed_example(story, question, outcomes, seed=0, n=60)
    assert again.factual.entries == example.factual.entries


def test_what_is_kept_is_what_the_answer_shows(story):
    known = questions_of(story)
    question = known.question("ann-refuses")
    answer = whatif(story, question, known.about(question.about), n=60, jobs=1)
    example = example_of(story, answer)
    assert example.factual.entries == answer.pair.factual
    assert example.twin.entries == answer.pair.counterfactual
    assert manifest.again(story, example.manifest).entries == answer.pair.factual
    assert manifest.again(story, example.twin_manifest).entries == answer.pair.counterfactual


@pytest.mark.parametrize("alternative", ["no", "yes"])
def test_a_change_that_is_asked_nowhere_is_an_error(story, alternative):
    known = questions_of(story)
    question = evolve(known.question("ann-refuses"), changes=(Decide("ann.second[z]", alternative),))
    with pytest.raises(UnusedChange, match=r"ann.second\[y\]"):
        replayed_example(story, question, known.about(("done",)), seed=0, n=20)
