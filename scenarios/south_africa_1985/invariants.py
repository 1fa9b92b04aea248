"""What cannot be in any world: each rule returns the first entry that breaks it, or None."""

from __future__ import annotations

from collections.abc import Sequence

from negosim.core import events as e

Log = Sequence[e.Entry]
NEVER = 1 << 53

def minute_of(log: Log, what: str) -> int:
    return next((x.minute for x in log if isinstance(x.event, e.Happened) and x.event.what == what), NEVER)

def held(log: Log, channel: str) -> list[e.Entry]:
    return [x for x in log if isinstance(x.event, e.Met) and x.event.channel == channel]

def he_is_released_once(log: Log) -> e.Entry | None:
    """Nobody goes free twice."""
    released = [x for x in log if isinstance(x.event, e.Happened) and x.event.what == "released"]
    return released[1] if released[1:] else None

def nobody_meets_in_jail_who_is_free(log: Log) -> e.Entry | None:
    """After his release he is met in no prison (news takes a minute)."""
    free = minute_of(log, "released") + 1
    return next((x for x in held(log, "prison") if x.minute > free), None)

def one_president_at_a_time(log: Log) -> e.Entry | None:
    """The successor receives, frees and unbans only once the other has resigned, and the other no more then."""
    gone = minute_of(log, "botha-resigns")

    def usurps(x: e.Entry) -> bool:
        early, late = x.event.by == "klerk" and x.minute < gone, x.event.by == "botha" and x.minute > gone + 1
        return isinstance(x.event, e.Met | e.Happened) and (early or late)
    return next((x for x in log if usurps(x)), None)

def the_banned_do_not_sit_down(log: Log) -> e.Entry | None:
    """Formal talks are held with an ANC that is unbanned."""
    legal = minute_of(log, "anc-unbanned")
    return next((x for x in held(log, "groote-schuur") if x.minute < legal), None)

invariants = (
    he_is_released_once, nobody_meets_in_jail_who_is_free, one_president_at_a_time, the_banned_do_not_sit_down,
)
