"""What went wrong: the exit code of every error, and its words: what, where, what next."""

from __future__ import annotations

import re
from enum import IntEnum, unique
from typing import TYPE_CHECKING

import rich_click as click

from negosim.core import errors

if TYPE_CHECKING:
    from rich.console import Console

@unique
class ExitCode(IntEnum):
    """Why a verb ended; part of the public interface."""

    DONE = 0
    ANSWER_IS_NO = 1
    """It ran, and a check or verification failed or a requirement was not reached."""
    USAGE = 2
    """Wrong usage, or an input or a place that is not found or cannot be used."""
    SCENARIO_RAISED = 3
    """The scenario's own code went wrong."""
    INTERRUPTED = 130


class DamagedRun(errors.NegosimError):
    """A kept run that is not as it was written, so that nothing can be told of it."""


SCREENFUL = 20
_CODES: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (errors.StoryRaised, ExitCode.SCENARIO_RAISED),
    (errors.ScenarioError, ExitCode.SCENARIO_RAISED),
    (errors.IllegalMove, ExitCode.SCENARIO_RAISED),
    (errors.EndlessRun, ExitCode.SCENARIO_RAISED),
    (errors.ReplayDiverged, ExitCode.ANSWER_IS_NO),
    (errors.UnusedChange, ExitCode.ANSWER_IS_NO),
    (DamagedRun, ExitCode.ANSWER_IS_NO),
    (errors.NegosimError, ExitCode.USAGE),
    (click.ClickException, ExitCode.USAGE),
    (OSError, ExitCode.USAGE),
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
    (click.Abort, ExitCode.INTERRUPTED),
)


def exit_code(error: BaseException) -> ExitCode:
    """The exit code an error leads to; what nobody foresaw is the scenario's."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    return ExitCode.USAGE if _missing_extra(error) else ExitCode.SCENARIO_RAISED


def complain(console: Console, error: BaseException) -> None:
    """Tell an error on one screen: its first line in bold, the rest below it."""
    from negosim.report.wording.text import clean

    words = _words(error) or type(error).__name__
    first, *rest = map(clean, words.splitlines())
    console.print("error: ", style="bold red", end="", soft_wrap=True)
    console.print(first, soft_wrap=True)
    for line in rest[: SCREENFUL - 1]:
        console.print(f"  {line}", soft_wrap=True)
    if len(rest) >= SCREENFUL:
        console.print(f"  and {len(rest) - SCREENFUL + 1} more", style="dim")


def _words(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt | click.Abort):
        told = error.__context__ or error  # click makes an Abort of an interruption
        return "\n".join(("interrupted before there was an answer", *map(str, told.args)))
    if isinstance(error, click.UsageError):
        return _usage(error)
    if isinstance(error, errors.NegosimError):
        return str(error)
    if isinstance(error, OSError):  # no file's name: a stream's, and only standard output is written unwatched
        return f"{error.filename or 'standard output'}: {error.strerror or error}"
    if extra := _missing_extra(error):
        return extra
    return f"{type(error).__name__}: {error}\n--debug shows where"


def _missing_extra(error: BaseException) -> str:
    """What to install for a module that one of our extras brings; empty for any other error."""
    if not isinstance(error, ModuleNotFoundError):
        return ""
    from importlib.metadata import (  # by an error alone, so not by every start
        PackageNotFoundError,
        requires,
    )

    module = (error.name or "").partition(".")[0]
    try:
        wanted = requires("negosim") or []
    except PackageNotFoundError:  # run from its source, which is not installed
        return ""
    for line in wanted:
        extra = re.fullmatch(r"([\w-]+).*extra == ['\"]([\w-]+)['\"]", line)
        if extra and extra[1].replace("-", "_") == module:
            return f"this needs {extra[1]}, which is not installed\npip install 'negosim[{extra[2]}]'"
    return ""


def _usage(error: click.UsageError) -> str:
    """Click's words in our form; the hint stands on a line of its own."""
    message = re.sub(r"\.? \(?[Dd]id you mean (.*\?)\)?", r"\ndid you mean \1", error.format_message())
    help_of = error.ctx.command_path if error.ctx else "negosim"
    return f"{message[:1].lower()}{message[1:]}\nsee: {help_of} --help"
