"""The first story can produce each row of its article, and says what its clock leaves open after the record."""

from __future__ import annotations

import pytest
from attrs import evolve

from negosim import load
from negosim.core import events as e
from negosim.inference.conformance import is_borne_out
from negosim.sim.chance import Fresh
from negosim.sim.play import play
from negosim.stories.questions import questions_of
from tests.scenarios.worlds import every_fact

STORY = load("pti-2024")
RECORD = STORY.documented
SEED = tuple(fact for fact in RECORD.facts if fact.id.startswith("S"))
WORLD = every_fact("pti_2024")
RUN = play(STORY.scenario, WORLD)


def test_the_article_has_thirty_two_rows() -> None:
    assert len(SEED) == 32


@pytest.mark.parametrize("fact", [fact for fact in SEED if fact.expect or fact.beliefs], ids=lambda fact: fact.id)
def test_a_row_of_the_article_follows_in_one_world(fact) -> None:
    assert is_borne_out(fact, STORY.scenario, RUN.entries)


def test_the_clock_runs_on_for_two_months_in_which_nothing_asked_is_settled_beforehand() -> None:
    """From the second round on, each outcome comes in some futures and not in others."""
    cut = [x.minute for x in RUN.entries if isinstance(x.event, e.Met) and x.event.channel == "formal"][1]
    settled = {address for (address, _), (minute, _) in RUN.noise.items() if minute <= cut}
    past = {key: value for key, value in WORLD.values.items() if key[0] in settled}
    futures = [
        play(STORY.scenario, evolve(WORLD, values=past, fresh=(Fresh(run, cut),))).entries for run in range(1000, 1080)
    ]
    shares = {
        outcome.id: sum(is_borne_out(outcome.target, STORY.scenario, entries) for entries in futures) / len(futures)
        for outcome in questions_of(STORY).outlook
    }

    assert STORY.scenario.ends - RECORD.ends == 59 * 24 * 60
    assert all(0 < share < 1 for share in shares.values()), shares


def test_a_forecast_after_the_record_is_about_the_outlook() -> None:
    known, calendar = questions_of(STORY), STORY.scenario.calendar

    assert [outcome.id for outcome in known.ahead(calendar.at("2024-11-01"))] == [
        outcome.id for outcome in known.outcomes if outcome.id != "october-protest"
    ]
    assert known.ahead(calendar.at("2025-01-05")) == known.outlook
    assert len(known.outlook) == 7
