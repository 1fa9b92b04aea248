"""What cannot be in any world of this story: each rule finds the first entry that breaks it.

News takes a minute, so that what an actor does in the minute of an event may still be unaware of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negosim.core import events as e

from .people import DISOBEDIENCE, FINAL_CALL, WINTER_MARCH, prison, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Log = Sequence[e.Entry]
    Invariant = Callable[[Log], e.Entry | None]

NEWS = 1
NEVER = 1 << 53


def minute_of(log: Log, fits: Callable[[e.Event], bool]) -> int:
    """The minute of the first event that fits; one beyond every clock where there is none."""
    return next((entry.minute for entry in log if fits(entry.event)), NEVER)


def first(log: Log, breaks: Callable[[e.Entry], bool]) -> e.Entry | None:
    """The first entry that breaks a rule."""
    return next((entry for entry in log if breaks(entry)), None)


def happens(what: str) -> Callable[[e.Event], bool]:
    """Whether an event is a happening of that name."""
    return lambda event: isinstance(event, e.Happened) and event.what == what


def nobody_visits_in_jail_who_went_home(log: Log) -> e.Entry | None:
    """After the founder went home nothing takes place in the visitors' room."""
    home = minute_of(log, happens("released")) + NEWS
    inside = (e.Met, e.Said, e.Conveyed, e.Mandated)
    return first(log, lambda x: x.minute > home and isinstance(x.event, inside) and x.event.channel == prison.id)


def nobody_asks_the_release_of_who_went_home(log: Log) -> e.Entry | None:
    """After the founder went home his release is neither asked nor decided, and no bail is lifted."""
    home = minute_of(log, happens("released")) + NEWS

    def breaks(entry: e.Entry) -> bool:
        event = entry.event
        asks = isinstance(event, e.Offered) and "release" in event.terms.slugs
        decides = isinstance(event, e.Chose) and event.taken in ("release-first", "release", "rearrest", "let-go")
        return entry.minute > home and (asks or decides or happens("re-arrested")(event))

    return first(log, breaks)


def he_goes_home_once(log: Log) -> e.Entry | None:
    """The founder goes home at most once; he and the public learn of it in two entries."""
    homecomings = [entry for entry in log if happens("released")(entry.event)]
    return homecomings[2] if len(homecomings) > 2 else None


TOLD_AFTER = {
    "threat-worked": lambda event: isinstance(event, e.Promised) and event.by == "government",
    "clash": happens("clash"),
    "march-over": lambda event: isinstance(event, e.Ended | e.CalledOff) and event.action == FINAL_CALL,
    "defer-it": lambda event: isinstance(event, e.Announced) and event.action == DISOBEDIENCE,
    "talks-over": lambda event: isinstance(event, e.Suspended) and event.channel == table.id,
    "please-mediate": lambda event: isinstance(event, e.Said) and event.what == "my-house-is-open",
    "committee-named": lambda event: isinstance(event, e.Said) and event.what == "will-you-sit-down",
}
"""What is said, and what must have come before it."""


def news_follows_what_it_tells(log: Log) -> e.Entry | None:
    """Nothing is told before it happened."""
    since = {what: minute_of(log, fits) for what, fits in TOLD_AFTER.items()}
    return first(log, lambda x: isinstance(x.event, e.Said) and x.minute < since.get(x.event.what, 0))


def no_march_is_denied(log: Log) -> e.Entry | None:
    """The founder is not told that there was no march once one has begun."""
    begun = minute_of(log, lambda event: isinstance(event, e.Started) and event.action == FINAL_CALL)
    return first(log, lambda x: isinstance(x.event, e.Said) and x.event.what == "no-march" and x.minute > begun)


def what_comes_again_came_before(log: Log) -> e.Entry | None:
    """A second bail follows the first; a march or disobedience is called once."""
    bailed = minute_of(log, happens("khan-bailed"))
    called: set[str] = set()

    def breaks(entry: e.Entry) -> bool:
        event = entry.event
        if isinstance(event, e.Announced) and event.action in (FINAL_CALL, WINTER_MARCH, DISOBEDIENCE):
            twice = event.action in called
            called.add(event.action)
            return twice
        return happens("bailed-again")(event) and entry.minute <= bailed

    return first(log, breaks)


def rounds_are_held_by_two_committees(log: Log) -> e.Entry | None:
    """No formal round before the government named its committee, none after the talks were ended."""
    named = minute_of(log, lambda event: isinstance(event, e.Said) and event.what == "committee-named")
    ended = minute_of(log, TOLD_AFTER["talks-over"])

    def breaks(entry: e.Entry) -> bool:
        held = isinstance(entry.event, e.Met) and entry.event.channel == table.id
        return held and not named < entry.minute <= ended + NEWS

    return first(log, breaks)


def an_order_to_stop_is_his(log: Log) -> e.Entry | None:
    """Nobody is ordered to stop before the founder agreed to it."""
    agreed = minute_of(log, lambda event: isinstance(event, e.Ratified) and event.by == "khan")
    return first(log, lambda x: isinstance(x.event, e.Ordered) and x.minute < agreed)


def a_clash_is_where_the_crowd_is(log: Log) -> e.Entry | None:
    """Marchers clash at D-Chowk only after they reached it."""
    there = minute_of(log, lambda event: isinstance(event, e.Reached) and event.what == "d-chowk")
    return first(log, lambda x: happens("clash")(x.event) and x.minute < there)


def no_stop_is_brought_too_late(log: Log) -> e.Entry | None:
    """Once the march is at D-Chowk nobody brings the founder a place to stop before it."""
    there = minute_of(log, lambda event: isinstance(event, e.Reached) and event.what == "d-chowk") + NEWS
    return first(log, lambda x: isinstance(x.event, e.Conveyed) and x.minute > there)


invariants: tuple[Invariant, ...] = (
    nobody_visits_in_jail_who_went_home,
    nobody_asks_the_release_of_who_went_home,
    he_goes_home_once,
    news_follows_what_it_tells,
    no_march_is_denied,
    what_comes_again_came_before,
    rounds_are_held_by_two_committees,
    an_order_to_stop_is_his,
    a_clash_is_where_the_crowd_is,
    no_stop_is_brought_too_late,
)
