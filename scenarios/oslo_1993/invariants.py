"""What cannot be in any world: each rule returns the first entry that breaks it, or None."""

from __future__ import annotations

from collections.abc import Sequence

from negosim.core import events as e

Log = Sequence[e.Entry]
NEVER = 1 << 53

def minute_of(log: Log, kind: type[e.Event], field: str, value: str) -> int:
    return next((x.minute for x in log if isinstance(x.event, kind) and getattr(x.event, field) == value), NEVER)

def met(log: Log, *meetings: str) -> list[e.Entry]:
    return [x for x in log if isinstance(x.event, e.Met) and x.event.meeting.partition("#")[0] in meetings]

def rounds_are_legal(log: Log) -> e.Entry | None:
    """But for London nobody meets the PLO in secret while contact is against the law."""
    lifted = minute_of(log, e.Happened, "what", "ban-lifted")
    return next((x for x in met(log, "round", "official-round", "initialling") if x.minute < lifted), None)

def an_official_initials(log: Log) -> e.Entry | None:
    """Nothing is initialled before an official has sat at the back table."""
    official = minute_of(log, e.Met, "meeting", "official-round")
    return next((x for x in met(log, "initialling") if x.minute < official), None)

def who_signs_has_recognised(log: Log) -> e.Entry | None:
    """Nobody signs with a side it has not recognised, or that has not agreed."""
    ready = max(
        minute_of(log, e.Happened, "what", "mutual-recognition"), minute_of(log, e.Promised, "what", "recognises")
    )
    return next((x for x in met(log, "signing") if x.minute < ready), None)

invariants = (rounds_are_legal, an_official_initials, who_signs_has_recognised)
