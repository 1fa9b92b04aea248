"""Verbs that play a scenario with nothing imposed: ``run`` once, ``study`` very many times."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import (
    Real,
    examples,
    executor_option,
    jobs_option,
    name_argument,
    seed_option,
    settings,
    shown,
    stored,
)
from negosim.core.errors import StoreError, UnusedChange, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.cli.screen import Screen
    from negosim.core.time import Calendar
    from negosim.lab.ensembles.study import Study, StudyResult


@click.command(epilog=examples("negosim run pti-2024 --seed 7", "negosim run pti-2024 --until 2024-10-20"))
@name_argument
@seed_option
@click.option("-S", "--set", "changed", multiple=True, metavar="ACTOR.ATTRIBUTE=VALUE",
              help="Give a preference weight a value, in thousandths.")  # fmt: skip
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Keep a twin too, in which this is decided otherwise.")  # fmt: skip
@click.option("--change", "otherwise", multiple=True, metavar="CHANGE",
              help="Keep a twin too, with any other change.")  # fmt: skip
@click.option("--told", is_flag=True,
              help="Tell it the documented decisions, each inside its dates; the rest falls as it may.")  # fmt: skip
@click.option("--until", metavar="DATE", help="Stop at this local date, or date and time.")
@click.option("--all", "everything", is_flag=True, help="Show every move in full.")
@click.option("--lanes", is_flag=True, help="Show it as a chart: who to whom, and through which channel.")
@click.option("--wide", is_flag=True, help="With --lanes, give every actor a lane of its own.")
@click.option("-v", "--verbose", is_flag=True, help="Show choices and deliveries too.")
@stored
@shown
def run(
    screen: Screen, name: str, *, seed: int, changed: tuple[str, ...], forced: tuple[str, ...],
    otherwise: tuple[str, ...], told: bool, until: str | None, everything: bool,
    lanes: bool, wide: bool, verbose: bool, store: str | None,
) -> None:  # fmt: skip
    """Play the model once with nothing imposed: one simulated course."""
    if told and (forced or otherwise):
        raise click.UsageError("--told takes no change; ask `negosim whatif`, which keeps what followed too")
    from negosim.cli import kept_runs
    from negosim.cli.kept_runs import minute_of
    from negosim.report.results.story import course, course_rows, course_sentence
    from negosim.report.terminal.outcomes import Outcomes, outcomes
    from negosim.report.terminal.timeline import span_of
    from negosim.stories import loading
    from negosim.stories.intervention_syntax import change_of
    from negosim.stories.manifest import again, manifest_of

    story = loading.load(name)
    scenario, record = story.scenario, story.record
    stop = minute_of(until, scenario.calendar)
    manifest = manifest_of(story, seed=seed, changes=settings(changed), until=stop, replay=told)
    changes = tuple(change_of(text, scenario.calendar, record) for text in (*forced, *otherwise))
    pair = None
    if changes:
        from negosim.lab.counterfactual.illustration import free_example

        pair = free_example(story, changes, seed=seed, settings=settings(changed), until=stop)
    played = pair.factual if pair else again(story, manifest)
    with kept_runs.opened(store) as open_store:
        info = kept_runs.keep(open_store, story.folder, manifest, played)
        twin = kept_runs.keep_pair(open_store, story.folder, pair)[1].key if pair else None
    happened = outcomes(story, played.entries, stop)
    if screen.json:
        screen.document({
            "scenario": scenario.name, "run": info.key, "head": info.head, "seed": seed,
            "changes": manifest["changes"], "entries": info.length, "outcomes": happened, "twin": twin,
        })  # fmt: skip
        return
    rows = course_rows(story, played.entries, told=told, everything=verbose)
    screen.show(
        course_sentence(scenario, rows, told=told),
        f"{span_of(rows)}; random seed {seed}, run {info.key[:12]}, head {info.head[:12]}.",
        "",
        *course(scenario, rows, everything=everything or verbose, lanes=lanes or wide, wide=wide),
    )
    if happened and record is not None:
        screen.show(Outcomes(record, happened, _moment(scenario.calendar, stop), everything or verbose))
    which = kept_runs.worth_asking(story, played.entries)
    screen.show(f"Next: negosim why {info.key[:12]} {which} · negosim run {name} --seed {seed + 1}")
    if played.failed_imposition is not None:
        imposition, why = played.failed_imposition
        screen.note(f"it ends where {imposition.fact} cannot be told: {imposition.address} {why}")
    if pair and twin:
        screen.show("", pair)
        kept_runs.tell_pair(screen, pair, info.key, twin)


def _moment(calendar: Calendar, minute: int | None) -> str:
    """A minute as ``20 Oct 2024 00:00``; empty for none."""
    if minute is None:
        return ""
    local = calendar.local(minute)
    return f"{local.day} {local:%b %Y %H:%M}"


@click.command(
    epilog=examples(
        "negosim study pti-2024 -n 1000 -o runs.sqlite", "negosim study pti-2024 -n 2000 -o runs.sqlite --resume"
    )
)
@name_argument
@click.option("-n", "--runs", type=click.IntRange(1), default=1000, show_default=True, help="Number of runs.")
@jobs_option
@seed_option
@click.option("--until-width", type=Real(0, 1, min_open=True), metavar="W",
              help="Stop once every outcome's 95 % interval is at most so wide.")  # fmt: skip
@click.option("--change", "changes", multiple=True, metavar="CHANGE",
              help="What is otherwise in every run, such as ADDRESS=ALTERNATIVE.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="The SQLite file to keep rows in; else NAME-study.sqlite here.")
@click.option("--parquet", metavar="DIR", help="Keep rows in Parquet parts in a folder instead.")
@click.option("--resume", is_flag=True, help="Go on with a study that was interrupted.")
@executor_option
@shown
def study(
    screen: Screen, name: str, *, runs: int, jobs: int, seed: int, until_width: float | None,
    changes: tuple[str, ...], output: str | None, parquet: str | None, resume: bool, executor: str | None,
) -> ExitCode:  # fmt: skip
    """Play the model very many times, and keep a row for each run.

    The rows are the same whatever the number of processes. What is done is kept when it is interrupted.
    """
    from negosim.lab.cluster import executor_at
    from negosim.lab.ensembles.study import Study, StudyExists, carry_out, outcomes_of
    from negosim.stories import loading

    if output and parquet:
        raise click.UsageError("-o writes one file, --parquet a folder; name one of them")
    story = loading.load(name)
    place = Path(parquet or output or f"{story.scenario.name}-study.sqlite")
    whole = Study.of(story, outcomes_of(story), seed, changes)
    if until_width is not None and not whole.outcomes:
        raise click.UsageError(f"{story.scenario.name} has no outcome whose interval could become narrow")
    again = _command(
        name, n=runs, j=jobs, seed=seed, until_width=until_width, change=changes, o=output, parquet=parquet,
        executor=executor,
    )  # fmt: skip
    try:
        with (
            executor_at(executor, jobs) as (lent, count),
            screen.progress(f"playing {story.scenario.name}") as progress,
        ):
            result = carry_out(
                whole, runs, place, parquet=bool(parquet), jobs=count, executor=lent,
                until_width=until_width, resume=resume, progress=progress,
            )  # fmt: skip
    except StudyExists as error:
        raise StoreError(f"{error}\nto go on with the study it holds: {again}") from None
    except KeyboardInterrupt:
        screen.err.print(f"interrupted: {_kept(place)}; to go on:\n{again}", soft_wrap=True)
        return ExitCode.INTERRUPTED
    if screen.json:
        screen.document({
            "scenario": story.scenario.name, "n": runs, "file": str(place), **result.to_json(),
            "manifest": whole.manifest,
        })  # fmt: skip
    else:
        _show_study(screen, name, result, place)
    if result.failed == result.runs:
        screen.note(f"every run failed, the first with {next(_failures(place), '')}")
        return ExitCode.SCENARIO_RAISED
    _check_used(whole, result)
    return ExitCode.DONE


def _failures(place: Path) -> Iterator[str]:
    """The errors of the runs that failed, in order."""
    from negosim.lab.ensembles.study_file import open_study

    with open_study(place) as study_file:
        yield from (row.error for row in study_file.rows() if row.error)


def _kept(place: Path) -> str:
    """How much a study holds, by the study itself: the signal may come between keeping and telling."""
    from negosim.lab.ensembles.study_file import is_study, open_study

    if not is_study(place):
        return "nothing is kept"
    with open_study(place) as study_file:
        return f"{sum(1 for _ in study_file.rows())} runs are kept in {place}"


def _command(name: str, **options: object) -> str:
    """The command that goes on with a study."""
    words = ["negosim", "study", name]
    for option, value in options.items():
        flag = f"-{option}" if len(option) == 1 else f"--{option.replace('_', '-')}"
        for item in value if isinstance(value, tuple) else () if value is None else (value,):
            words += [flag, str(item)]
    return shlex.join([*words, "--resume"])


def _show_study(screen: Screen, name: str, result: StudyResult, place: Path) -> None:
    screen.show(result, "", f"Kept in {place}, head {result.head[:12]}.")
    screen.show(f"Next: negosim run {name} · negosim study {name} -n {2 * result.runs} -o {place} --resume")


def _check_used(whole: Study, result: StudyResult) -> None:
    """Raise UnusedChange when a change took hold in none of the runs."""
    for text, count in zip(whole.changes, result.consulted, strict=False):
        if not count:
            from negosim.lab.ensembles.study import addresses_of

            address = text.partition("=")[0]
            near = addresses_of(whole)
            lines = [f"{text}: had no effect in any of {result.runs} runs", did_you_mean(address, near)]
            raise UnusedChange("\n".join(line for line in lines if line))
