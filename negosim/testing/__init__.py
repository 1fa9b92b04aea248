"""For tests of negosim and of scenarios: strategies, given/when/then, stories, and the laws.

    given(offer).when(move).then(*events)      rules as sentences (``given``)
    events(), moves(), histories()             anything the core can hold (``strategies``)
    stories(), scenario(story)                 small scenarios from plain data (``stories``)
    watch(scenario, chance)                    a run with the lid off (``watching``)
    fold_matches(watched), ...                 the laws of a run (``laws``) and of two (``twins``)
"""

from negosim.testing.given import given, view_of
from negosim.testing.laws import (
    LawBroken,
    acts_in_named_order,
    causes_precede,
    every_address_is_asked_once,
    every_message_ends_once,
    every_promise_ends_once,
    fold_matches,
    logs_agree,
    views_are_folds,
)
from negosim.testing.stories import Step, Story, example, scenario, stories, with_strangers
from negosim.testing.strategies import events, histories, moves
from negosim.testing.twins import (
    differences_have_causes,
    prefix_untouched,
    same_noise,
    secrets_hold,
)
from negosim.testing.watching import Watched, watch

__all__ = [
    "LawBroken",
    "Step",
    "Story",
    "Watched",
    "acts_in_named_order",
    "causes_precede",
    "differences_have_causes",
    "events",
    "every_address_is_asked_once",
    "every_message_ends_once",
    "every_promise_ends_once",
    "example",
    "fold_matches",
    "given",
    "histories",
    "logs_agree",
    "moves",
    "prefix_untouched",
    "same_noise",
    "scenario",
    "secrets_hold",
    "stories",
    "view_of",
    "views_are_folds",
    "watch",
    "with_strangers",
]
