"""Generated small models against brute-force enumeration."""

from __future__ import annotations

from math import exp, fsum, sqrt

import pytest
from hypothesis import HealthCheck, assume, given, settings

from negosim.lab.effects import causation, mean_of
from negosim.lab.pairs import Asking, ask_here, triples_here
from negosim.lab.worlds import Abduction, normalised, plain
from negosim.sim.changes import Decide
from negosim.testing.conformance import outcome
from negosim.testing.smallmodels import answers, causes, models

SLOW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def asking(model):
    place, taken = model.changed
    about = outcome(f"d{len(model.nodes) - 1}-a")
    return Asking("", "", 11, model.evidence, (Decide(model.address(place), "abc"[taken]),), (about,), couplings=("gumbel",))


@SLOW
@given(models())
def test_posterior_evidence_and_effect(model):
    known = answers(model)
    assume(known.evidence > 0.01)
    found = ask_here(model.scenario, asking(model), 0, 700)
    weights = [exp(pair.log_weight) for pair in found.pairs]
    for value, values in (
        (known.factual, [float(pair.factual[0]) for pair in found.pairs]),
        (known.counterfactual, [float(pair.twins["gumbel"][0]) for pair in found.pairs]),
    ):
        estimate = mean_of(weights, values)
        assert estimate.mean == pytest.approx(value, abs=4 * estimate.se + 0.02)
    spread = sqrt(fsum((w - exp(found.log_evidence)) ** 2 for w in weights) / 700 / 700)
    assert exp(found.log_evidence) == pytest.approx(known.evidence, abs=4 * spread + 0.01)


@SLOW
@given(models())
def test_particles_agree_with_plain_weighting(model):
    known = answers(model)
    assume(known.evidence > 0.01)
    abduction = Abduction(model.scenario, model.evidence)
    islands = [abduction.island(5, number, 120) for number in range(6)]
    evidences = [exp(island.log_evidence) for island in islands]
    estimate = mean_of([1.0] * len(evidences), evidences)
    assert estimate.mean == pytest.approx(known.evidence, abs=4 * estimate.se + 0.01)
    assert exp(plain(abduction, 5, range(700)).log_evidence) == pytest.approx(known.evidence, rel=0.25, abs=0.01)
    assert fsum(normalised([draw for island in islands for draw in island.draws])) == pytest.approx(1)


@SLOW
@given(models())
def test_necessity_and_sufficiency(model):
    place, _ = model.changed
    assume(len(model.nodes[place].base) == 2)
    exact, weights = causes(model)
    cause, against = (Decide(model.address(place), answer) for answer in "ab")
    found = causation([row[0] for row in triples_here(model.scenario, asking(model), cause, against, 0, 700)])
    assert found.within_bounds

    def share(among, of):
        rows = [(w, of(one)) for one, w in zip(exact, weights, strict=True) if among(one)]
        total = fsum(w for w, _ in rows)
        return fsum(w for w, hit in rows if hit) / total if total else None

    pn = share(lambda one: one.x and one.y, lambda one: not one.y_not_x)
    ps = share(lambda one: not one.x and not one.y, lambda one: one.y_x)
    pns = share(lambda one: True, lambda one: one.y_x and not one.y_not_x)
    for known, estimate in ((pn, found.pn), (ps, found.ps), (pns, found.pns)):
        if estimate is not None:
            assert estimate.mean == pytest.approx(known, abs=4 * max(estimate.se, 0.03))
