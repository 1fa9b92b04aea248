"""``forecast``: what was likely from a date on, given the record up to it. Rung 1; with changes, rung 2.

The filter takes in what the record had settled by the date; its particles go on with fresh chance,
never with that of the real history: so no forecast says what would have happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, frozen

from negosim.core.errors import BadValue
from negosim.inference.estimates import Estimate, certain
from negosim.inference.pool import Pool
from negosim.lab.forecast.continuation import BATCH, Continuation, continued
from negosim.lab.forecast.naive import Past
from negosim.lab.forecast.scoring import CELLS, After, score
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.sim.play import play
from negosim.stories.intervention_syntax import check_together, unused
from negosim.stories.manifest import sources_digest
from negosim.stories.preregistration import ModelHistory, is_after_the_events
from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.core.time import Calendar
    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.posterior import Posterior
    from negosim.inference.pool import Progress
    from negosim.lab.forecast.continuation import Ending
    from negosim.lab.forecast.scoring import Scores
    from negosim.sim.interventions import Change
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome
    from negosim.stories.result import Json

N = 400
"""Particles of a forecast, unless said otherwise."""
RANDOM_ISLANDS = 4
"""Islands under random choice, which is a yardstick only."""


@frozen(kw_only=True)
class Likely:
    """How probable an outcome was: without and, where there are changes, with them.

    ``known``: its window was over by the date, so that the record has the answer and no estimate
    is needed. ``happened`` is the record's answer, None where it has none. ``difference`` is
    paired: the same particles, with and without.
    """

    name: str
    what: str
    share: Estimate
    known: bool = False
    happened: bool | None = None
    changed: Estimate | None = None
    difference: Estimate | None = None

    def to_json(self) -> Json:
        """One entry of ``outcomes``: what was likely, with the changes where there are some."""
        share = self.share if self.changed is None else self.changed
        document: Json = {
            "name": self.name, "what": self.what, "probability": share.mean, "low": share.low,
            "high": share.high, "known": self.known, "happened": self.happened,
        }  # fmt: skip
        if self.difference is not None:
            document |= {
                "without": self.share.mean, "difference": self.difference.mean,
                "difference_interval": [self.difference.low, self.difference.high],
            }  # fmt: skip
        return document


@frozen(kw_only=True)
class Forecast(Shown):
    """What was likely from a minute on; the clock of the story ends at ``ends``.

    ``scores`` by who forecasts: the model, actors who choose at random, and forecasters who know
    no model (see ``scoring``). There are none with a change, which makes another world than the
    documented one. ``failing`` are items of the record so far that hold in no particle.
    """

    scenario: str
    calendar: Calendar
    begins: int
    ends: int
    n: int
    ess: float
    after_the_events: bool
    changes: tuple[str, ...]
    outcomes: tuple[Likely, ...]
    scores: dict[str, Scores]
    failing: tuple[str, ...]
    model_history: ModelHistory
    manifest: dict[str, Any]

    def to_json(self) -> Json:
        """The document that ``forecast --json`` prints."""
        return {
            "note": NOTE,
            "scenario": self.scenario,
            "from": self.calendar.iso(self.begins),
            "until": self.calendar.iso(self.ends),
            "n": self.n,
            "ess": self.ess,
            "rung": 2 if self.changes else 1,
            "changes": list(self.changes),
            "after_the_events": self.after_the_events,
            "outcomes": [outcome.to_json() for outcome in self.outcomes],
            "scores": {name: asdict(scores) for name, scores in self.scores.items()},
            "failing": list(self.failing),
            "standing": self.model_history.to_json(),
            "manifest": self.manifest,
        }


def forecast(
    story: Story, begins: int, outcomes: Sequence[Outcome], changes: tuple[Change, ...] = (), *,
    n: int = N, seed: int = 0, jobs: int = 2, store: Store | None = None,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Forecast:  # fmt: skip
    """What was likely from minute ``begins`` on, given the record up to it.

    ``n`` particles, on at least eight islands; a ``store`` keeps them for the next question. Raises
    BadValue for a minute outside the scenario or changes that contradict each other, UnusedChange
    when a change takes hold in no particle.
    """
    check_together(changes, story.scenario)
    _check_date(story, begins)
    after = None if changes else After.of(story.documented, begins)
    islands, size = in_islands(n)
    with Pool(jobs, executor, progress) as pool:
        pool.expect(1 + islands + islands * size // BATCH + RANDOM_ISLANDS)
        conditioned = Conditioned(
            story=story,
            evidence=Evidence(until=begins),
            seed=seed,
            pool=pool,
            store=store,
            size=size,
        )
        guide = conditioned.guide()
        posterior = conditioned.posterior(islands, guide)
        task = Continuation(tuple(outcomes), changes, after)
        endings = continued(story.ref, task, posterior.draws, pool)
        scores = {}
        if after is not None and after.events:
            scores = _scores(conditioned, guide, posterior, endings, after)
    _check_used(changes, endings)
    came = [[float(ending.came[place]) for ending in endings] for place in range(len(outcomes))]
    return Forecast(
        scenario=story.scenario.name,
        calendar=story.scenario.calendar,
        begins=begins,
        ends=story.scenario.ends,
        n=len(endings),
        ess=posterior.effective(came),
        after_the_events=is_after_the_events(story, begins),
        changes=tuple(map(str, changes)),
        outcomes=tuple(
            _likely(outcome, place, begins, posterior, endings)
            for place, outcome in enumerate(outcomes)
        ),
        scores=scores,
        failing=posterior.failing,
        model_history=ModelHistory.of(story),
        manifest={"negosim": sources_digest(), "story": story.digest, "seed": seed, "n": n},
    )


def _scores(
    conditioned: Conditioned, guide: Guide, posterior: Posterior, endings: Sequence[Ending], after: After
) -> dict[str, Scores]:
    """How good the forecast was, beside random choice and forecasts without a model."""
    story, evidence = conditioned.story, conditioned.evidence
    random = evolve(conditioned, evidence=evolve(evidence, random=True))
    yardstick = random.posterior(RANDOM_ISLANDS, guide)
    task = Continuation((), after=after, random=True)
    theirs = continued(story.ref, task, yardstick.draws, conditioned.pool)
    return {
        "model": _scored(posterior, endings, after),
        "random": _scored(yardstick, theirs, after),
        **_without_model(story, after, posterior),
    }


def _check_date(story: Story, begins: int) -> None:
    scenario = story.scenario
    if not 0 <= begins < scenario.ends:
        calendar = scenario.calendar
        raise BadValue(
            f"{calendar.iso(begins)} lies outside {scenario.name}, which runs from {calendar.iso(0)} "
            f"to {calendar.iso(scenario.ends)}"
        )


def _check_used(changes: Sequence[Change], endings: Sequence[Ending]) -> None:
    for place, change in enumerate(changes):
        if not any(ending.took_hold[place] for ending in endings):
            raise unused(change, len(endings), [name for ending in endings for name in ending.addresses])


def _likely(
    outcome: Outcome, place: int, begins: int, posterior: Posterior, endings: Sequence[Ending]
) -> Likely:
    came = [ending.came[place] for ending in endings]
    known = outcome.known_after < begins
    share = certain(float(outcome.happened)) if known else posterior.share(came)
    happened = outcome.happened if outcome.documented else None
    likely = Likely(name=outcome.id, what=outcome.target.what, share=share, known=known, happened=happened)
    if not endings[0].changed:
        return likely
    changed = [ending.changed[place] for ending in endings]
    difference = [float(there - here) for here, there in zip(came, changed, strict=True)]
    return evolve(likely, changed=posterior.share(changed), difference=posterior.estimate(difference))


def _scored(posterior: Posterior, endings: Sequence[Ending], after: After) -> Scores:
    """The scores of what the particles go on to do."""

    def share(hits: Sequence[bool]) -> float:
        return posterior.mean([float(hit) for hit in hits]).mean

    shares = [share(column) for column in zip(*(ending.later for ending in endings), strict=True)]
    dates = [
        [share([place == cell for place in column]) for cell in range(len(CELLS))]
        for column in zip(*(ending.cells for ending in endings), strict=True)
    ]
    return score(shares, after.events, dates)


def _without_model(story: Story, after: After, posterior: Posterior) -> dict[str, Scores]:
    """The scores of those who forecast from the record alone, as the likeliest particle tells it."""
    likeliest = max(posterior.draws, key=lambda draw: draw.log_weight)
    past = Past.of(story.documented, after.begins, play(story.scenario, likeliest.world, until=after.begins))
    foretold = {
        "persistence": past.persistence(after), "repetition": past.repetition(after),
        "base rates": past.base_rates(after),
    }  # fmt: skip
    return {name: score(shares, after.events, dates) for name, (shares, dates) in foretold.items()}
