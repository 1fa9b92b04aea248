"""What a story says cannot be, is in none of its worlds; and each of its rules can find what breaks it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from negosim.core import events as e
from negosim.core.events import Entry, Event
from negosim.core.terms import Clause, Terms
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stories.loading import load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
STORIES = sorted(path.parent.name for path in SCENARIOS.glob("*/invariants.py"))


def invariants_of(story):
    return import_module(f"scenarios.{story}").invariants


def broken_in(story, runs, policy=None):
    """The first run of a story that breaks one of its rules, with the rule and the entry."""
    scenario, rules = load(SCENARIOS / story).scenario, invariants_of(story)
    for run in runs:
        entries = play(scenario, Prior(17, run), policy=policy).entries
        for rule in rules:
            if (entry := rule(entries)) is not None:
                return run, rule.__name__, entry
    return None


def indifferent(_address, names, _utilities):
    return [0] * len(names)


@pytest.mark.parametrize("policy", [None, indifferent], ids=["free", "indifferent"])
@pytest.mark.parametrize("story", STORIES)
def test_no_free_run_breaks_a_rule_of_its_story(story, policy):
    assert broken_in(story, range(100), policy) is None


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(10))
@pytest.mark.parametrize("story", STORIES)
def test_ten_thousand_free_runs_break_no_rule(story, thousand):
    assert broken_in(story, range(thousand * 1000, (thousand + 1) * 1000)) is None


@pytest.mark.parametrize("story", STORIES)
def test_every_rule_says_what_cannot_be(story):
    rules = invariants_of(story)

    assert rules
    assert all(rule.__doc__ and rule(()) is None for rule in rules)


# ── the first story's rules find what breaks them ───────────────────────────────────────────────

HOME = e.Happened("released", "government")
JAIL = e.Met("visit", "gohar", ("khan",), "visit")
ROUND = e.Met("round", "speaker", ("government", "party"), "formal")
RELEASE = Terms((Clause("relief", "release", "government"),))
BROKEN = {
    "nobody_visits_in_jail_who_went_home": (HOME, JAIL),
    "nobody_asks_the_release_of_who_went_home": (HOME, e.Offered("x", "gohar", "government", "backchannel", RELEASE)),
    "he_goes_home_once": (HOME, HOME, HOME),
    "news_follows_what_it_tells": (e.Said("party", "khan", "lawyers", "clash"),),
    "no_march_is_denied": (e.Started("final-call", "bushra"), e.Said("party", "khan", "lawyers", "no-march")),
    "what_comes_again_came_before": (e.Happened("bailed-again", "courts"),),
    "rounds_are_held_by_two_committees": (ROUND,),
    "an_order_to_stop_is_his": (e.Ordered("x", "gohar", "bushra", "field", "stop-at-sangjani", "envoys-word"),),
    "a_clash_is_where_the_crowd_is": (e.Happened("clash", "nature"),),
}


def at_intervals(*events: Event) -> tuple[Entry, ...]:
    return tuple(Entry(index, index * 60, event) for index, event in enumerate(events))


@pytest.mark.parametrize("rule", invariants_of("pti_2024"), ids=lambda rule: rule.__name__)
def test_a_rule_finds_the_entry_that_breaks_it(rule):
    log = at_intervals(*BROKEN[rule.__name__])

    assert rule(log) is log[-1]
    assert rule(log[:-1]) is None
