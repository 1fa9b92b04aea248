"""``replay``: a record imposed on its scenario, many times, and what of it follows by itself."""

from __future__ import annotations

from hashlib import sha256
from math import fsum
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen
from cattrs.preconf.json import make_converter

from negosim.core.errors import NotFound
from negosim.inference.conformance import complete_cells
from negosim.inference.evidence import feedings, impositions, record_until, unfed
from negosim.inference.policies import Blind
from negosim.inference.pool import Pool
from negosim.inference.weights import effective_size, log_mean
from negosim.lab.counterfactual.but_for import clusters, flip_draws, undoing_sets
from negosim.lab.ensembles.ensemble import Recipe, play_all
from negosim.lab.replay import scoring
from negosim.lab.replay.facts import Chosen, Lines, imposed_lines, shares_of
from negosim.lab.replay.results import (
    Alarm,
    Draw,
    FactLine,
    Replay,
    Score,
    TargetLine,
    Targets,
)
from negosim.lab.replay.unreached import LostPath, complaints
from negosim.stores.encoding.canonical import canonical
from negosim.stores.encoding.chain import head, run_key
from negosim.stores.encoding.state_digest import NOTE, state_digest
from negosim.stories.loading import RECORD
from negosim.stories.manifest import again, manifest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.inference.evidence import Fed
    from negosim.inference.pool import Progress
    from negosim.lab.ensembles.ensemble import Played
    from negosim.record.model import Record
    from negosim.sim.chance import Imposition
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story

FREE_RUNS = 1000
"""Free runs of the model, and of each baseline, in which the targets are looked for."""
TWINNED = 5
"""Weighted draws whose choices are flipped for the clusters: the one shown and four more."""

_converter = make_converter()


def replay(
    story: Story, *, n: int = 400, seed: int = 0, until: int | None = None, jobs: int = 2,
    free: int = FREE_RUNS, store: Store | None = None, executor: Executor | None = None,
    progress: Progress | None = None,
) -> Replay:  # fmt: skip
    """Replay the story's record ``n`` times.

    ``until`` uses only facts that were over by that minute. With a ``store`` the run shown and
    the result are kept there, and found again on the next call. ``progress`` hears of progress.
    Raises NotFound for a story without record, LostPath when no replay reaches all decisions.
    """
    record = record_until(story.documented, until)
    key = _result_key(story, n=n, seed=seed, until=until, free=free)
    if store is not None and (kept := store.cache_get("replay", key)) is not None:
        found = _converter.loads(kept.decode(), Replay)
        _keep_draw(store, story, found)
        return found
    with Pool(jobs, executor, progress) as pool:
        found = _Study(story, record, n=n, free=free, seed=seed, until=until, pool=pool).replay()
    if store is not None:
        _keep_draw(store, story, found)
        store.cache_put("replay", key, _converter.dumps(found).encode())
    return found


@frozen
class _Study:
    """One call of ``replay``: what is played, and how it becomes figures."""

    story: Story
    record: Record
    n: int = field(kw_only=True)
    free: int = field(kw_only=True)
    seed: int = field(kw_only=True)
    until: int | None = field(kw_only=True)
    pool: Pool = field(kw_only=True)

    def replay(self) -> Replay:
        record, fed = self.record, feedings(self.record)
        every = impositions(record)
        free, main, ahead = self._play(every, fed)
        weights = [one.weight for one in main.model]
        shown, *_ = runs = scoring.drawn(weights, self.seed, TWINNED)
        recipe = self._main(every)
        undoing = undoing_sets(flip_draws(recipe, runs, self.pool), recipe.facts)
        cluster = clusters(undoing)
        manifest = manifest_of(self.story, seed=self.seed, run=shown, replay=True, until=self.until)
        run = again(self.story, manifest)
        imposed = imposed_lines(record, every, main.model)
        lines = Lines(self.story, run, imposed, shares_of(fed, ahead), cluster)
        facts = tuple(lines.line(fact) for fact in record.facts)
        choice = [log_mean([one.weight for one in each]) for each in main]
        timed = log_mean([scoring.timed(one.met) for one in main.model])
        happening = [sum(one.hits) for one in main.model]
        least, most = scoring.middle(weights, happening)
        return Replay(
            scenario=self.story.scenario.name,
            title=self.story.scenario.title,
            calendar=self.story.scenario.calendar,
            n=self.n,
            seed=self.seed,
            until=record.ends,
            ess=effective_size(weights),
            draw=Draw(
                shown, run_key(manifest), head(manifest, run.entries), len(run.entries),
                happening[shown], len(recipe.facts), least, most,
            ),
            facts=facts,
            imposed=imposed,
            choice=Score(choice[0][0], _mean(choice[1]), _mean(choice[2]), choice[0][1]),  # type: ignore[index]
            timing=timed[0] - choice[0][0] if timed else 0.0,  # type: ignore[index]
            timing_se=timed[1] if timed else 0.0,
            facts_score=self._facts_score(facts),
            clusters=len(set(cluster.values())),
            alarms=self._alarms(main.model, weights),
            targets=self._targets(free),
            scenario_digest=self.story.digest,
            record_digest=sha256((self.story.folder / RECORD).read_bytes()).hexdigest(),
        )  # fmt: skip

    # ── playing ──────────────────────────────────────────────────────────────────────────────

    def _main(self, every: tuple[Imposition, ...]) -> Recipe:
        plain = Recipe.of(self.story, self.seed, self.n)
        return evolve(
            plain, impositions=every, until=self.until, thorough=True,
            facts=tuple(fact.id for fact in unfed(self.record)), look=("hits", "alarms", "choices"),
        )  # fmt: skip

    def _ahead(self, fed: Fed) -> Recipe:
        plain = Recipe.of(self.story, self.seed, self.n)
        return evolve(
            plain, impositions=fed.impositions, until=fed.until, look=("hits",),
            facts=tuple(fact.id for fact in fed.facts),
        )  # fmt: skip

    def _play(
        self, every: tuple[Imposition, ...], fed: tuple[Fed, ...]
    ) -> tuple[Chosen, Chosen, tuple[Chosen, ...]]:
        """Free runs, replays, and one ensemble per feeding, each under the three ways to choose.

        The model comes first: the blind baseline needs its free runs, and a decision that no
        replay reaches ends it here.
        """
        free = evolve(Recipe.of(self.story, self.seed, self.free), look=("targets", "shares", "choices"))
        main = self._main(every)
        rest = tuple(self._ahead(one) for one in fed)
        model_free, model_main = play_all((free, main), self.pool)
        if not any(one.weight for one in model_main):
            raise LostPath(complaints(every, model_main, model_free))
        blind = Blind.of(seen for one in model_free for seen in one.shares)
        plans: list[Recipe] = list(rest)
        for chooser in ("random", blind):
            plans += [
                evolve(free, chooser=chooser, look=("targets",)),
                *(evolve(one, chooser=chooser) for one in (main, *rest)),
            ]
        found = play_all(plans, self.pool)
        k = len(rest)
        randoms, blinds = found[k : 2 * k + 2], found[2 * k + 2 :]
        models = [model_free, model_main, *found[:k]]
        free_runs, mains, *aheads = (
            Chosen(model=a, random=b, blind=c) for a, b, c in zip(models, randoms, blinds, strict=True)
        )
        return free_runs, mains, tuple(aheads)

    # ── figures ──────────────────────────────────────────────────────────────────────────────

    def _facts_score(self, facts: Sequence[FactLine]) -> Score:
        lines = [one for one in facts if one.unfed]
        return Score(
            scoring.log_score([one.share for one in lines], self.n),
            scoring.log_score([one.random for one in lines], self.n),
            scoring.log_score([one.blind for one in lines], self.n),
        )

    def _alarms(self, played: Sequence[Played], weights: Sequence[float]) -> tuple[Alarm, ...]:
        total = fsum(weights)
        return tuple(
            Alarm(
                cell.event, cell.channel, cell.span.earliest, cell.span.latest,
                fsum(w * one.alarms[place] for w, one in zip(weights, played, strict=True) if w) / total,
            )
            for place, cell in enumerate(complete_cells(self.record))
        )  # fmt: skip

    def _targets(self, free: Chosen) -> Targets:
        def hit(played: Sequence[Played], place: int) -> float:
            return sum(one.targets[place] for one in played) / len(played)

        lines = tuple(
            TargetLine(target.id, target.what, *(hit(played, place) for played in free))
            for place, target in enumerate(self.record.targets)
        )
        model, random, blind = (fsum(column) for column in zip(*(
            (one.model, one.random, one.blind) for one in lines
        ), strict=True)) if lines else (0.0, 0.0, 0.0)  # fmt: skip
        return Targets(self.free, lines, Score(model, random, blind))


def _mean(score: tuple[float, float] | None) -> float | None:
    return score[0] if score else None


# ── keeping ─────────────────────────────────────────────────────────────────────────────────────


def _result_key(story: Story, *, n: int, seed: int, until: int | None, free: int) -> str:
    manifest = manifest_of(story, seed=seed, replay=True, until=until)
    return sha256(canonical({**manifest, "n": n, "free": free, "result": 1})).hexdigest()


def _keep_draw(store: Store, story: Story, found: Replay) -> None:
    """Keep the run that is shown, its weights and folder beside it, unless the store has it."""
    try:
        store.info(found.draw.key)
    except NotFound:
        until = None if found.until == story.documented.ends else found.until
        manifest = manifest_of(story, seed=found.seed, run=found.draw.run, replay=True, until=until)
        run = again(story, manifest)
        weights = {actor: dict(own) for actor, own in run.weights.items()}
        notes = {"weights": weights, "folder": str(story.folder), NOTE: state_digest(run.entries)}
        store.put_run(manifest, run.entries, notes)
