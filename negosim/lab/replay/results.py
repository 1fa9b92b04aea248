"""What the lab answers, as plain frozen values: a replay, a check.

Minutes are of the scenario's calendar; probabilities and shares lie in 0..1, scores are sums of
natural logarithms. ``to_json`` writes times as ISO 8601 with offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import asdict, field, frozen

from negosim.core.time import Calendar
from negosim.stories.result import Shown

if TYPE_CHECKING:
    from negosim.record.dates import Span

Status: TypeAlias = Literal[
    "given", "imposed", "inferred", "followed", "mostly-fed", "weak", "missed", "background"
]
Json: TypeAlias = dict[str, Any]

UNFED: tuple[Status, ...] = ("followed", "mostly-fed", "weak", "missed")
"""The statuses of facts that were not fed, best first."""


@frozen
class Share:
    """A weighted share of an ensemble, its standard error, and the sample size it is worth."""

    mean: float
    se: float
    ess: float


@frozen
class Score:
    """A score of the model beside the two baselines; None where no replay got through."""

    model: float
    random: float | None
    blind: float | None
    se: float = 0.0


@frozen
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


@frozen
class FactLine:
    """One fact of the record and what became of it.

    ``at`` is the minute at which it happened in the draw shown, or came nearest to it; ``hit``
    whether it happened there as documented. Imposed facts have ``reached`` and ``chosen``
    (products over their decisions) and ``reached_in``; unfed ones their predictive ``share``
    beside both baselines, ``low`` (the 95 % lower bound of share minus the larger baseline),
    the number of decisions ``fed`` before it, a ``cluster``, and the ``window`` in which it was
    looked for, from its first minute to its last. ``why`` is the scenario's own
    sentence on what it misses.
    """

    id: str
    kind: str
    status: Status
    what: str
    earliest: int | None
    latest: int | None
    at: int | None = None
    hit: bool | None = None
    reached: float | None = None
    chosen: float | None = None
    reached_in: int | None = None
    share: Share | None = None
    random: Share | None = None
    blind: Share | None = None
    low: float | None = None
    fed: int | None = None
    cluster: int | None = None
    why: str = ""
    window: tuple[int | None, int | None] | None = None

    @property
    def unfed(self) -> bool:
        """Whether the fact had to follow by itself."""
        return self.status in UNFED

    @property
    def baseline(self) -> float | None:
        """The larger of the two baseline shares; None where neither got through."""
        shares = [one.mean for one in (self.random, self.blind) if one is not None]
        return max(shares) if shares else None

    @classmethod
    def of(cls, id: str, kind: str, status: Status, what: str, span: Span, **rest: Any) -> FactLine:
        """A line for a fact whose date is ``span``."""
        return cls(id, kind, status, what, span.earliest, span.latest, **rest)


@frozen
class TargetLine:
    """One target, and the share of free runs that hit it."""

    id: str
    what: str
    model: float
    random: float
    blind: float


@frozen
class Targets:
    """The targets in ``n`` free runs; ``mean`` is the mean number hit in a run."""

    n: int
    lines: tuple[TargetLine, ...]
    mean: Score


@frozen
class Alarm:
    """Unrecorded events in one cell that the record covers completely, per replay."""

    event: str
    channel: str
    earliest: int | None
    latest: int | None
    mean: float


@frozen
class Draw:
    """The replay that is shown: number ``run`` of the ensemble, drawn by its weight.

    ``key`` and ``head`` name it in a store. ``followed`` of ``unfed`` facts happened in it;
    ``least`` to ``most`` is what nine of ten weighted draws have.
    """

    run: int
    key: str
    head: str
    entries: int
    followed: int
    unfed: int
    least: int
    most: int


@frozen
class Replay(Shown):
    """A record replayed ``n`` times against a scenario; see DESIGN's words for every figure.

    ``choice`` sums the log probabilities of the documented decisions, ``timing`` is what weighing
    their dates adds, ``facts_score`` the mean log score of the facts that were not fed.
    ``clusters`` is the number of fact clusters among them. ``alarms`` sum to ``false_alarms``.
    """

    scenario: str
    title: str
    calendar: Calendar
    n: int
    seed: int
    until: int
    ess: float
    draw: Draw
    facts: tuple[FactLine, ...]
    imposed: tuple[Imposed, ...]
    choice: Score
    timing: float
    timing_se: float
    facts_score: Score
    clusters: int
    alarms: tuple[Alarm, ...]
    targets: Targets
    scenario_digest: str
    record_digest: str = field(default="")

    @property
    def false_alarms(self) -> float:
        """Unrecorded events per replay where the record claims to be complete."""
        return sum(one.mean for one in self.alarms)

    @property
    def surprises(self) -> tuple[Imposed, ...]:
        """The imposed decisions, the least expected first."""
        return tuple(sorted(self.imposed, key=lambda one: one.chosen))

    def count(self, status: Status) -> int:
        """How many facts have this status."""
        return sum(one.status == status for one in self.facts)

    def to_json(self) -> Json:
        """The document that ``replay --json`` prints."""
        when = self.calendar.iso
        return {
            "scenario": self.scenario,
            "title": self.title,
            "run": self.draw.key,
            "head": self.draw.head,
            "n": self.n,
            "seed": self.seed,
            "until": when(self.until),
            "ess": self.ess,
            "entries": self.draw.entries,
            "draw": {
                "run": self.draw.run,
                "followed": self.draw.followed,
                "unfed": self.draw.unfed,
                "least": self.draw.least,
                "most": self.draw.most,
            },
            "facts": [_fact(one, self.calendar) for one in self.facts],
            "imposed": [
                {**asdict(one), "earliest": when(one.earliest), "latest": when(one.latest)}
                for one in self.imposed
            ],
            "choice_score": _score(self.choice),
            "timing_score": self.timing,
            "timing_se": self.timing_se,
            "fact_score": _score(self.facts_score),
            "clusters": self.clusters,
            "false_alarms": self.false_alarms,
            "alarms": [
                {**asdict(one), "earliest": _when(one.earliest, self.calendar),
                 "latest": _when(one.latest, self.calendar)}
                for one in self.alarms
            ],
            "targets": {
                "n": self.targets.n,
                "mean": _score(self.targets.mean),
                "targets": [asdict(one) for one in self.targets.lines],
            },
            "scenario_digest": self.scenario_digest,
            "record_digest": self.record_digest,
        }  # fmt: skip


def _fact(one: FactLine, calendar: Calendar) -> Json:
    return {
        "id": one.id,
        "kind": one.kind,
        "status": one.status,
        "what": one.what,
        "at": _when(one.at, calendar),
        "hit": one.hit,
        "earliest": _when(one.earliest, calendar),
        "latest": _when(one.latest, calendar),
        "reached": one.reached,
        "reached_in": one.reached_in,
        "chosen": one.chosen,
        "share": one.share and one.share.mean,
        "share_se": one.share and one.share.se,
        "share_ess": one.share and one.share.ess,
        "baseline_share": one.baseline,
        "random_share": one.random and one.random.mean,
        "blind_share": one.blind and one.blind.mean,
        "low": one.low,
        "fed": one.fed,
        "cluster": one.cluster,
        "window": one.window and [_when(minute, calendar) for minute in one.window],
        "why": one.why,
    }


def _score(one: Score) -> Json:
    return {"model": one.model, "se": one.se, "random": one.random, "blind": one.blind}


def _when(minute: int | None, calendar: Calendar) -> str | None:
    return None if minute is None else calendar.iso(minute)


# ── check ───────────────────────────────────────────────────────────────────────────────────────


