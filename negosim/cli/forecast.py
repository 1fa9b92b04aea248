"""Verbs that look ahead with fresh chance: ``forecast``, ``turning-points``, ``rivals``, ``freeze``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, shown
from negosim.cli.standing import show_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from negosim.cli.screen import Screen

Verb: TypeAlias = "Callable[..., Any]"

_jobs = click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True, help="How many processes.")


def _runs(default: int) -> Callable[[Verb], Verb]:
    return click.option(
        "-n", "--runs", type=click.IntRange(1), default=default, show_default=True, help="How many runs."
    )


@click.command()
@name_argument
@click.option("--from", "begins", required=True, metavar="DATE", help="The record is known up to this local date.")
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Decide so at an address after the date (rung 2: what to expect of an act).")  # fmt: skip
@_runs(1000)
@_jobs
@seed_option
@shown
def forecast(
    screen: Screen, name: str, *, begins: str, forced: tuple[str, ...], runs: int, jobs: int, seed: int
) -> ExitCode:
    """What was likely from a date on; what came later is fresh chance, never the real history's."""
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


@click.command("turning-points")
@name_argument
@_runs(400)
@_jobs
@seed_option
@shown
def turning_points(screen: Screen, name: str, *, runs: int, jobs: int, seed: int) -> ExitCode:
    """When was it decided? How likely each outcome had become after each documented decision."""
    from negosim.lab.forecast.turning_points import turning_points as turned
    from negosim.stories import loading
    from negosim.stories.questions import questions_of

    story = loading.load(name)
    with screen.progress(f"forking {story.scenario.name}") as progress:
        found = turned(
            story, questions_of(story).outcomes, n=runs, seed=seed, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    show_answer(screen, story, found, found.to_json())
    return ExitCode.DONE


@click.command()
@name_argument
@click.argument("topic", help="The affair whose accounts are compared.")
@click.option("--by-fact", is_flag=True, help="Show each clue's weight of evidence in decibels.")
@click.option("--testimony", is_flag=True,
              help="Weigh what was said too, by the scenario's 'who would say this if'.")  # fmt: skip
@_runs(1000)
@_jobs
@seed_option
@shown
def rivals(
    screen: Screen, name: str, topic: str, *, by_fact: bool, testimony: bool, runs: int, jobs: int, seed: int
) -> ExitCode:
    """Weigh rival accounts of one affair by the record; a verdict only where it is robust."""
    from negosim.lab.comparison.model_comparison import rivals as weighed
    from negosim.stories import loading

    story = loading.load(name)
    with screen.progress(f"weighing {topic}") as progress:
        found = weighed(
            story, topic, n=runs, seed=seed, testimony=testimony, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    show_answer(screen, story, found, found.to_json())
    if by_fact and not screen.json:
        from negosim.report.results.rivals import Clues

        screen.show("", Clues(found))
    return ExitCode.DONE


@click.command()
@name_argument
@click.option("--date", required=True, metavar="DATE", help="The day on which nobody tunes the model any more.")
@shown
def freeze(screen: Screen, name: str, *, date: str) -> ExitCode:
    """Write down the model as it is; later changes are listed, earlier forecasts are hindcasts."""
    from negosim.stories import loading
    from negosim.stories.preregistration import freeze as frozen

    path = frozen(loading.load(name), date)
    if screen.json:
        screen.document({"freeze": str(path), "date": date})
    else:
        screen.show(f"frozen on {date}: {path}")
    return ExitCode.DONE
