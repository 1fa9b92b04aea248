"""A quarrel over a toll, 1724: an invented story to start from; replace it piece by piece.

record.toml says what is documented, questions.toml what to ask, test_NAME_OF_STORY.py what must hold.
"""

from __future__ import annotations

from negosim import Actor, Choice, Issue, Pace, Play, Seat, backchannel, because, hours, public, scenario_from_record
from negosim.core.events import Announced, Happened, Offered, Promised

# Who is at the table, and how they can be heard.
crown = Actor("crown", "The Crown")
guild = Actor("guild", "The Guild")
secret = backchannel("secret", crown, guild, delay=30)  # minutes from said to heard


class Toll(Issue, owner=crown):
    """What can be on the table: each option is something that its owner would have to deliver."""
    HALVED = "half of the toll is waived"


class Respond(Choice, by=crown, pace=Pace(hours(12))):
    """Each answer in words, then who considered it and what speaks for it, from -1000 to 1000."""
    OFFER = "offers half of the toll", because("F2: what it offered", calm=600, price=-300)
    WAIT = "waits", because("author: the strike may fail by itself")


class Answer(Choice, by=guild, pace=Pace(hours(5))):
    """What the guild makes of an offer; it takes about five hours."""
    TAKE = "takes it and stays at work", because("author: a bird in the hand", gain=600)
    STRIKE = "strikes", because("author: it had said so in public", pride=300)


# Their parts: an act is a plain call, and what takes time follows "yield from".
def the_guild(seat: Seat) -> Play:
    """It answers a higher toll with a strike on market day, unless it is offered enough before."""
    yield from seat.hear(Happened, what="toll-raised")
    market = seat.calendar.at("1724-03-06T07:00")
    seat.announce("strike", "market", due=market)
    offer = yield from seat.hear(Offered, of=crown, until=market)
    if offer and (yield from seat.choose(Answer, "toll", over=offer)) is Answer.TAKE:
        seat.accept(offer)
        seat.call_off("strike")
    else:
        yield from seat.pause(until=market)
        seat.begin("strike", "market")


def the_crown(seat: Seat) -> Play:
    """It waits, or buys the peace of the market and then keeps its word."""
    yield from seat.hear(Announced, of=guild, action="strike")
    if (yield from seat.choose(Respond, "strike")) is Respond.OFFER:
        seat.offer(guild, Toll.HALVED, via=secret)
        owed = yield from seat.hear(Promised, by=crown)
        seat.keep(owed.promise)


scenario = scenario_from_record(
    __file__, cast={crown: the_crown, guild: the_guild}, channels=(secret, public()), decisions=(Respond, Answer)
)
