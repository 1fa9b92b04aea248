"""A dossier: all that is computed of one story for somebody to read, and nothing shown yet.

With ``until`` nothing later than that minute is in it: facts, outcomes and entries that come
after are left out, and so is every question about them.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from negosim.core.errors import BadValue
from negosim.inference.evidence import record_until
from negosim.inference.filter.items import items_of
from negosim.inference.pool import part_of
from negosim.lab.comparison.model_comparison import rivals
from negosim.lab.counterfactual.whatif import whatif
from negosim.lab.forecast.turning_points import turning_points
from negosim.lab.replay.replay import replay
from negosim.stories.manifest import sources_digest
from negosim.stories.questions import questions_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from negosim.inference.pool import Progress
    from negosim.lab.comparison.model_comparison import Rivals
    from negosim.lab.counterfactual.whatif_result import WhatIfResult
    from negosim.lab.forecast.turning_points import Turns
    from negosim.lab.replay.replay_result import ReplayResult
    from negosim.record import Record
    from negosim.sim.scenario import Scenario
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question

TURNS, RIVALS = 10, 5
"""Turning points have a tenth of the runs, every account of a rivalry a fifth of them."""
TURNS_MIN, RIVALS_MIN = 40, 100


@frozen(kw_only=True)
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
    return Dossier(record=_record_until(record, until), until=until)


def dossier(
    story: Story, questions: Sequence[Question], *, n: int = 400, seed: int = 0, until: int | None = None,
    facts: bool = True, quick: bool = False, jobs: int = 2, store: Store | None = None,
    executor: Executor | None = None, progress: Progress | None = None,
) -> Dossier:  # fmt: skip
    """Compute everything: the replay, each answer, the odds over time and the rival accounts.

    ``n`` particles make the replay and each answer at most, unless ``quick`` leaves out the odds and
    the rivals. ``facts``: answers are conditioned on outcomes and beliefs too. Raises BadValue for a
    question about what lies after ``until``, and what ``replay`` and ``whatif`` raise.
    """
    outcomes, known = known_by(until, story), questions_of(story)
    short = cut(story, until)
    later = _later(story, short.documented)
    asked = [_about_what_is_known(question, outcomes, story, until) for question in questions]
    topics = tuple(story.scenario.accounts) if until is None and not quick else ()
    parts = count(0)
    shared: dict[str, Any] = {"seed": seed, "jobs": jobs, "store": store, "executor": executor}

    def doing(what: str) -> Progress | None:
        return part_of(progress, next(parts), 2 + len(asked) + len(topics), what)

    replayed = replay(short, n=n, until=until, progress=doing("replay"), **shared)
    answers = []
    for question in asked:
        about = [outcome for outcome in known.about(question.about) if outcome in outcomes]
        answer = whatif(
            story, question, about, n=n, seed=seed, facts=facts, without=later, jobs=jobs, store=store,
            progress=doing(question.id or "question"),
        )  # fmt: skip
        answers.append(_about_what_is_known_of(answer, short))
    turns_n = max(n // TURNS, TURNS_MIN)
    turns = None
    if outcomes and not quick:
        turns = turning_points(
            short, outcomes, n=turns_n, until=until, progress=doing("turning points"), **shared
        )
    weighed = tuple(
        rivals(short, topic, n=max(n // RIVALS, RIVALS_MIN), progress=doing(f"rivals: {topic}"), **shared)
        for topic in topics
    )
    return Dossier(
        record=short.documented,
        until=until,
        scenario=short.scenario,
        replay=replayed,
        answers=tuple(answers),
        turns=turns,
        rivals=weighed,
        manifest={
            "negosim": sources_digest(), "scenario": story.scenario.name, "story": story.digest, "seed": seed,
            "n": n, "turning-points": turns_n, "until": until, "run": replayed.run,
            "questions": {
                question.id or "question": [str(change) for change in question.changes] for question in asked
            },
        },
    )  # fmt: skip


def _about_what_is_known_of(answer: WhatIfResult, short: Story) -> WhatIfResult:
    """The answer with the words of the shorter record alone."""
    return answer if answer.pair is None else evolve(answer, pair=evolve(answer.pair, record=short.record))


def _later(story: Story, short: Record) -> tuple[str, ...]:
    """The facts that are evidence and that a shorter record does not have."""
    known = {fact.id for fact in short.facts}
    items = items_of(story.documented, story.scenario)
    evidence = {item.fact.id if item.fact else item.imposition.fact if item.imposition else "" for item in items}
    return tuple(fact.id for fact in story.documented.facts if fact.id in evidence and fact.id not in known)


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
        outcome
        for outcome in questions_of(story).outcomes
        if until is None or (outcome.target.span.latest is not None and outcome.target.span.latest <= until)
    )


def _about_what_is_known(
    question: Question, outcomes: Sequence[Outcome], story: Story, until: int | None
) -> Question:
    """The question without the outcomes that come later; it must be meant about one that does not."""
    ids = {outcome.id for outcome in outcomes}
    if until is not None and question.about and question.about[0] not in ids:
        day = story.scenario.calendar.iso(until)[:10]
        raise BadValue(
            f"{question.id or 'the question'} asks about what comes after {day}: {question.about[0]}\n"
            "leave the question out, or move --until"
        )
    return evolve(question, about=tuple(id for id in question.about if id in ids))
