"""Waiting at the table: what takes time, and for what."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from functools import cache
from types import CodeType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from negosim.core.actors import Actor, Channel
from negosim.core.errors import NotFound, ScenarioError
from negosim.core.events import EVENTS

if TYPE_CHECKING:
    from negosim.core.events import Event, Matter

T = TypeVar("T")
_NAMED = (Actor, Channel)
Play: TypeAlias = Generator[Any, Any, None]
"""One part as it is being played."""
START, CHANGE, GIVEN, DELIVERY, ACT, DEADLINE = range(-2, 4)
"""What comes first within a minute."""


class Adjourned(BaseException):
    """Private: the run is over, this part goes home."""


STUBBORN = 100
"""How often a part is told that the run is over before it is made to yield, which ends it."""


class Hall(Protocol):
    """What a presence asks of the room it is in: whether the run is over."""

    closed: bool


class Sleeper(Protocol):
    """A part that sleeps until what it waits for has come."""

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line in which it waits."""

    def wake(self, answer: object = None) -> None:
        """Let it go on."""


class Presence:
    """A part's presence at the table: it may act while the run lasts and no wait was forgotten."""

    __slots__ = ("_playing", "_room", "_sent_home", "_waiting", "actor")
    _playing: Sleeper

    def __init__(self, room: Hall, actor: str) -> None:
        self._room, self.actor = room, actor
        self._waiting: Wait[Any] | None = None
        self._sent_home = 0

    def _check_present(self) -> None:
        """Raise Adjourned after the end of the run, ScenarioError where a wait was forgotten."""
        if self._room.closed:
            self._sent_home += 1
            raise Adjourned
        if self._waiting is not None:
            place, self._waiting = self._waiting.place, None
            raise ScenarioError(f"nobody waits here, 'yield from' is missing\nat {place}")


class Wait(Struct, Generic[T], eq=False):
    """Something that takes time: write ``yield from`` in front of it.

    Made by ``hear``, ``choose`` and ``pause``. A wait nobody waits for is noticed at the next act.
    """

    _seat: Presence
    _steps: Generator[Sleeper, Any, T] | None
    _code: CodeType
    _instruction: int

    @classmethod
    def of(cls, seat: Presence, steps: Generator[Sleeper, Any, T]) -> Wait[T]:
        """The wait that a part asked its seat for."""
        if seat._waiting is not None or seat._room.closed:
            if seat._sent_home < STUBBORN:
                seat._check_present()
            # it catches whatever is raised and waits again: Python ends a generator that yields while it is closed
            steps = _overstaying(seat)
        frame = sys._getframe(2)
        wait = seat._waiting = cls(seat, steps, frame.f_code, frame.f_lasti)
        return wait

    @property
    def place(self) -> str:
        """Where it was made, as ``file:line``; looked up only here, because that takes its time."""
        lines = (line for begin, end, line in self._code.co_lines() if begin <= self._instruction < end)
        return f"{self._code.co_filename}:{next(lines)}"

    def __iter__(self) -> Generator[Sleeper, Any, T]:
        if self._steps is None:
            raise ScenarioError(f"what was made here was waited for already\nat {self.place}")
        self._seat._waiting, steps, self._steps = None, self._steps, None
        return steps

    def __await__(self) -> Generator[Sleeper, Any, T]:
        """Only here so that a type checker flags a wait nobody waits for."""
        return self.__iter__()


def _overstaying(seat: Presence) -> Generator[Sleeper, Any, Any]:
    yield seat._playing


class Waiter(Struct, eq=False):
    """A part that waits for a message: of which kinds, with which fields, about what, passing which test."""

    playing: Sleeper
    kinds: tuple[type[Event], ...]
    wanted: tuple[tuple[str, object], ...]
    matter: Matter | None
    where: Callable[[Any], bool] | None

    def is_for(self, event: Any) -> bool:
        """Whether a message of these kinds is the one."""
        for name, value in self.wanted:
            if getattr(event, name, None) != value:
                return False
        matter = self.matter
        if matter is not None and event.matter != matter and getattr(event, "answers", None) != matter[1]:
            return False
        return self.where is None or self.where(event)


def check_kinds(kinds: tuple[object, ...]) -> None:
    """Raise ScenarioError unless these are kinds of events that can happen, at least one."""
    for kind in kinds or (None,):
        if not isinstance(kind, type) or kind not in _KINDS:
            raise ScenarioError(f"hear() waits for kinds of events, such as Offered without quotes; not for {kinds!r}")


_KINDS = frozenset(EVENTS)


@cache
def _fields_of(kinds: tuple[type[Event], ...]) -> dict[str, None]:
    """The names of the fields of these kinds of events, in order."""
    check_kinds(kinds)
    return dict.fromkeys(name for kind in kinds for name in kind.__struct_fields__)


def wanted_of(kinds: tuple[type[Event], ...], fields: dict[str, object]) -> dict[str, object]:
    """What the fields of a message must equal.

    Raises ScenarioError for what is no kind of event, NotFound for a name that none of the kinds has.
    """
    try:
        known = _fields_of(kinds)
    except TypeError:  # what cannot be kept by its value is no kind of event either
        check_kinds(kinds)
        raise
    for name, value in fields.items():
        if name not in known:
            raise NotFound(f"field of {' or '.join(kind.name for kind in kinds)}", name, known)
        if isinstance(value, _NAMED):
            fields[name] = value.id
    return fields
