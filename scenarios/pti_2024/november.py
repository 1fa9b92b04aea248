"""November: the final call, an offer the founder will not take, a stop that is agreed and not made.

The founder calls a march for a Sunday with foreign guests in town. The government opens the prison
to his envoys and offers talks; he wants release first. On the road it offers sites, each nearer to
what would be taken. When he agrees to one, his word still has to be sent, arrive, be proven,
believed and obeyed.
"""

from __future__ import annotations

from collections.abc import Callable

from negosim import Between, Choice, Pace, Play, Seat, View, because, days, hours, minutes
from negosim.core import events as e
from negosim.parts.known import happened, is_on, is_open, rests
from negosim.stories.authoring import ALL, MUCH, SOME

from .gate import VISITING_HOURS, visits
from .october import Respond
from .people import (
    DISOBEDIENCE, FINAL_CALL, WINTER_MARCH, March, Relief, back, council, establishment, field, gandapur, gohar,
    government, khan, lawyers, party, prison, saif,
)
from .reasons import (
    AFTER_SHOCK, ROUTINE, STRATEGIC, URGENT, at_liberty, before, credit_of_government, due_of, next_sunday, shaken,
    share, stakes,
)
from .sites import government_sites, names_site


def threat_pays(view: View) -> int:
    """What the last threat brought, as his visitors told it (theory: learning from the last round)."""
    return ALL if view.last(e.Said, what="threat-worked") is not None else MUCH


def crowd_left(view: View) -> int:
    """How much pressure another march could make: less after one was broken up."""
    return SOME if shaken(view) else threat_pays(view)


def march_frees(view: View) -> int:
    """What a march would do for his release; after one that failed, nothing."""
    return 0 if shaken(view) else SOME


def way_out(view: View) -> int:
    """What talks are worth to him: more once he is hurt (theory: readiness), weighed by trust."""
    return (MUCH if shaken(view) else SOME) + credit_of_government(view) * SOME // ALL


def next_pace(view: View) -> Pace:
    """Days after a shock, weeks otherwise."""
    return AFTER_SHOCK if shaken(view) else STRATEGIC


def hope(view: View) -> int:
    """What a promise of talks is worth to him: some, weighed by whether they keep their word."""
    bad_faith = SOME if happened(view, "re-arrested") else 0
    return SOME - bad_faith + credit_of_government(view) * SOME // ALL


def never_called(action: str) -> Callable[[View], bool]:
    """Whether he has not called for it yet: he calls a march of winter, or disobedience, once."""
    return lambda view: view.last(e.Announced, action=action) is None


class Next(Choice, by=khan, pace=next_pace):
    MARCH = "calls his followers to the capital", because(
        "P13; P12: his party vowed one", only_if=never_called(WINTER_MARCH), leverage=crowd_left,
        freedom=march_frees, face=SOME,
    )
    TALK_AND_THREATEN = "names a committee and threatens civil disobedience", because(
        "P34; P13: many advised against a march", only_if=never_called(DISOBEDIENCE), leverage=SOME, freedom=way_out
    )
    WAIT = "leaves it to the courts", because("P11, P17: bail pleas were before the courts", freedom=SOME)


# ── access, the offer, the demand ───────────────────────────────────────────────────────────────

RETREAT = {"postponed": MUCH, "stop-in-kp": MUCH, "stop-at-sangjani": SOME, "stop-at-peshawar-morr": 0}
"""How public a retreat each option is: the vow was D-Chowk, on the day (theory: audience costs)."""


def retreat(view: View) -> int:
    """The loss of face in the package that is put to him."""
    offer = view.subject
    slugs = offer.terms.slugs if isinstance(offer, e.Conveyed) else ()
    return -max((RETREAT.get(slug, 0) for slug in slugs), default=0)


def on_the_road(view: View) -> bool:
    """Whether what is put to him is about a march that is under way."""
    return isinstance(view.subject, e.Conveyed) and "postponed" not in view.subject.terms.slugs


def crowd_kept(view: View) -> int:
    """A crowd that stops at a site still presses; one sent home does not (theory: leverage)."""
    return SOME if on_the_road(view) else -SOME


def crowd_risked(view: View) -> int:
    """Before the day a refusal presses; on the road it risks the crowd (theory: looming catastrophe)."""
    return -MUCH if on_the_road(view) else SOME


def in_jail(view: View) -> bool:
    """Only a prisoner can ask for his release, and only a prisoner can be released."""
    return not at_liberty(view)


class Reply(Choice, by=khan, name="answer", pace=Between(minutes(15), hours(2), "author: within the visit")):
    ACCEPT = "agrees", because("P15: he had allowed talks", freedom=hope, face=retreat, leverage=crowd_kept)
    RELEASE_FIRST = "wants to be released first", because(
        "S15; theory, commitment: a proof that cannot be undone", only_if=in_jail, freedom=MUCH,
        leverage=lambda v: -SOME if on_the_road(v) else 0,
    )
    REFUSE = "refuses", because("P25: 'final'", face=SOME, leverage=crowd_risked)


class Release(Choice, by=government, pace=before(FINAL_CALL)):
    RELEASE = "releases him, if the establishment consents", because(
        "P18: what was asked", only_if=in_jail, calm=share(ALL, stakes(FINAL_CALL)), price=-ALL
    )
    DETAINEES = "offers to free some detainees", because(
        "P19: his test", calm=share(SOME, stakes(FINAL_CALL)), price=-MUCH
    )
    REFUSE = "says no", because("P22: declined", calm=0)
    SILENCE = "does not answer", because("P19: nothing was done")


class Consent(Choice, by=establishment, pace=ROUTINE):
    CONSENT = "does not object", because("P16: its approval was needed; nothing tells which way, so even odds")
    WITHHOLD = "objects", because("P16")


class AfterBail(Choice, by=government, pace=URGENT):
    REARREST = "has him arrested in another case", because("P17: the same night", only_if=in_jail)
    LET_GO = "lets him go home", because(
        "P17: the court's order", only_if=in_jail, calm=share(MUCH, stakes(FINAL_CALL)), price=-ALL
    )
    NOTHING = "has nothing to decide", because("author: his release was agreed meanwhile", only_if=at_liberty)


class Freed(Choice, by=khan, pace=URGENT):
    CALL_OFF = "calls the march off", because("P18: drop the cases and release him", freedom=MUCH)
    MARCH_ON = "lets it go on", because("P13: other demands stand", leverage=MUCH, face=SOME)


class Disobey(Choice, by=khan, pace=ROUTINE):
    START = "starts civil disobedience", because("P34: as announced", leverage=crowd_left, face=SOME)
    DEFER = "puts it off", because("P36: at his leaders' request", freedom=way_out, leverage=SOME)

BAILED_AGAIN = 500_000
"""One bail order for him in the thirteen weeks of the record (P17): 1 - exp(-9/13), in nine more."""
HEARING = Between(0, days(58), "author: any day of the two months after the record")

# ── parts ───────────────────────────────────────────────────────────────────────────────────────


def party_reports(seat: Seat) -> Play:
    """Once visits resume, lawyers tell the founder what October brought."""
    yield from seat.hear(e.Happened, what="visits-resume")
    got = any(promise.to == party.id for promise in seat.view.all(e.Promised, by=government))
    seat.say(khan, "threat-worked" if got else "no-gain", via=lawyers)

AFTER = {
    "threat-worked": "after-october", "no-gain": "after-october", "clash": "after-clash",
    "march-over": "after-march-over", "no-march": "after-no-march", "talks-over": "after-talks",
}
"""What the founder is told, and the question that it raises."""


def khan_decides(seat: Seat) -> Play:
    """Told of October, of the march, of the end of talks, the founder decides what comes next."""
    while True:
        told = yield from seat.hear(e.Said, of=party, where=lambda said: said.what in AFTER)
        answer = yield from seat.choose(Next, AFTER[told.what])
        sunday = next_sunday(seat, days(7))
        if answer is Next.TALK_AND_THREATEN:
            seat.announce(DISOBEDIENCE, "two-demands", due=sunday)
            seat.meanwhile(khan_disobeys)
        elif answer is Next.MARCH and AFTER[told.what] == "after-october":
            seat.announce(FINAL_CALL, "d-chowk", due=sunday)
            seat.meanwhile(khan_answers)
        elif answer is Next.MARCH:
            seat.announce(WINTER_MARCH, "d-chowk", due=sunday)


def khan_disobeys(seat: Seat) -> Play:
    """Asked for time, he puts civil disobedience off or lets it begin."""
    yield from seat.hear(e.Said, of=party, what="defer-it")
    if (yield from seat.choose(Disobey, DISOBEDIENCE)) is Disobey.DEFER:
        seat.call_off(DISOBEDIENCE, "deferred")
    else:
        seat.begin(DISOBEDIENCE)


def khan_answers(seat: Seat) -> Play:
    """What envoys bring is answered while they are there."""
    while True:
        brought = yield from seat.hear(e.Conveyed, of=gohar)
        key = next(c.option for c in brought.terms.clauses if c.issue == "march")
        match (yield from seat.choose(Reply, key, over=brought, again=True)):
            case Reply.ACCEPT:
                seat.ratify(brought.offer)
                if key != "postponed":
                    seat.say(gohar, f"order-{key}", via=field if at_liberty(seat.view) else prison)
                elif is_on(seat.view, FINAL_CALL):
                    seat.call_off(FINAL_CALL, "postponed")
            case Reply.RELEASE_FIRST:  # P15: he authorised them to talk
                seat.mandate(gohar, March, via=prison)
                seat.say(gohar, "release-first", via=prison)
            case Reply.REFUSE:
                seat.veto(brought.offer)


def government_final_call(seat: Seat) -> Play:
    """The government answers the call as it answered October's: it may talk."""
    call = yield from seat.hear(e.Announced, of=khan, action=FINAL_CALL)
    seat.meanwhile(government_sites)
    answer = yield from seat.choose(Respond, FINAL_CALL, over=call)
    if answer is Respond.ARREST:
        seat.happen("organisers-arrested")
    if answer is not Respond.TALK:
        return
    if not is_on(seat.view, FINAL_CALL) or call.due <= seat.now:
        return
    if rests(seat.view, back):
        seat.resume(back)
    seat.meet("november-contact", party, gohar, via=back)
    offer = seat.offer(gohar, March.POSTPONED, Relief.TALKS, via=back, until=call.due)
    demand = yield from seat.hear(e.Offered, of=gohar, answering=offer)
    verdict = yield from seat.choose(Release, "demand", over=demand)
    if not is_on(seat.view, FINAL_CALL) or not is_open(seat.view, demand):
        return
    match verdict:
        case Release.RELEASE:
            yield from ask_establishment(seat, demand)
        case Release.DETAINEES if not rests(seat.view, back):
            seat.offer(gohar, via=back, terms=demand.terms.but(Relief.DETAINEES), answers=demand)
        case Release.REFUSE:
            seat.reject(demand)


def ask_establishment(seat: Seat, demand: e.Offered) -> Play:
    """A release needs a consent that is not the government's to give."""
    seat.say(establishment, "consent-to-release", via=council)
    word = yield from seat.hear(e.Said, of=establishment)
    if not is_open(seat.view, demand) or at_liberty(seat.view):
        return
    if word.what != "consent":
        seat.reject(demand)
        return
    seat.accept(demand)
    yield from seat.pause(hours(24))
    if not at_liberty(seat.view):
        send_home(seat)
    for promise in seat.view.all(e.Promised, by=government, what="release"):
        seat.keep(promise.promise)


def send_home(seat: Seat) -> None:
    """The founder goes home, and everybody learns of it; no public news reaches his cell."""
    seat.happen("released", khan)
    seat.happen("released")


def establishment_consents(seat: Seat) -> Play:
    """The veto player answers when asked."""
    yield from seat.hear(e.Said, what="consent-to-release")
    answer = yield from seat.choose(Consent, "release")
    seat.say(government, "consent" if answer is Consent.CONSENT else "no-consent", via=council)


def gohar_carries(seat: Seat) -> Play:
    """The envoy takes the government's offer to the founder and his answer back."""
    offer = yield from seat.hear(e.Offered, of=government, where=lambda offer: not names_site(offer))
    if not (yield from visits(seat, offer)):
        return
    word = yield from seat.hear(e.Said, of=khan, what="release-first", within=hours(3))
    if word is None or not is_open(seat.view, offer):
        return
    if at_liberty(seat.view) or rests(seat.view, back):
        return
    due = due_of(seat.view, FINAL_CALL)
    friday = max(due - days(2), seat.now + hours(6))
    seat.meet("november-contact", government, via=back)  # P16: a second meeting, with one more present
    demand = seat.offer(government, March.POSTPONED, Relief.RELEASE, via=back, answers=offer, until=friday)
    yield from seat.pause(days(1))
    yield from visits(seat, demand)


def government_bail(seat: Seat) -> Play:
    """A court grants bail, once or twice; the government decides whether he goes home."""
    for court_order, key in (("khan-bailed", "bail"), ("bailed-again", "second-bail")):
        yield from seat.hear(e.Happened, what=court_order)
        if at_liberty(seat.view):
            return
        answer = yield from seat.choose(AfterBail, key)
        if answer is AfterBail.NOTHING:
            return
        if answer is AfterBail.LET_GO:
            send_home(seat)
            return
        seat.happen("re-arrested", khan)
        seat.happen("re-arrested")


def courts_bail_again(seat: Seat) -> Play:
    """After the record a court may grant bail once more; other cases stay before the courts (P11, P17)."""
    yield from seat.pause(until=seat.calendar.at("2025-01-05"))
    if seat.chance("bail", "after-the-record", BAILED_AGAIN):
        yield from seat.pause(seat.takes("hearing", "after-the-record", HEARING))
        seat.happen("bailed-again")


def khan_free(seat: Seat) -> Play:
    """Let go, he may call his march off or lead it on."""
    yield from seat.hear(e.Happened, what="released")
    for action in (FINAL_CALL, WINTER_MARCH):
        if not is_on(seat.view, action):
            continue
        answer = yield from seat.choose(Freed, action)
        if answer is Freed.CALL_OFF and is_on(seat.view, action):
            seat.call_off(action, "postponed")


def gohar_appeals(seat: Seat) -> Play:
    """With the march on the road he asks to see the founder once more (theory: envoys seek cover)."""
    yield from seat.hear(e.Started, action=FINAL_CALL)
    yield from seat.pause(seat.takes("road", "to-the-prison", Between(hours(12), hours(30), "author: the day after")))
    if at_liberty(seat.view):
        return
    request = seat.request(government, "to-see-the-founder", via=prison)
    if isinstance((yield from seat.hear(e.Granted, e.Refused, answering=request)), e.Granted):
        yield from seat.pause_until_open(*VISITING_HOURS)
        if at_liberty(seat.view):
            return
        seat.meet("visit", khan, gandapur, saif, via=prison)
