"""A transcript to write in every format, and texts that would like to be more than text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from negosim.core import events as e
from negosim.core.actors import (
    NATURE,
    Actor,
    Role,
    backchannel,
    formal,
    public,
    visit,
)
from negosim.core.events import Entry, Event
from negosim.core.terms import Clause, Terms
from negosim.core.time import Calendar, hours
from negosim.stores.exports import view
from negosim.stores.exports.transcript import Transcript

CROWN = Actor("crown", "The Crown")
GUILD = Actor("guild", "行會")
ENVOY = Actor("envoy", "لیگ کا ایلچی", Role.ENVOY, side="guild")
CHAIR = Actor("chair", "The Chair", Role.FACILITATOR)
ACTORS = {one.id: one for one in (CROWN, GUILD, ENVOY, CHAIR, NATURE)}
CHANNELS = {
    one.id: one
    for one in (
        backchannel("quiet", CROWN, GUILD),
        formal("table", CROWN, GUILD, CHAIR),
        visit("cell", GUILD, ENVOY, gate=CROWN),
        public(),
    )
}
CALENDAR = Calendar(datetime(1924, 3, 1), "Asia/Karachi")
TERMS = Terms((Clause("toll", "half", "crown"), Clause("gate", "open", "guild")))

STORY: tuple[tuple[Event, tuple[int, ...]], ...] = (
    (e.Happened("fair", "nature"), ()),
    (e.Announced("strike", "guild", "market", hours(50)), (0,)),
    (
        e.Chose("crown", "crown.offer[strike]", ("talk", "wait"), ((("calm", 800),), ()), "talk"),
        (1,),
    ),
    (e.Offered("o", "crown", "guild", "quiet", TERMS, hours(60)), (2,)),
    (e.Requested("r", "envoy", "crown", "cell"), (3,)),
    (e.Granted("r", "crown", "envoy", "cell"), (4,)),
    (e.Met("visit", "envoy", ("guild",), "cell"), (5,)),
    (e.Ratified("o", "guild", "crown", "quiet", TERMS), (3, 6)),
    (e.Promised("p", "crown", "guild", "half", "o", through="envoy", due=hours(60)), (7,)),
    (e.CalledOff("strike", "guild"), (7,)),
    (e.Claimed("sold", "envoy", "crown", "sold-us-out"), (9,)),
    (e.Met("round", "chair", ("crown", "guild"), "table"), ()),
    (e.Met("talk", "crown", ("guild",), "quiet"), ()),
    (e.Said("crown", "guild", "quiet", "thanks"), (12,)),
    (e.Kept("p", "crown", "guild", "half", "envoy", 400), (8,)),
)


def transcript(entries: Sequence[Entry] = (), actors: dict[str, Actor] = ACTORS) -> Transcript:
    """A transcript of these entries, else of the story."""
    told = tuple(entries) or tuple(
        Entry(index, hours(3 * index), event, causes) for index, (event, causes) in enumerate(STORY)
    )
    manifest = {"scenario": "toll", "seed": 7}
    return Transcript(
        key="ab" * 32,
        head="cd" * 32,
        manifest=manifest,
        entries=told,
        calendar=CALENDAR,
        actors=actors,
        channels=CHANNELS,
    )


def written(form: str, told: Transcript) -> bytes:
    """All bytes of a format."""
    return b"".join(view(form, told)[0])


HOSTILE = (
    'a"b',
    "two\nlines",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "+1",
    " -2+3",
    "＝1+1",
    "'=1",
    "a;=1+1;b",
    "tab\tcell",
    "</script><script>alert(1)</script>",
    "<!--",
    "&#8238;",
    "#quot;#60;",
    "`code` **bold**",
    '\\N\\"',
    "C:\\u202etmp",
    "\x1b[31mred\x1b[0m",
    "\x9b31m",
    "\u202efdp.exe",
    "\u2066isolate",
    "\u2028separator",
    "\U000e0041tag",
    "\r\x00\x7f",
    "'; DROP TABLE entry; --",
    "../../etc/passwd",
)


def hostile() -> Transcript:
    """Every hostile text as every name, title and option at once."""
    actors = {text: _named(text) for text in HOSTILE}
    events: list[Event] = []
    for text in HOSTILE:
        terms = Terms((Clause(text, text, text),))
        events += [
            e.Offered(text, text, text, text, terms),
            e.Met(text, text, (text, "guild"), text),
            e.Claimed(text, text, text, text),
            e.Chose(text, text, (text, "x"), (((text, 1),), ()), text),
            e.Announced(text, text, text, 10),
        ]
    entries = [
        Entry(index, index, event, (index - 1,) if index else ())
        for index, event in enumerate(events)
    ]
    return transcript(entries, actors)


def _named(text: str) -> Actor:
    """An actor of a name; ids are slugs, so the log must have come from elsewhere."""
    return Actor("stranger", text, about=text)
