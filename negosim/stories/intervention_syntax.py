"""Changes as text: one line each, as a person types it after ``--change``, and as it is printed.

    government.answer[own-physician]=refuse     decide otherwise
    tilt marshal.obey[stop-order] stop +1000    more or less attractive, in thousandths
    weight founder.face=500                     a preference weight, in thousandths
    mechanism delivery-can-fail off             switch a mechanism
    strike GIVEN · move GIVEN DATE · insert HAPPENING DATE [known DATE] [to ACTOR]
    close CHANNEL [from DATE] · open CHANNEL · delay CHANNEL 2 days · leak CHANNEL · seal CHANNEL
    remove ACTOR · recast ACTOR

A DATE may be a minute of the clock, ``@4320``: so changes are printed, and ``change_of`` reads
back what it printed. In place of the date after ``from``, and of an address, stands also a
moment: ``first offered via backchannel after 2024-11-20``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import evolve

from negosim.core.address import Address
from negosim.core.errors import BadValue, UnusedChange, did_you_mean
from negosim.record.dates import Span, parse_duration
from negosim.sim.interventions import (
    CloseChannel,
    Decide,
    DelayChannel,
    InsertGiven,
    LeakChannel,
    Moment,
    MoveGiven,
    OpenChannel,
    Recast,
    RemoveActor,
    SetMechanism,
    SetWeight,
    StrikeGiven,
    Tilt,
)
from negosim.sim.setting import Given

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.time import Calendar
    from negosim.record.model import Record
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario

FORMS = {
    "tilt": "tilt ADDRESS ALTERNATIVE THOUSANDTHS",
    "weight": "weight ACTOR.ATTRIBUTE=THOUSANDTHS",
    "mechanism": "mechanism NAME on|off",
    "strike": "strike GIVEN",
    "move": "move GIVEN DATE",
    "insert": "insert HAPPENING DATE [known DATE] [to ACTOR]",
    "close": "close CHANNEL [from DATE]",
    "open": "open CHANNEL [from DATE]",
    "delay": "delay CHANNEL NUMBER minutes|hours|days [from DATE]",
    "leak": "leak CHANNEL [from DATE]",
    "seal": "seal CHANNEL [from DATE]",
    "remove": "remove ACTOR",
    "recast": "recast ACTOR",
}
"""How each change is written; whatever begins otherwise is ``ADDRESS=ALTERNATIVE``."""

MEANINGS = {
    "tilt": "make an answer more or less attractive, by so many thousandths",
    "weight": "set a preference weight, in thousandths",
    "mechanism": "switch a mechanism of the scenario on or off",
    "strike": "leave out a given, named by its event or by the id of its fact",
    "move": "let a given happen at another date",
    "insert": "add a happening; known: in everybody's calendar from then on; to: only this actor learns of it",
    "close": "lose whatever is said on a channel; who speaks does not know",
    "open": "let everybody speak on a channel, and lose nothing",
    "delay": "let messages on a channel take so long",
    "leak": "let every secret on a channel come out",
    "seal": "let no secret on a channel come out",
    "remove": "leave an actor's seat empty",
    "recast": "put somebody else in the seat: other preferences from the same priors",
}
"""What each change does, by its verb; ``ADDRESS=ALTERNATIVE`` decides otherwise."""

_MOMENT = re.compile(r"first (?P<event>[a-z-]+)(?: via (?P<channel>[a-z0-9-]+))? after (?P<date>\S+)")
_WEIGHT = re.compile(r"[a-z0-9-]+\.[a-z0-9-]+=-?\d+")


def change_of(text: str, calendar: Calendar, record: Record | None = None) -> Change:
    """The change that one line of text says; with the record, a given may go by the id of its fact.

    Raises BadValue, with the form or the nearest verb.
    """
    words = text.split()
    try:
        change = _verb(words, calendar)
    except BadValue as error:
        raise BadValue(f"{text!r}: {error}; write: {FORMS[words[0]]}") from error
    if isinstance(change, StrikeGiven | MoveGiven) and record is not None:
        by_id = {fact.id: fact.event for fact in record.of_kind("given")}
        return evolve(change, what=by_id.get(change.what) or change.what)
    if change is not None:
        return change
    if words and words[0] in FORMS:
        raise BadValue(f"{text!r} is not complete, or says too much; write: {FORMS[words[0]]}")
    name, equals, alternative = (part.strip() for part in text.rpartition("="))
    if not (equals and name and alternative):
        hint = did_you_mean(words[0], FORMS) if words else ""
        known = f"write ADDRESS=ALTERNATIVE, or begin with one of: {', '.join(FORMS)}"
        raise BadValue("\n".join(line for line in (f"{text!r} is no change", hint, known) if line))
    return SetWeight.parse(text) if _WEIGHT.fullmatch(text) else Decide(_place(name, calendar), alternative)


def _verb(words: list[str], calendar: Calendar) -> Change | None:
    """The change of a line that begins with a verb; None when it is of no known form."""
    match words:
        case ["tilt", *place, alternative, by] if place:
            return Tilt(_place(" ".join(place), calendar), alternative, _whole(by))
        case ["weight", setting]:
            return SetWeight.parse(setting)
        case ["mechanism", name, "on" | "off" as state]:
            return SetMechanism(name, state == "on")
        case ["remove", actor]:
            return RemoveActor(actor)
        case ["recast", actor]:
            return Recast(actor)
        case ["strike" | "move" | "insert", *_]:
            return _of_given(words, calendar)
        case _:
            return _of_channel(words, calendar)


def _of_given(words: list[str], calendar: Calendar) -> Change | None:
    match words:
        case ["strike", what]:
            return StrikeGiven(what)
        case ["move", what, dates]:
            return MoveGiven(what, *_dates(dates, calendar))
        case ["insert", what, dates, *rest] if (more := _pairs(rest, "known", "to")) is not None:
            known = _minute(more["known"], calendar) if "known" in more else None
            return InsertGiven(Given(what, *_dates(dates, calendar), known, more.get("to", "")))
    return None


def _of_channel(words: list[str], calendar: Calendar) -> Change | None:
    match words:
        case ["close", channel, *since]:
            return CloseChannel(channel, _since(since, calendar))
        case ["open", channel, *since]:
            return OpenChannel(channel, _since(since, calendar))
        case ["delay", channel, number, unit, *since]:
            return DelayChannel(channel, _since(since, calendar), parse_duration(f"{number} {unit}"))
        case ["leak" | "seal" as verb, channel, *since]:
            return LeakChannel(channel, _since(since, calendar), verb == "leak")
    return None


def _place(text: str, calendar: Calendar) -> str | Moment:
    """An address, or the moment that stands for one."""
    return _moment(text, calendar) if text.startswith("first ") else text


def _moment(text: str, calendar: Calendar) -> Moment:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise BadValue(f"{text!r} is no moment, such as 'first offered via CHANNEL after 2024-11-20'")
    return Moment(match["event"], match["channel"] or "", _minute(match["date"], calendar))


def _since(words: list[str], calendar: Calendar) -> int | Moment:
    """What stands after ``from``: a date or a moment; the start when nothing does."""
    match words:
        case []:
            return 0
        case ["from", "first", *_]:
            return _moment(" ".join(words[1:]), calendar)
        case ["from", date]:
            return _minute(date, calendar)
    raise BadValue(f"{' '.join(words)!r} where 'from DATE' should stand")


def _minute(text: str, calendar: Calendar) -> int:
    return int(text[1:]) if re.fullmatch(r"@\d+", text) else calendar.at(text)


def _dates(text: str, calendar: Calendar) -> tuple[int, int]:
    if minutes := re.fullmatch(r"@(\d+)/@(\d+)", text):
        return int(minutes[1]), int(minutes[2])
    span = Span.parse(text, calendar)
    if span.earliest is None or span.latest is None:
        raise BadValue(f"{text!r} is open; both ends are needed")
    return span.earliest, span.latest


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise BadValue(f"{text!r} is no whole number of thousandths")
    return int(text)


def _pairs(words: list[str], *names: str) -> dict[str, str] | None:
    """Words as names and values, each name once; None when they are not."""
    pairs = dict(zip(words[::2], words[1::2], strict=False))
    return pairs if len(words) == 2 * len(pairs) and set(pairs) <= set(names) else None


# ── together ────────────────────────────────────────────────────────────────────────────────────


def check_together(changes: Sequence[Change], scenario: Scenario) -> None:
    """Check every change, and that no two contradict each other.

    Raises BadValue and NotFound as ``Change.check`` does, BadValue for two that cannot both hold.
    """
    settled: dict[object, Change] = {}
    for change in changes:
        change.check(scenario)
        subject = subject_of(change)
        if subject is not None and str(other := settled.setdefault(subject, change)) != str(change):
            raise BadValue(
                f"{str(other)!r} and {str(change)!r} contradict each other\n"
                "leave one of them out, or ask about each by itself"
            )


def subject_of(change: Change) -> object:
    """What can be only one way at a time, for changes of which two could contradict each other."""
    match change:
        case Decide():
            return "choice", str(change.address)
        case SetMechanism():
            return "mechanism", change.name
        case SetWeight():
            return "weight", change.actor, change.attribute
        case StrikeGiven() | MoveGiven():
            return "given", change.what
        case CloseChannel() | OpenChannel():
            return "passage", change.channel, change.since
        case DelayChannel():
            return "delay", change.channel, change.since
        case LeakChannel():
            return "leak", change.channel, change.since
        case RemoveActor() | Recast():
            return "seat", change.actor
        case _:
            return None


# ── law 11 ──────────────────────────────────────────────────────────────────────────────────────


def unused(change: Change, worlds: int, asked: Iterable[str]) -> UnusedChange:
    """What is raised for a change that took hold in none of the worlds, with the nearest addresses."""
    known = list(dict.fromkeys(asked))
    address = str(getattr(change, "address", ""))
    lines = [f"{change}: took hold in none of {worlds} world{'' if worlds == 1 else 's'}"]
    if address:
        stem = Address.of(address).stem
        near = [name for name in known if Address.of(name).stem == stem]
        lines += [did_you_mean(address, known), f"asked there: {', '.join(near or known[:12])}"]
    return UnusedChange("\n".join(line for line in lines if line))
