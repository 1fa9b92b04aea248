"""Verbs that ask: ``replay``, ``whatif``, ``forecast``, ``turning-points``, ``rivals``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import examples, jobs_option, name_argument, seed_option, shown, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from negosim.cli.screen import Screen
    from negosim.core.events import Entry
    from negosim.lab.counterfactual.illustration import Example
    from negosim.lab.counterfactual.results import WhatIf
    from negosim.lab.replay.results import Replay
    from negosim.stories.loading import Story
    from negosim.stories.questions import Question, Questions

Verb: TypeAlias = "Callable[..., Any]"


def _runs(default: int) -> Callable[[Verb], Verb]:
    return click.option(
        "-n", "--runs", type=click.IntRange(1), default=default, show_default=True, help="Number of runs."
    )


@click.command(epilog=examples("negosim replay pti-2024", "negosim replay pti-2024 --until 2024-11-23"))
@name_argument
@click.option("-n", "--runs", type=click.IntRange(1), default=400, show_default=True,
              help="Number of simulated courses.")  # fmt: skip
@seed_option
@click.option("--until", metavar="DATE", help="Use the record up to this local date only.")
@click.option("--require", type=click.IntRange(0), metavar="N",
              help="Exit with 1 unless N facts that were not fed follow.")  # fmt: skip
@jobs_option
@click.option("--wide", is_flag=True, help="Give every actor a lane of its own.")
@click.option("-v", "--verbose", is_flag=True, help="Show choices and deliveries too.")
@stored
@shown
def replay(
    screen: Screen, name: str, *, runs: int, seed: int, until: str | None, require: int | None,
    jobs: int, wide: bool, verbose: bool, store: str | None,
) -> ExitCode:  # fmt: skip
    """Does the model explain the documented history?

    The documented decisions are told to the model; every other fact must follow by itself.
    """
    from negosim.cli.errors import complain
    from negosim.cli.kept_runs import minute_of, opened
    from negosim.lab.replay.replay import replay as replayed
    from negosim.lab.replay.unreached import LostPath
    from negosim.stories import loading
    from negosim.stories.preregistration import Standing, note_version

    story = loading.load(name)
    stop = minute_of(until, story.scenario.calendar)
    with opened(store) as kept:
        if story.record is not None:
            note_version(kept, story)
        standing = Standing.of(story, kept)
        try:
            with screen.progress(f"replaying {story.scenario.name}") as progress:
                found = replayed(
                    story, n=runs, seed=seed, until=stop, jobs=jobs, store=kept,
                    progress=progress,
                )  # fmt: skip
        except LostPath as lost:
            complain(screen.err, lost)
            return ExitCode.ANSWER_IS_NO
        entries = tuple(kept.entries(found.draw.key))
    followed = sum(one.status == "followed" for one in found.facts)
    if screen.json:
        screen.document({**found.to_json(), "standing": standing.to_json()})
    else:
        _show_replay(screen, story, found, entries, wide=wide, verbose=verbose)
        screen.show("", *standing.lines)
    if require is not None and followed < require:
        screen.note(f"{followed} facts followed, {require} were required")
        return ExitCode.ANSWER_IS_NO
    return ExitCode.DONE


def _show_replay(
    screen: Screen, story: Story, found: Replay, entries: tuple[Entry, ...], *, wide: bool,
    verbose: bool,
) -> None:  # fmt: skip
    from negosim.report.results import sentence
    from negosim.report.results.replay import caption, sections
    from negosim.report.terminal.timeline import span_of
    from negosim.report.terminal.timeline_rows import timeline_of

    chart = timeline_of(story, entries, wide=wide, everything=verbose)
    rows = chart.rows
    screen.show(
        sentence(found),
        f"{found.title}: {found.n} replays, seed {found.seed}",
        "",
        f"{caption(found)}; {len(rows)} moves, {span_of(rows)}",
        "",
        chart,
    )
    for heading, part in sections(found):
        screen.section(heading, part)


@click.command(
    epilog=examples(
        "negosim whatif pti-2024 visit-refused",
        "negosim whatif pti-2024 --do 'government.answer[own-physician]=refuse'",
    )
)
@name_argument
@click.argument("question", required=False, help="One of the story's questions; see: negosim questions NAME.")
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Decide otherwise at an address.")  # fmt: skip
@click.option("--change", "changes", multiple=True, metavar="CHANGE",
              help="Any other change, such as 'close CHANNEL from DATE'.")  # fmt: skip
@click.option("-n", "--replays", type=click.IntRange(100), default=2000, show_default=True,
              help="Number of simulated courses; effective draws are fewer.")  # fmt: skip
@click.option("--decisions-alone", is_flag=True,
              help="Condition on the documented decisions, not on outcomes and beliefs.")  # fmt: skip
@click.option("--quick", is_flag=True,
              help="Leave out the ranges that need replays of their own.")  # fmt: skip
@click.option("--keep", is_flag=True,
              help="Keep and show one replay beside its twin; why and compare read them by key.")  # fmt: skip
@jobs_option
@seed_option
@stored
@shown
def whatif(
    screen: Screen, name: str, question: str | None, *, forced: tuple[str, ...], changes: tuple[str, ...],
    replays: int, decisions_alone: bool, quick: bool, keep: bool, jobs: int, seed: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """Would it have happened without that?

    Everything is kept as it was, as far as the record tells it, and one thing is changed. The
    answer is about this model, not about history; it comes with its range over assumptions.
    """
    from negosim.cli import kept_runs
    from negosim.lab.counterfactual.whatif import whatif as asked
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    known = questions_of(story)
    meant = _meant(story, known, question, (*forced, *changes))
    with screen.progress(f"asking {story.scenario.name}") as progress:
        answer = asked(
            story, meant, known.about(meant.about), n=replays, seed=seed, facts=not decisions_alone,
            robust=not quick, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    pair = _kept_pair(story, meant, known, seed, store) if keep else None
    keys = {"kept": pair[1], "twin": pair[2]} if pair else {}
    _show_answer(screen, story, answer, {**answer.to_json(), **keys})
    if pair and not screen.json:
        screen.show("", pair[0])
        kept_runs.tell_pair(screen, *pair)
    return _code(screen, answer)


def _kept_pair(
    story: Story, meant: Question, known: Questions, seed: int, store: str | None
) -> tuple[Example, str, str]:
    """A replay of the record and its twin, and the keys under which they are kept now."""
    from negosim.cli import kept_runs
    from negosim.lab.counterfactual.illustration import replayed_example

    pair = replayed_example(story, meant, known.about(meant.about), seed=seed)
    with kept_runs.opened(store) as place:
        factual, twin = kept_runs.keep_pair(place, story.folder, pair)
    return pair, factual.key, twin.key


def _code(screen: Screen, answer: WhatIf) -> ExitCode:
    if answer.refused:
        screen.note(f"no answer: {answer.refused}")
        return ExitCode.ANSWER_IS_NO
    return ExitCode.DONE


def _meant(story: Story, known: Questions, id: str | None, texts: tuple[str, ...]) -> Question:
    """The named question with what else is changed, or a question made of the changes alone."""
    from negosim.stories.intervention_syntax import change_of
    from negosim.stories.questions import Question

    changes = tuple(change_of(text, story.scenario.calendar) for text in texts)
    if id is not None:
        named = known.question(id)
        return Question(named.id, named.asks, (*named.changes, *changes), named.about, named.basis)
    if not changes:
        raise click.UsageError("name a question, or say what is changed with --do or --change")
    if not known.outcomes:
        raise click.UsageError(f"{story.scenario.name} has no outcomes to ask about; write questions.toml beside it")
    return Question("", f"What if {' and '.join(texts)}?", changes, (known.outcomes[0].id,), "")


@click.command(
    epilog=examples(
        "negosim forecast pti-2024 --from 2024-11-14",
        "negosim forecast pti-2024 --from 2024-10-12 --do 'government.answer[own-physician]=refuse'",
    )
)
@name_argument
@click.option("--from", "begins", required=True, metavar="DATE", help="The record is known up to this local date.")
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Decide so at an address after the date (rung 2: what to expect of an act).")  # fmt: skip
@_runs(1000)
@jobs_option
@seed_option
@shown
def forecast(
    screen: Screen, name: str, *, begins: str, forced: tuple[str, ...], runs: int, jobs: int, seed: int
) -> ExitCode:
    """What was likely from a date on, given the record up to it?"""
    from negosim.lab.forecast.forecast import forecast as looked
    from negosim.stories import loading
    from negosim.stories.intervention_syntax import change_of
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    calendar = story.scenario.calendar
    changes = tuple(change_of(text, calendar) for text in forced)
    with screen.progress(f"looking ahead in {story.scenario.name}") as progress:
        found = looked(
            story, calendar.at(begins), questions_of(story).outcomes, changes, n=runs, seed=seed, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    if screen.json:
        screen.document(found.to_json())
        return ExitCode.DONE
    screen.show(found)
    return ExitCode.DONE


@click.command(
    "turning-points",
    epilog=examples("negosim turning-points pti-2024", "negosim turning-points pti-2024 -n 200"),
)
@name_argument
@_runs(400)
@jobs_option
@seed_option
@shown
def turning_points(screen: Screen, name: str, *, runs: int, jobs: int, seed: int) -> ExitCode:
    """How likely each outcome had become after each decision."""
    from negosim.lab.forecast.turning_points import turning_points as turned
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    with screen.progress(f"forking {story.scenario.name}") as progress:
        found = turned(
            story, questions_of(story).outcomes, n=runs, seed=seed, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    _show_answer(screen, story, found, found.to_json())
    return ExitCode.DONE


@click.command(
    epilog=examples("negosim rivals pti-2024 sangjani", "negosim rivals pti-2024 sangjani --by-fact")
)
@name_argument
@click.argument("topic", help="The affair whose accounts are compared.")
@click.option("--by-fact", is_flag=True, help="Show each clue's weight of evidence in decibels.")
@click.option("--testimony", is_flag=True,
              help="Weigh what was said too, by the scenario's 'who would say this if'.")  # fmt: skip
@_runs(1000)
@jobs_option
@seed_option
@shown
def rivals(
    screen: Screen, name: str, topic: str, *, by_fact: bool, testimony: bool, runs: int, jobs: int, seed: int
) -> ExitCode:
    """Which account of one affair fits the record best?"""
    from negosim.lab.comparison.model_comparison import rivals as weighed
    from negosim.stories import loading

    story = loading.load(name)
    with screen.progress(f"weighing {topic}") as progress:
        found = weighed(
            story, topic, n=runs, seed=seed, testimony=testimony, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    _show_answer(screen, story, found, found.to_json())
    if by_fact and not screen.json:
        from negosim.report.results.rivals import Clues

        screen.show("", Clues(found))
    return ExitCode.DONE


def _show_answer(screen: Screen, story: Story, answer: RenderableType, document: dict[str, Any]) -> None:
    """Show an answer, or its document with ``--json``; below it whether the model is frozen, and what changed since."""
    from negosim.stories.preregistration import Standing

    standing = Standing.of(story)
    if screen.json:
        screen.document({**document, "standing": standing.to_json()})
        return
    screen.show(answer, "", *standing.lines)
