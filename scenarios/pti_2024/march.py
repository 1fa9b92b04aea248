"""The march, and the chain from the founder's yes to a march that stops.

Conflict K5 of the record is told here as links that can each fail: the order is sent, arrives in
time, is proven, believed, obeyed. An account of K5 says which links can fail; see ``ACCOUNTS``.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from negosim import NATURE, Between, Choice, Decision, Play, Seat, Testimony, View, because, days, hours, minutes
from negosim.core import events as e
from negosim.parts.known import is_on, rests
from negosim.stories.authoring import ALL, MUCH, SOME

from .people import FINAL_CALL, back, bushra, field, gandapur, government, khan, party, prison
from .reasons import URGENT, credit_of_pti, due_of, share, stakes

LINKS = {
    "sending-can-fail": True, "delivery-can-fail": True, "proof-can-fail": True, "belief-can-fail": True,
    "obedience-can-fail": True,
}


def _only(*failing: str) -> dict[str, bool]:
    return {link: link in failing for link in LINKS}

ACCOUNTS = {
    "sangjani": {
        "she-defied": _only("obedience-can-fail"),  # K5 a: government; The Nation
        "came-too-late": _only("delivery-can-fail"),  # K5 b, f: Saif; A. M. Khan
        "not-his-own-voice": _only("proof-can-fail", "belief-can-fail"),  # K5 c: her ex-spokeswoman
        "never-sent": _only("sending-can-fail"),  # K5 d, e, g, h: she, A. Khan, Akram; Gohar's words
        "any-link": LINKS,
    }
}

LIKELY, SO_SO, LESS = 800, 600, 400

TESTIMONY = {
    "sangjani": (
        Testimony("nation-1127", {}, LIKELY, "author: whoever dealt with her gains by her defiance, true or not"),
        Testimony("ani-274797593", {}, LIKELY, "author: the envoy gains by having brought consent, true or not"),
        Testimony("azaad-december", {}, LIKELY, "author: she gains by having obeyed, true or not"),
        Testimony("dunya-852686", {}, LIKELY, "author: in public the chairman is loyal, whatever is agreed"),
        Testimony(
            "frontierpost-audio", {"came-too-late": LIKELY, "any-link": SO_SO}, LESS,
            "author: said in private, where there is less to gain: twice as likely if so",
        ),
    )
}  # fmt: skip
"""Who would say this if, weighed only where asked for. Interest tells nothing, privacy a little."""

PHONE, VOICE, SENT, FLOWN, FOLLOWED = 500_000, 500_000, 500_000, 500_000, 800_000
"""Chances in millionths (author): even where nothing tells, four in five that a crowd follows."""

ROAD = Between(hours(24), hours(40), "author: 170 km of obstructed motorway at 4 to 7 km/h")
LAST_LEG = Between(hours(8), hours(18), "author: 25 km through a closed city")
BY_ROAD = Between(hours(3), hours(9), "author: an envoy has to catch up with the convoy")
BY_AIR = Between(hours(1), hours(2), "author: flown to where the convoy still is")
ON_THE_MOVE = Between(minutes(5), minutes(60), "author: decided in the car")


class Join(Choice, by=bushra, pace=Between(0, hours(6), "author: on the morning itself")):
    JOIN = "goes with the march and leads it", because("P24", cause=MUCH)
    STAY = "stays in Peshawar", because("P24: reported beforehand", cause=SOME)


def strength(view: View) -> int:
    """How well the order is proven: a live call is his word, an envoy's report hearsay."""
    order = view.last(e.Ordered)
    return ALL if order is not None and order.proof == "live-call" else SOME


class Believe(Choice, by=bushra, pace=ON_THE_MOVE):
    BELIEVE = "takes it for his word", because("theory, authentication: proof against the last order", proof=strength)
    DOUBT = "wants to hear it from him", because("P21: only on his own word; P25: 'final' that afternoon", proof=MUCH)


class Obey(Choice, by=bushra, pace=ON_THE_MOVE):
    STOP = "stops the march", because("K5 f: he said Sangjani", proof=MUCH)
    GO_ON = "leads it on to D-Chowk", because("P26: D-Chowk and nowhere else", cause=MUCH)


class Clear(Choice, by=government, pace=URGENT):
    CLEAR = "clears the square by force", because("P31", calm=share(ALL, stakes(FINAL_CALL)), price=-MUCH)
    CONTAIN = "holds the lines and waits", because("author", calm=SOME)
    TALK = "talks on the spot", because(
        "P26: talks at the Speaker's house", calm=SOME, price=-SOME, credit=credit_of_pti
    )


class AfterClash(Choice, by=government, pace=URGENT):
    HALT = "halts the back channel", because("P31: no more talks", calm=0, price=SOME)
    KEEP_OPEN = "keeps the back channel open", because("P16: it had been useful", credit=credit_of_pti)


class Blaming(Choice):
    ACCUSE = "accuses the other side"
    KEEP_QUIET = "keeps quiet"


government_blames = Decision(
    government, "blame", {
        Blaming.ACCUSE: because("S21a; theory, audiences: blame is a cost one can shift", price=MUCH),
        Blaming.KEEP_QUIET: because("author", calm=SOME),
    }, URGENT,
)  # fmt: skip

party_blames = Decision(
    party, "blame", {
        Blaming.ACCUSE: because("S21b; theory, dissent and repression: victims rally support", leverage=MUCH),
        Blaming.KEEP_QUIET: because("author", danger=0),
    }, URGENT,
)  # fmt: skip


def bushra_marches(seat: Seat) -> Play:
    """She goes or stays; if she goes, she leads."""
    call = yield from seat.hear(e.Announced, of=khan, action=FINAL_CALL)
    yield from seat.pause(until=call.due - hours(6))
    if not is_on(seat.view, FINAL_CALL):
        return
    if (yield from seat.choose(Join, FINAL_CALL)) is Join.JOIN:
        yield from seat.pause(until=call.due)
        yield from lead(seat)
    else:
        seat.say(gandapur, "you-lead", via=field)


def gandapur_marches(seat: Seat) -> Play:
    """He leads when she stays behind; he is an envoy and takes the founder's word from envoys."""
    yield from seat.hear(e.Said, of=bushra, what="you-lead")
    yield from seat.pause(until=due_of(seat.view, FINAL_CALL))
    yield from lead(seat)


def lead(seat: Seat) -> Play:
    """From Peshawar to the gates, and on, unless an order to stop is obeyed."""
    if not is_on(seat.view, FINAL_CALL):
        return
    seat.begin(FINAL_CALL)
    yield from seat.pause(seat.takes("road", "to-the-gates", ROAD))
    if not is_on(seat.view, FINAL_CALL):
        return
    seat.reach(FINAL_CALL, "city-gates")
    arrival = seat.now + seat.takes("road", "to-d-chowk", LAST_LEG)
    order = yield from seat.hear(e.Ordered, until=arrival)
    if order is not None and (yield from treats(seat, order)) and is_on(seat.view, FINAL_CALL):
        seat.reach(FINAL_CALL, order.what.removeprefix("stop-at-"))
        seat.end(FINAL_CALL, "stopped")
        return
    yield from seat.pause(until=arrival)
    if not is_on(seat.view, FINAL_CALL):
        return
    seat.reach(FINAL_CALL, "d-chowk")
    clashed = yield from seat.hear(e.Happened, what="clash", within=days(2))
    if clashed is not None:
        yield from seat.pause(seat.takes("retreat", FINAL_CALL, Between(hours(2), hours(12), "author: overnight")))
    if not is_on(seat.view, FINAL_CALL):
        return
    if clashed is not None:
        seat.call_off(FINAL_CALL, "suspended")
    else:
        seat.end(FINAL_CALL, "dispersed")


def treats(seat: Seat, order: e.Ordered) -> Generator[Any, Any, bool]:
    """Whether the order is believed, obeyed, and followed by the crowd."""
    hers = seat.actor == bushra.id
    if hers and seat.works("belief-can-fail") and (yield from seat.choose(Believe, "stop-order")) is Believe.DOUBT:
        seat.doubt(order.order)
        return False
    seat.believe(order.order)
    if hers and seat.works("obedience-can-fail") and (yield from seat.choose(Obey, "stop-order")) is Obey.GO_ON:
        seat.defy(order.order)
        return False
    seat.obey(order.order)
    return seat.chance("crowd-follows", "stop-order", FOLLOWED)


def gohar_passes_on(seat: Seat) -> Play:
    """The founder's yes has to become an order that reaches the march, with his voice or without."""
    word = yield from seat.hear(e.Said, of=khan, where=lambda said: said.what.startswith("order-"))
    in_jail = word.channel == prison.id
    place = word.what.removeprefix("order-")
    seat.meanwhile(gohar_settles)
    if seat.works("sending-can-fail") and not seat.chance("order-sent", "stop-order", SENT):
        return
    link = not in_jail or not seat.works("delivery-can-fail") or seat.chance("phone-link", "stop-order", PHONE)
    voice = not in_jail or not seat.works("proof-can-fail") or seat.chance("his-voice", "stop-order", VOICE)
    if not link:
        in_time = seat.chance("helicopter", "stop-order", FLOWN)  # P27: one was provided
        yield from seat.pause(seat.takes("road", "to-the-convoy", BY_AIR if in_time else BY_ROAD))
    for leader in (bushra, gandapur):
        seat.order(leader, place, via=field, proof="live-call" if link and voice else "envoys-word")


def gohar_settles(seat: Seat) -> Play:
    """What the march does settles the promise that it would stop."""
    yield from seat.hear(e.Reached, e.Ended, action=FINAL_CALL, where=lambda step: step.what in ("d-chowk", "stopped"))
    promise = seat.view.last(e.Promised, by=khan)
    if promise is None or seat.view.standing("promise", promise.promise) is None:
        return
    if seat.view.last(e.Reached, what="d-chowk") is not None:
        seat.break_promise(promise.promise)
    else:
        seat.keep(promise.promise)


def government_in_the_street(seat: Seat) -> Play:
    """A march at D-Chowk is cleared, contained or talked to; Nature settles whether it clashes."""
    yield from seat.hear(e.Reached, action=FINAL_CALL, what="d-chowk")
    how = yield from seat.choose(Clear, "d-chowk")
    odds = {Clear.CLEAR: 900_000, Clear.CONTAIN: 400_000, Clear.TALK: 200_000}[how]
    yield from seat.pause(seat.takes("clearance", "d-chowk", Between(hours(1), hours(8), "author: within the day")))
    if seat.chance("clash", "d-chowk", odds):
        seat.happen("clash", of=NATURE)
        seat.meanwhile(government_accuses)
        if rests(seat.view, back):
            return
        answer = yield from seat.choose(AfterClash, "clash")
        if answer is AfterClash.HALT and not rests(seat.view, back):
            seat.suspend(back)


def government_accuses(seat: Seat) -> Play:
    """Blame after the clash, from the government's side."""
    if (yield from seat.choose(government_blames, "clash")) is Blaming.ACCUSE:
        seat.claim("instigated-violence", party, "instigated-violence")


def party_accuses(seat: Seat) -> Play:
    """Blame after the clash, from the party's side."""
    yield from seat.hear(e.Happened, what="clash")
    if (yield from seat.choose(party_blames, "clash")) is Blaming.ACCUSE:
        seat.claim("used-force", government, "used-force-on-protesters")
