"""Where the path left: why documented decisions were not reached."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from negosim.core.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.lab.ensembles.ensemble import Played
    from negosim.sim.chance import Imposition


TELLING = 0.2
"""The least share of the variance that a choice must explain to be named as the turn."""


class LostPath(ScenarioError):
    """No replay reaches all documented decisions."""


def complaints(every: Sequence[Imposition], replays: Sequence[Played], free: Sequence[Played]) -> str:
    """One paragraph per decision that no replay reaches; failing that, where the runs parted."""
    n = len(replays)
    lines = [f"no replay of {n} reaches every documented decision"]
    bare = [place for place in range(len(every)) if not any(one.met[place].in_time for one in replays)]
    for place in bare:
        lines.append(f"{_name(every[place])}: {_how(replays, place)}")
        lines.append(f"  {left(every, place, replays, free)}")
    if not bare:
        for place, imposition in enumerate(every):
            reached = sum(one.met[place].in_time for one in replays)
            settled = sum(one.met[place].how == "imposed" for one in replays)
            if settled < n:
                lines.append(f"{_name(imposition)}: reached in {reached} of {n}, answered so in {settled}")
        lines.append("no single replay has them all; try more replays (-n)")
    return "\n".join(lines)


def left(
    every: Sequence[Imposition], place: int, replays: Sequence[Played], free: Sequence[Played]
) -> str:
    """The choice at which the runs that reach a decision part from those that do not.

    Sought among the replays; where none of them reaches it, among free runs; where none of these
    does, the last decision reached and the choices since are all that can be said.
    """
    sought = every[place]
    in_time = [one.met[place].in_time for one in replays]
    if any(in_time):
        late = sum(one.met[place].how == "too late" for one in replays)
        return _parting(replays, in_time, sought) or f"asked too late in {late} others"
    asked = [any(_is_at(address, sought) for address, *_ in one.choices) for one in free]
    parting = _parting(free, asked, sought) if any(asked) else ""
    return f"in free runs {parting}" if parting else _last(every, place, replays)


def _parting(runs: Sequence[Played], reached: Sequence[bool], sought: Imposition) -> str:
    """The earlier answer that best tells the runs that get there from the others, if one does.

    Best: it explains the largest share of the variance of getting there (eta squared).
    """
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for run, here in zip(runs, reached, strict=True):
        for address, taken, at in run.choices:
            if _is_at(address, sought) or at > sought.latest:
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


def _last(every: Sequence[Imposition], place: int, replays: Sequence[Played]) -> str:
    """The last imposed decision that was reached, and what was chosen after it most often."""
    before = [k for k in range(place) if any(one.met[k].how == "imposed" for one in replays)]
    if not before:
        return "no documented decision before it is reached either"
    last = every[before[-1]]
    since: Counter[tuple[str, str]] = Counter()
    for one in replays:
        taken = [(address, answer) for address, answer, _ in one.choices]
        there = [k for k, (address, answer) in enumerate(taken) if _is_at(address, last) and answer == last.chose]
        since.update(taken[there[0] + 1 :] if there else ())
    common = ", ".join(f"{address} = {taken} ({count})" for (address, taken), count in since.most_common(5))
    return f"the last one reached is {_name(last)}; chosen after it: {common or 'nothing'}"


def _name(one: Imposition) -> str:
    return f"{one.fact} {one.address} = {one.chose}"


def _how(replays: Sequence[Played], place: int) -> str:
    how = Counter(one.met[place].how for one in replays)
    late, never = how["too late"], how["never"]
    return f"reached in none of {len(replays)} replays ({late} too late, {never} never asked)"


def _is_at(address: str, imposition: Imposition) -> bool:
    return imposition.is_at(address)
