"""What cannot be in any world: each rule returns the first entry that breaks it, or None."""

from __future__ import annotations

from collections.abc import Sequence

from negosim.core import events as e

Log = Sequence[e.Entry]

def nothing_follows_an_air_strike(log: Log) -> e.Entry | None:
    """After bombs fall nobody agrees to anything: the story has ended there (news takes a minute)."""
    strike = next((x.minute for x in log if isinstance(x.event, e.Happened) and x.event.what == "air-strike"), 1 << 53)
    return next((x for x in log if x.minute > strike + 1 and isinstance(x.event, e.Agreed | e.Ratified)), None)

def the_fallback_waits_for_a_refusal(log: Log) -> e.Entry | None:
    """Nobody proposes the open trade unless it lay ready and was asked for."""
    asked = any(isinstance(x.event, e.Said) and x.event.what == "propose-it" for x in log)
    return next((x for x in log if isinstance(x.event, e.Offered) and x.event.by == "cordier" and not asked), None)

def the_brother_gives_what_he_is_allowed_to(log: Log) -> e.Entry | None:
    """The Jupiters are offered in secret only once the president has said so."""
    told = next((x.minute for x in log if isinstance(x.event, e.Mandated)), 1 << 53)
    return next((x for x in log if isinstance(x.event, e.Offered) and x.event.by == "robert" and x.minute < told), None)

invariants = (
    nothing_follows_an_air_strike, the_fallback_waits_for_a_refusal, the_brother_gives_what_he_is_allowed_to,
)
