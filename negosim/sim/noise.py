"""Keyed noise: every draw is a hash of its address, so no draw can shift another.

Uniform noise is an integer in 1..UNIT-1, read as a share of UNIT; Gumbel noise and utilities are
integers in millionths. Integers compare alike on every machine.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from hashlib import blake2b
from math import exp, fsum, log
from operator import add
from statistics import NormalDist
from struct import Struct
from typing import TYPE_CHECKING

from negosim.core.errors import BadValue
from negosim.core.values import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator, KeysView, Sequence

UNIT = 10**15
MILLION = 1_000_000
_WIDTH = UNIT - 1
_number: Callable[[bytes], tuple[int]] = Struct(">Q").unpack
"""The digest of a draw as a number."""
_NORMAL = NormalDist()


class Drawn(Mapping[tuple[str, str], tuple[int, int]]):
    """What was drawn, by address and label, with its minute.

    It lies there as it was drawn (``lying``: minute, address, labels and values), and is put in its place when
    somebody looks: in most runs nobody does.
    """

    __slots__ = ("_in_place", "lying")

    def __init__(self) -> None:
        self._in_place: dict[tuple[str, str], tuple[int, int]] = {}
        self.lying: list[tuple[int, str, Sequence[str], Sequence[int]]] = []

    def _sorted(self) -> dict[tuple[str, str], tuple[int, int]]:
        in_place = self._in_place
        for minute, address, labels, values in self.lying:
            for label, value in zip(labels, values, strict=True):
                in_place[address, label] = minute, value
        self.lying.clear()
        return in_place

    def __getitem__(self, place: tuple[str, str]) -> tuple[int, int]:
        return self._sorted()[place]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._sorted())

    def __len__(self) -> int:
        return len(self._sorted())

    def keys(self) -> KeysView[tuple[str, str]]:
        """The addresses and labels, in the order of their draws."""
        return self._sorted().keys()

    def items(self) -> ItemsView[tuple[str, str], tuple[int, int]]:
        """What was drawn, in order."""
        return self._sorted().items()


def check_stream(seed: int, run: int = 0) -> None:
    """Raise BadValue unless both are whole numbers, the seed from 0: any other would be a stream of its own."""
    if type(seed) is not int or not 0 <= seed <= LARGEST or type(run) is not int:
        raise BadValue(f"the seed is {seed!r} and the run {run!r}; both are whole numbers from 0 to 2^53-1")


def noise_key(seed: int, run: int) -> blake2b:
    """The key under which every draw of this run is made: a hash that is keyed and has read nothing.

    Raises BadValue for what is no stream; see ``check_stream``.
    """
    check_stream(seed, run)
    key = blake2b(f"negosim/noise/1/{seed}/{run}".encode(), digest_size=32).digest()
    return blake2b(key=key, digest_size=8)


def uniform(key: blake2b, address: str, label: str) -> int:
    """The uniform noise at an address, in 1..UNIT-1."""
    keyed = key.copy()
    keyed.update(f"{address}\0{label}".encode())
    return (_number(keyed.digest())[0] * _WIDTH >> 64) + 1


def gumbel(u: int) -> int:
    """Standard Gumbel noise in millionths, by inversion of uniform noise."""
    return round(-log(-log(u / UNIT)) * MILLION)


def gumbels(key: blake2b, address: str, labels: Sequence[str]) -> list[int]:
    """The Gumbel noise of ``uniform`` under several labels at one address."""
    found = []
    for label in labels:
        keyed = key.copy()
        keyed.update(f"{address}\0{label}".encode())
        u = (_number(keyed.digest())[0] * _WIDTH >> 64) + 1
        found.append(round(-log(-log(u / UNIT)) * MILLION))
    return found


def normal(u: int, mean: int, sd: int) -> int:
    """A normal draw in the unit of ``mean`` and ``sd``, rounded to an integer."""
    return round(mean + sd * _NORMAL.inv_cdf(u / UNIT))


def softmax(utilities: Sequence[int]) -> list[float]:
    """Logit choice probabilities of utilities in millionths (McFadden 1974)."""
    top = max(utilities)
    weights = [exp((utility - top) / MILLION) for utility in utilities]
    total = fsum(weights)
    return [weight / total for weight in weights]


def strongest(utilities: Sequence[int], noise: Sequence[int]) -> int:
    """The index of the largest utility plus noise; ties go to the first declared."""
    sums = list(map(add, utilities, noise))
    return sums.index(max(sums))


def gumbels_given(utilities: Sequence[int], fresh: Sequence[int], taken: int) -> list[int]:
    """Gumbel noise given that ``taken`` won: the top-down construction (Maddison et al. 2014).

    ``fresh`` are unconditional draws in millionths. The maximum is Gumbel around the log-sum of
    the utilities whichever alternative attains it; the others are Gumbels cut at that maximum.
    The result makes ``taken`` win strictly, in the stored integers.
    """
    top = max(utilities)
    log_sum = top / MILLION + log(fsum(exp((utility - top) / MILLION) for utility in utilities))
    maximum = log_sum + fresh[taken] / MILLION
    noise = []
    for index, (utility, shock) in enumerate(zip(utilities, fresh, strict=True)):
        place = utility / MILLION
        if index == taken:
            noise.append(round((maximum - place) * MILLION))
            continue
        free = place + shock / MILLION
        # -log(exp(-free) + exp(-maximum)), written so that neither exponential overflows.
        low, gap = min(free, maximum), abs(free - maximum)
        noise.append(round((low - log(1 + exp(-gap)) - place) * MILLION))
    while strongest(utilities, noise) != taken or _tied(utilities, noise):
        noise[taken] += 1
    return noise


def _tied(utilities: Sequence[int], noise: Sequence[int]) -> bool:
    sums = [utility + shock for utility, shock in zip(utilities, noise, strict=True)]
    return sums.count(max(sums)) > 1


def bands(utilities: Sequence[int]) -> list[int]:
    """Upper ends, in shares of UNIT, of the alternatives' bands on the unit interval, in order."""
    ends, total = [], 0.0
    for share in softmax(utilities):
        total += share
        ends.append(min(round(total * UNIT), UNIT))
    ends[-1] = UNIT
    return ends


def band_of(ends: Sequence[int], u: int) -> int:
    """The alternative in whose band ``u`` lies (inverse CDF)."""
    return bisect_left(ends, u)


def uniform_given(ends: Sequence[int], fresh: int, taken: int) -> int | None:
    """Uniform noise given that ``taken`` was chosen by inverse CDF; None when its band is empty."""
    low = ends[taken - 1] if taken else 0
    width = ends[taken] - low
    return low + 1 + (fresh * width // UNIT) % width if width > 0 else None
