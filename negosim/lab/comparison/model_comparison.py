"""``rivals``: accounts of one affair, weighed by the record.

An account says which mechanisms are at work; priors are the same elsewhere, and every account takes
in the same items. Its evidence is the probability of all of them, from the filter; item by item it
says where the record speaks for one account and against another. No verdict unless the 95 %
interval of the Bayes factor stays above 3 at every prior scale, and answers without their dates do
not say the opposite (Kass and Raftery 1995, "Bayes factors", for the threshold).
"""

from __future__ import annotations

from math import exp, fsum, hypot, log
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from negosim.core.errors import NotFound
from negosim.inference.estimates import Estimate
from negosim.inference.filter.condition import ISLANDS
from negosim.inference.filter.posterior import BITS
from negosim.inference.pool import Pool
from negosim.lab.comparison.testimony import Heard, heard, log_likelihood
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from negosim.inference.filter.guide import Guide
    from negosim.inference.filter.posterior import Posterior
    from negosim.inference.pool import Progress
    from negosim.record.model import Conflict
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story
    from negosim.stories.result import Json

N = 200
"""Particles of an account at the priors as they are; half as many at each other scale."""
SCALES = (1.0, 0.5, 2.0)
"""What the standard deviation of every preference weight's prior is multiplied by."""
THRESHOLD = log(3)
"""A Bayes factor between 1/3 and 3 decides nothing."""


@frozen
class Weighed:
    """The logarithm of an account's evidence at one prior scale; ``answers``: the dates left out."""

    scale: float
    log_evidence: Estimate
    answers: float


@frozen
class Factor:
    """How much the record speaks for one account against another, at one prior scale.

    Natural logarithms: the Bayes factor with its interval, and what answers and outcomes say
    without the dates of decisions.
    """

    against: str
    scale: float
    log_factor: Estimate
    answers: float

    @property
    def decides(self) -> bool:
        """Whether the whole interval lies above 3, and the answers do not say the opposite."""
        return self.log_factor.low > THRESHOLD and not self.disagrees

    @property
    def disagrees(self) -> bool:
        """Whether answers alone point the other way than answers and dates."""
        return self.answers * self.log_factor.mean < 0


@frozen(kw_only=True)
class Rival:
    """One account, or a class of accounts that imply the same.

    ``surprises`` are bits by item; ``switches`` what is at work under the account.
    ``testimony`` is the logarithm of the probability of what was said, 0 where it is not weighed.
    """

    name: str
    switches: Mapping[str, bool]
    prior: float
    posterior: float
    weighed: tuple[Weighed, ...]
    surprises: Mapping[str, float]
    testimony: float = 0.0

    @property
    def main(self) -> Weighed:
        """The evidence at the priors as they are."""
        return self.weighed[0]


@frozen
class Clue:
    """An item, the fact it belongs to, what that says, and its surprise in bits by account."""

    item: str
    fact: str
    what: str
    bits: Mapping[str, float]

    @property
    def apart(self) -> float:
        """How many bits lie between the accounts."""
        return max(self.bits.values()) - min(self.bits.values())


@frozen(kw_only=True)
class Rivals(Shown):
    """The accounts, the best first; posteriors are among the accounts listed.

    ``clues`` are the items of the record in the order in which they were settled, ``factors`` the
    best account against each other one, ``heard`` the testimony that was weighed: none unless
    asked for.
    """

    topic: str
    n: int
    rivals: tuple[Rival, ...]
    clues: tuple[Clue, ...]
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
            "rivals": [
                {
                    "name": rival.name, "switches": dict(rival.switches), "prior": rival.prior,
                    "posterior": rival.posterior, "log_evidence": rival.main.log_evidence.mean,
                    "se": rival.main.log_evidence.se, "choice_score": rival.main.answers,
                    "log_testimony": rival.testimony,
                    "scales": [
                        {
                            "scale": weighed.scale, "log_evidence": weighed.log_evidence.mean,
                            "se": weighed.log_evidence.se, "choice": weighed.answers,
                        }
                        for weighed in rival.weighed
                    ],
                    "by_fact": [
                        {"fact": clue.fact, "item": clue.item, "bits": clue.bits[rival.name]} for clue in self.clues
                    ],
                }
                for rival in self.rivals
            ],
            "factors": [
                {
                    "against": factor.against, "scale": factor.scale, "log_factor": factor.log_factor.mean,
                    "low": factor.log_factor.low, "high": factor.log_factor.high, "choice": factor.answers,
                }
                for factor in self.factors
            ],
            "testimony": [asdict(statement) for statement in self.heard],
            "verdict": self.verdict,
            "why_not": self.why_not or None,
        }  # fmt: skip


def rivals(
    story: Story, topic: str, *, n: int = N, seed: int = 0, testimony: bool = False, jobs: int = 2,
    store: Store | None = None, executor: Executor | None = None, progress: Progress | None = None,
) -> Rivals:  # fmt: skip
    """Weigh the accounts of a topic; with ``testimony`` also by who would say what.

    ``n`` particles an account. A ``store`` keeps them, and has those of the account that the story
    tells by default from its replay. Raises NotFound for an unknown topic or undeclared testimony.
    """
    scenario = story.scenario
    if topic not in scenario.accounts:
        raise NotFound("topic", topic, scenario.accounts)
    classes = classes_of(scenario.accounts[topic], scenario.mechanisms)
    said = heard(story, topic, list(classes), _conflicts(story, topic)) if testimony else ()
    spoken = {name: log_likelihood(said, name) for name in classes}
    with Pool(jobs, executor, progress) as pool:
        pool.expect(1 + len(classes) * (in_islands(n)[0] + 2 * ISLANDS))
        story_itself = Conditioned(
            story=story,
            evidence=Evidence(),
            seed=seed,
            pool=pool,
            store=store,
            size=in_islands(n)[1],
        )
        guide = story_itself.guide()
        posteriors = {name: _posteriors(story_itself, switches, n, guide) for name, switches in classes.items()}
    weighed = {name: tuple(map(_weighed, SCALES, by_scale)) for name, by_scale in posteriors.items()}
    shares = _shares({name: weighed[name][0].log_evidence.mean + spoken[name] for name in classes})
    ranked = sorted(
        (
            Rival(
                name=name,
                switches=switches,
                prior=1 / len(classes),
                posterior=shares[name],
                weighed=weighed[name],
                surprises=posteriors[name][0].surprises,
                testimony=spoken[name],
            )
            for name, switches in classes.items()
        ),
        key=lambda rival: -rival.posterior,
    )
    best, *others = ranked
    factors = tuple(_factor(best, other, place) for other in others for place in range(len(SCALES)))
    why_not = undecided(best.name, factors)
    return Rivals(
        topic=topic,
        n=n,
        rivals=tuple(ranked),
        clues=_clues(story, ranked),
        factors=factors,
        verdict=None if why_not else best.name,
        why_not=why_not,
        heard=said,
    )


# ── what is compared ────────────────────────────────────────────────────────────────────────────


def classes_of(
    accounts: Mapping[str, Mapping[str, bool]], defaults: Mapping[str, bool]
) -> dict[str, dict[str, bool]]:
    """The accounts by what they imply; those that imply the same are one class, named together."""
    names: dict[tuple[tuple[str, bool], ...], list[str]] = {}
    for name, switches in accounts.items():
        whole = tuple(sorted({**defaults, **switches}.items()))
        names.setdefault(whole, []).append(name)
    return {" = ".join(same): dict(whole) for whole, same in names.items()}


def _conflicts(story: Story, topic: str) -> tuple[Conflict, ...]:
    return tuple(conflict for conflict in story.documented.conflicts if topic.lower() in conflict.about.lower())


# ── evidence ────────────────────────────────────────────────────────────────────────────────────


def _posteriors(story_itself: Conditioned, switches: Mapping[str, bool], n: int, guide: Guide) -> list[Posterior]:
    """The posterior of an account at each prior scale. The story's own guide serves all of them."""
    defaults = story_itself.story.scenario.mechanisms
    turned = tuple((name, on) for name, on in sorted(switches.items()) if defaults[name] != on)
    islands, size = in_islands(n)
    sizes = zip(SCALES, (islands, ISLANDS, ISLANDS), (size, -(-size // 2), -(-size // 2)), strict=True)
    return [
        evolve(story_itself, evidence=Evidence(switches=turned, scale=scale), size=particles).posterior(count, guide)
        for scale, count, particles in sizes
    ]


def _weighed(scale: float, posterior: Posterior) -> Weighed:
    evidence = posterior.log_evidence
    return Weighed(scale, evidence, evidence.mean + fsum(posterior.date_surprises.values()) / BITS)


def _shares(logs: Mapping[str, float]) -> dict[str, float]:
    top = max(logs.values())
    shares = {name: exp(value - top) for name, value in logs.items()}
    total = fsum(shares.values())
    return {name: share / total for name, share in shares.items()}


def _factor(best: Rival, other: Rival, place: int) -> Factor:
    """The Bayes factor of two accounts; testimony counts on both sides of its interval."""
    mine, theirs, spoken = best.weighed[place], other.weighed[place], best.testimony - other.testimony
    here, there = mine.log_evidence, theirs.log_evidence
    ratio = Estimate(here.mean - there.mean + spoken, hypot(here.se, there.se), here.freedom)
    return Factor(other.name, mine.scale, ratio, mine.answers - theirs.answers + spoken)


def _clues(story: Story, ranked: Sequence[Rival]) -> tuple[Clue, ...]:
    """The items with their surprise under each account."""
    facts = {fact.id: fact for fact in story.documented.facts}
    owner = {decision.address: fact.id for fact in facts.values() for decision in fact.decisions}
    clues = []
    for item in ranked[0].surprises:
        fact = owner.get(item, item)
        bits = {rival.name: rival.surprises[item] for rival in ranked}
        clues.append(Clue(item, fact, facts[fact].what if fact in facts else item, bits))
    return tuple(clues)


def _quoted(account: str) -> str:
    return f"“{account.replace('-', ' ')}”"


def undecided(best: str, factors: Sequence[Factor]) -> str:
    """Why there is no verdict for the best against every other; empty when there is one."""
    for factor in factors:
        at = "" if factor.scale == 1 else f" with priors {factor.scale:g} times as wide"
        if factor.disagrees:
            return f"beside {_quoted(factor.against)} the answers alone speak against {_quoted(best)}{at}"
        if not factor.decides:
            times = f"{exp(factor.log_factor.mean):.2g} times as probable"
            under = f"under {_quoted(best)} as under {_quoted(factor.against)}{at}"
            return f"the record is {times} {under}, which is not surely above 3"
    return ""
