"""``Bidding``: the one question a party to a bargaining is asked at every turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from negosim.core.actors import slug
from negosim.core.errors import BadValue
from negosim.sim.decisions import Choice, Decision, Menu, Option, Weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.core.actors import Actor
    from negosim.core.views import View
    from negosim.parts.domain import Domain
    from negosim.parts.preferences import Preferences
    from negosim.parts.tactics.course import Course
    from negosim.parts.tactics.tactic import Tactic
    from negosim.sim.delays import Law

ACCEPT, END = "ACCEPT", "END_THE_TALKS"

FAITHFUL = Weight(
    40_000, 0,
    "The tactic is followed to the letter: what it does not say has odds of 1 to e^40. With a weight of "
    "2000 to 4000 the party errs now and then, and a record can be conditioned on.",
)  # fmt: skip


@frozen
class Bidding(Decision[Any]):
    """What a party does at its turn: end the talks, propose an outcome, or accept the one on the table.

    The answers are ordered from hardest to softest, and coupled so (``ordered``). Each tactic is an
    attribute of them, under its name: 1000 for what it would do now, 0 for the rest, so the actor's
    weight for that name (see ``FAITHFUL``) says how strictly it is followed. Several tactics with
    weights make a mixture; ``SetWeight`` changes who follows which, and a record says which is likely.

    At each turn these are weighed: everything acceptable, where that is at most ``considers``
    outcomes; else what the tactics would propose and the last own proposal. What is worth less than
    no agreement is never proposed nor accepted. ``may_end`` makes ending the talks legal at every
    turn; it always is when nothing else is.
    """

    preferences: Preferences = field(kw_only=True)
    tactics: Mapping[str, Tactic] = field(kw_only=True)
    considers: int = field(default=30, kw_only=True)
    may_end: bool = field(default=False, kw_only=True)
    accept: Choice = field(init=False, eq=False, repr=False)
    end: Choice = field(init=False, eq=False, repr=False)
    _proposals: tuple[tuple[Choice, str], ...] = field(init=False, eq=False, repr=False)
    _places: Mapping[str, int] = field(init=False, eq=False, repr=False)

    @accept.default
    def _accepting(self) -> Choice:
        return _called(ACCEPT, self.menu)

    @end.default
    def _ending(self) -> Choice:
        return _called(END, self.menu)

    @_proposals.default
    def _with_slugs_in_the_domain_s_order(self) -> tuple[tuple[Choice, str], ...]:
        kind = type(self.accept)
        proposals = [kind[terms.slug] for terms in self.preferences.domain.outcomes]
        return tuple((proposal, proposal.slug) for proposal in proposals)

    @_places.default
    def _by_name(self) -> dict[str, int]:
        return {answer.name: place for place, (answer, _) in enumerate(self._proposals)}

    def place(self, answer: Choice) -> int | None:
        """The outcome an answer proposes; None for accepting and for ending the talks."""
        return self._places.get(answer.name)

    def at(self, course: Course) -> Decision[Any]:
        """The same question at one table, to be handed to ``Seat.choose``."""
        return Turn(self, course)

    def weighed_menu(self, course: Course) -> Menu[Any]:
        """The answers that are weighed now, from hardest to softest, with what speaks for each."""
        tactics = self.tactics.values() if course.preferences.ranking else ()
        proposals = [tactic.proposal(course) for tactic in tactics]
        weighed = self._weighed(course, proposals)
        spoken = [
            tactic.attributes(course, weighed, proposal)
            for tactic, proposal in zip(tactics, proposals, strict=True)
        ]
        answers = [self._proposals[place] for place in weighed]
        columns = list(zip(*[for_each for for_each, _ in spoken], strict=True))
        if course.on_table is not None and course.is_acceptable(course.on_table):
            answers.append((self.accept, slug(ACCEPT)))
            columns.append(tuple([for_accepting for _, for_accepting in spoken]))
        if self.may_end or not answers:
            answers.insert(0, (self.end, slug(END)))
            columns.insert(0, (0,) * len(self.tactics))
        rows = [tuple(zip(self.tactics, column, strict=True)) for column in columns]
        weighed_answers, names = zip(*answers, strict=True)
        return Menu(weighed_answers, names, tuple(rows))

    def _weighed(self, course: Course, proposals: list[int]) -> list[int]:
        ranking = course.preferences.ranking
        if len(ranking) <= self.considers:
            return [place for place in ranking if self._may_propose(course, place)]
        places = dict.fromkeys((*proposals, *course.mine[-1:]))
        acceptable = [place for place in places if self._may_propose(course, place)]
        return sorted(acceptable, key=lambda place: (-course.utility(place), place))

    @staticmethod
    def _may_propose(course: Course, place: int) -> bool:
        """Whether an outcome is acceptable; to propose the one on the table would be to accept it."""
        return place != course.on_table and course.is_acceptable(place)


class Turn(Decision[Any]):
    """A ``Bidding`` at one table: the same decision, with answers that depend on the course."""

    __slots__ = ("_bidding", "_course")
    _bidding: Bidding
    _course: Course

    def __init__(self, bidding: Bidding, course: Course) -> None:
        for name in ("actor", "name", "menu", "pace", "ordered"):  # checked already
            object.__setattr__(self, name, getattr(bidding, name))
        object.__setattr__(self, "_bidding", bidding)
        object.__setattr__(self, "_course", course)

    def legal(self, view: View) -> Menu[Any]:
        """The answers weighed now."""
        self._course.now = view.now
        return self._bidding.weighed_menu(self._course)


def bidding(
    actor: Actor, preferences: Preferences, tactics: Mapping[str, Tactic], *, name: str = "bid",
    pace: Law | None = None, considers: int = 30, may_end: bool = False,
) -> Bidding:  # fmt: skip
    """The question ``actor.name[turn]`` over all outcomes of a domain; see ``Bidding``.

    Raises BadValue without a tactic.
    """
    if not tactics:
        raise BadValue(f"{actor}.{name}: a party needs at least one tactic")
    kind = _answers(preferences.domain)
    row = Option("what the tactics make of it", dict.fromkeys(tactics, 0))
    menu = dict.fromkeys(kind, row)
    return Bidding(
        actor, name, menu, pace, ordered=True, preferences=preferences, tactics=dict(tactics),
        considers=considers, may_end=may_end,
    )  # fmt: skip


def _called(name: str, answers: Iterable[Choice]) -> Choice:
    return next(answer for answer in answers if answer.name == name)


def _answers(domain: Domain) -> type[Choice]:
    """The answers over a domain: end, each outcome by its slug, accept."""
    proposals = [(terms.slug, f"proposes {terms}") for terms in domain.outcomes]
    members = [(END, "ends the talks"), *proposals, (ACCEPT, "accepts")]
    return cast("type[Choice]", cast("Any", Choice)("Bid", members))
