"""The laws of a run as functions: each passes in silence or raises LawBroken, saying where.

They judge the log from outside: who should have heard what, and when, is worked out anew from
the entries, the table and the channels' delays, and compared with what the room did.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.talks import Talks, fold
from negosim.core.views import View, doer
from negosim.sim.knowledge import arrivals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.core.events import Entry, Event
    from negosim.core.views import Table
    from negosim.testing.watching import Watched

Log: TypeAlias = "Sequence[Entry]"


class LawBroken(AssertionError):
    """A law that a run did not keep, and where."""


def demand(holds: object, why: str) -> None:
    """Raise LawBroken, saying ``why``, unless the law was ``kept``."""
    if not holds:
        raise LawBroken(why)


# ── the log by itself ───────────────────────────────────────────────────────────────────────────


def causes_precede(log: Log) -> None:
    """Entries are numbered from 0, minutes never fall, causes are earlier, sorted and distinct."""
    minute = 0
    for index, entry in enumerate(log):
        demand(entry.index == index, f"entry {entry.index} stands in place {index}")
        demand(entry.minute >= minute, f"entry {index} goes back to minute {entry.minute}")
        demand(list(entry.causes) == sorted(set(entry.causes)), f"entry {index}: causes {entry.causes}")
        demand(all(0 <= cause < index for cause in entry.causes), f"entry {index}: causes {entry.causes}")
        minute = entry.minute


def every_promise_ends_once(log: Log) -> None:
    """Every promise is made once and then kept, broken or released at most once."""
    standing: dict[str, bool] = {}
    for entry in log:
        match entry.event:
            case e.Promised(promise=name):
                demand(name not in standing, f"entry {entry.index}: {name} is promised twice")
                standing[name] = True
            case e.Kept(promise=name) | e.Broken(promise=name) | e.Released(promise=name):
                demand(standing.get(name), f"entry {entry.index}: {name} ends, and was not open")
                standing[name] = False


def every_address_is_asked_once(log: Log) -> None:
    """No two choices share an address."""
    addresses = [entry.event.address for entry in log if isinstance(entry.event, e.Chose)]
    demand(len(addresses) == len(set(addresses)), f"an address occurs twice: {sorted(addresses)}")


def logs_agree(log: Log, other: Log) -> None:
    """Both logs hold identical entries; otherwise the first difference is shown."""
    for entry, twin in zip(log, other, strict=False):
        demand(entry == twin, f"entry {entry.index}: {entry}\nthere:   {twin}")
    demand(len(log) == len(other), f"{len(log)} entries here, {len(other)} there")


def acts_in_named_order(log: Log) -> None:
    """Within a minute of independent acts, actors act in the order of their names."""
    for entry, following in pairwise(log):
        if entry.minute == following.minute:
            ordered = entry.event.by <= following.event.by
            demand(ordered, f"minute {entry.minute}: {following.event.by} acts after {entry.event.by}")


# ── state and views ─────────────────────────────────────────────────────────────────────────────


def fold_matches(watched: Watched) -> None:
    """The live state after every entry is the fold of the log so far, from any prefix on."""
    state = Talks()
    events = [entry.event for entry in watched.run.entries]
    for index, event in enumerate(events):
        state = fold([event], state)
        demand(state == watched.states[index + 1], f"after entry {index} the live state is not the fold")
    for cut in range(0, len(events) + 1, 7):
        demand(fold(events[cut:], fold(events[:cut])) == state, f"cut at {cut}, the fold is another")


def is_own(event: Event, actor: str) -> bool:
    """Whether an actor did what reaches it here; that it came too late is news to it."""
    return doer(event) == actor and event.as_meant is event


def news(log: Log, table: Table, actor: str) -> list[tuple[int, Entry]]:
    """The messages for an actor, each with the minute it arrives: all that reaches it but its own acts."""
    return [(minute, entry) for minute, entry in arrivals(table, log, actor) if not is_own(entry.event, actor)]


def views_are_folds(watched: Watched) -> None:
    """Every actor's live view is the fold of what should have reached it, and of nothing else."""
    for name, mailbox in watched.room.mailboxes.items():
        if name == NATURE.id:
            continue
        live = mailbox.look(watched.until)
        rebuilt = View(name, watched.room.table, watched.room.setting.trust_of(name))
        for minute, entry in arrivals(watched.room.table, watched.run.entries, name):
            if minute <= watched.until:
                rebuilt.see(entry)
        demand(live.talks == rebuilt.talks, f"{name} knows what did not reach it, or the reverse")
        demand(live.trust == rebuilt.trust, f"{name} trusts by what did not reach it, or the reverse")
        for kind in e.EVENTS:
            demand(live.all(kind) == rebuilt.all(kind), f"{name} saw other {kind.name} than reached it")


def every_message_ends_once(watched: Watched) -> None:
    """Each message that is not lost is heard or unread, once; unread too, what is still on its way."""
    log, table, run = watched.run.entries, watched.room.table, watched.run
    for name, mailbox in watched.room.mailboxes.items():
        sent = news(log, table, name)
        came = [entry.index for minute, entry in sent if minute <= watched.until]
        mail = [entry.index for kind in mailbox.sorted_mail().values() for entry in kind]
        demand(len(mail) == len(set(mail)), f"{name}: a message lies in the mail twice: {sorted(mail)}")
        demand(set(mail) <= set(came), f"{name} has mail that never was for it")
        demand(
            len(came) == mailbox.heard + len(mail),
            f"{name}: {len(came)} messages came, {mailbox.heard} were heard and {len(mail)} lie in the mail",
        )
        unread = run.unread[name]
        demand(
            len(sent) == mailbox.heard + unread,
            f"{name}: {len(sent)} messages were sent, {mailbox.heard} were heard and {unread} are unread",
        )
