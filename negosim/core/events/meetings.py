"""Requests, meetings, channels; happenings, choices, losses."""

from __future__ import annotations

from typing import ClassVar

from negosim.core.events.base import Effect, Event, Reach

# ── meetings and channels ───────────────────────────────────────────────────────────────────────


class Requested(Event, frozen=True):
    """``by`` asked ``to`` for a meeting or for access to a gated channel."""

    name: ClassVar[str] = "requested"
    effect: ClassVar[Effect] = Effect.OWN
    concerns: ClassVar[tuple[str, str]] = ("request", "request")
    request: str
    by: str
    to: str
    channel: str


class _RequestAnswer(Event, frozen=True):
    concerns: ClassVar[tuple[str, str]] = ("request", "request")
    request: str
    by: str
    to: str
    channel: str


class Granted(_RequestAnswer, frozen=True):
    """The request was granted; for a gated channel this is the access."""

    name: ClassVar[str] = "granted"
    effect: ClassVar[Effect] = Effect.PUTS


class Refused(_RequestAnswer, frozen=True):
    """The request was refused."""

    name: ClassVar[str] = "refused"
    effect: ClassVar[Effect] = Effect.DROPS


class Met(Event, frozen=True):
    """A meeting took place on a channel; ``by`` hosted or chaired it."""

    name: ClassVar[str] = "met"
    effect: ClassVar[Effect] = Effect.OWN
    concerns: ClassVar[tuple[str, str]] = ("meeting", "meeting")
    meeting: str
    by: str
    to: tuple[str, ...]
    channel: str


class Suspended(Event, frozen=True):
    """A channel was put to rest."""

    name: ClassVar[str] = "suspended"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.MEMBERS
    concerns: ClassVar[tuple[str, str]] = ("channel", "channel")
    channel: str
    by: str


class Resumed(Event, frozen=True):
    """A channel at rest was taken up again."""

    name: ClassVar[str] = "resumed"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.MEMBERS
    concerns: ClassVar[tuple[str, str]] = ("channel", "channel")
    channel: str
    by: str


class Leaked(Event, frozen=True):
    """What was said on a secret channel came out; ``what`` is the leaked matter's name."""

    name: ClassVar[str] = "leaked"
    effect: ClassVar[Effect] = Effect.PASSES
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("leak", "channel")
    by: str
    channel: str
    what: str


# ── happenings, choices, losses ─────────────────────────────────────────────────────────────────


class Happened(Event, frozen=True):
    """Something registered by the scenario happened: a summit, a clash, a ruling."""

    name: ClassVar[str] = "happened"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.ADDRESSEE
    concerns: ClassVar[tuple[str, str]] = ("happening", "what")
    what: str
    by: str
    to: str = ""


class Chose(Event, frozen=True):
    """An actor decided; seen by itself alone. ``attributes`` pairs names and thousandths."""

    name: ClassVar[str] = "chose"
    effect: ClassVar[Effect] = Effect.PASSES
    reach: ClassVar[Reach] = Reach.NOBODY
    concerns: ClassVar[tuple[str, str]] = ("choice", "address")
    by: str
    address: str
    alternatives: tuple[str, ...]
    attributes: tuple[tuple[tuple[str, int], ...], ...]
    taken: str


class Lost(Event, frozen=True):
    """Nature's: the message of entry ``entry`` never reached ``to``."""

    name: ClassVar[str] = "lost"
    effect: ClassVar[Effect] = Effect.PASSES
    reach: ClassVar[Reach] = Reach.NOBODY
    concerns: ClassVar[tuple[str, str]] = ("loss", "entry")
    by: str
    to: str
    entry: int
