"""The minute and the parts played in it, by SimPy: the only module that knows SimPy.

A room is a SimPy environment whose queue has named ties, a part a SimPy process that is woken with
what it waited for. Whoever only reads a scenario does without.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from traceback import extract_tb
from types import GeneratorType
from typing import TYPE_CHECKING, Any

import simpy

from negosim.core.errors import (
    BadValue,
    IllegalMove,
    NegosimError,
    NotFound,
    ScenarioError,
    StoryRaised,
    cause_of,
)
from negosim.sim.chance import FailedImposition
from negosim.sim.waiting import ACT, START, Adjourned

if TYPE_CHECKING:
    from collections.abc import Callable

    from negosim.sim.waiting import Play, Presence


class TiedEnvironment(simpy.Environment):
    """SimPy with named ties: what is due in one minute runs by phase, actor, own order.

    Its queue holds (minute, phase, actor, serial number, act, what it is called with).
    """

    now: int = 0  # an attribute, for it is read all the time

    def __init__(self) -> None:
        # not Environment.__init__, which looks for events to bind: a room makes none
        self._queue, self._serial, self._active_proc = [], count(), None

    def schedule(self, event: simpy.Event, priority: int = 1, delay: float = 0) -> None:
        """SimPy's own scheduling, here of the end of a part that failed: it counts as acting."""
        self.call_at(int(self.now + delay), ACT if priority else START, "", raise_with_place, event.value)

    def call_at(self, minute: int, phase: int, actor: str, act: Callable[..., object], *values: object) -> None:
        """Do something at a minute, in its phase and its actor's turn."""
        heappush(self._queue, (minute, phase, actor, next(self._serial), act, values))  # type: ignore[misc]

    def step(self) -> None:
        """Do what is due next."""
        self.now, _, _, _, act, values = heappop(self._queue)  # type: ignore[misc]
        act(*values)

    def play_through(self, minute: int, steps_max: int) -> bool:
        """Do all that is due up to the end of a minute; False when so many steps were not enough."""
        queue = self._queue
        for _ in range(steps_max):
            if not queue or queue[0][0] > minute:
                return True
            self.now, _, _, _, act, values = heappop(queue)  # type: ignore[misc]
            act(*values)
        return False


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


_OURS = (*(str(Path(__file__).parents[2] / floor) for floor in ("core", "sim")), str(Path(simpy.__file__).parent))


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


