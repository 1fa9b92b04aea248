"""The execution chain, from mandate to obedience, and actions in the open."""

from __future__ import annotations

from typing import ClassVar

from negosim.core.events.base import Effect, Event, Reach

# ── the execution chain ─────────────────────────────────────────────────────────────────────────


class Mandated(Event, frozen=True):
    """A principal told an envoy what it may agree (issues' slugs), until when."""

    name: ClassVar[str] = "mandated"
    effect: ClassVar[Effect] = Effect.PUTS
    concerns: ClassVar[tuple[str, str]] = ("mandate", "to")
    by: str
    to: str
    channel: str
    issues: tuple[str, ...]
    until: int | None = None


class Ordered(Event, frozen=True):
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


class _OrderStep(Event, frozen=True):
    concerns: ClassVar[tuple[str, str]] = ("order", "order")
    order: str
    by: str
    to: str
    what: str


class Delivered(_OrderStep, frozen=True):
    """The instruction reached ``by``, sent by ``to``."""

    name: ClassVar[str] = "delivered"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.NOBODY


class Believed(_OrderStep, frozen=True):
    """Its receiver took the instruction for genuine."""

    name: ClassVar[str] = "believed"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.NOBODY


class Doubted(_OrderStep, frozen=True):
    """Its receiver did not take the instruction for genuine."""

    name: ClassVar[str] = "doubted"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.NOBODY


class Obeyed(_OrderStep, frozen=True):
    """Its receiver did as instructed; everybody sees it."""

    name: ClassVar[str] = "obeyed"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY


class Defied(_OrderStep, frozen=True):
    """Its receiver did otherwise; everybody sees it."""

    name: ClassVar[str] = "defied"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY


# ── actions in the open ─────────────────────────────────────────────────────────────────────────


class Announced(Event, frozen=True):
    """An action was announced: what it demands or where it goes (a slug), and for when."""

    name: ClassVar[str] = "announced"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY
    concerns: ClassVar[tuple[str, str]] = ("action", "action")
    action: str
    by: str
    what: str
    due: int


class ActionStep(Event, frozen=True):
    """A step of an announced action; its members are the classes below."""

    concerns: ClassVar[tuple[str, str]] = ("action", "action")
    action: str
    by: str
    what: str = ""


class CalledOff(ActionStep, frozen=True):
    """An announced or running action was cancelled, postponed or suspended."""

    name: ClassVar[str] = "called-off"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY


class Started(ActionStep, frozen=True):
    """An action began."""

    name: ClassVar[str] = "started"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY


class Reached(ActionStep, frozen=True):
    """A moving action came to ``what``, a place."""

    name: ClassVar[str] = "reached"
    effect: ClassVar[Effect] = Effect.PUTS
    reach: ClassVar[Reach] = Reach.EVERYBODY


class Ended(ActionStep, frozen=True):
    """An action was over."""

    name: ClassVar[str] = "ended"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.EVERYBODY
