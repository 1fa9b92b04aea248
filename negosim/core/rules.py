"""``decide``: what follows from a move, judged by what its mover knows.

A move that the mover could know to be void raises IllegalMove and records nothing. A legal move
that was overtaken by what the mover could not know becomes an event all the same: see ``land``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from negosim.core import events as e
from negosim.core import moves as m
from negosim.core.actors import Kind, Role
from negosim.core.errors import IllegalMove

if TYPE_CHECKING:
    from collections.abc import Callable

    from negosim.core.events import Event
    from negosim.core.moves import Move
    from negosim.core.talks import Talks
    from negosim.core.terms import Terms
    from negosim.core.views import View

PUBLIC = Kind.PUBLIC


def decide(view: View, move: Move) -> tuple[Event, ...]:
    """The events that ``move`` brings about, by the mover's own view.

    Raises IllegalMove when the mover could know that it may not, NotFound for an unknown channel
    or actor, BadValue for a value outside its limits.
    """
    return _RULES[type(move)](view, move)


def land(talks: Talks, event: Event) -> Event:
    """What really comes of an event decided on a view: an answer may come too late.

    ``talks`` is the whole truth, which the mover could not see and does not see now: its own view
    holds the event ``as_meant``.
    """
    match event:
        case e.Agreed() | e.Rejected() | e.Withdrawn():
            overtaken = not isinstance(talks.standing("offer", event.offer), e.Offered)
        case e.Ratified() | e.Vetoed():
            overtaken = not isinstance(talks.standing("offer", event.offer), e.Offered | e.Agreed | e.Ratified)
        case e.Kept() | e.Broken() | e.Released() if talks.standing("promise", event.promise) is None:
            ends = (event.promise, event.by, event.to, event.what, event.through, event.name)
            return e.SettledTooLate(*ends, getattr(event, "share", 0), getattr(event, "hand", ""))
        case _:
            return event
    if not overtaken:
        return event
    answer = (event.offer, event.by, event.to, event.channel, event.terms, event.name)
    if isinstance(event, e.Agreed):
        return e.AnsweredTooLate(*answer, event.final, event.due, event.awaits)
    return e.AnsweredTooLate(*answer)


def _refuse(view: View, why: str) -> NoReturn:
    raise IllegalMove(f"{why} (minute {view.now})")


def _not_over(view: View, minute: int | None, why: str) -> None:
    if minute is not None and minute < view.now:
        _refuse(view, f"{why}; minute {minute} is over")


def _open(view: View, kind: str, name: str, why: str) -> Event:
    standing = view.standing(kind, name)
    if standing is None:
        last = view.last_on(kind, name)
        ended = f"; {last.event.name} by {last.event.by} at minute {last.minute}" if last is not None else ""
        _refuse(view, f"{kind} {name!r} {why}, by the view of {view.actor}{ended}")
    return standing


def _heard(view: View, by: str, to: str, channel_name: str) -> None:
    """``by`` can be heard by ``to`` on this channel, now."""
    channel = view.table.channel(channel_name)
    view.table.actor(to)
    if by == to:
        _refuse(view, f"{by} cannot speak to itself")
    if view.standing("channel", channel_name) is not None:
        _refuse(view, f"{channel_name} is at rest; resume it first")
    members = channel.members
    if members and not (by in members and to in members) and channel.kind is not PUBLIC:
        stranger = to if by in members else by
        _refuse(view, f"{stranger} is no member of {channel_name}; members: {', '.join(members)}")
    if channel.gate and channel.stops(by) and not view.has_access(by, channel_name):
        _refuse(view, f"{by} has no access to {channel_name}; {channel.gate} must grant it")


def _stated(view: View, by: str, channel: str) -> None:
    """``by`` can make a statement to everybody on this channel, now."""
    if view.table.channel(channel).kind is not PUBLIC:
        _refuse(view, f"{channel} is not public; name whom {by} tells it")
    if view.standing("channel", channel) is not None:
        _refuse(view, f"{channel} is at rest; resume it first")


def _say(view: View, move: m.Say) -> tuple[Event, ...]:
    if move.to:
        _heard(view, move.by, move.to, move.channel)
    else:
        _stated(view, move.by, move.channel)
    return (e.Said(move.by, move.to, move.channel, move.what),)


def _mandate(view: View, move: m.Mandate) -> tuple[Event, ...]:
    _heard(view, move.by, move.to, move.channel)
    return (e.Mandated(move.by, move.to, move.channel, move.issues, move.until),)


def _order(view: View, move: m.Order) -> tuple[Event, ...]:
    _heard(view, move.by, move.to, move.channel)
    name = view.next_name(f"{move.by}/{move.channel}/{move.what}")
    return (e.Ordered(name, move.by, move.to, move.channel, move.what, move.proof),)


def _announce(view: View, move: m.Announce) -> tuple[Event, ...]:
    _not_over(view, move.due, "an action is announced before it is due")
    return (e.Announced(move.action, move.by, move.what, move.due),)


def _put_ultimatum(view: View, move: m.PutUltimatum) -> tuple[Event, ...]:
    _heard(view, move.by, move.to, move.channel)
    _not_over(view, move.until, "an ultimatum must leave time to answer")
    name = view.next_name(f"{move.by}/{move.channel}/{move.ultimatum}")
    return (e.UltimatumPut(name, move.by, move.to, move.channel, move.branches, move.until),)


def _claim(view: View, move: m.Claim) -> tuple[Event, ...]:
    view.table.actor(move.about)
    return (e.Claimed(move.claim, move.by, move.about, move.what),)


def _deny(view: View, move: m.Deny) -> tuple[Event, ...]:
    _open(view, "claim", move.claim, "was never made, as far as it knows")
    return (e.Denied(move.claim, move.by),)


def _request(view: View, move: m.Request) -> tuple[Event, ...]:
    view.table.channel(move.channel)
    view.table.actor(move.to)
    name = view.next_name(f"{move.by}/{move.channel}/{move.request}")
    return (e.Requested(name, move.by, move.to, move.channel),)


def _reply(view: View, move: m.Reply) -> tuple[Event, ...]:
    asked = _open(view, "request", move.request, "is not open")
    if not isinstance(asked, e.Requested) or asked.to != move.by:
        _refuse(view, f"{move.by} was not asked {move.request!r}")
    kind = e.Granted if move.grant else e.Refused
    return (kind(asked.request, move.by, asked.by, asked.channel),)


def _meet(view: View, move: m.Meet) -> tuple[Event, ...]:
    others = tuple(dict.fromkeys(move.to))
    for other in others:
        _heard(view, move.by, other, move.channel)
    return (e.Met(view.next_name(move.meeting), move.by, others, move.channel),)


def _leak(view: View, move: m.Leak) -> tuple[Event, ...]:
    if not view.table.channel(move.channel).secrecy:
        _refuse(view, f"{move.channel} is no secret channel, nothing can leak from it")
    return (e.Leaked(move.by, move.channel, move.what),)


def _happen(view: View, move: m.Happen) -> tuple[Event, ...]:
    if move.to:
        view.table.actor(move.to)
    return (e.Happened(move.what, move.by, move.to),)


def _offer(view: View, move: m.Offer) -> tuple[Event, ...]:
    _heard(view, move.by, move.to, move.channel)
    if not move.terms.clauses:
        _refuse(view, "an offer puts at least one option on the table")
    for clause in move.terms.clauses:
        if not clause.owner:
            _refuse(view, f"nobody owns {clause.issue!r} and could deliver it; write owner=ACTOR in its class")
        view.table.actor(clause.owner)
    if move.answers is not None:
        answered = _open(view, "offer", move.answers, "is not open")
        if isinstance(answered, e.Agreed):
            _refuse(view, f"{move.answers!r} was agreed already, it cannot be countered")
        if move.by != answered.to:  # type: ignore[attr-defined]
            _refuse(view, f"{move.answers!r} was not put to {move.by}")
    _not_over(view, move.until, "an offer must leave time to answer")
    name = view.next_name(f"{move.by}/{move.channel}/{move.terms.slug}")
    offered = e.Offered(
        name, move.by, move.to, move.channel, move.terms, move.due, move.until, move.answers,
        may_bind(view, move.by, move.terms),
    )  # fmt: skip
    return (offered,)


def _answer(view: View, move: m.Answer) -> tuple[Event, ...]:
    standing = _open(view, "offer", move.offer, "is not open")
    if move.verb in ("ratify", "veto"):
        return _ratify(view, move, standing)
    if not isinstance(standing, e.Offered):
        _refuse(view, f"{move.offer!r} was agreed already; its principal may ratify or veto")
    if standing.until is not None and view.now > standing.until:
        _refuse(view, f"{move.offer!r} lapsed at minute {standing.until}")
    if move.verb == "withdraw":
        if standing.by != move.by:
            _refuse(view, f"{move.offer!r} is not {move.by}'s to withdraw")
        return (e.Withdrawn(move.offer, move.by, standing.to, standing.channel, standing.terms),)
    if standing.to != move.by:
        _refuse(view, f"{move.offer!r} was put to {standing.to}, not to {move.by}")
    if move.verb == "reject":
        return (e.Rejected(move.offer, move.by, standing.by, standing.channel, standing.terms),)
    awaits = tuple(
        view.table.side(name)
        for name, binds in ((move.by, may_bind(view, move.by, standing.terms)), (standing.by, standing.binding))
        if not binds
    )
    agreed = e.Agreed(
        move.offer, move.by, standing.by, standing.channel, standing.terms, not awaits, standing.due, awaits
    )
    return (agreed,) if awaits else (agreed, *_promises(agreed, view, standing.by))


def may_bind(view: View, actor: str, terms: Terms) -> bool:
    """Whether ``actor`` may bind its side to ``terms``: a principal, or an envoy whose mandate covers it all."""
    side = view.table.side(actor)
    if side == actor:
        return True
    owned = tuple(c.issue for c in terms.clauses if view.table.side(c.owner) == side)
    if not owned:
        return True
    mandate = view.standing("mandate", actor)
    if not isinstance(mandate, e.Mandated) or (mandate.until is not None and view.now > mandate.until):
        return False
    return all(issue in mandate.issues for issue in owned)


def _convey(view: View, move: m.Convey) -> tuple[Event, ...]:
    _heard(view, move.by, move.to, move.channel)
    offer = _open(view, "offer", move.offer, "is not open")
    if not isinstance(offer, e.Offered | e.Agreed):
        _refuse(view, f"{move.offer!r} stands as {offer.name}, there is nothing to convey")
    if isinstance(offer, e.Offered) and view.table.side(offer.by) == view.table.side(move.by):
        _refuse(view, f"{move.offer!r} comes from {move.by}'s own side, and nobody has agreed to it yet")
    _, other = _ends(view, offer, move.by)
    return (e.Conveyed(move.offer, move.by, move.to, move.channel, offer.terms, other, offer.due),)


def _ends(view: View, deal: e.Offered | e.Agreed, actor: str) -> tuple[str, str]:
    """Who speaks for an actor's side in a deal, and who for the other; a third party's eye is on ``by``."""
    to_mine = view.table.side(deal.to) == view.table.side(actor)
    return (deal.to, deal.by) if to_mine else (deal.by, deal.to)


def _ratify(view: View, move: m.Answer, standing: Event) -> tuple[Event, ...]:
    match standing:
        case e.Agreed():
            envoy, other = _ends(view, standing, move.by)
        case e.Conveyed():
            envoy, other = standing.by, standing.offerer
        case _:
            _refuse(view, f"no envoy brought {move.offer!r}, there is nothing to {move.verb}")
    if move.by == standing.by:
        _refuse(view, f"{move.by} agreed to {move.offer!r} itself and cannot {move.verb} it too")
    if not _may_rule(view, move, standing, envoy):
        _refuse(view, f"{move.offer!r} was brought by {standing.by}; {move.by} cannot {move.verb} it")
    kind = e.Ratified if move.verb == "ratify" else e.Vetoed
    verdict = kind(move.offer, move.by, envoy, standing.channel, standing.terms)
    if move.verb == "veto":
        return (verdict,)
    agreed = e.Agreed(move.offer, envoy, other, standing.channel, standing.terms, True, standing.due)
    return (verdict, *_promises(agreed, view, other))


def _may_rule(view: View, move: m.Answer, standing: e.Agreed | e.Conveyed, envoy: str) -> bool:
    """An envoy's principal ratifies or vetoes what awaits it; a veto player may only veto."""
    vetoes = move.verb == "veto" and view.table.actor(move.by).role is Role.VETO_PLAYER
    awaited = not isinstance(standing, e.Agreed) or not standing.awaits or move.by in standing.awaits
    return vetoes or (view.table.side(envoy) == move.by != envoy and awaited)


def _promises(agreed: e.Agreed, view: View, offerer: str) -> tuple[e.Promised, ...]:
    """One promise a clause, owed by its owner to the other side's negotiator."""
    made = []
    for clause in agreed.terms.clauses:
        mine = view.table.side(clause.owner) == view.table.side(agreed.by)
        envoy, creditor = (agreed.by, offerer) if mine else (offerer, agreed.by)
        made.append(
            e.Promised(
                f"{agreed.offer}:{clause.option}", clause.owner, creditor, clause.option,
                agreed.offer, envoy if envoy != clause.owner else "", agreed.due, agreed.channel,
            )  # fmt: skip
        )
    return tuple(made)


def _settle(view: View, move: m.Settle) -> tuple[Event, ...]:
    unknown = "is not open; a deal's promises come as news, hear Promised first"
    promise: e.Promised = _open(view, "promise", move.promise, unknown)  # type: ignore[assignment]
    if move.share is None:
        if view.table.side(move.by) != view.table.side(promise.to):
            _refuse(view, f"only {promise.to}'s side may release {move.promise!r}")
        return (e.Released(promise.promise, move.by, promise.by, promise.what, promise.through),)
    if view.table.side(move.by) != view.table.side(promise.by):
        _refuse(view, f"{move.promise!r} is owed by {promise.by}, not by {move.by}'s side")
    ends = (promise.promise, promise.by, promise.to, promise.what, promise.through)
    hand = "" if move.by == promise.by else move.by
    return (e.Broken(*ends, hand) if move.share == 0 else e.Kept(*ends, move.share, hand),)


def _treat(view: View, move: m.Treat) -> tuple[Event, ...]:
    order = _open(view, "order", move.order, "was not delivered")
    wanted = (e.Delivered,) if move.verb in ("believe", "doubt") else (e.Delivered, e.Believed)
    if not isinstance(order, wanted) or order.by != move.by:
        _refuse(view, f"{move.by} cannot {move.verb} {move.order!r}, it stands as {order.name}")
    kind = {"believe": e.Believed, "doubt": e.Doubted, "obey": e.Obeyed, "defy": e.Defied}[move.verb]
    return (kind(order.order, move.by, order.to, order.what),)


def _act(view: View, move: m.Act) -> tuple[Event, ...]:
    _open(view, "action", move.action, "was not announced, or is over")
    kind = {"start": e.Started, "reach": e.Reached, "end": e.Ended, "call off": e.CalledOff}[move.verb]
    return (kind(move.action, move.by, move.what),)


def _take_branch(view: View, move: m.TakeBranch) -> tuple[Event, ...]:
    put = _open(view, "ultimatum", move.ultimatum, "is not open")
    if not isinstance(put, e.UltimatumPut) or put.to != move.by:
        _refuse(view, f"{move.ultimatum!r} was not put to {move.by}")
    if move.branch not in [branch.name for branch in put.branches]:
        _refuse(view, f"{move.ultimatum!r} has no branch {move.branch!r}")
    if put.until is not None and view.now > put.until:
        _refuse(view, f"{move.ultimatum!r} ran out at minute {put.until}")
    return (e.UltimatumAnswered(move.ultimatum, move.by, put.by, put.channel, move.branch),)


def _rest(view: View, move: m.Rest) -> tuple[Event, ...]:
    channel = view.table.channel(move.channel)
    if channel.members and move.by not in channel.members:
        _refuse(view, f"{move.by} is no member of {move.channel}")
    resting = view.standing("channel", move.channel) is not None
    if resting == move.rest:
        _refuse(view, f"{move.channel} is {'already' if resting else 'not'} at rest")
    return (e.Suspended(move.channel, move.by) if move.rest else e.Resumed(move.channel, move.by),)


_RULES: dict[type[Move], Callable[[View, Any], tuple[Event, ...]]] = {
    m.Offer: _offer,
    m.Answer: _answer,
    m.Convey: _convey,
    m.Settle: _settle,
    m.Mandate: _mandate,
    m.Order: _order,
    m.Treat: _treat,
    m.Announce: _announce,
    m.Act: _act,
    m.PutUltimatum: _put_ultimatum,
    m.TakeBranch: _take_branch,
    m.Claim: _claim,
    m.Deny: _deny,
    m.Say: _say,
    m.Request: _request,
    m.Reply: _reply,
    m.Meet: _meet,
    m.Rest: _rest,
    m.Leak: _leak,
    m.Happen: _happen,
}
