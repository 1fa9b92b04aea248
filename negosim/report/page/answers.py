"""Answers as the page tells them: the sentence, the guess that carries it, effects, conditions; rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.report.page.figures import Whisker, share_bar, whisker_chart
from negosim.report.results import sentence
from negosim.report.results.counterfactual.whatif import (
    carrying,
    condition_line,
    difference_in_words,
)
from negosim.report.wording.phrases import listed, percent, points
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from negosim.inference.estimates import Estimate
    from negosim.lab.comparison.model_comparison import Rivals
    from negosim.lab.counterfactual.whatif_result import OutcomeAnswer, WhatIfResult
    from negosim.record import Record
    from negosim.report.page.sources import Citations, Note
    from negosim.report.wording.sentences import Speaker


@frozen(kw_only=True)
class Line:
    """One outcome without and with the change, in words and percent."""

    what: str
    documented: bool
    without: str
    with_change: str
    interval: str
    difference: str
    assumptions: str
    fixed: str


@frozen(kw_only=True)
class Study:
    """One what-if, ready to be shown; ``drawing`` is None where there is no answer.

    ``evidence`` are the facts and decisions it is conditioned on: a page says once what many share.
    """

    id: str
    asks: str
    finding: str
    carried: tuple[str, ...]
    drawing: Markup | None
    lines: tuple[Line, ...]
    necessity: tuple[str, ...]
    notes: tuple[str, ...]
    given: str
    conditions: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]


def study_of(answer: WhatIfResult) -> Study:
    """The page's words for an answer; they are those of the terminal."""
    outcomes = () if answer.refused else answer.outcomes
    halved = [assumption.halved for assumption in answer.assumptions]
    ranges = [_range(outcome, halved if not place else []) for place, outcome in enumerate(outcomes)]
    whiskers = [_whisker(outcome, *span) for outcome, span in zip(outcomes, ranges, strict=True)]
    return Study(
        id=clean(answer.question or "the change"), asks=clean(answer.asks), finding=clean(sentence(answer)),
        carried=tuple(map(clean, carrying(answer))) if outcomes else (),
        drawing=whisker_chart(whiskers) if whiskers else None,
        lines=tuple(_line(outcome, *span) for outcome, span in zip(outcomes, ranges, strict=True)),
        necessity=tuple(_necessity(outcomes)), notes=tuple(map(clean, answer.warnings)),
        given=clean(condition_line(answer.conditions)),
        conditions=tuple((label, clean(words)) for label, words in _conditions(answer)),
        evidence=tuple((label, clean(words)) for label, words in _evidence(answer)),
    )  # fmt: skip


def _range(outcome: OutcomeAnswer, halved: Sequence[float]) -> tuple[float, float]:
    """The least and the largest difference over the assumptions tried."""
    independent = [] if outcome.independent is None else [outcome.independent.mean]
    effects = [outcome.difference.mean, *independent, *halved]
    return min(effects), max(effects)


def _whisker(outcome: OutcomeAnswer, least: float, most: float) -> Whisker:
    difference = outcome.difference
    return Whisker(
        label=clean(outcome.what.rstrip(". ")),
        mean=difference.mean,
        low=difference.low,
        high=difference.high,
        least=least,
        most=most,
        words=_points_in_short(outcome),
        settled=outcome.settled != "not settled",
    )


def _points_in_short(outcome: OutcomeAnswer) -> str:
    difference = outcome.difference
    if outcome.settled == "not settled":
        return "not settled"
    return f"{points(difference.mean)} ({points(max(difference.low, -1))} to {points(min(difference.high, 1))})"


def _line(outcome: OutcomeAnswer, least: float, most: float) -> Line:
    changed = outcome.with_change
    fixed = "fixed by the evidence" if outcome.fixed else ""
    if outcome.fixed_by:
        fixed += f": {listed(outcome.fixed_by)}"
    return Line(
        what=clean(outcome.what),
        documented=outcome.documented,
        without=percent(outcome.without.mean),
        with_change=percent(changed.mean),
        interval=f"{100 * max(changed.low, 0):.0f} to {100 * min(changed.high, 1):.0f}",
        difference=difference_in_words(outcome),
        assumptions=f"{points(least)} to {points(most)}" if most - least > 0 else "",
        fixed=clean(fixed),
    )


def _necessity(outcomes: Sequence[OutcomeAnswer]) -> Iterator[str]:
    """In the worlds in which it happened as documented, how often the change undoes it."""
    for outcome in outcomes:
        if outcome.pn is not None:
            yield clean(
                f"{outcome.what.rstrip('. ')}: in the worlds in which it came out as documented, the change undoes "
                f"this in {percent(outcome.pn.mean)} (probability of necessity)."
            )


def _conditions(answer: WhatIfResult) -> Iterator[tuple[str, str]]:
    conditions = answer.conditions
    tail = "not estimated" if conditions.pareto_k is None else f"{conditions.pareto_k:.2f}"
    yield "changed", "; ".join(answer.changes)
    yield "draws", f"{conditions.n} particles on {conditions.islands} islands; Pareto k {tail}; seed {conditions.seed}"
    yield (
        "took hold",
        f"in {percent(conditions.reached)} of simulated courses; anything differs in {percent(conditions.affected)}",
    )
    if conditions.plausibility is not None:
        mean, low, high = conditions.plausibility
        yield (
            "how far from history",
            f"the model gave the forced answer {percent(mean)} (10 to 90 %: {percent(low)} to {percent(high)})",
        )


def _evidence(answer: WhatIfResult) -> Iterator[tuple[str, str]]:
    if answer.conditions.facts:
        yield "facts", listed(answer.conditions.facts)
    if answer.conditions.decisions:
        yield "decisions", listed(answer.conditions.decisions)


# ── rival accounts ──────────────────────────────────────────────────────────────────────────────


@frozen
class Account:
    """One rival account of an affair."""

    name: str
    posterior: str
    evidence: str
    bar: Markup


@frozen
class Rivalry:
    """The rival accounts of one affair, and whether the record decides between them."""

    topic: str
    verdict: str
    accounts: tuple[Account, ...]
    n: int
    versions: tuple[tuple[str, str, tuple[Note, ...]], ...]


def rivalry_of(rivals: Rivals, record: Record, speaker: Speaker, citations: Citations) -> Rivalry:
    """The accounts, the most probable first, and what sources say of the affair, side by side."""
    say = speaker.wording.of
    versions = tuple(
        (clean(version.says), clean(speaker.name(version.by) if version.by else ""), citations.cited(version.cites))
        for conflict in record.conflicts if rivals.topic.lower() in conflict.about.lower()
        for version in conflict.versions
    )  # fmt: skip
    accounts = tuple(
        Account(
            clean(say(rival.name)), percent(rival.posterior), _log(rival.main.log_evidence),
            share_bar(rival.posterior, rival.prior),
        )
        for rival in rivals.rivals
    )  # fmt: skip
    return Rivalry(clean(say(rivals.topic)), clean(sentence(rivals)), accounts, rivals.n, versions)


def _log(evidence: Estimate) -> str:
    return f"{evidence.mean:.1f} ± {evidence.se:.1f}"
