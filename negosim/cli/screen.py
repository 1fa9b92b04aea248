"""Where a verb writes: data to stdout, everything else to stderr, long work on one line of it."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress
from errno import EBADF
from threading import current_thread, main_thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping, Sequence
    from types import FrameType
    from typing import TextIO

    from rich.console import Console, RenderableType
    from rich.progress import Progress as Bar

_NO_LETTERS = ("C", "POSIX")
NARROWEST = 20
"""Columns below which nothing can be laid out."""
PIPED_SECONDS = 10
"""Seconds between two lines where nobody watches a terminal."""
FIGURE_CELLS, SHORTEST = 26, 10
"""Cells of a progress line that are never cut (bar, share, time left and the gaps); those its words keep at least."""
STOPPING = "\nstopping after this course; again to quit now\n"
GOES_ON = "what is done is kept; the same command goes on from there"
BEGINS_AGAIN = "nothing of it is kept; the same command begins again"


class Screen:
    """One verb's output; ``json`` when it is to print one document and nothing else."""

    def __init__(self, *, json: bool = False, color: bool = True, quiet: bool = False) -> None:
        self.json, self._color, self._quiet = json, color, quiet
        self._stdout: TextIO | None = sys.stdout
        self._consoles: dict[TextIO, Console] = {}

    @property
    def data(self) -> TextIO:
        """Standard output as it was when the screen was made. Raises OSError when it is closed."""
        if self._stdout is None:
            raise OSError(EBADF, "it is closed", "standard output")
        return self._stdout

    @property
    def out(self) -> Console:
        """The console of stdout."""
        return self._console(self.data)

    @property
    def err(self) -> Console:
        """The console of stderr."""
        return self._console(sys.stderr)

    def _console(self, stream: TextIO) -> Console:
        if stream not in self._consoles:
            from negosim.report.wording.text import SafeConsole

            self._consoles[stream] = SafeConsole(
                file=stream, no_color=True if not self._color else None,
                highlight=False, emoji=False, markup=False, soft_wrap=False,
            )  # fmt: skip
        return self._consoles[stream]

    def show(self, *parts: RenderableType) -> None:
        """Show something to a person, on stdout."""
        for part in parts:
            self.out.print(part)

    def section(self, heading: str, *parts: RenderableType) -> None:
        """Show something under a heading."""
        from rich.text import Text

        self.show("", Text(heading, "bold"), *parts)

    def document(self, value: object) -> None:
        """Print the one JSON document of ``--json``."""
        self._write(value, indent=2)

    def line(self, value: object) -> None:
        """Print a JSON document on one line, at once."""
        self._write(value, indent=None)
        self.data.flush()

    def _write(self, value: object, *, indent: int | None) -> None:
        from negosim.stores.exports.text import code, to_json

        text = to_json(value, "", indent=indent)
        if not is_utf(self.data):
            text = "".join(char if char.isascii() else code(char) for char in text)
        self.data.write(text + "\n")

    def note(self, words: str) -> None:
        """Tell something beside the data, on stderr."""
        if not self._quiet:
            self.err.print(words, style="dim", soft_wrap=True)

    def progress(self, doing: str, *, keeps: bool = True) -> Job:
        """One line on stderr that tells how far a job is; use it in a ``with`` block.

        ``keeps``: what is done when it is interrupted serves the same command again.
        """
        return Job(self.err, doing, quiet=self._quiet, keeps=keeps)


class Job:
    """One job's progress on one line of a terminal, or a line every ten seconds into a pipe.

    It is called as ``negosim.inference.pool.Progress``; what it was told last stands until it is told
    more. The first Control-C ends the job at its next call, where what is done is kept; the second
    ends it at once.
    """

    def __init__(self, console: Console, doing: str, *, quiet: bool, keeps: bool = True) -> None:
        self._console, self._doing, self._quiet = console, doing, quiet
        self._again = GOES_ON if keeps else BEGINS_AGAIN
        self._bar: Bar | None = None
        self._began = self._told = 0.0
        self._known = self._part = ""
        self._stopping = False
        self._before: Any = None

    def __enter__(self) -> Self:
        self._began = self._told = monotonic()
        if current_thread() is main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        if not self._quiet and self._console.is_terminal and not self._console.is_dumb_terminal:
            self._bar = _bar(self._console)
            self._bar.start()
            self._bar.add_task(self._doing, total=None, known="")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def __call__(
        self, done: int, total: int, *, doing: str = "", effective: float | None = None, answer: str = ""
    ) -> None:
        """Tell how far the job is. Raises KeyboardInterrupt after Control-C."""
        if self._stopping:
            raise KeyboardInterrupt(self._again)
        from negosim.report.wording.numbers import draws

        now = monotonic()
        so_far = "" if effective is None else draws(effective)
        self._known = known = ", ".join(part for part in (answer, so_far) if part) or self._known
        self._part = doing or self._part
        what = f"{self._doing}: {self._part}" if self._part else self._doing
        if self._bar is not None:
            (task,) = self._bar.tasks
            what, known = fitted(what, known, self._console.width - FIGURE_CELLS)
            self._bar.update(task.id, completed=done, total=total, description=what, known=known)
            if now - self._told >= 1 or not task.completed or done == total:
                self._bar.refresh()
                self._told = now
        elif not self._quiet and now - self._told >= PIPED_SECONDS:
            self._told = now
            self._console.print(_line(what, known, done / max(total, 1), now - self._began), soft_wrap=True)

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            raise KeyboardInterrupt(self._again)
        self._stopping = True
        with suppress(OSError, ValueError):  # written past the stream, which this may have interrupted
            os.write(sys.stderr.fileno(), STOPPING.encode())


def fitted(what: str, known: str, cells: int) -> tuple[str, str]:
    """What is being done and what is known so far, cut so that how far the job is stays on the line with them."""
    from negosim.report.wording.text import cut

    cells = max(cells, 2 * SHORTEST)
    what = cut(what, max(cells - len(known), cells // 3), plain=False)
    return what, cut(known, cells - len(what), plain=False)


def _bar(console: Console) -> Bar:
    """A bar that draws itself only when it is told to: at most once a second."""
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"), BarColumn(8), TaskProgressColumn(), TextColumn("{task.fields[known]}"),
        TimeRemainingColumn(compact=True), TextColumn("left"),
        console=console, transient=True, auto_refresh=False,
    )  # fmt: skip


def _line(what: str, known: str, share: float, elapsed: float) -> str:
    left = f", about {_time(elapsed * (1 - share) / share)} left" if share else ""
    return f"{what}: {share:.0%}{f', {known}' if known else ''}, {_time(elapsed)} elapsed{left}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def is_utf(stream: TextIO) -> bool:
    """Whether a stream can show every letter."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def fit_alphabet(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> None:
    """Make stdout and stderr write what their terminal can show.

    ``--ascii`` or a locale that is said to be C means ASCII. A stream that is not UTF never
    raises: what it lacks becomes a question mark.
    """
    locale = environ.get("LC_ALL") or environ.get("LANG", "")
    plain = "--ascii" in arguments or locale in _NO_LETTERS
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if plain:
            reconfigure(encoding="ascii", errors="replace")
        elif not is_utf(stream):
            reconfigure(errors="replace")


def fit_width(environ: MutableMapping[str, str] = os.environ) -> None:
    """Forget a width of the terminal that is none, so that the terminal itself is asked; widen one of a few letters."""
    columns = environ.pop("COLUMNS", "")
    if re.fullmatch(r"[1-9][0-9]{0,4}", columns):
        environ["COLUMNS"] = str(max(int(columns), NARROWEST))
