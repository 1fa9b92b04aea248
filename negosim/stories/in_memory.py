"""A story in memory: a scenario that a script made, what is known of it, and a question about it.

There is no folder and no source, so what is known is certain. It is written one line each:

    nature.order[court]=yes     a decision came out so
    happened dead               an event came: its name in the log, and what it is about
    met by ann via street       the same with its doer, its addressee (to) and its channel
    no happened dead            it did not come
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen
from typing_extensions import override

from negosim.core.errors import BadValue, RecordError
from negosim.record.dates import Span
from negosim.record.model import DocumentedDecision, Fact, Name, NameKind, Pattern, Record, Target
from negosim.stories.intervention_syntax import change_of
from negosim.stories.loading import Story, StoryRef
from negosim.stories.questions import Outcome, Question
from negosim.stories.validation import problems_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.time import Calendar
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario

Lines: TypeAlias = "str | Sequence[str]"
"""One line, or several."""

_DECISION = re.compile(r"(?P<address>[^=\s]+\.[^=]+?)\s*=\s*(?P<chose>\S+)")
_EVENT = re.compile(
    r"(?P<no>no )?(?P<event>[a-z-]+)(?: by (?P<by>\S+))?(?: to (?P<to>\S+))?(?: via (?P<channel>\S+))?"
    r"(?: (?P<what>\S+))?"
)
_KINDS: dict[str, NameKind] = {"event": "event", "by": "actor", "to": "actor", "channel": "channel", "what": "what"}
"""The parts of an event's line, and what sort of name each holds."""


@frozen(kw_only=True)
class StoryInMemory(Story):
    """A story that only this process has: whatever is asked of it is done here."""

    @property
    @override
    def ref(self) -> StoryRef:
        return _Here(folder="", digest="", story=self)

    @property
    @override
    def is_certain(self) -> bool:
        return True


class _Here(StoryRef, frozen=True):
    """A reference that holds what it refers to."""

    story: Story

    @override
    def load(self) -> Story:
        return self.story


def in_memory(
    scenario: Scenario, evidence: Lines, do: Lines | Sequence[Change], about: Lines
) -> tuple[Story, Question, tuple[Outcome, ...]]:
    """A scenario with what is known of it as its record, what is changed, and the outcomes asked about.

    Raises BadValue for a line that says nothing, RecordError with every name that the scenario
    does not know.
    """
    span = Span(0, scenario.ends - 1, "interval", text="any time")
    known = {text: _fact(text, span) for text in _lines(evidence)}
    asked = {text: _fact(text, span) for text in _lines(about)}
    record = Record(
        title=scenario.title, calendar=scenario.calendar, ends=scenario.ends, facts=tuple(known.values()),
        used=tuple(name for fact in (known | asked).values() for name in _names(fact)),
    )  # fmt: skip
    if problems := problems_with(record, scenario):
        raise RecordError(tuple(problems))
    changes = _changes(do, scenario.calendar)
    question = Question("", f"What if {' and '.join(map(str, changes))}?", changes, tuple(asked), "")
    story = StoryInMemory(scenario=scenario, record=record, folder=Path(), digest="")
    return story, question, tuple(_outcome(fact, happened=f"no {fact.id}" not in known) for fact in asked.values())


def _lines(lines: Lines) -> Sequence[str]:
    return [lines] if isinstance(lines, str) else lines


def _changes(do: Lines | Sequence[Change], calendar: Calendar) -> tuple[Change, ...]:
    changes: Sequence[str | Change] = [do] if isinstance(do, str) else do
    return tuple(change_of(each, calendar) if isinstance(each, str) else each for each in changes)


def _fact(text: str, span: Span) -> Fact:
    """What one line says is known."""
    if decision := _DECISION.fullmatch(text):
        imposition = DocumentedDecision(decision["address"], decision["chose"], span)
        return Fact(
            id=text, span=span, precision="interval", kind="decision", what=text, certainty="documented", cites=(),
            decisions=(imposition,),
        )  # fmt: skip
    event = _EVENT.fullmatch(text)
    if event is None:
        raise BadValue(f"{text!r} says nothing; write ADDRESS=ALTERNATIVE, or an event such as 'happened dead'")
    pattern = Pattern(
        event=event["event"], span=span, by=event["by"] or "", to=event["to"] or "", channel=event["channel"] or "",
        what=event["what"] or "", absent=bool(event["no"]),
    )  # fmt: skip
    return Fact(
        id=text, span=span, precision="interval", kind="outcome", what=text.removeprefix("happened "),
        certainty="documented", cites=(), expect=(pattern,),
    )  # fmt: skip


def _names(fact: Fact) -> Iterator[Name]:
    """The names in a fact that a scenario should know."""
    for decision in fact.decisions:
        yield Name(repr(fact.id), "address", decision.address)
        yield Name(repr(fact.id), "alternative", decision.chose, decision.address)
    for pattern in fact.expect:
        for part, kind in _KINDS.items():
            if name := getattr(pattern, part):
                yield Name(repr(fact.id), kind, name, pattern.event if part == "what" else "")


def _outcome(fact: Fact, *, happened: bool) -> Outcome:
    if fact.decisions:
        raise BadValue(f"{fact.id!r}: an outcome is an event, such as 'happened dead', not a decision")
    return Outcome(Target(id=fact.id, what=fact.what, span=fact.span, cites=(), expect=fact.expect), happened)
