"""A short invented quarrel with names in Latin, Urdu and Chinese letters."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO, TextIOWrapper

import pytest
from attrs import frozen
from rich.console import Console

from negosim.core import events as e
from negosim.core.actors import NATURE, Actor, Channel, Kind
from negosim.core.events import Entry
from negosim.core.terms import Clause, Terms
from negosim.core.time import Calendar, days, hours

CROWN = Actor("crown", "The Crown")
LEAGUE = Actor("league", "لیگ")
GUILD = Actor("guild", "行會")
ACTORS = {actor.id: actor for actor in (CROWN, LEAGUE, GUILD, NATURE)}
CHANNELS = {
    kind.value: Channel(kind.value, kind) for kind in (Kind.BACKCHANNEL, Kind.FORMAL, Kind.PUBLIC)
}
CALENDAR = Calendar(datetime(2024, 12, 20), "Asia/Karachi")
TERMS = Terms((Clause("toll", "half", "crown"), Clause("gate", "open", "guild")))


@frozen
class Tale:
    """A log and what is needed to show it."""

    entries: tuple[Entry, ...]
    actors: dict[str, Actor]
    channels: dict[str, Channel]
    calendar: Calendar


@pytest.fixture(scope="session")
def tale() -> Tale:
    """Eleven entries over three weeks and a turn of the year."""
    told: list[tuple[int, e.Event, tuple[int, ...]]] = [
        (0, e.Announced("fair", "nature", "given", days(3)), ()),
        (hours(9), e.Announced("strike", "guild", "market", days(2)), (0,)),
        (hours(10), e.Chose("crown", "crown.answer[strike]", ("talk", "wait"),
                            ((("calm", 800), ("price", -300)), (("calm", 0),)), "talk"), (1,)),
        (hours(11), e.Offered("crown/backchannel/open+half", "crown", "guild", "backchannel", TERMS), (2,)),
        (hours(20), e.Agreed("crown/backchannel/open+half", "guild", "crown", "backchannel", TERMS, True), (3,)),
        (hours(20), e.Promised("p", "crown", "guild", "half", "crown/backchannel/open+half"), (4,)),
        (hours(21), e.CalledOff("strike", "guild"), (4,)),
        (days(1), e.Claimed("sold", "league", "guild", "sold-us-out"), (6,)),
        (days(3), e.Happened("fair", "nature"), ()),
        (days(14), e.Met("round", "crown", ("league", "guild"), "formal"), ()),
        (days(14) + 1, e.Kept("p", "crown", "guild", "half", share=400), (5,)),
    ]  # fmt: skip
    entries = tuple(
        Entry(index, minute, event, causes) for index, (minute, event, causes) in enumerate(told)
    )
    return Tale(entries, ACTORS, CHANNELS, CALENDAR)


def rendered(renderable: object, width: int = 80, encoding: str = "utf-8") -> str:
    """What a terminal of that width and alphabet would show, without colours."""
    file = BytesIO()
    stream = TextIOWrapper(file, encoding=encoding, errors="strict")
    Console(file=stream, width=width, highlight=False, color_system=None).print(renderable)
    stream.flush()
    return file.getvalue().decode(encoding)


@pytest.fixture(name="rendered")
def rendered_fixture():
    return rendered
