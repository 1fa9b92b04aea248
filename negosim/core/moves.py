"""What an actor may try: imperatives that carry only what deciding needs."""

from __future__ import annotations

from typing import TypeAlias, get_args, get_type_hints

from msgspec import Struct

from negosim.core.errors import BadValue
from negosim.core.events import Branch
from negosim.core.terms import Terms
from negosim.core.values import checker


class Offer(Struct, frozen=True, gc=False):
    """Put a package to somebody; ``answers`` makes it a counter-offer."""

    by: str
    to: str
    channel: str
    terms: Terms
    due: int | None = None
    until: int | None = None
    answers: str | None = None


class Answer(Struct, frozen=True, gc=False):
    """Say yes, no, or take back: ``verb`` is accept, reject, withdraw, ratify or veto."""

    by: str
    offer: str
    verb: str


class Convey(Struct, frozen=True, gc=False):
    """Bring an offer before one's principal."""

    by: str
    to: str
    channel: str
    offer: str


class Settle(Struct, frozen=True, gc=False):
    """End a promise: keep it to a share in thousandths (0 breaks it), or release the debtor."""

    by: str
    promise: str
    share: int | None


class Mandate(Struct, frozen=True, gc=False):
    """Tell an envoy which issues it may settle, until when."""

    by: str
    to: str
    channel: str
    issues: tuple[str, ...]
    until: int | None = None


class Order(Struct, frozen=True, gc=False):
    """Send an instruction, vouched for by ``proof``."""

    by: str
    to: str
    channel: str
    what: str
    proof: str


class Treat(Struct, frozen=True, gc=False):
    """Take a delivered instruction further: ``verb`` is believe, doubt, obey or defy."""

    by: str
    order: str
    verb: str


class Announce(Struct, frozen=True, gc=False):
    """Announce an action in public."""

    by: str
    action: str
    what: str
    due: int


class Act(Struct, frozen=True, gc=False):
    """Take an announced action further: ``verb`` is start, reach, end or call off."""

    by: str
    action: str
    verb: str
    what: str = ""


class PutUltimatum(Struct, frozen=True, gc=False):
    """Put a choice between branches to somebody."""

    by: str
    to: str
    channel: str
    ultimatum: str
    branches: tuple[Branch, ...]
    until: int | None = None


class TakeBranch(Struct, frozen=True, gc=False):
    """Answer an ultimatum."""

    by: str
    ultimatum: str
    branch: str


class Claim(Struct, frozen=True, gc=False):
    """Say in public that somebody did something."""

    by: str
    claim: str
    about: str
    what: str


class Deny(Struct, frozen=True, gc=False):
    """Deny a claim in public."""

    by: str
    claim: str


class Say(Struct, frozen=True, gc=False):
    """Send a plain message."""

    by: str
    to: str
    channel: str
    what: str


class Request(Struct, frozen=True, gc=False):
    """Ask for a meeting, or for access to a gated channel."""

    by: str
    to: str
    channel: str
    request: str


class Reply(Struct, frozen=True, gc=False):
    """Grant or refuse a request."""

    by: str
    request: str
    grant: bool


class Meet(Struct, frozen=True, gc=False):
    """Hold a meeting."""

    by: str
    to: tuple[str, ...]
    channel: str
    meeting: str


class Rest(Struct, frozen=True, gc=False):
    """Put a channel to rest, or take it up again."""

    by: str
    channel: str
    rest: bool


class Leak(Struct, frozen=True, gc=False):
    """Let out what was said on a secret channel."""

    by: str
    channel: str
    what: str


class Happen(Struct, frozen=True, gc=False):
    """Let something registered happen; ``to`` narrows who learns of it."""

    by: str
    what: str
    to: str = ""


Move: TypeAlias = (
    Offer | Answer | Convey | Settle | Mandate | Order | Treat | Announce | Act | PutUltimatum | TakeBranch
    | Claim | Deny | Say | Request | Reply | Meet | Rest | Leak | Happen
)  # fmt: skip

_FITS = {kind: checker(kind) for kind in get_args(Move)}


def check_move(move: Move) -> None:
    """Raise BadValue for a move with a value that could not be stored, such as half a minute."""
    if _FITS[type(move)](move):
        return
    kind, hints = getattr(move, "verb", type(move).__name__.lower()), get_type_hints(type(move))
    name = next(name for name, hint in hints.items() if not checker(hint)(getattr(move, name)))
    value = getattr(move, name)
    if hasattr(value, name):
        raise BadValue(f"{kind}: {name} is the whole {type(value).__name__}; write .{name} behind it")
    wanted = "a whole number" if hints[name] in (int, int | None) else "text, or what the class says"
    raise BadValue(f"{kind}: {name} is {value!r}; it must be {wanted}")
