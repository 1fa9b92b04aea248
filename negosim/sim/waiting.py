"""Waiting at the table: what takes time, and how a part goes home."""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import extract_tb
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import simpy
from attrs import fields as attrs_fields

from negosim.core.actors import Actor, Channel
from negosim.core.errors import IllegalMove, NegosimError, NotFound, ScenarioError, StoryRaised

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from negosim.core.events import Event
    from negosim.sim.scenario import Part
    from negosim.sim.seat import Seat

T = TypeVar("T")


class Adjourned(BaseException):
    """Private: the run is over, this part goes home."""


class Wait(Generic[T]):
    """Something that takes time: write ``yield from`` in front of it.

    Made by ``hear``, ``choose`` and ``pause``. A wait nobody waits for is noticed at the next act.
    """

    __slots__ = ("_begin", "_code", "_line", "_seat")

    def __init__(self, seat: Seat, begin: Callable[[], Generator[simpy.Event, Any, T]]) -> None:
        seat._check_present()
        self._seat = seat
        self._begin: Callable[[], Generator[simpy.Event, Any, T]] | None = begin
        frame = sys._getframe(2)
        self._code, self._line = frame.f_code, frame.f_lineno
        seat._waiting = self

    @property
    def place(self) -> str:
        """Where it was made, as ``file:line``."""
        return f"{self._code.co_filename}:{self._line}"

    def __iter__(self) -> Generator[simpy.Event, Any, T]:
        if self._begin is None:
            raise ScenarioError(f"what was made here was waited for already\nat {self.place}")
        self._seat._waiting, begin, self._begin = None, self._begin, None
        return begin()

    def __await__(self) -> Generator[simpy.Event, Any, T]:
        """Only here so that a type checker flags a wait nobody waits for."""
        return self.__iter__()


def drive(seat: Seat, part: Part) -> Generator[simpy.Event, Any, None]:
    """Play one part to its end; what its code raises is told with the place where."""
    try:
        playing = part(seat)
        if not isinstance(playing, GeneratorType):
            raise ScenarioError(f"{getattr(part, '__name__', part)} of {seat.actor} never yields, so it is no part")
        yield from _only_events(playing)
        seat._check_present()
    except Adjourned:
        return
    except IllegalMove as error:
        raise IllegalMove(f"{error}\nat {place_of(error)}") from error
    except NegosimError:
        raise
    except (Exception, SystemExit) as error:
        raise StoryRaised(f"{type(error).__name__}: {error}", place_of(error)) from error


def _only_events(playing: GeneratorType[Any, Any, None]) -> Generator[simpy.Event, Any, None]:
    """What a part yields must be SimPy's; a bare ``yield`` forgot its ``from``."""
    answer: Any = None
    while True:
        try:
            yielded = playing.send(answer)
        except StopIteration:
            return
        if not isinstance(yielded, simpy.Event):
            line = playing.gi_frame.f_lineno if playing.gi_frame else 0
            place = f"{playing.gi_code.co_filename}:{line}"
            raise ScenarioError(f"write 'yield from', not 'yield'\nat {place}")
        try:
            answer = yield yielded
        except GeneratorExit:
            playing.close()
            raise


_OURS = (*(str(Path(__file__).parents[1] / floor) for floor in ("core", "sim")), str(Path(simpy.__file__).parent))


def place_of(error: BaseException) -> str:
    """The innermost line of the story itself, as ``file:line``."""
    frames = extract_tb(error.__traceback__)
    story = [frame for frame in frames if not frame.filename.startswith(_OURS)]
    own = [x for x in story if Path(x.filename).parent == Path(story[0].filename).parent]
    frame = (own or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"


def anything(_: Event) -> bool:
    """Any message will do."""
    return True


def wanted_of(kinds: tuple[type[Event], ...], fields: dict[str, object]) -> dict[str, object]:
    """What the fields of a message must equal; a name that none of the kinds has is a mistake."""
    known = dict.fromkeys(field.name for kind in kinds for field in attrs_fields(kind))  # type: ignore[arg-type]
    for name in fields:
        if name not in known:
            raise NotFound(f"field of {' or '.join(kind.name for kind in kinds)}", name, known)
    return {name: str(v) if isinstance(v, Actor | Channel) else v for name, v in fields.items()}
