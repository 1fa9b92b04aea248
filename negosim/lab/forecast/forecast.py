"""``forecast``: what was likely from a date on. Rung 1; with changes, rung 2.

The record up to the date is imposed, what comes after is fresh chance: never the chance of the
real history, so no forecast says what would have happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, frozen

from negosim.core.errors import BadValue
from negosim.inference.conditioning import nothing_left
from negosim.inference.estimates import NORMAL_95, mean_of
from negosim.inference.evidence import impositions, record_until
from negosim.inference.policies import Blind
from negosim.inference.pool import Pool
from negosim.inference.weights import NONE_OF_N, effective_size
from negosim.lab.forecast.continuation import play_tasks, task_of
from negosim.lab.forecast.scoring import After, score
from negosim.sim.chance import Imposing, Prior
from negosim.sim.play import play
from negosim.stories.intervention_syntax import check_together, unused
from negosim.stories.manifest import sources_digest
from negosim.stories.preregistration import Standing, is_hindcast
from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.core.time import Calendar
    from negosim.inference.pool import Progress
    from negosim.lab.forecast.continuation import Ahead, Gone
    from negosim.lab.forecast.scoring import Scores
    from negosim.sim.interventions import Change
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome
    from negosim.stories.result import Json

BASELINES = ("model", "random", "blind")


@frozen
class Likely:
    """One outcome's probability and its 95 % Monte Carlo interval."""

    name: str
    what: str
    probability: float
    low: float
    high: float


@frozen
class Forecast(Shown):
    """What was likely from a minute on.

    ``scores`` by who forecasts: model and baselines; None where no run of it got through the
    record so far. There are none with a change, which makes another world than the documented.
    """

    scenario: str
    calendar: Calendar
    begins: int
    n: int
    ess: float
    hindcast: bool
    changes: tuple[str, ...]
    outcomes: tuple[Likely, ...]
    scores: dict[str, Scores | None]
    standing: Standing
    manifest: dict[str, Any]

    def to_json(self) -> Json:
        """The document that ``forecast --json`` prints."""
        return {
            "note": NOTE,
            "scenario": self.scenario,
            "from": self.calendar.iso(self.begins),
            "n": self.n,
            "ess": self.ess,
            "rung": 2 if self.changes else 1,
            "changes": list(self.changes),
            "hindcast": self.hindcast,
            "outcomes": [asdict(one) for one in self.outcomes],
            "scores": {name: one and asdict(one) for name, one in self.scores.items()},
            "standing": self.standing.to_json(),
            "manifest": self.manifest,
        }


def forecast(
    story: Story, begins: int, outcomes: Sequence[Outcome], changes: tuple[Change, ...] = (), *,
    n: int = 1000, seed: int = 0, jobs: int = 2, executor: Executor | None = None, progress: Progress | None = None,
) -> Forecast:  # fmt: skip
    """What was likely from minute ``begins`` on, given the record up to it.

    Raises BadValue for a minute outside the scenario or changes that contradict each other,
    NegosimError when no run gets through the record so far, UnusedChange when a change takes hold
    in none.
    """
    record, calendar = story.documented, story.scenario.calendar
    check_together(changes, story.scenario)
    if not 0 <= begins < story.scenario.ends:
        raise BadValue(
            f"{calendar.iso(begins)} lies outside {story.scenario.name}, which runs from {calendar.iso(0)} "
            f"to {calendar.iso(story.scenario.ends)}"
        )
    fed = impositions(record_until(record, begins))
    after = None if changes else After.of(record, begins)
    base = evolve(task_of(story, seed, fed, [one.target for one in outcomes]), changes=changes, after=after)
    tasks = [base]
    with Pool(jobs, executor, progress) as pool:
        if after is not None and after.events:
            free = evolve(base, impositions=(), expected=(), after=None, shares=True)
            shown = play_tasks([free], min(n, 200), pool)[0]
            blind = Blind.of([choice for run in shown for choice in run.shares])
            tasks += [evolve(base, chooser="random"), evolve(base, chooser=blind)]
        played = play_tasks(tasks, n, pool)
    model = [run for run in played[0] if run.weight]
    if not model:
        raise nothing_left(story.scenario.name)
    for place, change in enumerate(changes):
        if not any(run.consulted[place] for run in model):
            raise unused(change, len(model), [name for run in model for name in run.asked])
    scores = _scores(story, base, after, played) if after is not None and after.events else {}
    return Forecast(
        story.scenario.name, story.scenario.calendar, begins, n, effective_size([run.weight for run in model]),
        is_hindcast(story, begins), tuple(map(str, changes)),
        tuple(_likely(one, played[0], place) for place, one in enumerate(outcomes)), scores, Standing.of(story),
        {"negosim": sources_digest(), "story": story.digest, "seed": seed, "n": n},
    )  # fmt: skip


def _scores(
    story: Story, base: Ahead, after: After, played: Sequence[Sequence[Gone]]
) -> dict[str, Scores | None]:
    """The scores of the model, and of all that forecast without it."""
    first, count = len(base.expected), len(after.events)
    scores: dict[str, Scores | None] = {}
    for name, runs in zip(BASELINES, played, strict=True):
        alive = any(run.weight for run in runs)
        shares = [_share(runs, first + place)[0] for place in range(count)] if alive else ()
        scores[name] = score(shares, after.events) if shares else None
    likeliest = max(range(len(played[0])), key=lambda number: played[0][number].weight)
    past = play(story.scenario, Imposing(base.impositions, Prior(base.seed, likeliest)))
    scores["persistence"] = score(after.persistence(), after.events)
    scores["repetition"] = score(after.repetition(story.documented, past), after.events)
    return scores


def _share(runs: Sequence[Gone], place: int) -> tuple[float, float]:
    alive = [run for run in runs if run.weight]
    found = mean_of([run.weight for run in alive], [float(run.hits[place]) for run in alive])
    return found.mean, found.se


def _likely(outcome: Outcome, runs: Sequence[Gone], place: int) -> Likely:
    """A share with its interval; where all or none hit, what so many draws can exclude."""
    mean, se = _share(runs, place)
    limit = min(NONE_OF_N / effective_size([run.weight for run in runs if run.weight]), 1.0)
    low = 1 - limit if mean >= 1 else max(mean - NORMAL_95 * se, 0.0)
    high = limit if mean <= 0 else min(mean + NORMAL_95 * se, 1.0)
    return Likely(outcome.id, outcome.target.what, min(mean, 1.0), low, high)
