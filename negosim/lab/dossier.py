"""A dossier: all that is computed of one story for somebody to read, and nothing shown yet.

With ``until`` nothing later than that minute is in it: facts, outcomes and entries that come
after are left out, and so is every question about them.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from negosim.core.errors import BadValue
from negosim.inference.estimates import NORMAL_95, Estimate
from negosim.inference.evidence import record_until
from negosim.inference.pool import part_of
from negosim.lab.comparison.model_comparison import rivals
from negosim.lab.counterfactual.alignment import first_divergence
from negosim.lab.counterfactual.factorial import Chance, Drawn, switches
from negosim.lab.counterfactual.whatif import whatif
from negosim.lab.counterfactual.whatif_result import Conditions, OutcomeAnswer, Pair, WhatIfResult
from negosim.lab.forecast.turning_points import turning_points
from negosim.stories.manifest import sources_digest
from negosim.stories.questions import questions_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.events import Entry
    from negosim.inference.pool import Progress
    from negosim.lab.comparison.model_comparison import Rivals
    from negosim.lab.counterfactual.results import Answer, WhatIf
    from negosim.lab.counterfactual.whatif_result import Settled
    from negosim.lab.forecast.turning_points import Turns
    from negosim.lab.replay.replay_result import ReplayResult
    from negosim.record import Record
    from negosim.sim.scenario import Scenario
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question

TURNS, RIVALS = 10, 5
"""Turning points have a tenth of the runs, every account of a rivalry a fifth of them."""
TURNS_MIN, RIVALS_MIN = 40, 100
PRECISION, UNSETTLED = 0.05, 0.1
"""Half-widths of an interval above which a share is rough, and above which nothing is settled."""


@frozen
class Dossier:
    """What there is to show of a history; ``record`` holds no more than may be shown.

    A record alone has no ``scenario``, and then nothing else either. ``replay`` is one simulated
    course that bears the record out, ``answers`` the what-ifs, each with a pair of courses.
    """

    record: Record
    until: int | None = None
    scenario: Scenario | None = None
    replay: ReplayResult | None = None
    answers: tuple[WhatIfResult, ...] = ()
    turns: Turns | None = None
    rivals: tuple[Rivals, ...] = ()
    manifest: Mapping[str, Any] = field(factory=dict)


def dossier_of_record(record: Record, until: int | None = None) -> Dossier:
    """A record alone, as it stood at the end of a minute."""
    return Dossier(_record_until(record, until), until)


def dossier(
    story: Story, questions: Sequence[Question], *, n: int = 1000, seed: int = 0,
    until: int | None = None, facts: bool = True, robust: bool = True, jobs: int = 2,
    progress: Progress | None = None,
) -> Dossier:  # fmt: skip
    """Compute everything: the draw, the switches, each answer, turning points and rival accounts.

    ``n`` replays give each posterior; ``facts`` and ``robust`` are those of ``whatif``. Raises
    BadValue for a question about what lies after ``until``, and what ``whatif`` and ``switches`` raise.
    """
    outcomes = known_by(until, story)
    short = cut(story, until)
    questions = [_about_what_is_known(question, outcomes, story, until) for question in questions]
    topics = tuple(story.scenario.accounts) if until is None else ()
    parts = count(0)

    def doing(what: str) -> Progress | None:
        return part_of(progress, next(parts), 2 + len(questions) + len(topics), what)

    combined = switches(
        short, questions, outcomes, n=n, seed=seed, jobs=jobs,
        progress=doing(f"{2 ** len(questions)} combinations" if questions else "replays"),
    )  # fmt: skip
    known = questions_of(story)
    answers = [
        whatif(
            short, one, [each for each in known.about(one.about) if each in outcomes], n=n, seed=seed,
            facts=facts, robust=robust, jobs=jobs, progress=doing(one.id or "question"),
        )
        for one in questions
    ]  # fmt: skip
    turns_n = max(n // TURNS, TURNS_MIN)
    turns = None
    if outcomes:
        turns = turning_points(short, outcomes, n=turns_n, seed=seed, jobs=jobs, progress=doing("turning points"))
    weighed = [
        rivals(short, topic, n=max(n // RIVALS, RIVALS_MIN), seed=seed, jobs=jobs, progress=doing(f"rivals: {topic}"))
        for topic in topics
    ]
    draw = _drawn_until(combined.draw, until)
    pairs = [_pair(short, draw.factual, twin) for twin in draw.twins]
    return Dossier(
        short.documented, until, short.scenario, None,
        tuple(_result(answer, pair, seed) for answer, pair in zip(answers, pairs, strict=True)), turns, tuple(weighed),
        {
            "negosim": sources_digest(), "scenario": story.scenario.name, "story": story.digest,
            "seed": seed, "n": n, "turning-points": turns_n, "until": until,
            "draw": combined.draw.run, "combinations": len(combined.settings), "worlds": combined.worlds,
            "played": combined.used, "ess": combined.ess,
            "questions": {one.id or "question": [str(each) for each in one.changes] for one in questions},
        },
    )  # fmt: skip


# ── until ``whatif`` itself answers in the filter's terms ───────────────────────────────────────


def _pair(story: Story, factual: tuple[Entry, ...], twin: tuple[Entry, ...]) -> Pair:
    return Pair(factual, twin, first_divergence(factual, twin), story.scenario, story.documented)


def _result(answer: WhatIf, pair: Pair, seed: int) -> WhatIfResult:
    """An answer of the particles as the page reads it; a Wilson interval for each share."""
    outcomes = () if answer.refused else tuple(_outcome(outcome, answer.ess) for outcome in answer.outcomes)
    conditions = Conditions(
        answer.n, answer.islands, answer.ess, answer.pareto_k, seed, answer.decisions, answer.facts, (),
        answer.left_out, answer.asked_in / max(answer.worlds, 1), answer.already, answer.affected, None,
        answer.manifest,
    )  # fmt: skip
    return WhatIfResult(
        answer.scenario, answer.question, answer.asks, answer.changes, answer.calendar, outcomes, (), pair, conditions,
        PRECISION, answer.refused,
    )  # fmt: skip


def _outcome(outcome: Answer, ess: float) -> OutcomeAnswer:
    fresh = next((twin - here for name, here, twin in outcome.variants if name == "coupling independent"), None)
    half = (outcome.high - outcome.low) / 2
    settled: Settled = "not settled" if half > UNSETTLED else "rough" if half > PRECISION else "settled"
    return OutcomeAnswer(
        outcome.name, outcome.what, outcome.happened, _share(outcome.factual, ess), _share(outcome.counterfactual, ess),
        Estimate(outcome.effect, half / NORMAL_95), settled,
        fixed=bool(outcome.presupposed_by), fixed_by=outcome.presupposed_by,
        pn=None if outcome.pn_record is None else _share(outcome.pn_record, ess),
        independent=None if fresh is None else Estimate(fresh, half / NORMAL_95),
    )  # fmt: skip


def _share(share: float, ess: float) -> Estimate:
    chance = Chance.of(share, max(ess, 1.0))
    return Estimate(share, (chance.high - chance.low) / 2 / NORMAL_95)


def cut(story: Story, until: int | None) -> Story:
    """The story with the record as it stood at the end of a minute, and no words about later facts."""
    if until is None:
        return story
    return evolve(story, record=_record_until(story.documented, until))


def _record_until(record: Record, until: int | None) -> Record:
    if until is None:
        return record
    short = record_until(record, until)
    ids = {fact.id for fact in short.facts}
    conflicts = tuple(conflict for conflict in short.conflicts if set(conflict.facts) <= ids)
    return evolve(short, conflicts=conflicts, targets=())


def known_by(until: int | None, story: Story) -> tuple[Outcome, ...]:
    """The story's outcomes, but for those that the record dates after a minute."""
    return tuple(
        one
        for one in questions_of(story).outcomes
        if until is None or (one.target.span.latest is not None and one.target.span.latest <= until)
    )


def _about_what_is_known(
    question: Question, outcomes: Sequence[Outcome], story: Story, until: int | None
) -> Question:
    """The question without the outcomes that come later; it must be meant about one that does not."""
    ids = {one.id for one in outcomes}
    if until is not None and question.about and question.about[0] not in ids:
        day = story.scenario.calendar.iso(until)[:10]
        raise BadValue(
            f"{question.id or 'the question'} asks about what comes after {day}: {question.about[0]}\n"
            "leave the question out, or move --until"
        )
    return evolve(question, about=tuple(id for id in question.about if id in ids))


def _drawn_until(draw: Drawn, until: int | None) -> Drawn:
    if until is None:
        return draw
    logs = [tuple(one for one in log if one.minute <= until) for log in (draw.factual, *draw.twins)]
    return Drawn(draw.run, logs[0], tuple(logs[1:]))
