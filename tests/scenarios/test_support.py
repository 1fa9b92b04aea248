"""Every story that comes with negosim can produce its whole record: for each there is a world in which it follows."""

from __future__ import annotations

from functools import cache

import pytest

from negosim.core import events as e
from negosim.inference.conformance import is_borne_out
from negosim.inference.evidence import impositions
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.questions import questions_of
from tests.scenarios.worlds import SCENARIOS, STORIES, every_fact

each_story = pytest.mark.parametrize("name", STORIES)


def story(name):
    return load(SCENARIOS / name)


@cache
def history(name):
    return play(story(name).scenario, every_fact(name))


def test_every_story_has_such_a_world():
    assert {path.parent.name for path in SCENARIOS.glob("*/record.toml")} == set(STORIES)


@each_story
def test_nothing_is_imposed_there(name):
    assert {asked.how for asked in history(name).asked} == {"drawn"}


@each_story
def test_every_fact_that_must_follow_does(name):
    facts = [fact for fact in story(name).documented.facts if fact.must_follow]
    missed = [fact.id for fact in facts if not is_borne_out(fact, story(name).scenario, history(name).entries)]

    assert facts
    assert not missed


@each_story
def test_every_documented_decision_is_taken_as_documented(name):
    taken = {x.event.address: (x.event.taken, x.minute) for x in history(name).entries if isinstance(x.event, e.Chose)}

    for one in impositions(story(name).documented):
        answer, minute = taken[one.address]
        assert answer == one.chose
        assert one.earliest <= minute <= one.latest


@each_story
def test_every_question_takes_effect_somewhere(name):
    """In that history, or else in one of some free runs: who doubts an order is not asked to obey it."""
    worlds = [every_fact(name), *(Prior(5, run) for run in range(200))]
    for question in questions_of(story(name)).questions:
        twins = (play(story(name).scenario, world, question.changes) for world in worlds)
        assert any(change.took_effect(twin) for twin in twins for change in question.changes), question.id
