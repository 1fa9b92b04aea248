"""Requests, meetings, channels; happenings, choices, losses."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from negosim.core.events.base import Effect, Event, Reach

# ── meetings and channels ───────────────────────────────────────────────────────────────────────


@frozen
class Requested(Event):
    """``by`` asked ``to`` for a meeting or for access to a gated channel."""

    name: ClassVar[str] = "requested"
    effect: ClassVar[Effect] = Effect.OWN
    concerns: ClassVar[tuple[str, str]] = ("request", "request")
    request: str
    by: str
    to: str
    channel: str


@frozen
class _RequestAnswer(Event):
    concerns: ClassVar[tuple[str, str]] = ("request", "request")
    request: str
    by: str
    to: str
    channel: str


@frozen
class Granted(_RequestAnswer):
    """The request was granted; for a gated channel this is the access."""

    name: ClassVar[str] = "granted"
    effect: ClassVar[Effect] = Effect.PUTS


@frozen
class Refused(_RequestAnswer):
    """The request was refused."""

    name: ClassVar[str] = "refused"
    effect: ClassVar[Effect] = Effect.DROPS


@frozen
class Met(Event):
    """A meeting took place on a channel; ``by`` hosted or chaired it."""

    name: ClassVar[str] = "met"
    effect: ClassVar[Effect] = Effect.OWN
    concerns: ClassVar[tuple[str, str]] = ("meeting", "meeting")
    meeting: str
    by: str
    to: tuple[str, ...]
    channel: str


@frozen
class Suspended(Event):
    """A channel was put to rest."""

    name: ClassVar[str] = "suspended"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.MEMBERS
    concerns: ClassVar[tuple[str, str]] = ("channel", "channel")
    channel: str
    by: str


@frozen
class Resumed(Event):
    """A channel at rest was taken up again."""

    name: ClassVar[str] = "resumed"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.MEMBERS
    concerns: ClassVar[tuple[str, str]] = ("channel", "channel")
    channel: str
    by: str


@frozen
class Leaked(Event):
    """What was said on a secret channel came out; ``what`` is the leaked matter's name."""

    name: ClassVar[str] = "leaked"
    effect: ClassVar[Effect] = Effect.PASSES
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("leak", "channel")
    by: str
    channel: str
    what: str


# ── happenings, choices, losses ─────────────────────────────────────────────────────────────────


@frozen
class Happened(Event):
    """Something registered by the scenario happened: a summit, a clash, a ruling."""

    name: ClassVar[str] = "happened"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.ADDRESSEE
    concerns: ClassVar[tuple[str, str]] = ("happening", "what")
    what: str
    by: str
    to: str = ""


@frozen
class Chose(Event):
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


@frozen
class Lost(Event):
    """Nature's: the message of entry ``entry`` never reached ``to``."""

    name: ClassVar[str] = "lost"
    effect: ClassVar[Effect] = Effect.PASSES
    reach: ClassVar[Reach] = Reach.NOBODY
    concerns: ClassVar[tuple[str, str]] = ("loss", "entry")
    by: str
    to: str
    entry: int
