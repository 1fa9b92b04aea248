"""``study``: very many free runs, kept as rows; and ``verify`` of what it kept."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, shown
from negosim.core.errors import StoreError, UnusedChange, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from negosim.cli.screen import Screen
    from negosim.lab.ensembles.study import Study, StudyResult


@click.command()
@name_argument
@click.option("-n", "--runs", type=click.IntRange(1), default=1000, show_default=True, help="How many runs.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True,
              help="How many processes; 1 plays in this one.")  # fmt: skip
@seed_option
@click.option("--until-width", type=click.FloatRange(0, 1, min_open=True), metavar="W",
              help="Stop once every outcome's 95 % interval is at most so wide.")  # fmt: skip
@click.option("--change", "changes", multiple=True, metavar="CHANGE",
              help="What is otherwise in every run, such as ADDRESS=ALTERNATIVE.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="The SQLite file to keep rows in; else NAME-study.sqlite here.")
@click.option("--parquet", metavar="DIR", help="Keep rows in Parquet parts in a folder instead.")
@click.option("--resume", is_flag=True, help="Go on with a study that was interrupted.")
@click.option("--dask", metavar="ADDRESS", help="Play on a Dask cluster whose scheduler is there.")
@shown
def study(
    screen: Screen, name: str, *, runs: int, jobs: int, seed: int, until_width: float | None,
    changes: tuple[str, ...], output: str | None, parquet: str | None, resume: bool, dask: str | None,
) -> ExitCode:  # fmt: skip
    """Play a scenario very many times, and keep what each run leaves as a row.

    The rows are the same whatever the processes. Interrupted, what is done is kept.
    """
    from negosim.lab.ensembles.study import Study, carry_out, outcomes_of
    from negosim.lab.ensembles.study_file import discard, is_study
    from negosim.stories import loading

    if until_width is not None and isnan(until_width):
        raise click.UsageError("--until-width takes a width above 0 and at most 1, not nan")
    if output and parquet:
        raise click.UsageError("-o writes one file, --parquet a folder; name one of them")
    story = loading.load(name)
    place = Path(parquet or output or f"{story.scenario.name}-study.sqlite")
    whole = Study.of(story, outcomes_of(story), seed, changes)
    if until_width is not None and not whole.outcomes:
        raise click.UsageError(f"{story.scenario.name} has no outcome whose interval could become narrow")
    again = _command(
        name, n=runs, j=jobs, seed=seed, until_width=until_width, change=changes, o=output, parquet=parquet,
        dask=dask,
    )  # fmt: skip
    if not resume and is_study(place) and _is_fruitless(place):
        discard(place)
    if place.exists() and not resume and not (parquet and place.is_dir() and not any(place.iterdir())):
        raise StoreError(f"{place} is there already\nto go on with the study it holds: {again}")
    try:
        with _hands(dask, jobs) as (executor, count), screen.progress(f"playing {story.scenario.name}") as progress:
            found = carry_out(
                whole, runs, place, parquet=bool(parquet), jobs=count, executor=executor,
                until_width=until_width, progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        screen.err.print(f"interrupted: {_kept(place)}; to go on:\n{again}", soft_wrap=True)
        return ExitCode.INTERRUPTED
    if screen.json:
        screen.document({
            "scenario": story.scenario.name, "n": runs, "file": str(place), **found.to_json(),
            "manifest": whole.manifest,
        })  # fmt: skip
    else:
        _show(screen, story.scenario.title, found, place)
    if found.failed == found.runs:
        screen.note(f"every run failed, the first with {next(_failures(place), '')}")
        return ExitCode.SCENARIO_RAISED
    _check_used(whole, found)
    return ExitCode.DONE


def _is_fruitless(place: Path) -> bool:
    """Whether no run of a kept study was finished, so that nothing is lost when it begins anew."""
    from negosim.lab.ensembles.study_file import open_study

    with open_study(place) as kept:
        return all(row.error for row in kept.rows())


def _failures(place: Path) -> Iterator[str]:
    """The errors of the runs that failed, in order."""
    from negosim.lab.ensembles.study_file import open_study

    with open_study(place) as kept:
        yield from (row.error for row in kept.rows() if row.error)


def _kept(place: Path) -> str:
    """How much a study holds, by the study itself: the signal may come between keeping and telling."""
    from negosim.lab.ensembles.study_file import is_study, open_study

    if not is_study(place):
        return "nothing is kept"
    with open_study(place) as kept:
        return f"{sum(1 for _ in kept.rows())} runs are kept in {place}"


def _command(name: str, **options: object) -> str:
    """The command that goes on with a study."""
    words = ["negosim", "study", name]
    for option, value in options.items():
        flag = f"-{option}" if len(option) == 1 else f"--{option.replace('_', '-')}"
        for one in value if isinstance(value, tuple) else () if value is None else (value,):
            words += [flag, str(one)]
    return shlex.join([*words, "--resume"])


@contextmanager
def _hands(dask: str | None, jobs: int) -> Iterator[tuple[Executor | None, int]]:
    """The executor to play on, and how many tasks it plays at once; None: processes of our own."""
    if dask is None:
        yield None, jobs
        return
    from negosim.lab.ensembles.study_file import needed

    distributed = needed("distributed", "'negosim[dask]'")
    try:
        client = distributed.Client(dask)
    except (OSError, ValueError) as error:
        raise StoreError(f"no Dask scheduler answers at {dask}: {error}") from None
    with client, client.get_executor(pure=False) as executor:
        yield executor, max(sum(client.ncores().values()), 1)


def _show(screen: Screen, title: str, found: StudyResult, place: Path) -> None:
    failed = f", {found.failed} of them failed" if found.failed else ""
    screen.show(f"{title}: {found.runs} free runs of the model{failed}", found, "")
    screen.show(f"kept in {place}, head {found.head[:12]}")


def _check_used(whole: Study, found: StudyResult) -> None:
    """Raise UnusedChange when a change took hold in none of the runs."""
    for text, count in zip(whole.changes, found.consulted, strict=False):
        if not count:
            from negosim.lab.ensembles.study import addresses_of

            address = text.partition("=")[0]
            near = addresses_of(whole)
            lines = [f"{text}: consulted in none of {found.runs} runs", did_you_mean(address, near)]
            raise UnusedChange("\n".join(line for line in lines if line))


# ── verify ──────────────────────────────────────────────────────────────────────────────────────


def verify_study(screen: Screen, place: str, sample: int) -> ExitCode:
    """Check the rows of a kept study, and play a sample of them again."""
    from negosim.lab.ensembles.study import verify
    from negosim.lab.ensembles.study_file import open_study
    from negosim.report.wording.text import clean

    with open_study(place) as kept:
        found = verify(kept, sample)
        head = kept.head
    if screen.json:
        screen.document({
            "ok": not found.problems, "study": place, "head": head, "rows": found.rows,
            "sampled": found.sampled, "stale": found.stale, "problems": list(found.problems),
        })  # fmt: skip
        return ExitCode.ANSWER_IS_NO if found.problems else ExitCode.DONE
    if found.stale:
        screen.note("the scenario or negosim has changed since the study was played")
    verdict = "is not as it was" if found.problems else "is as it was"
    screen.show(f"study {place} {verdict}: {found.rows} rows, head {head[:12]}; {found.sampled} played again")
    screen.show(*(f"  {clean(one)}" for one in found.problems))
    return ExitCode.ANSWER_IS_NO if found.problems else ExitCode.DONE

