"""What a record is compared with: the model before each fact, and stories whose reasons mean nothing."""

from __future__ import annotations

from math import exp, log2

import pytest

from negosim.inference.policies import Permuted
from negosim.lab.replay.prediction import predict
from negosim.lab.replay.replay import replay
from negosim.stories.loading import load
from tests.small_stories import DONE, FIRST, fact

pytestmark = pytest.mark.once

DONE_IF_YES = 1 / (1 + exp(0.5))
"""How probable it is that ann says it is done, if bob said yes."""


def test_a_fact_is_predicted_from_what_was_settled_before_it(write):
    (done,) = predict(load(write(FIRST, DONE)), n=1600, jobs=1).facts
    assert done.fact == "O1"
    assert done.probability == pytest.approx(DONE_IF_YES, abs=0.05)
    assert done.never == pytest.approx(1 - DONE_IF_YES, abs=0.05)
    assert done.earliest == done.latest  # both decide at once
    assert done.documented == (0, 1439)


def test_what_never_comes_is_predicted_never(write):
    odd = fact("O9", "outcome", "2024-01-01", 'expect = [{ event = "said", by = "bob", what = "gone" }]')
    (gone,) = predict(load(write(odd)), n=40, jobs=1).facts
    assert (gone.probability, gone.never, gone.earliest) == (0, 1, None)


@pytest.mark.parametrize(("enough", "played"), [(8, 64), (9, 32)])
def test_a_replay_that_cannot_say_enough_takes_as_many_again(write, monkeypatch, enough, played):
    """Once, and where it was asked for as many as are usual; its progress never runs beyond its end."""
    monkeypatch.setattr("negosim.lab.replay.replay.N", enough)
    monkeypatch.setattr("negosim.lab.replay.replay.EFFECTIVE_MIN", 1000.0)
    told = []
    found = replay(load(write(FIRST, DONE)), n=8, jobs=1, progress=lambda done, total, **_: told.append((done, total)))
    assert found.n == played
    assert all(done < total for done, total in told[:-1])
    assert told[-1] == (1 + played // 4 + 4, 1 + played // 4 + 4)


def test_the_surprise_is_that_of_the_prediction(write):
    story = load(write(FIRST, DONE))
    result = replay(story, n=1600, jobs=1)
    row = next(row for row in result.rows if row.id == "O1")
    assert row.surprise_bits == pytest.approx(-log2(DONE_IF_YES + (1 - DONE_IF_YES) * 0.02), abs=0.15)


def test_a_record_of_what_reasons_speak_for_beats_stories_whose_reasons_mean_nothing(write):
    """Bob has a strong reason for yes; in half of the matched stories it speaks for no."""
    story = load(write(FIRST, story=_strong()))
    result = replay(story, n=80, jobs=1, matched=True)
    assert len(result.matched) == 40
    surprised = sum(bits > result.evidence_bits.mean + 1 for bits in result.matched)
    assert 8 <= surprised <= 32
    assert not any(bits < result.evidence_bits.mean - 1 for bits in result.matched)
    assert result.to_json()["matched_bits"] == list(result.matched)


def _strong():
    from tests.small_stories import STORY

    return STORY.replace('"first", 800', '"first", 1000').replace("Weight(1000", "Weight(6000")


def test_permuted_reasons_keep_the_utilities_and_are_the_same_each_time():
    names, utilities = ("yes", "no", "later"), (5, -3, 0)
    seen = set()
    for number in range(40):
        permuted = Permuted(number)
        first = permuted("bob.first[x]", names, utilities)
        assert sorted(first) == sorted(utilities)
        assert permuted("bob.first[y]", names, utilities) == first
        by_name = dict(zip(names, first, strict=True))
        turned = permuted("bob.first[x]", names[::-1], utilities[::-1])
        assert dict(zip(names[::-1], turned, strict=True)) == by_name
        seen.add(tuple(first))
    assert len(seen) == 6
