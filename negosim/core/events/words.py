"""Ultimatums, claims and plain messages."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from negosim.core.errors import BadValue
from negosim.core.events.base import Effect, Event, Reach

# ── ultimatums and statements ───────────────────────────────────────────────────────────────────


class Branch(Struct, frozen=True, gc=False):
    """One way an ultimatum can be answered: what the other side would do, and what follows."""

    name: str
    asks: str
    brings: str


class UltimatumPut(Event, frozen=True):
    """A choice between branches was put to somebody, to be answered ``until``."""

    name: ClassVar[str] = "ultimatum-put"
    effect: ClassVar[Effect] = Effect.PUTS
    concerns: ClassVar[tuple[str, str]] = ("ultimatum", "ultimatum")
    ultimatum: str
    by: str
    to: str
    channel: str
    branches: tuple[Branch, ...]
    until: int | None = None

    def __post_init__(self) -> None:
        if len({branch.name for branch in self.branches}) < 2:
            raise BadValue("an ultimatum needs at least two branches of different names")

    @property
    def what(self) -> tuple[str, ...]:
        """The slugs that occur in its branches: their names, what they ask, what they bring."""
        return tuple(slug for b in self.branches for slug in (b.name, b.asks, b.brings) if slug)


class UltimatumAnswered(Event, frozen=True):
    """The addressee took a branch."""

    name: ClassVar[str] = "ultimatum-answered"
    effect: ClassVar[Effect] = Effect.DROPS
    concerns: ClassVar[tuple[str, str]] = ("ultimatum", "ultimatum")
    ultimatum: str
    by: str
    to: str
    channel: str
    what: str


class Claimed(Event, frozen=True):
    """``by`` said in public that ``about`` did ``what``; nobody's rules may read it as a fact."""

    name: ClassVar[str] = "claimed"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("claim", "claim")
    claim: str
    by: str
    about: str
    what: str


class Denied(Event, frozen=True):
    """``by`` denied a claim in public."""

    name: ClassVar[str] = "denied"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("claim", "claim")
    claim: str
    by: str


class Said(Event, frozen=True):
    """A plain message: a request to meet, a report, a warning (``what`` is a slug)."""

    name: ClassVar[str] = "said"
    effect: ClassVar[Effect] = Effect.PASSES
    concerns: ClassVar[tuple[str, str]] = ("word", "what")
    by: str
    to: str
    channel: str
    what: str
