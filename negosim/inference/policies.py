"""What a model is compared with: random choice, reasons exchanged, and choice blind to the situation.

All leave Nature and the delays their law.
"""

from __future__ import annotations

from math import fsum, log
from typing import TYPE_CHECKING, TypeAlias

from attrs import Factory, frozen

from negosim.core.address import Address
from negosim.sim.noise import MILLION, noise_key, uniform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Seen: TypeAlias = tuple[str, tuple[str, ...], tuple[float, ...]]
"""One choice of a free run: its address, the answers it had, and their probabilities."""


def indifferent(address: str, names: Sequence[str], utilities: Sequence[int]) -> Sequence[int]:  # noqa: ARG001
    """The random-choice baseline: every legal answer is as likely as another."""
    return [0] * len(names)


@frozen
class Permuted:
    """A matched random story: the same questions, menus and sharpness, reasons without meaning.

    At each decision the utilities are exchanged among its answers, in the same way wherever it has
    the same answers; how is keyed by ``number``.
    """

    number: int

    def __call__(self, address: str, names: Sequence[str], utilities: Sequence[int]) -> Sequence[int]:
        """The utilities to choose by."""
        key = noise_key(self.number, 0)
        decision = f"{Address.of(address).stem} {' '.join(sorted(names))}"
        order = sorted(range(len(names)), key=lambda place: names[place])
        shuffled = sorted(order, key=lambda place: uniform(key, decision, names[place]))
        taken = dict(zip(order, shuffled, strict=True))
        return [utilities[taken[place]] for place in range(len(names))]


@frozen
class Blind:
    """The situation-blind baseline: each answer has its average probability over free runs.

    An answer never seen at an address has its average over the decision's other addresses; one
    never seen there either, an equal share.
    """

    shares: Mapping[str, Mapping[str, float]] = Factory(dict)

    @classmethod
    def of(cls, choices: Iterable[Seen]) -> Blind:
        """The averages over choices, by address and by decision."""
        found: dict[str, dict[str, list[float]]] = {}
        for address, names, shares in choices:
            for place in (address, _stem(address)):
                at_place = found.setdefault(place, {})
                for name, share in zip(names, shares, strict=True):
                    at_place.setdefault(name, []).append(share)
        return cls(
            {
                place: {name: fsum(each) / len(each) for name, each in names.items()}
                for place, names in found.items()
            }
        )

    def __call__(self, address: str, names: Sequence[str], utilities: Sequence[int]) -> Sequence[int]:  # noqa: ARG002
        """The average probabilities as utilities in millionths."""
        return [round(log(self._share(address, name, len(names))) * MILLION) for name in names]

    def _share(self, address: str, name: str, count: int) -> float:
        for place in (address, _stem(address)):
            share = self.shares.get(place, {}).get(name)
            if share:
                return share
        return 1 / count


def _stem(address: str) -> str:
    return Address.of(address).stem
