"""Offers and their answers, promises and their ends."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from negosim.core.errors import BadValue
from negosim.core.events.base import Event
from negosim.core.terms import Terms

# ── offers ──────────────────────────────────────────────────────────────────────────────────────


@frozen
class Offered(Event):
    """A package was put to somebody. ``due``: when promises would fall due; ``until``: answer by."""

    name: ClassVar[str] = "offered"
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    due: int | None = None
    until: int | None = None
    answers: str | None = None


@frozen
class Agreed(Event):
    """The addressee, or its envoy, said yes; ``final`` when no ratification is needed."""

    name: ClassVar[str] = "agreed"
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    final: bool
    due: int | None = None


@frozen
class Ratified(Event):
    """The principal approved what its envoy had agreed."""

    name: ClassVar[str] = "ratified"
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms


@frozen
class Conveyed(Event):
    """An envoy brought an offer before its principal, who may ratify or veto it."""

    name: ClassVar[str] = "conveyed"
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    offerer: str
    due: int | None = None


@frozen
class _Answer(Event):
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms


@frozen
class Vetoed(_Answer):
    """The principal, or a veto player, struck down what an envoy had agreed."""

    name: ClassVar[str] = "vetoed"


@frozen
class Rejected(_Answer):
    """The addressee said no."""

    name: ClassVar[str] = "rejected"


@frozen
class Withdrawn(_Answer):
    """The sender took the offer back."""

    name: ClassVar[str] = "withdrawn"


@frozen
class Lapsed(_Answer):
    """The offer's time ran out; ``by`` is the sender, ``to`` the addressee who was silent."""

    name: ClassVar[str] = "lapsed"


@frozen
class AnsweredTooLate(_Answer):
    """An answer to an offer that, unknown to the one who answered, no longer stood."""

    name: ClassVar[str] = "answered-too-late"


# ── promises ────────────────────────────────────────────────────────────────────────────────────


@frozen
class Promised(Event):
    """A commitment: ``by`` owes ``to`` the option ``what`` by the minute ``due``.

    ``through`` is the envoy who negotiated it, or empty; ``channel`` where it was agreed: the
    promise is known no sooner than the agreement.
    """

    name: ClassVar[str] = "promised"
    concerns: ClassVar[tuple[str, str]] = ("promise", "promise")
    promise: str
    by: str
    to: str
    what: str
    offer: str
    through: str = ""
    due: int | None = None
    channel: str = ""


@frozen
class Kept(Event):
    """A commitment was honoured; ``share`` in thousandths, 1 to 1000."""

    name: ClassVar[str] = "kept"
    concerns: ClassVar[tuple[str, str]] = ("promise", "promise")
    promise: str
    by: str
    to: str
    what: str
    through: str = ""
    share: int = field(default=1000)

    @share.validator
    def _some(self, _: object, value: int) -> None:
        if not 1 <= value <= 1000:
            raise BadValue(f"a promise is kept to 1..1000 thousandths, not {value}; 0 is broken")


@frozen
class _PromiseEnd(Event):
    concerns: ClassVar[tuple[str, str]] = ("promise", "promise")
    promise: str
    by: str
    to: str
    what: str
    through: str = ""


@frozen
class Broken(_PromiseEnd):
    """A commitment was not honoured at all."""

    name: ClassVar[str] = "broken"


@frozen
class Released(_PromiseEnd):
    """The creditor (``by``) let the debtor (``to``) off."""

    name: ClassVar[str] = "released"


@frozen
class SettledTooLate(_PromiseEnd):
    """A settlement of a commitment that, unknown to the one who settled, had ended already."""

    name: ClassVar[str] = "settled-too-late"
