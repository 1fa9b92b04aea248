"""``replay``: the documented history, fact by fact, and what the model makes of each.

Question: does the model explain the record, and which facts surprise it? Estimand: -log2 of the
probability of each item given all items settled before it, from the filter (Del Moral, Doucet and
Jasra 2006); beside it the same with every actor choosing at random. The course shown is the
posterior World in which most items hold; where none bears out all of them, a World is looked for
given that no source errs.
"""

from __future__ import annotations

from hashlib import sha256
from math import fsum, sqrt
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core.errors import NotFound
from negosim.core.events import Chose
from negosim.inference.conformance import happened
from negosim.inference.estimates import EFFECTIVE_MIN
from negosim.inference.evidence import record_until
from negosim.inference.pool import Pool
from negosim.inference.prequential import surprise
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.lab.replay.replay_result import ReplayResult, ReplayRow, Taught
from negosim.record.matching import matches
from negosim.sim.play import play
from negosim.stores.encoding.chain import head, run_key
from negosim.stores.encoding.state_digest import NOTE, state_digest
from negosim.stories.manifest import posterior_manifest
from negosim.stories.places import RECORD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.core.events import Entry
    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.island import Draw
    from negosim.inference.filter.posterior import Posterior
    from negosim.inference.pool import Progress
    from negosim.lab.replay.replay_result import Status
    from negosim.record.model import Fact, Record
    from negosim.sim.trace import Run
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story

N = 400
"""Particles of a replay, unless said otherwise; where so many or more have too few effective draws to say
anything of the whole history, it takes as many again, once."""
RANDOM_ISLANDS = 4
"""Islands under random choice: the yardstick needs no more than a bit or two of precision."""
MATCHED, MATCHED_ISLANDS, MATCHED_SIZE = 40, 2, 12
"""So many matched random stories, each with so many islands of so many particles."""


def replay(
    story: Story, *, n: int = N, seed: int = 0, until: int | None = None, matched: bool = False,
    jobs: int = 2, store: Store | None = None, executor: Executor | None = None,
    progress: Progress | None = None,
) -> ReplayResult:  # fmt: skip
    """Condition the model on the record and show the record with what the model makes of it.

    ``n`` particles, on at least eight islands (see ``N``). ``until`` uses only facts that were over by that
    minute. ``matched``: compare the surprise with that of matched random stories too. With a
    ``store`` the posterior and the course shown are kept. Raises NotFound for a story without
    record.
    """
    record = record_until(story.documented, until)
    islands, size = in_islands(n)
    with Pool(jobs, executor, progress) as pool:
        others = 1 + RANDOM_ISLANDS + (MATCHED * MATCHED_ISLANDS if matched else 0)
        pool.expect(islands + others)
        model = Conditioned(story=story, evidence=Evidence(until=until), seed=seed, pool=pool, store=store, size=size)
        guide = model.guide()
        posterior = model.posterior(islands, guide)
        if n >= N and posterior.ess < EFFECTIVE_MIN:
            pool.expect(2 * islands + others)
            posterior = model.larger(posterior, 2 * islands, guide)
        random, matched_bits = _yardsticks(model, guide, MATCHED if matched else 0)
        shown = _shown(model, posterior, guide)
    run = play(story.scenario, shown.world, until=until)
    manifest = {**posterior_manifest(story, shown.world), "until": until}
    if store is not None:
        _keep(store, story, manifest, run)
    rows = Rows(story=story, record=record, posterior=posterior, random=random, shown=shown, run=run)
    return ReplayResult(
        scenario=story.scenario.name,
        title=story.scenario.title,
        calendar=story.scenario.calendar,
        n=len(posterior.draws),
        seed=seed,
        until=record.ends,
        ess=posterior.ess,
        rows=rows.all(),
        evidence_bits=posterior.bits,
        chance_bits=random.bits,
        date_bits=fsum(posterior.date_surprises.values()),
        run=run_key(manifest),
        head=head(manifest, run.entries),
        entries=run.entries,
        recorded=rows.recorded(),
        broken=_broken(posterior),
        scenario_digest=story.digest,
        record_digest=sha256((story.folder / RECORD).read_bytes()).hexdigest(),
        typicality=surprise(Evidence(until=until).conditioning(story).items, posterior.foreseen).z,
        matched=matched_bits,
        taught=taught(story, posterior),
    )


def _shown(model: Conditioned, posterior: Posterior, guide: Guide) -> Draw:
    """The World whose course is shown. Raises NotFound without draws."""
    draw = model.course_shown(guide, posterior)
    if draw is None:
        raise NotFound("simulated course that bears out", "the record", ())
    return draw


def _yardsticks(model: Conditioned, guide: Guide, matched: int) -> tuple[Posterior, tuple[float, ...]]:
    """The posterior under random choice, and the surprise of so many matched random stories in bits."""
    random = evolve(model, evidence=evolve(model.evidence, random=True), size=-(-model.size // 2))
    stories = (
        evolve(model, evidence=evolve(model.evidence, permuted=number), size=MATCHED_SIZE)
        for number in range(matched)
    )
    bits = tuple(story.posterior(MATCHED_ISLANDS, guide).bits.mean for story in stories)
    return random.posterior(RANDOM_ISLANDS, guide), bits


def taught(story: Story, posterior: Posterior) -> tuple[Taught, ...]:
    """The spread of each preference weight before and after the record; what has no spread is left out."""
    lessons = []
    for actor, priors in story.scenario.weights.items():
        for name, prior in priors.items():
            if prior.sd:
                address = f"{actor.id}.weight[{name}]"
                values = [float(draw.world.values[address, "weight"]) for draw in posterior.draws]
                mean = posterior.mean(values).mean
                spread = sqrt(posterior.mean([(value - mean) ** 2 for value in values]).mean)
                lessons.append(Taught(address, (float(prior.mean), float(prior.sd)), (mean, spread)))
    return tuple(lessons)


@frozen(kw_only=True)
class Rows:
    """The facts of a record as rows."""

    story: Story
    record: Record
    posterior: Posterior
    random: Posterior
    shown: Draw
    run: Run

    def all(self) -> tuple[ReplayRow, ...]:
        """One row per fact, in the record's order."""
        return tuple(self._row(fact) for fact in self.record.facts)

    def recorded(self) -> dict[int, str]:
        """The fact that an entry of the course shown bears out, by the entry's index."""
        recorded: dict[int, str] = {}
        for fact in self.record.facts:
            if fact.background:
                continue
            addresses = {decision.address for decision in fact.decisions}
            for entry in self.run.entries:
                if _bears_out(fact, addresses, entry):
                    recorded.setdefault(entry.index, fact.id)
        return recorded

    def _row(self, fact: Fact) -> ReplayRow:
        items = self._items(fact)
        row = ReplayRow(
            id=fact.id,
            what=fact.what,
            kind=fact.kind,
            status=self._status(fact, items),
            certainty=fact.certainty,
            precision=fact.precision,
            channel=fact.channel,
            earliest=fact.span.earliest,
            latest=fact.span.latest,
            silence=bool(fact.expect) and all(pattern.absent for pattern in fact.expect),
            claimant=fact.claimant,
            decisions=tuple(decision.address for decision in fact.decisions),
            why=self.story.scenario.explanations.get(fact.id, ""),
            unasked=self._unasked(fact, items),
            main=self._is_main(fact),
        )
        if not items:
            return row
        return evolve(
            row,
            surprise_bits=fsum(self.posterior.surprises[name] for name in items),
            chance_bits=fsum(self.random.surprises[name] for name in items),
            date_bits=fsum(self.posterior.date_surprises[name] for name in items),
            reproduced=all(self.shown.holds[name] for name in items),
            simulated_at=self._simulated_at(fact),
            share=min(self.posterior.share_holding(name).mean for name in items),
        )

    def _items(self, fact: Fact) -> tuple[str, ...]:
        """The items a fact gives: its decisions, or itself."""
        named = {decision.address for decision in fact.decisions} | {fact.id}
        return () if fact.background else tuple(name for name in self.posterior.names if name in named)

    def _status(self, fact: Fact, items: Sequence[str]) -> Status:
        if fact.background or (not items and fact.kind != "given"):
            return "background"
        if not items:
            return "given"
        held = all(self.posterior.share_holding(name).mean > 0 for name in items)
        return "cannot be produced" if not held else "told" if fact.decisions else "follows"

    def _unasked(self, fact: Fact, items: Sequence[str]) -> str:
        """Why a decision could not be told: whether its question came too late or never."""
        failing = [name for name in items if name in self.posterior.failing]
        if not fact.decisions or not failing:
            return ""
        asked = {question.address for question in self.run.asked}
        how = "is asked too late" if set(failing) & asked else "is never asked"
        return f"the question {failing[0]} {how}, so the model could not be told"

    def _is_main(self, fact: Fact) -> bool:
        first = self.record.sources[0].id if self.record.sources else ""
        return any(cite.source == first for cite in fact.cites)

    def _simulated_at(self, fact: Fact) -> int | None:
        if not fact.decisions:
            return happened(fact, self.story.scenario, self.run.entries).at
        addresses = {decision.address for decision in fact.decisions}
        minutes = [
            entry.minute
            for entry in self.run.entries
            if isinstance(entry.event, Chose) and entry.event.address in addresses
        ]
        return max(minutes, default=None)


def _bears_out(fact: Fact, addresses: set[str], entry: Entry) -> bool:
    if isinstance(entry.event, Chose) and entry.event.address in addresses:
        return True
    return any(not pattern.absent and matches(pattern, entry, fact.tolerance) for pattern in fact.expect)


def _broken(posterior: Posterior) -> dict[str, int]:
    broken: dict[str, int] = {}
    for island in posterior.islands:
        for words, count in island.broken.items():
            broken[words] = broken.get(words, 0) + count
    return broken


def _keep(store: Store, story: Story, manifest: dict[str, object], run: Run) -> None:
    """Keep the course shown, its weights and folder beside it, unless the store has it."""
    try:
        store.info(run_key(manifest))
    except NotFound:
        weights = {actor: dict(by_name) for actor, by_name in run.weights.items()}
        notes = {"weights": weights, "folder": str(story.folder), NOTE: state_digest(run.entries)}
        store.put_run(manifest, run.entries, notes)
