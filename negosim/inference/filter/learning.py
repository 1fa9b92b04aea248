"""Learning a guide from discarded pilots: what the evidence wants of each draw, and through causes.

- *Answers.* Each item is looked at with each choice made before it: where it fares better after one
  answer than after the others, that answer is proposed more often, for this item (a twist). This
  takes no weights, so that a pilot of few particles says much; all pilots count together.
- *Spans.* A delay that the evidence confines is drawn where it ended (a window).
- *Causes.* Where an event came on another day, the log names what it came of: the last delay
  before it is moved so that the event would have come inside its window.

Only what the pilots say clearly is learned: errors of many small twists add up in the weights.
"""

from __future__ import annotations

from collections import defaultdict
from math import exp, inf, sqrt
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from attrs import Factory, define
from typing_extensions import override

from negosim.inference.filter.guide import Guide, Twist, Window
from negosim.inference.filter.island import Observer
from negosim.inference.weights import effective_size
from negosim.record.matching import is_like, window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.events import Entry
    from negosim.inference.filter.dice import Delay
    from negosim.inference.filter.items import Item
    from negosim.inference.filter.particle import Particle
    from negosim.record.model import Pattern

CLEAR = 3.0
"""A twist is learned where an item fares so many standard errors better or worse: many are looked at."""
ANCESTORS_MIN = 8
"""Draws that come of fewer ancestors say nothing."""
WORTH = 0.35
"""Weights worth a smaller share of the particles are drawn towards each other before delays are compared."""
TWIST_MAX = 20.0
"""No answer is proposed more than so many times as often, or as rarely, as in the model."""
CONFINED = 0.85
"""A delay is confined where its span has less than this probability under its law."""
KNOWN = 0.9
"""An item that holds in so large a share needs no window of its own."""
SUPPORT_MIN = 0.01
"""A window that has less probability than this, over all particles, is not learned."""

Weighted: TypeAlias = "Sequence[tuple[Particle, float]]"
Fared: TypeAlias = "dict[str, dict[int, list[float]]]"
"""What an item did to runs, by the answer and by the run that drew it: copies of that run share its answer."""


@define
class Learner(Observer):
    """Looks on while pilots take items in, and makes a guide of what it saw.

    ``fared``: by item and address, what the item did to a run after each answer.
    """

    fared: dict[str, dict[str, Fared]] = Factory(dict)
    spans: dict[str, Window | None] = Factory(dict)
    moved: dict[str, Window] = Factory(dict)

    @override
    def settled(self, due: Sequence[Item], particles: Sequence[Particle], log_weights: Sequence[float]) -> None:
        """Note how the items fared, and move delays where an event came on another day."""
        before = _weighted(particles, log_weights)
        for item in due:
            self._note_answers(item, before)
            if item.fact is not None and _share_holding(item, before) < KNOWN:
                self._learn_from_causes(item, before)
        self._compare_delays(due[-1].name, _tempered(particles))

    def guide(self) -> Guide:
        """What was learned: a window that causes ask for comes before one that only was seen."""
        twists: dict[str, Twist] = {}
        for item, by_address in self.fared.items():
            for address, fared in by_address.items():
                if ratios := _ratios(fared):
                    twists[address] = _both(twists.get(address), Twist(ratios, item))
        spans = {address: span for address, span in self.spans.items() if span is not None}
        return Guide(twists, {**spans, **self.moved})

    # ── answers and spans ────────────────────────────────────────────────────────────────────

    def _note_answers(self, item: Item, before: Weighted) -> None:
        by_address = self.fared.setdefault(item.name, defaultdict(lambda: defaultdict(lambda: defaultdict(list))))
        for particle, _ in before:
            factor = 1.0 if particle.holds[item.name] else exp(item.log_failing)
            for address, free in particle.dice.free_choices.items():
                by_address[address][free.taken][free.drawn_in].append(factor)

    def _compare_delays(self, item: str, after: Weighted) -> None:
        delays: dict[str, dict[int, Delay]] = defaultdict(dict)
        weights: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for particle, weight in after:
            for address, delay in particle.dice.delays.items():
                if delay.ends > delay.asked:
                    delays[address][delay.mark] = delay
                    weights[address][delay.mark] += weight
        for address, by_mark in weights.items():
            size = effective_size(list(by_mark.values()))
            if size >= ANCESTORS_MIN:
                ended = [(delays[address][mark], weight) for mark, weight in by_mark.items()]
                self.spans[address] = _span(ended, item)

    # ── causes ───────────────────────────────────────────────────────────────────────────────

    def _learn_from_causes(self, item: Item, before: Weighted) -> None:
        """For each event that is waited for, move the delay that most of its probability hangs on."""
        for pattern in item.fact.expect if item.fact is not None else ():
            if pattern.absent:
                continue
            votes: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
            for particle, weight in before:
                for vote in _votes(pattern, item, particle):
                    votes[vote.address].append((vote.earliest, vote.latest, weight * vote.mass))
            total = sum(weight for _, weight in before)
            support = {address: sum(weight for _, _, weight in ballots) for address, ballots in votes.items()}
            best = max(support, key=support.__getitem__, default="")
            if best and support[best] > SUPPORT_MIN * total:
                self._move(best, item, votes[best])

    def _move(self, address: str, item: Item, ballots: list[tuple[int, int, float]]) -> None:
        earliest, latest = _median(ballots)
        known = self.moved.get(address)
        if known is not None and max(known.earliest, earliest) <= min(known.latest, latest):
            earliest, latest = max(known.earliest, earliest), min(known.latest, latest)
        if latest >= max(earliest, 0):
            self.moved[address] = Window(max(earliest, 0), latest, item.name)


def _weighted(particles: Sequence[Particle], logs: Sequence[float]) -> list[tuple[Particle, float]]:
    top = max(logs)
    pairs = [(particle, exp(log - top)) for particle, log in zip(particles, logs, strict=True) if not particle.broken]
    return [(particle, weight) for particle, weight in pairs if weight]


def _tempered(particles: Sequence[Particle]) -> list[tuple[Particle, float]]:
    """Particles with weights, drawn towards each other until they are worth enough of them."""
    alive = [particle for particle in particles if particle.log_weight > -inf]
    if not alive:
        return []
    top = max(particle.log_weight for particle in alive)
    power = 1.0
    while True:
        weights = [exp(power * (particle.log_weight - top)) for particle in alive]
        if effective_size(weights) >= min(WORTH * len(particles), len(alive) / 2):
            return list(zip(alive, weights, strict=True))
        power *= 0.8


def _share_holding(item: Item, before: Weighted) -> float:
    total = sum(weight for _, weight in before)
    return sum(weight for particle, weight in before if particle.holds[item.name]) / total if total else 0.0


def _ratios(fared: Fared) -> dict[str, float]:
    """By answer, how much better an item fares after it than on the whole; none where that is not clear."""
    seen = {name: [sum(factors) / len(factors) for factors in by_run.values()] for name, by_run in fared.items()}
    every = [factor for factors in seen.values() for factor in factors]
    if len(every) < ANCESTORS_MIN or len(seen) < 2:
        return {}
    mean = sum(every) / len(every)
    variance = max(sum((factor - mean) ** 2 for factor in every) / len(every), 0.01)

    def is_clear(factors: Sequence[float]) -> bool:
        here, rest = len(factors), len(every) - len(factors)
        apart = sum(factors) / here - (sum(every) - sum(factors)) / rest
        return abs(apart) > CLEAR * sqrt(variance * (1 / here + 1 / rest))

    if not any(map(is_clear, seen.values())):
        return {}
    # drawn towards the whole, as by two more runs
    return {name: (sum(factors) / mean + 2) / (len(factors) + 2) for name, factors in seen.items()}


def _both(one: Twist | None, other: Twist) -> Twist:
    """A twist for two items: the product, within bounds, meant for the later item."""
    before = one.ratios if one is not None else {}
    ratios = {name: before.get(name, 1.0) * other.ratios.get(name, 1.0) for name in {**before, **other.ratios}}
    return Twist({name: min(max(ratio, 1 / TWIST_MAX), TWIST_MAX) for name, ratio in ratios.items()}, other.item)


def _span(ended: Sequence[tuple[Delay, float]], item: str) -> Window | None:
    """Where nearly all of a delay's weight ended, with some room; None where the law is as narrow."""
    ordered = sorted(ended, key=lambda pair: pair[0].ends)
    total = sum(weight for _, weight in ordered)
    inner, reached = [], 0.0
    for delay, weight in ordered:
        reached += weight
        if 0.01 * total <= reached and reached - weight <= 0.99 * total:
            inner.append(delay.ends)
    room = max((inner[-1] - inner[0]) // 8, 20)
    earliest, latest = max(inner[0] - room, 0), inner[-1] + room
    mass = sum(weight * delay.mass_of(earliest, latest) for delay, weight in ordered) / total
    return Window(earliest, latest, item) if mass < CONFINED else None


class _Vote(NamedTuple):
    """A delay, where it has to end for an event to come in time, and how probable that is."""

    address: str
    earliest: int
    latest: int
    mass: float


def _votes(pattern: Pattern, item: Item, particle: Particle) -> Iterator[_Vote]:
    """The last delay before each entry that is like a pattern, moved so that the entry comes in time."""
    tolerance = item.fact.tolerance if item.fact is not None else 0
    span = window(pattern, tolerance)
    first = 0 if span.earliest is None else span.earliest
    last = item.due if span.latest is None else span.latest
    entries, delays = particle.live.room.entries, particle.dice.delays
    ends = {delay.ends: address for address, delay in delays.items() if delay.ends > delay.asked}
    for like in entries:
        if not is_like(pattern, like.event):
            continue
        for entry in ancestors(entries, like.index):
            address = ends.get(entry.minute)
            if address is not None:
                offset = like.minute - entry.minute
                earliest, latest = first - offset, last - offset
                yield _Vote(address, earliest, latest, delays[address].mass_of(earliest, latest))
                break


def ancestors(entries: Sequence[Entry], index: int) -> Iterator[Entry]:
    """An entry and what it came of, the nearest first."""
    seen, queue = {index}, [index]
    for place in queue:
        entry = entries[place]
        yield entry
        for cause in entry.causes:
            if cause not in seen:
                seen.add(cause)
                queue.append(cause)


def _median(ballots: list[tuple[int, int, float]]) -> tuple[int, int]:
    """The weighted median window."""
    ordered = sorted(ballots)
    half = sum(weight for _, _, weight in ordered) / 2
    reached = 0.0
    for earliest, latest, weight in ordered:
        reached += weight
        if reached >= half:
            return earliest, latest
    return ordered[-1][:2]
