"""What became of each fact and each imposed decision, as lines of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from negosim.lab.replay import scoring
from negosim.lab.replay.results import Imposed, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.lab.ensembles.ensemble import Played
    from negosim.record.model import Record
    from negosim.sim.chance import Imposition

Foreseen: TypeAlias = tuple[int, tuple[Share | None, Share | None, Share | None]]
"""How many decisions were fed before a fact, and its shares: model, random choice, blind."""


@frozen(kw_only=True)
class Chosen:
    """The runs of one ensemble under each of the three ways to choose."""

    model: tuple[Played, ...]
    random: tuple[Played, ...]
    blind: tuple[Played, ...]

    def __iter__(self) -> Iterator[tuple[Played, ...]]:
        return iter((self.model, self.random, self.blind))


def imposed_lines(
    record: Record, every: Sequence[Imposition], played: Sequence[Played]
) -> tuple[Imposed, ...]:
    """Each imposed decision with its share reached in time and chosen given that."""
    return tuple(
        Imposed(
            one.fact, one.address, one.chose, record.fact(one.fact).kind == "inferred",
            one.earliest, one.latest, step.reached_in, step.too_late, step.never,
            step.reached, step.chosen,
        )
        for one, step in zip(every, scoring.steps([run.met for run in played]), strict=True)
    )  # fmt: skip
