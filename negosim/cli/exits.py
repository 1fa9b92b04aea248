"""What the exit code of every verb means."""

from __future__ import annotations

from enum import IntEnum, unique


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
