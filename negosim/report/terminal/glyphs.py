"""The signs of a timeline: a glyph and a word per kind of move, a line per kind of channel.

Nothing is told by colour alone, and every sign has an ASCII twin for terminals without UTF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.actors import Kind as ChannelKind
from negosim.core.events import Reach
from negosim.report.colours import AMBER, BLUE, GREEN, INDIGO, PURPLE, RED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.core.actors import Channel
    from negosim.core.events import Event


class Sign(Struct, frozen=True):
    """How a kind of move is marked: its word, its glyph, the ASCII twin and a style."""

    word: str
    glyph: str
    plain: str
    style: str = "bold"

    def mark(self, *, plain: bool) -> str:
        """The glyph, or its ASCII twin."""
        return self.plain if plain else self.glyph


class Stroke(Struct, frozen=True):
    """How a kind of channel is drawn: dashes, where they cross a lane, the twins and a style."""

    word: str
    dash: str
    cross: str
    plain: str
    style: str

    def dashes(self, *, plain: bool) -> tuple[str, str]:
        """The dash and the crossing."""
        return (self.plain, "+") if plain else (self.dash, self.cross)


ASK = Sign("ask", "?", "?")
YES = Sign("yes", "✓", "Y", GREEN)
NO = Sign("no", "✗", "N", RED)
PROMISE = Sign("promise", "○", "c")
KEPT = Sign("kept", "●", "o", GREEN)
BROKEN = Sign("broken", "╳", "X", f"bold {RED}")
ORDER = Sign("order", "»", "/")
ANNOUNCE = Sign("announce", "◆", "*")
ACTION = Sign("action", "▲", "^")
STOP = Sign("stop", "▽", "v", GREEN)
ULTIMATUM = Sign("ultimatum", "!", "!", f"bold {RED}")
CLAIM = Sign("claim", '"', '"', "italic")
WORD = Sign("word", "·", "'")
MEETING = Sign("meeting", "■", "#")
REST = Sign("rest", "=", "=")
LEAK = Sign("leak", "≈", "%", f"bold {RED}")
GIVEN = Sign("given", "§", "$")
CHOICE = Sign("choice", "◇", "@", "dim")
DECISION = Sign("decision", "◇", "@")
ABSENT = Sign("silence", "∘", "~", "dim")
LOSS = Sign("lost", "∅", "0", "dim")

SIGNS: Mapping[str, Sign] = {
    "offered": ASK, "conveyed": ASK, "requested": ASK,
    "agreed": YES, "ratified": YES, "granted": YES, "believed": YES, "ultimatum-answered": YES,
    "vetoed": NO, "rejected": NO, "withdrawn": NO, "lapsed": NO, "answered-too-late": NO,
    "refused": NO, "doubted": NO, "settled-too-late": NO,
    "promised": PROMISE, "kept": KEPT, "obeyed": KEPT, "released": KEPT,
    "broken": BROKEN, "defied": BROKEN,
    "mandated": ORDER, "ordered": ORDER, "delivered": ORDER,
    "announced": ANNOUNCE, "started": ACTION, "reached": ACTION,
    "called-off": STOP, "ended": STOP, "ultimatum-put": ULTIMATUM,
    "claimed": CLAIM, "denied": CLAIM, "said": WORD,
    "met": MEETING, "suspended": REST, "resumed": REST, "leaked": LEAK,
    "happened": GIVEN, "chose": CHOICE, "lost": LOSS,
}  # fmt: skip
"""The sign of every event, by its name."""

BACKCHANNEL = Stroke("backchannel", "┄", "┆", ".", PURPLE)
FORMAL = Stroke("formal", "─", "┼", "-", BLUE)
PUBLIC = Stroke("public", "═", "╪", "=", AMBER)
VISIT = Stroke("visit", "╍", "┿", ":", GREEN)
ORDERS = Stroke("orders", "━", "┿", "~", INDIGO)
DEED = Stroke("deed", "·", "│", "_", "dim")
STROKES: Mapping[ChannelKind, Stroke] = {
    ChannelKind.BACKCHANNEL: BACKCHANNEL,
    ChannelKind.FORMAL: FORMAL,
    ChannelKind.PUBLIC: PUBLIC,
    ChannelKind.VISIT: VISIT,
    ChannelKind.ORDERS: ORDERS,
}

LANE, LANE_PLAIN = "│", "|"
SILENCE, SILENCE_PLAIN = "┊", ":"
ARROWS, ARROWS_PLAIN = "◄►", "<>"
_OF_ORDERS = (e.Delivered, e.Believed, e.Doubted)


def sign_of(event: Event) -> Sign:
    """The sign of an event; what Nature announces is a given on the calendar, what an actor does is an action.

    An event without a sign of its own is marked as a word.
    """
    if isinstance(event, e.Happened) and event.by != NATURE.id:
        return ACTION
    if isinstance(event, e.Announced) and event.what == "given":
        return GIVEN
    return SIGNS.get(event.name, WORD)


def stroke_of(event: Event, channels: Mapping[str, Channel]) -> Stroke:
    """The line of the channel on which an event was heard; a deed goes through none."""
    if event.reach is Reach.EVERYBODY:
        return PUBLIC
    if isinstance(event, _OF_ORDERS):
        return ORDERS
    channel = channels.get(getattr(event, "channel", ""))
    return DEED if channel is None else STROKES[channel.kind]
