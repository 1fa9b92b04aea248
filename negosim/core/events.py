"""What happened: the closed union of events, and the entry that places one in a log.

Every event has an explicit ``name`` and ``version`` (never a class path) and a ``matter``: what
it is about, as (kind, name). ``by`` is always who did it, ``to`` whom it concerns, ``channel``
where it was said. Values are integers, strings, booleans, None and tuples of these.
"""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from attrs import field, frozen

from negosim.core.errors import BadValue
from negosim.core.terms import Terms

Matter: TypeAlias = tuple[str, str]


class Event:
    """The root of the union; see the classes below for its members."""

    __slots__ = ()
    name: ClassVar[str]
    version: ClassVar[int] = 1
    by: str

    @property
    def matter(self) -> Matter:
        """What the event is about: a kind and a name."""
        raise TypeError(f"{type(self).__name__} has no matter")


# ── offers ──────────────────────────────────────────────────────────────────────────────────────


@frozen
class Offered(Event):
    """A package was put to somebody. ``due``: when promises would fall due; ``until``: answer by."""

    name: ClassVar[str] = "offered"
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    due: int | None = None
    until: int | None = None
    answers: str | None = None

    @property
    def matter(self) -> Matter:
        return ("offer", self.offer)


@frozen
class Agreed(Event):
    """The addressee, or its envoy, said yes; ``final`` when no ratification is needed."""

    name: ClassVar[str] = "agreed"
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    final: bool
    due: int | None = None

    @property
    def matter(self) -> Matter:
        return ("offer", self.offer)


@frozen
class Ratified(Event):
    """The principal approved what its envoy had agreed."""

    name: ClassVar[str] = "ratified"
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms

    @property
    def matter(self) -> Matter:
        return ("offer", self.offer)


@frozen
class Conveyed(Event):
    """An envoy brought an offer before its principal, who may ratify or veto it."""

    name: ClassVar[str] = "conveyed"
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms
    offerer: str
    due: int | None = None

    @property
    def matter(self) -> Matter:
        return ("offer", self.offer)


@frozen
class _Answer(Event):
    offer: str
    by: str
    to: str
    channel: str
    terms: Terms

    @property
    def matter(self) -> Matter:
        return ("offer", self.offer)


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
    promise: str
    by: str
    to: str
    what: str
    offer: str
    through: str = ""
    due: int | None = None
    channel: str = ""

    @property
    def matter(self) -> Matter:
        return ("promise", self.promise)


@frozen
class Kept(Event):
    """A commitment was honoured; ``share`` in thousandths, 1 to 1000."""

    name: ClassVar[str] = "kept"
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

    @property
    def matter(self) -> Matter:
        return ("promise", self.promise)


@frozen
class _PromiseEnd(Event):
    promise: str
    by: str
    to: str
    what: str
    through: str = ""

    @property
    def matter(self) -> Matter:
        return ("promise", self.promise)


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


# ── the execution chain ─────────────────────────────────────────────────────────────────────────


@frozen
class Mandated(Event):
    """A principal told an envoy what it may agree (issues' slugs), until when."""

    name: ClassVar[str] = "mandated"
    by: str
    to: str
    channel: str
    issues: tuple[str, ...]
    until: int | None = None

    @property
    def matter(self) -> Matter:
        return ("mandate", self.to)


@frozen
class Ordered(Event):
    """An instruction was sent; ``proof`` says what vouches for it (a slug such as ``live-call``)."""

    name: ClassVar[str] = "ordered"
    order: str
    by: str
    to: str
    channel: str
    what: str
    proof: str

    @property
    def matter(self) -> Matter:
        return ("order", self.order)


@frozen
class _OrderStep(Event):
    order: str
    by: str
    to: str
    what: str

    @property
    def matter(self) -> Matter:
        return ("order", self.order)


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
    action: str
    by: str
    what: str
    due: int

    @property
    def matter(self) -> Matter:
        return ("action", self.action)


@frozen
class ActionStep(Event):
    """A step of an announced action; its members are the classes below."""

    action: str
    by: str
    what: str = ""

    @property
    def matter(self) -> Matter:
        return ("action", self.action)


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


# ── ultimatums and statements ───────────────────────────────────────────────────────────────────


@frozen
class Branch:
    """One way an ultimatum can be answered: what the other side would do, and what follows."""

    name: str
    asks: str
    brings: str


@frozen
class UltimatumPut(Event):
    """A choice between branches was put to somebody, to be answered ``until``."""

    name: ClassVar[str] = "ultimatum-put"
    ultimatum: str
    by: str
    to: str
    channel: str
    branches: tuple[Branch, ...] = field()
    until: int | None = None

    @branches.validator
    def _several(self, _: object, value: tuple[Branch, ...]) -> None:
        if len({branch.name for branch in value}) < 2:  # noqa: PLR2004 - a choice needs two
            raise BadValue("an ultimatum needs at least two branches of different names")

    @property
    def what(self) -> tuple[str, ...]:
        """The slugs that occur in its branches: their names, what they ask, what they bring."""
        return tuple(slug for b in self.branches for slug in (b.name, b.asks, b.brings) if slug)

    @property
    def matter(self) -> Matter:
        return ("ultimatum", self.ultimatum)


@frozen
class UltimatumAnswered(Event):
    """The addressee took a branch."""

    name: ClassVar[str] = "ultimatum-answered"
    ultimatum: str
    by: str
    to: str
    channel: str
    what: str

    @property
    def matter(self) -> Matter:
        return ("ultimatum", self.ultimatum)


@frozen
class Claimed(Event):
    """``by`` said in public that ``about`` did ``what``; nobody's rules may read it as a fact."""

    name: ClassVar[str] = "claimed"
    claim: str
    by: str
    about: str
    what: str

    @property
    def matter(self) -> Matter:
        return ("claim", self.claim)


@frozen
class Denied(Event):
    """``by`` denied a claim in public."""

    name: ClassVar[str] = "denied"
    claim: str
    by: str

    @property
    def matter(self) -> Matter:
        return ("claim", self.claim)


@frozen
class Said(Event):
    """A plain message: a request to meet, a report, a warning (``what`` is a slug)."""

    name: ClassVar[str] = "said"
    by: str
    to: str
    channel: str
    what: str

    @property
    def matter(self) -> Matter:
        return ("word", self.what)


# ── meetings and channels ───────────────────────────────────────────────────────────────────────


@frozen
class Requested(Event):
    """``by`` asked ``to`` for a meeting or for access to a gated channel."""

    name: ClassVar[str] = "requested"
    request: str
    by: str
    to: str
    channel: str

    @property
    def matter(self) -> Matter:
        return ("request", self.request)


@frozen
class _RequestAnswer(Event):
    request: str
    by: str
    to: str
    channel: str

    @property
    def matter(self) -> Matter:
        return ("request", self.request)


@frozen
class Granted(_RequestAnswer):
    """The request was granted; for a gated channel this is the access."""

    name: ClassVar[str] = "granted"


@frozen
class Refused(_RequestAnswer):
    """The request was refused."""

    name: ClassVar[str] = "refused"


@frozen
class Met(Event):
    """A meeting took place on a channel; ``by`` hosted or chaired it."""

    name: ClassVar[str] = "met"
    meeting: str
    by: str
    to: tuple[str, ...]
    channel: str

    @property
    def matter(self) -> Matter:
        return ("meeting", self.meeting)


@frozen
class Suspended(Event):
    """A channel was put to rest."""

    name: ClassVar[str] = "suspended"
    channel: str
    by: str

    @property
    def matter(self) -> Matter:
        return ("channel", self.channel)


@frozen
class Resumed(Event):
    """A channel at rest was taken up again."""

    name: ClassVar[str] = "resumed"
    channel: str
    by: str

    @property
    def matter(self) -> Matter:
        return ("channel", self.channel)


@frozen
class Leaked(Event):
    """What was said on a secret channel came out; ``what`` is the leaked matter's name."""

    name: ClassVar[str] = "leaked"
    by: str
    channel: str
    what: str

    @property
    def matter(self) -> Matter:
        return ("leak", self.channel)


# ── happenings, choices, losses ─────────────────────────────────────────────────────────────────


@frozen
class Happened(Event):
    """Something registered by the scenario happened: a summit, a clash, a ruling."""

    name: ClassVar[str] = "happened"
    what: str
    by: str
    to: str = ""

    @property
    def matter(self) -> Matter:
        return ("happening", self.what)


@frozen
class Chose(Event):
    """An actor decided; seen by itself alone. ``attributes`` pairs names and thousandths."""

    name: ClassVar[str] = "chose"
    by: str
    address: str
    alternatives: tuple[str, ...]
    attributes: tuple[tuple[tuple[str, int], ...], ...]
    taken: str

    @property
    def matter(self) -> Matter:
        return ("choice", self.address)


@frozen
class Lost(Event):
    """Nature's: the message of entry ``entry`` never reached ``to``."""

    name: ClassVar[str] = "lost"
    by: str
    to: str
    entry: int

    @property
    def matter(self) -> Matter:
        return ("loss", str(self.entry))


EVENTS: tuple[type[Event], ...] = (
    Offered, Agreed, Conveyed, Ratified, Vetoed, Rejected, Withdrawn, Lapsed, AnsweredTooLate,
    Promised, Kept, Broken, Released, SettledTooLate,
    Mandated, Ordered, Delivered, Believed, Doubted, Obeyed, Defied,
    Announced, CalledOff, Started, Reached, Ended,
    UltimatumPut, UltimatumAnswered, Claimed, Denied, Said,
    Requested, Granted, Refused, Met, Suspended, Resumed, Leaked,
    Happened, Chose, Lost,
)  # fmt: skip
"""The whole union, in the order of this page."""


@frozen
class Entry:
    """One line of the log: its index from 0, its minute, what happened, and the causing entries."""

    index: int
    minute: int
    event: Event
    causes: tuple[int, ...] = ()
