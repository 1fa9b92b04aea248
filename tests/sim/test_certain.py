"""What is certain, or impossible, is asked of the dice like everything else."""

from __future__ import annotations

from datetime import datetime

import pytest

from negosim import Actor, Calendar, Decide, Prior, Scenario, play, public

ANN = Actor("ann", "Ann")
STREET = public(ANN, id="street")


def scenario(p: int) -> Scenario:
    def part(seat):
        yield from seat.pause(1)
        if seat.chance("rain", "today", p):
            seat.happen("wet")

    return Scenario("rain", "Rain", Calendar(datetime(2024, 1, 1), "UTC"), 10, actors=(ANN,), channels=(STREET,), cast={ANN: (part,)})


@pytest.mark.parametrize(("p", "rains"), [(1_000_000, True), (0, False)])
def test_certain_chances_come_out_so_whatever_the_noise(p, rains):
    for run in range(200):
        played = play(scenario(p), Prior(1, run))
        assert [entry.event.name for entry in played.entries] == (["happened"] if rains else [])


@pytest.mark.parametrize(("p", "instead"), [(1_000_000, "no"), (0, "yes")])
def test_a_certain_chance_can_be_changed(p, instead):
    factual = play(scenario(p), Prior(1))
    twin = play(scenario(p), factual.world, (Decide("nature.rain[today]", instead),))
    assert len(twin.entries) != len(factual.entries)


def test_a_certain_chance_is_among_what_was_asked_with_its_probability():
    (question,) = play(scenario(1_000_000), Prior(1)).asked
    assert (question.address, question.taken, question.p) == ("nature.rain[today]", "yes", 1.0)
