"""Offers and their answers, promises and their ends."""

from __future__ import annotations

from typing import ClassVar

from negosim.core.errors import BadValue
from negosim.core.events.base import Effect, Event, Reach
from negosim.core.terms import Terms

# ── offers ──────────────────────────────────────────────────────────────────────────────────────


class Offered(Event, frozen=True):
    """A package was put. ``due``: promises fall due; ``until``: answer by; ``binding``: its side need not ratify."""

    name: ClassVar[str] = "offered"
    version: ClassVar[int] = 2
    effect: ClassVar[Effect] = Effect.OWN
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    due: int | None = None
    until: int | None = None
    answers: str | None = None
    binding: bool = True


class Agreed(Event, frozen=True):
    """The addressee, or its envoy, said yes; ``final`` when no ratification is needed.

    ``awaits`` names the principals who have still to ratify: those whose envoy had no mandate.
    """

    name: ClassVar[str] = "agreed"
    version: ClassVar[int] = 2
    effect: ClassVar[Effect] = Effect.OWN
    may_be_late: ClassVar[bool] = True
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    final: bool
    due: int | None = None
    awaits: tuple[str, ...] = ()


class Ratified(Event, frozen=True):
    """The principal approved what its envoy had agreed or offered."""

    name: ClassVar[str] = "ratified"
    effect: ClassVar[Effect] = Effect.OWN
    may_be_late: ClassVar[bool] = True
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms


class Conveyed(Event, frozen=True):
    """An envoy brought an offer before its principal, who may ratify or veto it."""

    name: ClassVar[str] = "conveyed"
    effect: ClassVar[Effect] = Effect.OWN
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    offerer: str
    due: int | None = None


class _Answer(Event, frozen=True):
    concerns: ClassVar[tuple[str, str]] = ("offer", "offer")
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms


class Vetoed(_Answer, frozen=True):
    """The principal, or a veto player, struck down what an envoy had agreed."""

    name: ClassVar[str] = "vetoed"
    effect: ClassVar[Effect] = Effect.DROPS
    may_be_late: ClassVar[bool] = True


class Rejected(_Answer, frozen=True):
    """The addressee said no."""

    name: ClassVar[str] = "rejected"
    effect: ClassVar[Effect] = Effect.DROPS
    may_be_late: ClassVar[bool] = True


class Withdrawn(_Answer, frozen=True):
    """The sender took the offer back."""

    name: ClassVar[str] = "withdrawn"
    effect: ClassVar[Effect] = Effect.DROPS
    may_be_late: ClassVar[bool] = True


class Lapsed(_Answer, frozen=True):
    """The offer's time ran out; ``by`` is the sender, ``to`` the addressee who was silent."""

    name: ClassVar[str] = "lapsed"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.PARTIES


class AnsweredTooLate(_Answer, frozen=True):
    """An answer to an offer that, unknown to the one who answered, no longer stood.

    ``answer`` names the event it was meant as; the fields behind it are that event's. Who
    answered takes it for given until the news arrives. Empty in logs of version 1.
    """

    name: ClassVar[str] = "answered-too-late"
    version: ClassVar[int] = 2
    too_late: ClassVar[bool] = True
    effect: ClassVar[Effect] = Effect.OWN
    reach: ClassVar[Reach] = Reach.BOTH_ENDS
    answer: str = ""
    final: bool = False
    due: int | None = None
    awaits: tuple[str, ...] = ()

    @property
    def as_meant(self) -> Event:
        """The answer as it was given."""
        answer = (self.offer, self.by, self.to, self.channel, self.terms)
        if self.answer == Agreed.name:
            return Agreed(*answer, self.final, self.due, self.awaits)
        return _ANSWERS[self.answer](*answer) if self.answer in _ANSWERS else self


_ANSWERS: dict[str, type[Rejected | Withdrawn | Ratified | Vetoed]] = {
    kind.name: kind for kind in (Rejected, Withdrawn, Ratified, Vetoed)
}


# ── promises ────────────────────────────────────────────────────────────────────────────────────


class Promised(Event, frozen=True):
    """A commitment: ``by`` owes ``to`` the option ``what`` by the minute ``due``.

    ``through`` is the envoy who negotiated it, or empty; ``channel`` where it was agreed: the
    promise is known no sooner than the agreement.
    """

    name: ClassVar[str] = "promised"
    effect: ClassVar[Effect] = Effect.OWN
    reach: ClassVar[Reach] = Reach.PARTIES
    concerns: ClassVar[tuple[str, str]] = ("promise", "promise")
    promise: str
    by: str
    to: str
    what: str
    offer: str
    through: str = ""
    due: int | None = None
    channel: str = ""


class _PromiseEnd(Event, frozen=True):
    concerns: ClassVar[tuple[str, str]] = ("promise", "promise")
    promise: str
    by: str
    to: str
    what: str
    through: str = ""


class Kept(_PromiseEnd, frozen=True):
    """A commitment was honoured; ``share`` in thousandths, 1 to 1000.

    ``hand`` is who did it, where that is not the debtor (``by``) itself.
    """

    name: ClassVar[str] = "kept"
    version: ClassVar[int] = 2
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.PARTIES
    may_be_late: ClassVar[bool] = True
    share: int = 1000
    hand: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.share <= 1000:
            raise BadValue(f"a promise is kept to 1..1000 thousandths, not {self.share}; 0 is broken")


class Broken(_PromiseEnd, frozen=True):
    """A commitment was not honoured at all; ``hand`` as in ``Kept``."""

    name: ClassVar[str] = "broken"
    version: ClassVar[int] = 2
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.PARTIES
    may_be_late: ClassVar[bool] = True
    hand: str = ""


class Released(_PromiseEnd, frozen=True):
    """The creditor (``by``) let the debtor (``to``) off."""

    name: ClassVar[str] = "released"
    effect: ClassVar[Effect] = Effect.DROPS
    reach: ClassVar[Reach] = Reach.PARTIES
    may_be_late: ClassVar[bool] = True


class SettledTooLate(_PromiseEnd, frozen=True):
    """A settlement of a commitment that, unknown to the one who settled, had ended already.

    ``settlement`` names the event it was meant as, ``share`` is what would have been kept.
    """

    name: ClassVar[str] = "settled-too-late"
    version: ClassVar[int] = 2
    too_late: ClassVar[bool] = True
    effect: ClassVar[Effect] = Effect.PASSES
    reach: ClassVar[Reach] = Reach.PARTIES
    settlement: str = ""
    share: int = 0
    hand: str = ""

    @property
    def as_meant(self) -> Event:
        """The settlement as it was made."""
        ends = (self.promise, self.by, self.to, self.what, self.through)
        match self.settlement:
            case Kept.name if 1 <= self.share <= 1000:
                return Kept(*ends, self.share, self.hand)
            case Broken.name:
                return Broken(*ends, self.hand)
            case Released.name:
                return Released(*ends)
            case _:
                return self
