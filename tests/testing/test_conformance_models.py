"""Necessity and sufficiency of generated small models against brute-force enumeration.

Of free runs, and read off the filter: PN is the posterior given cause and outcome, PS given
neither. An estimate must lie within four standard errors of the exact answer; the error is never
taken for less than the exact answer implies at the effective sample size.
"""

from __future__ import annotations

from math import exp, fsum, sqrt

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from negosim.inference.causation import causation, triples
from negosim.inference.conformance import is_borne_out
from negosim.inference.estimates import mean_of
from negosim.inference.filter import gibbs, island, particle
from negosim.inference.filter.condition import condition
from negosim.inference.filter.guide import Guide, Twist
from negosim.inference.filter.items import Item, in_order
from negosim.inference.filter.particle import Conditioning
from negosim.sim.chance import Imposition, Prior
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.testing.smallmodels import GAP, Model, Node, answers, causes, models

pytestmark = pytest.mark.once
SIGMAS = 4
TIMES = 8 if settings.default.max_examples > 1000 else 1
FREE, ISLANDS, SIZE = 600, 16, 25


def few(examples):
    """So many models; each costs thousands of runs. Many more in the profile for long counts."""
    return settings(
        max_examples=examples * TIMES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
        database=None, phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip


def agrees(estimate, known, worth):
    slack = SIGMAS * max(estimate.se, sqrt(known * (1 - known) / worth))
    return abs(estimate.mean - known) <= slack + 1e-9


def exact_causation(model):
    """PN, PS and PNS by enumeration, and the mass on which each stands (a share of None: there is none)."""
    runs, weights = causes(model)

    def share(among, hits):
        rows = [(weight, hits(run)) for run, weight in zip(runs, weights, strict=True) if among(run)]
        total = fsum(weight for weight, _ in rows)
        return (fsum(weight for weight, hit in rows if hit) / total if total else None), total

    return {
        "PN": share(lambda run: run.x and run.y, lambda run: not run.y_not_x),
        "PS": share(lambda run: not run.x and not run.y, lambda run: run.y_x),
        "PNS": share(lambda run: True, lambda run: run.y_x and not run.y_not_x),
    }


@few(4)
@given(models())
def test_necessity_and_sufficiency_of_free_runs(model):
    place, _ = model.changed
    assume(len(model.nodes[place].base) == 2)
    cause, against = (Decide(model.address(place), answer) for answer in "ab")
    runs = list(triples(model.scenario, model.outcome, cause, against, [Prior(11, run) for run in range(FREE)]))
    estimates = causation(runs)
    assert estimates.within_bounds
    exact = exact_causation(model)
    for name, estimate in (("PN", estimates.pn), ("PS", estimates.ps), ("PNS", estimates.pns)):
        known, mass = exact[name]
        if estimate is not None:
            assert agrees(estimate, known, FREE * mass)


def happening(model, *, cause, outcome):
    """That the cause came out so and that the outcome came, or did not: a decision and a fact."""
    place, _ = model.changed
    address, last = model.address(place), GAP * (len(model.nodes) + 1) - 1
    decision = Imposition(address, "a" if cause else "b", 0, last)
    end = len(model.nodes) - 1
    facts = [model.came(end, answer) for answer in range(len(model.nodes[end].base)) if (answer == 0) == outcome]
    items = [Item(name=address, due=GAP * (place + 1), imposition=decision), Item(name="outcome", due=last, fact=facts[0])]
    return in_order(items)


def filtered(model, items, guide=None):
    """The probability of the items by island, and how often the other answer undoes the outcome."""
    place, _ = model.changed
    posterior = condition(Conditioning(model.scenario, items), ISLANDS * SIZE, 11, islands=ISLANDS, guide=guide)
    taken = items[0].imposition.chose
    change = Decide(model.address(place), "b" if taken == "a" else "a")
    runs = [play(model.scenario, draw.world, (change,)) for draw in posterior.draws]
    came = [float(is_borne_out(model.outcome, model.scenario, run.entries)) for run in runs]
    evidence = mean_of([1.0] * ISLANDS, [exp(island.log_evidence) for island in posterior.islands])
    return evidence, posterior.mean(came)


def binary(model):
    """Whether cause and outcome have two answers each, and both of both come."""
    place, _ = model.changed
    both = len(model.nodes[place].base) == len(model.nodes[-1].base) == 2
    return both and all((exact_causation(model)[name][1] or 0) > 0.02 for name in ("PN", "PS"))


def off_by(model, guide=None):
    """By how many standard errors PN, PS and PNS of the filter miss the exact answers."""
    exact = exact_causation(model)
    both, still = filtered(model, happening(model, cause=True, outcome=True), guide)
    neither, comes = filtered(model, happening(model, cause=False, outcome=False), guide)
    worth = ISLANDS * SIZE
    pns = both.mean * (1 - still.mean) + neither.mean * comes.mean
    error = sqrt(
        (both.se * (1 - still.mean)) ** 2 + (both.mean * still.se) ** 2
        + (neither.se * comes.mean) ** 2 + (neither.mean * comes.se) ** 2
    )  # fmt: skip

    def deviation(value, se, known):
        return (value - known) / max(se, sqrt(known * (1 - known) / worth), 1e-9)

    return (
        deviation(1 - still.mean, still.se, exact["PN"][0]), deviation(comes.mean, comes.se, exact["PS"][0]),
        deviation(pns, error, exact["PNS"][0]), deviation(both.mean, both.se, exact["PN"][1]),
        deviation(neither.mean, neither.se, exact["PS"][1]),
    )  # fmt: skip


@few(3)
@given(models())
def test_necessity_and_sufficiency_are_read_off_the_filter(model):
    assume(binary(model))
    assert max(map(abs, off_by(model))) < SIGMAS


# ── and would be noticed if they were wrong ──────────────────────────────────────────────────────

# whoever took the first answer lets the second and the third follow
TELLING = Model(
    (
        Node(0, (0, 0), ()),
        Node(1, (111, -111), ((0, (-333, 333)),)),
        Node(2, (222, -222), ((0, (-333, 333)), (1, (-267, 267)))),
    ),
    seen=((1, 0),), changed=(1, 1),
)  # fmt: skip
PULL = Guide({TELLING.address(0): Twist({"a": 0.3, "b": 3.0}, "outcome")})


def forget_the_guide(patch):
    patch.setattr(particle, "_log_mixture", lambda log_ratio: 0.0)


def resample_with_a_bias(patch):
    """Each particle once, whatever it weighs."""
    patch.setattr(island, "RESAMPLE_BELOW", 1.0)
    patch.setattr(island, "resampled", lambda weights, count, seed, run: list(range(count)))


def count_evidence_twice(patch):
    once = particle.Particle.settle

    def twice(self, due):
        factors = once(self, due)
        self.log_weight += sum(factors.values())
        return {name: 2 * factor for name, factor in factors.items()}

    patch.setattr(particle.Particle, "settle", twice)


def test_the_right_filter_passes_where_the_wrong_ones_below_do_not():
    assert binary(TELLING)
    assert max(map(abs, off_by(TELLING, PULL))) < SIGMAS


@pytest.mark.parametrize("mistake", [forget_the_guide, resample_with_a_bias, count_evidence_twice])
def test_a_filter_with_a_mistake_gives_wrong_causes(mistake, monkeypatch):
    mistake(monkeypatch)
    assert max(map(abs, off_by(TELLING, PULL))) > SIGMAS


# whoever did three times what a usual weight speaks against has no usual weight
TYPED = Model(tuple(Node(0, (-333, 0), ()) for _ in range(4)), tuple((i, 0) for i in range(3)), (0, 1), 4500)


def misses(model):
    """By how many standard errors the outcome of a model given its evidence misses the exact answer."""
    posterior = condition(Conditioning(model.scenario, model.items(1)), 8 * ISLANDS * SIZE, 11, islands=ISLANDS)
    runs = [play(model.scenario, draw.world) for draw in posterior.draws]
    estimate = posterior.mean([float(is_borne_out(model.outcome, model.scenario, run.entries)) for run in runs])
    return abs(estimate.mean - answers(model).factual) / estimate.se


def test_weights_drawn_without_their_likelihood_are_noticed(monkeypatch):
    assert misses(TYPED) < SIGMAS
    monkeypatch.setattr(gibbs, "_log_likelihood", lambda live, faces, weights: 0.0)
    assert misses(TYPED) > SIGMAS
