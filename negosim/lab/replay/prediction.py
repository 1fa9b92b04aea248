"""``replay --predict``: what the model would have said of each fact before its time.

Question: given all that was settled before a fact, how probable was it, and when would it have
come? Estimand: P(item k | items before it), and the law of the minute at which it comes, from the
same filter as the replay, looked at just before the fact is taken in (Dawid 1984).
"""

from __future__ import annotations

from math import exp, inf
from typing import TYPE_CHECKING

from attrs import Factory, define, frozen
from typing_extensions import override

from negosim.inference.conformance import happened
from negosim.inference.filter.island import Island, Observer, log_sum
from negosim.inference.pool import Pool
from negosim.inference.weights import quantile
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.stories.result import Shown

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
    from negosim.stories.result import Json

TAIL = 0.05
"""The share of the probability that an interval of dates leaves out at either end."""


@frozen(kw_only=True)
class Predicted:
    """One fact before its time.

    ``probability`` that it comes as documented, ``earliest`` and ``latest`` the minutes between
    which nine tenths of the simulated courses that have something like it have it (None where none
    has), ``never`` the share of those that do not. ``documented`` is its span in the record.
    """

    fact: str
    what: str
    probability: float
    never: float
    earliest: int | None
    latest: int | None
    documented: tuple[int | None, int | None]


@frozen
class Predictions(Shown):
    """The facts that must follow, in the order in which they were settled."""

    scenario: str
    calendar: Calendar
    n: int
    facts: tuple[Predicted, ...]

    def to_json(self) -> Json:
        """The document that ``replay --predict --json`` prints."""
        iso = self.calendar.iso

        def when(minute: int | None) -> str | None:
            return None if minute is None else iso(minute)

        return {
            "scenario": self.scenario,
            "n": self.n,
            "facts": [
                {
                    "id": fact.fact, "what": fact.what, "probability": fact.probability, "never": fact.never,
                    "predicted": [when(fact.earliest), when(fact.latest)],
                    "documented": [when(minute) for minute in fact.documented],
                }
                for fact in self.facts
            ],
        }  # fmt: skip


def predict(
    story: Story, *, n: int, seed: int = 0, until: int | None = None, jobs: int = 2,
    store: Store | None = None, executor: Executor | None = None, progress: Progress | None = None,
) -> Predictions:  # fmt: skip
    """What the model says of each fact before its time; ``n`` particles, on at least eight islands."""
    islands, size = in_islands(n)
    evidence = Evidence(until=until)
    with Pool(jobs, executor, progress) as pool:
        pool.expect(1 + islands)
        guide = Conditioned(story=story, evidence=evidence, seed=seed, pool=pool, store=store, size=size).guide()
        tasks = [(story.ref, evidence, guide, seed, number, size) for number in range(islands)]
        foresights = [foreseen for part in pool.map_ordered(foresee, tasks) for foreseen in part]
    by_fact: dict[str, list[Foresight]] = {}
    for foresight in foresights:
        by_fact.setdefault(foresight.fact, []).append(foresight)
    facts = {fact.id: fact for fact in story.documented.facts}
    return Predictions(
        story.scenario.name, story.scenario.calendar, islands * size,
        tuple(
            _predicted(fact, facts[fact].what, (facts[fact].span.earliest, facts[fact].span.latest), seen_by_islands)
            for fact, seen_by_islands in by_fact.items()
        ),
    )  # fmt: skip


def _predicted(
    fact: str, what: str, documented: tuple[int | None, int | None], foresights: Sequence[Foresight]
) -> Predicted:
    """Every island's particles together, each island with the weight it had just before."""
    top = max(foresight.log_weight for foresight in foresights)
    shares, holding = [], 0.0
    for foresight in foresights:
        island = exp(foresight.log_weight - top)
        shares += [(minute, island * weight) for minute, weight in foresight.minutes]
        holding += island * foresight.holding
    total = sum(weight for _, weight in shares)
    dated = sorted((minute, weight) for minute, weight in shares if minute is not None)
    coming = sum(weight for _, weight in dated)
    earliest = quantile(dated, TAIL * coming) if coming else None
    latest = quantile(dated, (1 - TAIL) * coming) if coming else None
    return Predicted(
        fact=fact,
        what=what,
        probability=holding / total,
        never=max(1 - coming / total, 0.0),
        earliest=earliest,
        latest=latest,
        documented=documented,
    )


# ── in the workers ──────────────────────────────────────────────────────────────────────────────


@frozen
class Foresight:
    """What one island says of a fact before its time: its weight, minutes with weights, the share that holds."""

    fact: str
    log_weight: float
    minutes: tuple[tuple[int | None, float], ...]
    holding: float


@define
class Foreteller(Observer):
    """Looks at each fact just before it is taken in (see ``Observer``)."""

    island: Island
    foresights: list[Foresight] = Factory(list)

    @override
    def settled(self, due: Sequence[Item], particles: Sequence[Particle], log_weights: Sequence[float]) -> None:
        total = log_sum(log_weights)
        scenario = self.island.conditioning.scenario
        for item in due:
            if item.fact is None or total == -inf:
                continue
            minutes, holding = [], 0.0
            for particle, log_weight in zip(particles, log_weights, strict=True):
                if log_weight > -inf and not particle.broken:
                    weight = exp(log_weight - total)
                    minutes.append((happened(item.fact, scenario, particle.live.room.entries).at, weight))
                    holding += weight * particle.holds[item.name]
            self.foresights.append(Foresight(item.name, total, tuple(minutes), holding))


def foresee(
    ref: StoryRef, evidence: Evidence, guide: Guide, seed: int, number: int, size: int
) -> list[Foresight]:
    """A task: one island, every fact looked at before its time."""
    island = Island(conditioning=evidence.conditioning(ref.load()), guide=guide, seed=seed, number=number, size=size)
    island.observer = foreteller = Foreteller(island)
    island.run()
    return foreteller.foresights
