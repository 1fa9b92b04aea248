"""One world and its twin: picked because it fits, different by the change alone."""

from __future__ import annotations

import pytest
from attrs import evolve

from negosim.core.errors import UnusedChange
from negosim.lab.counterfactual.illustration import replayed_example
from negosim.sim.interventions import Decide
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.small_stories import DONE, FIRST, fact

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
    found = replayed_example(story, question, outcomes, seed=0, n=60)
    pair = found.comparison
    assert any(getattr(entry.event, "what", "") == "done" for entry in pair.factual), "it is documented"
    assert not any(getattr(entry.event, "what", "") == "done" for entry in pair.twin)
    assert (found.fit.agrees, found.fit.outcomes) == (1, len(outcomes))
    assert 0 < found.fit.tried <= 60
    assert pair.differing
    assert pair.changes == question.changes
    again = replayed_example(story, question, outcomes, seed=0, n=60)
    assert again.factual.entries == found.factual.entries


def test_the_best_fitting_world_is_taken(write):
    """A world that has the outcome is preferred to an earlier one that has not."""
    other = fact("O2", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "ann", what = "done" }]')
    folder = write(FIRST, other)
    (folder / "questions.toml").write_text(QUESTIONS.replace(CHANGED, 'change = ["bob.first[x]=no"]'))
    story = load(folder)
    known = questions_of(story)
    question = known.question("ann-refuses")
    for happened in (True, False):
        about = evolve(known.outcome("done"), happened=happened)
        found = replayed_example(story, question, (about,), seed=0, n=60)
        said = any(getattr(entry.event, "what", "") == "done" for entry in found.factual.entries)
        assert said == happened
        assert found.fit.agrees == 1


@pytest.mark.parametrize("alternative", ["no", "yes"])
def test_a_change_that_is_asked_nowhere_is_an_error(story, alternative):
    known = questions_of(story)
    question = evolve(known.question("ann-refuses"), changes=(Decide("ann.second[z]", alternative),))
    with pytest.raises(UnusedChange, match="consulted in none of 20 worlds"):
        replayed_example(story, question, known.about(("done",)), seed=0, n=20)
