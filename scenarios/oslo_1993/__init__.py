"""Oslo, 1992 to 1993: a front track that stalls, and a back track that private persons begin.

What the model explains: a channel that can be denied is cheap to try, what is cheap may be upgraded once
it yields a text, and a front track where those who decide are not at the table yields nothing meanwhile.
What it cannot explain: the text itself, clause by clause; who told whom in Washington; why Rabin let his
rival's men go on; and what became of the agreement, for those left out appear here only as a risk that
grows with every round. Strengths of reasons and paces are the author's, set before any replay, with one
prior for all.
"""

from __future__ import annotations

import negosim as ng
from negosim import Between, Choice, Pace, Play, Role, Seat, View, because, days, hours
from negosim.core import events as e
from negosim.parts.known import happened
from negosim.parts.ways.relay import AGREED, relays
from negosim.stories.authoring import MUCH, SOME, Events, Never

israel = ng.Actor("israel", "Israel", about="Rabin and Peres, rivals in one government")
hirschfeld = ng.Actor("hirschfeld", "Yair Hirschfeld", Role.ENVOY, side="israel", about="private, deniable")
savir = ng.Actor("savir", "Uri Savir", Role.ENVOY, side="israel", about="an official from May 1993")
delegation = ng.Actor("delegation", "the Washington delegations", about="kept ignorant of the other track")
plo = ng.Actor("plo", "PLO", about="Arafat and Abu Mazen, in Tunis")
qurie = ng.Actor("qurie", "Ahmed Qurie", Role.ENVOY, side="plo", about="Abu Ala")
norway = ng.Actor("norway", "Norway", Role.FACILITATOR, about="Larsen, Juul, Egeland, Holst")
ACTORS = (israel, hirschfeld, savir, delegation, plo, qurie, norway)

back = ng.backchannel("back", hirschfeld, savir, qurie, norway, israel, plo, delay=hours(6), leak=10_000)
home = ng.orders("home", israel, hirschfeld, savir, delay=hours(12))
host = ng.backchannel("host", israel, norway)
phone = ng.backchannel("phone", norway, plo)
washington = ng.formal("washington", israel, delegation)
table = ng.formal("signing", israel, plo)
street = ng.public(*ACTORS, delay=hours(1))

class Interim(ng.Issue, owner=israel):
    GAZA_FIRST = "self-rule begins in Gaza, hard questions are put off"

class Recognition(ng.Issue, owner=plo):
    RECOGNISES = "the PLO recognises Israel and renounces violence"

WEEK = Pace(days(7), note="author: a week to ask at home")
MONTH = Pace(days(30), note="author: a month")
SEASON = Pace(days(90), note="author: a season")
FRONT_APART = Between(days(30), days(75), "author: a round in Washington every month or two")
BACK_APART = Between(days(10), days(25), "author: two or three rounds in two months")
TWO_ROUNDS = Between(days(30), days(60), "author: two more rounds")
TO_TELL_ALLIES = Between(days(5), days(15), "author: to tell allies")
TO_CONVENE = Between(days(2), days(8), "author: days to convene")
CEREMONY = Between(days(3), days(8), "author: to prepare a ceremony")

def text_in_hand(view: View) -> int:
    """What going on is worth: more once drafts are there, which the third round brings."""
    return MUCH if view.last(e.Said, what="draft") is not None else SOME

def deniable(view: View) -> int:
    """What the track risks: nothing while private persons sit there, more with an official, all in the open."""
    return -MUCH if view.last(e.Leaked) is not None else -SOME if view.last(e.Said, what="savir-goes") else 0

def promised(view: View) -> int:
    """How much the promise of a deal in six to nine months presses: more near their end, until it is kept."""
    since = None if happened(view, "front-agreement") else view.minutes_since(e.Happened, what="rabin-elected")
    return 0 if since is None else MUCH if since > days(240) else SOME

class Host(Choice, by=norway, pace=SEASON):
    OFFER = "offers to host in secret", because("O04; O02: the idea was there since April", peace=MUCH)
    STAY_OUT = "leaves it to Washington", because("author", peace=SOME)

class Try(Choice, by=hirschfeld, pace=SEASON):
    MEET = "meets Qurie in London, against the law", because("O05", peace=MUCH)
    DECLINE = "does not", because("O05: contact was illegal", peace=SOME)

class Ban(Choice, by=israel, pace=SEASON):
    LIFT = "lifts the ban on contacts", because("O06", peace=SOME)
    KEEP = "keeps the ban", because("author", risk=SOME)

class Upgrade(Choice, by=israel, pace=MONTH):
    OFFICIAL = "sends an official", because("O08", peace=text_in_hand, risk=-SOME)
    PRIVATE = "leaves it to private persons", because("O05: it can be denied", peace=SOME)
    END = "ends it", because("O01: Washington was the agreed place", risk=SOME)

class Reopen(Choice, by=plo, pace=WEEK):
    REOPEN = "reopens the text", because("theory, bargaining: ask for more while the other is in a hurry", gain=MUCH)
    KEEP = "keeps to the text", because("author", peace=MUCH)

class Close(Choice, by=israel, pace=MONTH):
    CLOSE = "closes the last gaps and initials", because("O10; O03: a promise", peace=promised, risk=deniable)
    WAIT = "waits for another round", because("author", risk=SOME)

class Announce(Choice, by=israel, pace=TO_TELL_ALLIES):
    ANNOUNCE = "announces the agreement", because("O11", peace=MUCH)
    HOLD_BACK = "keeps it secret for now", because("author", risk=SOME)

class Approve(Choice, by=plo, pace=TO_CONVENE):
    APPROVE = "has it approved by Fatah", because("O12", peace=MUCH)
    REJECT = "sees it rejected", because("author: those left out object", gain=SOME)

class Front(Choice, by=israel, pace=SEASON):
    YIELD = "yields on the council's powers", because("author", peace=SOME, risk=-SOME)
    STALL = "does not yield", because("O01: stuck on the powers of a council", risk=SOME)

class Recognise(Choice, by=israel, pace=WEEK):
    SIGN = "signs letters of mutual recognition", because("O13: letters against renouncing violence", peace=MUCH)
    WITHHOLD = "withholds recognition", because("author", risk=SOME)

def israel_in_washington(seat: Seat) -> Play:
    """The front track: those who decide for the other side are not at the table."""
    for number in range(1, 9):
        yield from seat.pause(seat.takes("interval", f"front-{number}", FRONT_APART))
        seat.meet("front-round", delegation, via=washington)
        if number == 5 and (yield from seat.choose(Front, "council")) is Front.YIELD:
            seat.happen("front-agreement")
            return

def israel_at_the_back(seat: Seat) -> Play:
    """From a ban on contacts to the night in which the last gaps are closed through the host, and all initial."""
    yield from seat.hear(e.Happened, what="rabin-elected")
    if (yield from seat.choose(Ban, "contacts")) is Ban.LIFT:
        seat.happen("ban-lifted")
    yield from seat.hear(e.Said, of=hirschfeld, what="draft")
    for key in ("draft", "later-draft"):
        answer = yield from seat.choose(Upgrade, key)
        if answer is Upgrade.END:
            return
        if answer is Upgrade.OFFICIAL:
            seat.say(savir, "savir-goes", via=home)
            break
        yield from seat.pause(seat.takes("rounds", key, TWO_ROUNDS))
    yield from seat.hear(e.Said, of=plo, what="our-changes")
    if (yield from seat.choose(Close, "gaps")) is Close.CLOSE:
        seat.meet("last-gaps", norway, via=host)
        seat.offer(norway, Interim.GAZA_FIRST, Recognition.RECOGNISES, via=host)
        yield from seat.hear(e.Said, of=norway, what=AGREED)
        yield from israel_signs(seat)

def israel_signs(seat: Seat) -> Play:
    seat.meet("initialling", plo, norway, qurie, savir, via=back)
    if (yield from seat.choose(Announce, "agreement")) is Announce.HOLD_BACK:
        return
    seat.announce("signing", "agreement", due=seat.now + days(14))
    if (yield from seat.choose(Recognise, "plo")) is Recognise.SIGN:
        seat.happen("mutual-recognition")
        yield from seat.pause(seat.takes("ceremony", "washington", CEREMONY))
        seat.meet("signing", plo, via=table)
        for promise in seat.view.all(e.Promised, by=israel):
            seat.keep(promise.promise, 500)  # begun, and no more than begun

def norway_hosts(seat: Seat) -> Play:
    """It offers a place, and later carries the last offer from one phone to the other."""
    yield from seat.hear(e.Happened, what="rabin-elected")
    if (yield from seat.choose(Host, "secret-talks")) is Host.OFFER:
        seat.say(hirschfeld, "come-to-norway", via=back)
        yield from relays(seat, {israel: host, plo: phone}, until=days(500))

def hirschfeld_tries(seat: Seat) -> Play:
    """A meeting against the law, then rounds near Oslo, and a draft."""
    yield from seat.hear(e.Said, of=norway)
    if (yield from seat.choose(Try, "london")) is Try.DECLINE:
        return
    seat.meet("london", qurie, via=back)
    if not happened(seat.view, "ban-lifted"):
        yield from seat.hear(e.Happened, what="ban-lifted")
    for number in (1, 2, 3):
        yield from seat.pause(seat.takes("interval", f"round-{number}", BACK_APART))
        seat.meet("round", qurie, norway, via=back)
    seat.say(israel, "draft", via=home)

def savir_goes(seat: Seat) -> Play:
    """An official sits down; the PLO may reopen what private persons drafted."""
    yield from seat.hear(e.Said, of=israel)
    yield from seat.pause(seat.takes("interval", "savir", BACK_APART))
    seat.meet("official-round", qurie, norway, hirschfeld, via=back)
    seat.say(plo, "a-text", via=back)

def plo_answers(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=savir)
    if (yield from seat.choose(Reopen, "text")) is Reopen.REOPEN:
        yield from seat.pause(seat.takes("round", "near-break", BACK_APART))
    seat.say(israel, "our-changes", via=back)
    offer = yield from seat.hear(e.Offered, of=norway)
    seat.accept(offer)
    yield from seat.hear(e.Announced, action="signing")
    if (yield from seat.choose(Approve, "fatah")) is Approve.APPROVE:
        seat.happen("fatah-approves")

scenario = ng.scenario_from_record(
    __file__, actors=ACTORS, channels=(back, home, host, phone, washington, table, street),
    cast={
        israel: (israel_in_washington, israel_at_the_back), norway: norway_hosts,
        hirschfeld: hirschfeld_tries, savir: savir_goes, plo: plo_answers,
    },
    decisions=(Host, Try, Ban, Upgrade, Reopen, Close, Announce, Approve, Front, Recognise),
    happenings=("ban-lifted", "front-agreement", "mutual-recognition", "fatah-approves"),
)  # fmt: skip

SECRET_ROUNDS = Events(e.Met, meeting=("round", "official-round", "initialling"))
invariants = (
    Never("Somebody but the men in London meets the PLO while it is illegal.", SECRET_ROUNDS,
          until=Events(e.Happened, what="ban-lifted")),
    Never("It is initialled before an official has sat at the back table.", Events(e.Met, meeting="initialling"),
          until=Events(e.Met, meeting="official-round")),
    Never("They sign before they have agreed and recognised each other.", Events(e.Met, meeting="signing"),
          until=(Events(e.Happened, what="mutual-recognition"), Events(e.Promised, what="recognises"))),
)  # fmt: skip
