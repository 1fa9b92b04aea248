"""Results as people see them: one file a result, each with the same faces.

    sentence(result)   the answer in one sentence, never stronger than its numbers
    parts(result)      what stands below it on a screen or in a notebook, as rich renderables
    rows(result)       the result as tidy rows: one observation each, the same columns in all

Read first: ``replay.py`` and ``counterfactual/whatif.py``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

Rows: TypeAlias = list[dict[str, Any]]

FACES = {
    "Causes": "counterfactual.causes",
    "Comparison": "comparison",
    "Example": "counterfactual.illustration",
    "Forecast": "forecast",
    "StudyResult": "study",
    "Predictions": "prediction",
    "Recovery": "calibration",
    "ReplayResult": "replay",
    "Rivals": "rivals",
    "Story": "story",
    "Turns": "turning_points",
    "WhatIfResult": "counterfactual.whatif",
}
"""The class of a result and the module here that shows it."""


class Faces(Protocol):
    """What every module of this package offers for its result."""

    def sentence(self, answer: Any, /) -> str: ...  # noqa: D102 - the package says what they are
    def parts(self, answer: Any, /) -> Iterator[RenderableType]: ...  # noqa: D102
    def rows(self, answer: Any, /) -> Rows: ...  # noqa: D102


def faces_of(answer: object) -> Faces:
    """The module that shows a result. Raises TypeError for what is no result."""
    kind = type(answer).__name__
    if kind not in FACES:
        raise TypeError(f"{kind} is no result, so there is nothing to show")
    return cast("Faces", import_module(f"{__name__}.{FACES[kind]}"))


def sentence(answer: object) -> str:
    """The answer in one sentence. Raises TypeError for what is no result."""
    return faces_of(answer).sentence(answer)


def rows(answer: object) -> Rows:
    """The result as tidy rows. Raises TypeError for what is no result."""
    return faces_of(answer).rows(answer)
