"""What a story's code raises while it is played, told with its line."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

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


class Adjourned(BaseException):
    """Private: the run is over, this part goes home."""


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


_OURS = tuple(str(Path(__file__).parents[1] / floor) for floor in ("core", "sim"))


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
