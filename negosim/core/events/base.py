"""What every event is, and the entry that places one in a log."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeAlias

from attrs import frozen
from typing_extensions import TypeVar

Matter: TypeAlias = tuple[str, str]


class Event:
    """The root of the union.

    ``concerns`` says what an event is about: the kind of matter, and the field that names it.
    """

    __slots__ = ()
    name: ClassVar[str]
    version: ClassVar[int] = 1
    concerns: ClassVar[tuple[str, str]]
    by: str

    @property
    def matter(self) -> Matter:
        """What the event is about: a kind and a name."""
        kind, field = self.concerns
        return kind, str(getattr(self, field))

    @property
    def as_meant(self) -> Event:
        """The event as its doer sees it at once: itself, unless it came too late."""
        return self


E = TypeVar("E", bound=Event, default=Event)


@frozen
class Entry(Generic[E]):
    """One line of the log: its index from 0, its minute, what happened, and the causing entries."""

    index: int
    minute: int
    event: E
    causes: tuple[int, ...] = ()
