"""A single negotiating text: a mediator drafts, the parties vote, the text that stands is put to them.

The procedure of Camp David (Fisher and Ury 1981; Raiffa 1982); as an algorithm, mediated hill-climbing
(Klein et al. 2003, "Negotiating complex contracts"). All sit on one formal channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from negosim.core.events import Agreed, Offered, Rejected, Said
from negosim.sim.decisions import Choice, Decision, because

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from negosim.core.actors import Actor, Channel
    from negosim.core.events import Event
    from negosim.core.terms import Terms
    from negosim.core.views import View
    from negosim.parts.domain import Domain
    from negosim.parts.preferences import Preferences
    from negosim.sim.delays import Law
    from negosim.sim.seat import Seat

DRAFT, TEXT = "draft-", "text-"
"""How a message of the mediator begins that circulates a draft, or says which text stands."""


class Vote(Choice):
    """What a party says to a draft, and at last to the text that is put to it."""

    NO = "against"
    YES = "in favour"


def voting(
    actor: Actor, preferences: Preferences, mediator: Actor, *, name: str = "vote", pace: Law | None = None
) -> Decision[Vote]:
    """The question ``actor.vote[draft]``: is the draft better than the text that stands?

    Its reason, ``gain``, is the draft's utility less the standing text's, in thousandths; no agreement
    stands before any text, and is what the text is compared with at last. The actor needs a weight.
    """
    places = {terms.slug: place for place, terms in enumerate(preferences.domain.outcomes)}

    def gain(view: View) -> int:
        if isinstance(view.subject, Offered):
            return (preferences.utility(view.subject.terms) - preferences.floor) // 1000
        draft = cast("Said", view.subject).what.removeprefix(DRAFT)
        text = _standing(view, mediator)
        before = preferences.floor if text is None else preferences.utilities[places[text]]
        return (preferences.utilities[places[draft]] - before) // 1000

    return Decision(actor, name, {
        Vote.NO: because("keeps what stands"),
        Vote.YES: because("the draft is worth more", gain=gain),
    }, pace, ordered=True)  # fmt: skip


def drafting(mediator: Actor, domain: Domain, *, name: str = "draft", pace: Law | None = None) -> Decision[Any]:
    """The question ``mediator.draft[k]``: which draft comes next.

    Any outcome may open; then those are legal that differ from the standing text in one issue and
    were not drafted before. The mediator knows nobody's preferences, so all are equally likely.
    """
    slugs = [terms.slug for terms in domain.outcomes]
    places = {slug: place for place, slug in enumerate(slugs)}

    def legal(slug: str) -> Any:
        def is_near_and_new(view: View) -> bool:
            text = _standing(view, mediator)
            near = text is None or places[slug] in domain.neighbours(places[text])
            return near and view.last(Said, by=mediator, what=f"{DRAFT}{slug}") is None

        return is_near_and_new

    kind = cast("Any", Choice)("Draft", [(slug, f"drafts {slug.replace('+', ' and ')}") for slug in slugs])
    menu = {answer: because("one issue of the text is changed", legal(answer.name)) for answer in kind}
    return Decision(mediator, name, menu, pace)


def _standing(view: View, mediator: Actor) -> str | None:
    """The slug of the text that stands, as far as this view goes."""
    texts = [message.what for message in view.all(Said, by=mediator) if message.what.startswith(TEXT)]
    return texts[-1].removeprefix(TEXT) if texts else None


def mediates(
    seat: Seat, drafts: Decision[Any], domain: Domain, parties: Sequence[Actor], *, via: Channel,
    rounds: int, until: int,
) -> Generator[Any, Any, Terms | None]:  # fmt: skip
    """The mediator's part: circulate up to ``rounds`` drafts, then put the text that stands.

    A draft takes the standing text's place when every party votes for it before the minute ``until``.
    The text is offered to the first party, passed on by each that is in favour, and agreed by the
    last. Returns what was agreed, or None.
    """
    mediator = drafts.actor
    terms_of = {terms.slug: terms for terms in domain.outcomes}
    for number in range(1, rounds + 1):
        if not drafts.legal(seat.view).answers:
            break
        answer = yield from seat.choose(drafts, str(number))
        seat.say(parties[0], f"{DRAFT}{answer.name}", via=via)
        in_favour = True
        for party in parties:
            vote = yield from seat.hear(Said, of=party, via=via, to=mediator, until=until)
            if vote is None:
                return None
            in_favour &= vote.what == Vote.YES.slug
        if in_favour:
            seat.say(parties[0], f"{TEXT}{answer.name}", via=via)
    text = _standing(seat.view, mediator)
    if text is None:
        return None
    seat.offer(parties[0], via=via, terms=terms_of[text], until=until)
    end: Event | None = yield from seat.hear(Agreed, Rejected, via=via, until=until)
    return end.terms if isinstance(end, Agreed) else None


def votes(
    seat: Seat, decision: Decision[Vote], mediator: Actor, parties: Sequence[Actor], *, via: Channel, until: int
) -> Generator[Any, Any, Terms | None]:
    """A party's part: vote on each draft; at last agree to the text, pass it on, or reject it.

    Returns what was agreed, or None.
    """
    names = [party.id for party in parties]
    place = names.index(seat.actor)

    def concerns(event: Event) -> bool:
        if isinstance(event, Said):
            return event.by == mediator.id and event.what.startswith(DRAFT)
        return not isinstance(event, Offered) or event.to == seat.actor

    while True:
        event: Any = yield from seat.hear(Said, Offered, Agreed, Rejected, via=via, where=concerns, until=until)
        if isinstance(event, Said):
            vote = yield from seat.choose(decision, event.what.removeprefix(DRAFT), over=event)
            seat.say(mediator, vote.slug, via=via)
        elif isinstance(event, Offered):
            vote = yield from seat.choose(decision, "the-text", over=event)
            if vote is Vote.NO:
                seat.reject(event)
                return None
            if place == len(parties) - 1:
                seat.accept(event)
                return event.terms
            seat.offer(parties[place + 1], via=via, terms=event.terms, until=until, answers=event)
        else:
            return event.terms if isinstance(event, Agreed) else None
