"""Four histories in a few parts each, for what the bundled ones do not ask of the parts.

A relay with weeks of latency and a duplicate that comes late (the United States and China through Pakistan
and Romania, 1969 to 1971); a single text that a ratifier still has to approve (Camp David, 1978); an ally
left out of the room who vetoes, and then does not (Vietnam, 1972 to 1973); a principal who loses power
before a finished text is signed (India and Pakistan, 2004 to 2008). Facts: FRUS 1969-76, volumes XVII and
E-13, documents 55, 39 and 1; Israel State Archives, "Making peace with Egypt", part 2; FRUS 1969-76, volume
IX, document 1; Steve Coll, "The Back Channel", The New Yorker, 2 March 2009.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from negosim import (
    Actor,
    Between,
    Calendar,
    Choice,
    Decide,
    Issue,
    Pace,
    Play,
    Prior,
    Role,
    Scenario,
    Seat,
    View,
    Weight,
    backchannel,
    because,
    days,
    formal,
    hours,
    orders,
    play,
    public,
)
from negosim.core import events as e
from negosim.parts.domain import Domain
from negosim.parts.known import happened, is_open
from negosim.parts.preferences import Preferences
from negosim.parts.protocols.single_text import drafting, mediates, votes, voting
from negosim.parts.ways.envoy import Ruling, agrees, brings_home, rules
from negosim.parts.ways.relay import AGREED, relays
from negosim.sim.decisions import Decision
from negosim.sim.interventions import RemoveActor
from negosim.stories.authoring import MUCH, SOME, AtMostOnce, Events, Never
from negosim.stories.authoring.scenario import DEFAULT_PRIOR, weights_used
from negosim.testing import laws
from negosim.testing.watching import watch

RUNS = 60
SURE = Weight(40_000, 0, "sure")


def staged(begins: str, ends: int, channels: Any, cast: Any, *decisions: Any, prior: Weight = DEFAULT_PRIOR, **more: Any) -> Scenario:
    weights = weights_used(decisions, prior, {})
    people = {member for channel in channels for member in channel.members}
    actors = tuple(actor for actor in ALL if actor.id in people)
    clock = Calendar(datetime.fromisoformat(begins), "UTC")
    return Scenario("small", "Small", clock, ends, actors, channels=channels, cast=cast, decisions=decisions, weights=weights, **more)


def played(scenario: Scenario, seed: int, *changes: Any) -> tuple[e.Entry, ...]:
    """A free run in which the laws hold; the change is played beside it."""
    watched = watch(scenario, Prior(seed))
    laws.fold_matches(watched)
    laws.views_are_folds(watched)
    laws.every_message_ends_once(watched)
    laws.every_promise_ends_once(watched.run.entries)
    return play(scenario, Prior(seed), changes).entries if changes else watched.run.entries


def minutes(entries: Any, *kinds: Any, **fields: Any) -> list[int]:
    return [entry.minute for entry in Events(*kinds, **fields).of(entries)]


# ── C4: a relay with weeks of latency, and a second one ─────────────────────────────────────────

washington, beijing = Actor("washington", "Washington"), Actor("beijing", "Beijing")
pakistan = Actor("pakistan", "Pakistan", Role.FACILITATOR)
romania = Actor("romania", "Romania", Role.FACILITATOR)
rawalpindi = backchannel("rawalpindi", washington, pakistan, delay=days(2))
embassy = backchannel("embassy", pakistan, beijing, delay=days(2))
bucharest = backchannel("bucharest", washington, romania, delay=days(2))
east = backchannel("east", romania, beijing, delay=days(2))
WEEKS = Between(days(14), days(35), "a message waits for a traveller: weeks")


class Visit(Issue, owner=beijing):
    INVITED = "an envoy is received"


class Talks(Issue, owner=washington):
    TAIWAN_TOO = "Taiwan is talked about too"


def washington_asks(seat: Seat) -> Play:
    """The same word by two roads, as in 1971; whichever comes first is answered."""
    seat.offer(pakistan, Visit.INVITED, Talks.TAIWAN_TOO, via=rawalpindi)
    seat.offer(romania, Visit.INVITED, Talks.TAIWAN_TOO, via=bucharest)
    yield from seat.hear(e.Said, what=AGREED)
    for offer in seat.view.all(e.Offered, by=washington):
        if is_open(seat.view, offer):
            seat.withdraw(offer)


def beijing_answers(seat: Seat) -> Play:
    first = yield from seat.hear(e.Offered)
    seat.accept(first)
    duplicate = yield from seat.hear(e.Offered)
    if is_open(seat.view, duplicate):
        seat.reject(duplicate)


def pakistan_carries(seat: Seat) -> Play:
    yield from relays(seat, {washington: rawalpindi, beijing: embassy}, until=days(300), travel=WEEKS)


def romania_carries(seat: Seat) -> Play:
    yield from relays(seat, {washington: bucharest, beijing: east}, until=days(300), travel=WEEKS)


def china() -> Scenario:
    return staged(
        "1971-01-01", days(301), (rawalpindi, embassy, bucharest, east),
        {washington: (washington_asks,), beijing: (beijing_answers,), pakistan: (pakistan_carries,), romania: (romania_carries,)},
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_a_relay_takes_weeks_and_its_duplicate_binds_nobody_twice(seed: int) -> None:
    run = played(china(), seed)
    asked, *_ = minutes(run, e.Offered, by=washington)
    reached = sorted(minutes(run, e.Offered, by=(pakistan, romania)))
    (yes,) = minutes(run, e.Agreed, by=beijing)
    heard = minutes(run, e.Said, what=AGREED, to=washington)

    assert reached[0] - asked >= days(16)
    assert yes >= reached[0] + days(2)
    assert len(heard) == 1
    assert len(minutes(run, e.Promised, by=beijing)) == 1


# ── C5: a single text, and a parliament that has still to approve it ────────────────────────────

egypt, israel, carter = Actor("egypt", "Egypt"), Actor("israel", "Israel"), Actor("carter", "Carter", Role.FACILITATOR)
begin = Actor("begin", "Begin", Role.ENVOY, side="israel")
lodge = formal("lodge", egypt, begin, carter)
jerusalem = orders("jerusalem", israel, begin)


class Sinai(Issue, owner=israel):
    SETTLEMENTS_STAY = "the settlements stay"
    SETTLEMENTS_GO = "the settlements go, if parliament agrees"


class Peace(Issue, owner=egypt):
    LATER = "a treaty is put off"
    TREATY = "a treaty is signed"


CAMP = Domain("camp", (Sinai, Peace))
FOR_EGYPT = Preferences(domain=CAMP, weights={Sinai: 0.7, Peace: 0.3}, values={Sinai.SETTLEMENTS_STAY: 0.0, Sinai.SETTLEMENTS_GO: 1.0, Peace.LATER: 1.0, Peace.TREATY: 0.4})
FOR_ISRAEL = Preferences(domain=CAMP, weights={Sinai: 0.3, Peace: 0.7}, values={Sinai.SETTLEMENTS_STAY: 1.0, Sinai.SETTLEMENTS_GO: 0.3, Peace.LATER: 0.0, Peace.TREATY: 1.0})


def camp_david(knesset: Ruling) -> tuple[Scenario, list[Any]]:
    parties, deals = (egypt, begin), []
    drafts = drafting(carter, CAMP)
    ballots = {egypt: voting(egypt, FOR_EGYPT, carter), begin: voting(begin, FOR_ISRAEL, carter)}
    ruling = Decision(israel, "approve", {x: because("told", sure=1000 * (x is knesset)) for x in Ruling})

    def drafts_on(seat: Seat) -> Play:
        deals.append((yield from mediates(seat, drafts, CAMP, parties, via=lodge, rounds=8, until=days(13))))

    def sadat(seat: Seat) -> Play:
        yield from votes(seat, ballots[egypt], carter, parties, via=lodge, until=days(13))

    def begins(seat: Seat) -> Play:
        """He agrees at the lodge and cannot bind his parliament."""
        yield from votes(seat, ballots[begin], carter, parties, via=lodge, until=days(13))
        agreed = seat.view.last(e.Agreed, by=begin)
        if agreed is not None:
            yield from brings_home(seat, agreed, israel, via=jerusalem, until=days(30))

    def approves(seat: Seat) -> Play:
        yield from rules(seat, ruling, begin, via=jerusalem, until=days(30))

    scenario = staged(
        "1978-09-05", days(31), (lodge, jerusalem),
        {carter: (drafts_on,), egypt: (sadat,), begin: (begins,), israel: (approves,)},
        drafts, *ballots.values(), ruling, prior=SURE,
    )  # fmt: skip
    return scenario, deals


@pytest.mark.parametrize("knesset", [Ruling.RATIFY, Ruling.VETO])
def test_a_single_text_binds_once_the_absent_parliament_approves_it(knesset: Ruling) -> None:
    agreements = 0
    for seed in range(10):
        scenario, _ = camp_david(knesset)
        run = played(scenario, seed)
        agreements += bool(agreed := minutes(run, e.Agreed, by=begin))
        promised = minutes(run, e.Promised, by=israel)
        assert bool(promised) == (bool(agreed) and knesset is Ruling.RATIFY)
        assert bool(minutes(run, e.Vetoed, by=israel)) == (bool(agreed) and knesset is Ruling.VETO)
    assert agreements > 0


# ── N1: an ally left out of the room vetoes; coercion changes his answer and not the text ───────

america, hanoi, saigon = Actor("america", "United States"), Actor("hanoi", "Hanoi"), Actor("saigon", "Saigon", Role.VETO_PLAYER)
kissinger = Actor("kissinger", "Kissinger", Role.ENVOY, side="saigon")
paris = backchannel("paris", hanoi, kissinger, delay=60)
palace = orders("palace", saigon, kissinger, delay=hours(6))
white_house = orders("white-house", america, kissinger, delay=hours(6))
world = public(america, hanoi, saigon, kissinger)


class Ceasefire(Issue, owner=hanoi):
    TROOPS_STAY = "a ceasefire, in which northern troops stay where they are"


class Assent(Issue, owner=saigon):
    SIGNS = "Saigon signs"


def pressed(view: View) -> int:
    return MUCH if happened(view, "ultimatum-of-an-ally") else 0


ALLY = Decision(saigon, "sign", {
    Ruling.VETO: because("it was not asked", fear=MUCH), Ruling.RATIFY: because("its ally may go alone", fear=0, need=pressed),
}, Pace(days(3), 0.3))  # fmt: skip


def hanoi_offers(seat: Seat) -> Play:
    """October's text, and nearly the same in January."""
    for wait in (0, 10):
        yield from seat.pause(days(wait))
        seat.offer(kissinger, Ceasefire.TROOPS_STAY, Assent.SIGNS, via=paris)
        if (yield from seat.hear(e.Promised, by=saigon, within=days(90))) is not None:
            return


def kissinger_agrees(seat: Seat) -> Play:
    """He says yes for an ally who has yet to be asked."""
    while True:
        offer = yield from seat.hear(e.Offered, of=hanoi)
        if not (yield from agrees(seat, offer, saigon, home=palace)):
            seat.say(america, "he-will-not-sign", via=white_house)


def america_presses(seat: Seat) -> Play:
    yield from seat.hear(e.Said, of=kissinger, what="he-will-not-sign")
    yield from seat.pause(days(30))
    seat.happen("ultimatum-of-an-ally")


def saigon_rules(seat: Seat) -> Play:
    yield from rules(seat, ALLY, kissinger, via=palace)


def vietnam() -> Scenario:
    return staged(
        "1972-10-08", days(200), (paris, palace, white_house, world),
        {hanoi: (hanoi_offers,), kissinger: (kissinger_agrees,), saigon: (saigon_rules,), america: (america_presses,)},
        ALLY, happenings=("ultimatum-of-an-ally",),
    )  # fmt: skip


VIETNAM_RULES = (
    Never("Saigon is bound before it has signed.", Events(e.Promised, by=saigon), until=Events(e.Ratified, by=saigon)),
    AtMostOnce("It signs twice.", Events(e.Ratified, by=saigon)),
)


def test_an_ally_who_vetoes_stops_a_finished_text_until_he_is_pressed() -> None:
    runs = [played(vietnam(), seed) for seed in range(RUNS)]
    vetoed = [run for run in runs if minutes(run, e.Vetoed, by=saigon)]
    coerced = [run for run in vetoed if minutes(run, e.Ratified, by=saigon)]

    assert all(rule(run) is None for run in runs for rule in VIETNAM_RULES)
    assert len(vetoed) > len(coerced) > 0
    for run in coerced:
        first, second = ((x.event.terms) for x in Events(e.Agreed, by=kissinger).of(run))
        assert first == second
        assert minutes(run, e.Vetoed)[0] < minutes(run, e.Happened)[0] < minutes(run, e.Ratified)[0]


def test_an_ally_whom_nobody_presses_signs_less_often() -> None:
    first = Decide("saigon.sign[signs+troops-stay]", "veto")
    signed = {
        changes: sum(bool(minutes(played(vietnam(), seed, *changes), e.Ratified)) for seed in range(RUNS))
        for changes in ((first,), (first, RemoveActor("america")))
    }

    assert signed[(first,)] > signed[(first, RemoveActor("america"))] + 10


# ── N2: a text nearly done, and a principal who loses power ─────────────────────────────────────

delhi, general = Actor("delhi", "Delhi"), Actor("general", "The general")
aziz = Actor("aziz", "Aziz", Role.ENVOY, side="general")
lambah = Actor("lambah", "Lambah", Role.ENVOY, side="delhi")
dubai = backchannel("dubai", aziz, lambah, delay=60)
desk = orders("desk", general, aziz, delay=hours(12))
south_block = orders("south-block", delhi, lambah, delay=hours(12))
papers = public(delhi, general, aziz, lambah)


class Kashmir(Issue, owner=delhi):
    SOFT_BORDER = "the line is opened"


class Claim(Issue, owner=general):
    GIVEN_UP = "the claim is given up"


class Sell(Choice, by=general, pace=Pace(days(120))):
    """Whether the public is ready; he puts off what it may reject."""

    SIGN = "signs", because("the text is done", legacy=MUCH)
    PUT_OFF = "puts the summit off to save the text", because("neither public was prepared", risk=SOME)


def delhi_trusts(seat: Seat) -> Play:
    yield from seat.pause()
    seat.mandate(lambah, Kashmir, via=south_block)


def envoys_finish(seat: Seat) -> Play:
    yield from seat.pause(seat.takes("sessions", "non-paper", Between(days(700), days(1000), "years of meetings in hotels")))
    seat.offer(aziz, Kashmir.SOFT_BORDER, Claim.GIVEN_UP, via=dubai)


def aziz_brings(seat: Seat) -> Play:
    offer = yield from seat.hear(e.Offered, of=lambah)
    yield from agrees(seat, offer, general, home=desk)


def general_decides(seat: Seat) -> Play:
    brought = yield from seat.hear(e.Conveyed, of=aziz)
    if (yield from seat.choose(Sell, "text", over=brought)) is Sell.SIGN and not happened(seat.view, "he-resigns"):
        seat.ratify(brought.offer)


def protests_grow(seat: Seat) -> Play:
    yield from seat.pause(seat.takes("fall", "general", Between(days(850), days(1500), "a court, the lawyers, an election")))
    seat.happen("he-resigns")


def kashmir() -> Scenario:
    return staged(
        "2004-07-01", days(1700), (dubai, desk, south_block, papers),
        {delhi: (delhi_trusts,), lambah: (envoys_finish,), aziz: (aziz_brings,), general: (general_decides, protests_grow)},
        *Sell.decisions, happenings=("he-resigns",),
    )  # fmt: skip


def test_whoever_has_lost_power_ratifies_nothing() -> None:
    rule = Never("Somebody signs who has resigned.", Events(e.Ratified), after=Events(e.Happened, what="he-resigns"))
    runs = [played(kashmir(), seed) for seed in range(RUNS)]
    signed = [run for run in runs if minutes(run, e.Promised, by=general)]
    too_late = [run for run in runs if minutes(run, e.Chose) and minutes(run, e.Chose)[0] > minutes(run, e.Happened)[0]]

    assert all(rule(run) is None for run in runs)
    assert 0 < len(signed) < RUNS
    assert too_late
    assert not any(minutes(run, e.Promised) for run in too_late)


ALL = (
    washington, beijing, pakistan, romania, egypt, israel, carter, begin, america, hanoi, saigon, kissinger,
    delhi, general, aziz, lambah,
)  # fmt: skip
