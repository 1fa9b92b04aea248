"""``forecast``: what was likely from a date on. Rung 1; with changes, rung 2.

The record up to the date is imposed, what comes after is fresh chance: never the chance of the
real history, so no forecast says what would have happened.
"""

from __future__ import annotations

import json
from math import fsum, log
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, frozen

from negosim.core.errors import NotFound
from negosim.lab.ahead import play_tasks, task_of
from negosim.lab.answers import NOTE
from negosim.lab.baselines import Blind
from negosim.lab.effects import mean_of
from negosim.lab.feeding import impositions, record_until, unfed
from negosim.lab.manifest import sources_digest
from negosim.lab.scores import effective
from negosim.lab.shown import Shown
from negosim.lab.worlds import nothing_left

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from negosim.core.time import Calendar
    from negosim.lab.ahead import Gone
    from negosim.lab.ensembles import Tell
    from negosim.lab.library import Story
    from negosim.lab.questions import Outcome
    from negosim.lab.results import Json
    from negosim.record.model import Fact
    from negosim.sim.changes import Change

FREEZE = "freeze.json"
SURE = 0.98
"""What persistence gives to what it expects."""


@frozen
class Likely:
    """One outcome's probability and its 95 % Monte Carlo interval."""

    name: str
    what: str
    probability: float
    low: float
    high: float


@frozen
class Scores:
    """Brier and logarithmic score of the documented events and non-events after the date."""

    facts: int
    brier: float
    log: float


@frozen
class Forecast(Shown):
    """What was likely from a minute on. ``scores`` by who forecasts: model and baselines."""

    scenario: str
    calendar: Calendar
    begins: int
    n: int
    ess: float
    hindcast: bool
    changes: tuple[str, ...]
    outcomes: tuple[Likely, ...]
    scores: dict[str, Scores]
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
            "scores": {name: asdict(one) for name, one in self.scores.items()},
            "manifest": self.manifest,
        }


def forecast(
    story: Story, begins: int, outcomes: Sequence[Outcome], changes: tuple[Change, ...] = (), *,
    n: int = 1000, seed: int = 0, jobs: int = 2, executor: Executor | None = None, tell: Tell | None = None,
) -> Forecast:  # fmt: skip
    """What was likely from minute ``begins`` on, given the record up to it.

    Raises NegosimError when no run gets through the record so far.
    """
    record = story.documented
    fed = impositions(record_until(record, begins))
    later = tuple(fact for fact in unfed(record) if (fact.span.earliest or 0) >= begins)
    base = evolve(task_of(story, seed, fed, (*(one.target for one in outcomes), *later)), changes=changes)
    tasks = [base]
    if later and not changes:
        free = evolve(base, impositions=(), expected=(), shares=True)
        shown = play_tasks([free], min(n, 200), jobs=jobs, executor=executor)[0]
        blind = Blind.of([choice for run in shown for choice in run.shares])
        tasks += [evolve(base, chooser="random"), evolve(base, chooser=blind)]
    played = play_tasks(tasks, n, jobs=jobs, executor=executor, tell=tell)
    model = [run for run in played[0] if run.weight]
    if not model:
        raise nothing_left(story.scenario.name)
    scores = {}
    for name, runs in zip(("model", "random", "blind"), played, strict=False):
        if later and not changes and any(run.weight for run in runs):
            scores[name] = score([_share(runs, len(outcomes) + place)[0] for place in range(len(later))])
    if later and not changes:
        scores["persistence"] = score([persistent(fact) for fact in later])
        scores["repetition"] = score([1 - persistent(fact) for fact in later])
    return Forecast(
        story.scenario.name, story.scenario.calendar, begins, n, effective([run.weight for run in model]),
        is_hindcast(story, begins), tuple(map(str, changes)),
        tuple(_likely(one, played[0], place) for place, one in enumerate(outcomes)), scores,
        {"negosim": sources_digest(), "story": story.digest, "seed": seed, "n": n},
    )  # fmt: skip


def _share(runs: Sequence[Gone], place: int) -> tuple[float, float]:
    alive = [run for run in runs if run.weight]
    found = mean_of([run.weight for run in alive], [float(run.hits[place]) for run in alive])
    return found.mean, found.se


def _likely(outcome: Outcome, runs: Sequence[Gone], place: int) -> Likely:
    mean, se = _share(runs, place)
    return Likely(outcome.id, outcome.target.what, mean, max(mean - 1.96 * se, 0.0), min(mean + 1.96 * se, 1.0))


def score(shares: Sequence[float]) -> Scores:
    """The scores of probabilities given to what did happen; none is counted below 1 - SURE."""
    least = 1 - SURE
    return Scores(
        len(shares),
        fsum((1 - share) ** 2 for share in shares) / len(shares),
        fsum(log(max(share, least)) for share in shares) / len(shares),
    )


def persistent(fact: Fact) -> float:
    """What "nothing changes" gives to a fact: a silence is expected, an event is not."""
    return SURE if fact.expect and all(pattern.absent for pattern in fact.expect) else 1 - SURE


# ── the freeze ──────────────────────────────────────────────────────────────────────────────────


def freeze(story: Story, date: str) -> Path:
    """Write down what the model is on a date, so that later tuning shows; the file.

    Raises BadValue when the date is none.
    """
    story.scenario.calendar.at(date)
    path = story.folder / FREEZE
    document = {"digest": story.digest, "date": date, "model": snapshot(story)}
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def frozen_model(story: Story) -> dict[str, Any]:
    """The freeze beside a story. Raises NotFound when there is none."""
    path = story.folder / FREEZE
    if not path.is_file():
        raise NotFound("freeze", str(path))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def is_hindcast(story: Story, begins: int) -> bool:
    """Whether the model could have been shaped by what came after: not frozen, or frozen later."""
    try:
        return begins < story.scenario.calendar.at(frozen_model(story)["date"])
    except NotFound:
        return True


def snapshot(story: Story) -> dict[str, str]:
    """The parts of a model that could be tuned, by name: weights, delays, menus, kinds."""
    scenario, found = story.scenario, {}
    for actor, priors in scenario.weights.items():
        for name, prior in priors.items():
            found[f"weight {actor}.{name}"] = f"{prior.mean} +- {prior.sd}"
    for decision in scenario.decisions:
        stem = f"{decision.actor}.{decision.name}"
        pace = decision.pace
        found[f"delay {stem}"] = getattr(pace, "__qualname__", repr(pace))
        rows = [f"{answer.slug}: {sorted(option.reasons)}" for answer, option in decision.menu.items()]
        found[f"menu {stem}"] = "; ".join(rows)
    for fact in story.record.facts if story.record else ():
        found[f"kind {fact.id}"] = "background" if fact.background else fact.kind
    return found


def tuned(story: Story) -> tuple[str, ...]:
    """What has been changed since the freeze, in words. Raises NotFound without a freeze."""
    before, now = frozen_model(story)["model"], snapshot(story)
    names = dict.fromkeys((*before, *now))
    return tuple(
        f"{name}: {before.get(name, 'nothing')} -> {now.get(name, 'nothing')}"
        for name in names
        if before.get(name) != now.get(name)
    )
