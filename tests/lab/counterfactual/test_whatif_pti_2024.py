"""The first story: posterior Worlds of its record, asked."""

from __future__ import annotations

import re
from math import exp, hypot

import pytest
from attrs import evolve

from negosim.inference.conditioning import Abduction, Evidence, normalised, plain
from negosim.inference.conformance import is_borne_out
from negosim.inference.estimates import mean_of
from negosim.inference.evidence import impositions
from negosim.inference.smc import particles
from negosim.lab.counterfactual.alignment import check_prefix
from negosim.lab.counterfactual.explanation import Comparison
from negosim.sim.play import play
from negosim.stories.loading import load
from negosim.stories.questions import questions_of


@pytest.fixture(scope="module")
def story():
    return load("pti-2024")


def by_decisions(story):
    return Abduction(story.scenario, Evidence(impositions(story.documented)))


def posterior(story, replays):
    return plain(by_decisions(story), 3, range(replays)).draws


def differing(story, draws, spoil=lambda world: world):
    """The Worlds that do not give again what the replay they come from gave, or give it once only."""
    found = []
    for draw in draws:
        imposed = draw.life.run.entries
        factual = play(story.scenario, spoil(draw.world))
        twin = play(story.scenario, factual.world, ())
        again = factual.entries == twin.entries and factual.entries[: len(imposed)] == imposed
        found += [] if again else [draw]
    return found


def test_nothing_changed_nothing_changes(story):
    draws = posterior(story, 60)
    assert draws
    assert differing(story, draws) == []


def test_a_world_that_lost_one_value_is_noticed(story):
    def spoiled(world):
        return evolve(world, values={at: u for at, u in world.values.items() if at[0] != "khan.answer[postponed]"})

    draws = posterior(story, 60)
    assert differing(story, draws, spoiled)


@pytest.mark.slow
def test_nothing_changed_nothing_changes_in_500_worlds(story):
    draws = posterior(story, 3500)
    assert len(draws) >= 500
    assert differing(story, draws[:500]) == []


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


@pytest.mark.once
def test_every_question_is_consulted_and_all_that_differs_follows_from_it(story):
    """Law 13 on every hook of the record; a hook that no world consults asks nothing."""
    draws = [play(story.scenario, draw.world) for draw in posterior(story, 120)]
    for question in questions_of(story).questions:
        consulted = differing = 0
        for factual in draws:
            changes = [change.ground(factual) for change in question.changes]
            known = tuple(change for change in changes if change is not None)
            twin = play(story.scenario, factual.world, known)
            consulted += all(x is not None and x.took_effect(twin) for x in changes)
            found = Comparison.between(factual, twin, story.scenario.table, known)
            assert found.uncaused() == (), question.id
            blind = Comparison.of(factual.entries, twin.entries, story.scenario.table)
            assert bool(blind.uncaused()) == bool(found.differing), "only the change explains what began it"
            differing += bool(found.differing)
        assert consulted, question.id
        assert differing, question.id


@pytest.mark.slow
def test_particles_agree_with_plain_weighting_and_keep_many_octobers(story):
    abduction = by_decisions(story)
    whole = plain(abduction, 3, range(2000))
    islands = [particles(abduction, 9, number, 40, moves=2, last_moves=4) for number in range(8)]
    weights = [exp(draw.log_weight) for draw in whole.draws]
    exact = mean_of([1.0] * 2000, weights + [0.0] * (2000 - len(weights)))
    evidence = mean_of([1.0] * len(islands), [exp(one.log_evidence) for one in islands])
    assert abs(evidence.mean - exact.mean) <= 4 * hypot(evidence.se, exact.se)

    draws = [draw for island in islands for draw in island.draws]
    groups = [draw.group for draw in draws]
    targets = [questions_of(story).outcome(name).target for name in ("clash", "formal-talks", "october-protest")]

    def outcomes(some):
        runs = [play(story.scenario, draw.world) for draw in some]
        return [[float(is_borne_out(one, story.scenario, run.entries)) for run in runs] for one in targets]

    for ours, theirs in zip(outcomes(draws), outcomes(whole.draws), strict=True):
        one, other = mean_of(normalised(draws), ours, groups), mean_of(weights, theirs)
        assert abs(one.mean - other.mean) <= 4 * hypot(one.se, other.se)
    end = story.scenario.calendar.at("2024-11-01")
    octobers = {
        tuple((one.address, one.taken, one.at) for one in draw.life.run.asked if one.at < end) for draw in draws
    }
    assert len(octobers) >= 200
