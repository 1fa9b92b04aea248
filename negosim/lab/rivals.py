"""``rivals``: accounts of one affair, weighed by the record.

An account says which mechanisms are at work; priors are the same elsewhere. Its evidence is the
mean over replays of the probability of the documented choices *and* dates, times whether the
facts in dispute followed. No verdict unless the Bayes factor keeps to one side at every prior
scale; the choice score stands beside it, and where the two disagree in sign there is no verdict.
"""

from __future__ import annotations

from math import exp, fsum, log, log10, sqrt
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from negosim.core.errors import NotFound
from negosim.lab.ahead import play_tasks, task_of
from negosim.lab.answers import NOTE
from negosim.lab.effects import NORMAL_95, mean_of
from negosim.lab.feeding import impositions
from negosim.lab.scores import log_mean
from negosim.lab.shown import Shown
from negosim.sim.changes import SetMechanism

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from negosim.lab.ahead import Gone
    from negosim.lab.ensembles import Tell
    from negosim.lab.library import Story
    from negosim.lab.results import Json
    from negosim.record.model import Fact

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
class Clue:
    """A fact's weight of evidence for an account against the others together, in decibels."""

    fact: str
    decibels: float
    se: float


@frozen
class Rival:
    """One account, or a class of accounts that imply the same."""

    name: str
    prior: float
    posterior: float
    weighed: tuple[Weighed, ...]
    clues: tuple[Clue, ...]

    @property
    def main(self) -> Weighed:
        """The evidence at the priors as they are."""
        return self.weighed[0]


@frozen
class Rivals(Shown):
    """The accounts, the best first; posteriors are among the accounts listed."""

    topic: str
    n: int
    facts: tuple[str, ...]
    rivals: tuple[Rival, ...]
    verdict: str | None
    why_not: str

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
                    "scales": [asdict(each) for each in one.weighed],
                    "by_fact": [asdict(each) for each in one.clues],
                }
                for one in self.rivals
            ],
            "verdict": self.verdict,
            "why_not": self.why_not or None,
        }  # fmt: skip


def rivals(
    story: Story, topic: str, *, n: int = 2000, seed: int = 0, jobs: int = 2,
    executor: Executor | None = None, tell: Tell | None = None,
) -> Rivals:  # fmt: skip
    """Weigh the accounts of a topic.

    Accounts differ by mechanisms alone, so the scored facts, kinds, menus and intervals are the
    same for all. Raises NotFound for an unknown topic.
    """
    scenario = story.scenario
    if topic not in scenario.accounts:
        raise NotFound("topic", topic, scenario.accounts)
    classes = classes_of(scenario.accounts[topic], scenario.mechanisms)
    facts = disputed(story, topic)
    base = task_of(story, seed, impositions(story.documented), facts)
    tasks = [
        evolve(base, changes=tuple(SetMechanism(name, on) for name, on in switches.items()), scale=scale)
        for switches in classes.values()
        for scale in SCALES
    ]
    played = play_tasks(tasks, n, jobs=jobs, executor=executor, tell=tell)
    by_class = [played[place : place + len(SCALES)] for place in range(0, len(played), len(SCALES))]
    weighed = [
        tuple(_weighed(scale, runs) for scale, runs in zip(SCALES, own, strict=True)) for own in by_class
    ]
    posteriors = _posteriors([one[0].log_evidence for one in weighed])
    found = [
        Rival(
            name, 1 / len(classes), posterior, own,
            tuple(_clue(fact, place, number, [each[0] for each in by_class]) for place, fact in enumerate(facts)),
        )
        for number, (name, posterior, own) in enumerate(zip(classes, posteriors, weighed, strict=True))
    ]  # fmt: skip
    ranked = tuple(sorted(found, key=lambda one: -one.posterior))
    why_not = undecided(ranked)
    return Rivals(
        topic, n, tuple(fact.id for fact in facts), ranked, None if why_not else ranked[0].name, why_not
    )


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
    record = story.documented
    about = [one for one in record.conflicts if topic.lower() in one.about.lower()]
    named = dict.fromkeys(id for conflict in about for id in conflict.facts)
    return tuple(fact for fact in record.facts if fact.id in named and fact.unfed and not fact.decisions)


def _weighed(scale: float, runs: Sequence[Gone]) -> Weighed:
    alive = [run.weight * all(run.hits) for run in runs]
    found = log_mean([weight * run.timely for weight, run in zip(alive, runs, strict=True)])
    choice = log_mean(alive)
    return Weighed(scale, found[0] if found else None, found[1] if found else 0.0, choice[0] if choice else None)


def _posteriors(evidences: Sequence[float | None]) -> list[float]:
    known = [one for one in evidences if one is not None]
    if not known:
        return [0.0] * len(evidences)
    shares = [0.0 if one is None else exp(one - max(known)) for one in evidences]
    return [share / fsum(shares) for share in shares]


def _clue(fact: Fact, place: int, number: int, by_class: Sequence[Sequence[Gone]]) -> Clue:
    """Ten times the decimal logarithm of a fact's share here over its mean share elsewhere."""
    shares = []
    for runs in by_class:
        alive = [run for run in runs if run.weight]
        weights = [run.weight * run.timely for run in alive]
        shares.append(mean_of(weights, [float(run.hits[place]) for run in alive]) if sum(weights) else None)
    own, others = shares[number], [one for at, one in enumerate(shares) if at != number and one]
    mean = fsum(one.mean for one in others) / len(others) if others else 0.0
    if own is None or own.mean <= 0 or mean <= 0:
        return Clue(fact.id, 0.0, 0.0)
    error = sqrt((own.se / own.mean) ** 2 + fsum(one.se**2 for one in others) / (len(others) * mean) ** 2)
    return Clue(fact.id, 10 * log10(own.mean / mean), 10 / log(10) * error)


def undecided(ranked: Sequence[Rival]) -> str:
    """Why there is no verdict for the first against every other; empty when there is one."""
    best = ranked[0]
    for other in ranked[1:]:
        for mine, theirs in zip(best.weighed, other.weighed, strict=True):
            if mine.log_evidence is None:
                return f"no replay bears out {best.name} at prior scale {mine.scale:g}"
            if theirs.log_evidence is None:
                continue  # an account that no replay bears out is no rival at this scale
            factor = mine.log_evidence - theirs.log_evidence
            if factor - NORMAL_95 * sqrt(mine.se**2 + theirs.se**2) <= THRESHOLD:
                return (
                    f"{best.name} against {other.name}: the Bayes factor {exp(factor):.2g} at prior scale "
                    f"{mine.scale:g} is not surely above 3"
                )
            if mine.choice is not None and theirs.choice is not None and mine.choice < theirs.choice:
                return f"{best.name} against {other.name}: the choice score points the other way"
    return ""
