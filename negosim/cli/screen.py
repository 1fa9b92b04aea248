"""Where a verb writes: data to stdout, everything else to stderr, in an alphabet both can show."""

from __future__ import annotations

import os
import sys
from errno import EBADF
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

    from rich.console import Console, RenderableType
    from rich.progress import Progress

_NO_LETTERS = ("C", "POSIX")


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
            from rich.console import Console

            self._consoles[stream] = Console(
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

    def progress(self) -> Progress:
        """A progress bar on stderr; invisible unless that is a terminal."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        return Progress(
            TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(),
            console=self.err, transient=True, disable=self._quiet or not self.err.is_terminal,
        )  # fmt: skip


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
