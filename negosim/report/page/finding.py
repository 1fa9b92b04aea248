"""A study in one sentence: the finding, its strength and its condition, never stronger than they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negosim.lab.answers import WhatIf


def finding(answer: WhatIf) -> str:
    """The answer in one sentence, from its numbers alone."""
    if answer.refused or not answer.outcomes:
        return f"No answer: {answer.refused or 'no outcome was asked about'}."
    one = answer.outcomes[0]
    given = "the record's decisions and outcomes" if answer.facts else "the record's decisions"
    low, high = one.range
    least, most = one.effect_range
    said = f"{one.what.rstrip('.')}: in {_many(low, high)} with the change, {one.factual:.0%} without it"
    if one.low <= 0 <= one.high or least <= 0 <= most:
        strength = "a difference these numbers do not show"
    else:
        strength = f"{'more' if one.effect > 0 else 'less'} often under every assumption tried"
    if one.depends_on:
        strength += f", which depends on {one.depends_on[0]}"
    return f"{said}; {strength}, given {given}."


def _many(low: float, high: float) -> str:
    if f"{low:.0%}" == f"{high:.0%}":
        return f"{low:.0%} of the model's histories"
    return f"{low:.0%} to {high:.0%} of the model's histories"
