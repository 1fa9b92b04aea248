"""Verbs that ask of the record's own chance: ``whatif``; and ``questions``, what there is to ask."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, shown, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from negosim.cli.screen import Screen
    from negosim.lab.counterfactual.illustration import Example
    from negosim.lab.counterfactual.whatif_result import WhatIfResult
    from negosim.stories.loading import Story
    from negosim.stories.questions import Question, Questions


@click.command()
@name_argument
@click.argument("question", required=False, help="One of the story's questions; see: negosim questions NAME.")
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Decide otherwise at an address.")  # fmt: skip
@click.option("--change", "changes", multiple=True, metavar="CHANGE",
              help="Any other change, such as 'close CHANNEL from DATE'.")  # fmt: skip
@click.option("-n", "--particles", type=click.IntRange(1), default=1600, show_default=True,
              help="The most simulated courses that the answer may cost.")  # fmt: skip
@click.option("--precision", type=click.FloatRange(0.001, 0.5), default=0.05, show_default=True,
              help="Refine until the 95 % interval is at most so wide to each side.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Refine for so long at most.")
@click.option("--without", multiple=True, metavar="ITEM",
              help="Leave a fact or a decision out of the evidence.")  # fmt: skip
@click.option("--decisions-alone", is_flag=True,
              help="Condition on the documented decisions, not on outcomes and beliefs.")  # fmt: skip
@click.option("--keep", is_flag=True,
              help="Keep and show one course beside its twin; why and compare read them by key.")  # fmt: skip
@click.option("-v", "--verbose", is_flag=True, help="Show both courses in full and all conditions.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True, help="How many processes.")
@seed_option
@stored
@shown
def whatif(
    screen: Screen, name: str, question: str | None, *, forced: tuple[str, ...], changes: tuple[str, ...],
    particles: int, precision: float, seconds: float | None, without: tuple[str, ...],
    decisions_alone: bool, keep: bool, verbose: bool, jobs: int, seed: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """Would it have happened without that? The record's own chance, one thing changed.

    The answer is refined until it is precise; Control-C gives the answer so far. What was worked
    out is kept and serves the next question. All of it is a property of this model, not of history.
    """
    from negosim.cli import kept_runs
    from negosim.lab.counterfactual.counterfactual import whatif as asked
    from negosim.report.results.whatif_answer import details, parts, sentence
    from negosim.stories import loading
    from negosim.stories.preregistration import Standing
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    known = questions_of(story)
    meant = _meant(story, known, question, (*forced, *changes))
    with kept_runs.opened(store) as place, screen.progress(f"asking {story.scenario.name}") as progress:
        answer = asked(
            story, meant, known.about(meant.about), n=particles, precision=precision, seed=seed,
            facts=not decisions_alone, without=without, jobs=jobs, store=place, progress=progress,
            enough=_until(seconds),
        )  # fmt: skip
    pair = _kept_pair(story, meant, known, seed, store) if keep else None
    keys = {"kept": pair[1], "twin": pair[2]} if pair else {}
    standing = Standing.of(story)
    if screen.json:
        screen.document({**answer.to_json(), **keys, "standing": standing.to_json()})
    else:
        more = details(answer) if verbose else ()
        screen.show(sentence(answer), *parts(answer), *more, *standing.lines)
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


def _code(screen: Screen, answer: WhatIfResult) -> ExitCode:
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


@click.command()
@name_argument
@shown
def questions(screen: Screen, name: str) -> None:
    """The questions a story comes with, each with its basis in the record."""
    from rich.table import Table

    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    found = questions_of(loading.load(name))
    if screen.json:
        screen.document({
            "questions": [
                {"id": one.id, "asks": one.asks, "changes": [str(each) for each in one.changes],
                 "about": list(one.about), "basis": one.basis}
                for one in found.questions
            ],
            "outcomes": [
                {"id": one.id, "what": one.target.what, "documented": one.happened} for one in found.outcomes
            ],
        })  # fmt: skip
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("question", "asks", "basis"):
        table.add_column(heading)
    for one in found.questions:
        table.add_row(one.id, one.asks, one.basis)
    screen.show(table)


@click.command()
@click.argument("first", help="A kept run: its key, or its first digits.")
@click.argument("second", help="The run to lay beside it.")
@click.option("--lanes", is_flag=True, help="Show the second run as a timeline, with a rule where it leaves the first.")
@click.option("--wide", is_flag=True, help="With --lanes, give every actor a lane of its own.")
@click.option("-v", "--verbose", is_flag=True, help="Show choices and deliveries too, and what follows from what.")
@stored
@shown
def compare(
    screen: Screen, first: str, second: str, *, lanes: bool, wide: bool, verbose: bool, store: str | None
) -> ExitCode:
    """Two kept runs side by side: where they part, and what follows from what."""
    from negosim.cli import kept_runs
    from negosim.cli.kept_runs import existing, played
    from negosim.lab.counterfactual.explanation import consequences
    from negosim.report.results import sentence
    from negosim.report.results.comparison import compared, compared_json, consequence_json
    from negosim.report.terminal.timeline_rows import twin_timeline
    from negosim.stories.questions import questions_of

    with existing(store) as kept:
        one, other = played(kept, first), played(kept, second)
    scenario = one.story.scenario
    if scenario.name != other.story.scenario.name:
        raise click.UsageError(f"{first} is a run of {scenario.name}, {second} of {other.story.scenario.name}")
    found = kept_runs.compared(one, other)
    if screen.json:
        came = consequences(found, questions_of(one.story).outcomes, scenario)
        screen.document({
            "first": one.key, "second": other.key, "same": not found.differing,
            "changes": [str(change) for change in found.changes],
            "outcomes": [consequence_json(each, scenario.calendar) for each in came],
            "differences": compared_json(found, scenario.calendar),
        })  # fmt: skip
    elif not found.differing:
        screen.show("the two runs are the same, entry for entry")
    else:
        screen.show(sentence(found), "")
        if lanes:
            imposed = {one.manifest.get("verb"), other.manifest.get("verb")} == {"replay"}
            screen.show(twin_timeline(other.story, found, imposed=imposed, wide=wide), "")
        headings = (f"simulated run {one.key[:12]}", f"simulated run {other.key[:12]}")
        screen.show(compared(found, scenario, headings, everything=verbose))
    return ExitCode.DONE
