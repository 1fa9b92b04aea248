"""Causes of small models in which it is known what an outcome hung on."""

from __future__ import annotations

from datetime import datetime

import pytest

from negosim import Actor, Calendar, Scenario, public
from negosim.core.errors import BadValue, NegosimError, UnusedChange
from negosim.lab.counterfactual.causes import causes
from negosim.stories.in_memory import in_memory

ANN = Actor("ann", "Ann")


def asked(part, about, evidence=(), do=(), **how):
    scenario = Scenario(
        name="small", title="A small model", calendar=Calendar(datetime(2024, 1, 1), "UTC"), ends=500, actors=(ANN,),
        channels=(public(),), cast={ANN: (part,)},
    )  # fmt: skip
    story, question, (outcome,) = in_memory(scenario, evidence, do, about)
    return causes(story, outcome, question, n=16, jobs=1, **how)


def stones(seat):
    """Sally's stone comes first; Billy's hits only where hers did not (Halpern 2016, 2.3)."""
    yield from seat.pause(1)
    sally = seat.chance("throws", "sally", 900_000)
    billy = seat.chance("throws", "billy", 900_000)
    if sally or seat.chance("hits", "billy", 1_000_000 if billy else 0):
        seat.happen("shattered")


def stones_that_are_seen_to_hit(seat):
    """The same, where it is asked of Billy's stone in any case whether it hits."""
    yield from seat.pause(1)
    sally = seat.chance("throws", "sally", 900_000)
    billy = seat.chance("throws", "billy", 900_000)
    hits = seat.chance("hits", "billy", 1_000_000 if billy and not sally else 0)
    if sally or hits:
        seat.happen("shattered")


def two_keys(seat):
    """A door opens with two keys; a third matters to nobody."""
    yield from seat.pause(1)
    keys = [seat.chance("turns", key, 600_000) for key in ("first", "second", "third")]
    if keys[0] and keys[1]:
        seat.happen("open")


def by_address(answer):
    return {cause.address: cause for cause in answer.causes}


THROWN = ["nature.throws[sally]=yes", "nature.throws[billy]=yes", "happened shattered"]


def test_both_keys_are_but_for_causes_and_the_third_is_none():
    found = by_address(asked(two_keys, "happened open", "happened open"))
    assert set(found) == {"nature.turns[first]", "nature.turns[second]"}
    for cause in found.values():
        assert cause.alone.mean == cause.cause.mean == cause.responsibility.mean == 1
        assert (cause.taken, cause.instead, cause.held) == ("yes", "no", ())
        assert cause.cause.low < 1


def test_a_cause_that_was_preempted_needs_a_witness_and_counts_half():
    found = by_address(asked(stones_that_are_seen_to_hit, "happened shattered", THROWN))
    assert set(found) == {"nature.throws[sally]"}
    (sally,) = found.values()
    assert (sally.alone.mean, sally.cause.mean, sally.responsibility.mean) == (0, 1, 0.5)
    assert sally.held == ("nature.hits[billy]",)


def test_where_nothing_can_be_held_there_is_no_cause():
    answer = asked(stones, "happened shattered", THROWN)
    assert answer.causes == ()
    assert answer.none_found.mean == 1


def test_what_comes_after_the_outcome_is_no_cause():
    def part(seat):
        yield from two_keys(seat)
        yield from seat.pause(10)
        seat.chance("rain", "later", 500_000)

    assert set(by_address(asked(part, "happened open", "happened open"))) == {"nature.turns[first]", "nature.turns[second]"}


def test_changes_share_their_effect_by_what_they_add_in_every_order():
    shut = [*(f"nature.turns[{key}]=no" for key in ("first", "second")), "no happened open"]
    do = [f"nature.turns[{key}]=yes" for key in ("first", "second", "third")]
    answer = asked(two_keys, "happened open", shut, do)
    assert answer.difference.mean == 1
    assert [round(share.share.mean, 9) for share in answer.shares] == [0.5, 0.5, 0]
    one_shut = asked(two_keys, "happened open", [shut[0], "nature.turns[second]=yes", shut[2]], do)
    assert [round(share.share.mean, 9) for share in one_shut.shares] == [1, 0, 0]


def test_two_questions_about_an_outcome_that_never_comes():
    with pytest.raises(NegosimError, match="came out as documented in none of"):
        asked(two_keys, "happened open", "nature.turns[first]=no")


def test_too_many_changes_and_one_that_takes_hold_nowhere():
    with pytest.raises(BadValue, match="128 combinations"):
        asked(two_keys, "happened open", do=[f"nature.turns[{key}]=yes" for key in "abcdefg"])
    with pytest.raises(UnusedChange, match="did you mean 'nature.turns\\[first\\]'"):
        asked(two_keys, "happened open", "happened open", do="nature.turns[frist]=yes")
