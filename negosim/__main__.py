"""The way in: runs a verb, and turns whatever it raises into words and an exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

ENDING = tuple(
    number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)
"""Signals that ask the process to end: it leaves nothing half-written, and ends with 128 + their number."""
INTERRUPTED = 128 + signal.SIGINT
"""The exit code of an interruption before there is anything that could tell of it."""
RUBBISH = 50_000
"""New objects after which rubbish is searched for: to import and to read a record makes many objects and no
rubbish, and to search them after every 700 took a tenth of a short verb's time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``negosim`` with these arguments (default: the process's own); the exit code."""
    gc.set_threshold(RUBBISH)
    try:
        from negosim.cli import negosim
        from negosim.cli.errors import ExitCode, complain, exit_code
        from negosim.cli.screen import Screen, fit_alphabet, fit_width
    except KeyboardInterrupt:
        return INTERRUPTED

    given = sys.argv[1:] if arguments is None else list(arguments)
    _keep_stdout_for_data()
    fit_alphabet(given)
    fit_width()
    asked: list[int] = []
    try:
        with _ending_tidily(asked), _no_sudden_end():
            code = negosim.main(given, prog_name="negosim", standalone_mode=False)
            if sys.stdout is not None:
                sys.stdout.flush()
    except SystemExit as left:
        # Verbs return their code. Rich leaves with 1 when who reads us has seen enough, as in
        # ``negosim show ... | head``, and Click with 2 when no verb was named.
        if left.code == ExitCode.USAGE:
            return ExitCode.USAGE
        _let_go_of_stdout()
        return ExitCode.DONE
    except BrokenPipeError:
        _let_go_of_stdout()
        return ExitCode.DONE
    except (Exception, KeyboardInterrupt) as error:
        if asked:
            return 128 + asked[0]
        console = Screen(color="--no-color" not in given).err
        with suppress(OSError):  # nobody hears it where standard error is full or closed
            if "--debug" in given:
                console.print_exception(word_wrap=True)
            complain(console, error)
        if isinstance(error, OSError):
            _let_go_of_stdout()
        return exit_code(error)
    return 128 + asked[0] if asked else int(code or ExitCode.DONE)


def _keep_stdout_for_data() -> None:
    """From here on file descriptor 1 is standard error: what a story writes there past Python is no data.

    Ours goes where standard output led, through a descriptor that nobody else knows. Nothing is done where
    either stream is closed, or where standard output is not the process's own.
    """
    out = sys.stdout
    with suppress(OSError, AttributeError, ValueError):
        own, errors = out.fileno(), sys.stderr.fileno()
        if own != 1:
            return
        out.flush()
        data = os.fdopen(os.dup(own), "wb")
        os.dup2(errors, own)
        sys.stdout = TextIOWrapper(data, out.encoding, out.errors, line_buffering=out.isatty())


@contextmanager
def _ending_tidily(asked: list[int]) -> Iterator[None]:
    """A signal that asks to end is Control-C here: what is open is closed, what is half-written goes.

    Its number is put into ``asked``. The second ends the process at once.
    """
    if current_thread() is not main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        asked.append(number)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        if handler is signal.SIG_DFL:
            signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _no_sudden_end() -> Iterator[None]:
    """A story that calls ``os._exit`` is told of like one that calls ``sys.exit``."""
    from negosim.core.errors import leave

    sudden, os._exit = os._exit, leave
    try:
        yield
    finally:
        os._exit = sudden


def _let_go_of_stdout() -> None:
    """What standard output would not take is not offered to it again when Python ends."""
    with suppress(OSError, AttributeError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
