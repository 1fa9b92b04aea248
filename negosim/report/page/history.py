"""The left column: the documented history, fact by fact, in the record's own words.

Nothing simulated is in it. A row's sign says what a model makes of the fact (see
``wording.key``); without a model every fact is just documented.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.actors import NATURE
from negosim.report.page.lanes import LETTERS, Drawings
from negosim.report.results.replay import mark_of
from negosim.report.terminal.glyphs import DEED, STROKES
from negosim.report.terminal.lanes import Lanes
from negosim.report.terminal.timeline import MOST_LANES
from negosim.report.terminal.timeline_rows import families, sign_of_fact
from negosim.report.wording.key import DOCUMENTED, FOLLOWS, NOT_PRODUCED, TOLD
from negosim.report.wording.numbers import dates, hours
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.actors import Channel
    from negosim.lab.replay.replay_result import ReplayResult, ReplayRow
    from negosim.record import Fact, Record
    from negosim.report.page.sources import Citations, Note
    from negosim.report.wording.key import Mark
    from negosim.report.wording.sentences import Speaker

PLAIN_ID = re.compile(r"[A-Za-z0-9][\w.-]*")


@frozen(kw_only=True)
class Documented:
    """One fact as the page shows it.

    ``minute`` orders the rows, ``day`` is the day of it (ISO), ``when`` and ``hours`` are what the
    record knows of its date. ``anchor`` names the target of a link. ``sources`` counts independent
    origins; ``notes`` are its citations. ``after`` are the anchors of facts it depends on by the
    record, ``led`` those that led to it in the simulated course. ``context``: no model uses it.
    """

    id: str
    anchor: str
    minute: int
    day: str
    when: str
    hours: str
    what: str
    mark: Mark
    drawing: str
    stroke: str
    claimant: str
    certainty: str
    context: bool
    sources: int
    notes: tuple[Note, ...]
    after: tuple[str, ...] = ()
    led: tuple[str, ...] = ()
    why: str = ""
    bits: float | None = None


@frozen
class History:
    """Every fact of a record in the order of dates, and the drawings of its lanes."""

    facts: tuple[Documented, ...]
    drawings: Drawings

    def marks(self) -> tuple[Mark, ...]:
        """The marks that occur, in the order of the key."""
        used = {fact.mark for fact in self.facts}
        return tuple(mark for mark in (DOCUMENTED, TOLD, FOLLOWS, NOT_PRODUCED) if mark in used)


def history_of(
    record: Record, speaker: Speaker, citations: Citations, channels: Mapping[str, Channel],
    replay: ReplayResult | None = None, led: Mapping[str, Sequence[str]] | None = None,
) -> History:  # fmt: skip
    """The documented history; ``replay`` gives each fact its mark, ``led`` the ids that led to it."""
    known = {row.id: row for row in replay.rows} if replay is not None else {}
    anchors = anchors_of(record)
    busy = [_people(fact) for fact in record.facts]
    order = [*speaker.actors, *dict.fromkeys(actor for people in busy for actor in people)]
    drawings = Drawings(Lanes.of(busy, list(dict.fromkeys(order)), MOST_LANES))

    def told(fact: Fact) -> Documented:
        row, people = known.get(fact.id), _people(fact)
        channel = channels.get(fact.channel)
        stroke = DEED if channel is None else STROKES[channel.kind]
        claimant = speaker.name(fact.claimant) if fact.claimant and fact.claimant != NATURE.id else ""
        minute = minute_of(fact, record)
        return Documented(
            id=clean(fact.id),
            anchor=anchors[fact.id],
            minute=minute,
            day=record.calendar.local(minute).date().isoformat(),
            when=dates(record.calendar, fact.span.earliest, fact.span.latest),
            hours=_hours(fact, record),
            what=clean(fact.what),
            mark=mark_of(row) if row is not None else DOCUMENTED,
            drawing=drawings.name(people[0], people[1:], stroke, sign_of_fact(fact)),
            stroke=LETTERS[stroke.word],
            claimant=clean(claimant),
            certainty=fact.certainty,
            context=fact.background,
            sources=families(record, [fact]),
            notes=citations.of([fact]),
            after=tuple(anchors[id] for id in fact.after if id in anchors),
            led=tuple(anchors[id] for id in (led or {}).get(fact.id, ()) if id in anchors),
            why=clean(_why(row)),
            bits=None if row is None else row.surprise_bits,
        )

    return History(tuple(told(fact) for fact in ordered(record)), drawings)


def ordered(record: Record) -> list[Fact]:
    """The facts by date; of one day those first that are over first."""

    def key(fact: Fact) -> tuple[str, int]:
        minute = minute_of(fact, record)
        latest = record.ends if fact.span.latest is None else fact.span.latest
        return record.calendar.local(minute).date().isoformat(), latest

    return sorted(record.facts, key=key)


def minute_of(fact: Fact, record: Record) -> int:
    """Where a fact stands on the clock: its first minute, else its last, else the end."""
    known = (fact.span.earliest, fact.span.latest, record.ends)
    return next(minute for minute in known if minute is not None)


def anchors_of(record: Record) -> dict[str, str]:
    """The target of links to each fact, after ``fact-``: its id where that is plain, else a dash and its number."""
    return {fact.id: fact.id if PLAIN_ID.fullmatch(fact.id) else f"-{place}" for place, fact in enumerate(record.facts)}


def _people(fact: Fact) -> tuple[str, ...]:
    """Who acts, and whom the act concerns; a given is nobody's act."""
    by = fact.claimant or (fact.who[0] if fact.who and fact.kind != "given" else NATURE.id)
    return (by, *dict.fromkeys((*fact.who[1:], *fact.to)))


def _hours(fact: Fact, record: Record) -> str:
    """The hours, where the record has them."""
    if fact.precision != "part" or fact.span.earliest is None:
        return ""
    return f"{hours(record.calendar, fact.span.earliest, fact.span.latest, whole_days=False)} h"


def _why(row: ReplayRow | None) -> str:
    """The author's sentence on what no simulated course produces."""
    return (row.why or row.unasked) if row is not None and row.status == "cannot be produced" else ""
