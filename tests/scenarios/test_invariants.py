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


# ── each rule finds what breaks it ──────────────────────────────────────────────────────────────

HOME = e.Happened("released", "government")
RELEASE = Terms((Clause("relief", "release", "government"),))
STOP = Terms((Clause("march", "stop-at-sangjani", "khan"),))
JUPITERS = Terms((Clause("turkey", "jupiters-openly", "kennedy"),))
STRIKE, RESIGNS = e.Happened("air-strike", "kennedy"), e.Happened("botha-resigns", "nature")
BROKEN = {
    "pti_2024": {
        "nobody_visits_in_jail_who_went_home": (HOME, e.Met("visit", "gohar", ("khan",), "visit")),
        "nobody_asks_the_release_of_who_went_home": (HOME, e.Offered("x", "gohar", "government", "back", RELEASE)),
        "he_goes_home_once": (HOME, HOME, HOME),
        "news_follows_what_it_tells": (e.Said("party", "khan", "lawyers", "clash"),),
        "no_march_is_denied": (e.Started("final-call", "bushra"), e.Said("party", "khan", "lawyers", "no-march")),
        "what_comes_again_came_before": (e.Happened("bailed-again", "courts"),),
        "rounds_are_held_by_two_committees": (e.Met("round", "speaker", ("government", "party"), "formal"),),
        "an_order_to_stop_is_his": (e.Ordered("x", "gohar", "bushra", "field", "stop-at-sangjani", "envoys-word"),),
        "a_clash_is_where_the_crowd_is": (e.Happened("clash", "nature"),),
        "no_stop_is_brought_too_late": (
            e.Reached("final-call", "bushra", "d-chowk"),
            e.Conveyed("x", "gohar", "khan", "visit", STOP, "government"),
        ),
    },
    "cuba_1962": {
        "nothing_follows_an_air_strike": (STRIKE, e.Agreed("x", "khrushchev", "kennedy", "letters", JUPITERS, final=True)),
        "the_fallback_waits_for_a_refusal": (e.Offered("x", "cordier", "khrushchev", "broadcast", JUPITERS),),
        "the_brother_gives_what_he_is_allowed_to": (e.Offered("x", "robert", "dobrynin", "embassy", JUPITERS),),
    },
    "south_africa_1985": {
        "he_is_released_once": (e.Happened("released", "botha"), e.Happened("released", "klerk")),
        "nobody_meets_in_jail_who_is_free": (HOME, e.Met("session", "barnard", ("mandela",), "prison")),
        "one_president_at_a_time": (RESIGNS, e.Happened("prisoners-freed", "botha")),
        "the_banned_do_not_sit_down": (e.Met("groote-schuur", "klerk", ("exile",), "groote-schuur"),),
    },
    "oslo_1993": {
        "rounds_are_legal": (e.Met("round", "hirschfeld", ("qurie",), "back"),),
        "an_official_initials": (e.Met("initialling", "israel", ("plo",), "back"),),
        "who_signs_has_recognised": (e.Met("signing", "israel", ("plo",), "signing"),),
    },
}


def at_intervals(*events: Event) -> tuple[Entry, ...]:
    return tuple(Entry(index, index * 60, event) for index, event in enumerate(events))


@pytest.mark.parametrize(
    ("story", "rule"), [(story, rule) for story in STORIES for rule in invariants_of(story)],
    ids=lambda value: getattr(value, "__name__", value),
)  # fmt: skip
def test_a_rule_finds_the_entry_that_breaks_it(story, rule):
    log = at_intervals(*BROKEN[story][rule.__name__])

    assert rule(log) is log[-1]
    assert rule(log[:-1]) is None
