"""``rivals``: accounts of one affair, weighed by the record.

An account says which mechanisms are at work; priors are the same elsewhere. Its evidence is the
mean over replays of the probability of the documented choices *and* dates, times whether the
facts in dispute followed. No verdict unless the 95 % interval of the Bayes factor stays outside
[1/3, 3] on one side at every prior scale; the choice score stands beside it, and where the two
disagree in sign there is no verdict. What is compared must be the same for all (``alike``).
All accounts are replayed on the same chance, so errors are those of paired runs.
"""

from __future__ import annotations

from math import exp, fsum, log, sqrt
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from negosim.core.errors import BadValue, NotFound
from negosim.inference.estimates import NORMAL_95
from negosim.inference.evidence import impositions
from negosim.inference.pool import Pool
from negosim.inference.weights import NONE_OF_N, log_mean
from negosim.lab.comparison.testimony import Heard, heard, log_likelihood
from negosim.lab.comparison.weight_of_evidence import Clue, clues, stages
from negosim.lab.forecast.continuation import play_tasks, task_of
from negosim.sim.interventions import SetMechanism
from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from negosim.inference.pool import Progress
    from negosim.lab.forecast.continuation import Ahead, Gone
    from negosim.record.model import Conflict, Fact
    from negosim.stories.loading import Story
    from negosim.stories.result import Json

SCALES = (1.0, 0.5, 2.0)
THRESHOLD = log(3)
"""A Bayes factor between 1/3 and 3 decides nothing."""


@frozen
class Weighed:
    """The logarithm of an account's evidence at one prior scale, with its error."""

    scale: float
    log_evidence: float | None
    se: float
    choice: float | None


@frozen
class Factor:
    """How much the record speaks for one account against another, at one prior scale.

    Natural logarithms: the Bayes factor and its 95 % interval, dates weighed, and what the choices
    alone say. ``low`` alone is known where no replay bears the other account out.
    """

    against: str
    scale: float
    log_factor: float | None
    low: float | None
    high: float | None
    choice: float | None

    @property
    def decides(self) -> bool:
        """Whether the whole interval lies above 3, and the choices do not say the opposite."""
        return self.low is not None and self.low > THRESHOLD and not self.disagrees

    @property
    def disagrees(self) -> bool:
        """Whether choices alone point the other way than choices and dates."""
        return self.choice is not None and self.log_factor is not None and self.choice * self.log_factor < 0


@frozen
class Rival:
    """One account, or a class of accounts that imply the same.

    ``testimony`` is the logarithm of the probability of what was said, 0 where it is not weighed.
    """

    name: str
    prior: float
    posterior: float
    weighed: tuple[Weighed, ...]
    clues: tuple[Clue, ...]
    testimony: float = 0.0

    @property
    def main(self) -> Weighed:
        """The evidence at the priors as they are."""
        return self.weighed[0]


@frozen
class Rivals(Shown):
    """The accounts, the best first; posteriors are among the accounts listed.

    ``facts`` are the disputed ones that are scored, ``factors`` the best account against each
    other one, ``heard`` the testimony that was weighed: none unless asked for.
    """

    topic: str
    n: int
    facts: tuple[str, ...]
    rivals: tuple[Rival, ...]
    factors: tuple[Factor, ...]
    verdict: str | None
    why_not: str
    heard: tuple[Heard, ...] = ()

    def to_json(self) -> Json:
        """The document that ``rivals --json`` prints."""
        return {
            "note": f"{NOTE}; posteriors are among the accounts listed",
            "topic": self.topic,
            "n": self.n,
            "facts": list(self.facts),
            "rivals": [
                {
                    "name": one.name, "prior": one.prior, "posterior": one.posterior,
                    "log_evidence": one.main.log_evidence, "se": one.main.se, "choice_score": one.main.choice,
                    "log_testimony": one.testimony,
                    "scales": [asdict(each) for each in one.weighed],
                    "by_fact": [asdict(each) for each in one.clues],
                }
                for one in self.rivals
            ],
            "factors": [asdict(one) for one in self.factors],
            "testimony": [asdict(one) for one in self.heard],
            "verdict": self.verdict,
            "why_not": self.why_not or None,
        }  # fmt: skip


def rivals(
    story: Story, topic: str, *, n: int = 2000, seed: int = 0, testimony: bool = False, jobs: int = 2,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Rivals:  # fmt: skip
    """Weigh the accounts of a topic; with ``testimony`` also by who would say what.

    Raises NotFound for an unknown topic or undeclared testimony, BadValue when the accounts cannot
    be compared (``alike``).
    """
    scenario = story.scenario
    if topic not in scenario.accounts:
        raise NotFound("topic", topic, scenario.accounts)
    classes = classes_of(scenario.accounts[topic], scenario.mechanisms)
    names, facts = list(classes), disputed(story, topic)
    said = heard(story, topic, names, _conflicts(story, topic)) if testimony else ()
    base = task_of(story, seed, impositions(story.documented), facts)
    tasks = [
        evolve(
            base, scale=scale, thorough=scale == SCALES[0],
            changes=tuple(SetMechanism(name, on) for name, on in switches.items()),
        )
        for switches in classes.values()
        for scale in SCALES
    ]  # fmt: skip
    with Pool(jobs, executor, progress) as pool:
        played = play_tasks(tasks, n, pool)
    size = len(SCALES)
    runs = {name: played[place * size : (place + 1) * size] for place, name in enumerate(names)}
    alike({name: tasks[place * size] for place, name in enumerate(names)}, {name: runs[name][0] for name in names})
    weighed = {name: tuple(map(_weighed, SCALES, runs[name])) for name in names}
    spoken = {name: log_likelihood(said, name) for name in names}
    posteriors = _posteriors({name: (weighed[name][0].log_evidence, spoken[name]) for name in names})
    by_fact = clues(stages(base.impositions, facts, story.documented), {name: runs[name][0] for name in names})
    found = [
        Rival(name, 1 / len(names), posteriors[name], weighed[name], by_fact[name], spoken[name]) for name in names
    ]
    ranked = tuple(sorted(found, key=lambda one: -one.posterior))
    best, *others = ranked
    factors = tuple(
        factor(one.name, scale, runs[best.name][place], runs[one.name][place], best.testimony - one.testimony)
        for one in others
        for place, scale in enumerate(SCALES)
    )
    why_not = undecided(best.name, factors)
    return Rivals(
        topic, n, tuple(fact.id for fact in facts), ranked, factors, None if why_not else best.name, why_not, said
    )


# ── what is compared ────────────────────────────────────────────────────────────────────────────


def classes_of(
    accounts: Mapping[str, Mapping[str, bool]], defaults: Mapping[str, bool]
) -> dict[str, dict[str, bool]]:
    """The accounts by what they imply; those that imply the same are one class, named together."""
    found: dict[tuple[tuple[str, bool], ...], list[str]] = {}
    for name, switches in accounts.items():
        whole = tuple(sorted({**defaults, **switches}.items()))
        found.setdefault(whole, []).append(name)
    return {" = ".join(names): dict(whole) for whole, names in found.items()}


def disputed(story: Story, topic: str) -> tuple[Fact, ...]:
    """The facts that the record's conflicts about the topic name and that must follow by themselves."""
    named = dict.fromkeys(id for conflict in _conflicts(story, topic) for id in conflict.facts)
    facts = story.documented.facts
    return tuple(fact for fact in facts if fact.id in named and fact.must_follow and not fact.decisions)


def _conflicts(story: Story, topic: str) -> tuple[Conflict, ...]:
    return tuple(one for one in story.documented.conflicts if topic.lower() in one.about.lower())


def alike(tasks: Mapping[str, Ahead], played: Mapping[str, Sequence[Gone]]) -> None:
    """Refuse to weigh accounts that are not scored on the same things.

    Facts, their kinds, the documented answers and their intervals must be identical, and so must
    the answers to choose from wherever two accounts met the same documented decision: a
    probability among two answers is not comparable with one among three. Raises BadValue.
    """
    first, *others = tasks
    for other in others:
        here, there = (
            {(one.id, one.kind, one.span) for one in tasks[name].expected} | set(tasks[name].impositions)  # type: ignore[union-attr]
            for name in (first, other)
        )
        if here != there:
            odd = next(iter(sorted(here ^ there, key=str)))
            raise BadValue(f"{first} and {other} cannot be weighed: they are not scored alike on {odd}")
    met: dict[str, tuple[str, frozenset[tuple[str, ...]]]] = {}
    for name, runs in played.items():
        own: dict[str, set[tuple[str, ...]]] = {}
        for run in runs:
            for address, answers in run.menus:
                own.setdefault(address, set()).add(answers)
        for address, menus in own.items():
            who, known = met.setdefault(address, (name, frozenset(menus)))
            if known != menus:
                raise BadValue(
                    f"{who} and {name} cannot be weighed: at {address} they chose among other answers\n"
                    f"{who}: {_menus(known)}\n{name}: {_menus(menus)}"
                )


def _menus(menus: frozenset[tuple[str, ...]] | set[tuple[str, ...]]) -> str:
    return "; ".join(", ".join(one) for one in sorted(menus))


# ── evidence ────────────────────────────────────────────────────────────────────────────────────


def _weighed(scale: float, runs: Sequence[Gone]) -> Weighed:
    found, choice = log_mean(_timed(runs)), log_mean(_chosen(runs))
    return Weighed(scale, found[0] if found else None, found[1] if found else 0.0, choice[0] if choice else None)


def _chosen(runs: Sequence[Gone]) -> list[float]:
    return [run.weight * all(run.hits) for run in runs]


def _timed(runs: Sequence[Gone]) -> list[float]:
    return [weight * run.timely for weight, run in zip(_chosen(runs), runs, strict=True)]


def _posteriors(evidences: Mapping[str, tuple[float | None, float]]) -> dict[str, float]:
    known = {name: record + spoken for name, (record, spoken) in evidences.items() if record is not None}
    if not known:
        return dict.fromkeys(evidences, 0.0)
    top = max(known.values())
    shares = {name: exp(known[name] - top) if name in known else 0.0 for name in evidences}
    total = fsum(shares.values())
    return {name: share / total for name, share in shares.items()}


def factor(against: str, scale: float, best: Sequence[Gone], other: Sequence[Gone], spoken: float = 0.0) -> Factor:
    """The Bayes factor of two accounts replayed on the same chance; ``spoken`` is testimony's part.

    Its error is the delta method's for the ratio of two means over paired runs.
    """
    mine, theirs, n = _timed(best), _timed(other), len(best)
    a, b = fsum(mine) / n, fsum(theirs) / n
    choice = fsum(_chosen(best)), fsum(_chosen(other))
    points = log(choice[0] / choice[1]) + spoken if all(choice) else None
    if not a:
        return Factor(against, scale, None, None, None, points)
    if not b:  # it bears out the record in at most 3 of n runs, none more probable than the best seen
        ceiling = NONE_OF_N / n * max(mine)
        return Factor(against, scale, None, log(a / ceiling) + spoken, None, points)
    parts = [one / a - two / b for one, two in zip(mine, theirs, strict=True)]
    se = sqrt(fsum(part * part for part in parts) / n / max(n - 1, 1))
    found = log(a / b) + spoken
    return Factor(against, scale, found, found - NORMAL_95 * se, found + NORMAL_95 * se, points)


def undecided(best: str, factors: Sequence[Factor]) -> str:
    """Why there is no verdict for the best against every other; empty when there is one."""
    for one in factors:
        at = f"at prior scale {one.scale:g}"
        if one.low is None:
            return f"no replay bears out {best} {at}"
        if one.disagrees:
            return f"{best} against {one.against}: the choice score points the other way {at}"
        if not one.decides:
            factor = f"at least {exp(one.low):.2g}" if one.log_factor is None else f"{exp(one.log_factor):.2g}"
            return f"{best} against {one.against}: the Bayes factor {factor} {at} is not surely above 3"
    return ""
