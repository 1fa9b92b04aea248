"""One world and its twin: picked because it fits, different by the change alone."""

from __future__ import annotations

import pytest
from attrs import evolve

from negosim.core.errors import UnusedChange
from negosim.lab.example import example
from negosim.lab.library import load
from negosim.lab.questions import questions_of
from negosim.sim.changes import Decide

from .conftest import DONE, FIRST, fact

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
    found = example(story, known.question("ann-refuses"), known.outcome("done"), n=60)
    done = [entry for entry in found.comparison.factual if getattr(entry.event, "what", "") == "done"]
    assert done, "the outcome is documented, so the world has it"
    assert not any(getattr(entry.event, "what", "") == "done" for entry in found.comparison.twin)
    assert (found.fits, found.facts) == (1, 1)
    assert 0 < found.through <= found.n == 60
    assert found.comparison.differing
    again = example(story, known.question("ann-refuses"), known.outcome("done"), n=60)
    assert again.comparison.factual == found.comparison.factual


def test_the_best_fitting_world_is_taken(write):
    """Without ``about`` in the way, a world that bears the fact out is preferred to an earlier one."""
    other = fact("O2", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "ann", what = "done" }]')
    folder = write(FIRST, other)
    (folder / "questions.toml").write_text(QUESTIONS.replace(CHANGED, 'change = ["bob.first[x]=no"]'))
    story = load(folder)
    known = questions_of(story)
    about = evolve(known.outcome("done"), happened=True)
    assert example(story, known.question("ann-refuses"), about, n=60).fits == 1


@pytest.mark.parametrize("alternative", ["no", "yes"])
def test_a_change_that_changes_nothing_is_an_error(story, alternative):
    known = questions_of(story)
    question = evolve(known.question("ann-refuses"), changes=(Decide("ann.second[z]", alternative),))
    with pytest.raises(UnusedChange, match="that has done as documented"):
        example(story, question, known.outcome("done"), n=20)
