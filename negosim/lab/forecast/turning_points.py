"""``turning_points``: when was it decided? How likely each outcome had become, decision by decision.

After each documented decision, in the order of their dates, the record so far is imposed and the
rest is fresh chance: as many continuations as asked for, each weighed by how probable the model
finds the decisions before it. An outcome turned where its probability moved by more than the
error of both figures.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from negosim.inference.estimates import mean_of
from negosim.inference.evidence import impositions
from negosim.inference.pool import Pool
from negosim.inference.weights import NONE_OF_N, effective_size
from negosim.lab.forecast.continuation import play_ahead, task_of
from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.core.time import Calendar
    from negosim.inference.pool import Progress
    from negosim.lab.forecast.continuation import Ahead, Gone
    from negosim.sim.chance import Imposition
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome
    from negosim.stories.result import Json

MOST = 20
"""Replays per continuation asked for, at most: what the record makes rare is not looked for for ever."""


@frozen
class Became:
    """How likely an outcome had become: probability, its error, and 95 % interval."""

    name: str
    probability: float
    se: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@frozen
class Turn:
    """What was likely just after a documented decision; the first turn stands before any.

    ``earliest`` and ``latest`` are its documented minutes. ``through`` of ``replays`` got so far;
    they are worth ``ess``. ``turned`` are the outcomes that moved by more than the error of both
    figures.
    """

    decision: Imposition | None
    replays: int
    through: int
    ess: float
    outcomes: tuple[Became, ...]
    turned: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address of the decision; empty at the start."""
        return self.decision.address if self.decision else ""

    @property
    def chose(self) -> str:
        """What was decided; empty at the start."""
        return self.decision.chose if self.decision else ""

    @property
    def minute(self) -> int:
        """The latest documented minute of the decision; 0 at the start."""
        return self.decision.latest if self.decision else 0


@frozen
class Turns(Shown):
    """All turns in the order of dates; ``unreached`` are decisions that no replay came to."""

    scenario: str
    calendar: Calendar
    n: int
    seed: int
    outcomes: tuple[Outcome, ...]
    turns: tuple[Turn, ...]
    unreached: tuple[Imposition, ...] = field(default=())

    def to_json(self) -> Json:
        """The document that ``turning-points --json`` prints."""
        return {
            "note": NOTE,
            "scenario": self.scenario,
            "n": self.n,
            "seed": self.seed,
            "outcomes": [
                {"name": one.id, "what": one.target.what, "documented": one.happened} for one in self.outcomes
            ],
            "turns": [self._turn(one) for one in self.turns],
            "unreached": [one.address for one in self.unreached],
        }

    def _turn(self, one: Turn) -> Json:
        decision = one.decision
        return {
            "address": one.address,
            "chose": one.chose,
            "fact": decision.fact if decision else "",
            "from": self.calendar.iso(decision.earliest if decision else 0),
            "by": self.calendar.iso(one.minute),
            "replays": one.replays,
            "through": one.through,
            "ess": one.ess,
            "outcomes": {
                each.name: {
                    "probability": each.probability, "se": each.se, "low": each.low, "high": each.high,
                    "turned": each.name in one.turned,
                }
                for each in one.outcomes
            },
        }  # fmt: skip


def turning_points(
    story: Story, outcomes: Sequence[Outcome], *, n: int = 400, seed: int = 0, jobs: int = 2,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Turns:  # fmt: skip
    """Fork at each documented decision: ``n`` fresh continuations each.

    Where the record so far is rare, fewer: no more than ``MOST`` replays are tried for each.
    Decisions that none of them reaches, and all after the first of those, are ``unreached``.
    """
    fed = impositions(story.documented)
    base = task_of(story, seed, (), [one.target for one in outcomes])
    tasks = [evolve(base, impositions=fed[:count]) for count in range(len(fed) + 1)]
    turns: list[Turn] = []
    with Pool(jobs, executor, progress) as pool:
        played = continuations(tasks, n, pool)
    for count, runs in enumerate(played):
        if not any(run.weight for run in runs):
            break
        turn = _turn(fed[count - 1] if count else None, runs, outcomes)
        turns.append(evolve(turn, turned=_turned(turns[-1], turn)) if turns else turn)
    unreached = fed[max(len(turns) - 1, 0) :]
    return Turns(
        story.scenario.name, story.scenario.calendar, n, seed, tuple(outcomes), tuple(turns), unreached
    )


def continuations(tasks: Sequence[Ahead], n: int, pool: Pool) -> list[list[Gone]]:
    """The replays of each task in run order, up to the n-th that gets through.

    They are played in rounds, each as long as the rounds before let expect; what comes of it does
    not depend on how they are handed out.
    """
    found: list[list[Gone]] = [[] for _ in tasks]
    while wanted := [place for place in range(len(tasks)) if _more(found[place], n)]:
        chunks = [
            (place, *chunk)
            for place in wanted
            for chunk in pool.chunks(len(found[place]), len(found[place]) + _more(found[place], n))
        ]
        work = [(tasks[place], first, count) for place, first, count in chunks]
        for (place, _, _), part in zip(chunks, pool.map_ordered(play_ahead, work), strict=True):
            found[place].extend(part)
    return [_upto(runs, n) for runs in found]


def _more(runs: Sequence[Gone], n: int) -> int:
    """How many replays to play next: as many as the share that got through lets expect."""
    through, left = sum(run.weight > 0 for run in runs), MOST * n - len(runs)
    if through >= n or left <= 0:
        return 0
    if not runs:
        return min(n, left)
    return min(round((n - through) * len(runs) / max(through, 1)), left, 4 * len(runs)) or 1


def _upto(runs: list[Gone], n: int) -> list[Gone]:
    """The runs up to the n-th that got through."""
    through = 0
    for place, run in enumerate(runs, 1):
        through += run.weight > 0
        if through == n:
            return runs[:place]
    return runs


def _turn(decision: Imposition | None, runs: Sequence[Gone], outcomes: Sequence[Outcome]) -> Turn:
    alive = [run for run in runs if run.weight]
    weights = [run.weight for run in alive]
    ess = effective_size(weights)
    became = tuple(
        _became(one.id, weights, [float(run.hits[place]) for run in alive], ess) for place, one in enumerate(outcomes)
    )
    return Turn(decision, len(runs), len(alive), ess, became)


def _became(name: str, weights: Sequence[float], hits: Sequence[float], ess: float) -> Became:
    """The share of hits; where all or none hit, its interval is what so many draws can exclude."""
    share = mean_of(weights, hits)
    limit = min(NONE_OF_N / ess, 1.0)
    low = 1 - limit if share.mean >= 1 else max(share.low, 0.0)
    high = limit if share.mean <= 0 else min(share.high, 1.0)
    return Became(name, min(share.mean, 1.0), share.se, low, high)


def _turned(before: Turn, after: Turn) -> tuple[str, ...]:
    """The outcomes whose probability moved by more than the 95 % error of the difference."""
    return tuple(
        there.name
        for here, there in zip(before.outcomes, after.outcomes, strict=True)
        if abs(there.probability - here.probability) > sqrt(here.half**2 + there.half**2)
    )
