"""The minute and the parts played in it, by SimPy: the only module that knows SimPy.

A room is a SimPy environment whose queue has named ties, a part a SimPy process that is woken with
what it waited for. Whoever only reads a scenario does without.
"""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush
from itertools import count
from types import GeneratorType
from typing import TYPE_CHECKING, Any, Protocol

import simpy

from negosim.core.errors import ScenarioError
from negosim.sim.faults import raise_with_place
from negosim.sim.setting import ACT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class TiedEnvironment(simpy.Environment):
    """SimPy with named ties: what is due in one minute runs by phase, actor, own order.

    Its queue holds (minute, phase, actor, serial number, act, what it is called with). Before all that a
    part begins, in the minute in which it is started.
    """

    now: int = 0  # an attribute, for it is read all the time

    def __init__(self) -> None:
        # not Environment.__init__, which looks for events to bind: a room makes none
        self._queue, self._serial, self._active_proc = [], count(), None
        self._beginning: deque[Playing] = deque()

    def schedule(self, event: simpy.Event, priority: int = 1, delay: float = 0) -> None:  # noqa: ARG002
        """SimPy's own scheduling, here of the end of a part that failed: it counts as acting."""
        self.call_at(int(self.now + delay), ACT, "", raise_with_place, event.value)

    def call_at(self, minute: int, phase: int, actor: str, act: Callable[[Any], object], what: object = None) -> None:
        """Do something at a minute, in its phase and its actor's turn."""
        heappush(self._queue, (minute, phase, actor, next(self._serial), act, what))  # type: ignore[misc]

    def step(self) -> None:
        """Do what is due next."""
        if self._beginning:
            self._beginning.popleft().wake(None)
        else:
            self.now, _, _, _, act, what = heappop(self._queue)  # type: ignore[misc]
            act(what)

    def play_through(self, minute: int, steps_max: int) -> bool:
        """Do all that is due up to the end of a minute; False when so many steps were not enough."""
        if minute < self.now:
            return True
        queue, beginning = self._queue, self._beginning
        # a mark behind the last minute, so that no step has to look at what comes next
        mark: Any = (minute + 1, -1, "", -1, None, None)
        heappush(queue, mark)
        try:
            for _ in range(steps_max):
                if beginning:
                    beginning.popleft().wake(None)
                    continue
                due, _, _, _, act, what = heappop(queue)  # type: ignore[misc]
                if act is None:
                    return True
                self.now = due
                act(what)
        except BaseException:
            self._take_back(mark)
            raise
        self._take_back(mark)
        return False

    def _take_back(self, mark: Any) -> None:
        """Whoever plays on, after an error too, must not stop at an old mark."""
        if mark in self._queue:
            self._queue.remove(mark)
            heapify(self._queue)


class Player(Protocol):
    """Who plays a part, as its process knows it."""

    actor: str
    _playing: Playing

    def _check_present(self) -> None:
        """Raise unless it may act now."""


class Playing(simpy.Process):
    """A part as it is played: a SimPy process that is woken with what it waited for.

    What it yields is itself: it sleeps until the room wakes it. Neither an event a wait nor a call of
    callbacks stands between SimPy's queue and the story's own generator.
    """

    def __init__(self, env: TiedEnvironment, seat: Player, part: Callable[[Any], Generator[Any, Any, None]]) -> None:
        # not Process.__init__: the room says when it begins
        self.env, self._seat, self._part = env, seat, part
        self._playing: GeneratorType[Any, Any, None] | None = None
        seat._playing = self

    def wake(self, answer: object) -> None:
        """Go on with what was waited for, up to the next wait or to the end."""
        try:
            playing = self._playing or self._begin()
            try:
                if playing.send(answer) is self:
                    return
            except StopIteration:
                self._ok, self._value = True, None
                self._seat._check_present()
                return
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


def _never_yields(part: Callable[[Any], object], actor: str) -> str:
    """What is wrong with a part that is no generator, and where it is written."""
    code = getattr(part, "__code__", None)
    place = f"\nat {code.co_filename}:{code.co_firstlineno}" if code is not None else ""
    name = getattr(part, "__name__", part)
    return (
        f"{name} of {actor} never yields, so it is no part\n"
        f"begin it with: yield from seat.pause(), or let it hear something{place}"
    )


def _line_of(playing: GeneratorType[Any, Any, None]) -> tuple[str, int]:
    """The file and the line in which a generator stands."""
    return playing.gi_code.co_filename, playing.gi_frame.f_lineno if playing.gi_frame else 0
