"""Who negotiates, and over what: actors, their roles, and channels as data."""

from __future__ import annotations

import re
from enum import Enum, unique

from attrs import field, frozen

from negosim.core.errors import BadValue

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def slug(name: str) -> str:
    """A Python name as a slug: ``STATE_DOCTORS`` and ``StateDoctors`` become ``state-doctors``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return spaced.replace("_", "-").replace(" ", "-").lower()


def check_slug(_: object, attribute: object, value: str) -> None:
    """An attrs validator: lower-case words joined by hyphens, so that addresses stay readable."""
    if not SLUG.fullmatch(value):
        name = getattr(attribute, "name", "value")
        raise BadValue(f"{name} {value!r} is not a slug such as 'state-doctors'")


@unique
class Role(Enum):
    """What an actor is to its side."""

    PRINCIPAL = "principal"
    ENVOY = "envoy"
    FIELD_LEADER = "field leader"
    FACILITATOR = "facilitator"
    VETO_PLAYER = "veto player"
    NATURE = "nature"


@frozen
class Actor:
    """Someone who can act: ``id`` is a slug, ``side`` the principal whose camp it belongs to."""

    id: str = field(validator=check_slug)
    name: str
    role: Role = Role.PRINCIPAL
    side: str = ""
    about: str = ""

    def __str__(self) -> str:
        return self.id


NATURE = Actor("nature", "Nature", Role.NATURE, about="leaks, lost calls, the hour of a given")


@unique
class Kind(Enum):
    """What a channel is; it settles who hears what is said there.

    PUBLIC: everybody. FORMAL: all members. BACKCHANNEL, VISIT and ORDERS: sender and addressee.
    """

    BACKCHANNEL = "backchannel"
    FORMAL = "formal"
    PUBLIC = "public"
    VISIT = "visit"
    ORDERS = "orders"


@frozen
class Channel:
    """A way to be heard.

    ``delay`` is minutes from said to heard, at least one. ``secrecy`` and ``deniability`` are
    thousandths, read by the scenario's rules. ``gate`` names the actor who must have granted
    access before a member may speak here; ``gated`` names those whom the gate stops (empty:
    every member but the gatekeeper). ``leak`` and ``loss`` are hazards in millionths per message.
    """

    id: str = field(validator=check_slug)
    kind: Kind
    members: tuple[str, ...] = ()
    delay: int = 1
    secrecy: int = 0
    deniability: int = 0
    gate: str = ""
    gated: tuple[str, ...] = ()
    leak: int = 0
    loss: int = 0

    def __attrs_post_init__(self) -> None:
        if self.delay < 1:
            raise BadValue(f"channel {self.id!r}: delay is {self.delay}; it takes at least a minute")
        for name in ("secrecy", "deniability"):
            if not 0 <= getattr(self, name) <= 1000:
                raise BadValue(f"channel {self.id!r}: {name} is in thousandths, 0 to 1000")
        for name in ("leak", "loss"):
            if not 0 <= getattr(self, name) <= 1_000_000:
                raise BadValue(f"channel {self.id!r}: {name} is in millionths, 0 to 1000000")

    def __str__(self) -> str:
        return self.id

    def stops(self, actor: str) -> bool:
        """Whether ``actor`` needs the gatekeeper's grant to speak here."""
        return bool(self.gate) and actor != self.gate and (not self.gated or actor in self.gated)


def backchannel(id: str, *members: Actor, **settings: int) -> Channel:  # noqa: A002
    """A secret, deniable channel heard by sender and addressee only."""
    return _channel(id, Kind.BACKCHANNEL, members, {"secrecy": 1000, "deniability": 1000} | settings)


def formal(id: str, *members: Actor, **settings: int) -> Channel:  # noqa: A002
    """An acknowledged channel heard by all its members."""
    return _channel(id, Kind.FORMAL, members, settings)


def public(*members: Actor, id: str = "public", **settings: int) -> Channel:  # noqa: A002
    """What everybody hears; with ``members``, what only they hear, whoever says it."""
    return _channel(id, Kind.PUBLIC, members, settings)


def visit(id: str, *members: Actor, gate: Actor, gated: tuple[Actor, ...] = (), **settings: int) -> Channel:  # noqa: A002
    """A channel that opens only when the gatekeeper grants it, such as a prison visit."""
    plain = _channel(id, Kind.VISIT, members, {"secrecy": 500} | settings)
    return _regate(plain, gate, gated)


def orders(id: str, *members: Actor, **settings: int) -> Channel:  # noqa: A002
    """The way instructions travel inside one side; delays and losses happen here."""
    return _channel(id, Kind.ORDERS, members, settings)


def _channel(id: str, kind: Kind, members: tuple[Actor, ...], settings: dict[str, int]) -> Channel:  # noqa: A002
    return Channel(id, kind, tuple(str(member) for member in members), **settings)


def _regate(channel: Channel, gate: Actor, gated: tuple[Actor, ...]) -> Channel:
    return Channel(
        channel.id,
        channel.kind,
        channel.members,
        channel.delay,
        channel.secrecy,
        channel.deniability,
        gate.id,
        tuple(actor.id for actor in gated),
        channel.leak,
        channel.loss,
    )
