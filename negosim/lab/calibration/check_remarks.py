"""What a sound story may still get wrong: remarks from its code, its record and fifty quick runs.

Each remark says what, where, and what to write instead. ``remarks`` plays the runs; the functions
below it look at one thing each.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from negosim.core.errors import NegosimError, did_you_mean
from negosim.inference.evidence import impositions, must_follow
from negosim.lab.calibration.missed import comes_instead, day, waits_in_vain
from negosim.lab.calibration.results import Problem
from negosim.record.matching import about, is_like, judge
from negosim.sim.chance import Imposing, Prior
from negosim.sim.interventions import SetMechanism
from negosim.sim.play import play
from negosim.stories.questions import questions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from negosim.record.model import Fact, Pattern, Target
    from negosim.sim.chance import Imposition
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story

RUNS = 50
"""Free runs, and as many with the record imposed: what happens in one run of ten is met with 99 %."""
ENOUGH = 10
"""Runs that must have an event, or got through, before anything is said about their share."""
HARDLY = 0.2
"""The share of runs below which a date is hardly ever met."""
LISTENING = {"hear", "last", "all", "Events"}
HEARD_FIELDS = ("what", "action")
"""Calls that listen for events or look them up, and their keywords whose text somebody must say."""
ASKING = {"happened", "is_on", "due_of"}
"""Questions put to a view (``negosim.parts.known``) whose second argument is such a text."""


def remarks(story: Story, runs: int = RUNS) -> list[Problem]:
    """What is worth a second look in a sound story; an error where a run breaks a rule or the code.

    Plays ``runs`` free runs, and as many with the record imposed.
    """
    try:
        return list(_remarks(story, runs))
    except NegosimError as error:
        return [Problem("error", str(error))]


def _remarks(story: Story, runs: int) -> Iterator[Problem]:
    free = [play(story.scenario, Prior(0, run)) for run in range(runs)]
    imposed: list[Run] = []
    if story.record is not None:
        decisions = impositions(story.record)
        imposed = [play(story.scenario, Imposing(decisions, Prior(0, run))) for run in range(runs)]
    through = [run for run in imposed if run.failed_imposition is None]
    yield from broken_invariants(story, [*free, *imposed])
    for text in (
        *never_said(story),
        *decisions_out_of_reach(story, imposed, free),
        *never_reached(story, [*free, *imposed]),
        *never_met(story, [*free, *imposed]),
        *never_replayed(story, through, [*free, *imposed]),
        *dates_hardly_met(story, through),
        *settled_questions(story, through),
        *missing_notes(story),
        *priors_from_the_record(story),
    ):
        yield Problem("remark", text)


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def never_said(story: Story) -> Iterator[str]:
    """Words that a part waits for, or a reason looks up, and that stand nowhere else in the story's files."""
    heard: dict[str, str] = {}
    sayable = {given.what for given in story.scenario.givens} | set(story.scenario.happenings)
    for path in sorted(story.folder.rglob("*.py")):
        if not path.name.startswith("test_"):
            for word, line, listening in _words(path):
                if listening:
                    heard.setdefault(word, f"{path.name}:{line}")
                else:
                    sayable.add(word)
    for option in (option for decision in story.scenario.decisions for option in decision.menu):
        sayable.add(option.slug)
    for word, place in heard.items():
        if word not in sayable:
            hint = did_you_mean(word, sayable)
            yield f"{place}: somebody listens for {word!r}, which nobody says; {hint or 'say it, or let it happen'}"


def _words(path: Path) -> Iterator[tuple[str, int, bool]]:
    """The texts of a Python file with their lines, and whether somebody listens for them there."""
    tree = ast.parse(path.read_text(encoding="utf-8-sig"))
    heard = {
        id(text)
        for call in ast.walk(tree) if isinstance(call, ast.Call)
        for value in _listened_for(call)
        for text in ast.walk(value)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno, id(node) in heard
        elif isinstance(node, ast.JoinedStr):
            yield "", node.lineno, False
        elif isinstance(node, ast.ClassDef):
            for statement in node.body:  # options of an issue are said by their slugs
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                    yield statement.targets[0].id.replace("_", "-").lower(), node.lineno, False


def _listened_for(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that name what somebody must say: one text, or several in a tuple."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in ASKING:
        return call.args[1:2]
    return [keyword.value for keyword in call.keywords if keyword.arg in HEARD_FIELDS] if name in LISTENING else []


# ── runs ────────────────────────────────────────────────────────────────────────────────────────


def never_reached(story: Story, runs: Sequence[Run]) -> Iterator[str]:
    """Decisions that no run asks, nor a run with one mechanism switched."""
    names = [f"{decision.actor}.{decision.name}" for decision in story.scenario.decisions]
    asked = _asked(runs)
    if not asked.issuperset(names):
        for mechanism, on in story.scenario.mechanisms.items():
            switched = (SetMechanism(mechanism, not on),)
            asked |= _asked([play(story.scenario, Prior(0, run), switched) for run in range(ENOUGH)])
    for name in names:
        if name not in asked:
            yield (
                f"{name}: no part asks it in {len(runs)} quick runs; "
                "ask it with seat.choose(...), or see why the part that asks it is not reached"
            )


def decisions_out_of_reach(story: Story, imposed: Sequence[Run], free: Sequence[Run]) -> Iterator[str]:
    """Documented decisions that no replay is asked for at their address; none where a replay gets through."""
    if story.record is None or any(run.failed_imposition is None for run in imposed):
        return
    asked = dict.fromkeys(asked.address for run in (*imposed, *free) for asked in run.asked)
    failed = {run.failed_imposition[0]: run.failed_imposition[1] for run in imposed if run.failed_imposition}
    for decision, why in failed.items():
        stem = decision.address.partition("[")[0]
        near = [address for address in asked if address.partition("[")[0] == stem]
        hint = f"asked there: {', '.join(near)}" if near else f"no part asks {stem}"
        if any(decision.is_at(address) for address in near):
            hint = _asked_later(story, decision, free)
        place = story.record.place(story.record.fact(decision.fact))
        yield f"{place}: no quick replay takes {decision.address} = {decision.chose} ({why}); {hint}"


def _asked_later(story: Story, sought: Imposition, free: Sequence[Run]) -> str:
    """When the model asks for a decision that the record dates otherwise, and which later date stands before it."""
    paths = [[asked.address for asked in run.asked] for run in free]
    minutes = [asked.at for run in free for asked in run.asked if sought.is_at(asked.address)]
    before = [
        path[: min(map(path.index, filter(sought.is_at, path)))] for path in paths if any(map(sought.is_at, path))
    ]
    if not before:
        return "it is asked at other times only"
    first, last = (day(story.scenario, minute) for minute in (min(minutes), max(minutes)))
    when = f"left alone, the model asks it in {len(before)} of {len(free)} runs, from {first} to {last}"
    behind = [
        f"{other.fact} {other.address}"
        for other in impositions(story.documented)
        if other.earliest > sought.latest and all(any(map(other.is_at, path)) for path in before)
    ]
    return f"{when}, always after {', '.join(behind)}, which the record dates later" if behind else when


def _asked(runs: Sequence[Run]) -> set[str]:
    return {asked.address.partition("[")[0] for run in runs for asked in run.asked}


def dates_hardly_met(story: Story, runs: Sequence[Run]) -> Iterator[str]:
    """Facts whose event comes in many runs, and on its date in few."""
    if story.record is None:
        return
    for fact in must_follow(story.record):
        if fact.in_order or any(pattern.absent for pattern in fact.expect) or not fact.expect:
            continue
        comes = [run for run in runs if _ever(fact, run)]
        on_date = [run for run in comes if judge(fact, run.entries).hit]
        if len(comes) >= ENOUGH and len(on_date) < HARDLY * len(comes):
            share = round(100 * len(on_date) / len(comes))
            yield (
                f"{story.record.place(fact)}: falls on {fact.span.text} in {share} % of the {len(comes)} quick replays "
                f"that have it; most often it comes {comes_instead(story, fact, comes)}; should it wait for something "
                "else? Or give it a date in the model, seat.pause(until=seat.calendar.at(...)), or explain it; "
                f"{_look(story, fact)}"
            )


def never_met(story: Story, runs: Sequence[Run]) -> Iterator[str]:
    """Facts and outcomes with an expected event that no run has; none of a fact that is explained."""
    events = [entry.event for run in runs for entry in run.entries]
    for place, target, otherwise in _expected(story):
        for pattern in target.expect:
            if pattern.absent or any(is_like(pattern, event) for event in events):
                continue
            wider = replace(pattern, what="", share=None, has=())
            seen = dict.fromkeys(slug for event in events if is_like(wider, event) for slug in about(event))
            there = f"there is {', '.join(seen)}" if seen else "let a part do it"
            hint = did_you_mean(pattern.what, seen).rstrip("?") or there
            yield f"{place}: no quick run has what it expects, {said(pattern)}; {hint}, or {otherwise}"


def never_replayed(story: Story, through: Sequence[Run], runs: Sequence[Run]) -> Iterator[str]:
    """Facts that no replay has though other runs do, with what their actors wait for; none that is explained."""
    for fact in must_follow(story.record) if story.record and len(through) >= ENOUGH else ():
        dead = fact.expect and not any(_ever(fact, run) for run in through) and any(_ever(fact, run) for run in runs)
        if dead and fact.id not in story.scenario.explanations:
            actors = dict.fromkeys(pattern.by for pattern in fact.expect if pattern.by) or fact.who
            known = [actor for actor in actors if actor in story.scenario.table.actors]
            missed = (
                f"{story.documented.place(fact)}: none of {len(through)} quick replays has what it expects, "
                f"{', '.join(map(said, fact.expect))}, though other runs do"
            )
            yield "; ".join((missed, *waits_in_vain(story.scenario, through[0], known), _look(story, fact)))


def _look(story: Story, fact: Fact) -> str:
    """Where its author sees what happens instead."""
    return f"look: negosim run {story.scenario.name} --told, then negosim why KEY {fact.id}"


def _expected(story: Story) -> Iterator[tuple[str, Fact | Target, str]]:
    """What is expected of the model: where it is written, what, and what its author can do where nothing does it."""
    for fact in must_follow(story.record) if story.record else ():
        if fact.id not in story.scenario.explanations:
            yield story.documented.place(fact), fact, "explain it: explanations={...}"
    for outcome in questions_of(story).outcomes:
        yield f'questions.toml: outcome "{outcome.id}"', outcome.target, "leave it out"


def said(pattern: Pattern) -> str:
    """An expected event in words: ``kept what=toll by=crown``."""
    fields = ((name, getattr(pattern, name)) for name in ("what", "by", "to", "channel"))
    return " ".join([pattern.event, *(f"{name}={value}" for name, value in fields if value)])


def _ever(fact: Fact | Target, run: Run) -> bool:
    return all(any(is_like(pattern, entry.event) for entry in run.entries) for pattern in fact.expect)


def settled_questions(story: Story, through: Sequence[Run]) -> Iterator[str]:
    """One remark on the questions whose first outcome every replay has and none with the change, or the reverse."""
    known = questions_of(story)
    settled = []
    for question in known.questions if len(through) >= ENOUGH else ():
        for target in (known.outcome(id).target for id in question.about[:1]):
            hits = {judge(target, run.entries).hit for run in through}
            twins = (play(story.scenario, run.world, question.changes) for run in through[:ENOUGH])
            if len(hits) == 1 and hits.isdisjoint(judge(target, twin.entries).hit for twin in twins):
                settled.append(f'"{question.id}"')
    if settled:
        yield (
            f"questions.toml: the change settles the outcome by itself in {', '.join(settled)}: it comes in all quick "
            "replays and in none with the change, or the reverse; keep it, or ask about what could go either way"
        )


def broken_invariants(story: Story, runs: Sequence[Run]) -> Iterator[Problem]:
    """Rules that the story exports and a run breaks, each once."""
    for invariant in story.invariants:
        for run in runs:
            entry = invariant(run.entries)
            if entry is not None:
                name = getattr(invariant, "__name__", str(invariant))
                yield Problem(
                    "error",
                    f"invariant {name} is broken in run {run.world.run} of seed {run.world.seed}: entry {entry.index}, "
                    f"{story.scenario.calendar.iso(entry.minute)}, {entry.event.name} by {entry.event.by}",
                )
                break


# ── notes ───────────────────────────────────────────────────────────────────────────────────────


def missing_notes(story: Story) -> Iterator[str]:
    """Answers and weights of which nobody says where they come from."""
    for decision in story.scenario.decisions:
        for answer, option in decision.menu.items():
            if not option.note.strip():
                name = f"{decision.actor}.{decision.name}"
                yield f'{name} = {answer.slug}: no note; write because("who considered it, or which theory", ...)'
    for actor, priors in story.scenario.weights.items():
        for name, prior in priors.items():
            if not prior.note.strip():
                yield f'{actor}.{name}: its prior has no note; write Weight({prior.mean}, {prior.sd}, "why")'


def priors_from_the_record(story: Story) -> Iterator[str]:
    """Priors whose note names a fact of the time that the model is judged by."""
    if story.record is None:
        return
    judged = {
        fact.id for fact in story.record.facts if not fact.background and (fact.span.earliest or 0) >= 0
    }
    for actor, priors in story.scenario.weights.items():
        for name, prior in priors.items():
            if named := [word for word in re.findall(r"[\w-]+", prior.note) if word in judged]:
                yield (
                    f"{actor}.{name}: its prior rests on {', '.join(dict.fromkeys(named))}, a fact it is judged by; "
                    "take it from theory, from another case, or from before the clock begins"
                )
