"""Questions of a story: every mistake of the file at once, each told once."""

from __future__ import annotations

import pytest

from negosim.core.errors import RecordError
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.lab.counterfactual.test_whatif import QUESTIONS
from tests.small_stories import FIRST


def problems(write, text):
    folder = write(FIRST)
    (folder / "questions.toml").write_text(text)
    with pytest.raises(RecordError) as failure:
        questions_of(load(folder))
    return failure.value.problems


@pytest.mark.parametrize("value", ["5", '""', "[]", "2024-01-01"])
def test_an_id_that_cannot_be_read_is_one_complaint(write, value):
    """Though a question is about the outcome of that id."""
    before, _, after = QUESTIONS.partition("id = ")
    first = after.partition("\n")[0]
    assert f"about = [{first}" in QUESTIONS
    (told,) = problems(write, f"{before}id = {value}{after.removeprefix(first)}")
    assert "questions.toml:" in told
    assert "'id'" in told


def test_an_outcome_that_is_nowhere_is_told_with_its_question(write):
    (told,) = problems(write, QUESTIONS.replace("about = [", 'about = ["nowhere", ', 1))
    assert "no outcome called 'nowhere'" in told
