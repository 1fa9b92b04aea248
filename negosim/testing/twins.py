"""The laws of two runs: what may differ between them, and what must not.

Each function passes in silence or raises LawBroken, saying where.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from msgspec.structs import replace

from negosim.core import events as e
from negosim.core.actors import NATURE
from negosim.core.views import audience, doer
from negosim.sim.knowledge import arrivals
from negosim.testing.laws import demand, is_own, logs_agree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from negosim.core.events import Entry, Event
    from negosim.core.views import Table
    from negosim.testing.laws import Log
    from negosim.testing.watching import Watched


def same_noise(factual: Watched, twin: Watched) -> None:
    """Wherever both runs asked, they drew the same noise; and they did ask."""
    shared = factual.noise.keys() & twin.noise.keys()
    demand(shared or not factual.noise, "the runs have no noise in common")
    for key in sorted(shared):
        demand(factual.noise[key] == twin.noise[key], f"noise at {key}: {factual.noise[key]}, {twin.noise[key]}")


def onset_of(log: Log, address: str) -> int:
    """The index of the choice at an address; the length of the log when it was never asked."""
    asked = (x.index for x in log if isinstance(x.event, e.Chose) and x.event.address == address)
    return next(asked, len(log))


def prefix_untouched(log: Log, twin: Log, address: str) -> None:
    """Before a change at an address both logs hold identical entries."""
    onset = onset_of(log, address)
    logs_agree(log[:onset], twin[:onset])


def secrets_hold(factual: Watched, twin: Watched, changed: Iterable[str] = ()) -> None:
    """Nobody but those ``changed`` acts otherwise before something else has reached it."""
    exempt = {NATURE.id, *changed}
    for name in factual.room.table.actors:
        if name in exempt:
            continue
        here, there = (
            [(minute, entry.event, is_own(entry.event, name)) for minute, entry in
             arrivals(run.room.table, run.run.entries, name) if minute <= run.until]
            for run in (factual, twin)
        )  # fmt: skip
        differing = next((pair for pair in zip_longest(here, there) if pair[0] != pair[1]), ())
        steps = [step for step in differing if step is not None]
        if steps:
            minute, event, acts = min(steps, key=lambda step: (step[0], step[2]))
            demand(not acts, f"{name} acts at minute {minute} on the same view as its twin: {event}")


def differences_have_causes(factual: Watched, twin: Watched, changed: Iterable[str] = ()) -> None:
    """Each differing entry has a differing cause, or is the change, or is a silence.

    ``changed`` are the addresses, or the actors, that were changed. A silence is an entry whose
    counterpart in the other log (the same matter, or an act of the same actor) has a cause that
    is missing in this one, or that follows from an entry on its matter which is missing here; or
    an act of somebody whom a message had reached there that is missing here.
    """
    exempt = set(changed)
    strange_here, strange_there = _strange(factual.run.entries, twin.run.entries)
    for log, strange, other, missing in (
        (factual.run.entries, strange_here, twin.run.entries, strange_there),
        (twin.run.entries, strange_there, factual.run.entries, strange_here),
    ):
        for index in sorted(strange):
            entry = log[index]
            if strange.isdisjoint(entry.causes) and not _is_change(entry.event, exempt):
                silent = any(
                    _silences(other[i], other, missing, entry, log) or _is_missed(factual.room.table, other[i], entry)
                    for i in missing
                )
                demand(silent, f"minute {entry.minute}: no difference caused {entry.event}")


def _strange(log: Log, other: Log) -> tuple[set[int], set[int]]:
    """The indexes of the entries that one log has and the other has not, and the reverse.

    Entries are the same when minute, event and causes are, the causes by the same rule.
    """
    names: dict[tuple[object, ...], int] = {}

    def named(entries: Log) -> list[int]:
        found: list[int] = []
        times: dict[tuple[object, ...], int] = {}
        for entry in entries:
            event = replace(entry.event, entry=0) if isinstance(entry.event, e.Lost) else entry.event
            content = (entry.minute, event, tuple(sorted(found[cause] for cause in entry.causes)))
            times[content] = times.get(content, 0) + 1
            found.append(names.setdefault((*content, times[content]), len(names)))
        return found

    here, there = named(log), named(other)
    return (
        {index for index, name in enumerate(here) if name not in set(there)},
        {index for index, name in enumerate(there) if name not in set(here)},
    )


def _is_change(event: Event, changed: set[str]) -> bool:
    return isinstance(event, e.Chose) and bool(changed & {event.address, event.by})


def _is_missed(table: Table, absent: Entry, entry: Entry) -> bool:
    """Whether ``absent`` is a message that reached the doer of ``entry`` there, before it acted."""
    hearers, delay = audience(table, absent.event)
    return doer(entry.event) in hearers and absent.minute + delay <= entry.minute


def _silences(absent: Entry, other: Log, missing: set[int], entry: Entry, log: Log) -> bool:
    """Whether ``absent``, which only the other log has, explains ``entry`` of this one."""
    earlier = any(cause in missing and other[cause].minute <= entry.minute for cause in absent.causes)
    if isinstance(entry.event, e.Lost):  # the n-th message of one name draws the n-th noise
        message = log[entry.causes[0]]
        alike = (absent.event.name, absent.event.by, absent.event.matter)
        return alike == (message.event.name, message.event.by, message.event.matter)
    where = getattr(entry.event, "channel", "")
    if isinstance(absent.event, e.Suspended | e.Resumed) and absent.event.channel == where:
        return absent.minute <= entry.minute
    about = (absent.event.matter, ("offer", getattr(absent.event, "answers", None)))
    if entry.event.matter in about and not isinstance(entry.event, e.Chose):
        return absent.minute <= entry.minute
    return earlier and doer(absent.event) == doer(entry.event)
