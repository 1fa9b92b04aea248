"""Waiting at the table: what takes time, and how a part goes home."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import simpy

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

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
