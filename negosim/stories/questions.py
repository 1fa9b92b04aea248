"""A story's questions: outcomes worth asking about, and named changes with their basis.

They stand in ``questions.toml`` beside the record; outcomes of the time after the record, of which
nobody can say yet whether they happened, in ``outlook.toml``. A change is one line of text, see
``negosim.stories.intervention_syntax``.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import evolve, frozen

from negosim.core.errors import BadValue, NotFound, RecordError
from negosim.record.checks import check_once
from negosim.record.dates import Span
from negosim.record.entries import read_target
from negosim.record.lines import Place
from negosim.record.model import Record, Target
from negosim.record.reading import Desk, Table
from negosim.record.toml import Toml, read_toml
from negosim.stories.intervention_syntax import change_of
from negosim.stories.validation import problems_with

if TYPE_CHECKING:
    from pathlib import Path

    from negosim.sim.interventions import Change
    from negosim.stories.loading import Story

FILE, OUTLOOK = "questions.toml", "outlook.toml"


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


@frozen
class Outcome:
    """Something that can happen or not: the patterns of it, and whether the record says it did.

    Its date is when the record says so; each pattern has the window in which it would count. The
    record has no answer to one that is not ``documented``, such as those of the outlook.
    """

    target: Target
    happened: bool
    documented: bool = True

    @property
    def id(self) -> str:
        """Its name."""
        return self.target.id

    @property
    def last_minute(self) -> float:
        """The last minute in which it would count; infinite where a pattern is open."""
        expected, beliefs = self.target.expect, self.target.beliefs
        spans = [*(pattern.span for pattern in expected), *(belief.span for belief in beliefs)]
        ends = (inf if span.latest is None else span.latest + self.target.tolerance for span in spans)
        return max(ends, default=inf)

    @property
    def known_after(self) -> float:
        """The last minute after which the record has the answer: it has happened by then, or can no more."""
        dated = self.target.span.latest
        return dated if self.documented and self.happened and dated is not None else self.last_minute


@frozen
class Question:
    """A change with a name: what it asks, about which outcomes (the first is the one meant), and why."""

    id: str
    asks: str
    changes: tuple[Change, ...]
    about: tuple[str, ...]
    basis: str


@frozen
class Questions:
    """What can be asked of a story; ``outlook`` are outcomes of the time after its record."""

    outcomes: tuple[Outcome, ...] = ()
    questions: tuple[Question, ...] = ()
    outlook: tuple[Outcome, ...] = ()

    def question(self, id: str) -> Question:
        """The question of that name. Raises NotFound with the nearest."""
        return _named("question", self.questions, id)

    def outcome(self, id: str) -> Outcome:
        """The outcome of that name. Raises NotFound with the nearest."""
        return _named("outcome", self.outcomes, id)

    def ahead(self, minute: int) -> tuple[Outcome, ...]:
        """The outcomes that a forecast from a minute on is about.

        Those that may still come, and of the outlook those whose time has begun by then.
        """
        still_open = (outcome for outcome in self.outcomes if outcome.known_after >= minute)
        begun = (outcome for outcome in self.outlook if (outcome.target.span.earliest or 0) <= minute)
        return (*still_open, *begun)

    def about(self, ids: tuple[str, ...]) -> tuple[Outcome, ...]:
        """The outcomes of these names first, then all others."""
        first = tuple(self.outcome(id) for id in ids)
        return (*first, *(outcome for outcome in self.outcomes if outcome not in first))


def _named(sort: str, known: tuple[N, ...], id: str) -> N:
    for named in known:
        if named.id == id:
            return named
    raise NotFound(sort, id, (named.id for named in known))


# ── the file ────────────────────────────────────────────────────────────────────────────────────


def questions_of(story: Story) -> Questions:
    """The questions and the outlook beside a story's record; none when there is no file.

    Raises RecordError with every mistake, and with every name the scenario does not know.
    """
    path, outlook = story.folder / FILE, story.folder / OUTLOOK
    known = read_questions(path, story) if path.is_file() else Questions()
    return evolve(known, outlook=undocumented(outlook, story)) if outlook.is_file() else known


def undocumented(path: Path, story: Story) -> tuple[Outcome, ...]:
    """The outcomes in a file, to none of which the record has an answer (errors: see ``questions_of``)."""
    return tuple(evolve(outcome, documented=False) for outcome in read_questions(path, story).outcomes)


def read_questions(path: Path, story: Story) -> Questions:
    """The questions in a file (see ``questions_of``)."""
    toml, calendar = read_toml(path), story.scenario.calendar
    desk = Desk(file=toml.file, lines=toml.lines, calendar=calendar)
    top = Table(desk, toml.values)
    clock = Span(0, story.scenario.ends - 1, "interval", text="the clock")
    tables = {key: top.tables(key) for key in ("outcome", "question")}
    outcomes = tuple(_outcome(table, clock) for table in tables["outcome"])
    questions = tuple(read_question(table, story.record) for table in tables["question"])
    for entries in tables.values():
        seen: dict[str, Place] = {}
        for table in entries:
            check_once(table, seen, str(table.values.get("id", "")))
    top.close()
    problems = [words for _, words in sorted(desk.complaints)]
    names = Record(title="", calendar=calendar, ends=story.scenario.ends, file=path.name, used=tuple(desk.names))
    problems += problems_with(names, evolve(story.scenario, explanations={}))
    problems += _check(questions, outcomes, story, toml)
    if problems:
        raise RecordError(tuple(problems))
    return Questions(outcomes, questions)


def _outcome(table: Table, clock: Span) -> Outcome:
    table.label = f'outcome "{table.values.get("id")}"'
    happened = table.take("happened", bool, True)
    table.values = {key: value for key, value in table.values.items() if key != "happened"}
    return Outcome(read_target(table, clock), happened)


def read_question(table: Table, record: Record | None = None) -> Question:
    """A ``[[question]]``; its changes are read with the table's own calendar."""
    table.label = f'question "{table.values.get("id")}"'
    changes = []
    if not table.values.get("change"):
        table.wrong("change", "'change' is missing or empty; write at least one, such as [\"ADDRESS=ALTERNATIVE\"]")
    for text in table.texts("change"):
        try:
            changes.append(change_of(text, table.desk.calendar, record))
        except BadValue as error:
            table.wrong("change", str(error))
    question = Question(
        table.text("id", needed=True), table.text("asks", needed=True), tuple(changes),
        table.texts("about"), table.text("basis", needed=True),
    )  # fmt: skip
    table.close()
    return question


def _check(questions: tuple[Question, ...], outcomes: tuple[Outcome, ...], story: Story, toml: Toml) -> list[str]:
    """What a question asks and the story does not know, each with its line.

    An outcome whose own id could not be read may be the one that is meant: then none is missed.
    """
    known, named = Questions(outcomes), all(outcome.id for outcome in outcomes)
    problems = []
    for number, question in enumerate(questions):
        place = Place(toml.file, toml.lines, ("question", number), f'question "{question.id}"')
        try:
            known.about(question.about if named else ())
            for change in question.changes:
                change.check(story.scenario)
        except (NotFound, BadValue) as error:
            problems.append(f"{place}: {error}")
    return problems
