"""The posterior of a story given its record: learned, played island by island, kept in the store.

Every verb that conditions on the record asks here. Islands are played in the pool, kept one by
one as they finish, and found again by the next question about the same evidence: so an answer
grows from rough to precise, and what is interrupted is not lost.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from negosim.core.errors import BadValue, StoreError
from negosim.core.values import check_whole
from negosim.inference.evidence import record_until
from negosim.inference.filter.condition import ISLANDS, PILOT, learned
from negosim.inference.filter.file import dump_guide, dump_island, load_guide, load_island
from negosim.inference.filter.island import Island, IslandResult
from negosim.inference.filter.items import items_of
from negosim.inference.filter.particle import Conditioning
from negosim.inference.filter.posterior import Posterior
from negosim.inference.filter.witness import witness
from negosim.inference.policies import Permuted, indifferent
from negosim.sim.noise import check_stream
from negosim.stores.encoding.canonical import canonical
from negosim.stories.manifest import sources_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.island import Draw
    from negosim.inference.pool import Pool
    from negosim.sim.chance import Policy
    from negosim.sim.scenario import Scenario
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story, StoryRef

ISLAND, LARGEST = 50, 200
"""Particles of an island, at most; and where an answer grows."""
SMALLEST = 4
"""And at least."""


def in_islands(n: int) -> tuple[int, int]:
    """How ``n`` particles are divided: the number of islands, at least eight, and the size of each.

    Raises BadValue unless there is one, and no part of one.
    """
    if type(n) is not int or n < 1:
        raise BadValue(f"n is {n!r}; so many courses are to be played: a whole number from 1")
    size = min(ISLAND, max(-(-n // ISLANDS), SMALLEST))
    return max(-(-n // size), ISLANDS), size


def enough_to_grow(n: int) -> int:
    """How many particles let a posterior grow once more than ``n`` do; see ``Conditioned.growing``."""
    _, size = in_islands(n)
    spent = 0
    while not spent or spent + ISLANDS * size <= n:
        spent, size = spent + ISLANDS * size, min(4 * size, LARGEST)
    return max(spent + ISLANDS * size, ISLANDS * ISLAND)


@frozen(kw_only=True)
class Evidence:
    """What a story is conditioned on: its record up to a minute, less some items.

    ``random``: every actor chooses at random instead of by its reasons (the yardstick of
    surprise); ``permuted``: by reasons exchanged among the answers (see ``Permuted``). ``facts``:
    the outcomes and beliefs too, not the decisions alone. ``switches`` turn mechanisms of the story
    on or off; ``scale`` multiplies the standard deviation of every preference weight's prior. Raises
    BadValue for a part of a minute.
    """

    until: int | None = None
    without: tuple[str, ...] = ()
    facts: bool = True
    random: bool = False
    permuted: int | None = None
    switches: tuple[tuple[str, bool], ...] = ()
    scale: float = 1.0

    def __attrs_post_init__(self) -> None:
        check_whole("evidence", until=self.until)

    def conditioning(self, story: Story) -> Conditioning:
        """The model and the items."""
        record = record_until(story.documented, self.until)
        items = items_of(record, story.scenario, without=self.without)
        used = items if self.facts else tuple(item for item in items if item.fact is None)
        if story.is_certain:
            used = tuple(evolve(item, reliability=1.0) for item in used)
        return Conditioning(self._scenario(story), used, self._policy)

    @property
    def _policy(self) -> Policy | None:
        if self.permuted is not None:
            return Permuted(self.permuted)
        return indifferent if self.random else None

    def _scenario(self, story: Story) -> Scenario:
        scenario = story.scenario
        if self.switches:
            scenario = evolve(scenario, mechanisms={**scenario.mechanisms, **dict(self.switches)})
        if self.scale == 1:
            return scenario
        weights = {
            actor: {name: evolve(prior, sd=round(prior.sd * self.scale)) for name, prior in priors.items()}
            for actor, priors in scenario.weights.items()
        }
        return evolve(scenario, weights=weights)

    def manifest(self, story: Story, seed: int, size: int) -> dict[str, Any]:
        """What names the posterior: the same manifest is the same posterior, byte for byte."""
        return {
            "format": 2, "negosim": sources_digest(), "story": story.digest, "seed": seed, "island": size,
            "until": self.until, "without": list(self.without), "facts": self.facts, "random": self.random,
            "permuted": self.permuted, "scale": f"{self.scale:g}",
            "switches": [list(switch) for switch in self.switches],
        }  # fmt: skip


def learn(ref: StoryRef, evidence: Evidence, seed: int, size: int) -> Guide:
    """A task: the guide for some evidence; an island of few particles learns from pilots of few."""
    return learned(evidence.conditioning(ref.load()), seed, size=min(2 * size, PILOT))


def play_island(
    ref: StoryRef, evidence: Evidence, guide: Guide, seed: int, number: int, size: int
) -> IslandResult:
    """A task: one island."""
    return Island(
        conditioning=evidence.conditioning(ref.load()),
        guide=guide,
        seed=seed,
        number=number,
        size=size,
    ).run()


@frozen(kw_only=True)
class Conditioned:
    """A story, evidence and a seed: the islands of its posterior, each played once and then kept.

    ``size`` is the number of particles of an island. Raises BadValue for a seed that is no whole number.
    """

    story: Story
    evidence: Evidence
    seed: int
    pool: Pool
    store: Store | None = None
    size: int = ISLAND

    def __attrs_post_init__(self) -> None:
        check_stream(self.seed)

    def posterior(self, islands: int, guide: Guide | None = None) -> Posterior:
        """The posterior from so many islands; ``guide`` is another posterior's, where it may serve here."""
        known = self.guide() if guide is None else guide
        return Posterior(self._names, tuple(self.islands(known, range(islands))))

    def larger(self, posterior: Posterior, islands: int, guide: Guide) -> Posterior:
        """The posterior with further islands, so many in all: those that it has are not played again."""
        further = self.islands(guide, range(len(posterior.islands), islands))
        return Posterior(self._names, (*posterior.islands, *further))

    def growing(self, n: int) -> Iterator[tuple[Posterior, bool]]:
        """A rough posterior and then better ones, each with whether it is the last for ``n`` particles in all.

        Eight islands first; then eight that are four times as large, without the small ones, which
        would only blur them (an island's error is that of its size); then more of the largest size.
        What is kept is not played again.
        """
        guide, size, left = self.guide(), self.size, n
        results: list[IslandResult] = []
        numbers = range(ISLANDS)
        while True:
            results += evolve(self, size=size).islands(guide, numbers, tells=size == self.size)
            larger, left = min(4 * size, LARGEST), left - ISLANDS * size
            is_last = ISLANDS * larger > left
            yield Posterior(self._names, tuple(results)), is_last
            if is_last:
                return
            results = results if larger == size else []
            numbers, size = range(numbers.stop, numbers.stop + ISLANDS), larger

    def course_shown(self, guide: Guide, posterior: Posterior) -> Draw | None:
        """The World whose course a replay shows (see ``witness``): looked for once, then kept."""
        place = f"-shown-{len(posterior.draws)}"
        document = self._kept("island", place)
        if document is not None:
            return load_island(document, self._manifest).draws[0]
        draw = witness(self.evidence.conditioning(self.story), guide, posterior, self.seed)
        if draw is not None:
            alone = IslandResult(draws=(draw,), log_predictions={}, plays=0.0)
            self._keep("island", place, dump_island(alone, self._manifest))
        return draw

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.evidence.conditioning(self.story).items)

    def guide(self) -> Guide:
        """The guide: the one kept, or learned now."""
        document = self._kept("guide", "")
        if document is not None:
            return load_guide(document, self._manifest)
        (guide,) = self.pool.map_ordered(learn, [(self.story.ref, self.evidence, self.seed, self.size)])
        self._keep("guide", "", dump_guide(guide, self._manifest))
        return guide

    def islands(self, guide: Guide, numbers: range, *, tells: bool = True) -> list[IslandResult]:
        """These islands, in order: those kept, and the others played now.

        Each ``tells`` the progress how good the posterior is by then, until a better answer is there.
        """
        islands: dict[int, IslandResult] = {}
        for number in numbers:
            document = self._kept("island", f"-{number}")
            if document is not None:
                islands[number] = load_island(document, self._manifest)
        missing = [number for number in numbers if number not in islands]
        tasks = [(self.story.ref, self.evidence, guide, self.seed, number, self.size) for number in missing]
        for place, island in self.pool.map_unordered(play_island, tasks):
            islands[missing[place]] = island
            self._keep("island", f"-{missing[place]}", dump_island(island, self._manifest))
            if tells and self.pool.is_watched and not self.evidence.random:
                self._tell(tuple(islands.values()))
        return [islands[number] for number in numbers]

    def _tell(self, islands: tuple[IslandResult, ...]) -> None:
        """Let the progress hear how good the posterior is by now, and the rough answer that it is."""
        rough = Posterior(self._names, islands)
        self.pool.tell(effective=rough.ess, answer=f"surprise {rough.bits.mean:.0f} bits")

    @property
    def _manifest(self) -> dict[str, Any]:
        return self.evidence.manifest(self.story, self.seed, self.size)

    def _key(self, place: str) -> str:
        return sha256(canonical(self._manifest)).hexdigest() + place

    def _kept(self, kind: str, place: str) -> bytes | None:
        return None if self.store is None else self.store.cache_get(kind, self._key(place))

    def _keep(self, kind: str, place: str, document: bytes) -> None:
        if self.store is None:
            return
        try:
            self.store.cache_put(kind, self._key(place), document)
        except StoreError as error:
            raise StoreError(
                f"{error}\nwhat was kept of the posterior before is not lost: make room and ask again, or name another "
                "place with --store"
            ) from error
