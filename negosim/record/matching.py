"""Judging a log against the record: did the expected events follow, and when?

A log is any sequence of entries with ``minute`` and ``event``; an event has ``name`` and plain
fields. Patterns are data: nothing here knows an event type or a fact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.record.dates import Span
    from negosim.record.model import Pattern, Plain

When = Literal["early", "inside", "late"]

# what an event is about goes by another name in each event type
_ABOUT = ("what", "action", "terms", "order", "claim")
# these get a number when they come again, as in session#2; a pattern means any of them
_NUMBERED = ("meeting", "request", "ultimatum")
_ABSENT = object()


class Entry(Protocol):
    """One line of a log."""

    @property
    def index(self) -> int: ...
    @property
    def minute(self) -> int: ...
    @property
    def event(self) -> object: ...


class Expectation(Protocol):
    """What a fact and a target have in common."""

    @property
    def expect(self) -> tuple[Pattern, ...]: ...
    @property
    def tolerance(self) -> int: ...
    @property
    def in_order(self) -> bool: ...
    @property
    def within(self) -> int | None: ...


class Dated(Protocol):
    """Anything with a scored span."""

    @property
    def scored(self) -> Span: ...


class Verdict(Struct, frozen=True):
    """Whether all that was expected followed.

    ``at`` is the minute of the first matching entry (in an ordered expectation: of the chain's
    first), ``count`` the number of entries in their windows that match any of its patterns.
    """

    hit: bool
    at: int | None
    count: int


class Timing(Struct, frozen=True):
    """Where a minute lies against a span, and how many minutes it lies outside it."""

    when: When
    distance: int


def window(pattern: Pattern, tolerance: int = 0) -> Span:
    """The minutes in which a pattern is looked for.

    A tolerance makes room for an event that came a little early or late; it never makes a
    silence longer, so absent patterns keep their own span.
    """
    return pattern.span if pattern.absent else pattern.span.widened(tolerance)


def matches(pattern: Pattern, entry: Entry, tolerance: int = 0) -> bool:
    """Whether an entry is what the pattern names, inside its window."""
    return entry.minute in window(pattern, tolerance) and is_like(pattern, entry.event)


def is_like(pattern: Pattern, event: object) -> bool:
    """Whether an event is what the pattern names, whenever it happened."""
    if getattr(event, "name", None) != pattern.event:
        return False
    plain = (("by", pattern.by), ("to", pattern.to), ("channel", pattern.channel))
    return (
        all(_field(event, key, wanted) for key, wanted in plain if wanted)
        and (not pattern.what or _is_about(event, pattern.what))
        and _share_fits(event, pattern.share)
        and all(_field(event, key, wanted) for key, wanted in pattern.has)
    )


def about(event: object) -> tuple[str, ...]:
    """What an event is about, by the slugs that a pattern's ``what`` is compared with."""
    values = [getattr(event, key) for key in _ABOUT if hasattr(event, key)]
    named = [getattr(event, key).partition("#")[0] for key in _NUMBERED if hasattr(event, key)]
    return (*(slug for value in values for slug in getattr(value, "slugs", (value,))), *named)


def judge(expectation: Expectation, entries: Iterable[Entry]) -> Verdict:
    """Whether the expected events of a fact or target are in a log.

    Absent patterns must match nothing; they have no place in an order. Beliefs are not judged
    here: they are statements about views.
    """
    log = tuple(entries)
    matching = [_matching(pattern, log, expectation.tolerance) for pattern in expectation.expect]
    pairs = list(zip(expectation.expect, matching, strict=True))
    minutes = [log[at].minute for pattern, places in pairs if not pattern.absent for at in places[:1]]
    hit = bool(pairs) and all(_enough(pattern, places) for pattern, places in pairs)
    at = min(minutes, default=None)
    if hit and expectation.in_order:
        positive = [(places, pattern.at_least) for pattern, places in pairs if not pattern.absent]
        chain = _chain(positive, log, expectation.within)
        hit, at = chain is not None, at if chain is None else chain
    return Verdict(hit, at, len({place for places in matching for place in places}))


def nearest(expectation: Expectation, entries: Iterable[Entry]) -> int | None:
    """The minute, in or out of its span, at which something expected came nearest to it."""
    best: tuple[int, int] | None = None
    for entry in entries:
        for pattern in expectation.expect:
            if not pattern.absent and is_like(pattern, entry.event):
                distance = abs(window(pattern, expectation.tolerance).distance(entry.minute))
                if best is None or distance < best[0]:
                    best = distance, entry.minute
    return None if best is None else best[1]


def timing(dated: Dated, minute: int) -> Timing:
    """Where ``minute`` lies against the scored span of a fact or target."""
    distance = dated.scored.distance(minute)
    when: When = "early" if distance < 0 else "late" if distance > 0 else "inside"
    return Timing(when, abs(distance))


def _matching(pattern: Pattern, log: Sequence[Entry], tolerance: int) -> list[int]:
    span = window(pattern, tolerance)
    # ensembles judge every pattern against every log: most entries fall out at the name
    return [
        place
        for place, entry in enumerate(log)
        if getattr(entry.event, "name", None) == pattern.event
        and entry.minute in span
        and is_like(pattern, entry.event)
    ]


def _enough(pattern: Pattern, places: list[int]) -> bool:
    return not places if pattern.absent else len(places) >= pattern.at_least


def _chain(
    steps: list[tuple[list[int], int]], log: Sequence[Entry], within: int | None
) -> int | None:
    """The minute at which the first chain of matches in order, short enough, begins.

    From each possible beginning the earliest next matches make the shortest chain.
    """
    for start in steps[0][0]:
        at, end = start - 1, start
        for places, at_least in steps:
            later = [place for place in places if place > at][:at_least]
            if len(later) < at_least:
                return None
            at = end = later[-1]
        if within is None or log[end].minute - log[start].minute <= within:
            return log[start].minute
    return None


def _is_about(event: object, wanted: str) -> bool:
    return any(_field(event, key, wanted) for key in _ABOUT) or any(
        str(getattr(event, key, "")).partition("#")[0] == wanted for key in _NUMBERED
    )


def _field(event: object, key: str, wanted: Plain) -> bool:
    value = getattr(event, key, _ABSENT)
    if isinstance(value, tuple | list):
        return wanted in value
    # terms are a package; it is about each of its slugs
    return bool(value == wanted) or wanted in getattr(value, "slugs", ())


def _share_fits(event: object, share: tuple[int, int] | None) -> bool:
    if share is None:
        return True
    value = getattr(event, "share", None)
    return isinstance(value, int) and share[0] <= value <= share[1]
