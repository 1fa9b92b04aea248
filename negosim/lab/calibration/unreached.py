"""Where the path left: why documented decisions were not reached."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.lab.calibration.rehearsal import Rehearsed
    from negosim.sim.chance import Imposition


TELLING = 0.2
"""The least share of the variance that a choice must explain to be named as the turn."""


def why_none_reaches_all(
    impositions: Sequence[Imposition], replays: Sequence[Rehearsed], free: Sequence[Rehearsed]
) -> str:
    """One paragraph per decision that no replay reaches; failing that, where the runs parted."""
    n = len(replays)
    lines = [f"no replay of {n} reaches every documented decision"]
    never_reached = [
        place for place in range(len(impositions)) if not any(run.outcomes[place].in_time for run in replays)
    ]
    for place in never_reached:
        lines.append(f"{_name(impositions[place])}: {_how(replays, place)}")
        lines.append(f"  {why_unreached(impositions, place, replays, free)}")
    if not never_reached:
        for place, imposition in enumerate(impositions):
            reached = sum(run.outcomes[place].in_time for run in replays)
            settled = sum(run.outcomes[place].how == "imposed" for run in replays)
            if settled < n:
                lines.append(f"{_name(imposition)}: reached in {reached} of {n}, answered so in {settled}")
        lines.append("no single replay has them all; try more replays (-n)")
    return "\n".join(lines)


def why_unreached(
    impositions: Sequence[Imposition], place: int, replays: Sequence[Rehearsed], free: Sequence[Rehearsed]
) -> str:
    """The choice at which the runs that reach a decision part from those that do not.

    Sought among the replays; where none of them reaches it, among free runs; where none of these
    does, the last decision reached and the choices since are all that can be said.
    """
    sought = impositions[place]
    in_time = [run.outcomes[place].in_time for run in replays]
    if any(in_time):
        late = sum(run.outcomes[place].how == "too late" for run in replays)
        return _parting(replays, in_time, sought) or f"asked too late in {late} others"
    asked = [any(sought.is_at(address) for address, _, _ in run.choices) for run in free]
    parting = _parting(free, asked, sought) if any(asked) else ""
    return f"in free runs {parting}" if parting else _last(impositions, place, replays)


def _parting(runs: Sequence[Rehearsed], reached: Sequence[bool], sought: Imposition) -> str:
    """The earlier answer that best tells the runs that get there from the others, if one does.

    Best: it explains the largest share of the variance of getting there (eta squared).
    """
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for run, here in zip(runs, reached, strict=True):
        for address, taken, minute in run.choices:
            if sought.is_at(address) or minute > sought.latest:
                break
            with_it, there = counts.get((address, taken), (0, 0))
            counts[address, taken] = (with_it + 1, there + here)
    n, total = len(runs), sum(reached)

    def explained(choice: tuple[str, str]) -> tuple[float, float]:
        with_it, there = counts[choice]
        without = (total - there) ** 2 / (n - with_it) if n > with_it else 0.0
        return there**2 / with_it + without - total**2 / n, there / with_it

    best = max(counts, key=explained, default=None)
    if best is None or explained(best)[0] < TELLING * total * (n - total) / n or total == n:
        return ""
    with_it, there = counts[best]
    rest = f", without in {total - there} of {n - with_it}" if n > with_it else ""
    return f"the path turns at {best[0]}: with {best[1]!r} it is reached in {there} of {with_it}{rest}"


def _last(impositions: Sequence[Imposition], place: int, replays: Sequence[Rehearsed]) -> str:
    """The last imposed decision that was reached, and what was chosen after it most often."""
    before = [k for k in range(place) if any(run.outcomes[k].how == "imposed" for run in replays)]
    if not before:
        return "no documented decision before it is reached either"
    last = impositions[before[-1]]
    since: Counter[tuple[str, str]] = Counter()
    for run in replays:
        taken = [(address, answer) for address, answer, _ in run.choices]
        there = [k for k, (address, answer) in enumerate(taken) if last.is_at(address) and answer == last.chose]
        since.update(taken[there[0] + 1 :] if there else ())
    common = ", ".join(f"{address} = {taken} ({count})" for (address, taken), count in since.most_common(5))
    return f"the last one reached is {_name(last)}; chosen after it: {common or 'nothing'}"


def _name(imposition: Imposition) -> str:
    return f"{imposition.fact} {imposition.address} = {imposition.chose}"


def _how(replays: Sequence[Rehearsed], place: int) -> str:
    how = Counter(run.outcomes[place].how for run in replays)
    late, never = how["too late"], how["never"]
    return f"reached in none of {len(replays)} replays ({late} too late, {never} never asked)"
