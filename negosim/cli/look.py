"""Verbs that show what is there: ``list``, ``show``, ``why``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.options import name_argument, shown, stored

if TYPE_CHECKING:
    from negosim.cli.screen import Screen


@click.command("list")
@shown
def list_stories(screen: Screen) -> None:
    """List the scenarios that can be found."""
    from negosim.core.errors import NegosimError
    from negosim.lab import library

    listed: list[dict[str, Any]] = []
    for name in library.known():
        try:
            story = library.load(name)
        except NegosimError as error:
            screen.note(f"{name} cannot be loaded: {str(error).splitlines()[0]}")
            continue
        scenario, record = story.scenario, story.record
        listed.append(
            {
                "name": name,
                "title": scenario.title,
                "begins": scenario.calendar.iso(0),
                "ends": scenario.calendar.iso(scenario.ends),
                "facts": len(record.facts) if record else 0,
                "actors": len(scenario.actors),
            }
        )
    if screen.json:
        screen.document(listed)
        return
    from negosim.report.tables import stories

    screen.show(stories(listed))


@click.command()
@name_argument
@click.argument("event", required=False, help="The id of a fact, conflict or target; shows it in full.")
@click.option("--wide", is_flag=True, help="Give every actor a lane of its own.")
@click.option("-v", "--verbose", is_flag=True, help="Show background facts too.")
@shown
def show(screen: Screen, name: str, event: str | None, *, wide: bool, verbose: bool) -> None:
    """Show the documented history, or one entry of it with its sources."""
    from negosim.lab import library
    from negosim.report.fact import Sheet, entry_json, fact_json
    from negosim.report.moves import timeline_of
    from negosim.report.timeline import span_of

    story = library.load(name)
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
    chart = timeline_of(story, wide=wide, everything=verbose)
    rows = chart.rows
    screen.show(f"{record.title}: the documented record, {len(rows)} facts, {span_of(rows)}", "", chart)


@click.command()
@click.argument("run", help="A run's key, or its first digits.")
@click.argument("event", help="An entry's number, or the id of a fact it stands for.")
@stored
@shown
def why(screen: Screen, run: str, event: str, store: str | None) -> None:
    """Show why something happened in a run: its causes to the roots."""
    from negosim.cli import keeping
    from negosim.cli.keeping import find_entry, opened, played
    from negosim.report.moves import wording_of
    from negosim.report.why import Why, why_json

    with opened(store) as kept:
        log = played(kept, run)
    index = find_entry(log, event)
    scenario = log.story.scenario
    if screen.json:
        causes = why_json(log.entries, index, scenario.calendar)
        screen.document({"run": log.key, "entry": index, "entries": causes})
        return
    screen.show(
        Why(
            log.entries, index, scenario.table.actors, scenario.calendar, log.weights,
            wording_of(scenario), keeping.imposed_on(log),
        )
    )  # fmt: skip
