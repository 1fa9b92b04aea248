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

import negosim as ng
from negosim import Between, Choice, Pace, Play, Role, Seat, View, because, days, hours
from negosim.core import events as e
from negosim.parts.known import happened
from negosim.parts.ways.envoy import brings_home
from negosim.stories.authoring import MUCH, SOME, Events, Never

kennedy = ng.Actor("kennedy", "Kennedy", about="US president, with his committee")
robert = ng.Actor("robert", "Robert Kennedy", Role.ENVOY, side="kennedy", about="attorney general")
scali = ng.Actor("scali", "John Scali", Role.ENVOY, side="kennedy", about="journalist")
khrushchev = ng.Actor("khrushchev", "Khrushchev", about="Soviet leader")
dobrynin = ng.Actor("dobrynin", "Dobrynin", Role.ENVOY, side="khrushchev", about="ambassador")
fomin = ng.Actor("fomin", "'Fomin'", Role.ENVOY, side="khrushchev", about="Feklisov; had no orders")
cordier = ng.Actor("cordier", "Andrew Cordier", Role.FACILITATOR, about="would ask U Thant to speak")
ACTORS = (kennedy, robert, scali, khrushchev, dobrynin, fomin, cordier)

letters = ng.formal("letters", kennedy, khrushchev, delay=hours(6))
broadcast = ng.public(*ACTORS, id="broadcast", delay=10)
brothers = ng.orders("brothers", kennedy, robert, cordier, delay=10)
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
DAY_OR_TWO = Between(hours(12), hours(48), "author: a day or two later")
WEEKS = Between(days(14), days(28), "author: weeks of dismantling")
SITTING = Between(0, hours(3), "author: in the same sitting")
OVERNIGHT = Pace(hours(9), note="author: a night's or a day's sitting")
TWO_DAYS = Pace(days(2), note="author: once ships and guns have met")

def near_war(view: View) -> int:
    """Some; more once a plane was shot down, and more with an envoy's urgent word."""
    return SOME + SOME * happened(view, "u2-shot-down") + SOME * bool(view.all(e.Conveyed))

def war_feared(view: View) -> int:
    return -near_war(view)

def jupiters(view: View) -> int:
    """What yielding brings besides the pledge: the Jupiters, if somebody has offered them."""
    offered: tuple[e.Conveyed | e.Offered, ...] = (*view.all(e.Conveyed), *view.all(e.Offered))
    return MUCH if any(x.terms[Turkey] is not None for x in offered if x.by != "khrushchev") else 0

def heard_twice(view: View) -> int:
    """How surely the first letter is meant: surer when the journalist has brought the same."""
    return MUCH if view.last(e.Said, what="removal-for-pledge") else SOME

class First(Choice, by=kennedy, pace=Pace(days(5), note="author: a secret keeps about a week")):
    QUARANTINE = "stops the ships and demands withdrawal", because("C02", firmness=MUCH, peace=SOME)
    STRIKE = "bombs the sites", because("author: the stark alternative", firmness=MUCH, peace=-SOME)

class Writing(Choice, by=khrushchev, pace=TWO_DAYS):
    PLEDGE = "offers removal for a pledge not to invade", because("C07", peace=near_war)
    WAIT = "writes nothing", because("C05: it was aggression", gain=SOME)

class Raising(Choice, by=khrushchev, pace=OVERNIGHT):
    JUPITERS = "adds the Jupiters, in public", because("C08", gain=MUCH)
    LET_STAND = "lets the first letter stand", because("C07", peace=near_war)

class Approach(Choice, by=fomin, pace=TWO_DAYS):
    APPROACH = "sounds the journalist out", because("C06: nobody had told him to, so even odds")
    KEEP_QUIET = "keeps to his orders", because("author")

class Reply(Choice, by=kennedy, pace=OVERNIGHT):
    FIRST_LETTER = "accepts what the first letter said", because("C10, C06", firmness=MUCH, peace=heard_twice)
    OPEN_TRADE = "accepts the open trade", because("C08: it was offered", peace=MUCH, firmness=-SOME)
    STRIKE = "bombs the sites", because("C09: a plane had been shot down", firmness=MUCH, peace=war_feared)

class Sweetening(Choice, by=kennedy, pace=SITTING):
    SECRETLY = "promises the Jupiters in secret", because("C11; theory: side payments in private", peace=near_war)
    NOTHING = "adds nothing", because("author", firmness=SOME)

class Preparing(Choice, by=kennedy, pace=SITTING):
    PREPARE = "has the open trade prepared as a fallback", because("C12", peace=SOME)
    NOTHING = "prepares nothing", because("author")

class Final(Choice, by=khrushchev, pace=OVERNIGHT):
    WITHDRAW = "withdraws the missiles", because("C13; theory: a looming catastrophe", peace=near_war, gain=jupiters)
    HOLD_OUT = "holds out", because("C08: he had asked for more", gain=SOME)

class Last(Choice, by=kennedy, pace=OVERNIGHT):
    USE_FALLBACK = "lets the open trade be proposed", because(
        "C12: it lay ready", only_if=lambda view: bool(view.all(e.Said, by=cordier)), peace=MUCH)
    STRIKE = "bombs the sites", because("author: the stark alternative", firmness=MUCH, peace=war_feared)
    WAIT = "goes on waiting", because("author", peace=SOME)

class Lifting(Choice, by=kennedy, name="lift", pace=WEEKS):
    LIFT = "ends the quarantine once the missiles are out", because("C16", peace=SOME)
    KEEP = "keeps the quarantine all the same", because("author", firmness=SOME)

def kennedy_acts(seat: Seat) -> Play:
    yield from seat.hear(e.Happened, what="missiles-reported")
    if (yield from seat.choose(First, "missiles")) is First.STRIKE:
        seat.happen("air-strike")
        return
    seat.announce("quarantine", "ships", due=seat.now + hours(39))
    yield from seat.pause(hours(39))
    seat.begin("quarantine")
    seat.meanwhile(kennedy_lifts)
    yield from seat.hear(e.Offered, of=khrushchev)
    answer = yield from seat.choose(Reply, "letters")
    if answer is Reply.STRIKE:
        seat.happen("air-strike")
        return
    openly = (Turkey.JUPITERS_OPENLY,) if answer is Reply.OPEN_TRADE else ()
    seat.offer(khrushchev, *SWAP, *openly, via=letters)
    if not openly:
        if (yield from seat.choose(Sweetening, "jupiters")) is Sweetening.SECRETLY:
            seat.mandate(robert, Turkey, via=brothers)
        if (yield from seat.choose(Preparing, "open-trade")) is Preparing.PREPARE:
            seat.say(cordier, "hold-this-ready", via=brothers)
    if (yield from seat.hear(e.Agreed, of=khrushchev, within=days(2))) is None:
        resort = yield from seat.choose(Last, "no-answer")
        if resort is Last.USE_FALLBACK:
            seat.say(cordier, "propose-it", via=brothers)
        elif resort is Last.STRIKE:
            seat.happen("air-strike")

def kennedy_lifts(seat: Seat) -> Play:
    """Promised removal, he lifts the quarantine some weeks later, and not before it is done."""
    promise = yield from seat.hear(e.Promised, what="removed")
    if (yield from seat.choose(Lifting, "quarantine", over=promise)) is Lifting.LIFT:
        if seat.view.last(e.Kept) is None:
            yield from seat.hear(e.Kept, promise=promise.promise)
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
    if (yield from seat.choose(Writing, "quarantine")) is Writing.PLEDGE:
        seat.offer(kennedy, *SWAP, via=letters)
        if (yield from seat.choose(Raising, "jupiters")) is Raising.JUPITERS:
            seat.offer(kennedy, *SWAP, Turkey.JUPITERS_OPENLY, via=broadcast)
    for source, key in ((kennedy, "reply"), (cordier, "open-trade")):
        offer = yield from seat.hear(e.Offered, of=source)
        answer = yield from seat.choose(Final, key, over=offer)
        if happened(seat.view, "air-strike"):
            return
        if answer is Final.WITHDRAW:
            seat.say(kennedy, "we-withdraw", via=broadcast)
            seat.accept(offer)
            yield from khrushchev_withdraws(seat)
            return

def khrushchev_withdraws(seat: Seat) -> Play:
    for conveyed in seat.view.all(e.Conveyed):
        seat.ratify(conveyed.offer)
        seat.say(dobrynin, "put-it-in-writing", via=cable)
    promise = yield from seat.hear(e.Promised, what="removed")
    yield from seat.pause(seat.takes("dismantling", "missiles", WEEKS))
    seat.keep(promise.promise)

def dobrynin_carries(seat: Seat) -> Play:
    """What he is told in secret he brings before Moscow; a yes he brings back on paper."""
    offer = yield from seat.hear(e.Offered, of=robert)
    if isinstance((yield from brings_home(seat, offer, khrushchev, via=cable)), e.Ratified):
        yield from seat.hear(e.Said, of=khrushchev, what="put-it-in-writing")
        yield from seat.pause(seat.takes("letter", "jupiters", DAY_OR_TWO))
        seat.say(robert, "it-in-writing", via=embassy)

def fomin_approaches(seat: Seat) -> Play:
    yield from seat.hear(e.Started, action="quarantine")
    if (yield from seat.choose(Approach, "quarantine")) is Approach.APPROACH:
        seat.meet("lunch", scali, via=cafe)
        seat.say(kennedy, "removal-for-pledge", via=cafe)  # which the journalist brings him

def cordier_holds(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=kennedy, what="hold-this-ready")
    seat.say(kennedy, "ready", via=brothers)
    yield from seat.hear(e.Said, of=kennedy, what="propose-it")
    seat.offer(khrushchev, *SWAP, Turkey.JUPITERS_OPENLY, via=broadcast)

scenario = ng.scenario_from_record(
    __file__, actors=ACTORS, channels=(letters, broadcast, brothers, embassy, cable, cafe),
    cast={
        kennedy: kennedy_acts, robert: robert_carries, khrushchev: khrushchev_acts,
        dobrynin: dobrynin_carries, fomin: fomin_approaches, cordier: cordier_holds,
    },
    decisions=(First, Writing, Raising, Approach, Reply, Sweetening, Preparing, Final, Last, Lifting),
    happenings=("air-strike",),
)  # fmt: skip

STRIKE, ASKED = Events(e.Happened, what="air-strike"), Events(e.Said, what="propose-it")
invariants = (
    Never("Somebody agrees to something after bombs fell.", Events(e.Agreed, e.Ratified), after=STRIKE),
    Never("The open trade is proposed, and nobody asked for it.", Events(e.Offered, by=cordier), until=ASKED),
    Never("The brother offers what nobody allowed.", Events(e.Offered, by=robert), until=Events(e.Mandated)),
    Never("The quarantine ends before the missiles are out.", Events(e.Ended), until=Events(e.Kept, by=khrushchev)),
)
