"""How often documented decisions are reached in time, and chosen as documented given that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.lab.replay import scoring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.lab.ensembles.ensemble import Played
    from negosim.record.model import Record
    from negosim.sim.chance import Imposition


@frozen(kw_only=True)
class Imposed:
    """One imposed decision, in the order of the record's dates.

    ``reached_in`` counts the replays that asked it in time; ``reached`` is the share of them,
    weighted by the decisions before; ``chosen`` the probability of the documented answer given
    that. ``too_late`` and ``never`` count the other replays.
    """

    fact: str
    address: str
    chose: str
    inferred: bool
    earliest: int
    latest: int
    reached_in: int
    too_late: int
    never: int
    reached: float
    chosen: float


def imposed_lines(
    record: Record, every: Sequence[Imposition], played: Sequence[Played]
) -> tuple[Imposed, ...]:
    """Each imposed decision with its share reached in time and chosen given that."""
    return tuple(
        Imposed(
            fact=one.fact,
            address=one.address,
            chose=one.chose,
            inferred=record.fact(one.fact).kind == "inferred",
            earliest=one.earliest,
            latest=one.latest,
            reached_in=step.reached_in,
            too_late=step.too_late,
            never=step.never,
            reached=step.reached,
            chosen=step.chosen,
        )
        for one, step in zip(every, scoring.steps([run.met for run in played]), strict=True)
    )
