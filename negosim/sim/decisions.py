"""A decision as a table: the question, its answers, what speaks for each, and its pace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from attrs import field, frozen
from msgspec import Struct

from negosim.core.actors import Actor, check_slug, slug
from negosim.core.errors import BadValue, ScenarioError
from negosim.core.values import check_whole
from negosim.core.views import View
from negosim.sim.delays import Law

Reason: TypeAlias = int | Callable[[View], int]
"""How strongly an attribute speaks for an answer: -1000..1000, fixed or read off the view."""


Pacing: TypeAlias = "Law | Callable[[View], Law]"
"""How long a deliberation takes: a law of delays, or one read off the view."""

Attributes: TypeAlias = tuple[tuple[str, int], ...]
"""What speaks for an answer in one situation: attributes by name, in thousandths."""

RESERVED = frozenset({"takes", "chance", "weight"})
"""Labels under which an address keeps noise that is no answer's."""


class Choice(Enum):
    """The answers to a question; each member's value says it in words.

    With ``by`` the class is a whole decision in one table: its name is the question's, each row
    an answer in words and what speaks for it:

        class Respond(Choice, by=guild, pace=Pace(hours(5))):
            TAKE = "takes the offer", because("Q1: the ledger", gain=600)
            STRIKE = "strikes", because("Q1: the pride of the craft", pride=300)

    A part asks ``seat.choose(Respond, "toll")``, at the address ``guild.respond[toll]``. Several
    actors, ``by=(king, heir)``, each decide it for themselves, at addresses of their own. ``name``
    gives the question another name than the class's, ``ordered`` says that the answers run from
    least to most. Raises BadValue for a row without reasons.
    """

    if TYPE_CHECKING:
        decisions: ClassVar[tuple[Decision[Any], ...]]
        _by_actor: ClassVar[dict[str, Decision[Any]]]
        option: Option | None

    def __new__(cls, words: str, option: Option | None = None) -> Self:
        """An answer: its words are its value, what speaks for it stands beside them."""
        answer = object.__new__(cls)
        answer._value_ = words
        answer.option = option
        return answer

    def __init_subclass__(
        cls, by: Actor | Sequence[Actor] = (), pace: Pacing | None = None, name: str = "", *, ordered: bool = False,
        **kwargs: object,
    ) -> None:  # fmt: skip
        super().__init_subclass__(**kwargs)
        actors = (by,) if isinstance(by, Actor) else tuple(by)
        if not actors:
            return
        menu = {answer: answer.option for answer in cls if answer.option is not None}
        for answer in cls:
            if answer not in menu:
                raise BadValue(
                    f'{cls.__name__}.{answer.name} has no reasons; write {answer.name} = "...", because("why")'
                )
        question = name or slug(cls.__name__)
        cls.decisions = tuple(Decision(actor, question, menu, pace, ordered) for actor in actors)
        cls._by_actor = {decision.actor.id: decision for decision in cls.decisions}

    @property
    def slug(self) -> str:
        """The answer as it stands in addresses and logs."""
        return slug(self.name)

    __hash__ = Enum.__hash__

    def __eq__(self, other: object) -> bool:
        """Whether it is the same answer. Raises ScenarioError for a text, which no answer ever equals."""
        if isinstance(other, str):
            kind = type(self).__name__
            raise ScenarioError(f"no answer is the text {other!r}; compare with: is {kind}.{self.name}")
        return self is other


A = TypeVar("A", bound=Choice)


@frozen
class Option:
    """What speaks for one answer: attributes, who then considered it, and when it is legal."""

    note: str
    reasons: Mapping[str, Reason]
    only_if: Callable[[View], bool] | None = None
    fixed: Attributes | None = field(init=False, eq=False, repr=False)
    """Its attributes where nothing is read off the view."""
    _row: Attributes = field(init=False, eq=False, repr=False)
    _read: tuple[tuple[int, str, Callable[[View], int]], ...] = field(init=False, eq=False, repr=False)
    """What is read off the view, with its place in the row."""

    @fixed.default
    def _when_nothing_is_read_off_the_view(self) -> Attributes | None:
        return None if any(map(callable, self.reasons.values())) else self._with_what_is_fixed()

    @_row.default
    def _with_what_is_fixed(self) -> Attributes:
        return tuple((name, 0 if callable(reason) else reason) for name, reason in self.reasons.items())

    @_read.default
    def _with_their_places(self) -> tuple[tuple[int, str, Callable[[View], int]], ...]:
        reasons = enumerate(self.reasons.items())
        return tuple((place, name, reason) for place, (name, reason) in reasons if callable(reason))

    def attributes(self, view: View) -> Attributes:
        """The attributes of this answer, as the actor sees it now."""
        if self.fixed is not None:
            return self.fixed
        row = list(self._row)
        for place, name, reason in self._read:
            row[place] = name, reason(view)
        return tuple(row)


def because(note: str, only_if: Callable[[View], bool] | None = None, **reasons: Reason) -> Option:
    """An answer's row: ``because("considered by ...", calm=800, face=-300)``."""
    return Option(note, reasons, only_if)


class Menu(Struct, Generic[A], frozen=True, gc=False):
    """The answers that are legal in one situation, with their names and what speaks for each."""

    answers: tuple[A, ...]
    names: tuple[str, ...]
    attributes: tuple[Attributes, ...]

    def utilities(self, weights: Mapping[str, int], address: str) -> tuple[int, ...]:
        """What each answer is worth by an actor's preference weights, in millionths."""
        utilities = []
        for row in self.attributes:
            worth = 0
            for name, value in row:
                if type(value) is not int or not -1000 <= value <= 1000:
                    raise ScenarioError(f"{address}: {name}={value!r} is no whole number of thousandths, -1000 to 1000")
                try:
                    worth += weights[name] * value
                except KeyError:
                    raise ScenarioError(
                        f"{address}: no weight for {name!r}; add the decision to decisions=, or a weight to weights="
                    ) from None
            utilities.append(worth)
        return tuple(utilities)


@frozen
class Weight:
    """The prior of a preference weight, normal, in thousandths, with the reason for it."""

    mean: int
    sd: int
    note: str

    def __attrs_post_init__(self) -> None:
        check_whole("weight", mean=self.mean, sd=self.sd)
        if self.sd < 0:
            raise BadValue(f"a weight's sd cannot be negative: {self.sd}")


@frozen
class Decision(Generic[A]):
    """A question that ``actor`` may have to decide; printed ``actor.name[key]``.

    ``pace`` is the law of the deliberation's length, or a function of the view when the question
    comes up; without one the answer comes in the minute of the question. ``ordered`` answers are
    coupled by inverse CDF, others by Gumbel-max.
    """

    actor: Actor
    name: str = field(validator=check_slug)
    menu: Mapping[A, Option] = field()
    pace: Pacing | None = None
    ordered: bool = False
    _answers: tuple[A, ...] = field(init=False, eq=False, repr=False)
    _names: tuple[str, ...] = field(init=False, eq=False, repr=False)
    _options: tuple[Option, ...] = field(init=False, eq=False, repr=False)
    _conditional: bool = field(init=False, eq=False, repr=False)
    """Whether an answer is legal only if something holds."""
    _fixed: Menu[A] | None = field(init=False, eq=False, repr=False)
    """The menu where nothing is read off the view."""

    @_answers.default
    def _as_declared(self) -> tuple[A, ...]:
        return tuple(self.menu)

    @_names.default
    def _slugs(self) -> tuple[str, ...]:
        return tuple(answer.slug for answer in self.menu)

    @_options.default
    def _rows(self) -> tuple[Option, ...]:
        return tuple(self.menu.values())

    @_conditional.default
    def _when_an_answer_needs_something(self) -> bool:
        return any(option.only_if is not None for option in self.menu.values())

    @_fixed.default
    def _when_nothing_is_read_off_the_view(self) -> Menu[A] | None:
        attributes = [option.fixed for option in self._options]
        if self._conditional or None in attributes:
            return None
        return Menu(self._answers, self._names, tuple(attributes))  # type: ignore[arg-type]

    @menu.validator
    def _offers_something(self, _: object, value: Mapping[A, Option]) -> None:
        name = f"{self.actor}.{self.name}"
        if not value:
            raise BadValue(f"{name} has no answers")
        for kind in {type(answer) for answer in value}:
            if len(kind.__members__) > len(kind):
                raise BadValue(f"{name}: two answers of {kind.__name__} have the same words")
        slugs = [answer.slug for answer in value]
        if len(set(slugs)) < len(slugs):
            raise BadValue(f"{name}: two answers are both called {max(slugs, key=slugs.count)!r}")
        for taken in RESERVED.intersection(slugs):
            raise BadValue(f"{name}: no answer can be called {taken!r}, the noise of delays is kept there")

    def address(self, key: str) -> str:
        """The address of this question about ``key``."""
        return f"{self.actor.id}.{self.name}[{key}]"

    def law(self, view: View) -> Law | None:
        """The law of the delay, as the actor sees it now; None when it answers at once."""
        return self.pace(view) if callable(self.pace) else self.pace

    def legal(self, view: View) -> Menu[A]:
        """The answers that are legal now, in the order declared, as the actor sees them."""
        if self._fixed is not None:
            return self._fixed
        answers, names, options = self._answers, self._names, self._options
        if self._conditional:
            places = [place for place, option in enumerate(options) if option.only_if is None or option.only_if(view)]
            if len(places) < len(options):
                answers, names = tuple([answers[place] for place in places]), tuple([names[place] for place in places])
                options = tuple([options[place] for place in places])
        return Menu(answers, names, tuple([option.attributes(view) for option in options]))


def decisions_of(question: Decision[A] | type[A]) -> tuple[Decision[A], ...]:
    """The decisions of a question: one alone, or those of a ``Choice``, one for each actor who decides it.

    Raises ScenarioError for a ``Choice`` that nobody decides.
    """
    if isinstance(question, Decision):
        return (question,)
    decisions: tuple[Decision[A], ...] = getattr(question, "decisions", ())
    if not decisions:
        raise ScenarioError(f"nobody decides {question.__name__}; write class {question.__name__}(Choice, by=ACTOR)")
    return decisions


def decision_by(actor: str, question: Decision[A] | type[A]) -> Decision[A]:
    """The decision of a question that is this actor's. Raises ScenarioError where it is somebody else's."""
    mine = question if isinstance(question, Decision) else getattr(question, "_by_actor", {}).get(actor)
    if mine is not None and mine.actor.id == actor:
        return mine
    decisions = decisions_of(question)
    theirs = " or ".join(decision.actor.id for decision in decisions)
    raise ScenarioError(f"{actor} cannot decide {decisions[0].name}, it is {theirs}'s")
