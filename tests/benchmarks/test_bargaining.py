"""Offers a CPU second: alternating offers with a full log and one logged choice an offer. Reported, never asserted.

NegMAS is AGPL and no dependency; where it is installed its mechanism is measured in the same run, its
parties taking turns with ours, so that the ratio holds on any machine.
"""

from __future__ import annotations

import tracemalloc
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from negosim import Actor, Calendar, Prior, Scenario, backchannel, formal, play
from negosim.core.events import Agreed, Offered
from negosim.parts.domain import Domain, issue_of
from negosim.parts.preferences import Preferences
from negosim.parts.protocols.stacked import negotiator
from negosim.parts.tactics.bidding import FAITHFUL, bidding
from negosim.parts.tactics.tactic import Tactic
from negosim.parts.tactics.time_dependent import aspiration
from tests.parts.tables import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from negosim.parts.tactics.course import Course

pytestmark = pytest.mark.benchmark
OUTCOMES = 1000
OFFERS = 1000
ROUNDS = 5


class Rejects(Tactic):
    """Proposes its best outcome and never accepts: all that is measured is the protocol."""

    def proposal(self, course: Course) -> int:
        return course.preferences.ranking[0]

    def accepts(self, course: Course, offered: int, proposal: int) -> bool:
        return False


def table(parties: int, tactic: Tactic, offers: int = OFFERS) -> Scenario:
    """Parties whose interests are opposed, over 1,000 outcomes, a minute a turn."""
    people = [Actor(f"p{k}", f"P{k}") for k in range(parties)]
    via = backchannel("way", *people) if parties == 2 else formal("hall", *people)
    issues = tuple(issue_of(f"issue {k}", [str(value) for value in range(10)], people[0]) for k in range(3))
    domain = Domain("thousand", issues)
    assert len(domain.outcomes) == OUTCOMES
    bids = []
    for place, person in enumerate(people):
        weights = dict(zip(issues, ((0.2, 0.3, 0.5), (0.5, 0.3, 0.2), (0.3, 0.5, 0.2))[place % 3], strict=True))
        values = {o: o.rank / 9 if place % 2 else 1 - o.rank / 9 for issue in issues for o in issue}
        bids.append(bidding(person, Preferences(domain=domain, weights=weights, values=values), {"tactic": tactic}, considers=0))
    cast = {bid.actor: (negotiator(bid, people, via=via, deadline=offers),) for bid in bids}
    weights = {person: {"tactic": FAITHFUL} for person in people}
    return Scenario(
        "bargain", "Bargain", Calendar(START.begins, "UTC"), offers + 10, tuple(people), channels=(via,), cast=cast, decisions=tuple(bids), weights=weights
    )


def offers_a_second(*works: Callable[[], int]) -> list[list[float]]:
    """Of each work in each round, the works taking turns: other programs disturb all alike."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for rates, work in zip(found, works, strict=True):
            began = process_time()
            count = work()
            rates.append(count / (process_time() - began))
    return found


def ours(scenario: Scenario) -> int:
    return sum(isinstance(x.event, Offered | Agreed) for x in play(scenario, Prior(0)).entries)


def theirs(parties: int, *, rejects: bool) -> Callable[[], int]:
    """The same by NegMAS's SAO mechanism: its trivial rejecters, or its Boulware."""
    import negmas
    from negmas.sao import BoulwareTBNegotiator, ResponseType, SAOMechanism, SAONegotiator

    class Rejecter(SAONegotiator):  # type: ignore[misc]
        def propose(self, state: Any, dest: Any = None) -> Any:
            return best

        def respond(self, state: Any, source: Any = None) -> Any:
            return ResponseType.REJECT_OFFER

    issues = [negmas.make_issue([str(value) for value in range(10)], f"i{k}") for k in range(3)]
    best = ("9", "9", "9")

    def work() -> int:
        mechanism = SAOMechanism(issues=issues, n_steps=OFFERS // parties)
        for place in range(parties):
            values = {f"i{k}": {str(v): v / 9 if place % 2 else 1 - v / 9 for v in range(10)} for k in range(3)}
            ufun = negmas.LinearAdditiveUtilityFunction(
                values, weights=((0.2, 0.3, 0.5), (0.5, 0.3, 0.2), (0.3, 0.5, 0.2))[place % 3], issues=issues
            )
            mechanism.add((Rejecter if rejects else BoulwareTBNegotiator)(name=f"p{place}"), ufun=ufun)
        mechanism.run()
        return sum(offer is not None for _, offer in mechanism.trace)

    return work


@pytest.mark.parametrize("parties", [2, 10])
@pytest.mark.parametrize("rejects", [True, False], ids=["rejecters", "boulware"])
def test_offers_a_second(parties: int, *, rejects: bool) -> None:
    scenario = table(parties, Rejects() if rejects else aspiration(4))
    others = [theirs(parties, rejects=rejects)] if find_spec("negmas") else []
    rates, *other = offers_a_second(lambda: ours(scenario), *others)
    name = f"{parties} {'rejecters' if rejects else 'Boulware'}"
    line = f"\n{name}: {max(rates):,.0f} offers a CPU second"
    for their_rates in other:
        ratios = sorted(rate / their_rate for rate, their_rate in zip(rates, their_rates, strict=True))
        spread = f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        line += f"; NegMAS {max(their_rates):,.0f}, ratio {spread}, goal {10 if parties == 2 else 25}"
    print(line)
    assert ours(scenario) > 0


def test_memory_an_offer() -> None:
    scenario = table(2, Rejects())
    play(scenario, Prior(0))
    tracemalloc.start()
    run = play(scenario, Prior(0))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    count = sum(isinstance(x.event, Offered) for x in run.entries)
    print(f"\n{kept / count:,.0f} bytes an offer, with its choice, its noise and both views")
    assert count > OFFERS / 2
