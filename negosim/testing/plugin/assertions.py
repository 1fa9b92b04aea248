"""Assertions over the runs of a story: never, eventually, and the story's own invariants.

An event is named as in a record (``"called-off"``), further keywords are fields that must be equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core.actors import Actor, Channel
from negosim.core.errors import NotFound
from negosim.core.events import EVENTS
from negosim.record.dates import Span
from negosim.record.matching import is_like
from negosim.record.model import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from negosim.core.events import Entry
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story

ALWAYS = Span(0, None, "open")


def never(runs: Iterable[Run], event: str, *, after: str = "", **fields: object) -> None:
    """No run has such an event; with ``after``, none has it later than one of that name.

    Raises AssertionError with the run and the entry, NotFound for a name that no event has.
    """
    pattern, earlier = _pattern(event, fields), _pattern(after, {}) if after else None
    for run in runs:
        for entry in _matching(run, pattern, earlier):
            raise AssertionError(f"{_told(run)}: entry {entry.index} at minute {entry.minute} is {entry.event}")


def eventually(runs: Iterable[Run], event: str, *, at_least: int = 1, **fields: object) -> None:
    """At least so many of the runs have such an event.

    Raises AssertionError with the count, NotFound for a name that no event has.
    """
    pattern, played = _pattern(event, fields), tuple(runs)
    count = sum(any(_matching(run, pattern, None)) for run in played)
    if count < at_least:
        what = ", ".join((event, *(f"{name}={value}" for name, value in fields.items())))
        raise AssertionError(f"{what}: in {count} of {len(played)} runs, not in {at_least}")


def keeps_invariants(story: Story, runs: Iterable[Run]) -> None:
    """Every invariant that the story exports holds in every run.

    Raises AssertionError with the invariant, the run and the entry that breaks it.
    """
    for run in runs:
        for invariant in story.invariants:
            entry = invariant(run.entries)
            if entry is not None:
                name = getattr(invariant, "__name__", str(invariant))
                raise AssertionError(
                    f"{name} is broken in {_told(run)}: entry {entry.index} at minute {entry.minute} is {entry.event}"
                )


def _pattern(event: str, fields: dict[str, object]) -> Pattern:
    names = [kind.name for kind in EVENTS]
    if event not in names:
        raise NotFound("event", event, names)
    plain = {name: str(value) if isinstance(value, Actor | Channel) else value for name, value in fields.items()}
    what = plain.pop("what", "")
    return Pattern(event=event, span=ALWAYS, what=str(what), has=tuple(plain.items()))  # type: ignore[arg-type]


def _matching(run: Run, pattern: Pattern, earlier: Pattern | None) -> Iterator[Entry]:
    begun = earlier is None
    for entry in run.entries:
        if begun and is_like(pattern, entry.event):
            yield entry
        begun = begun or (earlier is not None and is_like(earlier, entry.event))


def _told(run: Run) -> str:
    return f"run {run.world.run} of seed {run.world.seed}"
