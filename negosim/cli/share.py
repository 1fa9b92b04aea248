"""Verbs that hand results on: ``report``, one page; ``export``, a record or a run's log for other programs."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from negosim.cli.errors import ExitCode
from negosim.cli.options import (
    Words,
    examples,
    executor_option,
    jobs_option,
    name_argument,
    output_option,
    seed_option,
    shown,
    stored,
)
from negosim.core.errors import NegosimError
from negosim.stores.exports import CANONICAL, FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from negosim.cli.screen import Screen
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story

MOST = 6


@click.command(
    epilog=examples(
        "negosim report pti-2024 visit-refused -o page.html",
        "negosim report pti-2024 --until 2024-11-23 -o page.html",
    )
)
@name_argument
@click.argument("question", nargs=-1, help="Up to six of the story's questions; see: negosim questions NAME.")
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write the page; - is stdout.")
@click.option("--until", metavar="DATE", help="Hide what comes after this local date: it is not in the file.")
@click.option("--knowledge-of", "actor", metavar="ACTOR",
              help="Show what this actor knew on each day, and nothing else.")  # fmt: skip
@click.option("-n", "--replays", type=click.IntRange(100), default=400, show_default=True,
              help="Number of simulated courses behind each answer.")  # fmt: skip
@click.option("--decisions-alone", is_flag=True,
              help="Condition answers on the documented decisions, not on outcomes and beliefs.")  # fmt: skip
@click.option("--quick", is_flag=True, help="Leave out the odds over time and the rival accounts.")
@jobs_option
@executor_option
@seed_option
@stored
@shown
def report(
    screen: Screen, name: str, *, question: tuple[str, ...], output: str, until: str | None, actor: str | None,
    replays: int, decisions_alone: bool, quick: bool, jobs: int, executor: str | None, seed: int,
    store: str | None,
) -> ExitCode:  # fmt: skip
    """How do I show this to others? One HTML page.

    Left stands the documented history, right a changed course. The page opens nothing else.
    """
    from negosim.cli.files import check_output
    from negosim.cli.kept_runs import minute_of
    from negosim.stories import loading
    from negosim.stories.record_alone import record_alone

    if actor is not None and question:
        raise click.UsageError("a sheet of what an actor knew has no what-ifs; leave the questions out")
    if len(question) > MOST:
        count = len(question)
        raise click.UsageError(f"{count} questions are too many for a page; at most {MOST} go on one")
    check_output(output)
    if (path := record_alone(name)) is not None:
        if question or actor:
            raise click.UsageError(f"{path} has no model yet, so nothing can be asked of it\nsee: negosim new --help")
        again = shlex.join(["negosim", "report", name, *(["--until", until] if until else []), "-o", "page.html"])
        return _written(screen, output, *_of_record(path, again, until))
    story = loading.load(name)
    if actor is not None:
        story.scenario.table.actor(actor)
    stop = minute_of(until, story.scenario.calendar)
    command = _again(name, question, until, actor, replays, decisions_alone=decisions_alone, quick=quick, seed=seed)
    if actor is None:
        html, document = _page(
            screen, story, question, command, n=replays, seed=seed, until=stop, facts=not decisions_alone,
            quick=quick, jobs=jobs, executor=executor, store=store,
        )  # fmt: skip
    else:
        html, document = _sheet(screen, story, actor, command, n=replays, seed=seed, until=stop, jobs=jobs, store=store)
    return _written(screen, output, html, document)


def _of_record(path: Path, command: str, until: str | None) -> tuple[str, dict[str, object]]:
    """The page of a record that has no model: nothing on it is simulated."""
    from negosim.cli.kept_runs import minute_of
    from negosim.lab.dossier import dossier_of_record
    from negosim.report.page.page import page_of
    from negosim.report.page.render import render
    from negosim.stories.record_alone import story_of_record

    record = story_of_record(path).documented
    dossier = dossier_of_record(record, minute_of(until, record.calendar))
    return render(page_of(dossier, command=command, version=_version())), {"facts": len(dossier.record.facts)}


def _page(
    screen: Screen, story: Story, ids: tuple[str, ...], command: str, *, n: int, seed: int, until: int | None,
    facts: bool, quick: bool, jobs: int, executor: str | None, store: str | None,
) -> tuple[str, dict[str, object]]:  # fmt: skip
    """The page, and what is said of it on the screen."""
    from negosim.cli.kept_runs import opened
    from negosim.lab.cluster import executor_at
    from negosim.lab.dossier import dossier
    from negosim.report.page.page import page_of
    from negosim.report.page.render import render
    from negosim.stories.questions import questions_of

    known = questions_of(story)
    asked = [known.question(id) for id in dict.fromkeys(ids)]
    with (
        opened(store) as open_store,
        executor_at(executor, jobs) as (lent, count),
        screen.progress(f"reporting {story.scenario.name}") as progress,
    ):
        answers = dossier(
            story, asked, n=n, seed=seed, until=until, facts=facts, quick=quick, jobs=count, store=open_store,
            executor=lent, progress=progress,
        )  # fmt: skip
    refused = [answer.question for answer in answers.answers if answer.refused]
    document: dict[str, object] = {"questions": [question.id for question in asked], "refused": refused, "replays": n}
    if answers.replay is not None:
        document |= {"worlds": answers.replay.n, "played": answers.replay.n, "ess": answers.replay.ess}
    return render(page_of(answers, command=command, version=_version())), document


def _sheet(
    screen: Screen, story: Story, actor: str, command: str, *, n: int, seed: int, until: int | None, jobs: int,
    store: str | None,
) -> tuple[str, dict[str, object]]:  # fmt: skip
    """What an actor knew in the course that bears out most of the record."""
    from negosim.cli.kept_runs import opened
    from negosim.lab.replay.replay import replay
    from negosim.report.page.knowledge import sheet_of
    from negosim.report.page.render import render_sheet
    from negosim.stories.manifest import sources_digest

    with opened(store) as open_store, screen.progress(f"replaying {story.scenario.name}") as progress:
        replayed = replay(story, n=n, seed=seed, until=until, jobs=jobs, store=open_store, progress=progress)
    entries = [entry for entry in replayed.entries if until is None or entry.minute <= until]
    manifest = {
        "negosim": sources_digest(), "scenario": story.scenario.name, "story": story.digest, "seed": seed,
        "n": n, "run": replayed.run, "until": until, "knowledge-of": actor,
    }  # fmt: skip
    sheet = sheet_of(
        story.scenario, entries, actor, command=command, version=_version(), manifest=manifest, until=until
    )
    return render_sheet(sheet), {"knowledge-of": actor, "replays": n, "worlds": replayed.n, "ess": replayed.ess}


def _written(screen: Screen, output: str, html: str, document: dict[str, object]) -> ExitCode:
    from negosim.cli.files import write_whole
    from negosim.report.wording.numbers import draws

    content = html.encode()
    write_whole(output, [content], screen.data)
    refused = document.get("refused")
    if output != "-" and screen.json:
        screen.document({"page": output, "bytes": len(content), **document})
    elif output != "-":
        effective = document.get("ess", 0.0)
        played = draws(float(str(effective)))
        counts = f"{document['facts']} facts" if "facts" in document else played
        screen.note(f"{output}: {len(content) / 1000:.0f} kB, {counts}")
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


# ── export ──────────────────────────────────────────────────────────────────────────────────────

OF_RECORDS = ("csv", "plover", "timeline", "ics")
"""The formats of a record; a test holds them to those of ``negosim.stories.record_exports``."""


class FormOfRecord(Words):
    """A format of a record; one that only kept runs have leads to the verb that writes those."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See ``click.Choice``."""
        if value in FORMATS and value not in self.choices:
            self.fail(f"{value!r} is a format of kept runs: negosim store export RUN --to {value}", param, ctx)
        return super().convert(value, param, ctx)


@click.command(
    "export",
    epilog=examples("negosim export pti-2024 -o facts.csv", "negosim export record.toml --to timeline -o t.json"),
)
@click.argument("name", help="A scenario's name, or the path of a record or of its folder.")
@click.option("--to", "form", type=FormOfRecord(OF_RECORDS), default="csv", show_default=True,
              help="csv, plover (event data), timeline (TimelineJS) or ics (iCalendar).")  # fmt: skip
@output_option
@shown
def export_record(screen: Screen, name: str, form: str, output: str) -> None:
    """Write the documented record for other programs."""
    from negosim.cli.files import write_whole
    from negosim.core.errors import NotFound
    from negosim.stories.record_alone import documented_story
    from negosim.stories.record_exports import export_record as exported_record

    try:
        record = documented_story(name).documented
    except NotFound as error:
        raise click.UsageError(f"{error}\na kept run is written by: negosim store export {name}") from error
    write_whole(output, [exported_record(record, form)], screen.data)
    if screen.json and output != "-":
        screen.document({"record": name, "to": form, "output": output, "facts": len(record.facts)})
    elif not screen.json:
        screen.note(f"{len(record.facts)} facts as {form}")



@click.command(
    epilog=examples(
        "negosim store export 2e33ab -o run.jsonl", "negosim store export 2e33ab --to csv -o run.csv"
    )
)
@click.argument("run", help="A run's key, or its first digits.")
@click.option("--to", "form", type=Words(FORMATS), default=CANONICAL, show_default=True,
              help="JSON Lines are the run itself and can be imported; the others are views of it.")  # fmt: skip
@output_option
@stored
@shown
def export(screen: Screen, run: str, form: str, output: str, store: str | None) -> None:
    """Write the log of a run for other programs."""
    from negosim.cli.files import write_whole
    from negosim.cli.kept_runs import existing

    with existing(store) as open_store:
        info = open_store.info(open_store.resolve(run))
        chunks, lost, stale = exported(open_store, info.key, form)
        if stale:
            screen.note("the scenario has changed since; names and dates are those it has now")
        write_whole(output, chunks, screen.data)
    if screen.json and output != "-":
        screen.document({"run": info.key, "to": form, "output": output, "entries": info.length})
    elif not screen.json:
        screen.note(f"{info.length} entries of run {info.key[:12]} as {form}")
    if lost:
        screen.note(lost)


def exported(store: Store, key: str, form: str) -> tuple[Iterator[bytes], str, bool]:
    """A run in a format; what that leaves out; whether its story has changed since it was played.

    Raises what ``played`` and ``view`` raise.
    """
    from negosim.cli.entry_lines import sentence
    from negosim.cli.kept_runs import played
    from negosim.report.terminal.timeline_rows import wording_of
    from negosim.report.wording.sentences import Speaker
    from negosim.stores.exports import view
    from negosim.stores.exports.jsonl import write_jsonl
    from negosim.stores.exports.transcript import Transcript

    if form == CANONICAL:
        return write_jsonl(store, key), "", False
    log = played(store, key)
    scenario, table = log.story.scenario, log.story.scenario.table
    speaker = Speaker(table.actors, scenario.calendar, wording=wording_of(scenario))
    transcript = Transcript(
        key=log.key,
        head=log.head,
        manifest=log.manifest,
        entries=log.entries,
        calendar=scenario.calendar,
        actors=table.actors,
        channels=table.channels,
        sentence=lambda event: sentence(speaker, event).plain,
    )
    return *view(form, transcript), log.stale


def altered(raw: bytes, forms: Mapping[str, bytes]) -> str:
    """Where a file first differs from the export it most resembles; nothing when it is one of them."""
    if raw in forms.values():
        return ""
    same = {form: _alike(raw, whole) for form, whole in forms.items()}
    nearest = max(same, key=same.__getitem__)
    line = raw.count(b"\n", 0, same[nearest]) + 1
    return f"as {nearest} the file differs from byte {same[nearest]} on, in line {line}"


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def differs_from_export(store: Store, key: str, file: str) -> str:
    """How a file differs from what ``export`` writes of a run now, in whatever format, or nothing."""
    from negosim.stores.exports.jsonl import UNLINKED, write_jsonl

    raw, forms = Path(file).read_bytes(), {}
    forms["jsonl without links"] = b"".join(write_jsonl(store, key, UNLINKED))
    for form in FORMATS:
        with suppress(NegosimError):  # a library is not installed, or the story is not here
            forms[form] = b"".join(exported(store, key, form)[0])
    return altered(raw, forms)
