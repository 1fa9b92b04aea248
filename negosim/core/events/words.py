"""Ultimatums, claims and plain messages."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from negosim.core.errors import BadValue
from negosim.core.events.base import Effect, Event, Reach

# ── ultimatums and statements ───────────────────────────────────────────────────────────────────


@frozen
class Branch:
    """One way an ultimatum can be answered: what the other side would do, and what follows."""

    name: str
    asks: str
    brings: str


@frozen
class UltimatumPut(Event):
    """A choice between branches was put to somebody, to be answered ``until``."""

    name: ClassVar[str] = "ultimatum-put"
    effect: ClassVar[Effect] = Effect.PUTS
    concerns: ClassVar[tuple[str, str]] = ("ultimatum", "ultimatum")
    ultimatum: str
    by: str
    to: str
    channel: str
    branches: tuple[Branch, ...] = field()
    until: int | None = None

    @branches.validator
    def _several(self, _: object, value: tuple[Branch, ...]) -> None:
        if len({branch.name for branch in value}) < 2:
            raise BadValue("an ultimatum needs at least two branches of different names")

    @property
    def what(self) -> tuple[str, ...]:
        """The slugs that occur in its branches: their names, what they ask, what they bring."""
        return tuple(slug for b in self.branches for slug in (b.name, b.asks, b.brings) if slug)


@frozen
class UltimatumAnswered(Event):
    """The addressee took a branch."""

    name: ClassVar[str] = "ultimatum-answered"
    effect: ClassVar[Effect] = Effect.DROPS
    concerns: ClassVar[tuple[str, str]] = ("ultimatum", "ultimatum")
    ultimatum: str
    by: str
    to: str
    channel: str
    what: str


@frozen
class Claimed(Event):
    """``by`` said in public that ``about`` did ``what``; nobody's rules may read it as a fact."""

    name: ClassVar[str] = "claimed"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("claim", "claim")
    claim: str
    by: str
    about: str
    what: str


@frozen
class Denied(Event):
    """``by`` denied a claim in public."""

    name: ClassVar[str] = "denied"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("claim", "claim")
    claim: str
    by: str


@frozen
class Said(Event):
    """A plain message: a request to meet, a report, a warning (``what`` is a slug)."""

    name: ClassVar[str] = "said"
    effect: ClassVar[Effect] = Effect.PASSES
    concerns: ClassVar[tuple[str, str]] = ("word", "what")
    by: str
    to: str
    channel: str
    what: str
