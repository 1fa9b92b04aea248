"""South Africa, 1985 to 1990: a prisoner who negotiates, an exile track beside him, a change of president.

What the model explains: a public offer with a condition fails and binds whoever made it; small steps
of trust around a jail lead to a secret committee; what a president has vowed in public he finds hard to
undo, and a successor who vowed nothing does not. What it cannot explain: pressure from streets, banks
and neighbours, which set the pace; the party behind either president; the split that some feared had the
prisoner come out alone in 1985; and Botha's illness, for his going is a given. Strengths of reasons and
paces are the author's, set before any replay, with one prior for all; the two presidents share it.
"""

from __future__ import annotations

import negosim as ng
from negosim import Between, Choice, Pace, Play, Role, Seat, View, because, days
from negosim.core import events as e
from negosim.parts.known import happened
from negosim.parts.ways.swap import swaps
from negosim.stories.authoring import MUCH, SOME, AtMostOnce, Events, Never

mandela = ng.Actor("mandela", "Nelson Mandela", about="in jail; says that he cannot bind the ANC alone")
exile = ng.Actor("exile", "ANC in exile", about="Tambo, Mbeki, Zuma")
zindzi = ng.Actor("zindzi", "Zindzi Mandela", Role.ENVOY, side="mandela", about="his daughter")
botha = ng.Actor("botha", "P. W. Botha", about="state president until August 1989")
klerk = ng.Actor("klerk", "F. W. de Klerk", about="his successor")
coetsee = ng.Actor("coetsee", "Kobie Coetsee", Role.ENVOY, side="botha", about="minister of justice")
barnard = ng.Actor("barnard", "Niel Barnard", Role.ENVOY, side="botha", about="head of intelligence (NIS)")
ACTORS = (mandela, exile, zindzi, botha, klerk, coetsee, barnard)

prison = ng.backchannel("prison", mandela, coetsee, barnard, botha, klerk, delay=60)
abroad = ng.backchannel("abroad", barnard, exile)
family = ng.orders("family", mandela, zindzi, delay=720)
cabinet = ng.orders("cabinet", botha, coetsee, barnard, delay=720)
table = ng.formal("groote-schuur", klerk, botha, exile, mandela)
street = ng.public(*ACTORS, delay=60)

class Release(ng.Issue, owner=botha):
    IF_RENOUNCED = "he goes free"

class Violence(ng.Issue, owner=mandela):
    RENOUNCED = "he renounces violence"

A_WEEK = Pace(days(7), note="author: a week to be asked and to answer")
A_MONTH = Pace(days(30), note="author: a month")
A_YEAR = Pace(days(360), note="author: a step without precedent takes a year")
SESSION = Between(days(7), days(28), "author: some meetings a month")
DAYS = Between(days(1), days(9), "author: some days")
FIRST_GROUP = Between(days(30), days(90), "author: one to three months; a test of calm")
MONTHS = Between(days(50), days(120), "author: two to four months to agree on a first meeting")

def vowed(view: View) -> int:
    """Face lost by going back on a condition set in public (theory: audience costs); only its author has any."""
    return -MUCH if view.last(e.Offered, by=view.actor) is not None else 0

def knows_him(view: View) -> int:
    """How calm a release would be: calmer for whoever has met him or hears from those who meet him."""
    return MUCH if view.last(e.Met, channel=prison) or view.last(e.Said, by=mandela) else SOME

def in_jail(view: View) -> bool:
    return not happened(view, "released")

def in_office(view: View) -> bool:
    """Whether the prisoner is still a president's to deal with, and this one is president."""
    return in_jail(view) and is_president(view)

def exile_would_talk(view: View) -> int:
    """What unbanning brings: more once the exiles were met and would talk."""
    return MUCH if view.last(e.Said, by=barnard, what="they-would-talk") is not None else SOME

class Opening(Choice, by=botha, pace=A_MONTH):
    CONDITION = "offers release if he renounces violence", because("A01", calm=MUCH, control=SOME)
    NOTHING = "offers nothing", because("author", control=MUCH)

class Answer(Choice, by=mandela, pace=A_WEEK):
    REFUSE = "refuses, and has it read in Soweto", because("A02: what freedom under a ban", cause=MUCH)
    ACCEPT = "accepts the condition", because("A02: eighteen others accepted", freedom=MUCH)

class Visit(Choice, by=coetsee, pace=A_WEEK):
    VISIT = "calls on him in hospital", because("A03: he had met the wife on a flight", calm=MUCH)
    STAY_AWAY = "stays away", because("author", calm=SOME)

class Terms(Choice, by=mandela, pace=A_MONTH):
    REJECT = "rejects terms of release", because("A05: place and cooling-off", cause=MUCH)
    ACCEPT = "goes free on terms", because("author", freedom=MUCH)

class Committee(Choice, by=coetsee, pace=A_YEAR):
    PROPOSE = "proposes a secret committee", because("A06", calm=MUCH)
    LET_BE = "leaves it at visits", because("author", calm=SOME)

class Team(Choice, by=botha, pace=A_YEAR):
    START = "orders the talks to start", because("A07", calm=MUCH)
    FORBID = "forbids them", because("A01: a condition stands", control=MUCH)

class Memorandum(Choice, by=mandela, pace=Pace(days(180), note="author: after half a year of sessions")):
    WRITE = "writes to the president", because("A09", cause=MUCH)
    WAIT = "waits to be asked", because("author", cause=SOME)

class Abroad(Choice, by=barnard, pace=A_MONTH):
    MEET = "has the exiles met in Europe", because("A12", calm=MUCH)
    WAIT = "waits for a president's word", because("author", calm=SOME)

class Walk(Choice, by=mandela, pace=Between(0, 360, "author: at the meeting itself")):
    ASK_A_WEEK = "asks for a week and to walk out in the Cape", because("A16", cause=MUCH)
    GO = "goes at once", because("author", freedom=MUCH)

class Receive(Choice, by=(botha, klerk), pace=Pace(days(100), note="author: a season")):
    RECEIVE = "receives him", because("A10, A14", calm=knows_him, face=SOME)
    NOT_YET = "does not receive him", because("author", control=MUCH)

class Unban(Choice, by=(botha, klerk), pace=Pace(days(60), note="author: with the opening of parliament near")):
    UNBAN = "unbans the ANC and frees him without terms", because("A15", calm=exile_would_talk, face=vowed)
    HIM_ALONE = "frees him alone", because("author", only_if=in_jail, calm=SOME, face=vowed)
    COURTESY = "leaves it at courtesies", because("author", control=SOME)

def is_president(view: View) -> bool:
    return happened(view, "botha-resigns") == (view.actor == klerk.id)

def botha_acts(seat: Seat) -> Play:
    if (yield from seat.choose(Opening, "1985")) is Opening.CONDITION:
        seat.offer(mandela, Release.IF_RENOUNCED, Violence.RENOUNCED, via=street)
        seat.meanwhile(botha_frees)
    yield from seat.hear(e.Said, of=coetsee, what="he-would-talk")
    if (yield from seat.choose(Team, "committee")) is Team.FORBID or not in_office(seat.view):
        return
    seat.say(barnard, "start", via=cabinet)
    yield from seat.hear(e.Said, of=mandela, what="memorandum")
    yield from receives(seat, "memorandum")
    yield from opens(seat)

def botha_frees(seat: Seat) -> Play:
    """Release against violence renounced, the prisoner first."""
    done = yield from swaps(seat, [Release.IF_RENOUNCED], [Violence.RENOUNCED], first=False, patience=days(30))
    if done and in_office(seat.view):
        seat.happen("released")

def klerk_acts(seat: Seat) -> Play:
    yield from seat.hear(e.Happened, what="botha-resigns")
    seat.meanwhile(lambda seat: receives(seat, "successor"))
    yield from opens(seat)

def receives(seat: Seat, key: str) -> Play:
    if in_office(seat.view) and (yield from seat.choose(Receive, key)) is Receive.RECEIVE and in_office(seat.view):
        seat.meet("reception", mandela, via=prison)

def opens(seat: Seat) -> Play:
    """Whoever is president frees a first group, then may unban; what was vowed in public weighs."""
    yield from seat.pause(seat.takes("first-group", seat.actor, FIRST_GROUP))
    if not is_president(seat.view):
        return
    if not happened(seat.view, "anc-unbanned"):
        seat.happen("prisoners-freed")
        answer = yield from seat.choose(Unban, "anc")
        if answer is Unban.COURTESY or not is_president(seat.view):
            return
        if answer is Unban.UNBAN:
            seat.happen("anc-unbanned")
        yield from seat.pause(seat.takes("notice", seat.actor, DAYS))
        if in_office(seat.view):
            seat.say(mandela, "you-go-free", via=prison)
            yield from seat.pause(seat.takes("walk", seat.actor, Between(days(1), days(2), "author: a day or two")))
        if in_office(seat.view):
            seat.happen("released")
    if happened(seat.view, "anc-unbanned"):
        yield from seat.pause(seat.takes("talks", seat.actor, MONTHS))
        if is_president(seat.view):
            seat.meet("groote-schuur", exile, mandela, via=table)

def mandela_answers(seat: Seat) -> Play:
    offer = yield from seat.hear(e.Offered, of=botha)
    if (yield from seat.choose(Answer, "renounce")) is Answer.ACCEPT:
        seat.accept(offer)
        yield from swaps(seat, [Violence.RENOUNCED], [Release.IF_RENOUNCED], first=True, patience=days(30))
    else:
        seat.reject(offer)
        seat.say(zindzi, "my-answer", via=family)

def mandela_in_jail(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=coetsee, what="terms-of-release")
    answer = yield from seat.choose(Terms, "1986")
    seat.say(coetsee, "i-take-them" if answer is Terms.ACCEPT else "no-terms", via=prison)
    yield from seat.hear(e.Said, of=coetsee, what="a-secret-committee")
    seat.say(coetsee, "i-would-talk", via=prison)

def mandela_writes(seat: Seat) -> Play:
    yield from seat.hear(e.Met, of=barnard)
    if (yield from seat.choose(Memorandum, "president")) is Memorandum.WRITE and in_jail(seat.view):
        seat.say(botha, "memorandum", via=prison)

def mandela_walks(seat: Seat) -> Play:
    notice = yield from seat.hear(e.Said, what="you-go-free")
    if (yield from seat.choose(Walk, "release")) is Walk.ASK_A_WEEK:
        seat.say(notice.by, "a-week-and-the-cape", via=prison)

def zindzi_reads(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=mandela)
    yield from seat.pause(seat.takes("rally", "soweto", DAYS))
    seat.say(exile, "my-father-says-no", via=street)

def coetsee_acts(seat: Seat) -> Play:
    """A visit, outings, terms that fail, a committee under another name; nothing more once he is out."""
    yield from seat.hear(e.Happened, what="in-hospital")
    if (yield from seat.choose(Visit, "hospital")) is Visit.STAY_AWAY or not in_jail(seat.view):
        return
    seat.meet("hospital-visit", mandela, via=prison)
    yield from seat.pause(seat.takes("outing", "discharge", MONTHS))
    if not in_jail(seat.view):
        return
    seat.say(mandela, "an-outing-without-guards", via=prison)
    seat.say(mandela, "terms-of-release", via=prison)
    answer = yield from seat.hear(e.Said, of=mandela)
    if answer.what == "i-take-them" and in_jail(seat.view):
        seat.happen("released")
    elif (yield from seat.choose(Committee, "prison-matters")) is Committee.PROPOSE and in_jail(seat.view):
        seat.say(mandela, "a-secret-committee", via=prison)
        yield from seat.hear(e.Said, of=mandela, what="i-would-talk")
        seat.say(botha, "he-would-talk", via=cabinet)

def barnard_meets(seat: Seat) -> Play:
    """Sessions in the jail until he is out."""
    yield from seat.hear(e.Said, of=botha, what="start")
    number = 0
    while in_jail(seat.view):
        seat.meet("session", mandela, via=prison)
        number += 1
        yield from seat.pause(seat.takes("interval", f"session-{number}", SESSION))

def barnard_abroad(seat: Seat) -> Play:
    """The exiles too, once a president has gone."""
    yield from seat.hear(e.Happened, what="botha-resigns")
    if (yield from seat.choose(Abroad, "exiles")) is Abroad.MEET:
        seat.meet("lucerne", exile, via=abroad)
        seat.say(klerk, "they-would-talk", via=prison)

scenario = ng.scenario_from_record(
    __file__, actors=ACTORS, channels=(prison, abroad, family, cabinet, table, street),
    cast={
        botha: botha_acts, klerk: klerk_acts, coetsee: coetsee_acts, barnard: (barnard_meets, barnard_abroad),
        mandela: (mandela_answers, mandela_in_jail, mandela_writes, mandela_walks), zindzi: zindzi_reads,
    },
    decisions=(Opening, Answer, Visit, Terms, Committee, Team, Memorandum, Abroad, Walk, Receive, Unban),
    happenings=("prisoners-freed", "anc-unbanned", "released"),
)  # fmt: skip

RELEASED, RESIGNED = Events(e.Happened, what="released"), Events(e.Happened, what="botha-resigns")
invariants = (
    AtMostOnce("He goes free twice.", RELEASED),
    Never("He is met in prison after his release.", Events(e.Met, channel=prison), after=RELEASED),
    Never("Botha acts as president after he resigned.", Events(e.Met, e.Happened, by=botha), after=RESIGNED),
    Never("De Klerk acts as president before that.", Events(e.Met, e.Happened, by=klerk), until=RESIGNED),
    Never("They sit down under the ban.", Events(e.Met, channel=table), until=Events(e.Happened, what="anc-unbanned")),
)  # fmt: skip
