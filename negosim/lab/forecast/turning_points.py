"""``turning_points``: when was it decided? How likely each outcome had become, item by item.

The filter takes the record in; each time items have been settled, some of its particles go on with
fresh chance to the end. An outcome turned where its probability moved by more than the error of
both figures.
"""

from __future__ import annotations

from math import hypot, inf, log
from typing import TYPE_CHECKING

from attrs import Factory, define, evolve, frozen
from typing_extensions import override

from negosim.inference.estimates import Estimate, certain, effective, share_of
from negosim.inference.filter.dice import SHARE_MIN
from negosim.inference.filter.island import Island, Observer, log_sum, resampled, weights_of
from negosim.inference.pool import Pool
from negosim.lab.forecast.continuation import outcomes_of
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.sim.chance import World
from negosim.sim.delays import delay_given
from negosim.sim.noise import noise_key, uniform
from negosim.sim.play import play
from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.core.time import Calendar
    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.items import Item
    from negosim.inference.filter.particle import Particle
    from negosim.inference.pool import Progress
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story, StoryRef
    from negosim.stories.questions import Outcome
    from negosim.stories.result import Json

N = 160
"""Continuations after each turn, unless said otherwise."""
PARTICLES = 400
"""Particles of the filter from which they start."""
FOREVER = 10**9
"""Minutes that no delay outlasts."""
RUNS = 5 * 10**8
"""Run numbers from here on, in each island, belong to continuations."""


@frozen
class Became:
    """How likely an outcome had become. ``known``: its window was over, so that the record says it."""

    name: str
    share: Estimate
    known: bool = False


@frozen(kw_only=True)
class Turn:
    """What was likely just after items were settled; the first turn stands before any.

    ``minute`` is that by which they were settled, ``facts`` the facts that they are or belong to,
    ``items`` the addresses and facts themselves. ``ess`` effective draws stand behind it.
    ``turned`` are the outcomes that moved by more than the error of both figures.
    """

    minute: int
    items: tuple[str, ...]
    facts: tuple[str, ...]
    ess: float
    outcomes: tuple[Became, ...]
    turned: tuple[str, ...] = ()


@frozen(kw_only=True)
class Turns(Shown):
    """All turns in the order of dates; ``what`` says what each fact says, by its id."""

    scenario: str
    calendar: Calendar
    n: int
    seed: int
    outcomes: tuple[Outcome, ...]
    turns: tuple[Turn, ...]
    what: dict[str, str]

    def to_json(self) -> Json:
        """The document that ``turning-points --json`` prints."""
        return {
            "note": NOTE,
            "scenario": self.scenario,
            "n": self.n,
            "seed": self.seed,
            "outcomes": [
                {"name": outcome.id, "what": outcome.target.what, "documented": outcome.happened}
                for outcome in self.outcomes
            ],
            "turns": [self._turn(turn) for turn in self.turns],
        }

    def _turn(self, turn: Turn) -> Json:
        return {
            "by": self.calendar.iso(turn.minute),
            "items": list(turn.items),
            "facts": list(turn.facts),
            "ess": turn.ess,
            "outcomes": {
                became.name: {
                    "probability": became.share.mean, "se": became.share.se, "low": became.share.low,
                    "high": became.share.high, "known": became.known, "turned": became.name in turn.turned,
                }
                for became in turn.outcomes
            },
        }  # fmt: skip


def turning_points(
    story: Story, outcomes: Sequence[Outcome], *, n: int = N, seed: int = 0, until: int | None = None,
    jobs: int = 2, store: Store | None = None, executor: Executor | None = None,
    progress: Progress | None = None,
) -> Turns:  # fmt: skip
    """How likely each outcome had become, from about ``n`` continuations after each turn.

    ``until`` uses only facts that were over by that minute. A ``store`` keeps the guide for the
    next question. Raises NotFound for a story without record.
    """
    islands, size = in_islands(PARTICLES)
    each = max(-(-n // islands), 1)
    with Pool(jobs, executor, progress) as pool:
        pool.expect(1 + islands)
        evidence = Evidence(until=until)
        guide = Conditioned(story=story, evidence=evidence, seed=seed, pool=pool, store=store, size=size).guide()
        tasks = [(story.ref, evidence, guide, seed, number, size, each, tuple(outcomes)) for number in range(islands)]
        watched = list(pool.map_ordered(watch, tasks))
    by_minute: dict[int, list[Look]] = {}
    for look in (look for looks in watched for look in looks):
        by_minute.setdefault(look.minute, []).append(look)
    turns: list[Turn] = []
    for _, looks in sorted(by_minute.items()):
        turn = _turn(story, looks, outcomes)
        turns.append(evolve(turn, turned=_turned(turns[-1], turn)) if turns else turn)
    what = {fact.id: fact.what for fact in story.documented.facts}
    return Turns(
        scenario=story.scenario.name,
        calendar=story.scenario.calendar,
        n=each * islands,
        seed=seed,
        outcomes=tuple(outcomes),
        turns=tuple(turns),
        what=what,
    )


# ── in the workers ──────────────────────────────────────────────────────────────────────────────


@frozen
class Look:
    """What one island says after a minute: its weight, and which outcomes came in each continuation."""

    minute: int
    items: tuple[str, ...]
    log_weight: float
    came: tuple[tuple[bool, ...], ...]


@define
class Onlooker(Observer):
    """Plays some particles on, each time items have been settled (see ``Observer``)."""

    island: Island
    outcomes: tuple[Outcome, ...]
    each: int
    looks: list[Look] = Factory(list)
    _run: int = RUNS

    def look(self, minute: int, items: tuple[str, ...], particles: Sequence[Particle], logs: Sequence[float]) -> None:
        """Continue ``each`` particles, drawn by weight."""
        logs = [log + _openness(particle, minute) for log, particle in zip(logs, particles, strict=True)]
        if max(logs) == -inf:
            return
        places = resampled(weights_of(logs), self.each, self.island.seed, self._next_run())
        came = tuple(self._continued(particles[place], minute) for place in places)
        self.looks.append(Look(minute, items, log_sum(logs), came))

    def _continued(self, particle: Particle, minute: int) -> tuple[bool, ...]:
        """Which outcomes come where a particle goes on with fresh chance, open questions with it."""
        seed, run = self.island.seed, self._next_run()
        values, key = particle.live.path, noise_key(seed, run)
        for address, delay, _ in particle.dice.still_open():
            fresh = delay_given(delay.law, uniform(key, address, "takes"), minute - delay.asked + 1, FOREVER)
            if fresh is not None:
                values[address, "takes"] = fresh[0]
        scenario = self.island.conditioning.scenario
        return outcomes_of(scenario, self.outcomes, play(scenario, World(seed, run, values)))

    @override
    def settled(self, due: Sequence[Item], particles: Sequence[Particle], log_weights: Sequence[float]) -> None:
        names = tuple(item.name for item in due)
        self.look(due[0].due, names, particles, [particle.log_weight for particle in particles])

    def _next_run(self) -> int:
        self._run += 1
        return self.island.number * 10**9 + self._run


def _openness(particle: Particle, minute: int) -> float:
    """What it does to a weight that a question is only known to be open, as a logarithm.

    When such a question was asked, it was given its documented date, which lies ahead of whoever looks
    on: the probability of that date goes out of the weight, that of being open at the minute comes in.
    """
    change = 0.0
    for _, delay, imposition in particle.dice.still_open():
        dated = delay.mass_of(imposition.earliest, imposition.latest)
        change += log(max(delay.mass_of(minute + 1, FOREVER), SHARE_MIN) / max(dated, SHARE_MIN))
    return change


def watch(
    ref: StoryRef, evidence: Evidence, guide: Guide, seed: int, number: int, size: int, each: int,
    outcomes: tuple[Outcome, ...],
) -> list[Look]:  # fmt: skip
    """A task: one island, looked at before the first item and after each minute that settles some."""
    island = Island(conditioning=evidence.conditioning(ref.load()), guide=guide, seed=seed, number=number, size=size)
    island.observer = onlooker = Onlooker(island, outcomes, each)
    scenario = island.conditioning.scenario
    free = tuple(
        outcomes_of(scenario, outcomes, play(scenario, World(seed, onlooker._next_run()))) for _ in range(each)
    )
    onlooker.looks.append(Look(0, (), log(size), free))
    island.run()
    return onlooker.looks


# ── figures ─────────────────────────────────────────────────────────────────────────────────────


def _turn(story: Story, looks: Sequence[Look], outcomes: Sequence[Outcome]) -> Turn:
    """One turn from what the islands saw; an island weighs what its particles do."""
    first = looks[0]
    by_island = weights_of([look.log_weight for look in looks])
    weights = [weight for weight, look in zip(by_island, looks, strict=True) for _ in look.came]
    groups = [number for number, look in enumerate(looks) for _ in look.came]
    hits = [came for look in looks for came in look.came]
    became = tuple(
        Became(outcome.id, certain(float(outcome.happened)), known=True)
        if outcome.known_after < first.minute
        else Became(outcome.id, share_of(weights, [came[place] for came in hits], groups))
        for place, outcome in enumerate(outcomes)
    )
    rows = [[float(came[place]) for came in hits] for place in range(len(outcomes))]
    addressed = {decision.address: fact.id for fact in story.documented.facts for decision in fact.decisions}
    facts = tuple(dict.fromkeys(addressed.get(name, name) for name in first.items))
    return Turn(
        minute=first.minute,
        items=first.items,
        facts=facts,
        ess=effective(weights, rows, groups),
        outcomes=became,
    )


def _turned(before: Turn, after: Turn) -> tuple[str, ...]:
    """The outcomes whose probability moved by more than the 95 % error of the difference."""
    return tuple(
        there.name
        for here, there in zip(before.outcomes, after.outcomes, strict=True)
        if abs(there.share.mean - here.share.mean) > hypot(here.share.half_width, there.share.half_width)
    )
