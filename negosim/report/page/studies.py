"""An answer as it is read: one sentence, ranges, necessity in words, and the conditions it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.lab.counterfactual.whatif import VARIANT_MIN
from negosim.report.page.svg import span_bar, tornado_bar, two_histograms
from negosim.report.results import sentence
from negosim.report.wording.assumptions import WITHOUT, assumptions
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from negosim.lab.counterfactual.factorial import Switches
    from negosim.lab.counterfactual.results import Answer, WhatIf

WEEK = 7
STEADY = 0.02
"""An assumption that moves a figure by less is named among those that do not matter."""
OFTEN = (
    (0.05, "hardly ever"), (0.2, "seldom"), (0.4, "sometimes"), (0.6, "about as often as not"),
    (0.8, "more often than not"), (0.95, "mostly"), (1.01, "almost always"),
)  # fmt: skip
"""Words for shares, none stronger than its figure, which always stands beside it."""
GROUPS = (
    ("coupling ", "how chance is coupled"), ("ties shuffled", "order within a minute"),
    ("prior to the", "how much the prior counts"), ("likelihood to the", "how much the record counts"),
    ("logit precision", "how sure actors are of their reasons"), ("dates in the", "dates within their intervals"),
    (WITHOUT, "leaving out one family of sources"), ("decisions alone", "conditioned on decisions alone"),
)  # fmt: skip
"""Assumptions by how their variants' names begin."""


@frozen
class Line:
    """One outcome: its probability without and with the change, and how sure that is."""

    what: str
    documented: bool
    without: float
    low: float
    high: float
    effect: float
    effect_low: float
    effect_high: float
    depends: str
    bar: Markup
    weights: tuple[float, float] | None


@frozen
class Blade:
    """How far one assumption moves one outcome."""

    low: float
    high: float
    bar: Markup


@frozen
class Tornado:
    """Assumptions by how far they move an outcome, a column per outcome; None: by hardly anything.

    ``steady`` names the assumptions that move none of them.
    """

    about: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Blade | None, ...]], ...]
    steady: str


@frozen
class Necessity:
    """Whether the documented choice was necessary and enough for an outcome, in words to quote."""

    what: str
    documented: bool
    said: tuple[str, ...]


@frozen
class When:
    """Over which weeks an outcome comes, without and with the change; ``never`` in either."""

    what: str
    bars: Markup
    never_was: float
    never_twin: float


@frozen
class Study:
    """One what-if, ready to be shown."""

    id: str
    asks: str
    basis: str
    finding: str
    refused: str
    lines: tuple[Line, ...]
    necessity: tuple[Necessity, ...]
    tornado: Tornado
    when: tuple[When, ...]
    conditions: tuple[tuple[str, str], ...]


def study_of(answer: WhatIf, switches: Switches, place: int, weeks: int, *, names: bool = True) -> Study:
    """The answer to the switches' question at ``place``.

    ``weeks`` is the length of the clock; ``names``: list addresses by name.
    """
    question = switches.questions[place]
    told = () if answer.refused else answer.outcomes
    about = [one for one in told if one.name in question.about] or list(told[:1])
    return Study(
        question.id or "question", clean(answer.asks), clean(question.basis), clean(sentence(answer)),
        clean(answer.refused), tuple(map(_line, told)),
        tuple(Necessity(clean(one.what), one.happened, said) for one in about if (said := necessity(one))),
        tornado(about), _when(switches, place, weeks) if told else (),
        tuple(_conditions(answer, names=names)),
    )  # fmt: skip


def _line(one: Answer) -> Line:
    weights = None if one.weights_low is None or one.weights_high is None else (one.weights_low, one.weights_high)
    return Line(
        clean(one.what), one.happened, one.factual, *one.range, one.effect, one.low, one.high,
        assumptions(one.depends_on), span_bar(*one.range, one.counterfactual, one.factual),
        weights,
    )  # fmt: skip


# ── necessity and sufficiency ───────────────────────────────────────────────────────────────────


def necessity(one: Answer) -> tuple[str, ...]:
    """PN and PS as sentences to quote; each says of what its share is and how far it could be off."""
    causes, found = one.causes, []
    if causes is not None:
        found.append(_share_of(
            causes.n, causes.pn, causes.pn_bounds, "Necessary", "PN",
            "had the documented choice and outcome", "the outcome is lost when that choice is made otherwise",
        ))  # fmt: skip
        found.append(_share_of(
            causes.n, causes.ps, causes.ps_bounds, "Sufficient", "PS",
            "chose otherwise and ended otherwise", "the documented choice brings the documented outcome",
        ))  # fmt: skip
    if one.pn_record is not None:
        found.append(
            f"Of the histories that share the record’s decisions and this outcome, {one.pn_record:.0%} lose it with "
            "the change."
        )
    return tuple(found)


def _share_of(
    n: int, share: float | None, bounds: tuple[float, float] | None, word: str, short: str, among: str, then: str
) -> str:
    if share is None:
        return f"{word} ({short}): cannot be said, none of {n} free runs {among}."
    how = next(words for limit, words in OFTEN if share < limit)
    said = f"{word} {how} ({short}): of the free runs that {among}, {then} in {share:.0%}"
    sure = f"; whatever the mechanism, {bounds[0]:.0%} to {bounds[1]:.0%}" if bounds else ""
    return f"{said}{sure} ({n} free runs)."


# ── what it depends on ──────────────────────────────────────────────────────────────────────────


def tornado(outcomes: Sequence[Answer]) -> Tornado:
    """The assumptions by how far they move any of these outcomes, widest first; the rest in words."""
    spans = [_spans(one) for one in outcomes]
    reach = {name: max(high - low for low, high in (each[name] for each in spans)) for name in (spans or [{}])[0]}
    ranked = sorted(reach, key=lambda name: -reach[name])

    def blade(one: Answer, low: float, high: float) -> Blade | None:
        return Blade(low, high, tornado_bar(low, high, one.counterfactual)) if high - low >= STEADY else None

    rows = tuple(
        (name, tuple(blade(one, *own[name]) for one, own in zip(outcomes, spans, strict=True)))
        for name in ranked if reach[name] >= STEADY
    )  # fmt: skip
    steady = ", ".join(name for name in ranked if reach[name] < STEADY)
    return Tornado(tuple(clean(one.what) for one in outcomes), rows, steady)


def _spans(one: Answer) -> dict[str, tuple[float, float]]:
    """By group of assumptions, the least and the largest share with the change."""
    main = one.counterfactual
    spans: dict[str, tuple[float, float]] = {}
    for name, _, twin in one.variants:
        group = next((words for head, words in GROUPS if name.startswith(head)), name)
        low, high = spans.get(group, (main, main))
        spans[group] = min(low, twin), max(high, twin)
    return spans


def _when(switches: Switches, place: int, weeks: int) -> tuple[When, ...]:
    """The outcomes asked about, by the week in which they come, in order of the question."""
    question, was, twin = switches.questions[place], switches.as_it_was, switches.alone(place)
    if not twin.days:
        return ()
    by_id = {outcome.id: at for at, outcome in enumerate(switches.outcomes)}
    found = []
    for id in question.about:
        at = by_id[id]
        bins = [_weeks(each.days[at], weeks) for each in (was, twin)]
        found.append(
            When(clean(switches.outcomes[at].target.what), two_histograms(*bins),
                 1 - was.outcomes[at].mean, 1 - twin.outcomes[at].mean)
        )  # fmt: skip
    return tuple(found)


def _weeks(days: tuple[tuple[int, float], ...], count: int) -> list[float]:
    found = [0.0] * count
    for day, share in days:
        found[min(day // WEEK, count - 1)] += share
    return found


# ── conditions ──────────────────────────────────────────────────────────────────────────────────


def _conditions(answer: WhatIf, *, names: bool) -> list[tuple[str, str]]:
    k = "not known" if answer.pareto_k is None else f"{answer.pareto_k:.2f}"
    facts = f" and {len(answer.facts)} outcomes and beliefs" if answer.facts else " alone"
    found = [
        ("changed", "; ".join(answer.changes)),
        ("given", f"{len(answer.decisions)} documented decisions{facts}"),
        ("draws", f"{answer.worlds} of {answer.n} replays, worth {answer.ess:.0f} effective draws; Pareto k {k}"),
        ("took hold", f"asked in {answer.asked_in} of {answer.worlds}; something differs in {answer.affected:.0%}"),
        ("choices touched", _touched(answer, names=names)),
    ]
    if answer.outcomes and not answer.refused:
        found.append(("depends on", assumptions(answer.outcomes[0].depends_on) or "none of the assumptions tried"))
    if put_in := [one.name for one in answer.outcomes if one.presupposed_by]:
        found.append(("no finding", f"what is conditioned on presupposes, without the change, {', '.join(put_in)}"))
    if few := assumptions([one.name for one in answer.variants if one.ess < VARIANT_MIN]):
        found.append(("not told", f"under {VARIANT_MIN:.0f} effective draws: {few}"))
    if answer.warnings:
        found.append(("note", "; ".join(answer.warnings)))
    return [(label, clean(words)) for label, words in found]


def _touched(answer: WhatIf, *, names: bool) -> str:
    words = {"exposed": "met other reasons", "flipped": "fell otherwise", "new": "new", "gone": "gone"}
    said = []
    for kind, label in words.items():
        shares = answer.addresses.get(kind, {})
        some = f" (such as {next(iter(shares))})" if names and shares else ""
        said.append(f"{len(shares)} {label}{some}")
    return ", ".join(said)
