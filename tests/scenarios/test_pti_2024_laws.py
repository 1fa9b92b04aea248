"""The story keeps the laws, not only the small stories made for them."""

from __future__ import annotations

import pytest

from negosim import load
from negosim.core import events as e
from negosim.sim.chance import Prior
from negosim.sim.interventions import Decide
from negosim.testing import laws, twins
from negosim.testing.watching import Watched, watch

SCENARIO = load("pti-2024").scenario


@pytest.mark.parametrize("seed", range(6))
def test_a_free_run_keeps_the_laws(seed: int) -> None:
    watched = watch(SCENARIO, Prior(seed))
    laws.fold_matches(watched)
    laws.views_are_folds(watched)
    laws.every_message_ends_once(watched)
    laws.every_promise_ends_once(watched.run.entries)
    laws.every_address_is_asked_once(watched.run.entries)
    laws.causes_precede(watched.run.entries)


@pytest.mark.parametrize("seed", range(6))
def test_its_twins_differ_by_the_change_alone(seed: int) -> None:
    real = watch(SCENARIO, Prior(seed))
    for choice in chosen(real)[seed % 3 :: 4]:
        other = next(name for name in choice.alternatives if name != choice.taken)
        change = Decide(choice.address, other)
        twin = watch(SCENARIO, real.run.world, (change,))
        twins.same_noise(real, twin)
        twins.prefix_untouched(real.run.entries, twin.run.entries, choice.address)
        twins.secrets_hold(real, twin, (choice.by,))
        twins.differences_have_causes(real, twin, (choice.address,))


def chosen(real: Watched) -> list[e.Chose]:
    return [x.event for x in real.run.entries if isinstance(x.event, e.Chose) and len(x.event.alternatives) > 1]
