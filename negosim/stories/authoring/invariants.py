"""What cannot be in any run of a story: each rule finds the first entry of a log that breaks it.

    invariants = (
        Never("He is met in prison after his release.", Events(Met, channel=prison), after=RELEASE),
        AtMostOnce("He is released twice.", RELEASE),
    )

News takes a minute, so whoever acts in the minute of an event may still be unaware of it: a rule
with ``after`` looks from the second minute on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen
from msgspec import Struct

from negosim.core.actors import Actor, Channel
from negosim.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from negosim.core.events import Entry, Event

NEWS = 1
"""Minutes after which an event is known to those it reaches at once."""


@frozen(init=False)
class Events:
    """Events of some types whose fields equal these: ``Events(Met, channel=prison, by=("a", "b"))``.

    A tuple stands for any of its values; a text also for its repetitions (``round``, ``round#2``);
    ``where`` is any test. Raises NotFound for a field that none of the types has.
    """

    kinds: tuple[type[Event], ...]
    wanted: tuple[tuple[str, tuple[object, ...]], ...]
    where: Callable[[Any], bool] | None

    def __init__(
        self, *kinds: type[Event], where: Callable[[Any], bool] | None = None, **fields: object
    ) -> None:
        known = {name for kind in kinds for name in kind.__struct_fields__}
        for name in fields:
            if name not in known:
                raise NotFound(f"field of {' or '.join(kind.name for kind in kinds)}", name, known)
        wanted = tuple((name, _alternatives(value)) for name, value in fields.items())
        self.__attrs_init__(kinds, wanted, where)

    def has(self, event: Event) -> bool:
        """Whether an event is one of these."""
        if not isinstance(event, self.kinds):
            return False
        fits = all(_plain(getattr(event, name, None)) in values for name, values in self.wanted)
        return fits and (self.where is None or self.where(event))

    def of(self, log: Sequence[Entry]) -> Iterator[Entry]:
        """The entries of a log with such an event, oldest first."""
        return (entry for entry in log if self.has(entry.event))

    def first(self, log: Sequence[Entry]) -> int | None:
        """The minute of the first of them in a log; None where there is none."""
        return next((entry.minute for entry in self.of(log)), None)


def _alternatives(value: object) -> tuple[object, ...]:
    values = value if isinstance(value, tuple) else (value,)
    return tuple(str(item) if isinstance(item, Actor | Channel) else item for item in values)


def _plain(value: object) -> object:
    """A field's value without the number of its repetition."""
    return value.partition("#")[0] if isinstance(value, str) else value


class Never(Struct, frozen=True):
    """Such events never come: at all, ``after`` another, or ``until`` others have all come.

    ``says`` tells in a sentence what would break the rule.
    """

    says: str
    events: Events
    after: Events | None = None
    until: tuple[Events, ...] | Events = ()

    @property
    def __name__(self) -> str:
        return self.says

    def __call__(self, log: Sequence[Entry]) -> Entry | None:
        """The first entry that breaks the rule, or None."""
        begun = 0
        if self.after is not None:
            minute = self.after.first(log)
            if minute is None:
                return None
            begun = minute + NEWS + 1
        needed = (self.until,) if isinstance(self.until, Events) else self.until
        came = [events.first(log) for events in needed]
        for entry in self.events.of(log):
            too_early = not came or any(minute is None or entry.minute < minute for minute in came)
            if entry.minute >= begun and too_early:
                return entry
        return None


class AtMostOnce(Struct, frozen=True):
    """Such events come at most once in a run, or at most ``times``."""

    says: str
    events: Events
    times: int = 1

    @property
    def __name__(self) -> str:
        return self.says

    def __call__(self, log: Sequence[Entry]) -> Entry | None:
        """The first entry that breaks the rule, or None."""
        return next((entry for number, entry in enumerate(self.events.of(log)) if number >= self.times), None)
