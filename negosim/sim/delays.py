"""How long deciding takes: laws with a closed form, in whole minutes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from math import exp, log
from typing import Protocol

from attrs import field, frozen
from typing_extensions import override

from negosim.core.errors import BadValue
from negosim.core.values import check_whole
from negosim.sim.noise import UNIT

SPREAD_MAX = 5
"""Wider delays would span more than centuries."""
EXP_MAX = 700
"""Beyond it the exponential overflows, and the share is nil anyway."""


class Law(Protocol):
    """A law of delays in minutes."""

    __slots__ = ()

    @property
    def note(self) -> str:
        """Why this law."""

    def quantile(self, u: float) -> int:
        """The delay below which a share ``u`` of delays lies."""

    def below(self, minutes: int) -> float:
        """The probability of a delay of at most ``minutes``."""


@frozen
class Pace(Law):
    """A log-logistic delay: half of them shorter than ``median`` minutes.

    t = least + median (u / (1 - u)) ** spread. With spread 1/2 a tenth is shorter than a third of
    the median and a tenth longer than three times it.
    """

    median: int
    spread: float = 0.5
    least: int = 0
    note: str = ""

    def __attrs_post_init__(self) -> None:
        check_whole("pace", median=self.median, least=self.least)
        if self.median < 1 or not 0 < self.spread <= SPREAD_MAX or self.least < 0:
            raise BadValue(
                f"a pace needs a median of at least a minute and a spread above 0 and up to {SPREAD_MAX}: {self}"
            )

    @override
    def quantile(self, u: float) -> int:
        return self.least + round(self.median * float((u / (1 - u)) ** self.spread))

    @override
    def below(self, minutes: int) -> float:
        reach = minutes - self.least + 0.5
        if reach <= 0:
            return 0.0
        return 1 / (1 + exp(min(log(self.median / reach) / self.spread, EXP_MAX)))


@frozen
class Between(Law):
    """A delay that may as well be any minute from ``least`` to ``most``."""

    least: int
    most: int
    note: str = ""
    _width: int = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        check_whole("delay", least=self.least, most=self.most)
        object.__setattr__(self, "_width", self.most - self.least + 1)
        if not 0 <= self.least <= self.most:
            raise BadValue(f"a delay runs from 0 or more up to no less: {self}")

    @override
    def quantile(self, u: float) -> int:
        return self.least + min(int(u * self._width), self._width - 1)

    @override
    def below(self, minutes: int) -> float:
        return min(max((minutes - self.least + 1) / self._width, 0.0), 1.0)


def delay_of(law: Law, u: int) -> int:
    """The delay that uniform noise ``u`` stands for."""
    return law.quantile(u / UNIT)


def delay_given(law: Law, fresh: int, least: int, most: int) -> tuple[int, float] | None:
    """Noise for a delay known to lie in ``least..most``, and the law's probability of that.

    Uniform between the law's values at the interval's ends; None when the law gives it nothing.
    """
    low = law.below(least - 1) if least > 0 else 0.0
    share = law.below(most) - low
    if most < 0 or share <= 0:
        return None
    u = min(max(round((low + share * fresh / UNIT) * UNIT), 1), UNIT - 1)
    if not least <= delay_of(law, u) <= most:
        # Rounding at an end of the interval missed it by a minute: take the nearest noise inside.
        noise = range(1, UNIT)
        first = bisect_left(noise, least, key=lambda u: delay_of(law, u)) + 1
        last = bisect_right(noise, most, key=lambda u: delay_of(law, u))
        if first > last:
            return None
        u = min(max(u, first), last)
    return u, share
