"""Where chance comes from: a ``Prior``, a ``World``, or a record being imposed (``Imposing``).

All three answer the same questions: a weight, a delay, a choice. A ``World`` is what replaying a
record leaves: integers by address; what it lacks is keyed noise. ``Imposing`` makes each
documented decision come out as documented, inside its interval, and keeps the noise under which
it would have come out so by itself.
"""

from __future__ import annotations

from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import Factory, define, field, frozen
from msgspec import Struct

from negosim.core.address import Address
from negosim.core.errors import BadValue
from negosim.sim.delays import Law, delay_given
from negosim.sim.noise import (
    MILLION,
    UNIT,
    Drawn,
    band_of,
    bands,
    check_stream,
    gumbels,
    gumbels_given,
    noise_key,
    normal,
    softmax,
    strongest,
    uniform,
    uniform_given,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from hashlib import blake2b

    from negosim.sim.decisions import Weight

How: TypeAlias = Literal["drawn", "imposed", "passed", "changed"]
Policy: TypeAlias = "Callable[[str, Sequence[str], Sequence[int]], Sequence[int]]"
"""Maps an address, its alternatives and their utilities to the utilities to choose by."""


@frozen
class Fresh:
    """Keyed noise taken from another run: what is drawn after a minute."""

    run: int
    after: int = -1


@frozen
class World:
    """Weights and noise as integers by (address, label); picklable, imposes nothing.

    With no ``values`` it is a prior: everything is keyed noise of ``seed`` and ``run``. ``fresh``
    says where the keyed noise is another run's; of those that fit the last counts. ``faced``
    makes the coupling *independent*: an address that faces other answers or utilities than these
    draws noise of its own, keyed by the utilities too (same utilities, same noise).
    """

    seed: int
    run: int = 0
    values: Mapping[tuple[str, str], int] = Factory(dict)
    fresh: tuple[Fresh, ...] = ()
    faced: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]] | None = None


def Prior(seed: int, run: int = 0) -> World:  # noqa: N802 - a word of the design, reads as one
    """Fresh chance: run number ``run`` of ``seed``. Raises BadValue unless both are whole numbers from 0."""
    check_stream(seed, run)
    if run < 0:
        raise BadValue(f"run is {run}; runs are counted from 0, and those of a filter's pilots below")
    return World(seed, run)


@frozen
class Imposition:
    """A documented decision: at ``address`` the actor chose ``chose`` between two minutes.

    The key may be open (``government.meet[*]``): then the first matching question that is
    answered as documented satisfies it. ``fact`` names the entry of the record it comes from.
    """

    address: str
    chose: str
    earliest: int
    latest: int
    fact: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the key is left open."""
        return Address.of(self.address).is_open

    def is_at(self, address: str) -> bool:
        """Whether a question at ``address`` is the documented one, or may be it where the key is open."""
        return Address.of(self.address).covers(address)


@frozen
class Imposing:
    """A record as chance: impositions over the noise of a world."""

    impositions: tuple[Imposition, ...]
    world: World


Chance: TypeAlias = World | Imposing


class Asked(Struct, frozen=True, gc=False):
    """What is known of one choice of a run, beside its entry in the log.

    ``p`` is the probability of what was taken (``passed``: of all but the documented answer),
    ``p_time`` that of the documented interval (1 when nothing was imposed), ``q`` the probability
    with which an open key was proposed or passed. ``imposition`` is the documented decision this
    question met in time; it was taken where ``how`` is ``imposed``.
    """

    address: str
    asked: int
    at: int
    alternatives: tuple[str, ...]
    utilities: tuple[int, ...]
    taken: str
    how: How
    p_time: float = 1.0
    q: float = 1.0
    imposition: Imposition | None = None

    @property
    def p(self) -> float:
        """How probable it was: what was taken, or, where an open key was passed, not to take it."""
        shares = softmax(self.utilities)
        if self.how == "passed" and self.imposition is not None:
            return 1 - shares[self.alternatives.index(self.imposition.chose)]
        return shares[self.alternatives.index(self.taken)]

    @property
    def fact(self) -> str:
        """The entry of the record that this question met, or an empty string."""
        return self.imposition.fact if self.imposition else ""

    @property
    def factor(self) -> float:
        """What the question multiplies the importance weight of its run by."""
        return self.p / self.q if self.how in ("imposed", "passed") else 1.0


class FailedImposition(BaseException):
    """Private: a documented decision can no longer come out as documented."""

    def __init__(self, imposition: Imposition, why: str) -> None:
        self.imposition, self.why = imposition, why
        super().__init__(imposition, why)


CERTAIN = 1000 * MILLION
"""A utility, in millionths, beside which an answer of utility 0 has probability 0 (e^-1000)."""
PROPOSAL = 0.5
"""With an open key, how often a matching question is answered as documented (q)."""


@define
class Dice:
    """The chance of one run, as it is used: draws, imposes, and remembers."""

    chance: Chance
    policy: Policy | None = None
    forced: Mapping[str, str] = Factory(dict)
    tilts: Mapping[tuple[str, str], int] = Factory(dict)
    redrawn: frozenset[str] = frozenset()
    stop_at_failed_imposition: bool = field(default=True, kw_only=True)
    asked: list[Asked] = field(factory=list, kw_only=True)
    values: dict[tuple[str, str], int] = field(factory=dict, kw_only=True)
    noise: Drawn = field(factory=Drawn, kw_only=True)
    used: set[str] = field(factory=set, kw_only=True)
    _base: blake2b = field(init=False)
    _key: blake2b = field(init=False)
    _fresh: list[tuple[int, blake2b]] = field(init=False)
    _now: int = field(init=False, default=-1)
    _world: World = field(init=False)
    _exact: dict[str, Imposition] = field(init=False)
    _open: list[Imposition] = field(init=False)
    _pending: dict[str, tuple[int, float, Imposition | None]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        imposing = self.chance if isinstance(self.chance, Imposing) else None
        self._world = imposing.world if imposing else self.chance  # type: ignore[assignment]
        self._base = self._key = noise_key(self._world.seed, self._world.run)
        self._fresh = [(fresh.after, noise_key(self._world.seed, fresh.run)) for fresh in reversed(self._world.fresh)]
        self._exact, self._open = {}, []
        for imposition in imposing.impositions if imposing else ():
            if imposition.is_open:
                self._open.append(imposition)
            else:
                self._exact[imposition.address] = imposition

    # ── the three questions ──────────────────────────────────────────────────────────────────

    def weight(self, address: str, prior: Weight) -> int:
        """A preference weight in thousandths: the world's, else drawn from its prior."""
        known = self._world.values
        if self.redrawn and self._is_redrawn(address):
            address = self._keyed(address)
        elif known and (address, "weight") in known:
            return known[address, "weight"]
        return normal(uniform(self._base, address, "weight"), prior.mean, prior.sd)

    def delay(self, address: str, law: Law, now: int) -> int:
        """How many minutes the actor deliberates at this address, asked now."""
        self._now = now
        if self._fresh:
            self._turn_to(now)
        imposition = self._exact.get(address)
        u = self._noise(address, "takes")
        share = 1.0
        if imposition is not None:
            given = delay_given(law, u, max(imposition.earliest - now, 0), imposition.latest - now)
            if given is None:
                late = "too late" if now > imposition.latest else "deciding never takes that long"
                self._give_up(imposition, f"asked at minute {now}, {late}")
                imposition = None
            else:
                u, share = given
                self.values[address, "takes"] = u
        self._pending[address] = (now, share, imposition)
        return law.quantile(u / UNIT)

    def choice(
        self, address: str, now: int, names: Sequence[str], utilities: Sequence[int], *,
        ordered: bool = False, natural: bool = False,
    ) -> int:  # fmt: skip
        """The index of the alternative taken at this address; utilities in millionths."""
        self._now = now
        if self._fresh:
            self._turn_to(now)
        if self.policy is not None and not natural:
            utilities = self.policy(address, names, utilities)
        if self.tilts:
            utilities = self._tilted(address, names, utilities)
        pending = self._pending.pop(address, None)
        asked, p_time, imposition = pending or (now, 1.0, self._due(address, now) if self._exact else None)
        how: How = "drawn"
        q = 1.0
        if imposition is None and self._open:
            imposition = self._open_at(address, now, names)
        if imposition is not None:
            if imposition.chose in names:
                how, q = self._proposed(imposition, address, names)
            else:
                self._give_up(imposition, f"{imposition.chose!r} was no legal answer at minute {now}")
        if how == "drawn":
            taken = self._draw(address, names, utilities, ordered=ordered)
        else:
            taken = self._settle(how, imposition, address, names, utilities)  # type: ignore[arg-type]
            self._abduct(address, names, utilities, taken, ordered=ordered)
        if self.forced and (forced := self.forced.get(address)) in names:
            self.used.add(address)
            taken, how = names.index(forced), "changed"
        self.asked.append(
            Asked(address, asked, now, tuple(names), tuple(utilities), names[taken], how, p_time, q, imposition)
        )
        return taken

    def outstanding(self) -> list[Imposition]:
        """The impositions that were never satisfied."""
        return [*self._exact.values(), *self._open]

    def check_reached(self, imposition: Imposition) -> None:
        """Give up when its interval is over: nothing that comes later can satisfy it."""
        if imposition in self.outstanding():
            self._give_up(imposition, f"not reached by minute {imposition.latest}")

    # ── how ──────────────────────────────────────────────────────────────────────────────────

    def _turn_to(self, now: int) -> None:
        """Draw under the key that holds in this minute."""
        self._now = now
        if self._fresh:
            self._key = next((key for after, key in self._fresh if now > after), self._base)

    def _is_redrawn(self, address: str) -> bool:
        """Whether somebody else sits in the deciding actor's seat, with chance of their own."""
        return bool(self.redrawn) and Address.of(address).actor in self.redrawn

    def _keyed(self, address: str) -> str:
        return f"{address}\0recast" if self._is_redrawn(address) else address

    def _tilted(self, address: str, names: Sequence[str], utilities: Sequence[int]) -> Sequence[int]:
        added = [self.tilts.get((address, name), 0) for name in names]
        if any(added):
            self.used.add(address)
        return [utility + more for utility, more in zip(utilities, added, strict=True)]

    def _is_decoupled(self, address: str, names: Sequence[str], utilities: Sequence[int]) -> bool:
        """Whether this choice draws noise of its own: another face of it, or another person."""
        faced = self._world.faced
        if faced is None or (known := faced.get(address)) is None:
            return self._is_redrawn(address)
        return known != (tuple(names), tuple(utilities)) or self._is_redrawn(address)

    def _noise(self, address: str, label: str) -> int:
        known = self._world.values
        if self.redrawn and self._is_redrawn(address):
            value = uniform(self._key, self._keyed(address), label)
        elif known and (address, label) in known:
            value = known[address, label]
        else:
            value = uniform(self._key, address, label)
        self.noise.lying.append((self._now, address, (label,), (value,)))
        return value

    def _gumbels(self, address: str, names: Sequence[str]) -> list[int]:
        values = self._world.values
        if values:
            fresh = [name for name in names if (address, name) not in values]
            drawn = dict(zip(fresh, gumbels(self._key, address, fresh), strict=True))
            shocks = [drawn[name] if name in drawn else values[address, name] for name in names]
        else:
            shocks = gumbels(self._key, address, names)
        self.noise.lying.append((self._now, address, names, shocks))
        return shocks

    def _draw(self, address: str, names: Sequence[str], utilities: Sequence[int], *, ordered: bool) -> int:
        if (self.redrawn or self._world.faced is not None) and self._is_decoupled(address, names, utilities):
            decoupled = f"{self._keyed(address)}\0{','.join(map(str, utilities))}"
            u = uniform(self._key, decoupled, "chance")
            return band_of(bands(utilities), u)
        if ordered:
            return band_of(bands(utilities), self._noise(address, "chance"))
        return strongest(utilities, self._gumbels(address, names))

    def _abduct(
        self, address: str, names: Sequence[str], utilities: Sequence[int], taken: int, *, ordered: bool
    ) -> None:
        """Keep the noise under which ``taken`` would have been chosen anyway."""
        if ordered:
            u = uniform_given(bands(utilities), self._noise(address, "chance"), taken)
            if u is not None:
                self.values[address, "chance"] = u
            return
        shocks = gumbels_given(utilities, self._gumbels(address, names), taken)
        for name, shock in zip(names, shocks, strict=True):
            self.values[address, name] = shock

    def _due(self, address: str, now: int) -> Imposition | None:
        """The documented decision at an address that takes no time, if its interval is now."""
        imposition = self._exact.get(address)
        if imposition is not None and not imposition.earliest <= now <= imposition.latest:
            self._give_up(imposition, f"asked at minute {now}, outside its interval")
            return None
        return imposition

    def _open_at(self, address: str, now: int, names: Sequence[str]) -> Imposition | None:
        """The documented decision of open key that a question decided now may be."""
        for imposition in self._open:
            inside = imposition.earliest <= now <= imposition.latest
            if inside and imposition.is_at(address) and imposition.chose in names:
                return imposition
        return None

    def _proposed(self, imposition: Imposition, address: str, names: Sequence[str]) -> tuple[How, float]:
        """Whether a documented decision is imposed here, and how probable that was."""
        if not imposition.is_open or len(names) == 1:
            return "imposed", 1.0
        coin = self._noise(address, f"proposal of {imposition.fact}")
        return ("imposed", PROPOSAL) if coin <= PROPOSAL * UNIT else ("passed", 1 - PROPOSAL)

    def _settle(
        self, how: How, imposition: Imposition, address: str, names: Sequence[str], utilities: Sequence[int]
    ) -> int:
        """The documented answer, or, where the question is passed over, a draw among the others."""
        documented = names.index(imposition.chose)
        if how == "imposed":
            self._satisfied(imposition)
            return documented
        others = [utility for place, utility in enumerate(utilities) if place != documented]
        drawn = band_of(bands(others), self._noise(address, "instead"))
        return drawn + (drawn >= documented)

    def _satisfied(self, imposition: Imposition) -> None:
        if imposition.is_open:
            self._open.remove(imposition)
        else:
            del self._exact[imposition.address]

    def _give_up(self, imposition: Imposition, why: str) -> None:
        if self.stop_at_failed_imposition:
            raise FailedImposition(imposition, why)


@lru_cache
def probability_as_utilities(p: int) -> tuple[int, int]:
    """A probability in millionths as the utilities of yes and no: their logit difference.

    What is certain or impossible is so by utility too: its other answer has probability 0.
    """
    if p <= 0:
        return 0, CERTAIN
    if p >= MILLION:
        return CERTAIN, 0
    return round(log(p / (MILLION - p)) * MILLION), 0
