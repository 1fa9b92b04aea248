"""Everything negosim can complain about.

    NegosimError
    ├── NotFound         a name nobody knows; says what is known and the nearest
    ├── IllegalMove      a move the mover's own view forbids; nothing was recorded
    ├── BadValue         a value outside its limits, refused when it is built
    ├── ScenarioError    the scenario contradicts itself (asked twice, no such option, ...)
    ├── StoryRaised      the scenario's own code raised; where and what
    ├── EndlessRun       a run reached its limit on entries
    ├── RecordError      every mistake of a record at once
    ├── ReplayDiverged   a prefix that should be equal is not; recorded and now
    ├── UnusedChange     a change that took effect in no run
    └── StoreError       a store that cannot be read or written
        └── Conflict     other bytes already stand where these were to be appended

Every argument is positional, because SimPy rebuilds exceptions as ``type(e)(*e.args)``.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable


CAUSES = (
    "a story depends on its seat alone; look for random, a clock, the order of a set, an id or a "
    "hash, and what an earlier run left in a global"
)
"""What is behind it where the same chance gives another run."""


class NegosimError(Exception):
    """The root; ``str(error)`` says what, where and what next."""


class NotFound(NegosimError):
    """A name that is not known, with the nearest known one, or a note of where to look."""

    def __init__(self, what: str, name: str, known: Iterable[str] = (), note: str = "") -> None:
        self.what, self.name, self.known, self.note = what, name, tuple(known), note
        super().__init__(what, name, self.known, note)

    def __str__(self) -> str:
        lines = [f"no {self.what} called {self.name!r}", *filter(None, [self.note])]
        if hint := did_you_mean(self.name, self.known):
            lines.append(hint)
        if self.known:
            shown = ", ".join(self.known[:12])
            lines.append(f"known: {shown}{', ...' if len(self.known) > 12 else ''}")
        return "\n".join(lines)


class IllegalMove(NegosimError):
    """A move that the mover's own view of the talks forbids."""


class BadValue(NegosimError, ValueError):
    """A value outside its limits."""


class ScenarioError(NegosimError):
    """A scenario that contradicts itself."""


class StoryRaised(NegosimError):
    """The scenario's own code raised: ``cause`` and the place ``file:line``."""

    def __init__(self, cause: str, place: str) -> None:
        self.cause, self.place = cause, place
        super().__init__(cause, place)

    def __str__(self) -> str:
        return f"the scenario raised {self.cause}\nat {self.place}"


class EndlessRun(NegosimError):
    """A run that reached its limit on entries or on steps."""


class RecordError(NegosimError):
    """Every mistake found in a record, each as one line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


class ReplayDiverged(NegosimError):
    """A history that should have been repeated was not."""


class UnusedChange(NegosimError):
    """A change that took effect in no run."""


class StoreError(NegosimError):
    """A store that cannot be read, written or understood."""


class Conflict(StoreError):
    """Other bytes already stand where these were to be appended."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The line ``did you mean 'x'?`` for the nearest known name, or an empty string."""
    from difflib import get_close_matches  # by an error alone, so not by every start

    names = list(known)
    in_other_letters = [other for other in names if other.lower() == name.lower()]
    close = in_other_letters or get_close_matches(name, names, n=1, cutoff=0.51)
    return f"did you mean {close[0]!r}?" if close else ""


def leave(status: int) -> NoReturn:
    """What ``os._exit`` does while stories are played: a story's call of it has a place and is told."""
    raise SystemExit(status)


def cause_of(error: BaseException) -> str:
    """What the code of a story raised, in words: the error, and what was probably meant.

    A syntax error shows its line; a name that is not known is answered with the nearest known one.
    """
    if isinstance(error, TabError):
        return "TabError: a line is indented with tabs, others with spaces\nindent with four spaces everywhere"
    if isinstance(error, SyntaxError):
        text = (error.text or "").strip()
        near = f"\nnear: {text}" if text else ""
        hint = "\nis a comma, a colon or a bracket missing before that place?" if error.msg == "invalid syntax" else ""
        return f"{type(error).__name__}: {error.msg}{near}{hint}"
    missing = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", str(error))
    if isinstance(error, ImportError) and missing:
        hint = did_you_mean(missing[1], dir(sys.modules.get(missing[2])))
        return f"ImportError: {missing[2]} has no {missing[1]!r}" + (f"\n{hint}" if hint else "")
    if isinstance(error, NameError) and (home := _home_of(error.name)):
        return f"{type(error).__name__}: {error}\nimport it: from {home} import {error.name}"
    name = str(error) if isinstance(error, AttributeError) and error.name is None else getattr(error, "name", "")
    hint = did_you_mean(name, _names_known(error)) if name else ""
    return f"{type(error).__name__}: {error}".removesuffix(": ") + (f"\n{hint}" if hint else "")


def _home_of(name: str | None) -> str:
    """Where an author imports such a name from; empty where it is none of ours."""
    homes = ("negosim", "negosim.core.events")
    return next((home for home in homes if name in getattr(sys.modules.get(home), "__all__", ())), "")


def _names_known(error: BaseException) -> list[str]:
    """The names that could have stood where an unknown one stands."""
    if isinstance(error, NameError):
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        return [] if trace is None else [*trace.tb_frame.f_locals, *trace.tb_frame.f_globals]
    if isinstance(error, AttributeError) and error.obj is not None:
        return [name for name in dir(error.obj) if not name.startswith("_")]
    return []
