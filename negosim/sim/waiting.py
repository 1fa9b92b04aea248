"""Waiting at the table: what takes time, and how a part goes home."""

from __future__ import annotations

import sys
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import simpy

from negosim.core.errors import IllegalMove, NegosimError, StoryRaised

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

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
        self._seat, self._begin = seat, begin
        frame = sys._getframe(2)
        self._code, self._line = frame.f_code, frame.f_lineno
        seat._waiting = self

    @property
    def place(self) -> str:
        """Where it was made, as ``file:line``."""
        return f"{self._code.co_filename}:{self._line}"

    def __iter__(self) -> Generator[simpy.Event, Any, T]:
        self._seat._waiting = None
        return self._begin()

    def __await__(self) -> Generator[simpy.Event, Any, T]:
        """Only here so that a type checker flags a wait nobody waits for."""
        return self.__iter__()


def drive(seat: Seat, part: Part) -> Generator[simpy.Event, Any, None]:
    """Play one part to its end; what its code raises is told with the place where."""
    try:
        yield from part(seat)
        seat._check_present()
    except Adjourned:
        return
    except IllegalMove as error:
        raise IllegalMove(f"{error}\nat {place_of(error)}") from error
    except NegosimError:
        raise
    except Exception as error:
        raise StoryRaised(f"{type(error).__name__}: {error}", place_of(error)) from error


_OURS = tuple(str(Path(__file__).parents[1] / floor) for floor in ("core", "sim"))


def place_of(error: Exception) -> str:
    """The innermost line of the story itself, as ``file:line``."""
    frames = extract_tb(error.__traceback__)
    story = [frame for frame in frames if not frame.filename.startswith(_OURS)]
    own = [x for x in story if Path(x.filename).parent == Path(story[0].filename).parent]
    frame = (own or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"
