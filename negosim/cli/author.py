"""Verbs for those who write records and scenarios: ``new``, ``help``, ``check``, ``freeze``."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import examples, jobs_option, name_argument, seed_option, shown, stored
from negosim.core.errors import NegosimError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from negosim.cli.screen import Screen
    from negosim.lab.calibration.results import Depth, Problem
    from negosim.lab.calibration.simulation_based_calibration import Recovery
    from negosim.stories.preregistration import ModelHistory


ROLES = {
    "__init__.py": "who wants what, and how they can be heard",
    "record.toml": "what is documented, and who says so",
    "questions.toml": "what to ask of it",
}
"""What each file of a new story is for; the fourth is its test."""


@click.command(epilog=examples("negosim new my-story", "negosim new my-story --from record.toml"))
@click.argument("place", metavar="NAME", help="The story's name, or the path of the folder to write.")
@click.option("--from", "record", metavar="RECORD",
              help="Draft it from a record: its actors, channels and decisions, and a part for each.")  # fmt: skip
@click.option("--domain", metavar="FILE",
              help="Make it of a domain of GENIUS, NegMAS or NegoLog; the profiles lie beside it.")  # fmt: skip
@shown
def new(screen: Screen, place: str, record: str | None, domain: str | None) -> None:
    """Write a small story that runs at once, to be replaced piece by piece."""
    from negosim.stories.authoring.new import new_from_record, new_story, story_of_domain

    if record is not None and domain is not None:
        raise click.UsageError("a story is made of a record or of a domain; leave --from or --domain out")
    if record is not None:
        written = new_from_record(place, record)
    else:
        written = new_story(place) if domain is None else story_of_domain(place, domain)
    folder = written[0].parent
    if screen.json:
        screen.document({"folder": str(folder), "files": [path.name for path in written]})
        return
    name = shlex.quote(str(folder if len(folder.parts) > 1 else f"./{folder}"))
    if domain is not None:
        screen.show(
            f"{folder}: two parties bargain by alternating offers over {domain}.", "",
            *(f"  {path.name:<20} {ROLES[path.name]}" for path in written), "",
            f"Next: negosim check {name}", f"      negosim run {name}", "      negosim show RUN --bargain",
        )  # fmt: skip
        return
    if record is not None:
        gaps = sum(path.read_text(encoding="utf-8").count("GAP") for path in written)
        screen.show(
            f"{folder}: a draft from {record} that runs at once; {gaps} gaps are marked GAP for you to fill.", "",
            *(f"  {path.name:<20} {ROLES.get(path.name, 'what must hold in every run')}" for path in written), "",
            f"Next: negosim check {name}", f"      negosim replay {name}", "      negosim help decisions",
        )  # fmt: skip
        return
    screen.show(
        f"{folder}: a story of three facts that runs at once.", "",
        *(f"  {path.name:<20} {ROLES.get(path.name, 'what must hold in every run')}" for path in written), "",
        f"Next: negosim check {name}", f"      negosim replay {name}", f"      negosim whatif {name} no-offer",
    )  # fmt: skip


@click.command("help", epilog=examples("negosim help", "negosim help decisions"))
@click.argument("topic", required=False, help="The page; without one, the list of pages.")
@shown
def help_about(screen: Screen, topic: str | None) -> None:
    """Show a page of the author's reference, or list the pages.

    TOPIC is record, expect, questions, changes, time, decisions, events, seat, channels, parts or testing.
    """
    from attrs import asdict

    from negosim.report.terminal.manual import Contents, Manual
    from negosim.stories.reference import contents, page_about

    if topic is None:
        if screen.json:
            screen.document(contents())
        else:
            screen.show(Contents(contents()))
    elif screen.json:
        screen.document(asdict(page_about(topic)))
    else:
        screen.show(Manual(page_about(topic)))


@click.command(epilog=examples("negosim check pti-2024", "negosim check pti-2024 --deep -n 50"))
@click.argument("path", help="A scenario's folder or name.")
@click.option("--deep", is_flag=True, help="Also flip every choice of a replay once.")
@click.option("--recover", is_flag=True,
              help="Also draw histories from the model: does their band hold the record's score?")  # fmt: skip
@click.option("-n", "--runs", type=click.IntRange(1),
              help="How many replays --deep looks at (100), or --recover of each history (100).")  # fmt: skip
@click.option("--histories", type=click.IntRange(1), default=50, show_default=True,
              help="How many histories --recover draws.")  # fmt: skip
@seed_option
@jobs_option
@stored
@shown
def check(
    screen: Screen, path: str, *, deep: bool, recover: bool, runs: int | None, histories: int, seed: int,
    jobs: int, store: str | None,
) -> ExitCode:  # fmt: skip
    """Check a record and its scenario: every mistake with its line."""
    from negosim.lab.calibration.check import check as checked
    from negosim.lab.calibration.check_remarks import remarks
    from negosim.report import problems as report
    from negosim.report.results import sentence
    from negosim.report.results.calibration import sections as recovery_sections
    from negosim.stories import loading
    from negosim.stories.record_alone import record_alone

    problems = checked(path)
    if not problems and record_alone(path) is None:
        problems = remarks(loading.load(path))
    ok = all(problem.severity != "error" for problem in problems)
    document: dict[str, Any] = {
        "ok": ok, "problems": [{"severity": x.severity, "text": x.text} for x in problems]
    }  # fmt: skip
    sections: list[tuple[str, RenderableType]] = []
    history = _model_history(path, store, played=deep or recover) if ok else None
    if history is not None:
        document["standing"] = history.to_json()
    if ok and deep:
        depth = _deeply(screen, path, runs or 100, seed, jobs)
        deeper = depth.to_json()
        ok, document = depth.ok, {**document, **deeper, "problems": [*document["problems"], *deeper["problems"]]}
        sections += report.sections(depth)
    if ok and recover:
        recovered = _recovered(screen, path, histories, runs or 100, seed, jobs)
        document["recover"] = recovered.to_json()
        sections += [(sentence(recovered), ""), *recovery_sections(recovered)]
    if screen.json:
        screen.document(document)
        return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO
    if problems:
        screen.show(report.Problems(tuple(problems)))
    for heading, part in sections:
        screen.section(heading, part)
    if sections:
        screen.show("")
    screen.show(_verdict(path, problems, ok=ok), *(history.lines if history else ()))
    screen.show(_next(path) if ok else f"Next: {_to_read(problems)}")
    return ExitCode.DONE if ok else ExitCode.ANSWER_IS_NO


def _verdict(path: str, problems: Sequence[Problem], *, ok: bool) -> str:
    """What was looked at, and what came of it."""
    from negosim.report.wording.numbers import many
    from negosim.report.wording.phrases import listed
    from negosim.stories import loading
    from negosim.stories.questions import questions_of
    from negosim.stories.record_alone import record_alone

    if not ok:
        return f"{path} is not ready: mend the errors above."
    told = sum(problem.severity == "remark" for problem in problems)
    remarks = f", with {many(told, 'remark')} above" if told else ""
    if record_alone(path) is not None:
        return f"The record is well formed{remarks}; whether it is true, a check cannot know."
    story = loading.load(path)
    asked = len(questions_of(story).questions)
    parts = [*(["the record"] if story.record else []), "the model", *([many(asked, "question")] if asked else [])]
    return (
        f"{listed(parts).capitalize()} of {path} are well formed and agree on names{remarks}. Played again with the "
        "same random seed the model gave the same course."
    )


TO_READ = {"questions.toml": "questions", "outlook.toml": "questions", ".toml:": "record", ".py:": "seat"}
"""The page of the reference about the file that a mistake is in."""


def _to_read(problems: Sequence[Problem]) -> str:
    """The page that tells what the first mistake's file may say."""
    wrong = next((problem.text for problem in problems if problem.severity == "error"), "")
    page = next((page for file, page in TO_READ.items() if file in wrong), "decisions")
    return f"mend it and check again; what may be written: negosim help {page}"


def _next(path: str) -> str:
    """What is worth typing after a check that found no mistake."""
    from negosim.stories import loading
    from negosim.stories.places import RECORD
    from negosim.stories.questions import questions_of
    from negosim.stories.record_alone import record_alone

    name = shlex.quote(path)
    alone = record_alone(path)
    if alone is not None:
        return f"Next: negosim show {name}   ·   negosim new NAME --from {shlex.quote(str(alone))}"
    story = loading.load(path)
    if story.record is None:
        return f"Next: write {story.folder / RECORD}; see negosim help record"
    asked = questions_of(story).questions
    whatif = f"negosim whatif {name} {asked[0].id}" if asked else "write questions.toml; see negosim help questions"
    return f"Next: negosim replay {name}   ·   {whatif}"


def _model_history(path: str, store: str | None, *, played: bool) -> ModelHistory | None:
    """How much the model was worked on; None for what has no story or no record.

    A check that plays the record counts as a replay of this version. One that only reads needs no
    store.
    """
    from negosim.cli.kept_runs import existing, opened
    from negosim.stories import loading
    from negosim.stories.preregistration import ModelHistory, note_version

    try:
        story = loading.load(path)
    except NegosimError:
        return None
    if story.record is None:
        return None
    try:
        with (opened if played else existing)(store) as open_store:
            if played:
                note_version(open_store, story)
            return ModelHistory.of(story, open_store)
    except StoreError:
        if played or store is not None:
            raise
        return ModelHistory.of(story)


def _deeply(screen: Screen, path: str, runs: int, seed: int, jobs: int) -> Depth:
    from negosim.lab.calibration.check import deep
    from negosim.stories import loading

    story = loading.load(path)
    screen.note(f"playing {runs} replays, then every choice of some of them otherwise")
    with screen.progress(f"checking {story.scenario.name}", keeps=False) as progress:
        return deep(story, n=runs, seed=seed, jobs=jobs, progress=progress)


def _recovered(screen: Screen, path: str, histories: int, runs: int, seed: int, jobs: int) -> Recovery:
    from negosim.lab.calibration.simulation_based_calibration import Asked, recover
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    story = loading.load(path)
    known = questions_of(story)
    asked = tuple(Asked.of(question, known) for question in known.questions)
    screen.note(f"drawing {histories} histories from the model and replaying each {runs} times")
    with screen.progress(f"recovering {story.scenario.name}", keeps=False) as progress:
        return recover(
            story, asked, histories=histories, n=runs, seed=seed, jobs=jobs,
            progress=progress,
        )  # fmt: skip


@click.command(
    epilog=examples("negosim freeze pti-2024 --date 2026-01-15", "negosim freeze pti-2024 --date 2026-01-15 --json")
)
@name_argument
@click.option("--date", required=True, metavar="DATE", help="The day on which nobody tunes the model any more.")
@shown
def freeze(screen: Screen, name: str, *, date: str) -> ExitCode:
    """Write the model down, so that later changes are listed."""
    from negosim.stories import loading
    from negosim.stories.preregistration import freeze as frozen

    path = frozen(loading.load(name), date)
    if screen.json:
        screen.document({"freeze": str(path), "date": date})
    else:
        screen.show(f"frozen on {date}: {path}")
    return ExitCode.DONE
