"""What a bargaining came to, and the listing of the parts."""

from __future__ import annotations

import json
from pkgutil import walk_packages

import pytest

from negosim import Prior, Scenario, play
from negosim.core.errors import NotFound
from negosim.parts import __path__ as where
from negosim.parts.catalogue import GROUPS, catalogue
from negosim.parts.outcome import bargain_of
from negosim.parts.tactics.informed import Zeuthen
from negosim.parts.tactics.time_dependent import boulware, conceder
from tests.parts.tables import ANN, BOB, PROFILE_A, PROFILE_B, START, WAY, agreed, alternating


def test_the_path_of_offers_ends_at_the_agreement() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (boulware(), conceder()))
    run = play(scenario, Prior(0))
    found = bargain_of(scenario, run.entries)
    assert found.parties == ("ann", "bob")
    assert found.agreement is not None
    assert found.agreement.terms == agreed(run)
    assert found.agreement.utilities == (PROFILE_A.utility(agreed(run)), PROFILE_B.utility(agreed(run)))
    assert found.path[0].utilities == (1_000_000, 200_000)
    assert not any(step.agreed for step in found.path[:-1])


def test_zeuthen_is_at_no_distance_from_the_nash_point() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (Zeuthen(PROFILE_B), Zeuthen(PROFILE_A)))
    found = bargain_of(scenario, play(scenario, Prior(0)).entries)
    assert found.distances["Nash"] == found.distances["Pareto frontier"] == 0
    assert found.distances["Kalai-Smorodinsky"] == 0


def test_without_agreement_the_distance_is_that_of_disagreement() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (boulware(0.001), boulware(0.001)), deadline=9)
    found = bargain_of(scenario, play(scenario, Prior(0), until=4).entries)
    assert found.agreement is None
    assert found.distances["Nash"] == pytest.approx(0.7353 * 2**0.5)


def test_a_bargain_is_plain_data() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (boulware(), conceder()))
    data = json.loads(json.dumps(bargain_of(scenario, play(scenario, Prior(0)).entries).to_json()))
    assert data["solutions"]["Nash"][0]["utilities"] == [735300, 735300]
    assert data["path"][-1]["terms"] == data["agreement"]


def test_a_story_without_bargaining_has_none() -> None:
    with pytest.raises(NotFound, match="that two actors bargain over"):
        bargain_of(Scenario("x", "X", START, 10, (ANN, BOB), channels=(WAY,), cast={}), ())


def test_every_module_of_the_parts_is_listed_and_says_what_it_is() -> None:
    listed = {module for modules in GROUPS.values() for module in modules}
    modules = {x.name.removeprefix("negosim.parts.") for x in walk_packages(where, "negosim.parts.") if not x.ispkg}
    inner = {"catalogue", "files.xml", "files.problem", "tactics.course", "tactics.tactic"}
    assert modules - inner == listed
    entries = catalogue()
    assert all(entry.says.endswith((".", "?")) for entry in entries)
    names = {entry.name for entry in entries}
    seated = {entry.name for entry in entries if entry.takes_a_seat}
    assert {"alternating_offers", "votes", "rules", "relays", "monitors", "swaps"} <= seated
    assert not {"nash", "boulware", "bidding", "voting"} & seated
    assert {"alternating_offers", "swaps", "relays", "MiCRO", "nash", "read_problem", "takes_small_steps"} <= names


def test_what_is_said_after_the_agreement_is_another_matter() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (boulware(), conceder()))
    entries = play(scenario, Prior(0)).entries
    assert bargain_of(scenario, (*entries, *entries)).path == bargain_of(scenario, entries).path
