"""A view folded anew equals the one the actor had at the time."""

from __future__ import annotations

from datetime import datetime

import pytest

from negosim.core.actors import Actor, backchannel, public
from negosim.core.errors import NotFound
from negosim.core.events import Lost, Met, Offered, Promised
from negosim.core.terms import Issue
from negosim.core.time import Calendar, hours
from negosim.core.trust import Aspect
from negosim.sim.chance import Prior
from negosim.sim.knowledge import arrivals, view_at
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.sim.setting import InitialTrust

ann, bob, eve = Actor("ann", "Ann"), Actor("bob", "Bob"), Actor("eve", "Eve", side="bob")
quiet = backchannel("quiet", ann, bob, delay=30, loss=300_000)
street = public(delay=10)


class Price(Issue, owner=bob):
    LOW = "low"


def scenario(seen: dict[tuple[str, int], tuple[object, object]]) -> Scenario:
    """Offers, deals, promises, meetings and losses; ``seen`` takes the views as they were."""

    def remember(seat):
        for _ in range(6):
            yield from seat.pause(50)
            seen[seat.actor, seat.now] = (seat.view.talks, seat.view.trust)

    def offers(seat):
        for number in range(4):
            seat.offer(bob, Price.LOW, via=quiet, until=seat.now + 70 + number)
            yield from seat.pause(61)
            seat.meet("talks", bob, via=quiet)
            seat.say(bob, f"word-{number}", via=street)

    def accepts(seat):
        while True:
            offer = yield from seat.hear(Offered)
            seat.accept(offer)
            promise = yield from seat.hear(Promised, within=hours(1))
            if promise is not None:
                seat.keep(promise.promise, 600)

    return Scenario(
        "views", "Views", Calendar(datetime(2024, 1, 1), "UTC"), 400, (ann, bob, eve), channels=(quiet, street),
        cast={ann: (offers, remember), bob: (accepts, remember), eve: (remember,)},
        initial_trust=(InitialTrust(ann, bob, Aspect.WILL, 2000, 1000, note="known before"),),
    )  # fmt: skip


@pytest.mark.parametrize("run", range(10))
def test_a_view_folded_anew_is_the_one_that_was(run):
    seen: dict[tuple[str, int], tuple[object, object]] = {}
    story = scenario(seen)
    entries = play(story, Prior(1, run)).entries
    assert len(seen) == 18
    for (actor, minute), (talks, trust) in seen.items():
        view = view_at(story, entries, actor, minute)
        assert view.talks == talks
        assert view.trust == trust


def test_what_was_lost_never_arrives_and_standings_count():
    story = scenario({})
    logs = (play(story, Prior(1, run)).entries for run in range(50))
    entries = next(log for log in logs if any(isinstance(x.event, Lost) and x.event.to == "bob" for x in log))
    lost = {one.event.entry for one in entries if isinstance(one.event, Lost) and one.event.to == "bob"}
    assert not lost & {entry.index for _, entry in arrivals(story.table, entries, "bob")}
    assert view_at(story, entries, "ann", 0).trust.mean(Aspect.WILL, "bob") == 600
    assert not view_at(story, entries, "eve", 400).all(Met)


def test_an_unknown_actor_is_not_found():
    with pytest.raises(NotFound, match="did you mean 'ann'"):
        view_at(scenario({}), (), "anne", 0)
