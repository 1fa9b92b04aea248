"""Trust is three counts, each folded from what was seen: will, authority, discretion.

Each is a Beta count of good and bad evidence, in thousandths of an observation, with expected
value (r + 1) / (r + s + 2) (Jøsang and Ismail 2002, "The Beta Reputation System"). Partial
compliance of share c adds c to r and 1 - c to s, as there.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import TYPE_CHECKING, Self

from attrs import Factory, define
from msgspec import Struct

from negosim.core import events as e

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from negosim.core.actors import Channel
    from negosim.core.events import Event


@unique
class Aspect(Enum):
    """What is trusted: that they want to, that they can deliver, that they keep secrets."""

    WILL = "will"
    AUTHORITY = "authority"
    DISCRETION = "discretion"

    __hash__ = object.__hash__  # it is half of every key of the counts; an enum's own costs a call


WILL, AUTHORITY, DISCRETION = Aspect
"""By names of their own: to look a member up in its enum costs as much as a call."""


@define
class Trust:
    """One actor's counts about others: (aspect, actor) to (good, bad) in thousandths."""

    counts: dict[tuple[Aspect, str], tuple[int, int]] = Factory(dict)

    def mean(self, aspect: Aspect, of: str) -> int:
        """The expected value in thousandths; 500 where nothing was seen."""
        good, bad = self.counts.get((aspect, of), (0, 0))
        return (good + 1000) * 1000 // (good + bad + 2000)

    def add(self, aspect: Aspect, of: str, good: int, bad: int) -> None:
        """Count one more observation."""
        old_good, old_bad = self.counts.get((aspect, of), (0, 0))
        self.counts[aspect, of] = old_good + good, old_bad + bad

    def copy(self) -> Self:
        """The same counts as a value of its own."""
        return type(self)(self.counts.copy())


def blame(will: int, authority: int) -> tuple[int, int]:
    """Who is to blame for a deal that its principal did not carry out, as (will, authority).

    All in thousandths, summing to 1000. A failure means an unwilling principal (probability
    1 - t) or a willing one whose people could not deliver (t (1 - a)); Bayes' rule splits it.
    After Kydd and Walter 2002, "Sabotaging the Peace", reduced to two causes.
    """
    unwilling = (1000 - will) * 1000
    unable = will * (1000 - authority)
    if unwilling + unable == 0:
        return 500, 500
    share = unwilling * 1000 // (unwilling + unable)
    return share, 1000 - share


class Observation(Struct, frozen=True, gc=False):
    """One thing seen of an actor: good and bad evidence about one aspect, in thousandths."""

    aspect: Aspect
    of: str
    good: int
    bad: int


def observations(
    trust: Trust, event: Event, viewer: str, channels: Mapping[str, Channel]
) -> Sequence[Observation]:
    """What an event tells a viewer of others, who trusts them as ``trust`` says; nobody judges itself."""
    lesson = LESSONS.get(type(event))
    return () if lesson is None else lesson(trust, event, viewer, channels)


def _performed(
    trust: Trust, event: e.Kept | e.Broken, viewer: str, _: Mapping[str, Channel]
) -> Sequence[Observation]:
    """A promise kept or broken tells of the debtor's will and of its envoy's authority."""
    share = event.share if isinstance(event, e.Kept) else 0
    debtor, envoy = event.by, event.through
    if debtor == viewer:
        return ()
    if not envoy or envoy in (debtor, viewer):
        return (Observation(WILL, debtor, share, 1000 - share),)
    will, authority = blame(trust.mean(WILL, debtor), trust.mean(AUTHORITY, envoy))
    fault = 1000 - share
    return (
        Observation(WILL, debtor, share, fault * will // 1000),
        Observation(AUTHORITY, envoy, share, fault * authority // 1000),
    )


def _vetoed(_: Trust, event: e.Vetoed, viewer: str, __: Mapping[str, Channel]) -> Sequence[Observation]:
    """Who strikes down its envoy's word shows no will; a yes is a word until it is kept."""
    return () if event.by == viewer else (Observation(WILL, event.by, 0, 1000),)


def _met(_: Trust, event: e.Met, viewer: str, channels: Mapping[str, Channel]) -> Sequence[Observation]:
    """Each secret meeting was an occasion to tell; it counts as kept until it leaks."""
    if not channels[event.channel].secrecy:
        return ()
    met = dict.fromkeys((event.by, *event.to))
    return [Observation(DISCRETION, name, 1000, 0) for name in met if name != viewer]


def _leaked(_: Trust, event: e.Leaked, viewer: str, channels: Mapping[str, Channel]) -> Sequence[Observation]:
    """A leak tells against its known author, or against every other member alike."""
    members = channels[event.channel].members
    suspects = [event.by] if event.by in members else list(members)
    suspects = [name for name in suspects if name != viewer]
    return [Observation(DISCRETION, name, 0, 1000 // len(suspects)) for name in suspects]


LESSONS: dict[type[Event], Callable[..., Sequence[Observation]]] = {
    e.Kept: _performed,
    e.Broken: _performed,
    e.Vetoed: _vetoed,
    e.Met: _met,
    e.Leaked: _leaked,
}
