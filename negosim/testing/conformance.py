"""Counterfactuals with known answers: cases T1 to T13, for negosim and for anyone else.

Each is a small model, or a formula. ``Case.failures`` names what does not agree: exact figures to
their digits, sampled ones within four standard errors, at sizes at which ``Case.wrong`` fails.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from math import exp, log, log1p
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from negosim.core.actors import Actor, public
from negosim.core.events import Announced, Happened
from negosim.core.time import Calendar
from negosim.inference.causation import Table, Triple, causation, triples
from negosim.inference.estimates import Estimate, mean_of
from negosim.inference.filter.condition import condition
from negosim.inference.filter.items import Item
from negosim.inference.filter.particle import Conditioning
from negosim.lab.counterfactual.alignment import fitness
from negosim.lab.counterfactual.paired_worlds import Asking, pair_of
from negosim.record.dates import Span
from negosim.record.matching import timing
from negosim.record.model import Pattern, Target
from negosim.sim.chance import Fresh, Imposition, Prior, World
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.delays import Between, delay_given
from negosim.sim.interventions import Decide, SetMechanism
from negosim.sim.noise import UNIT, noise_key, uniform
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.stories.questions import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from negosim.core.views import View
    from negosim.inference.filter.posterior import Posterior
    from negosim.sim.seat import Part, Seat
    from negosim.sim.waiting import Play

SIGMAS, ENDS, ISLANDS = 4, 1000, 24
FRESH = 4 * 10**15
"""Added to the number of a run: chance drawn anew after a change."""
ANN = Actor("ann", "Ann")


@frozen
class Case:
    """A case: its known answers, how to find them, and answers a wrong formula would give."""

    name: str
    what: str
    known: Mapping[str, float]
    found: Callable[[], Mapping[str, Estimate]]
    wrong: Mapping[str, float]
    digits: int = field(default=4, kw_only=True)

    def failures(
        self, known: Mapping[str, float] | None = None, found: Mapping[str, Estimate] | None = None
    ) -> tuple[str, ...]:
        """What does not agree with ``known`` (default: the right answers), in words.

        ``found`` spares computing the answers again.
        """
        expected, lines = self.known if known is None else known, []
        found = self.found() if found is None else found
        for name, value in expected.items():
            estimate = found[name]
            slack = SIGMAS * estimate.se if estimate.se else 0.6 * 10.0**-self.digits
            if abs(estimate.mean - value) > slack:
                lines.append(f"{self.name}: {name} is {estimate.mean:.5f}, not {value:.5f} (+-{slack:.5f})")
        return tuple(lines)


def exact(value: float) -> Estimate:
    """A figure without sampling error."""
    return Estimate(value, 0.0)


def scenario_of(part: Part, decisions: tuple[Decision[Choice], ...] = ()) -> Scenario:
    """One actor, one public place, one part."""
    weights = {ANN: {"says": Weight(1000, 0, "the attribute itself")}} if decisions else {}
    return Scenario(
        "case", "A case", Calendar(datetime(2024, 1, 1), "UTC"), ENDS, (ANN,), channels=(public(ANN, id="street"),),
        cast={ANN: (part,)}, decisions=decisions, weights=weights,
    )  # fmt: skip


def outcome(what: str) -> Outcome:
    """That something happened, at any time."""
    span = Span(0, ENDS - 1, "interval", text="any time")
    return Outcome(
        Target(
            id=what,
            what=what,
            span=span,
            cites=(),
            expect=(Pattern(event="happened", span=span, what=what),),
        ),
        True,
    )


def known(address: str, answer: str) -> Item:
    """That a question was answered so, at any time."""
    return Item(name=address, due=ENDS - 1, imposition=Imposition(address, answer, 0, ENDS - 1))


def imposed(**choices: str) -> tuple[Item, ...]:
    """What Nature is known to have chosen."""
    return tuple(known(f"nature.{name}[k]", answer) for name, answer in choices.items())


def posterior_of(scenario: Scenario, items: tuple[Item, ...], n: int = 6000, seed: int = 1) -> Posterior:
    """A scenario given its items, from ``n`` particles."""
    return condition(Conditioning(scenario, items), n, seed, islands=ISLANDS)


def asked(
    scenario: Scenario, items: tuple[Item, ...], change: Decide, about: str, n: int = 6000, seed: int = 1
) -> dict[str, Estimate]:
    """The probability of an outcome with the change: with the same chance, and with fresh chance after it."""
    posterior, asking = posterior_of(scenario, items, n, seed), Asking((change,), (outcome(about),))
    worlds = [draw.world for draw in posterior.draws]
    same = [float(pair_of(scenario, asking, world).changed[0]) for world in worlds]
    later = [play(scenario, _refreshed(scenario, world, change), (change,)) for world in worlds]
    fresh = [_happens(run.entries, about) for run in later]
    return {"same": posterior.mean(same), "fresh": posterior.mean(fresh)}


def _refreshed(scenario: Scenario, world: World, change: Decide) -> World:
    """A World in which everything after the change is drawn anew."""
    factual = play(scenario, world)
    onset = change.onset(factual)
    minutes = {asked.address: asked.at for asked in factual.asked}
    values = {place: value for place, value in world.values.items() if minutes.get(place[0], -1) <= onset}
    return evolve(world, values=values, fresh=(Fresh(FRESH + world.run, onset),))


def share(scenario: Scenario, about: str, changes: tuple[Decide, ...], n: int = 6000, seed: int = 2) -> Estimate:
    """How often an outcome happens in free runs with a change."""
    hits = [_happens(play(scenario, Prior(seed, run), changes).entries, about) for run in range(n)]
    return mean_of([1.0] * n, hits)


def _happens(entries: Sequence[object], what: str) -> float:
    return float(any(isinstance(x.event, Happened) and x.event.what == what for x in entries))  # type: ignore[attr-defined]


# ── T1: the linear model of Pearl's Primer ──────────────────────────────────────────────────────

_UNIT = Between(0, 2000)


def _encouraged(seat: Seat) -> Play:
    x, u_h, u_y = (seat.takes(name, "k", _UNIT) for name in ("x", "u-h", "u-y"))
    h = 2000 if seat.works("h-is-set") else x // 2 + u_h
    yield from seat.pause(1)
    seat.announce("y", "y", 7 * x // 10 + 4 * h // 10 + u_y)


def _t1() -> dict[str, Estimate]:
    seen = {"x": 500, "u-h": 1000 - 250, "u-y": 1500 - 350 - 400}
    values = {}
    for name, value in seen.items():
        given_delay = delay_given(_UNIT, UNIT // 2, value, value)
        if given_delay is not None:
            values[f"nature.{name}[k]", "takes"] = given_delay[0]
    scenario = evolve(scenario_of(_encouraged), mechanisms={"h-is-set": False})
    world = World(0, 0, values)
    factual = play(scenario, world)
    twin = play(scenario, factual.world, (SetMechanism("h-is-set", on=True),))
    y, y_set = (next(x.event.due for x in run.entries if isinstance(x.event, Announced)) for run in (factual, twin))
    return {"y seen": exact(y / 1000), "y set": exact(y_set / 1000)}


# ── T2 to T5: a chain of negotiation ────────────────────────────────────────────────────────────


def _negotiation(seat: Seat) -> Play:
    soft = seat.chance("soft", "k", 300_000)
    yield from seat.pause(60)
    visited = seat.chance("visit", "k", 800_000 if soft else 400_000)
    yield from seat.pause(60)
    report = seat.chance("report", "k", 900_000 if visited else 200_000)
    yield from seat.pause(60)
    if seat.chance("deal", "k", (600_000 if report else 100_000) + 200_000 * soft):
        seat.happen("deal")


CHAIN = scenario_of(_negotiation)
VISIT, NO_VISIT = Decide("nature.visit[k]", "yes"), Decide("nature.visit[k]", "no")


def _t2() -> dict[str, Estimate]:
    rows = _free()
    posterior = posterior_of(CHAIN, imposed(visit="yes", report="yes", deal="yes"), 2400, 7)
    islands = [exp(island.log_evidence) for island in posterior.islands]
    return {
        "do visit": share(CHAIN, "deal", (VISIT,)),
        "do no visit": share(CHAIN, "deal", (NO_VISIT,)),
        "pns": mean_of([1.0] * len(rows), [float(row.y_x and not row.y_not_x) for row in rows]),
        "evidence": mean_of([1.0] * len(islands), islands),
    }


@cache
def _free() -> tuple[Triple, ...]:
    worlds = [Prior(3, run) for run in range(6000)]
    return tuple(triples(CHAIN, outcome("deal").target, VISIT, NO_VISIT, worlds))


def _t3() -> dict[str, Estimate]:
    answers = asked(CHAIN, imposed(visit="yes", report="yes", deal="yes"), NO_VISIT, "deal")
    rung3 = answers["same"]
    return {
        "rung 3": rung3,
        "PN(E)": Estimate(1 - rung3.mean, rung3.se),
        "fresh": answers["fresh"],
        "prior": share(CHAIN, "deal", (NO_VISIT,)),
    }


def _t4() -> dict[str, Estimate]:
    still = asked(CHAIN, imposed(visit="yes", deal="yes"), NO_VISIT, "deal")["same"]
    free = causation(_free())
    answers = {"PN given record": Estimate(1 - still.mean, still.se)}
    for name, estimate, bounds in (("PN", free.pn, free.table.pn), ("PS", free.ps, free.table.ps)):
        if estimate is not None and bounds is not None:
            answers[name] = estimate
            answers[f"{name} at its lower bound"] = exact(float(abs(estimate.mean - bounds.low) < 1e-9))
    return answers


def _t5() -> dict[str, Estimate]:
    n = 6000
    with_, without = (
        [[_happens(play(CHAIN, Prior(seed, run), (change,)).entries, "deal") for run in range(n)] for seed in (4, 5)]
        for change in (VISIT, NO_VISIT)
    )
    paired = _variance([one - other for one, other in zip(with_[0], without[0], strict=True)])
    independent = _variance([one - other for one, other in zip(with_[0], without[1], strict=True)])
    return {"paired": paired, "independent": independent}


def _variance(values: Sequence[float]) -> Estimate:
    mean = mean_of([1.0] * len(values), values).mean
    return mean_of([1.0] * len(values), [(value - mean) ** 2 for value in values])


# ── T6: what is known of a type ─────────────────────────────────────────────────────────────────


def _typed(seat: Seat) -> Play:
    theta = seat.takes("theta", "k", Between(0, 999_999))
    yield from seat.pause(60)
    plain = seat.chance("regime", "k", 500_000)
    yield from seat.pause(60)
    if seat.chance("answer", "k", theta if plain else theta * theta // 1_000_000):
        seat.happen("yes")


TYPED = scenario_of(_typed)


def _t6() -> dict[str, Estimate]:
    change = Decide("nature.regime[k]", "no")
    answers = asked(TYPED, imposed(regime="yes", answer="yes"), change, "yes")
    return {"rung 3": answers["same"], "fresh": answers["fresh"], "prior": share(TYPED, "yes", (change,))}


# ── T7: three alternatives, two couplings ───────────────────────────────────────────────────────


class Three(Choice):
    """Three alternatives."""

    FIRST = "the first"
    SECOND = "the second"
    THIRD = "the third"


P, Q = (0.5, 0.3, 0.2), (0.2, 0.5, 0.3)


def _says(place: int) -> Callable[[View], int]:
    # 700 more for all of them, for a reason goes down to -1000: only differences count
    return lambda view: 700 + round(1000 * log((Q if view.last(Happened, what="shifted") else P)[place]))


def _three(*, ordered: bool) -> Scenario:
    menu = {third: because("author", says=_says(place)) for place, third in enumerate(Three)}
    decision: Decision[Choice] = Decision(ANN, "pick", menu, ordered=ordered)  # type: ignore[arg-type]

    def part(seat: Seat) -> Play:
        if seat.chance("shift", "k", 500_000):
            seat.happen("shifted")
        yield from seat.pause(60)
        answer = yield from seat.choose(decision, "k")
        seat.happen(answer.slug)

    return scenario_of(part, (decision,))


def _t7() -> dict[str, Estimate]:
    answers = {}
    for coupling, ordered in (("gumbel", False), ("inverse", True)):
        scenario = _three(ordered=ordered)
        for choice in Three:
            items = (known("nature.shift[k]", "no"), known("ann.pick[k]", choice.slug))
            stays = asked(scenario, items, Decide("nature.shift[k]", "yes"), choice.slug, n=1200)
            answers[f"{coupling} {choice.slug}"] = stays["same"]
    return answers


# ── T8 to T12: formulas ─────────────────────────────────────────────────────────────────────────


def _t8() -> dict[str, Estimate]:
    table = Table(y_x=0.016, y_not_x=0.014, xy=0.001, x_not_y=0.499, not_x_y=0.014, not_x_not_y=0.486)
    pn, ps = table.pn, table.ps
    if pn is None or ps is None:
        return {}
    named = {"PN": pn, "PS": ps, "PNS": table.pns}
    lows = {f"{name} low": exact(bounds.low) for name, bounds in named.items()}
    return lows | {f"{name} high": exact(bounds.high) for name, bounds in named.items()}


def _five(seat: Seat) -> Play:
    p = seat.takes("p", "k", Between(0, 999_999))
    yield from seat.pause(60)
    yes = sum(seat.chance("draw", f"{number}", p) for number in range(5))
    if yes == 4:
        seat.happen("four-of-five")


def _t9() -> dict[str, Estimate]:
    item = Item(name="F", due=ENDS - 1, fact=outcome("four-of-five").target)
    posterior = posterior_of(scenario_of(_five), (item,))
    types = [draw.world.values["nature.p[k]", "takes"] / UNIT for draw in posterior.draws]
    evidences = [exp(island.log_evidence) for island in posterior.islands]
    return {
        "acceptance": mean_of([1.0] * len(evidences), evidences),
        "mean": posterior.mean(types),
    }


def _t10() -> dict[str, Estimate]:
    n = 20_000
    us = [uniform(noise_key(8, run), "t10", "u") / UNIT for run in range(n)]
    own_u = [uniform(noise_key(8, run), "t10", "own") / UNIT for run in range(n)]
    first = [-log1p(-u) for u in us]
    return {
        "same u": _variance([1.2 * a - a for a in first]),
        "own u": _variance([-1.2 * log1p(-u) - a for u, a in zip(own_u, first, strict=True)]),
    }


def _t11() -> dict[str, Estimate]:
    law = Between(0, 9999)
    given_delay = delay_given(law, UNIT // 2, 2000, 3999)
    p = given_delay[1] if given_delay else 0.0
    n = 20_000
    span = Span(2000, 4000, "interval", text="from 2 to 4")
    target = Target(id="T", what="", span=span, cites=())
    us = [uniform(noise_key(9, run), "t11", "u") / UNIT for run in range(n)]
    far = [timing(target, law.quantile(u)).distance / 1000 for u in us]
    return {"P": exact(p), "log score": exact(-log(p)), "distance": mean_of([1.0] * n, far)}


def _t12() -> dict[str, Estimate]:
    return {name: exact(value) for name, value in zip(("cost", "fitness"), fitness("abcd", "acde"), strict=True)}


# ── T13: an irrelevant decision ─────────────────────────────────────────────────────────────────


def _t13() -> dict[str, Estimate]:
    def wordy(seat: Seat) -> Play:
        seat.chance("idle", "k", 500_000)
        yield from _negotiation(seat)
        seat.chance("idle", "later", 500_000)

    more, same = scenario_of(wordy), 0
    for run in range(50):
        plain, other = play(CHAIN, Prior(1, run)), play(more, Prior(1, run))
        same += plain.noise == {at: drawn for at, drawn in other.noise.items() if "idle" not in at[0]}
    return {"unchanged runs": exact(same / 50)}


# Beside each answer a wrong formula's. Conditioning for doing: P(deal | visit) = .6423, P(deal | none) = .225.
# Independence: .1296. Excess risk for necessity: .6497.
CASES = (
    Case("T1", "Pearl's Primer 4.2, H set to 2", {"y seen": 1.5, "y set": 1.9}, _t1, {"y set": 1.15}, digits=3),
    Case("T2", "a chain: visit, report, deal",
         {"do visit": 0.61, "do no visit": 0.26, "pns": 0.35, "evidence": 0.324}, _t2,
         {"do visit": 0.6423, "do no visit": 0.225, "pns": 0.61 * 0.74, "evidence": 0.1296}),
    Case("T3", "the chain with all yes on record; no visit",
         {"rung 3": 71 / 162, "PN(E)": 91 / 162, "fresh": 0.3067, "prior": 0.26}, _t3,
         {"rung 3": 0.3067, "PN(E)": 1 - 0.3067, "fresh": 0.26, "prior": 0.3067}),
    Case("T4", "necessity and sufficiency, at their lower bounds",
         {"PN given record": 91 / 167, "PN": 91 / 167, "PS": 14 / 31, "PN at its lower bound": 1,
          "PS at its lower bound": 1}, _t4, {"PN given record": 0.6497, "PN": 0.6497, "PS": 0.61}),
    Case("T5", "paired against independent", {"paired": 0.2275, "independent": 0.4303}, _t5,
         {"paired": 0.4303, "independent": 0.2275}),
    Case("T6", "a type is learned, and the noise", {"rung 3": 2 / 3, "fresh": 1 / 2, "prior": 1 / 3}, _t6,
         {"rung 3": 1 / 2, "fresh": 2 / 3, "prior": 1 / 2}),
    Case("T7", "three alternatives: Gumbel-max and inverse CDF",
         {"gumbel first": 0.4, "gumbel second": 1, "gumbel third": 0.9677,
          "inverse first": 0.4, "inverse second": 0.6667, "inverse third": 1}, _t7,
         {"gumbel first": 0.2, "gumbel second": 0.6667, "gumbel third": 1.0,
          "inverse first": 0.2, "inverse second": 1.0, "inverse third": 0.9677}, digits=3),
    Case("T8", "Tian and Pearl's bounds", {"PN low": 1, "PN high": 1, "PS low": 0.00206, "PS high": 0.03086,
          "PNS low": 0.002, "PNS high": 0.016}, _t8, {"PN low": 0.125, "PS low": 0.002, "PNS high": 0.014}, digits=5),
    Case("T9", "an aggregate", {"acceptance": 1 / 6, "mean": 5 / 7}, _t9, {"acceptance": 0.4096, "mean": 0.8}),
    Case("T10", "one u or two", {"same u": 0.04, "own u": 2.44}, _t10, {"same u": 2.44, "own u": 0.04}),
    Case("T11", "an interval", {"P": 0.2, "log score": 1.609, "distance": 2.0}, _t11,
         {"P": 0.3, "log score": 0.699, "distance": 2.2}, digits=3),
    Case("T12", "alignment", {"cost": 2, "fitness": 0.75}, _t12, {"cost": 1, "fitness": 0.5}),
    Case("T13", "an irrelevant decision", {"unchanged runs": 1}, _t13, {"unchanged runs": 0.5}),
)  # fmt: skip
