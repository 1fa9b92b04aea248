"""Small bargaining tables for the tests: two parties, a domain, a scenario."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from negosim import Actor, Calendar, Prior, Scenario, backchannel, formal, play
from negosim.core.events import Agreed, Offered
from negosim.parts.domain import Domain, issue_of
from negosim.parts.preferences import Preferences
from negosim.parts.protocols.stacked import negotiator
from negosim.parts.tactics.bidding import FAITHFUL, bidding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.parts.tactics.tactic import Tactic
    from negosim.sim.trace import Run

ANN, BOB, CAT, DAN = (Actor(name, name.title()) for name in ("ann", "bob", "cat", "dan"))
START = Calendar(datetime(2024, 1, 1), "UTC")
WAY = backchannel("way", ANN, BOB)
HALL = formal("hall", ANN, BOB, CAT, DAN)

VALUES = (0.2, 0.61, 1.0)
ISSUES = tuple(issue_of(f"issue{name}", ("valueA", "valueB", "valueC"), ANN) for name in "ABC")
DOMAIN = Domain("domain-0", ISSUES)
"""NegoLog's domain 0: three issues of three values, valued by its two profiles in opposite order."""
PROFILE_A = Preferences(
    domain=DOMAIN, weights=dict(zip(ISSUES, (0.17, 0.33, 0.5), strict=True)), values={o: VALUES[o.rank] for i in ISSUES for o in i}
)
PROFILE_B = Preferences(
    domain=DOMAIN, weights=dict(zip(ISSUES, (0.5, 0.33, 0.17), strict=True)), values={o: VALUES[2 - o.rank] for i in ISSUES for o in i}
)


def cake(slices: int, **first: float) -> tuple[Domain, Preferences, Preferences]:
    """One issue: how many slices of a cake go to the first party; the second gets the rest."""
    issue = issue_of("share", [str(k) for k in range(slices + 1)], ANN)
    domain = Domain("cake", (issue,))
    mine = Preferences(domain=domain, weights={issue: 1}, values={option: option.rank / slices for option in issue}, **first)
    return domain, mine, Preferences(domain=domain, weights={issue: 1}, values={option: 1 - option.rank / slices for option in issue})


def staged(cast: Mapping[Actor, tuple[Any, ...]], decisions: Sequence[Any], ends: int, **more: Any) -> Scenario:
    """A scenario in which every decision's reasons have the weight of a faithful follower."""
    weights: dict[Actor, dict[str, Any]] = {}
    for decision in decisions:
        for option in decision.menu.values():
            weights.setdefault(decision.actor, {}).update(dict.fromkeys(option.reasons, FAITHFUL))
    actors = tuple(dict.fromkeys((ANN, BOB, CAT, DAN, *cast)))
    return Scenario("table", "Table", START, ends, actors, channels=(WAY, HALL), cast=cast, decisions=tuple(decisions), weights=weights, **more)


def alternating(
    preferences: Sequence[Preferences], tactics: Sequence[Tactic], *, deadline: int = 60, **more: Any
) -> Scenario:
    """As many parties as preferences, bargaining by alternating offers, a minute a turn."""
    parties = (ANN, BOB, CAT, DAN)[: len(preferences)]
    via = WAY if len(parties) == 2 else HALL
    bids = [
        bidding(party, wants, {"tactic": tactic}, **more)
        for party, wants, tactic in zip(parties, preferences, tactics, strict=True)
    ]
    cast = {
        party: (negotiator(bid, parties, via=via, deadline=deadline),) for party, bid in zip(parties, bids, strict=True)
    }
    return staged(cast, bids, deadline + 10)


def bargained(*arguments: Any, **settings: Any) -> Run:
    """``alternating``, played once."""
    return play(alternating(*arguments, **settings), Prior(0))


def agreed(run: Run) -> Any:
    """The terms a run came to, or None."""
    return next((entry.event.terms for entry in run.entries if isinstance(entry.event, Agreed)), None)


def offers(run: Run, by: Actor) -> list[Any]:
    """The packages a party proposed, in order."""
    events = [entry.event for entry in run.entries]
    return [event.terms for event in events if isinstance(event, Offered) and event.by == by.id]
