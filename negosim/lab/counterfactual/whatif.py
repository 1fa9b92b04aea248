"""``whatif`` (rung 3): would it have happened without that, the same chance and all?

The record is conditioned on, each posterior World is played again with the change, and the two
are compared. No figure comes without its conditions; see ``WhatIf``.
"""

from __future__ import annotations

from math import ceil, fsum
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve

from negosim.core.errors import NegosimError
from negosim.inference.causation import causation
from negosim.inference.conditioning import Evidence, nothing_left
from negosim.inference.estimates import between, mean_of
from negosim.inference.evidence import end_of, impositions, unfed
from negosim.inference.pool import Pool
from negosim.inference.smc import ISLAND
from negosim.inference.weights import effective_size
from negosim.lab.counterfactual.couplings import TIES, Asking, ask, scout
from negosim.lab.counterfactual.couplings import triples as free_triples
from negosim.lab.counterfactual.posterior import Posterior, weights_in
from negosim.lab.counterfactual.results import Answer, Causes, Variant, WhatIf
from negosim.sim.interventions import Decide
from negosim.stories.intervention_syntax import check_together, unused
from negosim.stories.manifest import sources_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor

    from negosim.inference.pool import Progress
    from negosim.lab.counterfactual.couplings import Asked, Pair
    from negosim.record.model import Record
    from negosim.sim.chance import Imposition
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question

Task: TypeAlias = "tuple[Callable[..., Any], *tuple[object, ...]]"
"""What to call, in a worker, and with what."""
ESS_MIN, K_MAX = 100.0, 0.7
"""Under so many effective draws, or above this Pareto k, there is no answer."""
CHUNK = 100
"""Replays per task, where the posterior comes from weighting."""
VARIANT_MIN = 20.0
"""Effective draws that a variant needs to count in the range."""
SIBLINGS, SIBLINGS_MIN = 250, 50
"""Of about so many in a thousand Worlds one with the same preference weights is sought; with
fewer of them nothing is said of weights."""
PILOT_SIZE = 100
"""Particles of the pilot."""
POWERS = (0.8, 1.25)


def _all(pool: Pool, tasks: Sequence[Task]) -> list[Any]:
    """What comes of every task, in the order of the tasks."""
    return list(pool.map_ordered(_done, tasks))


def _done(work: Callable[..., Any], *values: object) -> Any:
    return work(*values)


def evidence_of(record: Record, about: Outcome | None = None) -> Evidence:
    """The record's decisions; with ``about``, also the outcomes and beliefs dated up to it."""
    fed = impositions(record)
    if about is None or about.target.span.latest is None:
        return Evidence(fed)
    pairs = [(fact, end_of(fact, record)) for fact in unfed(record)]
    known = [(fact, end) for fact, end in pairs if end <= about.target.span.latest]
    return Evidence(fed, tuple(fact for fact, _ in known), tuple(end for _, end in known))


def whatif(
    story: Story, question: Question, outcomes: Sequence[Outcome], *, n: int = 2000, seed: int = 0,
    facts: bool = True, robust: bool = True, jobs: int = 2, executor: Executor | None = None,
    progress: Progress | None = None,
) -> WhatIf:  # fmt: skip
    """Answer a question about a story; ``outcomes`` begin with the one that is meant.

    ``n`` particles give the posterior. With ``facts`` it is conditioned on the record's outcomes
    and beliefs up to the outcome meant too, else on decisions alone. ``robust`` adds the ranges
    over precision, source families, dates and weights. Raises UnusedChange when a change took hold in
    no World, ReplayDiverged when a prefix did not come out again, NegosimError when no replay
    gets through.
    """
    record = story.documented
    check_together(question.changes, story.scenario)
    full = evidence_of(record, outcomes[0]) if facts else Evidence()
    alone = Asking(
        story.ref, seed, Evidence(impositions(record)), question.changes,
        tuple(outcomes), ties=TIES, siblings=1000 if robust else 0,
    )  # fmt: skip
    brief = evolve(alone, couplings=("gumbel",), ties=(), siblings=0)
    with Pool(jobs, executor, progress) as pool:
        if full.facts:
            asking = evolve(alone, evidence=full, weighted=False)
            plan, *by_decisions = _all(pool, [(scout, asking, min(PILOT_SIZE, n)), *_asked(brief, n)])
            left_out = plan.left_out
            asking = evolve(
                asking, evidence=plan.kept(full), futures=plan.futures, siblings=SIBLINGS if robust else 0
            )
            main = _all(pool, _asked(asking, n))
        else:
            asking, left_out = alone, ()
            main = by_decisions = _all(pool, _asked(alone, n))
        pairs = [pair for part in main for pair in part.pairs]
        if not pairs:
            raise nothing_left(story.scenario.name)
        _check_used(question, main, pairs)
        variants = _own_variants(pairs, len(outcomes))
        variants.append(_variant("decisions alone", by_decisions, "gumbel", len(outcomes)))
        if robust:
            variants += _elsewhere(pool, brief, record, n, len(outcomes), ", decisions alone" if full.facts else "")
        causes = _causes(pool, alone, question, record, n)
    found = Posterior(asking, main, pairs, left_out)
    return _told(story, question, outcomes, found, variants, causes, n)


def _asked(asking: Asking, n: int) -> list[Task]:
    size = min(CHUNK if asking.weighted else ISLAND, n)
    return [(ask, asking, first, min(size, n - first)) for first in range(0, n - n % size, size)]


def _check_used(question: Question, parts: Iterable[Asked], pairs: Sequence[Pair]) -> None:
    known = list(dict.fromkeys(name for part in parts for name in part.addresses))
    for place, change in enumerate(question.changes):
        if not any(pair.consulted[place] for pair in pairs):
            raise unused(change, len(pairs), known)


# ── variants ────────────────────────────────────────────────────────────────────────────────────


def _variant(
    name: str, parts: Sequence[Asked], coupling: str, count: int, weights: Sequence[float] | None = None
) -> Variant:
    pairs = [pair for part in parts for pair in part.pairs if coupling in pair.twins]
    return _of_pairs(name, pairs, coupling, count, weights)


def _of_pairs(
    name: str, pairs: Sequence[Pair], coupling: str, count: int, weights: Sequence[float] | None = None
) -> Variant:
    if not pairs:
        return Variant(name, 0.0, (), ())
    own = weights_in(pairs) if weights is None else weights
    seed = int(coupling.removeprefix("ties ")) if coupling.startswith("ties ") else None
    factual = [pair.factual if seed is None else pair.tied[seed] for pair in pairs]
    twins = [pair.twins[coupling] for pair in pairs]
    return Variant(
        name,
        effective_size(own),
        tuple(mean_of(own, [float(row[place]) for row in factual]).mean for place in range(count)),
        tuple(mean_of(own, [float(row[place]) for row in twins]).mean for place in range(count)),
    )


def _own_variants(pairs: Sequence[Pair], count: int) -> list[Variant]:
    """What can be had from the same Worlds: couplings, ties, and scaled prior and likelihood."""
    found = [_of_pairs(f"coupling {name}", pairs, name, count) for name in ("gumbel", "independent", "fresh")]
    found += [_of_pairs(f"ties shuffled {seed}", pairs, f"ties {seed}", count) for seed in TIES]
    for power in POWERS:
        scaled = weights_in(pairs, prior=power)
        found.append(_of_pairs(f"prior to the {power}", pairs, "gumbel", count, scaled))
        scaled = weights_in(pairs, likelihood=power)
        found.append(_of_pairs(f"likelihood to the {power}", pairs, "gumbel", count, scaled))
    return found


def _elsewhere(
    pool: Pool, brief: Asking, record: Record, n: int, count: int, said: str
) -> list[Variant]:
    """What needs replays of its own, on decisions alone: precision, dates, source families.

    ``said`` follows their names, where the answer itself is conditioned on more.
    """
    every = brief.evidence.impositions
    askings = {f"logit precision {times:g}": evolve(brief, precision=times) for times in (0.5, 2.0)}
    for name, cut in (("early", _early), ("late", _late)):
        halves = Evidence(tuple(cut(one) for one in every))
        askings[f"dates in the {name} half"] = evolve(brief, evidence=halves)
    for family, lost in families(record).items():
        kept = Evidence(tuple(one for one in every if one.fact not in lost))
        if len(kept.impositions) < len(every):
            askings[f"without {family}"] = evolve(brief, evidence=kept)
    size = max(n // 4, CHUNK)
    tasks = [
        (name, (ask, asking, first, CHUNK)) for name, asking in askings.items() for first in range(0, size, CHUNK)
    ]
    parts = _all(pool, [task for _, task in tasks])
    return [
        _variant(wanted + said, [part for (name, _), part in zip(tasks, parts, strict=True) if name == wanted],
                 "gumbel", count)
        for wanted in askings
    ]  # fmt: skip


def _early(one: Imposition) -> Imposition:
    return evolve(one, latest=(one.earliest + one.latest) // 2)


def _late(one: Imposition) -> Imposition:
    return evolve(one, earliest=(one.earliest + one.latest) // 2)


def families(record: Record) -> dict[str, set[str]]:
    """The facts that rest on one source family alone, by family."""
    found: dict[str, set[str]] = {}
    for fact in record.facts:
        names = {record.family(cite.source) for cite in fact.cites}
        if len(names) == 1 and not fact.background:
            found.setdefault(names.pop(), set()).add(fact.id)
    return dict(sorted(found.items()))


def _effects(pairs: Sequence[Pair], place: int) -> list[float]:
    return [float(pair.twins["gumbel"][place]) - float(pair.factual[place]) for pair in pairs]


# ── free runs ───────────────────────────────────────────────────────────────────────────────────


def _causes(pool: Pool, alone: Asking, question: Question, record: Record, n: int) -> list[Causes] | None:
    """PN, PS and PNS by outcome, where one documented decision is changed; else None."""
    if len(question.changes) != 1 or not isinstance(against := question.changes[0], Decide):
        return None
    chose = {one.address: one.chose for one in impositions(record)}
    if str(against.address) not in chose or chose[str(against.address)] == against.alternative:
        return None
    cause = Decide(against.address, chose[str(against.address)])
    size = max(n // CHUNK, 1)
    parts = _all(pool, [(free_triples, alone, cause, against, place * CHUNK, CHUNK) for place in range(size)])
    rows = [row for part in parts for row in part]
    if not rows:
        return None
    found = []
    for place, outcome in enumerate(alone.outcomes):
        each = [row[place] for row in rows]
        if not outcome.happened:  # necessity of what did not happen is necessity of its absence
            each = [evolve(one, y=not one.y, y_x=not one.y_x, y_not_x=not one.y_not_x) for one in each]
        found.append(Causes.of(causation(each), len(rows)))
    return found


# ── the answer ──────────────────────────────────────────────────────────────────────────────────


def _told(
    story: Story, question: Question, outcomes: Sequence[Outcome], found: Posterior,
    variants: Sequence[Variant], causes: Sequence[Causes] | None, n: int,
) -> WhatIf:  # fmt: skip
    asking, pairs, weights = found.asking, found.pairs, found.weights
    ess, k = found.ess(story.scenario.calendar), found.pareto_k
    counted = [one for one in variants if one.ess >= VARIANT_MIN]
    answers = tuple(
        _answer(outcome, place, found, counted, causes) for place, outcome in enumerate(outcomes)
    )
    refused = ""
    if ess < ESS_MIN:
        refused = f"{ess:.0f} effective draws, at least {ESS_MIN:.0f} are needed; -n {enough_of(n, ess)} might do"
    elif k is not None and k > K_MAX:
        refused = (
            f"Pareto k is {k:.2f}, above {K_MAX}: a few draws carry the answer; play more (-n {2 * n}), or "
            "condition on less (--decisions-alone)"
        )
    first = max(range(len(pairs)), key=weights.__getitem__)
    return WhatIf(
        story.scenario.name, question.id, question.asks, tuple(map(str, question.changes)),
        story.scenario.calendar, n, len(pairs), len(set(found.groups)), ess, k,
        sum(all(pair.consulted) for pair in pairs), found.share(pair.already for pair in pairs),
        found.share(pair.parted is not None for pair in pairs),
        tuple(one.address for one in asking.evidence.impositions),
        tuple(one.id for one in asking.evidence.facts),
        found.left_out, answers, tuple(variants), _moved(pairs, weights),
        next((pair.parted for pair in (pairs[first], *pairs) if pair.parted), None),
        found.episodes(story.scenario.calendar),
        mean_of(weights, [float(pair.alarms) for pair in pairs]).mean,
        refused,
        {
            "negosim": sources_digest(), "scenario": story.scenario.name, "story": story.digest,
            "seed": asking.seed, "n": n, "changes": [str(one) for one in question.changes],
        },
    )  # fmt: skip


def enough_of(n: int, ess: float) -> int:
    """How many replays might be enough, where so many were worth ``ess``: in proportion, and half more."""
    return ceil(1.5 * n * ESS_MIN / max(ess, 1.0) / ISLAND) * ISLAND


def _moved(pairs: Sequence[Pair], weights: Sequence[float]) -> dict[str, dict[str, float]]:
    """For exposed, flipped, new and gone: each address with the share of the Worlds it is so in."""
    total = fsum(weights)
    found: dict[str, dict[str, float]] = {}
    for kind in ("exposed", "flipped", "new", "gone"):
        shares: dict[str, list[float]] = {}
        for pair, weight in zip(pairs, weights, strict=True):
            for name in getattr(pair.addresses, kind):
                shares.setdefault(name, []).append(weight)
        sums = {name: fsum(own) / total for name, own in shares.items()}
        found[kind] = dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))
    return found


def _answer(
    outcome: Outcome, place: int, found: Posterior, variants: Sequence[Variant], causes: Sequence[Causes] | None
) -> Answer:
    pairs, weights = found.pairs, found.weights
    factual = [pair.factual[place] for pair in pairs]
    twin = [pair.twins["gumbel"][place] for pair in pairs]
    effect = mean_of(weights, _effects(pairs, place), found.groups)
    triples = zip(weights, factual, twin, strict=True)
    sharing = [(w, t != outcome.happened) for w, f, t in triples if f == outcome.happened]
    shared = fsum(w for w, _ in sharing)
    low, high = _over_weights(place, found)
    return Answer(
        outcome.id, outcome.target.what, outcome.happened,
        mean_of(weights, [float(one) for one in factual]).mean,
        mean_of(weights, [float(one) for one in twin]).mean,
        effect.mean, max(effect.low, -1.0), min(effect.high, 1.0), low, high,
        fsum(w for w, gone in sharing if gone) / shared if shared else None,
        causes[place] if causes else None,
        tuple((one.name, one.factual[place], one.counterfactual[place]) for one in variants),
        _presupposed(outcome, place, found) if all(factual) else (),
    )  # fmt: skip


def _presupposed(outcome: Outcome, place: int, found: Posterior) -> tuple[str, ...]:
    """What is conditioned on and cannot be without an outcome: facts that say it, decisions after it."""
    saying = [
        fact.id
        for fact in found.asking.evidence.facts
        if any(evolve(one, span=other.span) == other for one in fact.expect for other in outcome.target.expect)
    ]
    first, *others = (pair.asked_after[place] for pair in found.pairs)
    return (*saying, *(address for address in first if all(address in other for other in others)))


def _over_weights(place: int, found: Posterior) -> tuple[float | None, float | None]:
    """The interval of an effect over preference weights, from the Worlds that have a sibling."""
    kept = [(w, pair, pair.sibling) for w, pair in zip(found.weights, found.pairs, strict=True) if pair.sibling]
    if len(kept) < SIBLINGS_MIN:
        return None, None
    ones = _effects([pair for _, pair, _ in kept], place)
    others = [float(twin[place]) - float(here[place]) for _, _, (here, twin) in kept]
    low, high = between([w for w, _, _ in kept], ones, others)
    return max(low, -1.0), min(high, 1.0)


def refusal(answer: WhatIf) -> NegosimError:
    """The refusal as an error."""
    return NegosimError(answer.refused)
