"""A small invented quarrel: a strike, a secret offer, an answer."""

from datetime import datetime

from negosim.core.actors import Actor, backchannel, public
from negosim.core.events import Agreed, Announced, Offered
from negosim.core.terms import Issue
from negosim.core.time import Calendar, days, hours
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.delays import Pace
from negosim.sim.scenario import Scenario

crown = Actor("crown", "The Crown")
guild = Actor("guild", "行會")
back = backchannel("backchannel", crown, guild, delay=30)


class Toll(Issue, owner=crown):
    HALF = "half the toll is waived"


class Offering(Choice):
    TALK = "offers half the toll"
    WAIT = "waits"


class Answering(Choice):
    ACCEPT = "takes it"
    REFUSE = "strikes"


offering = Decision(
    crown, "offer",
    {Offering.TALK: because("author", calm=900, price=-100), Offering.WAIT: because("author")},
    Pace(hours(5)),
)  # fmt: skip
answering = Decision(
    guild, "answer",
    {Answering.ACCEPT: because("author", gain=500), Answering.REFUSE: because("author", pride=300)},
    Pace(hours(5)),
)  # fmt: skip


def crown_part(seat):
    yield from seat.hear(Announced, of=guild)
    if (yield from seat.choose(offering, "strike")) is Offering.TALK:
        mine = seat.offer(guild, Toll.HALF, via=back)
        yield from seat.hear(Agreed, answering=mine)


def guild_part(seat):
    yield from seat.pause(hours(9))
    seat.announce("strike", "market", due=days(4))
    offer = yield from seat.hear(Offered, until=days(4))
    if offer is None:
        seat.begin("strike")
        return
    if (yield from seat.choose(answering, "half", over=offer)) is Answering.ACCEPT:
        seat.accept(offer)
        seat.call_off("strike")
    else:
        seat.reject(offer)


WEIGHT = Weight(1000, 500, "author")
scenario = Scenario(
    name="quarrel",
    title="A quarrel over a toll",
    calendar=Calendar(datetime(1724, 3, 1), "UTC"),
    ends=days(10),
    actors=(crown, guild),
    channels=(back, public()),
    cast={crown: (crown_part,), guild: (guild_part,)},
    decisions=(offering, answering),
    weights={crown: {"calm": WEIGHT, "price": WEIGHT}, guild: {"gain": WEIGHT, "pride": WEIGHT}},
    happenings=("fair",),
)
