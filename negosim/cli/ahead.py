"""Verbs that look ahead with fresh chance: ``forecast``, ``turning-points``, ``rivals``, ``freeze``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.table import Table

    from negosim.cli.screen import Screen
    from negosim.lab.forecast import Likely
    from negosim.lab.foretold import Scores

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
    from negosim.lab import library
    from negosim.lab.answers import NOTE
    from negosim.lab.forecast import forecast as looked
    from negosim.lab.questions import change_of, questions_of

    story = library.load(name)
    calendar = story.scenario.calendar
    changes = tuple(change_of(text, calendar) for text in forced)
    with screen.progress() as progress:
        bar = progress.add_task(f"looking ahead in {story.scenario.name}", total=None)
        found = looked(
            story, calendar.at(begins), questions_of(story).outcomes, changes, n=runs, seed=seed, jobs=jobs,
            tell=lambda done, total: progress.update(bar, completed=done, total=total),
        )  # fmt: skip
    if screen.json:
        screen.document(found.to_json())
        return ExitCode.DONE
    kind = "hindcast" if found.hindcast else "forecast"
    rung = "rung 2, with " + ", ".join(found.changes) if found.changes else "rung 1"
    screen.show(f"{kind} from {calendar.iso(found.begins)} ({rung}): {NOTE}")
    screen.show(f"{found.n} runs, {found.ess:.0f} effective", "", _likely(found.outcomes))
    if found.scores:
        screen.show("", _scores(found.scores))
    screen.show("", *found.standing.lines)
    return ExitCode.DONE


def _scores(scores: Mapping[str, Scores | None]) -> Table:
    """What each forecaster gave to what was documented after the date."""
    model = scores["model"]
    known = f"{model.events} events, {model.silences} silences after the date" if model else "after the date"
    table = _table(known, "Brier", "of events", "of silences", "log")
    for who, one in scores.items():
        if one is None:
            table.add_row(who, "none got through")
        else:
            table.add_row(
                who, f"{one.brier:.3f}", _figure(one.brier_events, "-"), _figure(one.brier_silences, "-"),
                f"{one.log:.3f}",
            )  # fmt: skip
    return table


@click.command("turning-points")
@name_argument
@_runs(400)
@_jobs
@seed_option
@shown
def turning_points(screen: Screen, name: str, *, runs: int, jobs: int, seed: int) -> ExitCode:
    """When was it decided? How likely each outcome had become after each documented decision."""
    from negosim.lab import library
    from negosim.lab.answers import NOTE
    from negosim.lab.forecast import turning_points as turned
    from negosim.lab.questions import questions_of

    story = library.load(name)
    outcomes = questions_of(story).outcomes
    turns = turned(story, outcomes, n=runs, seed=seed, jobs=jobs)
    if screen.json:
        screen.document({
            "note": NOTE, "n": runs,
            "turns": [
                {"address": one.address, "chose": one.chose, "by": story.scenario.calendar.iso(one.minute),
                 "ess": one.ess,
                 "outcomes": {each.name: [each.low, each.probability, each.high] for each in one.outcomes}}
                for one in turns
            ],
        })  # fmt: skip
        return ExitCode.DONE
    table = _table("after", *(one.id for one in outcomes))
    for one in turns:
        table.add_row(f"{one.address}={one.chose}" if one.address else "the start", *(
            f"{each.probability:.2f}" for each in one.outcomes
        ))  # fmt: skip
    screen.show(f"{story.scenario.title}: {runs} fresh continuations each; {NOTE}", "", table)
    return ExitCode.DONE


@click.command()
@name_argument
@click.argument("topic", help="The affair whose accounts are compared.")
@click.option("--by-fact", is_flag=True, help="Show each clue's weight of evidence in decibels.")
@_runs(1000)
@_jobs
@seed_option
@shown
def rivals(
    screen: Screen, name: str, topic: str, *, by_fact: bool, runs: int, jobs: int, seed: int
) -> ExitCode:
    """Weigh rival accounts of one affair by the record; a verdict only where it is robust."""
    from negosim.lab import library
    from negosim.lab.rivals import rivals as weighed

    found = weighed(library.load(name), topic, n=runs, seed=seed, jobs=jobs)
    if screen.json:
        screen.document(found.to_json())
        return ExitCode.DONE
    verdict = f"verdict: {found.verdict}" if found.verdict else f"no verdict: {found.why_not}"
    screen.show(f"{topic}: {verdict}", found.to_json()["note"], "")
    table = _table("account", "prior", "posterior", "log evidence", "+-", "choice score")
    for one in found.rivals:
        main = one.main
        table.add_row(
            one.name, f"{one.prior:.2f}", f"{one.posterior:.2f}", _figure(main.log_evidence),
            f"{main.se:.2f}", _figure(main.choice),
        )  # fmt: skip
    screen.show(table)
    if by_fact:
        clues = _table("fact", *(one.name for one in found.rivals))
        for place, fact in enumerate(found.facts):
            row = [one.clues[place] for one in found.rivals]
            clues.add_row(fact, *(f"{each.decibels:+.1f} +- {each.se:.1f}" for each in row))
        screen.show("", clues)
    return ExitCode.DONE


@click.command()
@name_argument
@click.option("--date", required=True, metavar="DATE", help="The day on which nobody tunes the model any more.")
@shown
def freeze(screen: Screen, name: str, *, date: str) -> ExitCode:
    """Write down the model as it is; later changes are listed, earlier forecasts are hindcasts."""
    from negosim.lab import library
    from negosim.lab.frozen import freeze as frozen

    path = frozen(library.load(name), date)
    if screen.json:
        screen.document({"freeze": str(path), "date": date})
    else:
        screen.show(f"frozen on {date}: {path}")
    return ExitCode.DONE


def _likely(outcomes: Iterable[Likely]) -> Table:
    table = _table("outcome", "probability", "95 %")
    for one in outcomes:
        table.add_row(one.what, f"{one.probability:.2f}", f"{one.low:.2f}..{one.high:.2f}")
    return table


def _table(first: str, *others: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right")
    return table


def _figure(value: float | None, without: str = "none got through") -> str:
    return without if value is None else f"{value:.2f}"
