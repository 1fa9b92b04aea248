"""The finding of a study in one sentence: what, how strong, and on which condition.

Generated from the numbers and never stronger than they are. Of a simulated result every sentence
says "in this model". That something *would have been* otherwise is said only where it is settled:
where no interval and no range spans zero, and none crosses one half; see ``is_settled``.
"""

from __future__ import annotations

from functools import singledispatch
from math import ceil, floor
from typing import TYPE_CHECKING

from negosim.lab.calibration.simulation_based_calibration import Recovery
from negosim.lab.comparison.model_comparison import Rivals
from negosim.lab.counterfactual.explanation import Comparison
from negosim.lab.counterfactual.illustration import Example
from negosim.lab.counterfactual.results import SIGN, WhatIf
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast
from negosim.lab.forecast.turning_points import Turns
from negosim.lab.replay.results import UNFED, Replay
from negosim.report.wording.assumptions import assumption
from negosim.report.wording.numbers import date, many
from negosim.report.wording.sentences import day
from negosim.stories.loading import Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.lab.counterfactual.results import Answer
    from negosim.lab.forecast.forecast import Likely
    from negosim.lab.forecast.turning_points import Turn

FEW = 100
"""Runs, counted by what they are worth, below which a share is called rough (as ``whatif`` refuses)."""
HARDLY = 0.05
"""Standard deviations that are printed as none."""
NAMED = 3
"""Outcomes, assumptions or shares named in a sentence."""


@singledispatch
def finding(answer: object) -> str:
    """The sentence with which a study opens. Raises TypeError for what is no study."""
    raise TypeError(f"a {type(answer).__name__} finds nothing")


# ── what-if ─────────────────────────────────────────────────────────────────────────────────────


@finding.register(WhatIf)
def _whatif(answer: WhatIf) -> str:
    if answer.refused:
        return f"No answer in this model: {answer.refused}."
    if not answer.outcomes:
        return "No answer in this model: no outcome was asked about."
    one = answer.outcomes[0]
    return f"In this model {_effect(one)}; given {_evidence(answer)}."


def has_sign(one: Answer) -> bool:
    """Whether an effect has one sign all through.

    Looked at are the Monte Carlo interval, the interval over preference weights where there is
    one, and the range over every variant.
    """
    intervals = [(one.effect, one.effect), (one.low, one.high), one.effect_range]
    if one.weights_low is not None and one.weights_high is not None:
        intervals.append((one.weights_low, one.weights_high))
    one_side = all(low > 0 for low, _ in intervals) or all(high < 0 for _, high in intervals)
    return one_side and abs(one.effect) >= SIGN


def is_settled(one: Answer) -> bool:
    """Whether an effect has a sign, and the changed world lies on one side of one half all through.

    The range of its share is widened by half the effect's Monte Carlo interval, since the share
    has an error of about that size.
    """
    error = (one.high - one.low) / 2
    low, high = one.range
    return has_sign(one) and not low - error <= 0.5 <= high + error and not one.depends_on


def doubts(one: Answer) -> tuple[str, ...]:
    """Why the sign of an effect is not settled, in words; none where it is."""
    if has_sign(one):
        return ()
    found = []
    if one.low <= 0 <= one.high or abs(one.effect) < SIGN:
        found.append("is within the reach of chance")
    if one.effect_range[0] <= 0 <= one.effect_range[1]:
        found.append("spans zero over the assumptions")
    if one.weights_low is not None and one.weights_high is not None and one.weights_low <= 0 <= one.weights_high:
        found.append("spans zero over the preference weights")
    return tuple(found or ["has more than one sign"])


def _effect(one: Answer) -> str:
    """Three strengths: nothing settled, the sign alone, or the sign and the side of one half."""
    shares = f"{_range(*one.range)} of the worlds with the change, {percent(one.factual)} without it"
    difference = f"{_points(one.effect)} points (95 %: {_points(one.low)} to {_points(one.high)})"
    depends = f"; depends on {_some(map(assumption, one.depends_on))}" if one.depends_on else ""
    if not has_sign(one):
        return (
            f"it is not settled whether {quoted(one.what)} comes about more or less often with the change: {shares}, "
            f"and the difference, {difference}, {_listed(doubts(one))}{depends}"
        )
    more = "more" if one.effect > 0 else "less"
    if not is_settled(one):
        return (
            f"{quoted(one.what)} comes about {more} often with the change than without it: {shares}, a difference of "
            f"{difference}; on which side of one half is not settled{depends}"
        )
    said = f"would have been {more} likely, {'above' if one.counterfactual > 0.5 else 'below'} one half"
    if (one.factual > 0.5) == (one.counterfactual > 0.5):
        said += " as without the change"
    return f"{quoted(one.what)} {said}: {shares}, a difference of {difference}"


def _evidence(answer: WhatIf) -> str:
    facts = f" and {many(len(answer.facts), 'fact')}" if answer.facts else " alone"
    return f"{many(len(answer.decisions), 'imposed choice')}{facts}, in {answer.worlds} worlds worth {answer.ess:.0f}"


# ── replay ──────────────────────────────────────────────────────────────────────────────────────


@finding.register(Replay)
def _replay(replay: Replay) -> str:
    unfed = [one for one in replay.facts if one.unfed]
    counts = {status: sum(one.status == status for one in unfed) for status in UNFED}
    if not unfed:
        return f"In this model nothing was left to follow: no fact of the record is unfed, {_imposed(replay)}."
    others = [(status.replace("-", " "), counts[status]) for status in UNFED[1:]]
    rest = ", ".join(f"{count} {status}" for status, count in others if count)
    those = f"{many(len(unfed), 'fact')} not fed, from {many(replay.clusters, 'cluster')}"
    follows = "followed" if counts["followed"] == len(unfed) else f"{counts['followed'] or 'none'} followed"
    return (
        f"In this model {follows} of {those}{f', {rest}' if rest else ''}; "
        f"{_imposed(replay)}, in {replay.n} replays worth {replay.ess:.0f}{_rough(replay.ess)}."
    )


def _imposed(replay: Replay) -> str:
    inferred = sum(one.inferred for one in replay.imposed)
    return f"{many(len(replay.imposed), 'choice')} imposed{f' ({inferred} of them inferred)' if inferred else ''}"


# ── looking ahead ───────────────────────────────────────────────────────────────────────────────


@finding.register(Forecast)
def _forecast(found: Forecast) -> str:
    kind = "hindcast" if found.hindcast else "forecast"
    done = f" with {_some(found.changes)}" if found.changes else ""
    seen = f"seen from {date(found.calendar, found.begins)} {found.calendar.local(found.begins).year}{done}"
    kinds = (
        ("likelier than not", [one for one in found.outcomes if one.low > 0.5]),
        ("less likely than not", [one for one in found.outcomes if one.high < 0.5]),
        ("near one half, so not to be told", [one for one in found.outcomes if one.low <= 0.5 <= one.high]),
    )
    parts = [f"{_likelies(those)} {'is' if len(those) == 1 else 'are'} {said}" for said, those in kinds if those]
    return (
        f"In this model, {seen}, {'; '.join(parts) or 'no outcome was asked about'} "
        f"(a {kind}, {found.n} runs worth {found.ess:.0f}{_rough(found.ess)})."
    )


def _likelies(those: Sequence[Likely]) -> str:
    named = [f"{one.name} ({_range(one.low, one.high)})" for one in those]
    return _some(named)


@finding.register(Turns)
def _turns(turns: Turns) -> str:
    step = largest_step(turns)
    if step is None:
        return (
            "In this model no outcome becomes clearly more or less likely from one documented decision to the next: "
            f"all intervals overlap ({turns.n} continuations each)."
        )
    before, after, place = step
    one, other = before.outcomes[place], after.outcomes[place]
    what = next(each.target.what for each in turns.outcomes if each.id == one.name)
    crosses = ", across one half" if (one.high < 0.5 < other.low or other.high < 0.5 < one.low) else ""
    worth = min(before.ess, after.ess)
    return (
        f"In this model the largest step stands after {after.address}={after.chose} "
        f"(by {day(turns.calendar.local(after.minute))}): {quoted(what)} goes from "
        f"{_range(one.low, one.high)} to {_range(other.low, other.high)}{crosses}; given the documented decisions "
        f"up to then, in {turns.n} continuations worth {worth:.0f} or more{_rough(worth)}."
    )


def largest_step(turns: Turns) -> tuple[Turn, Turn, int] | None:
    """The turns between which an outcome moves most, and its place; None where intervals overlap."""
    steps = [
        (abs(other.probability - one.probability), before, after, place)
        for before, after in zip(turns.turns, turns.turns[1:], strict=False)
        for place, (one, other) in enumerate(zip(before.outcomes, after.outcomes, strict=True))
        if one.high < other.low or other.high < one.low
    ]
    return max(steps, key=lambda step: step[0])[1:] if steps else None


@finding.register(Rivals)
def _rivals(found: Rivals) -> str:
    among = f"among the {many(len(found.rivals), 'account')} listed, in {found.n} replays each"
    if found.verdict is None:
        undecided = f"In this model the record does not decide between the accounts of {found.topic}"
        return f"{undecided}: {found.why_not}; {among}."
    best = next(one for one in found.rivals if one.name == found.verdict)
    return (
        f"In this model the record speaks for {found.verdict!r} at every prior scale, "
        f"posterior {percent(best.posterior)}; {among}."
    )


# ── many runs, and two ──────────────────────────────────────────────────────────────────────────


@finding.register(StudyResult)
def _study(found: StudyResult) -> str:
    done = found.runs - found.failed
    if done <= 0:
        return f"Nothing can be said in this model: none of {many(found.runs, 'run')} came to its end."
    ranked = sorted(found.shares.items(), key=lambda one: -one[1][0])
    shares = _some([f"{name} comes about in {_range(low, high)}" for name, (_, low, high) in ranked])
    failed = f", {found.failed} more failed" if found.failed else ""
    runs = f"{many(done, 'free run')}{failed}{_rough(done)}"
    return f"In this model {shares or 'no outcome was asked about'}, of {runs}."


@finding.register(Recovery)
def _recovery(found: Recovery) -> str:
    if found.lost == found.histories:
        return f"Nothing can be said in this model: none of {found.histories} drawn histories could be replayed."
    if found.record is None or found.low is None or found.high is None:
        score = "how surprising the record's decisions are is unknown: no replay of it got through"
    else:
        where = _BANDS[found.verdict]
        score = (
            f"the record's decisions are {_typical(found.record)}, {where} ({found.low:+.1f} to {found.high:+.1f}, "
            f"nine of ten of {found.histories - found.lost - found.failed} drawn histories)"
        )
    asked = many(len(found.calibration), "question")
    off = [one.question for one in found.calibration if not one.ok]
    trusted = f"its intervals cannot be trusted for {_some(off)}" if off else "off by no more than chance"
    return f"In this model {score}; known twins of {asked}: {trusted}."


def _typical(z: float) -> str:
    if abs(z) < HARDLY:
        return "as surprising as it expects"
    return f"{'less' if z > 0 else 'more'} surprising than it expects by {abs(z):.1f} standard deviations"


_BANDS = {
    "misfit": "below the band of a true model", "inside": "inside the band of a true model",
    "overfit": "above the band of a true model",
}  # fmt: skip


@finding.register(Comparison)
def _comparison(found: Comparison) -> str:
    if not found.differing:
        return "In this model the two runs are the same, entry for entry."
    counts = [(how, sum(row.how == how for row in found.rows)) for how in ("same", "gone", "new")]
    same, gone, new = (count for _, count in counts)
    other = len(found.rows) - same - gone - new
    return (
        f"In this model these two runs share {many(same, 'entry')}; only in the first stand {gone}, only in the second "
        f"{new}, and {other} otherwise, at another time or of other causes; one pair shows what can happen, not how "
        "often."
    )


@finding.register(Example)
def _example(found: Example) -> str:
    picked = "a free run"
    if found.fit is not None:
        agrees = f"{found.fit.agrees} of {many(found.fit.outcomes, 'outcome')} are as documented"
        picked = f"the best fitting of {found.fit.tried} ({agrees})"
    return f"{found.asks} One world as an illustration, {picked}. {finding(found.comparison)}"


@finding.register(Story)
def _story(story: Story) -> str:
    if story.record is None:
        return f"{story.scenario.title}: a scenario without a record."
    dated = [one.span.earliest for one in story.record.facts if one.span.earliest is not None and not one.background]
    calendar = story.record.calendar
    first, last = calendar.local(min(dated, default=0)), calendar.local(max(dated, default=0))
    return (
        f"{story.record.title}: the documented record, {many(len(dated), 'fact')}, "
        f"{day(first)} {first.year} to {day(last)} {last.year}."
    )


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def percent(value: float) -> str:
    """A share of 0..1 in percent; what is not quite none or all never reads as if it were."""
    if 0 < value < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < value < 1 else f"{100 * value:.0f} %"


def quoted(what: str) -> str:
    """An outcome's own sentence inside another."""
    return f"“{what.rstrip('. ')}”"


def _range(low: float, high: float) -> str:
    """Two shares as percent, rounded outwards."""
    first, last = max(floor(100 * low + 1e-9), 0), min(ceil(100 * high - 1e-9), 100)
    return f"{first} %" if first == last else f"{first} to {last} %"


def _points(value: float) -> str:
    """A difference of shares in percentage points; none has no sign."""
    points = round(100 * value)
    return f"{points:+d}" if points else "0"


def _rough(worth: float) -> str:
    return ", a rough figure" if worth < FEW else ""


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = [f"{len(listed) - NAMED} more"] if len(listed) > NAMED else []
    return _listed([*listed[:NAMED], *more])


def _listed(items: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(items[:-1]), items[-1] if items else "") if part)
