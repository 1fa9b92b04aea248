"""Verbs that ask: ``replay``, ``whatif``, ``causes``, ``forecast``, ``turning-points``, ``rivals``."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import (
    Real,
    examples,
    executor_option,
    jobs_option,
    name_argument,
    seed_option,
    shown,
    stored,
)
from negosim.core.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import RenderableType

    from negosim.cli.screen import Screen
    from negosim.lab.comparison.model_comparison import Rivals
    from negosim.lab.counterfactual.causes_result import Causes
    from negosim.lab.counterfactual.illustration import Example
    from negosim.lab.counterfactual.whatif_result import WhatIfResult
    from negosim.lab.forecast.forecast import Forecast
    from negosim.lab.forecast.turning_points import Turns
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story
    from negosim.stories.questions import Outcome, Question, Questions

Verb: TypeAlias = "Callable[..., Any]"


def _runs(default: int) -> Callable[[Verb], Verb]:
    return click.option(
        "-n", "--runs", type=click.IntRange(1), default=default, show_default=True, help="Number of runs."
    )


@click.command(epilog=examples("negosim replay pti-2024", "negosim replay pti-2024 --until 2024-11-23"))
@name_argument
@click.option("-n", "--runs", type=click.IntRange(1), default=400, show_default=True,
              help="Number of simulated courses; as many again where they cannot say enough.")  # fmt: skip
@seed_option
@click.option("--until", metavar="DATE", help="Use the record up to this local date only.")
@click.option("--require", type=click.IntRange(0), metavar="N",
              help="Exit with 1 unless N facts that the model was not told follow.")  # fmt: skip
@jobs_option
@click.option("--predict", is_flag=True,
              help="Show what the model would have said of each fact before its time.")  # fmt: skip
@click.option("--matched", is_flag=True,
              help="Compare with 40 stories that have the same questions and reasons without meaning.")  # fmt: skip
@click.option("--all", "everything", is_flag=True,
              help="Show every fact, and the simulated moves between them.")  # fmt: skip
@stored
@shown
def replay(
    screen: Screen, name: str, *, runs: int, seed: int, until: str | None, require: int | None,
    jobs: int, predict: bool, matched: bool, everything: bool, store: str | None,
) -> ExitCode:  # fmt: skip
    """Does the model explain the documented history?

    The history, fact by fact: each was told to the model, follows by itself, or cannot be produced.
    Its surprise is in bits: -log2 of its probability given all facts before it.
    """
    from negosim.cli.kept_runs import minute_of, opened
    from negosim.lab.replay.replay import replay as replayed
    from negosim.report.results.replay import parts, sentence, whole
    from negosim.stories import loading
    from negosim.stories.preregistration import ModelHistory, note_version

    story = loading.load(name)
    stop = minute_of(until, story.scenario.calendar)
    with opened(store) as open_store:
        if story.record is not None:
            note_version(open_store, story)
        history = ModelHistory.of(story, open_store)
        if predict:
            return _predict(screen, story, runs, seed, stop, jobs, open_store)
        with screen.progress(f"replaying {story.scenario.name}") as progress:
            result = replayed(story, n=runs, seed=seed, until=stop, matched=matched, jobs=jobs, store=open_store,
                              progress=progress)  # fmt: skip
    if screen.json:
        screen.document({**result.to_json(), "standing": history.to_json()})
    else:
        rows = whole(result, story.scenario) if everything else parts(result)
        screen.show(sentence(result), *rows, *(history.lines if everything else ()))
    untold = [row for row in result.rows if row.decisions and row.status == "cannot be produced"]
    for row in untold:
        screen.note(f"{row.id}: {row.why or row.unasked}")
    follow = result.count("follows")
    if require is not None and follow < require:
        screen.note(f"{follow} facts follow, {require} were required")
        return ExitCode.ANSWER_IS_NO
    return ExitCode.ANSWER_IS_NO if untold else ExitCode.DONE


def _predict(
    screen: Screen, story: Story, runs: int, seed: int, until: int | None, jobs: int, store: Store | None
) -> ExitCode:
    from negosim.lab.replay.prediction import predict

    with screen.progress(f"predicting {story.scenario.name}", keeps=False) as progress:
        result = predict(story, n=runs, seed=seed, until=until, jobs=jobs, store=store, progress=progress)
    if screen.json:
        screen.document(result.to_json())
    else:
        screen.show(result)
    return ExitCode.DONE


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
@click.option("--about", multiple=True, metavar="OUTCOME",
              help="The outcome that the first sentence is about, and further ones before the rest.")  # fmt: skip
@click.option("-n", "--runs", type=click.IntRange(1), default=3600, show_default=True,
              help="The most simulated courses; effective draws are fewer.")  # fmt: skip
@click.option("--precision", type=Real(0.001, 0.5), default=0.05, show_default=True,
              help="Go on until the 95 % interval reaches so far to each side.")  # fmt: skip
@click.option("--seconds", type=Real(0, min_open=True), help="Go on for so long at most.")
@click.option("--without", multiple=True, metavar="ITEM",
              help="Leave a fact or a decision out of the evidence.")  # fmt: skip
@click.option("--decisions-alone", is_flag=True,
              help="Condition on the documented decisions, not on outcomes and beliefs.")  # fmt: skip
@click.option("--keep", is_flag=True,
              help="Keep and show one course beside its twin; why and compare read them by key.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show both courses in full and all conditions.")
@jobs_option
@executor_option
@seed_option
@stored
@shown
def whatif(
    screen: Screen, name: str, question: str | None, *, forced: tuple[str, ...], changes: tuple[str, ...],
    about: tuple[str, ...], runs: int, precision: float, seconds: float | None, without: tuple[str, ...],
    decisions_alone: bool, keep: bool, verbose: bool, jobs: int, executor: str | None, seed: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """Would it have happened without that?

    Everything is kept as it was, as far as the record tells it, and one thing is changed. The
    answer grows more precise until it is good enough; Control-C shows the answer so far. It is
    about this model, not about history.
    """
    from negosim.cli import kept_runs
    from negosim.lab.cluster import executor_at
    from negosim.lab.counterfactual.whatif import whatif as asked
    from negosim.report.results.counterfactual.whatif import PARTING_ROWS, details, parts, sentence
    from negosim.stories import loading
    from negosim.stories.preregistration import ModelHistory
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    known = questions_of(story)
    meant = _meant(story, known, question, (*forced, *changes))
    first = known.about(about or meant.about)
    with (
        kept_runs.opened(store) as place,
        executor_at(executor, jobs) as (lent, count),
        screen.progress(f"asking {story.scenario.name}") as progress,
    ):
        answer = asked(
            story, meant, first, n=runs, precision=precision, seed=seed,
            facts=not decisions_alone, without=without, jobs=count, store=place, executor=lent, progress=progress,
            enough=_until(seconds),
        )  # fmt: skip
    pair = _kept_pair(story, answer, store) if keep and answer.pair else None
    keys = {"kept": pair[1], "twin": pair[2]} if pair else {}
    history = ModelHistory.of(story)
    if screen.json:
        screen.document({**answer.to_json(), **keys, "standing": history.to_json()})
    else:
        more = (*details(answer), *history.lines) if verbose else ()
        screen.show(sentence(answer), *parts(answer, None if verbose else PARTING_ROWS), *more)
        if pair:
            screen.show("", pair[0])
            kept_runs.tell_pair(screen, *pair)
    return _code(screen, answer)


def _until(seconds: float | None) -> Callable[[WhatIfResult], bool] | None:
    """Whether the time is up, asked of each answer; None: take as long as it needs."""
    if seconds is None:
        return None
    end = monotonic() + seconds
    return lambda _: monotonic() >= end


def _kept_pair(story: Story, answer: WhatIfResult, store: str | None) -> tuple[Example, str, str]:
    """The two courses that the answer shows, and the keys under which they are kept now."""
    from negosim.cli import kept_runs
    from negosim.lab.counterfactual.illustration import example_of

    example = example_of(story, answer)
    with kept_runs.opened(store) as place:
        factual, twin = kept_runs.keep_pair(place, story.folder, example)
    return example, factual.key, twin.key


def _code(screen: Screen, answer: WhatIfResult) -> ExitCode:
    if answer.refused:
        screen.note(f"no answer: {answer.refused}")
        return ExitCode.ANSWER_IS_NO
    return ExitCode.DONE


def _meant(story: Story, known: Questions, id: str | None, texts: tuple[str, ...]) -> Question:
    """The named question with what else is changed, or a question made of the changes alone."""
    from negosim.stories.intervention_syntax import change_of
    from negosim.stories.questions import Question

    changes = tuple(change_of(text, story.scenario.calendar, story.record) for text in texts)
    if id is not None:
        named = known.question(id)
        return Question(named.id, named.asks, (*named.changes, *changes), named.about, named.basis)
    if not changes:
        names = ", ".join(question.id for question in known.questions)
        one = f"name a question ({names}), or say" if names else "say"
        raise click.UsageError(f"{one} what is changed with --do or --change")
    if not known.outcomes:
        raise click.UsageError(f"{story.scenario.name} has no outcomes to ask about; write questions.toml beside it")
    return Question("", f"What if {' and '.join(texts)}?", changes, (known.outcomes[0].id,), "")


@click.command(
    epilog=examples(
        "negosim causes pti-2024 october-protest", "negosim causes pti-2024 clash --question march-stops-at-sangjani"
    )
)
@name_argument
@click.argument("outcome", required=False, help="One of the story's outcomes; without one their names are told.")
@click.option("--question", metavar="QUESTION",
              help="Say what each change of this question has in its effect.")  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Show every choice, and which later ones were held.")
@click.option("-n", "--runs", type=click.IntRange(1), default=100, show_default=True,
              help="Number of simulated courses; each is played again for every other answer.")  # fmt: skip
@jobs_option
@seed_option
@stored
@shown
def causes(
    screen: Screen, name: str, outcome: str | None, *, question: str | None, everything: bool, runs: int, jobs: int,
    seed: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """On which choices did an outcome hang?

    In courses that the record leaves possible each choice is taken otherwise: alone, and where that
    changes nothing, with one or two later choices held as they were.
    """
    from negosim.cli.kept_runs import opened
    from negosim.lab.counterfactual.causes import causes as looked_for
    from negosim.report.results.counterfactual.causes import details
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    known = questions_of(story)
    hung = known.outcome(_named("outcome", outcome, [outcome.id for outcome in known.outcomes]))
    meant = known.question(question) if question is not None else None
    with opened(store) as kept, screen.progress(f"looking for causes in {story.scenario.name}") as progress:
        answer = looked_for(
            story, hung, meant, n=runs, seed=seed, jobs=jobs, store=kept, progress=progress
        )
    return _show_answer(screen, story, answer, details(answer) if everything else ())


@click.command(
    epilog=examples(
        "negosim forecast pti-2024 --from 2024-11-14",
        "negosim forecast pti-2024 --from 2024-10-12 --do 'government.answer[own-physician]=refuse'",
    )
)
@name_argument
@click.option("--from", "begins", required=True, metavar="DATE", help="The record is known up to this local date.")
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Decide so at an address after the date, and see what that changes.")  # fmt: skip
@click.option("--outcome", "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False),
              help="Ask about the outcomes in this TOML file, written as in questions.toml.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show every score, and how the model stands to its record.")
@_runs(400)
@jobs_option
@seed_option
@stored
@shown
def forecast(
    screen: Screen, name: str, *, begins: str, forced: tuple[str, ...], file: str | None, verbose: bool,
    runs: int, jobs: int, seed: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """What was likely from a date on, given the record up to it?"""
    from negosim.cli.kept_runs import opened
    from negosim.lab.forecast.forecast import forecast as looked
    from negosim.report.results.forecast import details
    from negosim.stories import loading
    from negosim.stories.intervention_syntax import change_of

    story = loading.load(name)
    calendar = story.scenario.calendar
    minute = calendar.at(begins)
    changes = tuple(change_of(text, calendar, story.record) for text in forced)
    outcomes = _ahead(story, minute, file)
    with opened(store) as open_store, screen.progress(f"looking ahead in {story.scenario.name}") as progress:
        answer = looked(
            story, minute, outcomes, changes, n=runs, seed=seed, jobs=jobs, store=open_store, progress=progress
        )
    return _show_answer(screen, story, answer, details(answer) if verbose else ())


def _ahead(story: Story, begins: int, file: str | None) -> tuple[Outcome, ...]:
    """The outcomes to look ahead at: those that may still come, then what is known by then.

    Or those of a file, whose windows must not be over.
    """
    from negosim.stories.questions import questions_of, undocumented

    if file is None:
        known = questions_of(story)
        ahead = known.ahead(begins)
        return (*ahead, *(outcome for outcome in known.outcomes if outcome not in ahead))
    outcomes = undocumented(Path(file), story)
    for outcome in outcomes:
        if outcome.last_minute < begins:
            raise BadValue(
                f"{file}: outcome {outcome.id!r}: its window was over before {story.scenario.calendar.iso(begins)}\n"
                "ask from an earlier date (--from), or give it a later window"
            )
    return outcomes


@click.command(
    "turning-points",
    epilog=examples("negosim turning-points pti-2024", "negosim turning-points pti-2024 -n 80 --all"),
)
@name_argument
@click.option("--all", "everything", is_flag=True, help="Show the figures after every documented fact.")
@_runs(160)
@jobs_option
@seed_option
@stored
@shown
def turning_points(
    screen: Screen, name: str, *, everything: bool, runs: int, jobs: int, seed: int, store: str | None
) -> ExitCode:
    """When was it decided? How likely each outcome had become, as the record goes on."""
    from negosim.cli.kept_runs import opened
    from negosim.lab.forecast.turning_points import turning_points as turned
    from negosim.report.results.turning_points import details
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    with opened(store) as open_store, screen.progress(f"following {story.scenario.name}", keeps=False) as progress:
        turns = turned(
            story, questions_of(story).outcomes, n=runs, seed=seed, jobs=jobs, store=open_store, progress=progress
        )
    return _show_answer(screen, story, turns, details(turns) if everything else ())


@click.command(
    epilog=examples("negosim rivals pti-2024 sangjani", "negosim rivals pti-2024 sangjani --by-fact")
)
@name_argument
@click.argument("topic", required=False,
                help="The affair whose accounts are compared; without one their names are told.")  # fmt: skip
@click.option("--by-fact", is_flag=True, help="Show every fact, and the Bayes factors by width of the priors.")
@click.option("--testimony", is_flag=True,
              help="Weigh what was said too, by the scenario's 'who would say this if'.")  # fmt: skip
@_runs(200)
@jobs_option
@seed_option
@stored
@shown
def rivals(
    screen: Screen, name: str, topic: str | None, *, by_fact: bool, testimony: bool, runs: int, jobs: int, seed: int,
    store: str | None,
) -> ExitCode:  # fmt: skip
    """Which account of one affair fits the record best?"""
    from negosim.cli.kept_runs import opened
    from negosim.lab.comparison.model_comparison import rivals as weighed
    from negosim.report.results.rivals import details
    from negosim.stories import loading

    story = loading.load(name)
    topic = _named("affair with rival accounts", topic, story.scenario.accounts)
    with opened(store) as open_store, screen.progress(f"weighing {topic}") as progress:
        accounts = weighed(
            story, topic, n=runs, seed=seed, testimony=testimony, jobs=jobs, store=open_store, progress=progress
        )
    return _show_answer(screen, story, accounts, details(accounts) if by_fact else ())


def _named(what: str, name: str | None, known: Iterable[str]) -> str:
    """The name that was typed. Raises UsageError with those that could be, where none was."""
    if name is not None:
        return name
    names = ", ".join(known)
    raise click.UsageError(f"name an {what}: {names}" if names else f"this story has no {what}")


def _show_answer(
    screen: Screen, story: Story, answer: Causes | Forecast | Turns | Rivals, details: Iterable[RenderableType]
) -> ExitCode:
    """Show an answer, or its document with ``--json``; below it its details, and how the model stands to its record."""
    from negosim.stories.preregistration import ModelHistory

    history = ModelHistory.of(story)
    if screen.json:
        screen.document({**answer.to_json(), "standing": history.to_json()})
    elif parts := tuple(details):
        screen.show(answer, *parts, "", *history.lines)
    else:
        screen.show(answer)
    return ExitCode.DONE
