"""Where the path left: why documented decisions were not reached."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from negosim.core.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.lab.ensembles import Played
    from negosim.sim.chance import Imposition


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
    reached = [one.met[place].in_time for one in replays]
    if any(reached) and not all(reached):
        return _parting(replays, reached)
    asked = [any(_is_at(address, every[place]) for address, _ in one.choices) for one in free]
    if any(asked) and not all(asked):
        return "in free runs " + _parting(free, asked)
    return _last(every, place, replays)


def _parting(runs: Sequence[Played], reached: Sequence[bool]) -> str:
    """The answer whose presence best foretells whether a run gets there (mean squared error)."""
    sizes: dict[tuple[str, str], list[int]] = {}
    for run, here in zip(runs, reached, strict=True):
        for choice in run.choices:
            counts = sizes.setdefault(choice, [0, 0])
            counts[0] += 1
            counts[1] += here
    n, total = len(runs), sum(reached)

    def explained(choice: tuple[str, str]) -> float:
        count, there = sizes[choice]
        rest = n - count
        inside = there * there / count
        outside = (total - there) ** 2 / rest if rest else 0.0
        return inside + outside

    address, taken = max(sizes, key=explained)
    count, there = sizes[address, taken]
    rest = f", without it in {total - there} of {n - count}" if n > count else ""
    return f"the path turns at {address}: with {taken!r} it is reached in {there} of {count}{rest}"


def _last(every: Sequence[Imposition], place: int, replays: Sequence[Played]) -> str:
    """The last imposed decision that was reached, and what was chosen after it most often."""
    before = [k for k in range(place) if any(one.met[k].how == "imposed" for one in replays)]
    if not before:
        return "no documented decision before it is reached either"
    last = every[before[-1]]
    since: Counter[tuple[str, str]] = Counter()
    for one in replays:
        addresses = [address for address, _ in one.choices]
        if last.address in addresses:
            since.update(one.choices[addresses.index(last.address) + 1 :])
    common = ", ".join(f"{address} = {taken} ({count})" for (address, taken), count in since.most_common(5))
    return f"the last one reached is {_name(last)}; chosen after it: {common or 'nothing'}"


def _name(one: Imposition) -> str:
    return f"{one.fact} {one.address} = {one.chose}"


def _how(replays: Sequence[Played], place: int) -> str:
    how = Counter(one.met[place].how for one in replays)
    late, never = how["too late"], how["never"]
    return f"reached in none of {len(replays)} replays ({late} too late, {never} never asked)"


def _is_at(address: str, imposition: Imposition) -> bool:
    prefix = imposition.open_prefix
    return address == imposition.address if prefix is None else address.startswith(prefix)
