"""Waiting at the table: what takes time, and how a part goes home."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from functools import cache
from pathlib import Path
from traceback import extract_tb
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

import simpy

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

if TYPE_CHECKING:
    from negosim.core.events import Event

T = TypeVar("T")
Play: TypeAlias = Generator[Any, Any, None]
"""One part as it is being played."""


class Adjourned(BaseException):
    """Private: the run is over, this part goes home."""


class Hall(Protocol):
    """What a presence asks of the room it is in: whether the run is over."""

    closed: bool


class Presence:
    """A part's presence at the table: it may act while the run lasts and no wait was forgotten."""

    __slots__ = ("_playing", "_room", "_waiting", "actor")
    _playing: Playing

    def __init__(self, room: Hall, actor: str) -> None:
        self._room, self.actor = room, actor
        self._waiting: Wait[Any] | None = None

    def _check_present(self) -> None:
        """Raise Adjourned after the end of the run, ScenarioError where a wait was forgotten."""
        if self._room.closed:
            raise Adjourned
        if self._waiting is not None:
            place, self._waiting = self._waiting.place, None
            raise ScenarioError(f"nobody waits here, 'yield from' is missing\nat {place}")


class Wait(Generic[T]):
    """Something that takes time: write ``yield from`` in front of it.

    Made by ``hear``, ``choose`` and ``pause``. A wait nobody waits for is noticed at the next act.
    """

    __slots__ = ("_code", "_instruction", "_seat", "_steps")

    def __init__(self, seat: Presence, steps: Generator[Playing, Any, T]) -> None:
        seat._check_present()
        self._seat = seat
        self._steps: Generator[Playing, Any, T] | None = steps
        frame = sys._getframe(2)
        self._code, self._instruction = frame.f_code, frame.f_lasti
        seat._waiting = self

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
        simpy.Event.__init__(self, env)  # not Process.__init__: the room says when it begins
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
            except GeneratorExit as error:  # the story's own: nobody closes what is being sent to
                raise StoryRaised("GeneratorExit", place_of(error)) from error
            if yielded is not self:
                raise ScenarioError(f"write 'yield from', not 'yield'\nat {_line_of(playing)}")
        except BaseException as error:  # noqa: BLE001 - raised in its turn, by the room
            self._ok, self._value = False, error
            self.env.schedule(self)

    def go_home(self) -> None:
        """The run is over: close the story's generator."""
        try:
            if self._playing is not None:
                self._playing.close()
        except BaseException as error:  # noqa: BLE001 - raised again, with its place
            raise_with_place(error)
        finally:
            del self._seat  # which holds this part: no circle is left to the garbage collector

    def _begin(self) -> GeneratorType[Any, Any, None]:
        playing = self._part(self._seat)
        if not isinstance(playing, GeneratorType):
            raise ScenarioError(_never_yields(self._part, self._seat.actor))
        self._playing = playing
        return playing


def _line_of(playing: GeneratorType[Any, Any, None]) -> str:
    """Where a generator stands, as ``file:line``."""
    return f"{playing.gi_code.co_filename}:{playing.gi_frame.f_lineno if playing.gi_frame else 0}"


def raise_with_place(error: BaseException) -> None:
    """Raise again what a story's code raised, with the place where; that the run is over is no error."""
    if isinstance(error, Adjourned):
        return
    if isinstance(error, IllegalMove):
        raise IllegalMove(f"{error}\nat {place_of(error)}") from error
    if isinstance(error, NotFound | BadValue | ScenarioError):
        raise ScenarioError(_with_place(error)) from error
    if isinstance(error, NegosimError) or not isinstance(error, Exception | SystemExit):
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


def anything(_: Event) -> bool:
    """Any message will do."""
    return True


def check_kinds(kinds: tuple[object, ...]) -> None:
    """Raise ScenarioError unless these are kinds of events, at least one."""
    for kind in kinds or (None,):
        if not isinstance(kind, type):
            raise ScenarioError(f"hear() waits for kinds of events, such as Offered without quotes; not for {kinds!r}")


def fitting(
    wanted: dict[str, object], answering: Event | None, where: Callable[[Any], bool] | None
) -> Callable[[Any], bool]:
    """The test whether a message has the wanted fields and answers what it should."""
    matter = answering.matter if answering is not None else None

    def fits(event: Any) -> bool:
        for name, value in wanted.items():
            if getattr(event, name, None) != value:
                return False
        if matter is not None and event.matter != matter and getattr(event, "answers", None) != matter[1]:
            return False
        return where is None or where(event)

    return fits


@cache
def _fields_of(kinds: tuple[type[Event], ...]) -> dict[str, None]:
    """The names of the fields of these types of events, in order."""
    return dict.fromkeys(name for kind in kinds for name in kind.__struct_fields__)


def wanted_of(kinds: tuple[type[Event], ...], fields: dict[str, object]) -> dict[str, object]:
    """What the fields of a message must equal; a name that none of the kinds has is a mistake."""
    known = _fields_of(kinds)
    for name in fields:
        if name not in known:
            raise NotFound(f"field of {' or '.join(kind.name for kind in kinds)}", name, known)
    return {name: str(v) if isinstance(v, Actor | Channel) else v for name, v in fields.items()}
