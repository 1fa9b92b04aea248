"""A negotiator of NegMAS in a seat: by its two methods; with NegMAS itself where that is installed."""

from __future__ import annotations

from enum import Enum
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from negosim import Prior, play
from negosim.core.errors import BadValue, ScenarioError
from negosim.parts.preferences import Preferences
from negosim.parts.tactics.foreign import Foreign
from negosim.parts.tactics.tactic import Tactic
from negosim.parts.tactics.time_dependent import aspiration, conceder
from negosim.sim.trace import Run
from tests.parts.tables import ANN, DOMAIN, PROFILE_A, PROFILE_B, agreed, alternating, offers

OPTIONS = (("a", "b", "c"),) * 3


class Stubborn:
    """Proposes one outcome for ever and accepts nothing else."""

    made = 0

    def __init__(self, wanted: Any = ("c", "c", "c")) -> None:
        type(self).made += 1
        self.wanted, self.asked = wanted, 0

    def propose(self, state: Any) -> Any:
        self.asked += 1
        assert state.step == self.asked - 1
        return self.wanted

    def respond(self, state: Any) -> str:
        return "ACCEPT_OFFER" if state.current_offer == self.wanted else "REJECT_OFFER"


def test_a_foreign_negotiator_is_asked_once_a_turn_and_made_anew_for_each_run() -> None:
    Stubborn.made = 0
    scenario = alternating((PROFILE_A, PROFILE_B), (Foreign(Stubborn, DOMAIN, OPTIONS), conceder()))
    first, second = (play(scenario, Prior(0)) for _ in range(2))
    assert first.entries == second.entries
    assert Stubborn.made == 2
    assert {x.slug for x in offers(first, ANN)} == {DOMAIN.outcomes[-1].slug}


class ResponseType(Enum):
    """NegMAS's answers, by their names."""

    ACCEPT_OFFER = 0
    REJECT_OFFER = 1


class LateConceder:
    """A stand-in for NegMAS's Boulware: it demands 1 - t ** 4 and wraps what it says as NegMAS may."""

    def __init__(self, profile: Preferences) -> None:
        self.worth = dict(zip(product(*OPTIONS), profile.utilities, strict=True))

    def wanted(self, state: Any) -> Any:
        best, floor = max(self.worth.values()), min(self.worth.values())
        demand = best - round(state.relative_time**4 * (best - floor))
        return min((x for x in reversed(self.worth) if self.worth[x] >= demand), key=self.worth.__getitem__)

    def propose(self, state: Any) -> Any:
        return SimpleNamespace(outcome=self.wanted(state))

    def respond(self, state: Any) -> Any:
        enough = self.worth[state.current_offer] >= self.worth[self.wanted(state)]
        return SimpleNamespace(response=ResponseType.ACCEPT_OFFER if enough else ResponseType.REJECT_OFFER)


@pytest.mark.parametrize("profile", [PROFILE_A, PROFILE_B], ids=["it opens", "it accepts"])
def test_a_stand_in_for_negmas_s_boulware_plays_as_ours_does(profile: Preferences) -> None:
    def played(tactic: Tactic) -> Run:
        tactics = (tactic, aspiration(4)) if profile is PROFILE_A else (aspiration(4), tactic)
        return play(alternating((PROFILE_A, PROFILE_B), tactics), Prior(0))

    ours, theirs = played(aspiration(4)), played(Foreign(lambda: LateConceder(profile), DOMAIN, OPTIONS))
    assert offers(theirs, ANN) == offers(ours, ANN)
    assert len(set(offers(ours, ANN))) > 2
    assert agreed(theirs) == agreed(ours)
    assert [x.event.by for x in theirs.entries if x.event.name == "agreed"] == ["bob"]


def test_what_a_foreign_negotiator_makes_up_is_refused() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (Foreign(lambda: Stubborn(("z",)), DOMAIN, OPTIONS), conceder()))
    with pytest.raises(ScenarioError, match="no outcome of the domain"):
        play(scenario, Prior(0))
    with pytest.raises(BadValue, match="options an issue"):
        Foreign(Stubborn, DOMAIN, OPTIONS[:2])


def test_a_boulware_of_negmas_proposes_what_ours_does() -> None:
    """NegMAS's exponent 4 is our aspiration(4); a round of NegMAS is two turns here, so the clocks differ a little."""
    negmas = pytest.importorskip("negmas", reason="NegMAS is AGPL and no dependency; install it to try the adapter")
    sao = pytest.importorskip("negmas.sao")
    issues = [negmas.make_issue(list(names), f"i{k}") for k, names in enumerate(OPTIONS)]
    values = (0.2, 0.61, 1.0)
    ufun = negmas.LinearAdditiveUtilityFunction(
        {f"i{k}": dict(zip(names, values, strict=True)) for k, names in enumerate(OPTIONS)},
        weights=[0.17, 0.33, 0.5], issues=issues, reserved_value=0.0,
    )  # fmt: skip

    def make() -> Any:
        mechanism = sao.SAOMechanism(issues=issues, n_steps=60)
        negotiator = sao.BoulwareTBNegotiator(name="boulware")
        mechanism.add(negotiator, ufun=ufun)
        mechanism.add(sao.RandomNegotiator(name="other"), ufun=ufun)
        return negotiator

    ours = play(alternating((PROFILE_A, PROFILE_B), (aspiration(4), conceder())), Prior(0))
    scenario = alternating((PROFILE_A, PROFILE_B), (Foreign(make, DOMAIN, OPTIONS, sao.SAOState), conceder()))
    run = play(scenario, Prior(0))
    assert play(scenario, Prior(0)).entries == run.entries
    theirs = [PROFILE_A.utility(terms) for terms in offers(run, ANN)]
    mine = [PROFILE_A.utility(terms) for terms in offers(ours, ANN)]
    assert theirs[:3] == mine[:3] == [1_000_000] * 3
    assert theirs == sorted(theirs, reverse=True)
    assert abs(PROFILE_A.utility(agreed(run)) - PROFILE_A.utility(agreed(ours))) <= 70_000
