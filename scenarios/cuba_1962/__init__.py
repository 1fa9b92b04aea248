"""Cuba, October 1962: two letters, a secret side payment, and a fallback that was never used.

What the model explains: why hours count. Two offers that differ cross on a slow wire, an envoy adds
in secret what cannot be said in public, a third proposal lies ready for a refusal; whoever decides
reads what has arrived by then and nothing else. What it cannot explain: why the missiles came; what
either staff would have done after an air strike, which ends the story; accidents, of which one is a
given; and what Castro or Turkey would have said, for nobody asked them. Times are UTC: in that
October a Washington day begins at 04:00. Strengths of reasons and paces are the author's, set before
any replay, with one prior for all; where theory gives no sign the odds are even.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import negosim as ng
from negosim import because, days, hours, minutes
from negosim.core import events as e

from .invariants import invariants as invariants

if TYPE_CHECKING:
    from negosim import Play, Seat, View

kennedy = ng.Actor("kennedy", "Kennedy", about="US president, with his committee")
robert = ng.Actor("robert", "Robert Kennedy", ng.Role.ENVOY, side="kennedy", about="attorney general")
scali = ng.Actor("scali", "John Scali", ng.Role.ENVOY, side="kennedy", about="journalist")
khrushchev = ng.Actor("khrushchev", "Khrushchev", about="Soviet leader")
dobrynin = ng.Actor("dobrynin", "Dobrynin", ng.Role.ENVOY, side="khrushchev", about="ambassador")
fomin = ng.Actor("fomin", "'Fomin'", ng.Role.ENVOY, side="khrushchev", about="Feklisov; had no orders")
cordier = ng.Actor("cordier", "Andrew Cordier", ng.Role.FACILITATOR, about="would ask U Thant to speak")
ACTORS = (kennedy, robert, scali, khrushchev, dobrynin, fomin, cordier)

letters = ng.formal("letters", kennedy, khrushchev, delay=hours(6))
broadcast = ng.public(*ACTORS, id="broadcast", delay=minutes(10))
brothers = ng.orders("brothers", kennedy, robert, cordier, delay=minutes(10))
embassy = ng.backchannel("embassy", robert, dobrynin)
cable = ng.orders("cable", dobrynin, khrushchev, delay=hours(6))
cafe = ng.backchannel("cafe", scali, fomin, kennedy, delay=hours(2))

class Missiles(ng.Issue, owner=khrushchev):
    REMOVED = "the missiles leave Cuba"

class Cuba(ng.Issue, owner=kennedy):
    NO_INVASION = "the United States do not invade Cuba"

class Turkey(ng.Issue, owner=kennedy):
    JUPITERS_SECRETLY = "the Jupiters leave Turkey, and nobody says why"
    JUPITERS_OPENLY = "the Jupiters leave Turkey in exchange"

SWAP = (Missiles.REMOVED, Cuba.NO_INVASION)
REASON = ng.Weight(2000, 700, "weakly informative: a full reason multiplies the odds by about seven")
WEIGHTS = {
    kennedy: {"peace": REASON, "firmness": REASON},
    khrushchev: {"peace": REASON, "gain": REASON},
}
SOME, MUCH = 300, 600
DAY_OR_TWO = ng.Between(hours(12), hours(48), "author: a day or two later")
WEEKS = ng.Between(days(14), days(28), "author: weeks of dismantling")
SITTING = ng.Between(0, hours(3), "author: in the same sitting")
OVERNIGHT = ng.Pace(hours(9), note="author: a night's or a day's sitting")
TWO_DAYS = ng.Pace(days(2), note="author: once ships and guns have met")

def near_war(view: View) -> int:
    """Some; more once a plane was shot down, and more with an envoy's urgent word."""
    return SOME + SOME * (view.last(e.Happened, what="u2-shot-down") is not None) + SOME * bool(view.all(e.Conveyed))

def jupiters(view: View) -> int:
    """What yielding brings besides the pledge: the Jupiters, if somebody has offered them."""
    offered: tuple[e.Conveyed | e.Offered, ...] = (*view.all(e.Conveyed), *view.all(e.Offered))
    return MUCH if any(x.terms[Turkey] is not None for x in offered if x.by != "khrushchev") else 0

def heard_twice(view: View) -> int:
    """How surely the first letter is meant: surer when the journalist has brought the same."""
    return MUCH if view.last(e.Said, what="removal-for-pledge") else SOME

def ready(view: View) -> bool:
    return view.last(e.Said, by=cordier) is not None

class First(ng.Choice):
    QUARANTINE = "stops the ships and demands withdrawal"
    STRIKE = "bombs the sites"
first = ng.Decision(kennedy, "first", {
    First.QUARANTINE: because("C02", firmness=MUCH, peace=SOME),
    First.STRIKE: because("author: the stark alternative", firmness=MUCH, peace=-SOME),
}, ng.Pace(days(5), note="author: a secret keeps about a week"))

class Writing(ng.Choice):
    PLEDGE = "offers removal for a pledge not to invade"
    WAIT = "writes nothing"
writing = ng.Decision(khrushchev, "writing", {
    Writing.PLEDGE: because("C07", peace=near_war), Writing.WAIT: because("C05: it was aggression", gain=SOME),
}, TWO_DAYS)

class Raising(ng.Choice):
    JUPITERS = "adds the Jupiters, in public"
    LET_STAND = "lets the first letter stand"
raising = ng.Decision(khrushchev, "raising", {
    Raising.JUPITERS: because("C08", gain=MUCH), Raising.LET_STAND: because("C07", peace=near_war),
}, OVERNIGHT)

class Approaching(ng.Choice):
    APPROACH = "sounds the journalist out"
    KEEP_QUIET = "keeps to his orders"
approaching = ng.Decision(fomin, "approach", {
    Approaching.APPROACH: because("C06: nobody had told him to; nothing tells which way, so even odds"),
    Approaching.KEEP_QUIET: because("author"),
}, TWO_DAYS)

class Replying(ng.Choice):
    FIRST_LETTER = "accepts what the first letter said"
    OPEN_TRADE = "accepts the open trade"
    STRIKE = "bombs the sites"
replying = ng.Decision(kennedy, "reply", {
    Replying.FIRST_LETTER: because("C10; C06: the journalist brought the same", firmness=MUCH, peace=heard_twice),
    Replying.OPEN_TRADE: because("C08: it was offered", peace=MUCH, firmness=-SOME),
    Replying.STRIKE: because("C09: a plane had been shot down", firmness=MUCH, peace=lambda view: -near_war(view)),
}, OVERNIGHT)

class Sweetening(ng.Choice):
    SECRETLY = "promises the Jupiters in secret"
    NOTHING = "adds nothing"
sweetening = ng.Decision(kennedy, "sweetening", {
    Sweetening.SECRETLY: because("C11; theory: side payments that need not be defended", peace=near_war),
    Sweetening.NOTHING: because("author", firmness=SOME),
}, SITTING)

class Preparing(ng.Choice):
    PREPARE = "has the open trade prepared as a fallback"
    NOTHING = "prepares nothing"
preparing = ng.Decision(kennedy, "preparing", {
    Preparing.PREPARE: because("C12", peace=SOME), Preparing.NOTHING: because("author"),
}, SITTING)

class Final(ng.Choice):
    WITHDRAW = "withdraws the missiles"
    HOLD_OUT = "holds out"
final = ng.Decision(khrushchev, "final", {
    Final.WITHDRAW: because("C13; theory: a looming catastrophe and a way out", peace=near_war, gain=jupiters),
    Final.HOLD_OUT: because("C08: he had asked for more", gain=SOME),
}, OVERNIGHT)

class Last(ng.Choice):
    USE_FALLBACK = "lets the open trade be proposed"
    STRIKE = "bombs the sites"
    WAIT = "goes on waiting"
last = ng.Decision(kennedy, "last", {
    Last.USE_FALLBACK: because("C12: it lay ready", only_if=ready, peace=MUCH),
    Last.STRIKE: because("author: the stark alternative", firmness=MUCH, peace=lambda view: -near_war(view)),
    Last.WAIT: because("author", peace=SOME),
}, OVERNIGHT)

def kennedy_acts(seat: Seat) -> Play:
    yield from seat.hear(e.Happened, what="missiles-reported")
    if (yield from seat.choose(first, "missiles")) is First.STRIKE:
        seat.happen("air-strike")
        return
    seat.announce("quarantine", "ships", due=seat.now + hours(39))
    yield from seat.pause(hours(39))
    seat.begin("quarantine")
    seat.meanwhile(kennedy_lifts)
    yield from seat.hear(e.Offered, of=khrushchev)
    answer = yield from seat.choose(replying, "letters")
    if answer is Replying.STRIKE:
        seat.happen("air-strike")
        return
    openly = (Turkey.JUPITERS_OPENLY,) if answer is Replying.OPEN_TRADE else ()
    seat.offer(khrushchev, *SWAP, *openly, via=letters)
    if not openly:
        if (yield from seat.choose(sweetening, "jupiters")) is Sweetening.SECRETLY:
            seat.mandate(robert, Turkey, via=brothers)
        if (yield from seat.choose(preparing, "open-trade")) is Preparing.PREPARE:
            seat.say(cordier, "hold-this-ready", via=brothers)
    if (yield from seat.hear(e.Agreed, of=khrushchev, within=days(2))) is None:
        resort = yield from seat.choose(last, "no-answer")
        if resort is Last.USE_FALLBACK:
            seat.say(cordier, "propose-it", via=brothers)
        elif resort is Last.STRIKE:
            seat.happen("air-strike")

def kennedy_lifts(seat: Seat) -> Play:
    yield from seat.hear(e.Kept, of=khrushchev)
    seat.end("quarantine")

def robert_carries(seat: Seat) -> Play:
    """He warns the ambassador, later adds what cannot be written, and takes no paper for it."""
    yield from seat.hear(e.Announced, action="quarantine")
    yield from seat.pause(seat.takes("call", "warning", DAY_OR_TWO))
    seat.meet("warning", dobrynin, via=embassy)
    yield from seat.hear(e.Mandated)
    seat.offer(dobrynin, Turkey.JUPITERS_SECRETLY, via=embassy)
    yield from seat.hear(e.Said, of=dobrynin, what="it-in-writing")
    seat.say(dobrynin, "no-paper", via=embassy)

def khrushchev_acts(seat: Seat) -> Play:
    yield from seat.hear(e.Announced, action="quarantine")
    yield from seat.pause(seat.takes("answer", "quarantine", DAY_OR_TWO))
    seat.say(kennedy, "aggression", via=letters)
    yield from seat.hear(e.Started, action="quarantine")
    if (yield from seat.choose(writing, "quarantine")) is Writing.PLEDGE:
        seat.offer(kennedy, *SWAP, via=letters)
        if (yield from seat.choose(raising, "jupiters")) is Raising.JUPITERS:
            seat.offer(kennedy, *SWAP, Turkey.JUPITERS_OPENLY, via=broadcast)
    for source, key in ((kennedy, "reply"), (cordier, "open-trade")):
        offer = yield from seat.hear(e.Offered, of=source)
        answer = yield from seat.choose(final, key, over=offer)
        if seat.view.last(e.Happened, what="air-strike") is not None:
            return
        if answer is Final.WITHDRAW:
            seat.say(kennedy, "we-withdraw", via=broadcast)
            seat.accept(offer)
            for conveyed in seat.view.all(e.Conveyed):
                seat.ratify(conveyed.offer)
                seat.say(dobrynin, "put-it-in-writing", via=cable)
            promise = yield from seat.hear(e.Promised, what="removed")
            yield from seat.pause(seat.takes("dismantling", "missiles", WEEKS))
            seat.keep(promise.promise)
            return

def dobrynin_carries(seat: Seat) -> Play:
    offer = yield from seat.hear(e.Offered, of=robert)
    seat.convey(offer, khrushchev, via=cable)
    yield from seat.hear(e.Said, of=khrushchev, what="put-it-in-writing")
    yield from seat.pause(seat.takes("letter", "jupiters", DAY_OR_TWO))
    seat.say(robert, "it-in-writing", via=embassy)

def fomin_approaches(seat: Seat) -> Play:
    yield from seat.hear(e.Started, action="quarantine")
    if (yield from seat.choose(approaching, "quarantine")) is Approaching.APPROACH:
        seat.meet("lunch", scali, via=cafe)
        seat.say(kennedy, "removal-for-pledge", via=cafe)  # which the journalist brings him

def cordier_holds(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=kennedy, what="hold-this-ready")
    seat.say(kennedy, "ready", via=brothers)
    yield from seat.hear(e.Said, of=kennedy, what="propose-it")
    seat.offer(khrushchev, *SWAP, Turkey.JUPITERS_OPENLY, via=broadcast)

scenario = ng.Scenario(
    name="cuba-1962", title="The Cuban missile crisis, October and November 1962",
    calendar=ng.Calendar(datetime(1962, 10, 15), "UTC"), ends=days(47),
    actors=ACTORS, channels=(letters, broadcast, brothers, embassy, cable, cafe),
    cast={
        kennedy: (kennedy_acts,), robert: (robert_carries,), khrushchev: (khrushchev_acts,),
        dobrynin: (dobrynin_carries,), fomin: (fomin_approaches,), cordier: (cordier_holds,),
    },
    decisions=(first, writing, raising, approaching, replying, sweetening, preparing, final, last), weights=WEIGHTS,
    happenings=("missiles-reported", "u2-shot-down", "air-strike"),
    explanations={"C16": "Removing the missiles takes weeks in the model, and nothing tells it which day."},
    words={
        "removed": "removal of the missiles", "no-invasion": "a pledge not to invade",
        "jupiters-openly": "the Jupiters in exchange", "jupiters-secretly": "the Jupiters, in secret",
        "removal-for-pledge": "removal for a pledge", "aggression": "this is aggression",
        "put-it-in-writing": "put it in writing", "it-in-writing": "here it is in writing",
    },
)
