"""South Africa, 1985 to 1990: a prisoner who negotiates, an exile track beside him, a change of president.

What the model explains: a public offer with a condition fails and binds whoever made it; small steps
of trust around a jail lead to a secret committee; what a president has vowed in public he finds hard to
undo, and a successor who vowed nothing does not. What it cannot explain: pressure from streets, banks
and neighbours, which set the pace; the party behind either president; the split that some feared had the
prisoner come out alone in 1985; and Botha's illness, for his going is a given. Strengths of reasons and
paces are the author's, set before any replay, with one prior for all; the two presidents share it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import negosim as ng
from negosim import because, days, hours
from negosim.core import events as e

from .invariants import invariants as invariants

if TYPE_CHECKING:
    from negosim import Play, Seat, View

mandela = ng.Actor("mandela", "Nelson Mandela", about="in jail; says that he cannot bind the ANC alone")
exile = ng.Actor("exile", "ANC in exile", about="Tambo, Mbeki, Zuma")
zindzi = ng.Actor("zindzi", "Zindzi Mandela", ng.Role.ENVOY, side="mandela", about="his daughter")
botha = ng.Actor("botha", "P. W. Botha", about="state president until August 1989")
klerk = ng.Actor("klerk", "F. W. de Klerk", about="his successor")
coetsee = ng.Actor("coetsee", "Kobie Coetsee", ng.Role.ENVOY, side="botha", about="minister of justice")
barnard = ng.Actor("barnard", "Niel Barnard", ng.Role.ENVOY, side="botha", about="head of intelligence (NIS)")
ACTORS = (mandela, exile, zindzi, botha, klerk, coetsee, barnard)

prison = ng.backchannel("prison", mandela, coetsee, barnard, botha, klerk, delay=hours(1))
abroad = ng.backchannel("abroad", barnard, exile)
family = ng.orders("family", mandela, zindzi, delay=hours(12))
cabinet = ng.orders("cabinet", botha, coetsee, barnard, delay=hours(12))
table = ng.formal("groote-schuur", klerk, botha, exile, mandela)
street = ng.public(*ACTORS, delay=hours(1))

class Release(ng.Issue, owner=botha):
    IF_RENOUNCED = "he goes free"

class Violence(ng.Issue, owner=mandela):
    RENOUNCED = "he renounces violence"

REASON = ng.Weight(2000, 700, "weakly informative: a full reason multiplies the odds by about seven")
WEIGHTS = {
    botha: {"calm": REASON, "control": REASON, "face": REASON},
    klerk: {"calm": REASON, "control": REASON, "face": REASON},
    coetsee: {"calm": REASON}, barnard: {"calm": REASON}, mandela: {"cause": REASON, "freedom": REASON},
}
SOME, MUCH = 300, 600
A_WEEK = ng.Pace(days(7), note="author: a week to be asked and to answer")
A_MONTH = ng.Pace(days(30), note="author: a month")
A_YEAR = ng.Pace(days(360), note="author: a step without precedent takes a year")
SESSION = ng.Between(days(7), days(28), "author: some meetings a month")
DAYS = ng.Between(days(1), days(9), "author: some days")
FIRST_GROUP = ng.Between(days(30), days(90), "author: one to three months; a test of calm")
MONTHS = ng.Between(days(50), days(120), "author: two to four months to agree on a first meeting")

def vowed(view: View) -> int:
    """Face lost by going back on a condition set in public (theory: audience costs); only its author has any."""
    return -MUCH if view.last(e.Offered, by=view.actor) is not None else 0

def knows_him(view: View) -> int:
    """How calm a release would be: calmer for whoever has met him or hears from those who meet him."""
    return MUCH if view.last(e.Met, channel=prison.id) or view.last(e.Said, by=mandela) else SOME

def in_jail(view: View) -> bool:
    return view.last(e.Happened, what="released") is None

def exile_would_talk(view: View) -> int:
    """What unbanning brings: more once the exiles were met and would talk."""
    return MUCH if view.last(e.Said, by=barnard, what="they-would-talk") is not None else SOME

class Opening(ng.Choice):
    CONDITION = "offers release if he renounces violence"
    NOTHING = "offers nothing"
opening = ng.Decision(botha, "opening", {
    Opening.CONDITION: because("A01", calm=MUCH, control=SOME), Opening.NOTHING: because("author", control=MUCH),
}, A_MONTH)

class Answering(ng.Choice):
    REFUSE = "refuses, and has it read in Soweto"
    ACCEPT = "accepts the condition"
answering = ng.Decision(mandela, "answer", {
    Answering.REFUSE: because("A02: what freedom while the organisation is banned", cause=MUCH),
    Answering.ACCEPT: because("A02: eighteen others accepted", freedom=MUCH),
}, A_WEEK)

class Visiting(ng.Choice):
    VISIT = "calls on him in hospital"
    STAY_AWAY = "stays away"
visiting = ng.Decision(coetsee, "visit", {
    Visiting.VISIT: because("A03: he had met the wife on a flight", calm=MUCH),
    Visiting.STAY_AWAY: because("author", calm=SOME),
}, A_WEEK)

class Terms(ng.Choice):
    REJECT = "rejects terms of release"
    ACCEPT = "goes free on terms"
terms = ng.Decision(mandela, "terms", {
    Terms.REJECT: because("A05: place and cooling-off", cause=MUCH), Terms.ACCEPT: because("author", freedom=MUCH),
}, A_MONTH)

class Proposing(ng.Choice):
    PROPOSE = "proposes a secret committee"
    LET_BE = "leaves it at visits"
proposing = ng.Decision(coetsee, "committee", {
    Proposing.PROPOSE: because("A06", calm=MUCH), Proposing.LET_BE: because("author", calm=SOME),
}, A_YEAR)

class Starting(ng.Choice):
    START = "orders the talks to start"
    FORBID = "forbids them"
starting = ng.Decision(botha, "team", {
    Starting.START: because("A07", calm=MUCH), Starting.FORBID: because("A01: a condition stands", control=MUCH),
}, A_YEAR)

class Writing(ng.Choice):
    WRITE = "writes to the president"
    WAIT = "waits to be asked"
writing = ng.Decision(mandela, "memorandum", {
    Writing.WRITE: because("A09", cause=MUCH), Writing.WAIT: because("author", cause=SOME),
}, ng.Pace(days(180), note="author: after half a year of sessions"))

class Receiving(ng.Choice):
    RECEIVE = "receives him"
    NOT_YET = "does not receive him"
receiving = {president: ng.Decision(president, "receive", {
    Receiving.RECEIVE: because("A10, A14", calm=knows_him, face=SOME),
    Receiving.NOT_YET: because("author", control=MUCH),
}, ng.Pace(days(100), note="author: a season")) for president in (botha, klerk)}

class Sounding(ng.Choice):
    MEET = "has the exiles met in Europe"
    WAIT = "waits for a president's word"
sounding = ng.Decision(barnard, "abroad", {
    Sounding.MEET: because("A12", calm=MUCH), Sounding.WAIT: because("author", calm=SOME),
}, A_MONTH)

class Unbanning(ng.Choice):
    UNBAN = "unbans the ANC and frees him without terms"
    HIM_ALONE = "frees him alone"
    COURTESY = "leaves it at courtesies"
unbanning = {president: ng.Decision(president, "unban", {
    Unbanning.UNBAN: because("A15", calm=exile_would_talk, face=vowed),
    Unbanning.HIM_ALONE: because("author", only_if=in_jail, calm=SOME, face=vowed),
    Unbanning.COURTESY: because("author", control=SOME),
}, ng.Pace(days(60), note="author: with the opening of parliament near")) for president in (botha, klerk)}

class Walking(ng.Choice):
    ASK_A_WEEK = "asks for a week and to walk out in the Cape"
    GO = "goes at once"
walking = ng.Decision(mandela, "walk", {
    Walking.ASK_A_WEEK: because("A16", cause=MUCH), Walking.GO: because("author", freedom=MUCH),
}, ng.Between(0, hours(6), "author: at the meeting itself"))

def botha_acts(seat: Seat) -> Play:
    if (yield from seat.choose(opening, "1985")) is Opening.CONDITION:
        offer = seat.offer(mandela, Release.IF_RENOUNCED, Violence.RENOUNCED, via=street)
        seat.meanwhile(partial(botha_frees, offer=offer))
    yield from seat.hear(e.Said, of=coetsee, what="he-would-talk")
    if (yield from seat.choose(starting, "committee")) is Starting.FORBID or not in_office(seat):
        return
    seat.say(barnard, "start", via=cabinet)
    yield from seat.hear(e.Said, of=mandela, what="memorandum")
    yield from receives(seat, "memorandum")
    yield from opens(seat)

def botha_frees(seat: Seat, offer: e.Offered) -> Play:
    yield from seat.hear(e.Agreed, answering=offer)
    if in_office(seat):
        seat.happen("released")

def klerk_acts(seat: Seat) -> Play:
    yield from seat.hear(e.Happened, what="botha-resigns")
    seat.meanwhile(partial(receives, key="successor"))
    yield from opens(seat)

presidents = {botha.id: botha, klerk.id: klerk}

def is_president(seat: Seat) -> bool:
    return has_happened(seat, "botha-resigns") == (seat.actor == klerk.id)

def in_office(seat: Seat) -> bool:
    """Whether the prisoner is still a president's to deal with, and this one is president."""
    return jailed(seat) and is_president(seat)

def receives(seat: Seat, key: str) -> Play:
    if not in_office(seat):
        return
    answer = yield from seat.choose(receiving[presidents[seat.actor]], key)
    if answer is Receiving.RECEIVE and in_office(seat):
        seat.meet("reception", mandela, via=prison)

def opens(seat: Seat) -> Play:
    """Whoever is president frees a first group, then may unban; what was vowed in public weighs."""
    yield from seat.pause(seat.takes("first-group", seat.actor, FIRST_GROUP))
    if not is_president(seat):
        return
    if not has_happened(seat, "anc-unbanned"):
        seat.happen("prisoners-freed")
        answer = yield from seat.choose(unbanning[presidents[seat.actor]], "anc")
        if answer is Unbanning.COURTESY or not is_president(seat):
            return
        if answer is Unbanning.UNBAN:
            seat.happen("anc-unbanned")
        yield from seat.pause(seat.takes("notice", seat.actor, DAYS))
        if in_office(seat):
            seat.say(mandela, "you-go-free", via=prison)
            yield from seat.pause(seat.takes("walk", seat.actor, ng.Between(days(1), days(2), "author: a day or two")))
        if in_office(seat):
            seat.happen("released")
    if has_happened(seat, "anc-unbanned"):
        yield from seat.pause(seat.takes("talks", seat.actor, MONTHS))
        if is_president(seat):
            seat.meet("groote-schuur", exile, mandela, via=table)

def has_happened(seat: Seat, what: str) -> bool:
    return seat.view.last(e.Happened, what=what) is not None

def mandela_answers(seat: Seat) -> Play:
    offer = yield from seat.hear(e.Offered, of=botha)
    if (yield from seat.choose(answering, "renounce")) is Answering.ACCEPT:
        seat.accept(offer)
    else:
        seat.reject(offer)
        seat.say(zindzi, "my-answer", via=family)

def mandela_in_jail(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=coetsee, what="terms-of-release")
    answer = yield from seat.choose(terms, "1986")
    seat.say(coetsee, "i-take-them" if answer is Terms.ACCEPT else "no-terms", via=prison)
    yield from seat.hear(e.Said, of=coetsee, what="a-secret-committee")
    seat.say(coetsee, "i-would-talk", via=prison)

def mandela_writes(seat: Seat) -> Play:
    yield from seat.hear(e.Met, of=barnard)
    answer = yield from seat.choose(writing, "president")
    if answer is Writing.WRITE and seat.view.last(e.Happened, what="released") is None:
        seat.say(botha, "memorandum", via=prison)

def mandela_walks(seat: Seat) -> Play:
    told = yield from seat.hear(e.Said, what="you-go-free")
    if (yield from seat.choose(walking, "release")) is Walking.ASK_A_WEEK:
        seat.say(told.by, "a-week-and-the-cape", via=prison)

def zindzi_reads(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=mandela)
    yield from seat.pause(seat.takes("rally", "soweto", DAYS))
    seat.say(exile, "my-father-says-no", via=street)

def coetsee_acts(seat: Seat) -> Play:
    """A visit, outings, terms that fail, a committee under another name."""
    yield from seat.hear(e.Happened, what="in-hospital")
    if (yield from seat.choose(visiting, "hospital")) is Visiting.STAY_AWAY:
        return
    if not jailed(seat):
        return
    seat.meet("hospital-visit", mandela, via=prison)
    yield from seat.pause(seat.takes("outing", "discharge", MONTHS))
    if not jailed(seat):
        return
    seat.say(mandela, "an-outing-without-guards", via=prison)
    seat.say(mandela, "terms-of-release", via=prison)
    answer = yield from seat.hear(e.Said, of=mandela)
    if answer.what == "i-take-them" and jailed(seat):
        seat.happen("released")
        return
    if (yield from seat.choose(proposing, "prison-matters")) is Proposing.PROPOSE and jailed(seat):
        seat.say(mandela, "a-secret-committee", via=prison)
        yield from seat.hear(e.Said, of=mandela, what="i-would-talk")
        seat.say(botha, "he-would-talk", via=cabinet)

def jailed(seat: Seat) -> bool:
    return in_jail(seat.view)

def barnard_meets(seat: Seat) -> Play:
    """Sessions in the jail until he is out; the exiles too, once a president has gone."""
    seat.meanwhile(barnard_abroad)
    yield from seat.hear(e.Said, of=botha, what="start")
    number = 0
    while jailed(seat):
        seat.meet("session", mandela, via=prison)
        number += 1
        yield from seat.pause(seat.takes("interval", f"session-{number}", SESSION))

def barnard_abroad(seat: Seat) -> Play:
    yield from seat.hear(e.Happened, what="botha-resigns")
    if (yield from seat.choose(sounding, "exiles")) is Sounding.MEET:
        seat.meet("lucerne", exile, via=abroad)
        seat.say(klerk, "they-would-talk", via=prison)

scenario = ng.Scenario(
    name="south-africa-1985", title="Mandela and the government of South Africa, 1985 to 1990",
    calendar=ng.Calendar(datetime(1985, 1, 1), "Africa/Johannesburg"), ends=days(1977),
    actors=ACTORS, channels=(prison, abroad, family, cabinet, table, street),
    cast={
        botha: (botha_acts,), klerk: (klerk_acts,), zindzi: (zindzi_reads,),
        mandela: (mandela_answers, mandela_in_jail, mandela_writes, mandela_walks),
        coetsee: (coetsee_acts,), barnard: (barnard_meets,),
    },
    decisions=(
        opening, answering, visiting, terms, proposing, starting, writing, sounding, walking,
        *receiving.values(), *unbanning.values(),
    ), weights=WEIGHTS,
    happenings=("in-hospital", "in-hospital-again", "botha-resigns", "prisoners-freed", "anc-unbanned", "released"),
    words={
        "if-renounced": "his release", "renounced": "violence renounced", "anc-unbanned": "the ANC is unbanned",
        "released": "Mandela goes free", "in-hospital": "Mandela is in hospital", "memorandum": "a memorandum",
        "botha-resigns": "Botha resigns", "in-hospital-again": "Mandela is in hospital again",
    },
)
