"""What became of each fact and each imposed decision, as lines of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from negosim.core import events as e
from negosim.inference.conformance import happened
from negosim.lab.replay import scoring
from negosim.lab.replay.results import FactLine, Imposed, Share
from negosim.record.matching import window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from negosim.inference.evidence import Fed
    from negosim.lab.ensembles.ensemble import Played
    from negosim.record.model import Fact, Record
    from negosim.sim.chance import Imposition
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story

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


@frozen
class Lines:
    """What it takes to say what became of each fact."""

    story: Story
    run: Run
    imposed: Sequence[Imposed]
    shares: Mapping[str, Foreseen]
    clusters: Mapping[str, int]

    def line(self, fact: Fact) -> FactLine:
        """One fact's line."""
        why = self.story.scenario.explanations.get(fact.id, "")
        plain = FactLine.of(fact.id, fact.kind, "background", fact.what, fact.span)
        if fact.background:
            return plain
        if fact.decisions:
            return self._imposed(fact, evolve(plain, why=why))
        if fact.id in self.shares:
            return self._unfed(fact, evolve(plain, why=why))
        if fact.kind == "given":
            at = next((x.minute for x in self.run.entries if _is_given(x.event, fact)), None)
            return evolve(plain, status="given", at=at, hit=at is not None if fact.event else None)
        return plain

    def _imposed(self, fact: Fact, plain: FactLine) -> FactLine:
        own = [one for one in self.imposed if one.fact == fact.id]
        minutes = [one.at for one in self.run.asked if one.fact == fact.id and one.how == "imposed"]
        reached = chosen = 1.0
        for one in own:
            reached, chosen = reached * one.reached, chosen * one.chosen
        return evolve(
            plain, status="inferred" if fact.kind == "inferred" else "imposed",
            at=min(minutes, default=None), hit=len(minutes) == len(own), reached=reached,
            chosen=chosen, reached_in=min(one.reached_in for one in own),
        )  # fmt: skip

    def _unfed(self, fact: Fact, plain: FactLine) -> FactLine:
        fed, (model, random, blind) = self.shares[fact.id]
        found = happened(fact, self.story.scenario, self.run.entries)
        return evolve(
            plain, status=scoring.status_of(model, random, blind), at=found.at, hit=found.hit,
            share=model, random=random, blind=blind, low=scoring.lead(model, random, blind), fed=fed,
            cluster=self.clusters.get(fact.id), window=_window(fact),
        )  # fmt: skip


def _window(fact: Fact) -> tuple[int | None, int | None] | None:
    """From when to when an unfed fact's events are looked for; None where it expects none."""
    spans = [window(one, fact.tolerance) for one in fact.expect if not one.absent]
    if not spans:
        return None
    earliest, latest = [one.earliest for one in spans], [one.latest for one in spans]
    return (
        None if None in earliest else min(one for one in earliest if one is not None),
        None if None in latest else max(one for one in latest if one is not None),
    )


def shares_of(
    fed: Sequence[Fed], ahead: Sequence[Chosen]
) -> dict[str, Foreseen]:
    """Each unfed fact's shares under the three ways to choose, with the number of decisions fed."""
    found = {}
    for feeding, chosen in zip(fed, ahead, strict=True):
        for place, fact in enumerate(feeding.facts):
            model, random, blind = (
                scoring.share_of(
                    [one.weight for one in played],
                    [bool(one.hits) and one.hits[place] for one in played],
                )
                for played in chosen
            )
            found[fact.id] = (len(feeding.impositions), (model, random, blind))
    return found


def _is_given(event: e.Event, fact: Fact) -> bool:
    return isinstance(event, e.Happened) and event.what == fact.event
