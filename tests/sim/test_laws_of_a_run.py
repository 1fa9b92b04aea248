"""Laws 1, 2, 8, 10 and the order of the log, on generated stories."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from negosim.core import events as e
from negosim.sim.chance import Imposing, Imposition, Prior
from negosim.sim.play import play
from negosim.testing import laws
from negosim.testing.stories import Story, example, scenario, stories
from negosim.testing.watching import watch

seeds = st.integers(0, 10_000)


@given(stories(), seeds)
def test_state_is_the_fold_of_the_log_after_every_entry(story: Story, seed: int) -> None:
    laws.fold_matches(watch(scenario(story), Prior(seed)))


@given(stories(), seeds)
def test_no_message_is_lost_or_doubled(story: Story, seed: int) -> None:
    laws.every_message_ends_once(watch(scenario(story), Prior(seed)))


@given(stories(), seeds)
def test_a_view_is_the_fold_of_the_entries_that_reached_it(story: Story, seed: int) -> None:
    laws.views_are_folds(watch(scenario(story), Prior(seed)))


@given(stories(), seeds)
def test_every_promise_ends_once_and_causes_come_first(story: Story, seed: int) -> None:
    entries = play(scenario(story), Prior(seed)).entries
    laws.every_promise_ends_once(entries)
    laws.every_address_is_asked_once(entries)
    laws.causes_precede(entries)


@given(stories(), seeds, st.data())
def test_nothing_changed_nothing_changes(story: Story, seed: int, data: st.DataObject) -> None:
    """A record is imposed on fresh chance; the world that is left repeats it, imposing nothing."""
    staged = scenario(story)
    documented = [x for x in play(staged, Prior(seed, run=1)).entries if isinstance(x.event, e.Chose)]
    picked = data.draw(st.lists(st.sampled_from(documented), max_size=3, unique=True)) if documented else []
    impositions = tuple(
        Imposition(x.event.address, x.event.taken, max(x.minute - 30, 0), x.minute + 30) for x in picked
    )
    replay = play(staged, Imposing(impositions, Prior(seed)))
    if replay.failed_imposition is None:
        laws.logs_agree(replay.entries, play(staged, replay.world, ()).entries)
        taken = {x.event.address: x.event.taken for x in replay.entries if isinstance(x.event, e.Chose)}
        assert all(taken[one.address] == one.chose for one in impositions)


@given(stories(), seeds)
def test_a_run_stopped_early_is_a_prefix(story: Story, seed: int) -> None:
    staged = scenario(story)
    whole = play(staged, Prior(seed)).entries
    early = play(staged, Prior(seed), until=staged.ends // 2).entries
    laws.logs_agree([x for x in whole if x.minute <= staged.ends // 2], early)


@given(stories(), seeds, st.integers(0, 99))
def test_a_shuffle_of_ties_keeps_every_law(story: Story, seed: int, tie_seed: int) -> None:
    shuffled = watch(scenario(story), Prior(seed), tie_seed=tie_seed)
    laws.fold_matches(shuffled)
    laws.every_message_ends_once(shuffled)
    laws.causes_precede(shuffled.run.entries)


def test_a_run_leaves_nothing_to_the_garbage_collector() -> None:
    told = scenario(example())
    gc.collect()
    gc.disable()
    try:
        for seed in range(3):
            play(told, Prior(seed))
            play(told, Prior(seed), until=200)
        assert gc.collect() == 0
    finally:
        gc.enable()
