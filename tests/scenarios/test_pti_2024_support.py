"""The first story can produce its whole record, and says what its clock leaves open after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve

from negosim import load
from negosim.core import events as e
from negosim.inference.conformance import is_borne_out
from negosim.inference.evidence import impositions
from negosim.sim.chance import Fresh, World
from negosim.sim.play import play
from negosim.stories.questions import read_questions

STORY = load("pti-2024")
RECORD = STORY.documented
SEED = tuple(fact for fact in RECORD.facts if fact.id.startswith("S"))
FACTS = tuple(fact for fact in RECORD.facts if fact.unfed)
FILE = Path(__file__).with_name("every_fact.json")


def world() -> World:
    """A world found by guided search: the noise that matters, by address; all else is its seed's."""
    kept = json.loads(FILE.read_text())
    values = {(address, label): value for address, labels in kept["values"].items() for label, value in labels.items()}
    return World(kept["seed"], kept["run"], values)


RUN = play(STORY.scenario, world())


def test_the_article_has_thirty_two_rows() -> None:
    assert len(SEED) == 32


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_one_world_bears_out_every_fact_that_must_follow(fact) -> None:
    assert is_borne_out(fact, STORY.scenario, RUN.entries)


@pytest.mark.parametrize("documented", impositions(RECORD), ids=lambda one: one.address)
def test_every_documented_decision_is_taken_there_as_documented(documented) -> None:
    taken = [x for x in RUN.entries if isinstance(x.event, e.Chose) and x.event.address == documented.address]

    assert [x.event.taken for x in taken] == [documented.chose]
    assert documented.earliest <= taken[0].minute <= documented.latest


def test_nothing_is_imposed_there() -> None:
    assert {asked.how for asked in RUN.asked} == {"drawn"}


def test_the_clock_runs_on_for_two_months_in_which_nothing_asked_is_settled_beforehand() -> None:
    """From the second round on, each outcome comes in some futures and not in others."""
    rounds = [x.minute for x in RUN.entries if isinstance(x.event, e.Met) and x.event.channel == "formal"]
    cut = rounds[1]
    settled = {address for (address, _), (minute, _) in RUN.noise.items() if minute <= cut}
    past = {key: value for key, value in world().values.items() if key[0] in settled}
    futures = [
        play(STORY.scenario, evolve(world(), values=past, fresh=(Fresh(run, cut),))).entries for run in range(1000, 1080)
    ]
    shares = {
        outcome.id: sum(is_borne_out(outcome.target, STORY.scenario, entries) for entries in futures) / len(futures)
        for outcome in read_questions(STORY.folder / "outlook.toml", STORY).outcomes
    }

    assert STORY.scenario.ends - RECORD.ends == 59 * 24 * 60
    assert all(0 < share < 1 for share in shares.values()), shares
