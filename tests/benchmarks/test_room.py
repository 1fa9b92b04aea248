"""What an entry costs, beside what SimPy costs, in one run. Reported, never asserted."""

from __future__ import annotations

import gc
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import simpy
from msgspec import Struct

from negosim.core import events as e
from negosim.core.actors import Actor, backchannel, formal
from negosim.core.talks import fold
from negosim.core.time import Calendar
from negosim.core.views import audience
from negosim.sim.chance import Prior
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.noise import band_of, bands, gumbel, noise_key, strongest, uniform
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.stores.encoding import chain, codec
from negosim.stores.sqlite import SqliteStore
from negosim.stories.loading import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from negosim.sim.seat import Seat
    from negosim.sim.trace import Run

pytestmark = pytest.mark.benchmark
MESSAGES = 20_000
ROUNDS = 5


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = process_time()
    work()
    return process_time() - began


def in_turns(works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """CPU seconds of each work in each round, the works taking turns: other programs disturb all alike."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(cpu(work))
    return found


def ratio(seconds: list[float], base: list[float]) -> str:
    """How many times as long as a base, round by round: the median, and from which to which."""
    ratios = sorted(one / other for one, other in zip(seconds, base, strict=True))
    return f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def uncollected(work: Callable[[], object]) -> object:
    """The same work without Python's search for cyclic garbage."""
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()


def floor(messages: int = MESSAGES, actors: int = 2) -> None:
    """SimPy processes in pairs, one Store a direction, the same timeouts, no log."""
    env = simpy.Environment()
    each = messages // actors

    def ping(there: simpy.Store, back: simpy.Store) -> Any:
        for k in range(each):
            yield env.timeout(1)
            yield there.put(k)
            yield back.get()

    def pong(there: simpy.Store, back: simpy.Store) -> Any:
        for k in range(each):
            yield there.get()
            yield env.timeout(1)
            yield back.put(k)

    for _ in range(actors // 2):
        there, back = simpy.Store(env), simpy.Store(env)
        env.process(ping(there, back))
        env.process(pong(there, back))
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
        tuple(cast), channels=tuple(channels), cast=cast, decisions=tuple(decisions),
        weights={actor: {"reason": Weight(1000, 0, "author")} for actor in cast},
        entries_max=messages * 4 + 10,
    )  # fmt: skip


@pytest.mark.parametrize("choices", [False, True], ids=["plain", "chosen"])
def test_an_entry_beside_the_floor(tmp_path: Path, *, choices: bool) -> None:
    scenario = exchange(MESSAGES, choices=choices)
    entries = play(scenario, Prior(0)).entries
    bodies = [codec.encode(entry) for entry in entries]
    seeds = count()

    with SqliteStore(tmp_path / "runs.sqlite") as store:
        found = in_turns({
            "floor": floor,
            "a full run, kept in SQLite": lambda: store.put_run({"seed": next(seeds)}, play(scenario, Prior(0)).entries),
            "play": lambda: play(scenario, Prior(0)),
            "play, garbage not searched for": lambda: uncollected(lambda: play(scenario, Prior(0))),
            "one fold": lambda: fold(entry.event for entry in entries),
            "keeping": lambda: store.put_run({"seed": next(seeds)}, entries),
            "encoding": lambda: [codec.encode(entry) for entry in entries],
            "hashing": lambda: chain.links(b"", bodies),
        })  # fmt: skip

    base = found.pop("floor")
    print(f"\n{MESSAGES} messages, {len(entries)} entries; floor: {min(base) / MESSAGES * 1e6:.1f} us a message")
    for name, seconds in found.items():
        print(f"{name:32} {ratio(seconds, base)} x the floor")
    assert len(entries) == MESSAGES * (1 + choices)


@pytest.mark.parametrize("actors", [2, 10, 100, 1000])
def test_cost_by_actors(actors: int) -> None:
    messages = 10_000
    scenario = exchange(messages, actors)
    found = in_turns({"floor": lambda: floor(messages, actors), "play": lambda: play(scenario, Prior(0))})
    each = min(found["play"]) / messages * 1e6
    print(f"\n{actors:5} actors: {each:.1f} us an entry, {ratio(found['play'], found['floor'])} x their floor")

    assert len(play(scenario, Prior(0)).entries) == messages


@pytest.mark.parametrize("messages", [100, 1000, 10_000, 100_000])
def test_cost_by_entries(messages: int) -> None:
    scenario = exchange(messages)
    found = in_turns({"floor": lambda: floor(messages), "play": lambda: play(scenario, Prior(0))}, rounds=3)
    each = min(found["play"]) / messages * 1e6
    print(f"\n{messages:7} entries: {each:.1f} us an entry, {ratio(found['play'], found['floor'])} x their floor")

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
    scenario = Scenario("hall", "Hall", start, 10_000, tuple(people), channels=(hall,), cast=cast)
    seconds = min(cpu(lambda: play(scenario, Prior(0))) for _ in range(ROUNDS))
    print(f"\na word heard by 1,000: {seconds / 100_000 * 1e6:.2f} us a delivery")

    assert len(play(scenario, Prior(0)).entries) == 100


class Line(Struct, gc=False):
    """A line of the log that ``by_hand`` writes."""

    index: int
    minute: int
    event: Any
    causes: tuple[int, ...]


class Turn(NamedTuple):
    """What happens at once: noise is drawn, a choice made by it, an entry written and heard."""

    minute: int
    draws: tuple[tuple[str, str], ...]
    utilities: tuple[int, ...]
    entry: e.Entry | None
    hearers: tuple[str, ...]


def turns_of(run: Run, scenario: Scenario) -> list[Turn]:
    """A run as the least that must be done again: what was drawn, chosen and written, and who heard it."""
    asked = {choice.address: choice for choice in run.asked}
    by_choice: dict[str, list[tuple[str, str]]] = {address: [] for address in asked}
    turns = []
    for (address, label), (minute, _) in run.noise.items():
        if address in asked and label != "takes":
            by_choice[address].append((address, label))
        else:
            turns.append(Turn(max(minute, 0), ((address, label),), (), None, ()))
    for entry in run.entries:
        address = getattr(entry.event, "address", "")
        worth = asked[address].utilities if address in asked else ()
        heard, _ = audience(scenario.table, entry.event)
        turns.append(Turn(entry.minute, tuple(by_choice.get(address, ())), worth, entry, heard))
    return turns


def by_hand(turns: list[Turn], actors: Iterable[str]) -> list[Line]:
    """The same noise, choices, log and mail without SimPy, seats, rules or views: a queue and a loop."""
    key, queue, serial = noise_key(0, 0), [], count()
    log: list[Line] = []
    mail: dict[str, list[Line]] = {name: [] for name in actors}
    for turn in turns:
        heappush(queue, (turn.minute, next(serial), turn, None))
    while queue:
        minute, _, turn, line = heappop(queue)
        if line is not None:
            for name in turn.hearers:
                mail[name].append(line)
            continue
        noise = [uniform(key, address, label) for address, label in turn.draws]
        if turn.utilities and len(noise) == len(turn.utilities):
            strongest(turn.utilities, [gumbel(u) for u in noise])
        elif turn.utilities:
            band_of(bands(turn.utilities), noise[0])
        if turn.entry is not None:
            log.append(line := Line(len(log), minute, turn.entry.event, turn.entry.causes))
            if turn.hearers:
                heappush(queue, (minute + 1, next(serial), turn, line))
    return log


def test_runs_of_the_first_story() -> None:
    scenario = load("pti-2024").scenario
    runs = [play(scenario, Prior(0, k)) for k in range(100)]
    events = [[entry.event for entry in run.entries] for run in runs]
    scripts = [turns_of(run, scenario) for run in runs]
    found = in_turns({
        "floor": floor,
        "runs": lambda: [play(scenario, Prior(0, k)) for k in range(100)],
        "set-up": lambda: [play(scenario, Prior(0, k), until=-1) for k in range(100)],
        "by hand": lambda: [by_hand(script, scenario.table.actors) for script in scripts],
        "folds": lambda: [fold(log) for log in events],
    })  # fmt: skip
    seconds = {name: min(each) for name, each in found.items()}
    message, run = seconds["floor"] / MESSAGES, seconds["runs"] / 100
    by_hand_s = ratio(found["runs"], found["by hand"])
    print(f"\npti-2024: {1 / run:.0f} free runs a CPU second, one as long as {run / message:.0f} messages of the floor")
    print(f"pti-2024: a free run takes {run * 1e3:.2f} ms, {by_hand_s} x a kernel written by hand; goal 4")
    print(f"pti-2024: set-up and adjourning take {seconds['set-up'] * 10:.2f} ms a run; goal 0.1")
    print(f"pti-2024: {sum(map(len, events)) / seconds['folds']:,.0f} entries folded a CPU second")

    assert play(scenario, Prior(0)).entries == runs[0].entries
    assert [line.event for line in by_hand(scripts[0], scenario.table.actors)] == events[0]
