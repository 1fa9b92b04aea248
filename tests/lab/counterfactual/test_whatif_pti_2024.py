"""The first story: posterior Worlds of its record, asked."""

from __future__ import annotations

import re
from functools import cache

import pytest
from attrs import evolve

from negosim.inference.filter.condition import condition
from negosim.lab.counterfactual.alignment import check_prefix
from negosim.lab.counterfactual.explanation import Comparison
from negosim.lab.posterior import Evidence
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.questions import questions_of


@pytest.fixture(scope="module")
def story():
    return load("pti-2024")


@cache
def worlds_of(n):
    """Worlds given the documented decisions."""
    return [draw.world for draw in condition(Evidence(facts=False).conditioning(load("pti-2024")), n, 3).draws]


@pytest.fixture(scope="module")
def worlds():
    return worlds_of(40)


def differing(story, some, spoil=lambda world: world):
    """The worlds that do not give the same log when they are played again."""
    different = []
    for world in some:
        factual = play(story.scenario, world)
        again = play(story.scenario, spoil(factual.world), ())
        different += [] if factual.entries == again.entries else [world]
    return different


def test_nothing_changed_nothing_changes(story, worlds):
    assert worlds
    assert differing(story, worlds) == []


def test_a_world_that_lost_one_value_is_noticed(story, worlds):
    def spoiled(world):
        return evolve(world, run=world.run + 1, values={at: u for at, u in world.values.items() if at[0] != "khan.answer[postponed]"})

    assert differing(story, worlds, spoiled)


@pytest.mark.slow
def test_nothing_changed_nothing_changes_in_500_worlds(story):
    assert len(worlds_of(600)) >= 500
    assert differing(story, worlds_of(600)[:500]) == []


def test_every_question_names_what_the_scenario_knows(story):
    known = questions_of(story)
    assert {"visit-refused", "march-stops-at-sangjani"} <= {question.id for question in known.questions}
    rows = {row.id for row in (*story.documented.facts, *story.documented.conflicts)}
    for question in known.questions:
        assert set(re.findall(r"\b[SPK]\d+\b", question.basis)) & rows, question.id
        assert known.about(question.about)


def test_every_hook_of_the_record_has_a_question(story):
    """The list at the end of the record's notes, by the row each rests on."""
    bases = " ".join(question.basis for question in questions_of(story).questions)
    hooks = {"P7", "P10", "P13", "P14", "P17", "P19", "P23", "P24", "P26", "P27", "P28", "P29", "P31", "S17", "S18"}
    assert hooks <= set(re.findall(r"\b[SPK]\d+\b", bases))


def test_before_the_change_everything_is_as_it_was(story, worlds):
    known = questions_of(story)
    for question in known.questions:
        for world in worlds[:3]:
            factual = play(story.scenario, world)
            twin = play(story.scenario, factual.world, question.changes)
            check_prefix(factual, twin, question.changes)


@pytest.mark.once
def test_every_question_is_consulted_and_all_that_differs_follows_from_it(story, worlds):
    """Law 13 on every hook of the record; a hook that no world consults asks nothing."""
    runs = [play(story.scenario, world) for world in worlds]
    for question in questions_of(story).questions:
        consulted = differing = 0
        for factual in runs:
            changes = [change.ground(factual) for change in question.changes]
            known = tuple(change for change in changes if change is not None)
            twin = play(story.scenario, factual.world, known)
            consulted += all(change is not None and change.took_effect(twin) for change in changes)
            comparison = Comparison.between(factual, twin, story.scenario.table, known)
            assert comparison.uncaused() == (), question.id
            blind = Comparison.of(factual.entries, twin.entries, story.scenario.table)
            assert bool(blind.uncaused()) == bool(comparison.differing), "only the change explains what began it"
            differing += bool(comparison.differing)
        assert consulted, question.id
        assert differing, question.id
