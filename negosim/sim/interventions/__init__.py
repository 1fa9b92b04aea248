"""Interventions: what a counterfactual changes, and how a run is played with it.

Question: what happens if one thing is otherwise? A ``Change`` acts before the run begins on the scenario
(``on_scenario``), the dice (``on_dice``) or the room (``on_room``); Pearl's ``do`` is ``Decide`` (*Causality*,
2009, chapter 3). Read ``change``, then ``choices``, then ``circumstances``.
"""

from negosim.sim.interventions.change import Change, Moment
from negosim.sim.interventions.choices import Decide, SetMechanism, SetWeight, Tilt
from negosim.sim.interventions.circumstances import (
    CloseChannel,
    DelayChannel,
    InsertGiven,
    LeakChannel,
    MoveGiven,
    OpenChannel,
    Recast,
    RemoveActor,
    StrikeGiven,
)

__all__ = [
    "Change",
    "CloseChannel",
    "Decide",
    "DelayChannel",
    "InsertGiven",
    "LeakChannel",
    "Moment",
    "MoveGiven",
    "OpenChannel",
    "Recast",
    "RemoveActor",
    "SetMechanism",
    "SetWeight",
    "StrikeGiven",
    "Tilt",
]
