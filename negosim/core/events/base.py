"""What every event is, and the entry that places one in a log."""

from __future__ import annotations

from enum import Enum, unique
from typing import TYPE_CHECKING, ClassVar, Generic, TypeAlias

from msgspec import Struct
from typing_extensions import TypeVar

Matter: TypeAlias = tuple[str, str]


@unique
class Effect(Enum):
    """What an event does to its matter in the folded state (``talks``)."""

    PUTS = "its matter stands through it"
    DROPS = "its matter is settled"
    NAMES = "its matter stands through it, and the next of its name gets a number"
    PASSES = "it leaves the state as it is"
    OWN = "it has a rule of its own in talks"


@unique
class Reach(Enum):
    """Whom an event reaches besides its doer (``views.audience``)."""

    CHANNEL = "everybody in public, all members of a formal channel, else its addressee"
    BOTH_ENDS = "as CHANNEL, and its doer too, to whom it is news"
    MEMBERS = "all members of its channel, also of a private one"
    EVERYBODY = "everybody, after a minute"
    ADDRESSEE = "its addressee, after a minute; everybody where it names none"
    PARTIES = "those it names: by, to, through"
    NOBODY = "its doer alone"


class Event(Struct, frozen=True, gc=False):
    """The root of the union.

    ``concerns`` says what an event is about: the kind of matter, and the field that names it.
    ``effect`` says what it does to the folded state, ``reach`` whom it reaches, ``may_be_late``
    whether another act can have overtaken it, ``too_late`` whether one did.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    concerns: ClassVar[tuple[str, str]]
    effect: ClassVar[Effect]
    reach: ClassVar[Reach] = Reach.CHANNEL
    may_be_late: ClassVar[bool] = False
    too_late: ClassVar[bool] = False

    if TYPE_CHECKING:  # every event has it, in the place where its own class declares it

        @property
        def by(self) -> str:
            """Who did it."""

    @property
    def matter(self) -> Matter:
        """What the event is about: a kind and a name."""
        kind, field = self.concerns
        return kind, str(getattr(self, field))

    @property
    def as_meant(self) -> Event:
        """The event as its doer sees it at once: itself, unless it came too late."""
        return self


E = TypeVar("E", bound=Event, default=Event)


class Entry(Struct, Generic[E], frozen=True, gc=False):
    """One line of the log: its index from 0, its minute, what happened, and the causing entries."""

    index: int
    minute: int
    event: E
    causes: tuple[int, ...] = ()
