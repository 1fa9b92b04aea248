"""Oslo, 1992 to 1993: a front track that stalls, and a back track that private persons begin.

What the model explains: a channel that can be denied is cheap to try, what is cheap may be upgraded once
it yields a text, and a front track where those who decide are not at the table yields nothing meanwhile.
What it cannot explain: the text itself, clause by clause; who told whom in Washington; why Rabin let his
rival's men go on; and what became of the agreement, for those left out appear here only as a risk that
grows with every round. Strengths of reasons and paces are the author's, set before any replay, with one
prior for all.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import negosim as ng
from negosim import because, days, hours
from negosim.core import events as e

from .invariants import invariants as invariants

if TYPE_CHECKING:
    from negosim import Play, Seat, View

israel = ng.Actor("israel", "Israel", about="Rabin and Peres, rivals in one government")
hirschfeld = ng.Actor("hirschfeld", "Yair Hirschfeld", ng.Role.ENVOY, side="israel", about="private, deniable")
savir = ng.Actor("savir", "Uri Savir", ng.Role.ENVOY, side="israel", about="an official from May 1993")
delegation = ng.Actor("delegation", "the Washington delegations", about="kept ignorant of the other track")
plo = ng.Actor("plo", "PLO", about="Arafat and Abu Mazen, in Tunis")
qurie = ng.Actor("qurie", "Ahmed Qurie", ng.Role.ENVOY, side="plo", about="Abu Ala")
norway = ng.Actor("norway", "Norway", ng.Role.FACILITATOR, about="Larsen, Juul, Egeland, Holst")
ACTORS = (israel, hirschfeld, savir, delegation, plo, qurie, norway)

back = ng.backchannel("back", hirschfeld, savir, qurie, norway, israel, plo, delay=hours(6), leak=10_000)
home = ng.orders("home", israel, hirschfeld, savir, delay=hours(12))
tunis = ng.orders("tunis", plo, qurie, delay=hours(12))
phone = ng.backchannel("phone", israel, plo, norway)
washington = ng.formal("washington", israel, delegation)
table = ng.formal("signing", israel, plo)
street = ng.public(*ACTORS, delay=hours(1))

class Interim(ng.Issue, owner=israel):
    GAZA_FIRST = "self-rule begins in Gaza, hard questions are put off"

class Recognition(ng.Issue, owner=plo):
    RECOGNISES = "the PLO recognises Israel and renounces violence"

REASON = ng.Weight(2000, 700, "weakly informative: a full reason multiplies the odds by about seven")
WEIGHTS = {
    israel: {"peace": REASON, "risk": REASON}, plo: {"peace": REASON, "gain": REASON},
    norway: {"peace": REASON}, hirschfeld: {"peace": REASON},
}
SOME, MUCH = 300, 600
WEEK = ng.Pace(days(7), note="author: a week to ask at home")
MONTH = ng.Pace(days(30), note="author: a month")
SEASON = ng.Pace(days(90), note="author: a season")
APART = ng.Between(days(10), days(25), "author: two or three rounds in two months")
NIGHTS = ng.Between(days(1), days(5), "author: some nights")

def text_in_hand(view: View) -> int:
    """What going on is worth: more once drafts are there, which the third round brings."""
    return MUCH if view.last(e.Said, what="draft") is not None else SOME

def deniable(view: View) -> int:
    """What the track risks: nothing while private persons sit there, more with an official, all in the open."""
    return -MUCH if view.last(e.Leaked) is not None else -SOME if view.last(e.Said, what="savir-goes") else 0

def promised(view: View) -> int:
    """How much the promise of a deal in six to nine months presses: more near their end, until it is kept."""
    if view.last(e.Happened, what="front-agreement") is not None:
        return 0
    since = view.minutes_since(e.Happened, what="rabin-elected")
    return 0 if since is None else MUCH if since > days(240) else SOME

class Hosting(ng.Choice):
    OFFER = "offers to host in secret"
    STAY_OUT = "leaves it to Washington"
hosting = ng.Decision(norway, "host", {
    Hosting.OFFER: because("O04; O02: the idea was there since April", peace=MUCH),
    Hosting.STAY_OUT: because("author", peace=SOME),
}, SEASON)

class Trying(ng.Choice):
    MEET = "meets Qurie in London, against the law"
    DECLINE = "does not"
trying = ng.Decision(hirschfeld, "try", {
    Trying.MEET: because("O05", peace=MUCH), Trying.DECLINE: because("O05: contact was illegal", peace=SOME),
}, SEASON)

class Lifting(ng.Choice):
    LIFT = "lifts the ban on contacts"
    KEEP = "keeps the ban"
lifting = ng.Decision(israel, "ban", {
    Lifting.LIFT: because("O06", peace=SOME), Lifting.KEEP: because("author", risk=SOME),
}, SEASON)

class Upgrading(ng.Choice):
    OFFICIAL = "sends an official"
    PRIVATE = "leaves it to private persons"
    END = "ends it"
upgrading = ng.Decision(israel, "upgrade", {
    Upgrading.OFFICIAL: because("O08", peace=text_in_hand, risk=-SOME),
    Upgrading.PRIVATE: because("O05: it can be denied", peace=SOME),
    Upgrading.END: because("O01: Washington was the agreed place", risk=SOME),
}, MONTH)

class Reopening(ng.Choice):
    REOPEN = "reopens the text"
    KEEP = "keeps to the text"
reopening = ng.Decision(plo, "reopen", {
    Reopening.REOPEN: because("theory, bargaining: ask for more while the other is in a hurry", gain=MUCH),
    Reopening.KEEP: because("author", peace=MUCH),
}, WEEK)

class Closing(ng.Choice):
    CLOSE = "closes the last gaps"
    WAIT = "waits for another round"
closing = ng.Decision(israel, "close", {
    Closing.CLOSE: because("O03: a deal had been promised in months", peace=promised, risk=deniable),
    Closing.WAIT: because("author", risk=SOME),
}, MONTH)

class Front(ng.Choice):
    YIELD = "yields on the council's powers"
    STALL = "does not yield"
front = ng.Decision(israel, "front", {
    Front.YIELD: because("author", peace=SOME, risk=-SOME),
    Front.STALL: because("O01: stuck on the powers of a council", risk=SOME),
}, SEASON)

class Recognising(ng.Choice):
    SIGN = "signs letters of mutual recognition"
    WITHHOLD = "withholds recognition"
recognising = ng.Decision(israel, "recognise", {
    Recognising.SIGN: because("O14: recognition against renouncing violence", peace=MUCH),
    Recognising.WITHHOLD: because("author", risk=SOME),
}, WEEK)

def israel_in_washington(seat: Seat) -> Play:
    """The front track: those who decide for the other side are not at the table."""
    for number in range(1, 9):
        yield from seat.pause(seat.takes("interval", f"front-{number}", ng.Between(days(30), days(75), "author")))
        seat.meet("front-round", delegation, via=washington)
        if number == 5 and (yield from seat.choose(front, "council")) is Front.YIELD:
            seat.happen("front-agreement")
            return

def israel_at_the_back(seat: Seat) -> Play:
    """From a ban on contacts to the last gaps."""
    yield from seat.hear(e.Happened, what="rabin-elected")
    if (yield from seat.choose(lifting, "contacts")) is Lifting.LIFT:
        seat.happen("ban-lifted")
    yield from seat.hear(e.Said, of=hirschfeld, what="draft")
    for key in ("draft", "later-draft"):
        answer = yield from seat.choose(upgrading, key)
        if answer is Upgrading.END:
            return
        if answer is Upgrading.OFFICIAL:
            seat.say(savir, "savir-goes", via=home)
            break
        yield from seat.pause(seat.takes("rounds", key, ng.Between(days(30), days(60), "author: two more rounds")))
    yield from seat.hear(e.Said, of=plo, what="our-changes")
    if (yield from seat.choose(closing, "gaps")) is Closing.WAIT:
        return
    yield from seat.pause(seat.takes("calls", "last-gaps", NIGHTS))
    seat.meet("last-gaps", plo, norway, via=phone)
    offer = seat.offer(plo, Interim.GAZA_FIRST, Recognition.RECOGNISES, via=phone)
    if (yield from seat.hear(e.Agreed, e.Rejected, answering=offer)).name == "agreed":
        yield from israel_signs(seat)

def israel_signs(seat: Seat) -> Play:
    yield from seat.pause(seat.takes("night", "oslo", ng.Between(days(1), days(3), "author: the envoys travel")))
    seat.meet("initialling", plo, norway, qurie, savir, via=back)
    yield from seat.pause(seat.takes("secret", "announcement", ng.Between(days(5), days(15), "author: to tell allies")))
    seat.announce("signing", "agreement", due=seat.now + days(14))
    if (yield from seat.choose(recognising, "plo")) is Recognising.SIGN:
        seat.happen("mutual-recognition")
        yield from seat.pause(seat.takes("ceremony", "washington", ng.Between(days(3), days(8), "author")))
        seat.meet("signing", plo, via=table)
        for promise in seat.view.all(e.Promised, by=israel):
            seat.keep(promise.promise, 500)  # begun, and no more than begun

def norway_hosts(seat: Seat) -> Play:
    yield from seat.hear(e.Happened, what="rabin-elected")
    if (yield from seat.choose(hosting, "secret-talks")) is Hosting.OFFER:
        seat.say(hirschfeld, "come-to-norway", via=back)

def hirschfeld_tries(seat: Seat) -> Play:
    """A meeting against the law, then rounds near Oslo, and a draft."""
    yield from seat.hear(e.Said, of=norway)
    if (yield from seat.choose(trying, "london")) is Trying.DECLINE:
        return
    seat.meet("london", qurie, via=back)
    if seat.view.last(e.Happened, what="ban-lifted") is None:
        yield from seat.hear(e.Happened, what="ban-lifted")
    for number in (1, 2, 3):
        yield from seat.pause(seat.takes("interval", f"round-{number}", APART))
        seat.meet("round", qurie, norway, via=back)
    seat.say(israel, "draft", via=home)

def savir_goes(seat: Seat) -> Play:
    """An official sits down; the PLO may reopen what private persons drafted."""
    yield from seat.hear(e.Said, of=israel)
    yield from seat.pause(seat.takes("interval", "savir", APART))
    seat.meet("official-round", qurie, norway, hirschfeld, via=back)
    seat.say(plo, "a-text", via=back)

def plo_answers(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=savir)
    if (yield from seat.choose(reopening, "text")) is Reopening.REOPEN:
        yield from seat.pause(seat.takes("round", "near-break", APART))
    seat.say(israel, "our-changes", via=phone)
    offer = yield from seat.hear(e.Offered, of=israel)
    seat.accept(offer)
    yield from seat.hear(e.Announced, action="signing")
    yield from seat.pause(seat.takes("council", "fatah", ng.Between(days(2), days(8), "author: days to convene")))
    seat.happen("fatah-approves")

scenario = ng.Scenario(
    name="oslo-1993", title="The Oslo channel and the Washington talks, 1992 and 1993",
    calendar=ng.Calendar(datetime(1992, 6, 1), "UTC"), ends=days(500),
    actors=ACTORS, channels=(back, home, tunis, phone, washington, table, street),
    cast={
        israel: (israel_in_washington, israel_at_the_back), norway: (norway_hosts,),
        hirschfeld: (hirschfeld_tries,), savir: (savir_goes,), plo: (plo_answers,),
    },
    decisions=(hosting, trying, lifting, upgrading, reopening, closing, front, recognising), weights=WEIGHTS,
    happenings=("rabin-elected", "ban-lifted", "front-agreement", "mutual-recognition", "fatah-approves"),
    words={
        "gaza-first": "Gaza first", "recognises": "recognition", "savir-goes": "go to Norway",
        "rabin-elected": "Rabin is elected", "ban-lifted": "contact with the PLO is legal",
        "front-agreement": "Washington agrees first", "fatah-approves": "a body of Fatah approves",
    },
)
