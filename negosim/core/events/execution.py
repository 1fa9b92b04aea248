"""The execution chain, from mandate to obedience, and actions in the open."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from negosim.core.events.base import Effect, Event, Reach

# ── the execution chain ─────────────────────────────────────────────────────────────────────────


@frozen
class Mandated(Event):
    """A principal told an envoy what it may agree (issues' slugs), until when."""

    name: ClassVar[str] = "mandated"
    effect: ClassVar[Effect] = Effect.PUTS
    concerns: ClassVar[tuple[str, str]] = ("mandate", "to")
    by: str
    to: str
    channel: str
    issues: tuple[str, ...]
    until: int | None = None


@frozen
class Ordered(Event):
    """An instruction was sent; ``proof`` says what vouches for it (a slug such as ``live-call``)."""

    name: ClassVar[str] = "ordered"
    effect: ClassVar[Effect] = Effect.NAMES
    concerns: ClassVar[tuple[str, str]] = ("order", "order")
    order: str
    by: str
    to: str
    channel: str
    what: str
    proof: str


@frozen
class _OrderStep(Event):
    concerns: ClassVar[tuple[str, str]] = ("order", "order")
    order: str
    by: str
    to: str
    what: str


@frozen
class Delivered(_OrderStep):
    """The instruction reached ``by``, sent by ``to``."""

    name: ClassVar[str] = "delivered"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.NOBODY


@frozen
class Believed(_OrderStep):
    """Its receiver took the instruction for genuine."""

    name: ClassVar[str] = "believed"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.NOBODY


@frozen
class Doubted(_OrderStep):
    """Its receiver did not take the instruction for genuine."""

    name: ClassVar[str] = "doubted"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.NOBODY


@frozen
class Obeyed(_OrderStep):
    """Its receiver did as instructed; everybody sees it."""

    name: ClassVar[str] = "obeyed"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY


@frozen
class Defied(_OrderStep):
    """Its receiver did otherwise; everybody sees it."""

    name: ClassVar[str] = "defied"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY


# ── actions in the open ─────────────────────────────────────────────────────────────────────────


@frozen
class Announced(Event):
    """An action was announced: what it demands or where it goes (a slug), and for when."""

    name: ClassVar[str] = "announced"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("action", "action")
    action: str
    by: str
    what: str
    due: int


@frozen
class ActionStep(Event):
    """A step of an announced action; its members are the classes below."""

    concerns: ClassVar[tuple[str, str]] = ("action", "action")
    action: str
    by: str
    what: str = ""


@frozen
class CalledOff(ActionStep):
    """An announced or running action was cancelled, postponed or suspended."""

    name: ClassVar[str] = "called-off"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY


@frozen
class Started(ActionStep):
    """An action began."""

    name: ClassVar[str] = "started"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY


@frozen
class Reached(ActionStep):
    """A moving action came to ``what``, a place."""

    name: ClassVar[str] = "reached"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY


@frozen
class Ended(ActionStep):
    """An action was over."""

    name: ClassVar[str] = "ended"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY
