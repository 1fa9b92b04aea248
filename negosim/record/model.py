"""The record: what the documents say happened, as frozen values.

Nothing here knows a story. Names of actors, channels and addresses are plain words until a
scenario is there to check them against: see ``Record.names``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

from attrs import field, frozen
from msgspec import Struct

from negosim.core.actors import NATURE
from negosim.core.errors import NotFound, did_you_mean
from negosim.core.time import Calendar
from negosim.record.dates import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.record.lines import Place

Kind = Literal["given", "decision", "inferred", "outcome", "belief", "claim", "report"]
Precision = Literal["day", "part", "interval", "open"]
Certainty = Literal["documented", "reported", "disputed", "inferred"]
Cover = Literal["complete", "selective"]
Aspect = Literal["will", "authority", "discretion"]
NameKind = Literal[
    "actor", "person", "channel", "event", "field", "happening", "address", "alternative", "what"
]
Plain = str | int | bool


class Source(Struct, frozen=True, kw_only=True):
    """One page. ``family``: pages that rest on one informant. ``stake``: who gains by it."""

    id: str
    title: str
    publisher: str
    date: Span
    url: str
    family: str
    stake: str
    note: str = ""


class Cite(Struct, frozen=True):
    """A source and the place in it."""

    source: str
    at: str


class DocumentedDecision(Struct, frozen=True):
    """A documented decision: at ``address``, within ``span``, ``chose`` was taken."""

    address: str
    chose: str
    span: Span


class Pattern(Struct, frozen=True, kw_only=True):
    """An event that must follow, at least ``at_least`` times in ``span``, or be absent from it.

    Empty fields are not compared. ``share`` is a range in thousandths, ``has`` compares any
    further fields of the event by name.
    """

    event: str
    span: Span
    by: str = ""
    to: str = ""
    channel: str = ""
    what: str = ""
    absent: bool = False
    at_least: int = 1
    share: tuple[int, int] | None = None
    has: tuple[tuple[str, Plain], ...] = ()


class BeliefPattern(Struct, frozen=True, kw_only=True):
    """A trust of ``actor`` in ``of`` whose mean must move across the span.

    ``falls`` or ``rises`` is the least movement in thousandths. ``than`` names another aspect
    of the same trust that must have moved less in the same direction.
    """

    actor: str
    trust: Aspect
    of: str
    span: Span
    falls: int = 0
    rises: int = 0
    than: Aspect | None = None


class Fact(Struct, frozen=True, kw_only=True):
    """One documented fact; ``kind`` says what a replay does with it.

    ``tolerance`` and ``within`` are minutes, ``known`` is the minute from which a given was
    publicly scheduled.
    """

    id: str
    span: Span
    precision: Precision
    kind: Kind
    what: str
    certainty: Certainty
    cites: tuple[Cite, ...]
    background: bool = False
    who: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    channel: str = ""
    because: str = ""
    claimant: str = ""
    note: str = ""
    tolerance: int = 0
    after: tuple[str, ...] = ()
    event: str = ""
    known: int | None = None
    decisions: tuple[DocumentedDecision, ...] = ()
    expect: tuple[Pattern, ...] = ()
    in_order: bool = False
    within: int | None = None
    beliefs: tuple[BeliefPattern, ...] = ()

    @property
    def scored(self) -> Span:
        """The span in which the fact counts as met: its own, widened by its tolerance."""
        return self.span.widened(self.tolerance)

    @property
    def must_follow(self) -> bool:
        """Whether the fact must follow from the model: it expects something and is used."""
        return not self.background and bool(self.expect or self.beliefs)


class Version(Struct, frozen=True):
    """What one side of a conflict says."""

    says: str
    cites: tuple[Cite, ...]
    by: str = ""


class Conflict(Struct, frozen=True):
    """Sources that disagree: every version is kept, and ``use`` says how the record reads them."""

    id: str
    about: str
    facts: tuple[str, ...]
    versions: tuple[Version, ...]
    use: str


class Coverage(Struct, frozen=True):
    """How far the record can be trusted to miss nothing: an event type, a channel, a window."""

    event: str
    channel: str
    span: Span
    cover: Cover
    note: str


class Target(Struct, frozen=True, kw_only=True):
    """What a replay is asked to hit; read like a fact that must follow. Lengths of time are minutes."""

    id: str
    what: str
    span: Span
    cites: tuple[Cite, ...]
    tolerance: int = 0
    expect: tuple[Pattern, ...] = ()
    in_order: bool = False
    within: int | None = None
    beliefs: tuple[BeliefPattern, ...] = ()
    note: str = ""

    @property
    def scored(self) -> Span:
        """The span in which the target counts as met."""
        return self.span.widened(self.tolerance)


class Name(Struct, frozen=True):
    """A name only a scenario can confirm, and where the record uses it.

    ``of`` is the address an alternative belongs to,
    or the event a field or a ``what`` belongs to. A pattern that asks for a field its event does
    not have would never match: that is what the fields are listed for.
    """

    place: Place | str
    kind: NameKind
    name: str
    of: str = ""

    def unknown(self, known: Iterable[str]) -> str:
        """The complaint that the name is not among ``known``, in the record's own style."""
        at = f" {'at' if self.kind == 'alternative' else 'of'} {self.of}" if self.of else ""
        hint = did_you_mean(self.name, known)
        words = f"{self.place}: {self.kind} {self.name!r}{at} is not known"
        return f"{words}; {hint}" if hint else words


class _Entry(Protocol):
    @property
    def id(self) -> str: ...


E = TypeVar("E", bound=_Entry)


@frozen(kw_only=True)
class Record:
    """A documented history. ``ends`` is the first minute after the clock has stopped.

    ``words`` say how a slug reads in a sentence, where its own letters will not do; ``places`` where each
    fact stands in the file.
    """

    title: str
    calendar: Calendar
    ends: int
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    targets: tuple[Target, ...] = ()
    words: Mapping[str, str] = field(factory=dict, hash=False)
    file: str = field(default="record.toml", eq=False)
    used: tuple[Name, ...] = field(default=(), eq=False, repr=False)
    places: Mapping[str, Place] = field(factory=dict, eq=False, repr=False)

    def source(self, id: str) -> Source:
        """The source of that id. Raises NotFound, with the nearest id."""
        return _by_id("source", self.sources, id)

    def fact(self, id: str) -> Fact:
        """The fact of that id. Raises NotFound, with the nearest id."""
        return _by_id("fact", self.facts, id)

    def conflict(self, id: str) -> Conflict:
        """The conflict of that id. Raises NotFound, with the nearest id."""
        return _by_id("conflict", self.conflicts, id)

    def target(self, id: str) -> Target:
        """The target of that id. Raises NotFound, with the nearest id."""
        return _by_id("target", self.targets, id)

    def entry(self, id: str) -> Fact | Conflict | Target:
        """The fact, conflict or target of that id. Raises NotFound, with the nearest id."""
        entries: tuple[Fact | Conflict | Target, ...] = (*self.facts, *self.conflicts, *self.targets)
        return _by_id("fact, conflict or target", entries, id)

    def of_kind(self, *kinds: Kind) -> tuple[Fact, ...]:
        """The facts of these kinds that the model uses, in the order of the file."""
        return tuple(fact for fact in self.facts if fact.kind in kinds and not fact.background)

    def place(self, fact: Fact) -> str:
        """Where a fact stands: ``record.toml:17 fact "S10"``."""
        return str(self.places.get(fact.id, self.file))

    def family(self, id: str) -> str:
        """The family of a source. Raises NotFound."""
        return self.source(id).family

    def names(self) -> tuple[Name, ...]:
        """Every name a scenario should know, with the file and line of its use."""
        return self.used

    def actors(self) -> tuple[str, ...]:
        """The ids of all actors that it names, in the order in which it first names them; chance is none."""
        named = [
            name.name.partition(".")[0] if name.kind == "address" else name.name
            for name in self.used
            if name.kind in ("actor", "person", "address")
        ]
        return tuple(name for name in dict.fromkeys(named) if name != NATURE.id)

    def channels(self) -> tuple[str, ...]:
        """The ids of all channels that it names, likewise."""
        return tuple(dict.fromkeys(name.name for name in self.used if name.kind == "channel"))


def _by_id(sort: str, entries: tuple[E, ...], id: str) -> E:
    for entry in entries:
        if entry.id == id:
            return entry
    raise NotFound(sort, id, (entry.id for entry in entries))
