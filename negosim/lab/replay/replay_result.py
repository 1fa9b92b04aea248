"""What ``replay`` answers: the documented history fact by fact, and what the model makes of it.

Minutes are of the scenario's calendar, probabilities lie in 0..1, surprise is in bits:
-log2 of the probability that the model gave to a fact, given all facts settled before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from negosim.stories.result import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.inference.estimates import Estimate

Json: TypeAlias = dict[str, Any]
Status: TypeAlias = Literal["given", "told", "follows", "cannot be produced", "background"]
"""``told``: a decision the model was told; ``follows``: it holds in simulated courses (``reproduced``
says whether in the one shown) although the model was not told; ``cannot be produced``: in none."""


@frozen(kw_only=True)
class ReplayRow:
    """One fact of the record, in its own words, and what the model makes of it.

    ``earliest`` and ``latest`` are the documented dates (None where open). ``surprise_bits`` and
    ``chance_bits`` say how improbable the fact was under the model and with every actor choosing
    at random, given all facts settled before it (None for what is not evidence); ``date_bits`` is
    the part of ``surprise_bits`` that the date of a decision costs. ``reproduced``: whether it
    holds in the course shown; ``simulated_at`` is its minute there, or the nearest minute of
    something like it. ``share`` is the probability that it holds given the whole record.
    ``main``: the record's first source tells it, so that a short screen shows it. ``why`` is the
    author's own sentence on what the model misses; ``unasked`` says why a decision could not be told.
    """

    id: str
    what: str
    kind: str
    status: Status
    certainty: str
    precision: str
    channel: str
    earliest: int | None
    latest: int | None
    silence: bool = False
    main: bool = True
    claimant: str = ""
    surprise_bits: float | None = None
    chance_bits: float | None = None
    date_bits: float | None = None
    reproduced: bool | None = None
    simulated_at: int | None = None
    share: float | None = None
    decisions: tuple[str, ...] = ()
    why: str = ""
    unasked: str = ""

    def to_json(self, calendar: Calendar) -> Json:
        """One entry of ``facts``."""
        return {
            "id": self.id,
            "kind": self.kind,
            "status": self.status,
            "what": self.what,
            "certainty": self.certainty,
            "channel": self.channel or None,
            "silence": self.silence,
            "claimant": self.claimant or None,
            "earliest": _when(self.earliest, calendar),
            "latest": _when(self.latest, calendar),
            "surprise_bits": self.surprise_bits,
            "chance_bits": self.chance_bits,
            "date_bits": self.date_bits,
            "reproduced": self.reproduced,
            "at": _when(self.simulated_at, calendar),
            "share": self.share,
            "decisions": list(self.decisions),
            "why": self.why or self.unasked,
        }


@frozen
class Taught:
    """What the record says of one preference weight: means and standard deviations, in thousandths.

    ``name`` is its address (``government.weight[danger]``). Before is the author's prior, after the
    same given the record.
    """

    name: str
    before: tuple[float, float]
    after: tuple[float, float]

    @property
    def kept(self) -> float:
        """The share of the prior's spread that is left: near 1, the record says nothing of it."""
        return self.after[1] / self.before[1]


@frozen(kw_only=True)
class ReplayResult(Shown):
    """A record replayed: its facts in their order, and one simulated course that bears them out.

    ``evidence_bits`` is the surprise of the whole record, ``chance_bits`` the same with every
    actor choosing at random, ``date_bits`` the part of the first that the dates of decisions
    cost. ``ess`` are the effective draws behind the figures, of ``n`` particles. ``entries`` is
    the log of the course shown; ``recorded`` names the fact that an entry bears out, by index.
    ``broken``: how many runs a mistake of the story ended, by its words. ``typicality``: how much
    less surprising the decisions were than the model itself expects, in standard deviations (see
    ``surprise``). ``matched``: the bits of matched random stories, where they were asked for.
    ``taught``: what the record says of each preference weight.
    """

    scenario: str
    title: str
    calendar: Calendar
    n: int
    seed: int
    until: int
    ess: float
    rows: tuple[ReplayRow, ...]
    evidence_bits: Estimate
    chance_bits: Estimate
    date_bits: float
    run: str
    head: str
    entries: tuple[Entry, ...]
    recorded: Mapping[int, str]
    broken: Mapping[str, int]
    scenario_digest: str
    record_digest: str = ""
    typicality: float = 0.0
    matched: tuple[float, ...] = ()
    taught: tuple[Taught, ...] = ()

    def count(self, status: Status) -> int:
        """How many facts have this status."""
        return sum(row.status == status for row in self.rows)

    @property
    def surprises(self) -> tuple[ReplayRow, ...]:
        """The facts that are evidence, the most surprising first."""
        rows = [row for row in self.rows if row.surprise_bits is not None]
        return tuple(sorted(rows, key=lambda row: -(row.surprise_bits or 0.0)))

    @property
    def bits_saved(self) -> float:
        """How many bits the model is less surprised than chance."""
        return self.chance_bits.mean - self.evidence_bits.mean

    def to_json(self) -> Json:
        """The document that ``replay --json`` prints."""
        return {
            "scenario": self.scenario,
            "title": self.title,
            "run": self.run,
            "head": self.head,
            "n": self.n,
            "seed": self.seed,
            "until": self.calendar.iso(self.until),
            "ess": self.ess,
            "entries": len(self.entries),
            "facts": [row.to_json(self.calendar) for row in self.rows],
            "evidence_bits": self.evidence_bits.mean,
            "evidence_bits_se": self.evidence_bits.se,
            "chance_bits": self.chance_bits.mean,
            "chance_bits_se": self.chance_bits.se,
            "date_bits": self.date_bits,
            "broken": dict(self.broken),
            "typicality": self.typicality,
            "matched_bits": list(self.matched),
            "taught": [
                {"name": lesson.name, "before": list(lesson.before), "after": list(lesson.after)}
                for lesson in self.taught
            ],
            "scenario_digest": self.scenario_digest,
            "record_digest": self.record_digest,
        }


def _when(minute: int | None, calendar: Calendar) -> str | None:
    return None if minute is None else calendar.iso(minute)
