"""What an entry costs, beside what SimPy costs, in one run. Reported, never asserted."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
import simpy

from negosim.core import events as e
from negosim.core.actors import Actor, backchannel, formal
from negosim.core.talks import fold
from negosim.core.time import Calendar
from negosim.lab.library import load
from negosim.sim.chance import Prior
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.stores import codec
from negosim.stores.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from negosim.sim.seat import Seat

pytestmark = pytest.mark.benchmark
MESSAGES = 20_000
ROUNDS = 5


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = process_time()
    work()
    return process_time() - began


def floor() -> None:
    """Two SimPy processes, one Store a direction, the same timeouts, no log."""
    env = simpy.Environment()
    there, back = simpy.Store(env), simpy.Store(env)

    def ping() -> Any:
        for k in range(MESSAGES // 2):
            yield env.timeout(1)
            yield there.put(k)
            yield back.get()

    def pong() -> Any:
        for k in range(MESSAGES // 2):
            yield there.get()
            yield env.timeout(1)
            yield back.put(k)

    env.process(ping())
    env.process(pong())
    env.run()


class Word(Choice):
    YES = "yes"
    NO = "no"


MENU = {Word.YES: because("author", reason=300), Word.NO: because("author")}


def exchange(messages: int, actors: int = 2, *, choices: bool = False) -> Scenario:
    """``actors`` in pairs; each pair exchanges its share of ``messages`` words."""
    each = messages // actors
    cast, channels, decisions = {}, [], []
    for pair in range(actors // 2):
        a, b = Actor(f"a{pair}", "A"), Actor(f"b{pair}", "B")
        way = backchannel(f"way{pair}", a, b)
        ask = {actor: Decision(actor, "word", MENU) for actor in (a, b)}

        def first(seat: Seat, other: Actor = b, way: Any = way, ask: Any = ask[a]) -> Any:
            for k in range(each):
                if choices:
                    yield from seat.choose(ask, f"k{k}")
                seat.say(other, "word", via=way)
                yield from seat.hear(e.Said)

        def second(seat: Seat, other: Actor = a, way: Any = way, ask: Any = ask[b]) -> Any:
            for k in range(each):
                yield from seat.hear(e.Said)
                if choices:
                    yield from seat.choose(ask, f"k{k}")
                seat.say(other, "word", via=way)

        cast |= {a: (first,), b: (second,)}
        channels.append(way)
        decisions += ask.values()
    return Scenario(
        "exchange", "Exchange", Calendar(datetime(2024, 1, 1), "UTC"), messages * 4 + 10,
        tuple(cast), tuple(channels), cast, tuple(decisions),
        {actor: {"reason": Weight(1000, 0, "author")} for actor in cast},
        entries_max=messages * 4 + 10,
    )  # fmt: skip


def test_an_entry_beside_the_floor(tmp_path: Path) -> None:
    plain, chosen = exchange(MESSAGES), exchange(MESSAGES, choices=True)
    run = play(plain, Prior(0))
    seeds = iter(range(1000))

    with SqliteStore(tmp_path / "runs.sqlite") as store:

        def kept(scenario: Scenario) -> str:
            return store.put_run({"seed": next(seeds)}, play(scenario, Prior(0)).entries)

        works: dict[str, Callable[[], object]] = {
            "a full run, kept in SQLite": lambda: kept(plain),
            "the same with one choice a message": lambda: kept(chosen),
            "of which play": lambda: play(plain, Prior(0)),
            "of which one fold": lambda: fold(entry.event for entry in run.entries),
            "of which encoding": lambda: [codec.encode(entry) for entry in run.entries],
        }
        ratios: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            base = cpu(floor)
            for name, work in works.items():
                ratios[name].append(cpu(work) / base)

    print(f"\nfloor: {base / MESSAGES * 1e6:.1f} us a message")
    for name, found in ratios.items():
        print(f"{name:38} {median(found):5.2f} x the floor")
    assert len(run.entries) == MESSAGES


@pytest.mark.parametrize("actors", [2, 10, 100, 1000])
def test_cost_by_actors(actors: int) -> None:
    scenario = exchange(10_000, actors)
    seconds = min(cpu(lambda: play(scenario, Prior(0))) for _ in range(3))
    print(f"\n{actors:5} actors: {seconds / 10_000 * 1e6:.1f} us an entry")

    assert len(play(scenario, Prior(0)).entries) == 10_000


@pytest.mark.parametrize("messages", [100, 1000, 10_000, 100_000])
def test_cost_by_entries(messages: int) -> None:
    scenario = exchange(messages)
    seconds = min(cpu(lambda: play(scenario, Prior(0))) for _ in range(2))
    print(f"\n{messages:7} entries: {seconds / messages * 1e6:.1f} us an entry")

    assert len(play(scenario, Prior(0)).entries) == messages


def test_a_word_to_a_thousand() -> None:
    people = [Actor(f"a{k}", "A") for k in range(1000)]
    hall = formal("hall", *people)

    def speaks(seat: Seat) -> Any:
        for _ in range(100):
            seat.say(people[1], "word", via=hall)
            yield from seat.pause(5)

    def waits(seat: Seat) -> Any:
        yield from seat.hear(e.Offered)

    cast = {people[0]: (speaks,)} | dict.fromkeys(people[1:], (waits,))
    start = Calendar(datetime(2024, 1, 1), "UTC")
    scenario = Scenario("hall", "Hall", start, 10_000, tuple(people), (hall,), cast)
    seconds = cpu(lambda: play(scenario, Prior(0)))
    print(f"\na word heard by 1,000: {seconds / 100_000 * 1e6:.2f} us a delivery")

    assert len(play(scenario, Prior(0)).entries) == 100


def test_runs_of_the_first_story() -> None:
    scenario = load("pti-2024").scenario
    seconds = cpu(lambda: [play(scenario, Prior(0, k)) for k in range(200)])
    print(f"\npti-2024: {200 / seconds:.0f} free runs a CPU second")

    assert play(scenario, Prior(0)).entries == play(scenario, Prior(0)).entries
