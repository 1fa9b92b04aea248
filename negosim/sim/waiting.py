"""Waiting at the table: what takes time, and for what."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import cache
from sys import _getframe
from types import CodeType
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from negosim.core.actors import Actor, Channel
from negosim.core.errors import NotFound, ScenarioError
from negosim.core.events import EVENTS
from negosim.sim.faults import Adjourned
from negosim.sim.setting import ACT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.core.events import Event, Matter
    from negosim.sim.room import Room
    from negosim.sim.room.mailbox import Mailbox
    from negosim.sim.room.playing import Playing

T = TypeVar("T")
W = TypeVar("W", bound="Wait[Any]")
_NAMED = (Actor, Channel)
Play: TypeAlias = Generator[Any, Any, None]
"""One part as it is being played."""

STUBBORN = 100
"""How often a part is told that the run is over before it is made to yield, which ends it."""


class Presence:
    """A part's presence at the table: it may act while the run lasts and no wait was forgotten.

    ``_because`` is what it would name as the causes of an act: its last act, and what it learned since.
    """

    __slots__ = (
        "_acted", "_because", "_mailbox", "_playing", "_room", "_sent_home", "_view", "_waiting", "actor",
    )  # fmt: skip
    _playing: Playing

    def __init__(self, room: Room, actor: str, because: Iterable[int] = ()) -> None:
        self._room, self.actor = room, actor
        self._mailbox = mailbox = room.mailboxes[actor]
        self._view = mailbox.view
        self._because = set(because)
        self._acted: int | None = None
        self._waiting: Wait[Any] | None = None
        self._sent_home = 0

    def _causes(self) -> set[int]:
        """What an act would name now; what was learned before the last act speaks through it."""
        if self._acted is not None:
            self._because, self._acted = {self._acted}, None
        return self._because

    def _check_present(self) -> None:
        """Raise Adjourned after the end of the run, ScenarioError where a wait was forgotten."""
        if self._room.closed:
            self._sent_home += 1
            raise Adjourned
        if self._waiting is not None:
            place, self._waiting = self._waiting.place, None
            raise ScenarioError(f"nobody waits here, 'yield from' is missing\nat {place}")

    def _refused(self) -> Wait[Any]:
        """Raise where a wait was forgotten, or the run is over.

        Whoever catches whatever is raised and waits again yields: Python ends a generator that does while it is closed.
        """
        if self._sent_home < STUBBORN:
            self._check_present()
        frame = _getframe(2)
        wait = self._waiting = Overstaying(self, frame.f_code, frame.f_lasti)
        return wait


class Wait(Struct, Generic[T], eq=False):
    """Something that takes time: write ``yield from`` in front of it.

    Made by ``hear``, ``choose`` and ``pause``. A wait nobody waits for is noticed at the next act.
    """

    _seat: Presence
    _code: CodeType
    _instruction: int

    @property
    def place(self) -> str:
        """Where it was made, as ``file:line``; looked up only here, because that takes its time."""
        lines = (line for begin, end, line in self._code.co_lines() if begin <= self._instruction < end)
        return f"{self._code.co_filename}:{next(lines)}"

    def _raise_waited_for(self) -> None:
        raise ScenarioError(f"what was made here was waited for already, or given up after an error\nat {self.place}")

    if TYPE_CHECKING:  # every wait has it, where its own class says what it waits for

        def __iter__(self) -> Generator[Playing, Any, T]:
            """Wait."""

    def __await__(self) -> Generator[Playing, Any, T]:
        """Only here so that a type checker flags a wait nobody waits for."""
        return self.__iter__()


class Overstaying(Wait[Any], eq=False):
    """The wait of a part that will not go home."""

    def __iter__(self) -> Generator[Playing, Any, None]:
        seat = self._seat
        if seat._waiting is not self:
            self._raise_waited_for()
        seat._waiting = None
        yield seat._playing


class Pause(Wait[None], eq=False):
    """Time that passes until a minute; none at all yields too: a part that pauses for ever must not hang the run."""

    minute: int

    def __iter__(self) -> Generator[Playing, Any, None]:
        seat = self._seat
        if seat._waiting is not self:
            self._raise_waited_for()
        seat._waiting = None
        room, minute, playing = seat._room, self.minute, seat._playing
        if type(minute) is not int:
            raise ScenarioError(f"time is in whole minutes, not {minute!r}; see hours() and days()")
        room.call_at(max(minute, room.now), ACT, seat._mailbox.turn, playing.wake)
        yield playing
        seat._view.consulted = seat._because


class Hearing(Wait[Any], eq=False):
    """A wait for a message: of which kinds, with which fields, about what, passing which test, until when."""

    mailbox: Mailbox
    playing: Playing
    kinds: tuple[type[Event], ...]
    wanted: tuple[tuple[str, object], ...]
    matter: Matter | None
    where: Callable[[Any], bool] | None
    deadline: int | None

    def is_for(self, event: Any) -> bool:
        """Whether a message of these kinds is the one."""
        for name, value in self.wanted:
            if getattr(event, name, None) != value:
                return False
        matter = self.matter
        if matter is not None and event.matter != matter and getattr(event, "answers", None) != matter[1]:
            return False
        return self.where is None or self.where(event)

    def __iter__(self) -> Generator[Playing, Any, Any]:
        seat = self._seat
        if seat._waiting is not self:
            self._raise_waited_for()
        seat._waiting = None
        mailbox = self.mailbox
        entry = mailbox.take(self) if mailbox.came else None
        if entry is None:
            seat._room.listen(self)
            entry = yield self.playing
            if entry is None:
                return None
        if seat._acted is None:
            seat._because.add(entry.index)
        else:
            seat._because, seat._acted = {seat._acted, entry.index}, None
        seat._view.consulted = seat._because
        return entry.event


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
