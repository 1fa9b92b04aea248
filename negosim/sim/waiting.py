"""Waiting at the table: what takes time, and how a part goes home."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from traceback import extract_tb
from types import CodeType, GeneratorType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

import simpy
from msgspec import Struct

from negosim.core.actors import Actor, Channel
from negosim.core.errors import (
    BadValue,
    IllegalMove,
    NegosimError,
    NotFound,
    ScenarioError,
    StoryRaised,
    cause_of,
)
from negosim.core.events import EVENTS
from negosim.sim.chance import FailedImposition

if TYPE_CHECKING:
    from negosim.core.events import Event, Matter

T = TypeVar("T")
_NAMED = (Actor, Channel)
Play: TypeAlias = Generator[Any, Any, None]
"""One part as it is being played."""


class Adjourned(BaseException):
    """Private: the run is over, this part goes home."""


STUBBORN = 100
"""How often a part is told that the run is over before it is made to yield, which ends it."""


class Hall(Protocol):
    """What a presence asks of the room it is in: whether the run is over."""

    closed: bool


class Presence:
    """A part's presence at the table: it may act while the run lasts and no wait was forgotten."""

    __slots__ = ("_playing", "_room", "_sent_home", "_waiting", "actor")
    _playing: Playing

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
    _steps: Generator[Playing, Any, T] | None
    _code: CodeType
    _instruction: int

    @classmethod
    def of(cls, seat: Presence, steps: Generator[Playing, Any, T]) -> Wait[T]:
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

    def __iter__(self) -> Generator[Playing, Any, T]:
        if self._steps is None:
            raise ScenarioError(f"what was made here was waited for already\nat {self.place}")
        self._seat._waiting, steps, self._steps = None, self._steps, None
        return steps

    def __await__(self) -> Generator[Playing, Any, T]:
        """Only here so that a type checker flags a wait nobody waits for."""
        return self.__iter__()


def _overstaying(seat: Presence) -> Generator[Playing, Any, Any]:
    yield seat._playing


def _never_yields(part: Callable[[Any], object], actor: str) -> str:
    """What is wrong with a part that is no generator, and where it is written."""
    code = getattr(part, "__code__", None)
    place = f"\nat {code.co_filename}:{code.co_firstlineno}" if code is not None else ""
    name = getattr(part, "__name__", part)
    return (
        f"{name} of {actor} never yields, so it is no part\n"
        f"begin it with: yield from seat.pause(), or let it hear something{place}"
    )


class Playing(simpy.Process):
    """A part as it is played: a SimPy process that is woken with what it waited for.

    What it yields is itself: it sleeps until the room wakes it. Neither an event a wait nor a call of
    callbacks stands between SimPy's queue and the story's own generator.
    """

    def __init__(self, env: simpy.Environment, seat: Presence, part: Callable[[Any], Play]) -> None:
        # not Process.__init__: the room says when it begins
        self.env, self.callbacks = env, []
        self._seat, self._part = seat, part
        self._playing: GeneratorType[Any, Any, None] | None = None
        seat._playing = self

    def wake(self, answer: object = None) -> None:
        """Go on with what was waited for, up to the next wait or to the end."""
        try:
            playing = self._playing or self._begin()
            try:
                yielded = playing.send(answer)
            except StopIteration:
                self._ok, self._value = True, None
                self._seat._check_present()
                return
            if yielded is not self:
                raise ScenarioError("write 'yield from', not 'yield'\nat {}:{}".format(*_line_of(playing)))
        except BaseException as error:  # noqa: BLE001 - raised in its turn, by the room
            self._ok, self._value = False, error
            self.env.schedule(self)

    def go_home(self) -> None:
        """The run is over: close the story's generator."""
        playing = self._playing
        try:
            if playing is not None:
                playing.close()
        except RuntimeError as error:
            if playing is not None and playing.gi_frame is not None:  # it yielded instead of ending
                raise ScenarioError(
                    "the run is over and this part goes on: its 'except' catches everything; "
                    "write 'except Exception'\nat {}:{}".format(*_line_of(playing))
                ) from None
            raise_with_place(error)
        except BaseException as error:  # noqa: BLE001 - raised again, with its place
            raise_with_place(error)
        finally:
            del self._seat, self.env  # which hold this part: no circle is left to the garbage collector

    @property
    def place(self) -> tuple[str, int]:
        """The file and the line in which the part waits now."""
        return _line_of(self._playing) if self._playing is not None else ("", 0)

    def _begin(self) -> GeneratorType[Any, Any, None]:
        playing = self._part(self._seat)
        if not isinstance(playing, GeneratorType):
            raise ScenarioError(_never_yields(self._part, self._seat.actor))
        self._playing = playing
        return playing


def _line_of(playing: GeneratorType[Any, Any, None]) -> tuple[str, int]:
    """The file and the line in which a generator stands."""
    return playing.gi_code.co_filename, playing.gi_frame.f_lineno if playing.gi_frame else 0


def raise_with_place(error: BaseException) -> None:
    """Raise again what a story's code raised, with the place where; that the run is over is no error."""
    if isinstance(error, Adjourned):
        return
    if isinstance(error, IllegalMove):
        raise IllegalMove(f"{error}\nat {place_of(error)}") from error
    if isinstance(error, NotFound | BadValue | ScenarioError):
        raise ScenarioError(_with_place(error)) from error
    if isinstance(error, NegosimError | KeyboardInterrupt | FailedImposition):
        raise error
    raise StoryRaised(cause_of(error), place_of(error)) from error


_OURS = (*(str(Path(__file__).parents[1] / floor) for floor in ("core", "sim")), str(Path(simpy.__file__).parent))


def place_of(error: BaseException) -> str:
    """The innermost line of the story itself, as ``file:line``."""
    frames = extract_tb(error.__traceback__)
    story = [frame for frame in frames if not frame.filename.startswith(_OURS)]
    beside = [frame for frame in story if Path(frame.filename).parent == Path(story[0].filename).parent]
    frame = (beside or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"


def _with_place(error: NegosimError) -> str:
    """An error's words with the story's line, unless they name one."""
    return str(error) if "\nat " in str(error) else f"{error}\nat {place_of(error)}"


class Waiter(Struct, eq=False):
    """A part that waits for a message: of which kinds, with which fields, about what, passing which test."""

    playing: Playing
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
