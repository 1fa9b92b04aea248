"""On the road: places to stop, each nearer to what would be taken."""

from __future__ import annotations

from negosim import Between, Choice, Play, Seat, View, because, days, hours, minutes
from negosim.core import events as e
from negosim.parts.known import is_on, is_open, rests
from negosim.stories.authoring import ALL, MUCH, SOME

from .gate import visits
from .people import FINAL_CALL, March, Relief, back, gohar, government, khan
from .reasons import URGENT, due_of, share


def pressing(view: View) -> int:
    """How near the march is: concessions come late (theory: Faratin's time tactics, a late conceder)."""
    if view.last(e.Reached, action=FINAL_CALL) is not None:
        return ALL
    return MUCH if is_on(view, FINAL_CALL) else SOME


class Site(Choice, by=government, pace=URGENT):
    NOTHING = "offers no site", because("P20: the court had forbidden it")
    KP = "offers a short protest or a site in KP", because("P23: first offer", calm=share(SOME, pressing))
    PESHAWAR_MORR = "offers Peshawar Morr", because("P26: second offer", calm=share(MUCH, pressing), price=-MUCH)
    SANGJANI = "offers Sangjani", because(
        "P28; P2: used for the September rally", calm=share(MUCH, pressing), price=-SOME
    )

SITES = {
    Site.KP: March.STOP_IN_KP, Site.PESHAWAR_MORR: March.STOP_AT_PESHAWAR_MORR, Site.SANGJANI: March.STOP_AT_SANGJANI,
}


class Carry(Choice, by=gohar, pace=Between(minutes(30), hours(3), "author: a round of talks")):
    CARRY = "takes it to the founder", because(
        "P28: a second visit that night", duty=lambda v: MUCH if _holds_crowd(v) else 0
    )
    REFUSE = "turns it down at the table", because("P26: rejected", duty=SOME)


def _holds_crowd(view: View) -> bool:
    """Whether the site keeps the march in the capital, which the cause asks for."""
    return isinstance(view.subject, e.Offered) and view.subject.terms[March] is not March.STOP_IN_KP


def government_sites(seat: Seat) -> Play:
    """On the eve, on the road and at the gates it may offer a place to stop."""
    due = due_of(seat.view, FINAL_CALL)
    yield from seat.pause(until=due - days(1))
    for stage in ("eve", "on-the-road", "at-the-gates"):
        if stage == "on-the-road":
            yield from seat.pause(until=due + days(1))
        if stage == "at-the-gates":
            yield from seat.hear(e.Reached, action=FINAL_CALL, where=lambda r: r.what == "city-gates")
        if not is_on(seat.view, FINAL_CALL) or agreed_stop(seat.view):
            return
        place = yield from seat.choose(Site, stage)
        still_on = is_on(seat.view, FINAL_CALL)
        if place is not Site.NOTHING and still_on and not rests(seat.view, back):
            seat.offer(gohar, SITES[place], Relief.TALKS, via=back)


def agreed_stop(view: View) -> bool:
    """Whether the founder has promised a stop, as far as the government knows."""
    return any(promise.what.startswith("stop-") for promise in view.all(e.Promised, by=khan))


def gohar_sites(seat: Seat) -> Play:
    """The envoy takes a site to the founder, by night if need be, or turns it down."""
    while True:
        offer = yield from seat.hear(e.Offered, of=government, where=names_site)
        place = next(slug for slug in offer.terms.slugs if slug.startswith("stop-"))
        if (yield from seat.choose(Carry, place, over=offer, again=True)) is Carry.CARRY:
            yield from visits(seat, offer, at_night=True)
        elif is_open(seat.view, offer):
            seat.reject(offer)


def names_site(offer: e.Offered) -> bool:
    """Whether an offer is about where the march stops."""
    return any(slug.startswith("stop-") for slug in offer.terms.slugs)
