"""Law 9: ties are named. Givens, deliveries, acts, deadlines; then by actor; then in own order."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negosim.core import events as e
from negosim.core.actors import Actor, backchannel, public
from negosim.core.events import Entry
from negosim.core.time import Calendar
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.sim.seat import Part
from negosim.sim.setting import Given
from negosim.testing import laws
from negosim.testing.people import ANN, Truce

PEOPLE = tuple(Actor(name, name.title()) for name in ("zed", "amy", "kim", "bea", "lou"))


def stage(cast: dict[Actor, tuple[Part, ...]], ends: int = 1000, **settings: object) -> Scenario:
    """A bare scenario of these people, one back channel of a minute's delay, and a street."""
    quiet = backchannel("quiet", *PEOPLE, delay=1)
    calendar = Calendar(datetime(2024, 1, 1), "UTC")
    channels = (quiet, public(*PEOPLE, id="street"))
    return Scenario("ties", "Ties", calendar, ends, PEOPLE, channels=channels, cast=cast, **settings)  # type: ignore[arg-type]


def meeting_at_one_minute(naps: list[int], tie_seed: int | None = None) -> tuple[Entry, ...]:
    """Everybody comes to minute 100 by naps of its own length, and speaks up there."""

    def speaker(nap: int) -> Part:
        def part(seat):
            while seat.now + nap < 100:
                yield from seat.pause(nap)
            yield from seat.pause(until=100)
            seat.announce(f"speech-of-{seat.actor}", "speech", due=seat.now)

        return part

    cast = {actor: (speaker(nap),) for actor, nap in zip(PEOPLE, naps, strict=False)}
    return play(stage(cast), Prior(0), tie_seed=tie_seed).entries


@given(st.lists(st.integers(1, 99), min_size=2, max_size=5))
def test_in_one_minute_actors_act_in_the_order_of_their_names(naps: list[int]) -> None:
    laws.acts_in_named_order(meeting_at_one_minute(naps))


def test_a_tie_seed_shuffles_the_order_and_nothing_else() -> None:
    orders = set()
    for tie_seed in range(20):
        entries = meeting_at_one_minute([1, 2, 3, 4, 5], tie_seed)
        assert sorted(x.event.by for x in entries) == ["amy", "bea", "kim", "lou", "zed"]
        orders.add(tuple(x.event.by for x in entries))
    assert len(orders) > 5


def test_within_a_minute_givens_come_before_deliveries_acts_and_deadlines() -> None:
    zed, amy, kim = PEOPLE[:3]
    log = []

    def offers(seat):
        yield from seat.pause(99)
        seat.say(amy, "hello", via=quiet)
        yield from seat.pause(1)
        log.append("act")

    def hears(seat):
        yield from seat.hear(e.Said, until=100)
        log.append("heard")

    def waits(seat):
        yield from seat.hear(e.Agreed, until=100)
        log.append("deadline")
        assert seat.view.last(e.Happened) is None, "a given takes a minute to be known"

    quiet = backchannel("quiet", *PEOPLE, delay=1)
    staged = stage({zed: (offers,), amy: (hears,), kim: (waits,)}, givens=(Given("rain", 100, 100),))
    entries = play(staged, Prior(0)).entries
    assert log == ["heard", "act", "deadline"]
    assert [(x.minute, x.event.name) for x in entries] == [(99, "said"), (100, "happened")]


@pytest.mark.parametrize(("late", "outcome"), [(0, "rejected"), (1, "lapsed")])
def test_an_answer_in_the_minute_of_the_deadline_counts(late: int, outcome: str) -> None:
    zed, amy = PEOPLE[:2]
    quiet = backchannel("quiet", *PEOPLE, delay=1)

    def offers(seat):
        seat.offer(amy, Truce.DAY, via=quiet, until=50)
        yield from seat.pause()

    def answers(seat):
        offer = yield from seat.hear(e.Offered)
        yield from seat.pause(until=50 + late)
        if seat.view.standing("offer", offer.offer) and seat.now <= offer.until:
            seat.reject(offer)

    calendar = Calendar(datetime(2024, 1, 1), "UTC")
    staged = Scenario("t", "T", calendar, 99, (*PEOPLE, ANN), channels=(quiet,), cast={zed: (offers,), amy: (answers,)})
    assert [x.event.name for x in play(staged, Prior(0)).entries] == ["offered", outcome]
