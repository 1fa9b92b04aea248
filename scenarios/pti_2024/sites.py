"""On the road: places to stop, each nearer to what would be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim import (
    Between,
    Choice,
    Decision,
    because,
    days,
    hours,
    minutes,
)
from negosim.core.events import Offered, Promised, Reached

from .gate import visits
from .people import FINAL_CALL, March, Relief, back, gohar, government, khan
from .reasons import ALL, MUCH, SOME, URGENT, due_of, share

if TYPE_CHECKING:
    from negosim import Play, Seat, View


class Site(Choice):
    NOTHING = "offers no site"
    KP = "offers a short protest or a site in KP"
    PESHAWAR_MORR = "offers Peshawar Morr"
    SANGJANI = "offers Sangjani"


SITES = {
    Site.KP: March.STOP_IN_KP,
    Site.PESHAWAR_MORR: March.STOP_AT_PESHAWAR_MORR,
    Site.SANGJANI: March.STOP_AT_SANGJANI,
}


def pressing(view: View) -> int:
    """How near the march is: concessions come late (theory: Faratin's time tactics, a late conceder)."""
    if view.last(Reached, action=FINAL_CALL) is not None:
        return ALL
    return MUCH if view.standing("action", FINAL_CALL) is not None else SOME


site = Decision(
    government, "site", {
        Site.NOTHING: because("P20: the court had forbidden it"),
        Site.KP: because("P23: first offer", calm=share(SOME, pressing)),
        Site.PESHAWAR_MORR: because("P26: second offer", calm=share(MUCH, pressing), price=-MUCH),
        Site.SANGJANI: because("P28; P2: used for the September rally", calm=share(MUCH, pressing), price=-SOME),
    }, URGENT,
)  # fmt: skip


class Carrying(Choice):
    CARRY = "takes it to the founder"
    REFUSE = "turns it down at the table"


carrying = Decision(
    gohar, "carry", {
        Carrying.CARRY: because("P28: a second visit that night", duty=lambda v: MUCH if _holds_crowd(v) else 0),
        Carrying.REFUSE: because("P26: rejected", duty=SOME),
    }, Between(minutes(30), hours(3), "author: a round of talks"),
)  # fmt: skip


def _holds_crowd(view: View) -> bool:
    """Whether the site keeps the march in the capital, which the cause asks for."""
    return isinstance(view.subject, Offered) and view.subject.terms[March] is not March.STOP_IN_KP


DECISIONS = (site, carrying)


def government_sites(seat: Seat) -> Play:
    """On the eve, on the road and at the gates it may offer a place to stop."""
    due = due_of(seat.view, FINAL_CALL)
    yield from seat.pause(until=due - days(1))
    for stage in ("eve", "on-the-road", "at-the-gates"):
        if stage == "on-the-road":
            yield from seat.pause(until=due + days(1))
        if stage == "at-the-gates":
            yield from seat.hear(Reached, action=FINAL_CALL, where=lambda r: r.what == "city-gates")
        if seat.view.standing("action", FINAL_CALL) is None or agreed_stop(seat.view):
            return
        place = yield from seat.choose(site, stage)
        still_on = seat.view.standing("action", FINAL_CALL) is not None
        if place is not Site.NOTHING and still_on and seat.view.standing("channel", back.id) is None:
            seat.offer(gohar, SITES[place], Relief.TALKS, via=back)


def agreed_stop(view: View) -> bool:
    """Whether the founder has promised a stop, as far as the government knows."""
    return any(promise.what.startswith("stop-") for promise in view.all(Promised, by=khan))


def gohar_sites(seat: Seat) -> Play:
    """The envoy takes a site to the founder, by night if need be, or turns it down."""
    while True:
        offer = yield from seat.hear(Offered, of=government, where=names_site)
        place = next(slug for slug in offer.terms.slugs if slug.startswith("stop-"))
        if (yield from seat.choose(carrying, place, over=offer, again=True)) is Carrying.CARRY:
            yield from visits(seat, offer, at_night=True)
        elif seat.view.standing("offer", offer.offer):
            seat.reject(offer)


def names_site(offer: Offered) -> bool:
    """Whether an offer is about where the march stops."""
    return any(slug.startswith("stop-") for slug in offer.terms.slugs)
