"""Dice that draw by a guide, impose what is documented, and keep an account of what that is worth.

What the World of a particle holds already is not drawn again and costs nothing: so a copy of a
particle follows its path and goes on from there. A fresh draw adds to the account: the probability
of what was imposed, by item, and the ratio of proposal to model where a guide had a say.
"""

from __future__ import annotations

from math import fsum, log
from typing import TYPE_CHECKING, NamedTuple

from attrs import Factory, define
from typing_extensions import override

from negosim.inference.filter.guide import Guide
from negosim.sim.chance import Asked, Dice
from negosim.sim.delays import delay_given, delay_of
from negosim.sim.noise import UNIT, softmax, uniform

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from negosim.sim.chance import How, Imposition
    from negosim.sim.delays import Law

INSIDE = 0.95
"""The share of proposals that a window draws inside itself; the rest is drawn from the whole law."""
SHARE_MIN = 1e-12
"""A probability below this counts as this: an improbable answer costs bits, never everything."""


class Factor(NamedTuple):
    """What an imposed decision multiplies the weight by: its date, or its answer."""

    item: str
    of_date: bool
    log_p: float


class Guided(NamedTuple):
    """A draw in which the guide had a say: for which item, and log(proposal / model)."""

    item: str
    log_ratio: float


class Delay(NamedTuple):
    """When a delay was asked for, the minute it led to, its law, and the noise that made it so."""

    asked: int
    ends: int
    law: Law
    mark: int

    def mass_of(self, earliest: int, latest: int) -> float:
        """The probability that it ends between two minutes."""
        low = self.law.below(earliest - 1 - self.asked) if earliest > self.asked else 0.0
        return max(self.law.below(latest - self.asked) - low, 0.0)


class FreeChoice(NamedTuple):
    """A choice that nobody imposed, and the run that drew its answer first."""

    asked: Asked
    drawn_in: int

    @property
    def taken(self) -> str:
        """The answer."""
        return self.asked.taken

    @property
    def model(self) -> dict[str, float]:
        """The model's probability of each answer."""
        return dict(zip(self.asked.alternatives, softmax(self.asked.utilities), strict=True))


@define(kw_only=True)
class GuidedDice(Dice):
    """The chance of one particle. ``follows``: whether it draws by the guide or by the model.

    ``before`` are the free choices of the particle that this one is a copy of.
    Either way ``guided`` says how much likelier the guide makes each draw, so that particles of
    both kinds are weighed by the mixture of both.
    """

    guide: Guide = Factory(Guide)
    follows: bool = True
    items: Mapping[Imposition, str] = Factory(dict)
    before: Mapping[str, FreeChoice] = Factory(dict)
    factors: list[Factor] = Factory(list)
    guided: list[Guided] = Factory(list)
    delays: dict[str, Delay] = Factory(dict)
    free_choices: dict[str, FreeChoice] = Factory(dict)

    @override
    def delay(self, address: str, law: Law, now: int) -> int:
        """Inside the documented interval, preferably inside the guide's window."""
        self._turn_to(now)
        imposition = self._exact.get(address)
        u = self._noise(address, "takes")
        if (address, "takes") in self._world.values:
            inside = imposition is not None and imposition.earliest <= now + delay_of(law, u) <= imposition.latest
            imposition = imposition if inside else None
        else:
            u, imposition = self._fresh_delay(address, law, now, u, imposition)
            self.values[address, "takes"] = u
        delay = delay_of(law, u)
        self._pending[address] = now, 1.0, imposition
        self.delays[address] = Delay(now, now + delay, law, u)
        return delay

    def _fresh_delay(
        self, address: str, law: Law, now: int, noise: int, imposition: Imposition | None
    ) -> tuple[int, Imposition | None]:
        earliest, latest, share, u = now, None, 1.0, noise
        if imposition is not None:
            interval = delay_given(law, noise, max(imposition.earliest - now, 0), imposition.latest - now)
            if interval is None:
                imposition = None  # asked too late: the item fails
            else:
                u, share = interval
                earliest, latest = imposition.earliest, imposition.latest
                self.factors.append(Factor(self.items[imposition], True, log(max(share, SHARE_MIN))))
        window = self.guide.windows.get(address)
        if window is None:
            return u, imposition
        first = max(window.earliest, earliest)
        last = window.latest if latest is None else min(window.latest, latest)
        inner = delay_given(law, noise, max(first - now, 0), last - now) if first <= last else None
        if inner is None or inner[1] >= share * (1 - 1e-9):
            return u, imposition
        if self.follows and self._coin(address, "window") < INSIDE:
            u = inner[0]
        inside = first <= now + delay_of(law, u) <= last
        ratio = 1 - INSIDE + (INSIDE * share / inner[1] if inside else 0.0)
        self.guided.append(Guided(window.item, log(ratio)))
        return u, imposition

    def still_open(self) -> Iterator[tuple[str, Delay, Imposition]]:
        """The questions that were asked and whose documented answer is still to come."""
        for address, (_, _, imposition) in self._pending.items():
            if imposition is not None:
                yield address, self.delays[address], imposition

    @override
    def choice(
        self, address: str, now: int, names: Sequence[str], utilities: Sequence[int], *,
        ordered: bool = False, natural: bool = False,
    ) -> int:  # fmt: skip
        """As documented, else preferably as the guide has it."""
        self._turn_to(now)
        if self.policy is not None and not natural:
            utilities = self.policy(address, names, utilities)
        asked, imposition = self._question(address, now, names)
        how: How = "drawn"
        q = 1.0
        kept = (address, "chance" if ordered else names[0]) in self._world.values
        if kept:
            taken = self._draw(address, names, utilities, ordered=ordered)
            if imposition is not None and names[taken] == imposition.chose:
                how = "imposed"
                self._satisfied(imposition)
        elif imposition is not None:
            how, q = self._proposed(imposition, address, names)
            taken = self._settle(how, imposition, address, names, utilities)
            self._abduct(address, names, utilities, taken, ordered=ordered)
        else:
            taken = self._fresh_choice(address, names, utilities, ordered=ordered)
        answer = Asked(address, asked, now, tuple(names), tuple(utilities), names[taken], how, 1.0, q, imposition)
        self.asked.append(answer)
        if imposition is None:
            self._note_free_choice(answer)
        elif not kept:
            self.factors.append(Factor(self.items[imposition], False, log(max(answer.factor, SHARE_MIN))))
        return taken

    def _note_free_choice(self, answer: Asked) -> None:
        before = self.before.get(answer.address)
        drawn_in = self._world.run if before is None else before.drawn_in
        self.free_choices[answer.address] = FreeChoice(answer, drawn_in)

    def _question(self, address: str, now: int, names: Sequence[str]) -> tuple[int, Imposition | None]:
        """When this was asked, and the documented decision that it is, if it can be answered as such."""
        asked, _, imposition = self._pending.pop(address, (now, 1.0, self._exact.get(address)))
        if imposition is not None and not imposition.earliest <= now <= imposition.latest:
            imposition = None
        imposition = imposition or self._open_at(address, now, names)
        return asked, imposition if imposition is not None and imposition.chose in names else None

    def _fresh_choice(
        self, address: str, names: Sequence[str], utilities: Sequence[int], *, ordered: bool
    ) -> int:
        twist = self.guide.answers.get(address)
        if twist is None:
            return self._draw(address, names, utilities, ordered=ordered)
        model = softmax(utilities)
        wanted = [p * twist.ratios.get(name, 1.0) for p, name in zip(model, names, strict=True)]
        total = fsum(wanted)
        if not total:
            return self._draw(address, names, utilities, ordered=ordered)
        if self.follows:
            taken = _drawn(wanted, total * self._coin(address, "answer"))
            self._abduct(address, names, utilities, taken, ordered=ordered)
        else:
            taken = self._draw(address, names, utilities, ordered=ordered)
        self.guided.append(Guided(twist.item, log(wanted[taken] / total / max(model[taken], SHARE_MIN))))
        return taken

    def _coin(self, address: str, label: str) -> float:
        """A share of one that only the proposal depends on."""
        return uniform(self._key, address, f"guide {label}") / UNIT


def _drawn(weights: Sequence[float], mark: float) -> int:
    """The place that a mark from 0 to the sum of weights falls on."""
    reached = 0.0
    for place, weight in enumerate(weights):
        reached += weight
        if mark <= reached and weight:
            return place
    return max(place for place, weight in enumerate(weights) if weight)
