"""Who negotiates, and over what: actors, their roles, and channels as data."""

from __future__ import annotations

import re
from enum import Enum, unique
from functools import cache
from typing import TypedDict, Unpack

from attrs import evolve, field, frozen

from negosim.core.errors import BadValue
from negosim.core.values import check_whole

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@cache
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
    """Someone who can act: ``id`` is a slug, ``side`` the principal whose camp it belongs to.

    ``plural``: the name is a plural, so that a sentence reads "The leaders tell", not "tells".
    """

    id: str = field(validator=check_slug)
    name: str
    role: Role = Role.PRINCIPAL
    side: str = ""
    about: str = ""
    plural: bool = field(default=False, kw_only=True)

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
    deniability: int = field(default=0, kw_only=True)
    gate: str = field(default="", kw_only=True)
    gated: tuple[str, ...] = field(default=(), kw_only=True)
    leak: int = field(default=0, kw_only=True)
    loss: int = field(default=0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        numbers = {name: getattr(self, name) for name in ("delay", "secrecy", "deniability", "leak", "loss")}
        check_whole(f"channel {self.id!r}", **numbers)
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


class Settings(TypedDict, total=False):
    """What may be set of a channel; see ``Channel``."""

    delay: int
    secrecy: int
    deniability: int
    leak: int
    loss: int


def backchannel(id: str, *members: Actor, **settings: Unpack[Settings]) -> Channel:
    """A secret, deniable channel heard by sender and addressee only."""
    secret = Channel(id, Kind.BACKCHANNEL, _ids(members), secrecy=1000, deniability=1000)
    return evolve(secret, **settings)


def formal(id: str, *members: Actor, **settings: Unpack[Settings]) -> Channel:
    """An acknowledged channel heard by all its members."""
    return Channel(id, Kind.FORMAL, _ids(members), **settings)


def public(*members: Actor, id: str = "public", **settings: Unpack[Settings]) -> Channel:
    """What everybody hears; with ``members``, what only they hear, whoever says it."""
    return Channel(id, Kind.PUBLIC, _ids(members), **settings)


def visit(
    id: str, *members: Actor, gate: Actor, gated: tuple[Actor, ...] = (), **settings: Unpack[Settings]
) -> Channel:
    """A channel that opens only when the gatekeeper grants it, such as a prison visit."""
    private = Channel(id, Kind.VISIT, _ids(members), secrecy=500, gate=gate.id, gated=_ids(gated))
    return evolve(private, **settings)


def orders(id: str, *members: Actor, **settings: Unpack[Settings]) -> Channel:
    """The way instructions travel inside one side; delays and losses happen here."""
    return Channel(id, Kind.ORDERS, _ids(members), **settings)


def _ids(actors: tuple[Actor, ...]) -> tuple[str, ...]:
    return tuple(actor.id for actor in actors)
