"""Verbs that look: ``list``, ``show``, ``why``, ``compare``, ``questions``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import examples, name_argument, scenario_names, shown, stored

if TYPE_CHECKING:
    from pathlib import Path

    from negosim.cli.screen import Screen
    from negosim.record.model import Record
    from negosim.sim.scenario import Scenario

DEPTH = 3
"""Steps that ``why`` goes back: about a screen of a story's causes."""


@click.command("list", epilog=examples("negosim list", "negosim list --json"))
@shown
def list_stories(screen: Screen) -> None:
    """List the scenarios that can be found."""
    from negosim.core.errors import NegosimError
    from negosim.stories.places import places

    listed: list[dict[str, Any]] = []
    for name, folder in places().items():
        try:
            listed.append({"name": name, **_head(folder)})
        except NegosimError as error:
            screen.note(f"{name} cannot be loaded: {str(error).splitlines()[0]}")
    if screen.json:
        screen.document(listed)
        return
    from negosim.report.terminal.tables import stories

    screen.show(stories(listed), "", "Next: negosim show NAME · negosim new my-story")


def _head(folder: Path) -> dict[str, Any]:
    """What a story is about, as its record says: no story's code is run for a list. Without one, as it says itself."""
    from negosim.record.load import load_record
    from negosim.stories.places import RECORD

    described: Record | Scenario
    if (folder / RECORD).is_file():
        described = record = load_record(folder / RECORD)
        facts, actors = sum(not fact.background for fact in record.facts), len(record.actors())
    else:
        from negosim.stories.loading import load

        described = scenario = load(folder).scenario
        facts, actors = 0, len(scenario.actors)
    calendar, ends = described.calendar, described.ends
    return {
        "title": described.title, "begins": calendar.iso(0), "ends": calendar.iso(ends),
        "facts": facts, "actors": actors,
    }  # fmt: skip


@click.command(epilog=examples("negosim show pti-2024", "negosim show pti-2024 S11"))
@click.argument("name", help="A scenario's name, the path of its folder, or a kept run's key.",
                shell_complete=scenario_names)  # fmt: skip
@click.argument("event", required=False, help="The id of a fact, conflict or target; shows it in full.")
@click.option("--all", "everything", is_flag=True, help="Show every fact or move in full.")
@click.option("--lanes", is_flag=True, help="Show it as a chart: who to whom, and through which channel.")
@click.option("--wide", is_flag=True, help="With --lanes, give every actor a lane of its own.")
@click.option("-v", "--verbose", is_flag=True, help="Show background facts too; of a run, choices.")
@click.option("--bargain", is_flag=True,
              help="Of a run: the path of offers in utilities, beside the solutions of bargaining theory.")  # fmt: skip
@stored
@shown
def show(
    screen: Screen, name: str, event: str | None, *, everything: bool, lanes: bool, wide: bool, verbose: bool,
    bargain: bool, store: str | None,
) -> None:  # fmt: skip
    """What happened, and who says so? The record, or one fact.

    With the key of a kept run: that simulated course.
    """
    from negosim.cli.options import is_key
    from negosim.report.results.story import history, sentence
    from negosim.report.terminal.fact import Sheet, entry_json, fact_json
    from negosim.stories.places import places
    from negosim.stories.record_alone import documented_story

    if bargain:
        if not is_key(name):
            raise click.UsageError("--bargain is about a kept run: give its key, as 'negosim run NAME' tells it")
        _show_bargain(screen, name, store)
        return
    if is_key(name) and name not in places():
        _show_run(screen, name, store, everything=everything, lanes=lanes or wide, wide=wide, verbose=verbose)
        return
    story = documented_story(name)
    record, scenario = story.documented, story.scenario
    if event is not None:
        entry = record.entry(event)
        if screen.json:
            screen.document(entry_json(record, entry))
        else:
            screen.show(Sheet(record, entry))
        return
    if screen.json:
        facts = (fact for fact in record.facts if verbose or not fact.background)
        screen.document({"scenario": scenario.name, "facts": [fact_json(record, x) for x in facts]})
        return
    called = shlex.quote(name)
    facts_shown = history(
        story, called=called, everything=everything, lanes=lanes or wide, wide=wide, background=verbose
    )
    screen.show(sentence(story), "", *facts_shown)


def _show_bargain(screen: Screen, key: str, store: str | None) -> None:
    """What the parties of a kept run bargained about, and what they came to."""
    from negosim.cli.kept_runs import existing, played
    from negosim.parts.outcome import bargain_of
    from negosim.report.bargaining.screen import sections, sentence
    from negosim.report.terminal.timeline_rows import wording_of
    from negosim.report.wording.sentences import Speaker

    with existing(store) as open_store:
        log = played(open_store, key)
    scenario = log.story.scenario
    result = bargain_of(scenario, log.entries)
    if screen.json:
        screen.document({"run": log.key, **result.to_json()})
        return
    speaker = Speaker(scenario.table.actors, scenario.calendar, wording=wording_of(scenario))
    screen.show(sentence(result, speaker))
    for heading, part in sections(result, speaker, scenario.calendar):
        screen.section(heading, part)


def _show_run(
    screen: Screen, key: str, store: str | None, *, everything: bool, lanes: bool, wide: bool, verbose: bool
) -> None:
    """A kept run as one simulated course."""
    from negosim.cli.kept_runs import existing, played, summary, worth_asking
    from negosim.report.results.story import course, course_rows, course_sentence
    from negosim.report.terminal.timeline import span_of

    with existing(store) as open_store:
        log = played(open_store, key)
        run = summary(open_store.info(log.key))
    if screen.json:
        screen.document(run)
        return
    scenario = log.story.scenario
    told = log.manifest.get("verb") == "replay"
    rows = course_rows(log.story, log.entries, told=told, everything=verbose)
    changed = f", changed: {'; '.join(run['changes'])}" if run["changes"] else ""
    twin = f", a twin of {log.twin_of[:12]}" if log.twin_of else ""
    asked = worth_asking(log.story, log.entries)
    screen.show(
        course_sentence(scenario, rows, told=told),
        f"{span_of(rows)}; {run['verb']}, random seed {run['seed']}, run {log.key[:12]}{twin}{changed}",
        "",
        *course(scenario, rows, everything=everything, lanes=lanes, wide=wide),
        f"Next: negosim why {log.key[:12]} {asked} · negosim show {log.key[:12]} --lanes",
    )


@click.command(epilog=examples("negosim why 2e33ab S11", "negosim why 2e33ab 12 --depth 0"))
@click.argument("run", help="A run's key, or its first digits.")
@click.argument("event", help="An entry's number, or the id of a fact or outcome it stands for.")
@click.option("--depth", type=click.IntRange(0), default=DEPTH, show_default=True,
              help="How many steps to go back; 0: to the roots.")  # fmt: skip
@stored
@shown
def why(screen: Screen, run: str, event: str, *, depth: int, store: str | None) -> None:
    """Why something happened in a kept run, step by step back.

    In a twin also why something did not happen, or otherwise than in the run it was forked from.
    """
    from negosim.cli import kept_runs
    from negosim.report.results.why import Why, WhyNot, why_json, why_not_json
    from negosim.report.terminal.timeline_rows import wording_of

    with kept_runs.existing(store) as open_store:
        log = kept_runs.played(open_store, run)
        factual = (
            kept_runs.played(open_store, log.twin_of)
            if log.twin_of in (info.key for info in open_store.runs())
            else None
        )
    if log.twin_of and factual is None:
        screen.note(f"run {log.twin_of[:12]}, of which this is a twin, is not kept here")
    comparison = kept_runs.compared(factual, log) if factual else None
    index, row = kept_runs.find_in_twin(log, factual, comparison, event)
    scenario = log.story.scenario
    if screen.json:
        screen.document(
            {
                "run": log.key,
                "entry": index,
                "entries": [] if index is None else why_json(log.entries, index, scenario.calendar),
                "otherwise": why_not_json(comparison, row, scenario.calendar)
                if comparison and row
                else [],
            }
        )
        return
    wording, actors = wording_of(scenario), scenario.table.actors
    if index is not None:
        imposed = kept_runs.imposed_on(log)
        screen.show(
            f"Simulated, not history: why this happened in run {log.key[:12]} of the model of {scenario.title}.",
            "",
            Why(
                entries=log.entries,
                index=index,
                actors=actors,
                calendar=scenario.calendar,
                weights=log.weights,
                wording=wording,
                imposed=imposed,
                depth=depth,
            ),
            f"Next: negosim show {log.key[:12]} · negosim show {log.key[:12]} --lanes",
        )
    if comparison and row and factual:
        heading = f"beside run {factual.key[:12]}, from which this one was forked"
        screen.section(heading, WhyNot(comparison, row, actors, scenario.calendar, wording))


@click.command(epilog=examples("negosim compare 2e33ab 7f10c4", "negosim compare 2e33ab 7f10c4 --lanes"))
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
    """Two kept runs side by side: where they part."""
    from negosim.cli import kept_runs
    from negosim.cli.kept_runs import existing, played
    from negosim.lab.counterfactual.explanation import consequences
    from negosim.report.results import sentence
    from negosim.report.results.comparison import compared, compared_json, consequence_json
    from negosim.report.terminal.timeline_rows import twin_timeline
    from negosim.stories.questions import questions_of

    with existing(store) as open_store:
        first_run, second_run = played(open_store, first), played(open_store, second)
    scenario = first_run.story.scenario
    if scenario.name != second_run.story.scenario.name:
        raise click.UsageError(f"{first} is a run of {scenario.name}, {second} of {second_run.story.scenario.name}")
    comparison = kept_runs.compared(first_run, second_run)
    if screen.json:
        came = consequences(comparison, questions_of(first_run.story).outcomes, scenario)
        screen.document({
            "first": first_run.key, "second": second_run.key, "same": not comparison.differing,
            "changes": [str(change) for change in comparison.changes],
            "outcomes": [consequence_json(consequence, scenario.calendar) for consequence in came],
            "differences": compared_json(comparison, scenario.calendar),
        })  # fmt: skip
    elif not comparison.differing:
        screen.show("the two runs are the same, entry for entry")
    else:
        screen.show(sentence(comparison), "")
        if lanes:
            imposed = {first_run.manifest.get("verb"), second_run.manifest.get("verb")} == {"replay"}
            screen.show(twin_timeline(second_run.story, comparison, imposed=imposed, wide=wide), "")
        headings = (f"simulated run {first_run.key[:12]}", f"simulated run {second_run.key[:12]}")
        screen.show(compared(comparison, scenario, headings, everything=verbose))
    return ExitCode.DONE


@click.command(epilog=examples("negosim questions pti-2024", "negosim questions pti-2024 --json"))
@name_argument
@click.option("-v", "--verbose", is_flag=True, help="Show what each question rests on.")
@shown
def questions(screen: Screen, name: str, *, verbose: bool) -> None:
    """The what-if questions of a scenario; with -v what each rests on."""
    from negosim.report.terminal.line import Line
    from negosim.report.terminal.tables import asked
    from negosim.report.wording.numbers import many
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    known = questions_of(loading.load(name))
    if screen.json:
        screen.document(
            {
                "questions": [
                    {
                        "id": question.id,
                        "asks": question.asks,
                        "changes": [str(change) for change in question.changes],
                        "about": list(question.about),
                        "basis": question.basis,
                    }
                    for question in known.questions
                ],
                "outcomes": [
                    {"id": outcome.id, "what": outcome.target.what, "documented": outcome.happened}
                    for outcome in known.outcomes
                ],
            }
        )
        return
    count = many(len(known.questions), "what-if question")
    screen.show(Line(f"{name} comes with {count}; ask your own with --do or --change of whatif."), "")
    screen.show(asked(known.questions, verbose=verbose))
    if known.questions:
        screen.show("", Line(f"Next: negosim whatif {name} {known.questions[0].id} · what each rests on: -v"))
