"""Verbs that play a scenario: ``replay`` and ``run``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, settings, shown, stored

if TYPE_CHECKING:
    from negosim.cli.screen import Screen
    from negosim.core.time import Calendar


@click.command()
@name_argument
@seed_option
@click.option("-S", "--set", "changed", multiple=True, metavar="ACTOR.ATTRIBUTE=VALUE",
              help="Give a preference weight a value, in thousandths.")  # fmt: skip
@click.option("--do", "forced", multiple=True, metavar="ADDRESS=ALTERNATIVE",
              help="Keep a twin too, in which this is decided otherwise.")  # fmt: skip
@click.option("--change", "otherwise", multiple=True, metavar="CHANGE",
              help="Keep a twin too, with any other change.")  # fmt: skip
@click.option("--until", metavar="DATE", help="Stop at this local date, or date and time.")
@click.option("--wide", is_flag=True, help="Give every actor a lane of its own.")
@click.option("-v", "--verbose", is_flag=True, help="Show choices and deliveries too.")
@stored
@shown
def run(
    screen: Screen, name: str, *, seed: int, changed: tuple[str, ...], forced: tuple[str, ...],
    otherwise: tuple[str, ...], until: str | None, wide: bool, verbose: bool, store: str | None,
) -> None:  # fmt: skip
    """Play a scenario once, with nothing imposed."""
    from attrs import evolve

    from negosim.cli import kept_runs
    from negosim.cli.kept_runs import minute_of
    from negosim.report.terminal.outcomes import Outcomes, outcomes
    from negosim.report.terminal.timeline import Timeline, span_of
    from negosim.report.terminal.timeline_rows import rows_of_run, wording_of
    from negosim.stories import loading
    from negosim.stories.intervention_syntax import change_of
    from negosim.stories.manifest import again, manifest_of

    story = loading.load(name)
    scenario, record = story.scenario, story.record
    stop = minute_of(until, scenario.calendar)
    manifest = manifest_of(story, seed=seed, changes=settings(changed), until=stop)
    changes = tuple(change_of(text, scenario.calendar) for text in (*forced, *otherwise))
    pair = None
    if changes:
        from negosim.lab.counterfactual.illustration import free_example

        pair = free_example(story, changes, seed=seed, settings=settings(changed), until=stop)
    played = pair.factual if pair else again(story, manifest)
    with kept_runs.opened(store) as kept:
        info = kept_runs.keep(kept, story.folder, manifest, played)
        twin = kept_runs.keep_pair(kept, story.folder, pair)[1].key if pair else None
    happened = outcomes(story, played.entries, stop)
    if screen.json:
        screen.document({
            "scenario": scenario.name, "run": info.key, "head": info.head, "seed": seed,
            "changes": manifest["changes"], "entries": info.length, "outcomes": happened, "twin": twin,
        })  # fmt: skip
        return
    calendar, table = scenario.calendar, scenario.table
    # in a free run only what the record fed in has sources; the rest is simulated, even where it fits
    fed = record and evolve(record, facts=record.of_kind("given"))
    rows = rows_of_run(played.entries, table.channels, calendar, fed, everything=verbose)
    screen.show(
        f"{scenario.title}: one free run of the model, {len(rows)} moves, {span_of(rows)}",
        f"seed {seed}, run {info.key[:12]}, head {info.head[:12]}",
        "",
        Timeline(rows, table.actors, calendar, wide=wide, wording=wording_of(scenario)),
    )
    if happened and record is not None:
        screen.section("what of the record happened by itself", Outcomes(record, happened, _moment(calendar, stop)))
    if pair and twin:
        kept_runs.tell_pair(screen, pair, info.key, twin)


def _moment(calendar: Calendar, minute: int | None) -> str:
    """A minute as ``20 Oct 2024 00:00``; empty for none."""
    if minute is None:
        return ""
    local = calendar.local(minute)
    return f"{local.day} {local:%b %Y %H:%M}"


@click.command()
@name_argument
@click.option("-n", "--particles", type=click.IntRange(1), default=400, show_default=True,
              help="How many simulated courses are conditioned on the record.")  # fmt: skip
@seed_option
@click.option("--until", metavar="DATE", help="Use the record up to this local date only.")
@click.option("--require", type=click.IntRange(0), metavar="N",
              help="Exit with 1 unless N facts that the model was not told follow.")  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True,
              help="How many processes.")  # fmt: skip
@click.option("--all", "everything", is_flag=True,
              help="Show every fact, and the simulated moves between them.")  # fmt: skip
@stored
@shown
def replay(
    screen: Screen, name: str, *, particles: int, seed: int, until: str | None, require: int | None,
    jobs: int, everything: bool, store: str | None,
) -> ExitCode:  # fmt: skip
    """Show the documented history and what the model makes of it, fact by fact.

    Each fact was told to the model, follows by itself, or cannot be produced; its surprise is in
    bits, -log2 of its probability given all facts before it.
    """
    from negosim.cli.kept_runs import minute_of, opened
    from negosim.lab.replay.history import replay as replayed
    from negosim.report.results.replay_history import parts, sentence, whole
    from negosim.stories import loading
    from negosim.stories.preregistration import Standing, note_version

    story = loading.load(name)
    stop = minute_of(until, story.scenario.calendar)
    with opened(store) as kept:
        if story.record is not None:
            note_version(kept, story)
        standing = Standing.of(story, kept)
        with screen.progress(f"replaying {story.scenario.name}") as progress:
            result = replayed(
                story, n=particles, seed=seed, until=stop, jobs=jobs, store=kept, progress=progress
            )
    if screen.json:
        screen.document({**result.to_json(), "standing": standing.to_json()})
    else:
        shown = whole(result, story.scenario) if everything else parts(result)
        screen.show(sentence(result), *shown, *standing.lines)
    unasked = [row for row in result.rows if row.decisions and row.status == "cannot be produced"]
    for row in unasked:
        screen.note(f"{row.id}: {row.why}")
    follow = result.count("follows")
    if require is not None and follow < require:
        screen.note(f"{follow} facts follow, {require} were required")
        return ExitCode.ANSWER_IS_NO
    return ExitCode.ANSWER_IS_NO if unasked else ExitCode.DONE
