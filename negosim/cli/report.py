"""``report``: one page about a story, in one file that fetches nothing."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import rich_click as click

from negosim.cli.exits import ExitCode
from negosim.cli.options import name_argument, seed_option, shown

if TYPE_CHECKING:
    from negosim.cli.screen import Screen
    from negosim.stories.loading import Story

MOST = 6


@click.command()
@name_argument
@click.argument("question", nargs=-1, help="Up to six of the story's questions; see: negosim questions NAME.")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write the page; - is stdout.")
@click.option("--until", metavar="DATE", help="Hide what comes after this local date: it is not in the file.")
@click.option("--knowledge-of", "actor", metavar="ACTOR",
              help="Show what this actor knew on each day, and nothing else.")  # fmt: skip
@click.option("-n", "--replays", type=click.IntRange(100), default=1000, show_default=True,
              help="How many replays each posterior is made of.")  # fmt: skip
@click.option("--decisions-alone", is_flag=True,
              help="Condition answers on the documented decisions, not on outcomes and beliefs.")  # fmt: skip
@click.option("--quick", is_flag=True, help="Leave out the ranges that need replays of their own.")
@click.option("-j", "--jobs", type=click.IntRange(1), default=2, show_default=True, help="How many processes.")
@seed_option
@shown
def report(
    screen: Screen, name: str, *, question: tuple[str, ...], output: str, until: str | None, actor: str | None,
    replays: int, decisions_alone: bool, quick: bool, jobs: int, seed: int,
) -> ExitCode:  # fmt: skip
    """Write one HTML page: the record, a changed course beside it, answers, odds over time, sources.

    The page is one file, opens nothing, and says of every figure what it rests on.
    """
    from negosim.cli.kept_runs import minute_of
    from negosim.stories import loading

    if actor is not None and question:
        raise click.UsageError("a sheet of what an actor knew has no what-ifs; leave the questions out")
    if len(question) > MOST:
        count = len(question)
        raise click.UsageError(f"{count} questions make {2**count} combinations; at most {MOST} go on a page")
    story = loading.load(name)
    if actor is not None:
        story.scenario.table.actor(actor)
    stop = minute_of(until, story.scenario.calendar)
    command = _again(name, question, until, actor, replays, decisions_alone=decisions_alone, quick=quick, seed=seed)
    if actor is None:
        html, told = _page(
            screen, story, question, command, n=replays, seed=seed, until=stop, facts=not decisions_alone,
            robust=not quick, jobs=jobs,
        )  # fmt: skip
    else:
        html, told = _sheet(screen, story, actor, command, n=replays, seed=seed, until=stop, jobs=jobs)
    return _written(screen, output, html, told)


def _page(
    screen: Screen, story: Story, ids: tuple[str, ...], command: str, *, n: int, seed: int, until: int | None,
    facts: bool, robust: bool, jobs: int,
) -> tuple[str, dict[str, object]]:  # fmt: skip
    """The page, and what is said of it on the screen."""
    from negosim.lab.dossier import dossier
    from negosim.report.page.page import page_of
    from negosim.report.page.render import render
    from negosim.stories.questions import questions_of

    known = questions_of(story)
    asked = [known.question(id) for id in dict.fromkeys(ids)]
    with screen.progress(f"reporting {story.scenario.name}") as progress:
        found = dossier(
            story, asked, n=n, seed=seed, until=until, facts=facts, robust=robust, jobs=jobs, progress=progress
        )
    refused = [answer.question for answer in found.answers if answer.refused]
    made_of = ("combinations", "worlds", "played", "ess")
    told: dict[str, object] = {
        "questions": [one.id for one in asked], "refused": refused, "replays": n,
        **{key: found.manifest[key] for key in made_of},
    }  # fmt: skip
    return render(page_of(found, command=command, version=_version())), told


def _sheet(
    screen: Screen, story: Story, actor: str, command: str, *, n: int, seed: int, until: int | None, jobs: int
) -> tuple[str, dict[str, object]]:
    """What an actor knew in one weighted draw."""
    from negosim.lab.counterfactual.factorial import switches
    from negosim.report.page.knowledge import sheet_of
    from negosim.report.page.render import render_sheet
    from negosim.stories.manifest import sources_digest

    with screen.progress("replays") as progress:
        found = switches(
            story, (), (), n=n, seed=seed, jobs=jobs,
            progress=progress,
        )  # fmt: skip
    entries = [one for one in found.draw.factual if until is None or one.minute <= until]
    manifest = {
        "negosim": sources_digest(), "scenario": story.scenario.name, "story": story.digest, "seed": seed,
        "n": n, "draw": found.draw.run, "until": until, "knowledge-of": actor,
    }  # fmt: skip
    sheet = sheet_of(
        story.scenario, entries, actor, command=command, version=_version(), manifest=manifest, until=until
    )
    return render_sheet(sheet), {"knowledge-of": actor, "replays": n, "worlds": found.worlds}


def _written(screen: Screen, output: str, html: str, told: dict[str, object]) -> ExitCode:
    from negosim.cli.files import write_whole

    content = html.encode()
    write_whole(output, [content], screen.data)
    refused = told.get("refused")
    if output != "-" and screen.json:
        screen.document({"page": output, "bytes": len(content), **told})
    elif output != "-":
        screen.note(f"{output}: {len(content) / 1000:.0f} kB, {told['replays']} replays, {told['worlds']} got through")
    if isinstance(refused, list) and refused:
        screen.note(f"no answer to {', '.join(refused)}: the page says why")
        return ExitCode.ANSWER_IS_NO
    return ExitCode.DONE


def _version() -> str:
    from importlib.metadata import version

    return version("negosim")


def _again(
    name: str, ids: tuple[str, ...], until: str | None, actor: str | None, n: int, *, decisions_alone: bool,
    quick: bool, seed: int,
) -> str:  # fmt: skip
    """The command that makes the same page."""
    words = ["negosim", "report", name, *ids]
    words += ["--until", until] if until is not None else []
    words += ["--knowledge-of", actor] if actor is not None else []
    words += ["-n", str(n)]
    words += [flag for flag, on in (("--decisions-alone", decisions_alone), ("--quick", quick)) if on]
    return shlex.join([*words, "--seed", str(seed), "-o", "page.html"])
