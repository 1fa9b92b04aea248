"""The execution chain, from mandate to obedience, and actions in the open."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from negosim.core.events.base import Event

# ── the execution chain ─────────────────────────────────────────────────────────────────────────


@frozen
class Mandated(Event):
    """A principal told an envoy what it may agree (issues' slugs), until when."""

    name: ClassVar[str] = "mandated"
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


@frozen
class Believed(_OrderStep):
    """Its receiver took the instruction for genuine."""

    name: ClassVar[str] = "believed"


@frozen
class Doubted(_OrderStep):
    """Its receiver did not take the instruction for genuine."""

    name: ClassVar[str] = "doubted"


@frozen
class Obeyed(_OrderStep):
    """Its receiver did as instructed; everybody sees it."""

    name: ClassVar[str] = "obeyed"


@frozen
class Defied(_OrderStep):
    """Its receiver did otherwise; everybody sees it."""

    name: ClassVar[str] = "defied"


# ── actions in the open ─────────────────────────────────────────────────────────────────────────


@frozen
class Announced(Event):
    """An action was announced: what it demands or where it goes (a slug), and for when."""

    name: ClassVar[str] = "announced"
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


@frozen
class Started(ActionStep):
    """An action began."""

    name: ClassVar[str] = "started"


@frozen
class Reached(ActionStep):
    """A moving action came to ``what``, a place."""

    name: ClassVar[str] = "reached"


@frozen
class Ended(ActionStep):
    """An action was over."""

    name: ClassVar[str] = "ended"
