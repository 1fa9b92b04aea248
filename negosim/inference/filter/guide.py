"""The guide: which answers and which minutes the proposals of the filter prefer, and for what item.

A guide changes how fast the posterior is reached, never what it is: each guided draw is weighed by
its probability in the model over that in the proposal. It is data: it can be printed and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import Factory, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Twist:
    """How much more often than the model an answer is proposed at an address, by answer.

    ``item`` is the last item that it is meant for.
    """

    ratios: Mapping[str, float]
    item: str


@frozen
class Window:
    """The minutes in which a decision is proposed to fall, so that ``item`` comes on its day."""

    earliest: int
    latest: int
    item: str


@frozen
class Guide:
    """Twists and windows by address; none: the model itself proposes."""

    answers: Mapping[str, Twist] = Factory(dict)
    windows: Mapping[str, Window] = Factory(dict)
