"""What ``whatif`` answers: outcomes without and with a change, one pair of courses, conditions."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.inference.estimates import Estimate
    from negosim.record import Record
    from negosim.sim.chance import World
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario

Json: TypeAlias = dict[str, Any]
Settled: TypeAlias = Literal["settled", "rough", "not settled"]
"""``rough``: a half-width above the precision asked for; ``not settled``: above .1, or an interval
of both signs that is wider than .2."""


@frozen(kw_only=True)
class OutcomeAnswer:
    """One outcome without and with the change: probabilities with their 95 % intervals.

    ``fixed``: without the change the evidence already decides it, so ``without`` is no estimate;
    ``fixed_by`` names the facts and decisions that do. ``pn`` is the probability of necessity
    given the record: in the worlds with the record's outcome, how often the change undoes it.
    ``independent`` is the difference where the two courses share no noise at decisions that the
    change altered (the other end of what cannot be identified).
    """

    name: str
    what: str
    documented: bool
    without: Estimate
    with_change: Estimate
    difference: Estimate
    settled: Settled
    fixed: bool = False
    fixed_by: tuple[str, ...] = ()
    pn: Estimate | None = None
    independent: Estimate | None = None

    def to_json(self) -> Json:
        """One entry of ``outcomes``."""
        return {
            "name": self.name,
            "what": self.what,
            "documented": self.documented,
            "factual": self.without.mean,
            "counterfactual": self.with_change.mean,
            "effect": self.difference.mean,
            "low": self.difference.low,
            "high": self.difference.high,
            "factual_interval": [self.without.low, self.without.high],
            "counterfactual_interval": [self.with_change.low, self.with_change.high],
            "settled": self.settled,
            "fixed": self.fixed,
            "presupposed_by": list(self.fixed_by),
            "pn_record": self.pn and self.pn.mean,
            "independent_effect": self.independent and self.independent.mean,
        }


@frozen(kw_only=True)
class Assumption:
    """One guess of the story's author and what the answer owes to it.

    ``name`` is the address of a preference weight (``government.weight[danger]``), ``note`` the
    author's reason for it. ``halved`` is the difference that the first outcome would have with
    half of the weight, to first order, ``halved_interval`` its 95 %; ``slope`` is the derivative of
    the difference by the weight's logarithm.
    """

    name: str
    actor: str
    attribute: str
    note: str
    slope: float
    halved: float
    halved_interval: tuple[float, float]

    @classmethod
    def of(
        cls, actor: str, attribute: str, note: str, difference: float, slope: Estimate
    ) -> Assumption:
        """What half of a weight makes of the difference, to first order, kept between -1 and 1."""
        halved, low, high = (
            min(max(difference - log(2) * by, -1.0), 1.0)
            for by in (slope.mean, slope.high, slope.low)
        )
        return cls(
            name=f"{actor}.weight[{attribute}]",
            actor=actor,
            attribute=attribute,
            note=note,
            slope=slope.mean,
            halved=halved,
            halved_interval=(low, high),
        )


@frozen(kw_only=True)
class Conditions:
    """Under what an answer holds.

    ``ess`` effective draws from ``n`` Worlds played twice, of a posterior on ``islands``;
    ``decisions`` and ``facts`` are the items conditioned on, ``failing`` those that hold in no draw,
    ``left_out`` those that were left out. ``reached`` is the weighted share of worlds in which the
    change took hold, ``already`` the share in which what is forced was chosen anyway, ``affected``
    the share in which anything differs; ``plausibility`` the probability the model gave to the
    forced answers (mean, 10 % and 90 % points), None for other changes.
    """

    n: int
    islands: int
    ess: float
    pareto_k: float | None
    seed: int
    decisions: tuple[str, ...]
    facts: tuple[str, ...]
    failing: tuple[str, ...]
    left_out: tuple[str, ...]
    reached: float
    already: float
    affected: float
    plausibility: tuple[float, float, float] | None
    manifest: Mapping[str, Any]


@frozen(kw_only=True)
class Pair:
    """One posterior world twice: the course without the change and the course with it.

    ``scenario`` has the words for their moves, ``record`` those of the facts that the first bears
    out (None for a scenario in memory). It is the heaviest world in which the first outcome goes
    the likelier way. ``parted`` are the first entries that differ; None where nothing does.
    """

    factual: tuple[Entry, ...]
    counterfactual: tuple[Entry, ...]
    parted: tuple[Entry | None, Entry | None] | None
    scenario: Scenario
    record: Record | None = None
    world: World | None = None
    changes: tuple[Change, ...] = ()


@frozen(kw_only=True)
class WhatIfResult(Shown):
    """An answer with its conditions (law 12); ``outcomes`` begin with the one asked about.

    ``refused`` says why there is no answer, which item starves it and what would help.
    """

    scenario: str
    question: str
    asks: str
    changes: tuple[str, ...]
    calendar: Calendar
    outcomes: tuple[OutcomeAnswer, ...]
    assumptions: tuple[Assumption, ...]
    pair: Pair | None
    conditions: Conditions
    precision: float
    refused: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader must know before the figures."""
        conditions, warnings = self.conditions, []
        if conditions.already > 0:
            warnings.append(
                f"in {_share(conditions.already)} of simulated courses the actor chose what is forced anyway"
            )
        if conditions.failing:
            warnings.append(f"no simulated course bears out {', '.join(conditions.failing)}")
        if conditions.left_out:
            warnings.append(f"not conditioned on: {', '.join(conditions.left_out)}")
        if conditions.reached < 0.99:
            warnings.append(f"the change takes hold in {_share(conditions.reached)} of simulated courses")
        return tuple(warnings)

    def to_json(self) -> Json:
        """The document that ``whatif --json`` prints; without outcomes where there is no answer."""
        conditions = self.conditions
        return {
            "note": NOTE,
            "scenario": self.scenario,
            "question": self.question,
            "asks": self.asks,
            "changes": list(self.changes),
            "n": conditions.n,
            "islands": conditions.islands,
            "ess": conditions.ess,
            "pareto_k": conditions.pareto_k,
            "reached": conditions.reached,
            "already_taken": conditions.already,
            "affected": conditions.affected,
            "plausibility": conditions.plausibility and list(conditions.plausibility),
            "precision": self.precision,
            "refused": self.refused or None,
            "warnings": list(self.warnings),
            "evidence": {
                "decisions": list(conditions.decisions),
                "facts": list(conditions.facts),
                "failing": list(conditions.failing),
                "left_out": list(conditions.left_out),
            },
            "outcomes": [] if self.refused else [outcome.to_json() for outcome in self.outcomes],
            "assumptions": [
                {
                    "name": assumption.name,
                    "note": assumption.note,
                    "slope": assumption.slope,
                    "halved": assumption.halved,
                    "halved_interval": list(assumption.halved_interval),
                }
                for assumption in (() if self.refused else self.assumptions)
            ],
            "first_divergence": self._divergence(),
            "manifest": dict(conditions.manifest),
        }

    def _divergence(self) -> Json | None:
        if self.pair is None or self.pair.parted is None:
            return None
        names = ("factual", "counterfactual")
        return {
            name: entry and self._entry(entry) for name, entry in zip(names, self.pair.parted, strict=True)
        }

    def _entry(self, entry: Entry) -> Json:
        event = entry.event
        document: Json = {
            "index": entry.index, "at": self.calendar.iso(entry.minute), "event": event.name, "by": event.by,
        }  # fmt: skip
        address = getattr(event, "address", None)
        if address is not None:
            document |= {"address": address, "taken": getattr(event, "taken", None)}
        return document


def _share(value: float) -> str:
    """A share in percent that never reads as none or all when it is not."""
    return "under 1 %" if 0 < value < 0.01 else "over 99 %" if 0.99 < value < 1 else f"{100 * value:.0f} %"
