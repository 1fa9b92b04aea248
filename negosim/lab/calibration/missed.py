"""Where the replays miss a documented event: when it comes instead, after what, and who waits for what."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.events import Chose
from negosim.core.views import audience, doer
from negosim.record.matching import about, nearest
from negosim.sim.chance import Dice
from negosim.sim.play import LiveRun
from negosim.sim.room import Room

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from negosim.core.events import Event
    from negosim.record.model import Fact
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story


def comes_instead(story: Story, fact: Fact, runs: Sequence[Run]) -> str:
    """The day on which a fact's event comes most often, and what brings it about: ``on DATE, after CAUSE``."""
    seen: Counter[tuple[str, str]] = Counter()
    for run in runs:
        if (minute := nearest(fact, run.entries)) is not None:
            entry = next(
                entry for entry in run.entries[run.before_minute(minute) :]
                if any(pattern.event == entry.event.name for pattern in fact.expect)
            )  # fmt: skip
            cause = f", after {_said(run.entries[max(entry.causes)].event)}" if entry.causes else ""
            seen[day(story.scenario, minute), cause] += 1
    ((date, cause), _), *_ = seen.most_common(1)
    return f"on {date}{cause}"


def waits_in_vain(scenario: Scenario, run: Run, actors: Sequence[str]) -> Iterator[str]:
    """What the parts of some actors wait for when a run ends, and what was said of it where they do not hear it.

    The run is played once more, with the same noise, to look at its room before everybody leaves.
    """
    room = Room(scenario.setting, Dice(run.world))
    live = LiveRun(scenario, room)
    live.advance(scenario.ends)
    for actor in actors:
        for waiter in room.waiting(actor):
            path, line = waiter.playing.place
            kinds = " or ".join(kind.name for kind in waiter.kinds)
            unheard = dict.fromkeys(
                f"{entry.event.name} on {getattr(entry.event, 'channel', '') or 'no channel of theirs'}"
                for entry in room.entries
                if type(entry.event) in waiter.kinds
                and actor not in (doer(entry.event), *audience(room.table, entry.event)[0])
                and waiter.is_for(entry.event)
            )
            there = f"; there is {', '.join(unheard)}, which does not reach {actor}" if unheard else ""
            yield f"the part of {actor} waits at {Path(path).name}:{line} for {kinds} to the end{there}"
    live.finish()


def day(scenario: Scenario, minute: int) -> str:
    """The local date of a minute."""
    return scenario.calendar.local(minute).date().isoformat()


def _said(event: Event) -> str:
    if isinstance(event, Chose):
        return f"{event.address} = {event.taken}"
    return " ".join([event.name, *about(event)[:1], f"by {event.by}"])
