"""Two runs of one world, side by side: where they part, and why each difference came about.

An entry and its twin are the same when event, minute and causes are; they correspond when the
event is the same at another minute, or the same choice was taken otherwise. A difference is led
back to the change through causes that differ; where none does it is a silence: the actor acted
because something that reached it in the other run did not reach it here; where nothing did, it is
what the change itself touches.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen
from msgspec.structs import replace

from negosim.core import events as e
from negosim.core.errors import CAUSES, ReplayDiverged
from negosim.sim.interventions import Decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.events import Entry, Event
    from negosim.sim.interventions import Change
    from negosim.sim.trace import Run

How: TypeAlias = Literal["same", "moved", "otherwise", "gone", "new"]


@frozen
class Row:
    """One line of both logs: an entry of the factual run, of its twin, or both."""

    how: How
    factual: Entry | None
    twin: Entry | None

    @property
    def minute(self) -> int:
        """When it comes, in the run that has it first."""
        return min(entry.minute for entry in (self.factual, self.twin) if entry is not None)


@frozen
class Addresses:
    """Choices by what the change did to them.

    ``exposed`` met other answers, attributes or utilities; ``flipped`` were taken otherwise; ``new`` ones
    only the twin was asked (their chance is fresh, so that part is interventional); ``gone`` ones
    only the factual run.
    """

    exposed: tuple[str, ...] = ()
    flipped: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def addresses(factual: Run, twin: Run) -> Addresses:
    """What became of every choice of a run in its twin."""
    here = {asked.address: asked for asked in factual.asked}
    there = {asked.address: asked for asked in twin.asked}
    both = [name for name in here if name in there]
    return Addresses(
        tuple(
            name for name in both
            if (here[name].alternatives, here[name].utilities) != (there[name].alternatives, there[name].utilities)
        ),
        tuple(name for name in both if here[name].taken != there[name].taken),
        tuple(name for name in there if name not in here),
        tuple(name for name in here if name not in there),
    )  # fmt: skip


def first_divergence(factual: Sequence[Entry], twin: Sequence[Entry]) -> tuple[Entry | None, Entry | None] | None:
    """The first pair of entries that differ; None when the logs are equal."""
    for place in range(max(len(factual), len(twin))):
        mine = factual[place] if place < len(factual) else None
        theirs = twin[place] if place < len(twin) else None
        if mine != theirs:
            return mine, theirs
    return None


def check_prefix(factual: Run, twin: Run, changes: Sequence[Change]) -> None:
    """Raise ReplayDiverged unless everything before the earliest onset came out again.

    Where nothing is changed that is everything: to force what was chosen anyway changes nothing.
    """
    taken = {asked.address: asked.taken for asked in factual.asked}
    onsets = [
        change.prefix(factual) for change in changes
        if not (isinstance(change, Decide) and taken.get(str(change.address)) == change.alternative)
    ]  # fmt: skip
    prefix = min(onsets, default=max(len(factual.entries), len(twin.entries)))
    parted = first_divergence(factual.entries[:prefix], twin.entries[:prefix])
    if parted is not None:
        raise ReplayDiverged(f"{_differences(*parted)}\n{CAUSES}")


def check_answers(recorded: Mapping[str, str], run: Run) -> None:
    """Raise ReplayDiverged unless a World played again gives the answers it gave when it was found."""
    for asked in run.asked:
        answer = recorded.get(asked.address, asked.taken)
        if answer != asked.taken:
            raise ReplayDiverged(f"{asked.address}: recorded {answer!r}, now {asked.taken!r}\n{CAUSES}")


def _differences(recorded: Entry | None, now: Entry | None) -> str:
    """Recorded and now, field by field."""
    if recorded is None or now is None:
        only, which = (now, "now") if recorded is None else (recorded, "recorded")
        return f"before the change both runs must be alike, but only one has an entry\n{which}: {only}"
    lines = [f"entry {recorded.index} came out otherwise before the change"]
    for name, was, is_now in _fields(recorded, now):
        if was != is_now:
            lines.append(f"{name}: recorded {was!r}, now {is_now!r}")
    return "\n".join(lines)


def _fields(recorded: Entry, now: Entry) -> list[tuple[str, object, object]]:
    pairs: list[tuple[str, object, object]] = [
        ("minute", recorded.minute, now.minute),
        ("causes", recorded.causes, now.causes),
        ("event", recorded.event.name, now.event.name),
    ]
    if type(recorded.event) is type(now.event):
        names = recorded.event.__struct_fields__
        pairs += [(name, getattr(recorded.event, name), getattr(now.event, name)) for name in names]
    return pairs


# ── alignment ───────────────────────────────────────────────────────────────────────────────────


def aligned(factual: Sequence[Entry], twin: Sequence[Entry]) -> tuple[Row, ...]:
    """Both logs as one list of rows, in the order of time."""
    partner = _partners(factual, twin)
    taken = set(partner.values())
    rows = [
        Row(_how(one, twin[partner[one.index]], partner), one, twin[partner[one.index]])
        if one.index in partner
        else Row("gone", one, None)
        for one in factual
    ]
    rows += [Row("new", None, one) for one in twin if one.index not in taken]
    return tuple(sorted(rows, key=lambda row: (row.minute, (row.factual or row.twin).index)))  # type: ignore[union-attr]


def _how(mine: Entry, theirs: Entry, partner: Mapping[int, int]) -> How:
    if _plain(mine.event) != _plain(theirs.event):
        return "otherwise"
    same_causes = tuple(partner.get(cause, -1) for cause in mine.causes) == theirs.causes
    return "same" if mine.minute == theirs.minute and same_causes else "moved"


def _partners(factual: Sequence[Entry], twin: Sequence[Entry]) -> dict[int, int]:
    """The index of each factual entry's counterpart: same event first, then the same choice."""
    waiting: dict[object, deque[int]] = {}
    for entry in twin:
        waiting.setdefault(_name(entry.event), deque()).append(entry.index)
    partners: dict[int, int] = {}
    for entry in factual:
        others = waiting.get(_name(entry.event))
        if others:
            partners[entry.index] = others.popleft()
    return partners


def _name(event: Event) -> object:
    return ("chose", event.address) if isinstance(event, e.Chose) else _plain(event)


def _plain(event: Event) -> Event:
    """The event without the number of another entry."""
    return replace(event, entry=0) if isinstance(event, e.Lost) else event


# ── causes ──────────────────────────────────────────────────────────────────────────────────────


# ── what it comes to ────────────────────────────────────────────────────────────────────────────


def fitness(documented: Sequence[object], simulated: Sequence[object]) -> tuple[int, float]:
    """The least number of insertions and deletions between two sequences, and 1 - cost / length.

    Length is that of both together; two empty sequences fit wholly.
    """
    row = [0] * (len(simulated) + 1)
    for decision in documented:
        before, row = row, [0]
        for place, other in enumerate(simulated, 1):
            row.append(before[place - 1] + 1 if decision == other else max(before[place], row[-1]))
    length = len(documented) + len(simulated)
    cost = length - 2 * row[-1]
    return cost, 1 - cost / length if length else 1.0
