"""The first story: posterior Worlds of its record, asked."""

from __future__ import annotations

import re
from math import exp

import pytest

from negosim.lab.feeding import impositions
from negosim.lab.library import load
from negosim.lab.questions import questions_of
from negosim.lab.twins import Comparison, check_prefix
from negosim.lab.worlds import Abduction, Evidence, normalised, plain
from negosim.sim.play import play


@pytest.fixture(scope="module")
def story():
    return load("pti-2024")


def posterior(story, replays):
    return plain(Abduction(story.scenario, Evidence(impositions(story.documented))), 3, range(replays)).draws


def nothing_changes(story, draws):
    for draw in draws:
        factual = play(story.scenario, draw.world)
        assert play(story.scenario, factual.world, ()).entries == factual.entries
        taken = {one.address: one.taken for one in factual.asked}
        for one in impositions(story.documented):
            if one.open_prefix is None:
                assert taken[one.address] == one.chose


def test_nothing_changed_nothing_changes(story):
    draws = posterior(story, 100)
    assert draws
    nothing_changes(story, draws)


@pytest.mark.slow
def test_nothing_changed_nothing_changes_in_500_worlds(story):
    draws = posterior(story, 3500)
    assert len(draws) >= 500
    nothing_changes(story, draws[:500])


def test_every_question_names_what_the_scenario_knows(story):
    known = questions_of(story)
    assert {"visit-refused", "march-stops-at-sangjani"} <= {one.id for one in known.questions}
    rows = {one.id for one in (*story.documented.facts, *story.documented.conflicts)}
    for question in known.questions:
        assert set(re.findall(r"\b[SPK]\d+\b", question.basis)) & rows, question.id
        assert known.about(question.about)


def test_every_hook_of_the_record_has_a_question(story):
    """The list at the end of the record's notes, by the row each rests on."""
    bases = " ".join(question.basis for question in questions_of(story).questions)
    hooks = {"P7", "P10", "P13", "P14", "P17", "P19", "P23", "P24", "P26", "P27", "P28", "P29", "P31", "S17", "S18"}
    assert hooks <= set(re.findall(r"\b[SPK]\d+\b", bases))


def test_before_the_change_everything_is_as_it_was(story):
    known = questions_of(story)
    draws = posterior(story, 60)
    for question in known.questions:
        for draw in draws[:3]:
            factual = play(story.scenario, draw.world)
            twin = play(story.scenario, factual.world, question.changes)
            check_prefix(factual, twin, question.changes)


def test_every_question_is_consulted_and_all_that_differs_follows_from_it(story):
    """Law 13 on every hook of the record; a hook that no world consults asks nothing."""
    draws = [play(story.scenario, draw.world) for draw in posterior(story, 120)]
    for question in questions_of(story).questions:
        consulted = differing = 0
        for factual in draws:
            changes = [change.resolve(factual) for change in question.changes]
            twin = play(story.scenario, factual.world, tuple(x for x in changes if x is not None))
            consulted += all(x is not None and x.consulted(twin) for x in changes)
            found = Comparison.between(factual, twin, story.scenario.table)
            assert found.uncaused() == (), question.id
            blind = Comparison.of(factual.entries, twin.entries, story.scenario.table)
            assert bool(blind.uncaused()) == bool(found.differing), "only the change explains what began it"
            differing += bool(found.differing)
        assert consulted, question.id
        assert differing, question.id


@pytest.mark.slow
def test_particles_agree_with_plain_weighting_and_keep_many_octobers(story):
    abduction = Abduction(story.scenario, Evidence(impositions(story.documented)))
    whole = plain(abduction, 3, range(2000))
    islands = [abduction.island(9, number, 120) for number in range(4)]
    mean = sum(exp(one.log_evidence) for one in islands) / 4
    assert mean == pytest.approx(exp(whole.log_evidence), rel=0.5)
    draws = [draw for island in islands for draw in island.draws]
    assert sum(normalised(draws)) == pytest.approx(1)
    end = story.scenario.calendar.at("2024-11-01")
    octobers = {
        tuple((one.address, one.taken, one.at) for one in play(story.scenario, draw.world, until=end).asked)
        for draw in draws
    }
    assert len(octobers) >= 200
