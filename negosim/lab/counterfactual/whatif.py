"""``whatif`` (Pearl's third rung): would it have happened without that, the same chance and all?

Question: how probable would an outcome have been with something changed, in the worlds that the
record leaves possible? Estimand: the counterfactual probability given all items of the record
(Pearl 2009, abduction, action, prediction): each posterior World of the filter is played again
with the change. No figure comes without its conditions; see ``WhatIfResult``.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, TypeAlias, overload

from attrs import evolve, frozen
from msgspec.structs import replace

from negosim.core.errors import BadValue, NegosimError
from negosim.inference.estimates import EFFECTIVE_MIN, clear_of_zero, estimate_of
from negosim.inference.evidence import impositions
from negosim.inference.filter.condition import ISLANDS
from negosim.inference.pool import Pool
from negosim.inference.weights import effective_size, quantile
from negosim.lab.counterfactual.alignment import first_divergence
from negosim.lab.counterfactual.paired_worlds import Asking, play_pairs
from negosim.lab.counterfactual.sample import Sample
from negosim.lab.counterfactual.whatif_result import (
    Assumption,
    Conditions,
    OutcomeAnswer,
    Pair,
    WhatIfResult,
)
from negosim.lab.posterior import Conditioned, Evidence, enough_to_grow, in_islands
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.stories.in_memory import in_memory
from negosim.stories.intervention_syntax import check_together, unused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from negosim.inference.estimates import Estimate
    from negosim.inference.filter.posterior import Posterior
    from negosim.inference.pool import Progress
    from negosim.lab.counterfactual.paired_worlds import PairedWorld
    from negosim.lab.counterfactual.whatif_result import Settled
    from negosim.sim.decisions import Weight
    from negosim.sim.interventions import Change
    from negosim.stores.contract import Store
    from negosim.stories.in_memory import Lines
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question

N = 3600
"""Particles that an answer may cost, unless said otherwise."""
PRECISION = 0.05
"""The half-width of the 95 % interval at which an answer is no longer refined."""
HALF_WIDTH_MAX, BOTH_SIGNS_MAX = 0.1, 0.2
"""An interval with a larger half-width, or of both signs and wider than the second, settles nothing."""
PART, EACH = 100, 4
"""Worlds that are played between two answers; and how often a posterior World is played at most, on average."""
OWN_NOISE = 2
"""In so many parts Worlds that are drawn for the first time are played with noise of their own too."""
TOLD_APART = 4
"""So many parts tell what more plays would gain."""
CLEARLY = 1.2
"""So far off precise it has to be: to grow costs more than to play on in vain."""
BATCH = 25
"""Worlds in a task."""
CARRYING = 5
"""So many guesses are named at most, each only where its share is clear (see ``clear_of_zero``)."""

Enough: TypeAlias = "Callable[[WhatIfResult], bool]"
"""Whether an answer need not become any better."""


@overload
def whatif(
    story: Story, question: Question, outcomes: Sequence[Outcome], *, n: int = N,
    precision: float = PRECISION, seed: int = 0, facts: bool = True, without: tuple[str, ...] = (),
    jobs: int = 2, store: Store | None = None, executor: Executor | None = None,
    progress: Progress | None = None, enough: Enough | None = None,
) -> WhatIfResult: ...  # fmt: skip


@overload
def whatif(
    story: Scenario, *, do: Lines | Sequence[Change], about: Lines, evidence: Lines = (),
    n: int = N, precision: float = PRECISION, seed: int = 0, progress: Progress | None = None,
    enough: Enough | None = None,
) -> WhatIfResult: ...  # fmt: skip


def whatif(
    story: Story | Scenario, question: Question | None = None, outcomes: Sequence[Outcome] = (), *,
    do: Lines | Sequence[Change] = (), about: Lines = (), evidence: Lines = (),
    n: int = N, precision: float = PRECISION, seed: int = 0, facts: bool = True, without: tuple[str, ...] = (),
    jobs: int = 2, store: Store | None = None, executor: Executor | None = None,
    progress: Progress | None = None, enough: Enough | None = None,
) -> WhatIfResult:  # fmt: skip
    """Would it have happened without that? Of a story; or of a scenario in memory.

    Of a story: its question and ``outcomes``, the one that is meant first; its record is the evidence,
    ``facts`` (outcomes and beliefs) too, ``without`` some items. With a ``store`` the posterior is
    kept, and serves every other question about the same record.

    Of a scenario: ``evidence`` is known for certain, ``do`` is changed, and the first of ``about`` is
    meant, all as lines (see ``negosim.stories.in_memory``); the courses are played in this process.

    The answer is refined, from more and more particles, until its half-width is at most ``precision``,
    ``n`` particles are spent, or ``enough`` says of an answer that it is. An interruption after
    the first answer gives the answer so far. Raises UnusedChange when a change took hold in no
    World, ReplayDiverged when a prefix did not come out again, NegosimError where no course bears
    out what is certain, and what ``in_memory`` raises.
    """
    if isinstance(story, Scenario):
        story, question, outcomes = in_memory(story, evidence, do, about)
        jobs = 1
    elif question is None:
        raise BadValue("name a question of the story\nevidence, do and about are for a scenario in memory")
    check_together(question.changes, story.scenario)
    _, size = in_islands(n)
    with Pool(jobs, executor, progress) as pool:
        pool.expect(1 + ISLANDS + ISLANDS * size // BATCH)  # of the rough answer; a better one takes more
        known = Evidence(without=without, facts=facts)
        conditioned = Conditioned(story=story, evidence=known, seed=seed, pool=pool, store=store, size=size)
        answer = None
        try:
            for answer in _ever_better(conditioned, question, outcomes, n, precision):
                if _is_precise(answer) or (enough is not None and enough(answer)):
                    break
        except KeyboardInterrupt:
            if answer is None:
                raise
    if answer is None:
        raise NegosimError(
            f"{story.scenario.name}: no course of {n} bears out all that is known\nplay more, or leave something out"
        )
    return answer


def _ever_better(
    conditioned: Conditioned, question: Question, outcomes: Sequence[Outcome], n: int, precision: float
) -> Iterator[WhatIfResult]:
    """Answers from more and more particles, as soon as some bear the evidence out.

    A posterior is sampled part by part, each of its Worlds as often as it weighs: a pair of plays costs a
    fraction of a particle. Where more of them would not make the answer precise, the posterior grows.
    """
    story, pool = conditioned.story, conditioned.pool
    asking = Asking(question.changes, tuple(outcomes), impositions(story.documented))
    for posterior, is_last in conditioned.growing(n):
        sample = Sample(posterior.masses)
        pairs: tuple[PairedWorld, ...] = ()
        halves: list[float] = []
        parts = max(EACH * len(posterior.draws) // PART, 1)
        for part in range(parts):
            sample = sample.larger(posterior, PART, conditioned.seed, part)
            fresh = sample.sampled[len(pairs) :]
            batches = [fresh[first : first + BATCH] for first in range(0, len(fresh), BATCH)]
            tasks = [(story.ref, asking, batch, part < OWN_NOISE) for batch in batches]
            pairs += tuple(pair for found in pool.map_ordered(play_pairs, tasks) for pair in found)
            if not pairs:
                break
            answer = Finding(
                story=story, question=question, asking=asking, conditioned=conditioned, posterior=posterior,
                sample=sample, pairs=pairs, n=n,
            ).answer(precision)  # fmt: skip
            if answer.outcomes and not answer.refused:
                pool.tell(effective=answer.conditions.ess, answer=_so_far(answer))
            yield answer
            halves += [_half_width(outcome) for outcome in answer.outcomes[:1]]
            if not is_last and _is_hopeless(halves, parts, precision):
                break


def _is_precise(answer: WhatIfResult) -> bool:
    return bool(answer.outcomes) and not answer.refused and _half_width(answer.outcomes[0]) <= answer.precision


def _is_hopeless(halves: Sequence[float], parts: int, precision: float) -> bool:
    """Whether a half-width, known after each part of a sample so far, would not be precise after all of them.

    Its square is what the islands disagree about, which stays, and the noise of the plays, which
    falls with their number: told apart by half of the parts and all of them.
    """
    done = len(halves)
    if done < TOLD_APART or done % 2:
        return False
    now, before = halves[-1] ** 2, halves[done // 2 - 1] ** 2
    stays = 2 * now - before
    return stays + (now - stays) * done / parts > (CLEARLY * precision) ** 2


def _half_width(outcome: OutcomeAnswer) -> float:
    return max((estimate.high - estimate.low) / 2 for estimate in (outcome.with_change, outcome.difference))


def _so_far(answer: WhatIfResult) -> str:
    first = answer.outcomes[0]
    return f"{first.without.mean:.0%} without, {first.with_change.mean:.0%} with"


@frozen(kw_only=True)
class Finding:
    """A posterior, those of its Worlds that were played as pairs (``sample``), and what they say.

    ``n`` is the number of particles that were asked for.
    """

    story: Story
    question: Question
    asking: Asking
    conditioned: Conditioned
    posterior: Posterior
    sample: Sample
    pairs: tuple[PairedWorld, ...]
    n: int

    def answer(self, precision: float) -> WhatIfResult:
        """The answer with its conditions. Raises UnusedChange when a change took hold in no World."""
        self._check_used()
        conditions = self._conditions()
        refused = "" if conditions.ess >= EFFECTIVE_MIN else self._refusal(conditions.ess)
        outcomes = tuple(self._outcome(place, precision) for place in range(len(self.asking.outcomes)))
        return WhatIfResult(
            scenario=self.story.scenario.name, question=self.question.id, asks=self.question.asks,
            changes=tuple(map(str, self.question.changes)), calendar=self.story.scenario.calendar,
            outcomes=outcomes if self.pairs else (), assumptions=self._assumptions() if self.pairs else (),
            pair=self._pair() if self.pairs else None, conditions=conditions, precision=precision, refused=refused,
        )  # fmt: skip

    def _check_used(self) -> None:
        known = list(dict.fromkeys(name for pair in self.pairs for name in pair.addresses))
        for place, change in enumerate(self.question.changes):
            if self.pairs and not any(pair.reached[place] for pair in self.pairs):
                raise unused(change, len(self.pairs), known)

    # ── outcomes ─────────────────────────────────────────────────────────────────────────────

    def _outcome(self, place: int, precision: float) -> OutcomeAnswer:
        outcome = self.asking.outcomes[place]
        factual = [pair.factual[place] for pair in self.pairs]
        changed = [pair.changed[place] for pair in self.pairs]
        fixed = len(set(factual)) == 1
        answer = OutcomeAnswer(
            name=outcome.id, what=outcome.target.what, documented=outcome.happened,
            without=self.sample.share(factual), with_change=self.sample.share(changed),
            difference=self.sample.estimate(_differences(factual, changed)),
            settled="settled", fixed=fixed, fixed_by=self._fixed_by(place) if fixed else (), pn=self._necessity(place),
            independent=self._independent(place),
        )  # fmt: skip
        return evolve(answer, settled=_settled(answer, precision))

    def _independent(self, place: int) -> Estimate:
        """The difference where the two courses share no noise, from the Worlds for which that was played."""
        times, masses = self.sample.times, self.sample.masses
        rows = [
            (times[one.draw.world.run] * masses[one.draw.island], pair.factual[place], pair.independent[place],
             one.draw.island)
            for one, pair in zip(self.sample.sampled, self.pairs, strict=True)
            if pair.independent is not None
        ]  # fmt: skip
        weights, factual, independent, groups = zip(*rows, strict=True)
        return estimate_of(weights, _differences(factual, independent), groups)

    def _necessity(self, place: int) -> Estimate | None:
        """Of the Worlds with the record's outcome, the share in which the change undoes it."""
        documented = self.asking.outcomes[place].happened
        sharing = [float(pair.factual[place] == documented) for pair in self.pairs]
        share = self.sample.mean(sharing).mean
        if not share:
            return None
        undone = [float(pair.changed[place] != documented) / share for pair in self.pairs]
        return self.sample.mean([shares * gone for shares, gone in zip(sharing, undone, strict=True)])

    def _fixed_by(self, place: int) -> tuple[str, ...]:
        """What is conditioned on and cannot be without an outcome: facts that say it, decisions after it."""
        target = self.asking.outcomes[place].target
        saying = [
            fact.id
            for fact in self.story.documented.facts
            if fact.id in self.posterior.names
            and any(replace(pattern, span=other.span) == other for pattern in fact.expect for other in target.expect)
        ]
        first, *others = (pair.asked_after[place] for pair in self.pairs)
        return (*saying, *(address for address in first if all(address in other for other in others)))

    # ── what carries the answer ──────────────────────────────────────────────────────────────

    def _assumptions(self) -> tuple[Assumption, ...]:
        """The author's guesses of which the difference depends most (score function, no new runs)."""
        effects = [float(pair.changed[0]) - float(pair.factual[0]) for pair in self.pairs]
        mean = self.sample.mean(effects).mean
        guesses = [
            (actor.id, name, prior)
            for actor, priors in self.story.scenario.weights.items()
            for name, prior in priors.items()
            if prior.sd and prior.mean
        ]
        slopes = [self._slope(f"{actor}.weight[{name}]", prior, effects, mean) for actor, name, prior in guesses]
        clear = [
            Assumption.of(actor, name, prior.note, mean, slope)
            for (actor, name, prior), slope, is_clear in zip(guesses, slopes, clear_of_zero(slopes), strict=True)
            if is_clear
        ]
        return tuple(sorted(clear, key=lambda assumption: -abs(assumption.slope))[:CARRYING])

    def _slope(self, key: str, prior: Weight, effects: Sequence[float], mean: float) -> Estimate:
        """The derivative of the mean effect by the logarithm of a weight's prior mean: a covariance with its score."""
        scores = [(pair.weights[key] - prior.mean) * prior.mean / prior.sd**2 for pair in self.pairs]
        centre = self.sample.mean(scores).mean
        return self.sample.mean(
            [(effect - mean) * (score - centre) for effect, score in zip(effects, scores, strict=True)]
        )

    # ── the pair shown, and the conditions ───────────────────────────────────────────────────

    def _pair(self) -> Pair:
        """The World that bears out most, among those in which the first outcome goes the likelier way."""
        likely = self.sample.mean([float(pair.changed[0]) for pair in self.pairs]).mean > 0.5
        sampled = self.sample.sampled
        known = [place for place, one in enumerate(sampled) if not one.again]

        def fitness(place: int) -> tuple[bool, int]:
            return self.pairs[place].changed[0] == likely, sum(sampled[place].draw.holds.values())

        world = sampled[max(known, key=fitness)].draw.world
        factual = play(self.story.scenario, world)
        resolved = (change.ground(factual) for change in self.asking.changes)
        changes = tuple(change for change in resolved if change is not None)
        changed = play(self.story.scenario, world, changes)
        parted = first_divergence(factual.entries, changed.entries)
        return Pair(
            factual=factual.entries,
            counterfactual=changed.entries,
            parted=parted,
            scenario=self.story.scenario,
            record=self.story.record,
            world=world,
            changes=changes,
        )

    def _conditions(self) -> Conditions:
        posterior, evidence = self.posterior, self.conditioned.evidence
        decisions = {item.address for item in impositions(self.story.documented)}
        names = [name for name in posterior.names if name not in posterior.failing]
        return Conditions(
            n=len(self.pairs), islands=len(posterior.islands), ess=self._ess(), pareto_k=posterior.pareto_k,
            seed=self.conditioned.seed,
            decisions=tuple(name for name in names if name in decisions),
            facts=tuple(name for name in names if name not in decisions),
            failing=posterior.failing, left_out=evidence.without,
            reached=self._share([all(pair.reached) for pair in self.pairs]),
            already=self._share([pair.already for pair in self.pairs]),
            affected=self._share([pair.affected for pair in self.pairs]),
            plausibility=self._plausibility(),
            manifest={
                **evidence.manifest(self.story, self.conditioned.seed, self.conditioned.size),
                "scenario": self.story.scenario.name, "islands": len(posterior.islands),
                "changes": [str(change) for change in self.question.changes],
            },
        )  # fmt: skip

    def _ess(self) -> float:
        """The least of what weights and islands say of the outcome asked about."""
        if not self.pairs or not self.asking.outcomes:
            return effective_size(self.sample.weights)
        factual = [float(pair.factual[0]) for pair in self.pairs]
        changed = [float(pair.changed[0]) for pair in self.pairs]
        return self.sample.effective([factual, changed])

    def _share(self, hits: Sequence[bool]) -> float:
        return self.sample.mean([float(hit) for hit in hits]).mean if hits else 0.0

    def _plausibility(self) -> tuple[float, float, float] | None:
        """Mean, 10 % and 90 % points of the probability that the model gave to what is forced."""
        known = sorted(
            (pair.plausibility, self.sample.masses[one.draw.island])
            for pair, one in zip(self.pairs, self.sample.sampled, strict=True)
            if pair.plausibility is not None
        )
        total = fsum(weight for _, weight in known)
        if not total:
            return None
        mean = fsum(p * weight for p, weight in known) / total
        return mean, quantile(known, 0.1 * total), quantile(known, 0.9 * total)

    def _refusal(self, ess: float) -> str:
        """Which item starves the answer, and what would help."""
        item, more = self.posterior.divisive, enough_to_grow(self.n)
        return (
            f"{ess:.0f} effective draws, at least {EFFECTIVE_MIN:.0f} are needed; independent parts of the sample "
            f"disagree most about '{item}': play more (-n {more}), or leave it out (--without '{item}')"
        )


def _differences(here: Sequence[bool], there: Sequence[bool]) -> list[float]:
    return [float(after) - float(before) for before, after in zip(here, there, strict=True)]


def _settled(outcome: OutcomeAnswer, precision: float) -> Settled:
    half, difference = _half_width(outcome), outcome.difference
    both_signs = difference.low < 0 < difference.high
    if half > HALF_WIDTH_MAX or (both_signs and difference.high - difference.low > BOTH_SIGNS_MAX):
        return "not settled"
    return "settled" if half <= precision else "rough"
