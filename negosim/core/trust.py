"""Trust is three counts, each folded from what was seen: will, authority, discretion.

Each is a Beta count of good and bad evidence, in thousandths of an observation, with expected
value (r + 1) / (r + s + 2) (Jøsang and Ismail 2002, "The Beta Reputation System"). Partial
compliance of share c adds c to r and 1 - c to s, as there.
"""

from __future__ import annotations

from enum import Enum, unique
from typing import TYPE_CHECKING, Self

from attrs import Factory, frozen
from rpds import HashTrieMap

from negosim.core import events as e

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from negosim.core.actors import Channel
    from negosim.core.events import Event


@unique
class Aspect(Enum):
    """What is trusted: that they want to, that they can deliver, that they keep secrets."""

    WILL = "will"
    AUTHORITY = "authority"
    DISCRETION = "discretion"


@frozen
class Trust:
    """One actor's counts about others: (aspect, actor) to (good, bad) in thousandths."""

    counts: HashTrieMap[tuple[Aspect, str], tuple[int, int]] = Factory(HashTrieMap)

    def mean(self, aspect: Aspect, of: str) -> int:
        """The expected value in thousandths; 500 where nothing was seen."""
        good, bad = self.counts.get((aspect, of), (0, 0))
        return (good + 1000) * 1000 // (good + bad + 2000)

    def saw(self, aspect: Aspect, of: str, good: int, bad: int) -> Self:
        """The counts after one more observation."""
        old_good, old_bad = self.counts.get((aspect, of), (0, 0))
        return type(self)(self.counts.insert((aspect, of), (old_good + good, old_bad + bad)))


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


def judge(trust: Trust, event: Event, viewer: str, channels: Mapping[str, Channel]) -> Trust:
    """The viewer's trust after it learned of ``event``; nobody judges itself."""
    lesson = LESSONS.get(type(event))
    return trust if lesson is None else lesson(trust, event, viewer, channels)


def _performed(trust: Trust, event: e.Kept | e.Broken, viewer: str, _: Mapping[str, Channel]) -> Trust:
    """A promise kept or broken tells of the debtor's will and of its envoy's authority."""
    share = event.share if isinstance(event, e.Kept) else 0
    debtor, envoy = event.by, event.through
    if debtor == viewer:
        return trust
    if not envoy or envoy in (debtor, viewer):
        return trust.saw(Aspect.WILL, debtor, share, 1000 - share)
    will, authority = blame(trust.mean(Aspect.WILL, debtor), trust.mean(Aspect.AUTHORITY, envoy))
    fault = 1000 - share
    trust = trust.saw(Aspect.WILL, debtor, share, fault * will // 1000)
    return trust.saw(Aspect.AUTHORITY, envoy, share, fault * authority // 1000)


def _vetoed(trust: Trust, event: e.Vetoed, viewer: str, _: Mapping[str, Channel]) -> Trust:
    """Who strikes down its envoy's word shows no will; a yes is a word until it is kept."""
    return trust if event.by == viewer else trust.saw(Aspect.WILL, event.by, 0, 1000)


def _met(trust: Trust, event: e.Met, viewer: str, channels: Mapping[str, Channel]) -> Trust:
    """Each secret meeting was an occasion to tell; it counts as kept until it leaks."""
    if channels[event.channel].secrecy:
        for name in dict.fromkeys((event.by, *event.to)):
            if name != viewer:
                trust = trust.saw(Aspect.DISCRETION, name, 1000, 0)
    return trust


def _leaked(trust: Trust, event: e.Leaked, viewer: str, channels: Mapping[str, Channel]) -> Trust:
    """A leak tells against its known author, or against every other member alike."""
    members = channels[event.channel].members
    suspects = [event.by] if event.by in members else list(members)
    suspects = [name for name in suspects if name != viewer]
    for name in suspects:
        trust = trust.saw(Aspect.DISCRETION, name, 0, 1000 // len(suspects))
    return trust


LESSONS: dict[type[Event], Callable[..., Trust]] = {
    e.Kept: _performed,
    e.Broken: _performed,
    e.Vetoed: _vetoed,
    e.Met: _met,
    e.Leaked: _leaked,
}
