"""Small scenarios from plain data: two to five actors who offer, answer, talk, rest and keep.

A ``Story`` is a value, so Hypothesis can draw it, shrink it and print it. Every actor plays a
script beside a part that answers offers and one that settles promises; each step of a script is
a decision of its own.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from hypothesis import strategies as st

from negosim.core import events as e
from negosim.core.actors import Actor, Channel, backchannel, formal, public
from negosim.core.errors import IllegalMove
from negosim.core.time import Calendar, days, hours
from negosim.core.trust import Aspect
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.delays import Between, Pace
from negosim.sim.scenario import Scenario
from negosim.sim.setting import Given
from negosim.testing.people import Grain, Truce

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from negosim.core.views import View
    from negosim.sim.delays import Law
    from negosim.sim.seat import Part, Seat
    from negosim.sim.waiting import Play

PEOPLE = tuple(Actor(name, name.title()) for name in ("ann", "bob", "cat", "dan", "eve"))
VERBS = ("offer", "withdraw", "say", "announce", "rest", "listen", "release")
OPTIONS = (Truce.DAY, Grain.CART)
CALENDAR = Calendar(datetime(2024, 1, 1), "UTC")
WEIGHT = Weight(1000, 800, "as good as any")


@frozen
class Step:
    """One line of a script: after ``wait`` minutes, ``verb`` towards the ``to``-th of the others."""

    wait: int
    verb: str
    to: int
    hall: bool = False
    option: int = 0


@frozen
class Story:
    """``scripts`` has one script an actor; ``delay`` is the back channel's, ``loss`` its hazard."""

    scripts: tuple[tuple[Step, ...], ...]
    delay: int = 30
    loss: int = 0
    leak: int = 0
    stranger: bool = False


class Speaking(Choice):
    """Whether to do what the script says."""

    SPEAK = "does it"
    HOLD = "holds back"


class Answering(Choice):
    """What to say to an offer."""

    ACCEPT = "yes"
    COUNTER = "for more"
    REJECT = "no"


class Keeping(Choice):
    """What becomes of a promise."""

    KEEP = "wholly"
    HALF = "by half"
    BREAK = "not at all"


def _will(view: View) -> int:
    subject = view.subject
    return view.trusts(subject.by, Aspect.WILL) if subject else 0


def _heard(view: View) -> int:
    return 500 if view.last(e.Said) else -500


def _thinking(view: View) -> Law:
    return Pace(hours(1) if view.last(e.Announced) else hours(3))


def decisions(actor: Actor) -> tuple[Decision[Speaking], Decision[Answering], Decision[Keeping]]:
    """The three questions every actor of a story is asked."""
    speak = Decision(
        actor, "speak",
        {Speaking.SPEAK: because("author", gain=700, pride=_heard), Speaking.HOLD: because("author")},
        Between(0, 30),
    )  # fmt: skip
    answer = Decision(
        actor, "answer",
        {
            Answering.ACCEPT: because("author", gain=_will),
            Answering.COUNTER: because("author", pride=400),
            Answering.REJECT: because("author", pride=_heard),
        },
        _thinking,
    )  # fmt: skip
    keep = Decision(
        actor, "keep",
        {
            Keeping.KEEP: because("author", gain=900),
            Keeping.HALF: because("author"),
            Keeping.BREAK: because("author"),
        },
        Pace(hours(5)),
        ordered=True,
    )  # fmt: skip
    return speak, answer, keep


def scenario(story: Story) -> Scenario:
    """The story as a scenario that can be played."""
    people = PEOPLE[: len(story.scripts)]
    quiet = backchannel("quiet", *people, delay=story.delay, loss=story.loss, leak=story.leak)
    hall = formal("hall", *people, delay=5)
    street = public(*people, id="street", delay=10)
    channels: tuple[Channel, ...] = (quiet, hall, street)
    tables = {actor: decisions(actor) for actor in people}
    cast: dict[Actor, tuple[Part, ...]] = {}
    for actor, script in zip(people, story.scripts, strict=True):
        others = tuple(other for other in people if other != actor)
        speak, answer, keep = tables[actor]
        cast[actor] = (_speaks(others, quiet, hall, script, speak), *_reacts(quiet, answer, keep))
    asked = tuple(decision for table in tables.values() for decision in table)
    if story.stranger:
        people, channels, cast = _and_strangers(people, channels, cast)
    return Scenario(
        "story", "A generated story", CALENDAR, days(3), people, channels=channels, cast=cast, decisions=asked,
        weights={actor: {"gain": WEIGHT, "pride": WEIGHT} for actor in tables},
        givens=(Given("rain", hours(10), hours(30)),),
    )  # fmt: skip


def _and_strangers(
    people: tuple[Actor, ...], channels: tuple[Channel, ...], cast: dict[Actor, tuple[Part, ...]]
) -> tuple[tuple[Actor, ...], tuple[Channel, ...], dict[Actor, tuple[Part, ...]]]:
    """Two more, who only talk to one another: nobody hears them and no rule counts them."""
    aba, zoe = Actor("aba", "Aba"), Actor("zoe", "Zoe")
    aside = backchannel("aside", aba, zoe, loss=300_000)

    def mutters(seat: Seat) -> Play:
        for number in range(5):
            yield from seat.pause(hours(7))
            seat.say(zoe, f"word-{number}", via=aside)

    return (aba, *people, zoe), (aside, *channels), {aba: (mutters,), **cast}


# ── the parts ───────────────────────────────────────────────────────────────────────────────────


def _speaks(
    others: tuple[Actor, ...], quiet: Channel, hall: Channel, script: tuple[Step, ...], speak: Decision[Speaking]
) -> Part:
    def part(seat: Seat) -> Play:
        for number, step in enumerate(script):
            yield from seat.pause(step.wait)
            if (yield from seat.choose(speak, f"step-{number}")) is Speaking.SPEAK:
                to = others[step.to % len(others)]
                yield from _does(seat, step, to, hall if step.hall else quiet)

    return part


def _does(seat: Seat, step: Step, to: Actor, via: Channel) -> Play:
    """One step; what the rules refuse is left undone."""
    with suppress(IllegalMove):
        match step.verb:
            case "offer":
                seat.offer(to, OPTIONS[step.option], via=via, until=seat.now + hours(6))
            case "withdraw":
                for mine in seat.view.all(e.Offered, by=seat.actor):
                    if seat.view.standing("offer", mine.offer) == mine:
                        seat.withdraw(mine)
            case "release":
                for promise in seat.view.all(e.Promised, to=seat.actor):
                    seat.release(promise.promise)
                    seat.say(to, "released", via=via)
            case "say":
                seat.say(to, "hello", via=via)
            case "announce":
                seat.announce(f"march-of-{seat.actor}", "to-the-square", due=seat.now + hours(6))
            case "rest" if seat.view.standing("channel", via.id):
                seat.resume(via)
            case "rest":
                seat.suspend(via)
            case _:
                heard = yield from seat.hear(e.Said, of=to, within=hours(4))
                seat.say(to, "heard-you" if heard else "why-so-silent", via=via)


def _reacts(quiet: Channel, answer: Decision[Answering], keep: Decision[Keeping]) -> tuple[Part, Part]:
    def answers(seat: Seat) -> Play:
        while True:
            offer = yield from seat.hear(e.Offered, to=seat.actor)
            match (yield from seat.choose(answer, offer.offer, over=offer)):
                case Answering.ACCEPT:
                    with suppress(IllegalMove):
                        said = seat.accept(offer)
                        seat.say(offer.by, said.name, via=quiet)
                case Answering.COUNTER:
                    with suppress(IllegalMove):
                        more = offer.terms.but(Truce.WEEK, Grain.SHIP)
                        seat.offer(offer.by, via=quiet, terms=more, answers=offer, until=seat.now + hours(6))
                case _:
                    with suppress(IllegalMove):
                        seat.reject(offer)

    def settles(seat: Seat, promise: e.Promised) -> Play:
        if seat.view.standing("promise", promise.promise) is None:
            return
        kept = yield from seat.choose(keep, promise.promise, over=promise, again=True)
        with suppress(IllegalMove):
            match kept:
                case Keeping.BREAK:
                    seat.break_promise(promise.promise)
                case _:
                    seat.keep(promise.promise, 1000 if kept is Keeping.KEEP else 500)

    def keeps(seat: Seat) -> Play:
        while True:
            promise = yield from seat.hear(e.Promised, by=seat.actor)
            yield from settles(seat, promise)

    return answers, keeps


# ── drawing them ────────────────────────────────────────────────────────────────────────────────

_steps = st.builds(
    Step, st.integers(0, hours(12)), st.sampled_from(VERBS), st.integers(0, 4), st.booleans(), st.integers(0, 1)
)


def stories(*, hazards: bool = True) -> SearchStrategy[Story]:
    """Any small story; with ``hazards``, messages may be lost and secrets may leak."""
    share = st.sampled_from([0, 200_000]) if hazards else st.just(0)
    scripts = st.lists(st.lists(_steps, max_size=3).map(tuple), min_size=2, max_size=5).map(tuple)
    return st.builds(Story, scripts, st.integers(1, hours(8)), share, share)


def with_strangers(story: Story) -> Story:
    """The same story with two more actors whom nobody hears."""
    return evolve(story, stranger=True)


def example() -> Story:
    """One story by hand in which most of what can happen does."""
    turn = count()
    return Story(
        tuple(
            tuple(Step(97 * (next(turn) % 7), verb, to, bool(to % 2), to % 2) for to, verb in enumerate(verbs))
            for verbs in (VERBS, ("offer", *VERBS), ("say", "offer", "offer", "listen"))
        ),
        loss=100_000,
        leak=200_000,
    )
