"""What a story says cannot be, is in none of its worlds; and each of its rules can find what breaks it."""

from __future__ import annotations

from importlib import import_module

import pytest

from negosim.core import events as e
from negosim.core.events import Entry, Event
from negosim.core.terms import Clause, Terms
from negosim.lab.calibration.search import search
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.stories.loading import load
from tests.scenarios.worlds import SCENARIOS, STORIES


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
def test_a_guided_search_finds_no_run_that_raises_or_breaks_a_rule(story):
    assert list(search(load(SCENARIOS / story), 300)) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("story", STORIES)
def test_a_guided_search_of_a_hundred_thousand_runs_finds_none(story, part, record_property):
    assert list(search(load(SCENARIOS / story), 10_000, seed=part)) == []
    record_property("guided runs", 10_000)


@pytest.mark.parametrize("story", STORIES)
def test_every_rule_says_what_cannot_be(story):
    rules = invariants_of(story)

    assert rules
    assert all(rule.__name__.endswith(".") and rule(()) is None for rule in rules)


# ── each rule finds what breaks it ──────────────────────────────────────────────────────────────

HOME = e.Happened("released", "government")
RELEASE = Terms((Clause("relief", "release", "government"),))
STOP = Terms((Clause("march", "stop-at-sangjani", "khan"),))
JUPITERS = Terms((Clause("turkey", "jupiters-openly", "kennedy"),))
STRIKE, RESIGNS = e.Happened("air-strike", "kennedy"), e.Happened("botha-resigns", "nature")
ROUND = e.Met("round", "speaker", ("government", "party"), "formal")
BROKEN = {
    "pti_2024": {
        "The founder is visited in jail": (HOME, e.Met("visit", "gohar", ("khan",), "visit")),
        "The release of a founder who went home is asked": (HOME, e.Offered("x", "gohar", "government", "back", RELEASE)),
        "The release of a founder who went home is decided": (HOME, e.Chose("khan", "khan.answer[x]", ("a",), ((),), "release-first")),
        "A founder who went home is arrested": (HOME, e.Happened("re-arrested", "government")),
        "The founder goes home twice": (HOME, HOME, HOME),
        "'threat-worked'": (e.Said("party", "khan", "lawyers", "threat-worked"),),
        "'clash'": (e.Said("party", "khan", "lawyers", "clash"),),
        "'march-over'": (e.Said("party", "khan", "lawyers", "march-over"),),
        "'defer-it'": (e.Said("party", "khan", "lawyers", "defer-it"),),
        "'talks-over'": (e.Said("party", "khan", "lawyers", "talks-over"),),
        "'please-mediate'": (e.Said("party", "speaker", "public", "please-mediate"),),
        "'committee-named'": (e.Said("government", "speaker", "public", "committee-named"),),
        "The founder is told": (e.Started("final-call", "bushra"), e.Said("party", "khan", "lawyers", "no-march")),
        "A second bail": (e.Happened("bailed-again", "courts"),),
        "'final-call' is called twice": (e.Announced("final-call", "khan", "x", 9), e.Announced("final-call", "khan", "x", 9)),
        "'winter-march' is called": (e.Announced("winter-march", "khan", "x", 9), e.Announced("winter-march", "khan", "x", 9)),
        "'civil-disobedience'": (e.Announced("civil-disobedience", "khan", "x", 9), e.Announced("civil-disobedience", "khan", "x", 9)),
        "A round is held before": (ROUND,),
        "A round is held after": (e.Suspended("formal", "party"), ROUND),
        "An order to stop": (e.Ordered("x", "gohar", "bushra", "field", "stop-at-sangjani", "envoys-word"),),
        "Marchers clash": (e.Happened("clash", "nature"),),
        "A place to stop": (
            e.Reached("final-call", "bushra", "d-chowk"),
            e.Conveyed("x", "gohar", "khan", "visit", STOP, "government"),
        ),
    },
    "cuba_1962": {
        "Somebody agrees": (STRIKE, e.Agreed("x", "khrushchev", "kennedy", "letters", JUPITERS, final=True)),
        "The open trade": (e.Offered("x", "cordier", "khrushchev", "broadcast", JUPITERS),),
        "The brother": (e.Offered("x", "robert", "dobrynin", "embassy", JUPITERS),),
        "The quarantine": (e.Ended("quarantine", "kennedy"),),
    },
    "south_africa_1985": {
        "He goes free twice": (e.Happened("released", "botha"), e.Happened("released", "klerk")),
        "He is met in prison": (HOME, e.Met("session", "barnard", ("mandela",), "prison")),
        "Botha acts": (RESIGNS, e.Happened("prisoners-freed", "botha")),
        "De Klerk acts": (e.Happened("prisoners-freed", "klerk"),),
        "They sit down": (e.Met("groote-schuur", "klerk", ("exile",), "groote-schuur"),),
    },
    "oslo_1993": {
        "Somebody but": (e.Met("round#2", "hirschfeld", ("qurie",), "back"),),
        "It is initialled": (e.Met("initialling", "israel", ("plo",), "back"),),
        "They sign": (e.Met("signing", "israel", ("plo",), "signing"),),
    },
}
"""For each rule, by how its sentence begins, a log whose last entry breaks it."""


def at_intervals(*events: Event) -> tuple[Entry, ...]:
    return tuple(Entry(index, index * 60, event) for index, event in enumerate(events))


@pytest.mark.parametrize(
    ("story", "rule"), [(story, rule) for story in STORIES for rule in invariants_of(story)],
    ids=lambda value: getattr(value, "__name__", value),
)  # fmt: skip
def test_a_rule_finds_the_entry_that_breaks_it(story, rule):
    (events,) = [events for begins, events in BROKEN[story].items() if rule.__name__.startswith(begins)]
    log = at_intervals(*events)

    assert rule(log) is log[-1]
    assert rule(log[:-1]) is None
