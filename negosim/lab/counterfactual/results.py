"""What ``whatif`` answers, as frozen values, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.inference.causation import Causation
    from negosim.stories.result import Json

SIGN = 0.02
"""An effect smaller than this has no sign."""


@frozen
class Variant:
    """The same question under another assumption: its worth, and each outcome without and with."""

    name: str
    ess: float
    factual: tuple[float, ...]
    counterfactual: tuple[float, ...]


@frozen
class Causes:
    """Necessity and sufficiency over ``n`` free runs, and the bounds without a mechanism."""

    n: int
    pn: float | None
    ps: float | None
    pns: float
    pn_bounds: tuple[float, float] | None
    ps_bounds: tuple[float, float] | None
    pns_bounds: tuple[float, float]
    within_bounds: bool = True

    @classmethod
    def of(cls, found: Causation, n: int) -> Causes:
        """From the free runs' triples."""
        table = found.table
        return cls(
            n,
            found.pn.mean if found.pn else None,
            found.ps.mean if found.ps else None,
            found.pns.mean,
            (table.pn.low, table.pn.high) if table.pn else None,
            (table.ps.low, table.ps.high) if table.ps else None,
            (table.pns.low, table.pns.high),
            found.within_bounds,
        )


@frozen
class Episode:
    """How much chance is distinct in an episode: paths, and independent ancestors of its noise.

    ``least`` and ``typical``: the effective number of ancestors at the address where they are
    fewest, and at the median address, of those asked in at least half of the Worlds.
    """

    paths: int
    least: float | None
    typical: float | None


@frozen
class Answer:
    """One outcome without and with the change.

    ``effect`` is with minus without; ``low`` and ``high`` its 95 % Monte Carlo interval,
    ``weights_low`` and ``weights_high`` its 10 to 90 % interval over preference weights.
    ``pn_record``: of the Worlds that share the record's outcome, the share in which it goes; None
    where none does. ``variants`` are (assumption, without, with). ``presupposed_by``: where it
    happens in every World without the change, the imposed decisions that were only asked after it,
    and the facts that say the same: it was put in, not found.
    """

    name: str
    what: str
    happened: bool
    factual: float
    counterfactual: float
    effect: float
    low: float
    high: float
    weights_low: float | None
    weights_high: float | None
    pn_record: float | None
    causes: Causes | None
    variants: tuple[tuple[str, float, float], ...]
    presupposed_by: tuple[str, ...] = ()

    @property
    def range(self) -> tuple[float, float]:
        """The smallest and the largest probability with the change, over all variants."""
        shares = [self.counterfactual, *(twin for _, _, twin in self.variants)]
        return min(shares), max(shares)

    @property
    def effect_range(self) -> tuple[float, float]:
        """The smallest and the largest effect over all variants."""
        effects = [self.effect, *(twin - here for _, here, twin in self.variants)]
        return min(effects), max(effects)

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The assumptions under which the answer crosses one half or its effect changes sign.

        Last, the preference weights, where the effect's interval over them holds both signs.
        """
        crossing = tuple(
            name
            for name, here, twin in self.variants
            if (twin > 0.5) != (self.counterfactual > 0.5) or _sign(twin - here) * _sign(self.effect) < 0
        )
        if self.weights_low is None or self.weights_high is None or not self.weights_low < 0 < self.weights_high:
            return crossing
        return (*crossing, "preference weights")

    def to_json(self) -> Json:
        """One entry of ``outcomes``."""
        causes = self.causes
        return {
            "name": self.name,
            "what": self.what,
            "documented": self.happened,
            "range": list(self.range),
            "effect_range": list(self.effect_range),
            "depends_on": list(self.depends_on),
            "presupposed_by": list(self.presupposed_by),
            "factual": self.factual,
            "counterfactual": self.counterfactual,
            "effect": self.effect,
            "low": self.low,
            "high": self.high,
            "weights_low": self.weights_low,
            "weights_high": self.weights_high,
            "pn_record": self.pn_record,
            "pn": causes and causes.pn,
            "ps": causes and causes.ps,
            "pns": causes and causes.pns,
            "bounds": causes
            and {
                "n": causes.n, "hold": causes.within_bounds,
                "pn": causes.pn_bounds, "ps": causes.ps_bounds, "pns": causes.pns_bounds,
            },
            "variants": [
                {"name": name, "factual": here, "counterfactual": twin} for name, here, twin in self.variants
            ],
        }  # fmt: skip


def _sign(effect: float) -> int:
    return 0 if abs(effect) < SIGN else 1 if effect > 0 else -1


@frozen
class WhatIf(Shown):
    """An answer with its conditions; see the design's law 12.

    ``worlds`` of ``n`` replays got through, on ``islands`` that never met, worth ``ess``.
    ``asked_in``: the Worlds in which the
    change took hold; ``already`` the weighted share in which what is forced was taken anyway;
    ``affected`` the share in which anything at all differs. ``left_out`` are facts that no
    replay bears out often enough to be conditioned on. ``refused`` says why there is no answer.
    """

    scenario: str
    question: str
    asks: str
    changes: tuple[str, ...]
    calendar: Calendar
    n: int
    worlds: int
    islands: int
    ess: float
    pareto_k: float | None
    asked_in: int
    already: float
    affected: float
    decisions: tuple[str, ...]
    facts: tuple[str, ...]
    left_out: tuple[str, ...]
    outcomes: tuple[Answer, ...]
    variants: tuple[Variant, ...]
    addresses: Mapping[str, Mapping[str, float]]
    parted: tuple[Entry | None, Entry | None] | None
    episodes: Mapping[str, Episode]
    false_alarms: float
    refused: str
    manifest: Mapping[str, Any]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader must know before the figures."""
        found = []
        if self.already > 0:
            found.append(f"what is forced was taken anyway in {self.already:.0%} of the worlds")
        if self.left_out:
            found.append(f"not conditioned on, since hardly any replay bears it out: {', '.join(self.left_out)}")
        if self.asked_in < self.worlds:
            found.append(f"asked in {self.asked_in} of {self.worlds} worlds")
        return tuple(found)

    def to_json(self) -> Json:
        """The document that ``whatif --json`` prints; without outcomes where there is no answer."""
        return {
            "note": NOTE,
            "scenario": self.scenario,
            "question": self.question,
            "asks": self.asks,
            "changes": list(self.changes),
            "n": self.n,
            "worlds": self.worlds,
            "islands": self.islands,
            "ess": self.ess,
            "pareto_k": self.pareto_k,
            "asked_in": self.asked_in,
            "already_taken": self.already,
            "affected": self.affected,
            "refused": self.refused or None,
            "warnings": list(self.warnings),
            "evidence": {
                "decisions": list(self.decisions), "facts": list(self.facts), "left_out": list(self.left_out),
            },
            "outcomes": [] if self.refused else [one.to_json() for one in self.outcomes],
            "measures": [],
            "addresses": {kind: dict(shares) for kind, shares in self.addresses.items()},
            "first_divergence": self._divergence(),
            "episodes": {
                name: {"paths": one.paths, "ancestors": one.typical, "least_ancestors": one.least}
                for name, one in self.episodes.items()
            },
            "false_alarms": self.false_alarms,
            "variants": [{"name": one.name, "ess": one.ess} for one in self.variants],
            "manifest": dict(self.manifest),
        }  # fmt: skip

    def _divergence(self) -> Json | None:
        if self.parted is None:
            return None
        names = ("factual", "counterfactual")
        return {name: entry and self._entry(entry) for name, entry in zip(names, self.parted, strict=True)}

    def _entry(self, entry: Entry) -> Json:
        event = entry.event
        found: Json = {
            "index": entry.index, "at": self.calendar.iso(entry.minute), "event": event.name, "by": event.by,
        }  # fmt: skip
        address = getattr(event, "address", None)
        return found if address is None else {**found, "address": address, "taken": getattr(event, "taken", None)}
