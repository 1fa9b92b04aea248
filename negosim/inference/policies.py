"""What a model is compared with: random choice, and reasons exchanged among the answers.

All leave Nature and the delays their law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.address import Address
from negosim.sim.noise import noise_key, uniform

if TYPE_CHECKING:
    from collections.abc import Sequence


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
