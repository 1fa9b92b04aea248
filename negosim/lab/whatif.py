"""``whatif`` (rung 3): would it have happened without that, the same chance and all?

The record is conditioned on, each posterior World is played again with the change, and the two
are compared. No figure comes without its conditions; see ``WhatIf``.
"""

from __future__ import annotations

from math import exp, fsum
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from negosim.core.errors import NegosimError, UnusedChange, did_you_mean
from negosim.lab.answers import Answer, Causes, Variant, WhatIf
from negosim.lab.effects import Estimate, between, causation, mean_of, pareto_k
from negosim.lab.ensembles import handed_out
from negosim.lab.feeding import _end, impositions, unfed
from negosim.lab.manifest import sources_digest
from negosim.lab.pairs import TIES, Asking, ask
from negosim.lab.pairs import triples as free_triples
from negosim.lab.scores import effective
from negosim.lab.particles import ISLAND
from negosim.lab.worlds import Evidence, nothing_left
from negosim.sim.changes import Decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Executor

    from negosim.lab.ensembles import Tell
    from negosim.lab.library import Story
    from negosim.lab.pairs import Asked, Pair
    from negosim.lab.questions import Outcome, Question
    from negosim.record.model import Record
    from negosim.sim.chance import Imposition

ESS_MIN, K_MAX = 100.0, 0.7
"""Under so many effective draws, or above this Pareto k, there is no answer."""
CHUNK = 100
"""Replays per task, where the posterior comes from weighting."""
VARIANT_MIN = 20.0
"""Effective draws that a variant needs to count in the range."""
SETS, REPLAYS = 24, 120
"""Sets of preference weights whose effects are compared, and replays of each."""
POWERS = (0.8, 1.25)


@frozen
class Crew:
    """Who plays: so many processes, or an executor; ``tell`` hears of finished tasks."""

    jobs: int = 2
    executor: Executor | None = None
    tell: Tell | None = None
    done: list[int] = field(factory=lambda: [0, 0])

    def all(self, work: Callable[..., object], tasks: Sequence[tuple[object, ...]]) -> list:  # type: ignore[type-arg]
        """What ``work`` makes of every task, in the order of the tasks."""
        self.done[1] += len(tasks)
        found = {}
        for place, result in handed_out(work, tasks, jobs=self.jobs, executor=self.executor):
            found[place] = result
            self.done[0] += 1
            if self.tell is not None:
                self.tell(*self.done)
        return [found[place] for place in range(len(tasks))]


def evidence_of(record: Record, about: Outcome | None = None) -> Evidence:
    """The record's decisions; with ``about``, also the outcomes and beliefs dated up to it."""
    fed = impositions(record)
    if about is None or about.target.span.latest is None:
        return Evidence(fed)
    pairs = [(fact, _end(fact, record)) for fact in unfed(record)]
    known = [(fact, end) for fact, end in pairs if end <= about.target.span.latest]
    return Evidence(fed, tuple(fact for fact, _ in known), tuple(end for _, end in known))


def whatif(
    story: Story, question: Question, outcomes: Sequence[Outcome], *, n: int = 2000, seed: int = 0,
    facts: bool = True, robust: bool = True, jobs: int = 2, executor: Executor | None = None,
    tell: Tell | None = None,
) -> WhatIf:  # fmt: skip
    """Answer a question about a story; ``outcomes`` begin with the one that is meant.

    ``n`` replays give the posterior. With ``facts`` it is conditioned on the record's outcomes and
    beliefs up to the outcome meant too, else on decisions alone. ``robust`` adds the ranges over
    precision, source families, dates and weights. Raises UnusedChange when a change took hold in
    no World, ReplayDiverged when a prefix did not come out again, NegosimError when no replay
    gets through.
    """
    crew, record = Crew(jobs, executor, tell), story.documented
    for change in question.changes:
        change.check(story.scenario)
    alone = Asking(
        str(story.folder), story.digest, seed, Evidence(impositions(record)), question.changes,
        tuple(outcomes), ties=TIES,
    )  # fmt: skip
    by_decisions = _asked(crew, alone, n)
    main, asking = by_decisions, alone
    if facts:
        full = evidence_of(record, outcomes[0])
        if full.facts:
            asking = evolve(alone, evidence=full, weighted=False)
            main = _asked(crew, asking, n)
    if not main:
        raise nothing_left(story.scenario.name)
    pairs = [pair for part in main for pair in part.pairs]
    if not pairs:
        raise nothing_left(story.scenario.name)
    _check_used(question, main, pairs)
    variants = _own_variants(pairs, len(outcomes))
    variants.append(_variant("decisions alone", by_decisions, "gumbel", len(outcomes)))
    sets: list[list[Estimate]] = []
    if robust:
        variants += _elsewhere(crew, alone, record, n, len(outcomes))
        sets = _sets(crew, alone, pairs, len(outcomes))
    causes = _causes(crew, alone, question, record, n)
    return _told(story, question, outcomes, asking, main, pairs, variants, sets, causes, n)


def _asked(crew: Crew, asking: Asking, n: int) -> list[Asked]:
    size = min(CHUNK if asking.weighted else ISLAND, n)
    return crew.all(ask, [(asking, first, min(size, n - first)) for first in range(0, n - n % size, size)])


def _check_used(question: Question, parts: Iterable[Asked], pairs: Sequence[Pair]) -> None:
    known = list(dict.fromkeys(name for part in parts for name in part.addresses))
    for place, change in enumerate(question.changes):
        if not any(pair.consulted[place] for pair in pairs):
            address = str(getattr(change, "address", change))
            hint = did_you_mean(address, known)
            near = [name for name in known if name.partition("[")[0] == address.partition("[")[0]]
            lines = [f"{change}: consulted in none of {len(pairs)} worlds", hint]
            lines.append(f"asked there: {', '.join(near or known[:12])}")
            raise UnusedChange("\n".join(line for line in lines if line))


# ── weights ─────────────────────────────────────────────────────────────────────────────────────


def weights_in(pairs: Sequence[Pair], prior: float = 1.0, likelihood: float = 1.0) -> list[float]:
    """The pairs' weights, with the prior of weights or the likelihood raised to a power."""
    logs = [
        pair.log_weight + (likelihood - 1) * pair.likelihood + (prior - 1) * pair.prior for pair in pairs
    ]
    top = max(logs)
    return [exp(one - top) for one in logs]


def by_ancestor(pairs: Sequence[Pair], weights: Sequence[float]) -> list[float]:
    """The weight of each independent line of particles."""
    lines: dict[int, list[float]] = {}
    for pair, weight in zip(pairs, weights, strict=True):
        lines.setdefault(pair.ancestor, []).append(weight)
    return [fsum(own) for own in lines.values()]


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
        effective(by_ancestor(pairs, own)),
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


def _elsewhere(crew: Crew, alone: Asking, record: Record, n: int, count: int) -> list[Variant]:
    """What needs replays of its own, on decisions alone: precision, dates, source families."""
    brief = evolve(alone, couplings=("gumbel",), ties=())
    every = alone.evidence.impositions
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
        (name, (asking, first, CHUNK)) for name, asking in askings.items() for first in range(0, size, CHUNK)
    ]
    parts = crew.all(ask, [task for _, task in tasks])
    return [
        _variant(wanted, [part for (name, _), part in zip(tasks, parts, strict=True) if name == wanted],
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


def _sets(crew: Crew, alone: Asking, pairs: Sequence[Pair], count: int) -> list[list[Estimate]]:
    """The effect under each of some posterior sets of preference weights, by outcome."""
    weights = weights_in(pairs)
    step, reached = fsum(weights) / SETS, 0.0
    wanted: list[Mapping[tuple[str, str], int]] = []
    for pair, weight in zip(pairs, weights, strict=True):
        reached += weight
        while len(wanted) < SETS and reached > step * (len(wanted) + 0.5):
            wanted.append(pair.weights)
    brief = evolve(alone, couplings=("gumbel",), ties=())
    parts = crew.all(ask, [(evolve(brief, kept=kept), 0, REPLAYS) for kept in wanted])
    found: list[list[Estimate]] = [[] for _ in range(count)]
    for part in parts:
        if len(part.pairs) > 1:
            own = weights_in(part.pairs)
            for place in range(count):
                found[place].append(mean_of(own, _effects(part.pairs, place)))
    return found


def _effects(pairs: Sequence[Pair], place: int) -> list[float]:
    return [float(pair.twins["gumbel"][place]) - float(pair.factual[place]) for pair in pairs]


# ── free runs ───────────────────────────────────────────────────────────────────────────────────


def _causes(crew: Crew, alone: Asking, question: Question, record: Record, n: int) -> list[Causes] | None:
    """PN, PS and PNS by outcome, where one documented decision is changed; else None."""
    if len(question.changes) != 1 or not isinstance(against := question.changes[0], Decide):
        return None
    chose = {one.address: one.chose for one in impositions(record)}
    if str(against.address) not in chose or chose[str(against.address)] == against.alternative:
        return None
    cause = Decide(against.address, chose[str(against.address)])
    size = max(n // CHUNK, 1)
    parts = crew.all(free_triples, [(alone, cause, against, place * CHUNK, CHUNK) for place in range(size)])
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
    story: Story, question: Question, outcomes: Sequence[Outcome], asking: Asking,
    parts: Sequence[Asked], pairs: Sequence[Pair], variants: Sequence[Variant],
    sets: Sequence[Sequence[Estimate]], causes: Sequence[Causes] | None, n: int,
) -> WhatIf:  # fmt: skip
    weights = weights_in(pairs)
    total = fsum(weights)
    lines = by_ancestor(pairs, weights)
    ess, k = effective(lines), pareto_k(lines)
    groups = [pair.ancestor for pair in pairs]
    counted = [one for one in variants if one.ess >= VARIANT_MIN]
    answers = tuple(
        _answer(outcome, place, pairs, weights, groups, counted, sets, causes)
        for place, outcome in enumerate(outcomes)
    )
    refused = ""
    if ess < ESS_MIN:
        refused = f"{ess:.0f} effective draws, at least {ESS_MIN:.0f} are needed; play more (-n)"
    elif k is not None and k > K_MAX:
        refused = f"Pareto k is {k:.2f}, above {K_MAX}: a few draws carry the answer; play more (-n)"

    def share(hits: Iterable[bool]) -> float:
        return fsum(weight for weight, hit in zip(weights, hits, strict=True) if hit) / total

    first = max(range(len(pairs)), key=weights.__getitem__)
    return WhatIf(
        story.scenario.name, question.id, question.asks, tuple(map(str, question.changes)),
        story.scenario.calendar, n, len(pairs), ess, k,
        sum(all(pair.consulted) for pair in pairs), share(pair.already for pair in pairs),
        share(pair.parted is not None for pair in pairs),
        tuple(one.address for one in asking.evidence.impositions),
        tuple(one.id for one in asking.evidence.facts),
        tuple(sorted({name for part in parts for name in part.left_out})),
        answers, tuple(variants), _moved(pairs, weights),
        next((pair.parted for pair in (pairs[first], *pairs) if pair.parted), None),
        _episodes(story.scenario.ends, pairs), share_mean(weights, [pair.alarms for pair in pairs]),
        refused,
        {
            "negosim": sources_digest(), "scenario": story.scenario.name, "story": story.digest,
            "seed": asking.seed, "n": n, "changes": [str(one) for one in question.changes],
        },
    )  # fmt: skip


def share_mean(weights: Sequence[float], values: Sequence[float]) -> float:
    """A weighted mean."""
    return mean_of(weights, values).mean


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


def _episodes(ends: int, pairs: Sequence[Pair]) -> dict[str, int]:
    """Distinct lines of particles, and distinct paths up to each third of the clock and its end."""
    found = {"ancestors": len({pair.ancestor for pair in pairs})}
    for name, until in (("first third", ends // 3), ("second third", 2 * ends // 3), ("all", ends)):
        found[name] = len({tuple(step for step in pair.path if step[2] <= until) for pair in pairs})
    return found


def _answer(
    outcome: Outcome, place: int, pairs: Sequence[Pair], weights: Sequence[float], groups: Sequence[int],
    variants: Sequence[Variant], sets: Sequence[Sequence[Estimate]], causes: Sequence[Causes] | None,
) -> Answer:  # fmt: skip
    factual = [pair.factual[place] for pair in pairs]
    twin = [pair.twins["gumbel"][place] for pair in pairs]
    effect = mean_of(weights, _effects(pairs, place), groups)
    triples = zip(weights, factual, twin, strict=True)
    sharing = [(w, t != outcome.happened) for w, f, t in triples if f == outcome.happened]
    shared = fsum(w for w, _ in sharing)
    spread = between(sets[place]) if sets and len(sets[place]) > 1 else None
    return Answer(
        outcome.id, outcome.target.what, outcome.happened,
        mean_of(weights, [float(one) for one in factual]).mean,
        mean_of(weights, [float(one) for one in twin]).mean,
        effect.mean, max(effect.low, -1.0), min(effect.high, 1.0),
        max(spread[0], -1.0) if spread else None, min(spread[1], 1.0) if spread else None,
        fsum(w for w, gone in sharing if gone) / shared if shared else None,
        causes[place] if causes else None,
        tuple((one.name, one.factual[place], one.counterfactual[place]) for one in variants),
    )  # fmt: skip


def refusal(answer: WhatIf) -> NegosimError:
    """The refusal as an error."""
    return NegosimError(answer.refused)
