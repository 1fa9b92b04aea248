"""Laws 4, 5, 6 and 13: what may differ between two runs, on generated stories."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from negosim.core import events as e
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide, SetWeight
from negosim.testing import laws, twins
from negosim.testing.stories import Story, scenario, stories, with_strangers
from negosim.testing.watching import watch

seeds = st.integers(0, 10_000)


@st.composite
def twin_runs(draw: st.DrawFn) -> tuple[object, object, Decide, str]:
    """A run, its twin with one decision changed, the change, and whose decision it was."""
    staged = scenario(draw(stories()))
    real = watch(staged, Prior(draw(seeds)))
    choices = [x.event for x in real.run.entries if isinstance(x.event, e.Chose)]
    assume(choices)
    choice = draw(st.sampled_from(choices))
    change = Decide(choice.address, draw(st.sampled_from(choice.alternatives)))
    return real, watch(staged, real.run.world, (change,)), change, choice.by


@given(twin_runs())
def test_a_change_leaves_every_noise_value_as_it_was(pair) -> None:
    real, twin, _, _ = pair
    twins.same_noise(real, twin)


@given(twin_runs())
def test_before_its_onset_a_change_touches_nothing(pair) -> None:
    real, twin, change, _ = pair
    twins.prefix_untouched(real.run.entries, twin.run.entries, change.address)


@given(twin_runs())
def test_equal_views_equal_acts(pair) -> None:
    real, twin, _, changed = pair
    twins.secrets_hold(real, twin, (changed,))


@given(twin_runs())
def test_every_difference_has_a_cause(pair) -> None:
    real, twin, change, _ = pair
    twins.differences_have_causes(real, twin, (change.address,))


@given(twin_runs())
def test_forcing_what_was_chosen_anyway_changes_nothing(pair) -> None:
    real, twin, change, _ = pair
    chosen = next(
        x.event.taken for x in real.run.entries if isinstance(x.event, e.Chose) and x.event.address == change.address
    )
    if chosen == change.alternative:
        laws.logs_agree(real.run.entries, twin.run.entries)
    else:
        assert real.run.entries != twin.run.entries


@given(stories(), seeds, st.integers(-3000, 3000))
def test_another_weight_reaches_others_only_through_what_they_hear(
    story: Story, seed: int, value: int
) -> None:
    staged = scenario(story)
    real, twin = watch(staged, Prior(seed)), watch(staged, Prior(seed), (SetWeight("ann", "pride", value),))
    twins.same_noise(real, twin)
    twins.secrets_hold(real, twin, ("ann",))
    twins.differences_have_causes(real, twin, ("ann",))


@given(stories(), seeds)
def test_irrelevant_additions_are_irrelevant(story: Story, seed: int) -> None:
    """T13: more actors, messages and lost messages that nobody hears leave all noise and acts alone."""
    alone = watch(scenario(story), Prior(seed))
    beside = watch(scenario(with_strangers(story)), Prior(seed))
    twins.same_noise(alone, beside)
    strangers = {"aba", "zoe"}
    rest = [x.event for x in beside.run.entries if not _concerns(x, strangers)]
    assert [x for x in rest if not isinstance(x, e.Lost)] == [
        x.event for x in alone.run.entries if not isinstance(x.event, e.Lost)
    ]


def _concerns(entry: e.Entry, names: set[str]) -> bool:
    return entry.event.by in names or getattr(entry.event, "to", "") in names
