"""Generated small models against brute-force enumeration.

An estimate must lie within four standard errors of the exact answer; the error is never taken for
less than the exact answer implies at the effective sample size, so nothing needs a tolerance.
"""

from __future__ import annotations

from math import exp, fsum, sqrt

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, assume, given, settings

from negosim.inference import conditioning, kernels, pilot
from negosim.inference.causation import causation
from negosim.inference.conditioning import Abduction, Evidence, normalised
from negosim.inference.conformance import is_borne_out
from negosim.inference.estimates import mean_of
from negosim.inference.smc import Trial, particles
from negosim.inference.weights import effective_size
from negosim.lab.counterfactual.couplings import Asking, ask_here, triples_here
from negosim.record.model import Fact
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.loading import StoryRef
from negosim.testing.conformance import outcome
from negosim.testing.smallmodels import Model, Node, answers, causes, models

pytestmark = pytest.mark.once
SIGMAS = 4
TIMES = 8 if settings.default.max_examples > 1000 else 1
FREE = 600
ISLANDS, SIZE = 16, 25


def few(examples):
    """So many models; each costs thousands of runs. Many more in the profile for long counts."""
    return settings(
        max_examples=examples * TIMES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
        database=None,
    )  # fmt: skip


def asking(model, **how):
    place, taken = model.changed
    about = outcome(f"d{len(model.nodes) - 1}-a")
    change = Decide(model.address(place), "abc"[taken])
    return Asking(StoryRef("", ""), 11, model.evidence, (change,), (about,), couplings=("gumbel",), **how)


def agrees(estimate, known, worth):
    slack = SIGMAS * max(estimate.se, sqrt(known * (1 - known) / worth))
    return abs(estimate.mean - known) <= slack + 1e-9


def weighed(model, n=FREE):
    found = ask_here(model.scenario, asking(model), 0, n)
    return found, [exp(pair.log_weight) for pair in found.pairs]


@frozen
class Found:
    """What particles found: the outcome without and with the change, by draw, and the evidence by island."""

    weights: list[float]
    groups: list[int]
    here: list[float]
    there: list[float]
    evidences: list[float]


def on_islands(model, evidence=None, futures=None):
    abduction, about = Abduction(model.scenario, evidence or model.evidence), outcome(f"d{len(model.nodes) - 1}-a")
    place, taken = model.changed
    change = Decide(model.address(place), "abc"[taken])
    islands = [particles(abduction, 11, number, SIZE, futures=futures, last_moves=2) for number in range(ISLANDS)]
    draws = [draw for island in islands for draw in island.draws]

    def outcomes(*changes):
        runs = [play(model.scenario, draw.world, changes) for draw in draws]
        return [float(is_borne_out(about.target, model.scenario, run.entries)) for run in runs]

    return Found(
        normalised(draws), [draw.group for draw in draws], outcomes(), outcomes(change),
        [exp(island.log_evidence) for island in islands],
    )  # fmt: skip


@few(4)
@given(models())
def test_posterior_evidence_and_effect_by_weighting(model):
    known = answers(model)
    assume(known.evidence > 0.02)
    found, weights = weighed(model)
    worth = effective_size(weights)
    for value, values in (
        (known.factual, [float(pair.factual[0]) for pair in found.pairs]),
        (known.counterfactual, [float(pair.twins["gumbel"][0]) for pair in found.pairs]),
    ):
        assert agrees(mean_of(weights, values), value, worth)
    every = weights + [0.0] * (FREE - len(weights))
    evidence = mean_of([1.0] * FREE, every)
    assert evidence.mean == pytest.approx(exp(found.log_evidence))
    assert abs(evidence.mean - known.evidence) <= SIGMAS * evidence.se + 1e-9


def holds_on_islands(model, evidence=None, futures=None):
    """Whether particles give the exact posterior, effect and evidence of a model."""
    known, found = answers(model), on_islands(model, evidence, futures)
    evidence = mean_of([1.0] * ISLANDS, found.evidences)
    worth = ISLANDS * SIZE
    return (
        abs(evidence.mean - known.evidence) <= SIGMAS * evidence.se + 1e-9
        and agrees(mean_of(found.weights, found.here, found.groups), known.factual, worth)
        and agrees(mean_of(found.weights, found.there, found.groups), known.counterfactual, worth)
    )


@few(2)
@given(models())
def test_posterior_evidence_and_effect_by_particles(model):
    assume(answers(model).evidence > 0.02)
    assert holds_on_islands(model)


@few(2)
@given(models(unsure=1000))
def test_particles_with_unsure_preference_weights(model):
    assume(answers(model).evidence > 0.02)
    assert holds_on_islands(model)


def told(model):
    """The model's evidence, all but its first decision not imposed: that they came out so must follow."""
    (first, *others), (_, *seen) = model.evidence.impositions, model.seen
    happened = [outcome(f"d{place}-{'abc'[taken]}").target for place, taken in seen]
    facts = tuple(
        Fact(one.id, one.span, "interval", "outcome", one.what, "documented", (), expect=one.expect) for one in happened
    )
    return Evidence((first,), facts, tuple(one.latest for one in others))


@few(2)
@given(models(unsure=500))
def test_facts_taken_ahead_and_given_futures_leave_everything_as_it_is(model):
    """What is told as a fact weighs as much as what is imposed, in whatever order it is taken in."""
    assume(answers(model).evidence > 0.02)
    evidence = told(model)
    ahead = evolve(evidence, ahead=tuple(fact.id for fact in evidence.facts))
    assert [one.name for one in ahead.stages] == [*ahead.ahead, evidence.impositions[0].address]
    for how, futures in ((evidence, {}), (ahead, dict.fromkeys(ahead.ahead, 3))):
        assert holds_on_islands(model, how, futures)


@pytest.fixture
def eager(monkeypatch):
    """A pilot that gives a fact up soon."""
    monkeypatch.setattr(pilot, "ENOUGH", 0.8)
    monkeypatch.setattr(pilot, "FEW", 2)


def planned():
    """Evidence that has a fact nothing bears out, and what a pilot makes of it."""
    evidence = told(CHAIN)
    never = evolve(evidence.facts[0], id="never", expect=outcome("never").target.expect)
    both = evolve(evidence, facts=(*evidence.facts, never), ends=(*evidence.ends, evidence.ends[0]))
    return both, pilot.pilot(Abduction(CHAIN.scenario, both), 3, 60)


def test_a_pilot_takes_ahead_what_few_bear_out_and_leaves_out_what_none_does(eager):
    both, plan = planned()
    assert plan.left_out == ("never",)
    assert plan.ahead == ("d2-a",)
    assert all(plan.futures[name] > 2 for name in plan.ahead)
    assert plan.kept(both).facts == both.facts[:-1]


@pytest.mark.slow
def test_what_a_pilot_plans_leaves_everything_as_it_is(eager):
    both, plan = planned()
    assert holds_on_islands(CHAIN, plan.kept(both), plan.futures)


@few(4)
@given(models())
def test_necessity_and_sufficiency(model):
    place, _ = model.changed
    assume(len(model.nodes[place].base) == 2)
    exact, weights = causes(model)
    cause, against = (Decide(model.address(place), answer) for answer in "ab")
    found = causation([row[0] for row in triples_here(model.scenario, asking(model), cause, against, 0, FREE)])
    assert found.within_bounds

    def share(among, of):
        rows = [(w, of(one)) for one, w in zip(exact, weights, strict=True) if among(one)]
        total = fsum(w for w, _ in rows)
        return (fsum(w for w, hit in rows if hit) / total, total) if total else (None, 0.0)

    for (known, mass), estimate in (
        (share(lambda one: one.x and one.y, lambda one: not one.y_not_x), found.pn),
        (share(lambda one: not one.x and not one.y, lambda one: one.y_x), found.ps),
        (share(lambda one: True, lambda one: one.y_x and not one.y_not_x), found.pns),
    ):
        if estimate is not None:
            assert agrees(estimate, known, FREE * mass)


# ── and would be noticed if they were wrong (fresh noise in a twin's place: cases T3 and T6) ──────

# what is seen tells of what is not: whoever took the first answer lets the second follow
TELLING = Model(
    (
        Node(0, (0, 0), ()),
        Node(1, (1500, -1500), ((0, (-3000, 3000)),)),
        Node(2, (1500, -1500), ((0, (-3000, 3000)),)),
    ),
    seen=((1, 0),), changed=(1, 1),
)  # fmt: skip
# a chain of which the middle and the end are known
CHAIN = Model(
    (
        Node(0, (0, 0), ()),
        Node(1, (-1500, 1500), ((0, (3000, -3000)),)),
        Node(2, (-1500, 1500), ((1, (3000, -3000)),)),
        Node(0, (500, -500), ((0, (-2000, 2000)),)),
    ),
    seen=((0, 1), (1, 0), (2, 0)), changed=(1, 1),
)  # fmt: skip
# whoever did three times what a usual weight speaks against has no usual weight
TYPED = Model(tuple(Node(0, (-1500, 0), ()) for _ in range(4)), tuple((i, 0) for i in range(3)), (0, 1), 1000)


@pytest.mark.parametrize("model", [TELLING, TYPED])
def test_the_right_moves_pass_where_the_wrong_ones_below_do_not(model):
    assert holds_on_islands(model)


def test_weights_left_out_are_noticed():
    found, weights = weighed(TELLING)
    values, known = [float(pair.factual[0]) for pair in found.pairs], answers(TELLING).factual
    assert agrees(mean_of(weights, values), known, effective_size(weights))
    assert not agrees(mean_of([1.0] * len(values), values), known, len(values))


def test_a_move_that_accepts_everything_is_noticed(monkeypatch):
    def always(self, one, draw):
        return self._lived(draw, kernels.weights_of(one.run))

    monkeypatch.setattr(kernels.Moves, "noise_moved", always)
    assert not holds_on_islands(TELLING)


def test_futures_that_count_as_particles_are_noticed(monkeypatch):
    """The evidence is a mean over all futures; without that it grows with their number."""
    evidence = told(CHAIN)
    honest = Trial.weights_after

    def doubled(self, lives):
        return [weight * len(lives) / self.size for weight in honest(self, lives)]

    monkeypatch.setattr(Trial, "weights_after", doubled)
    assert not holds_on_islands(CHAIN, evidence, {fact.id: 3 for fact in evidence.facts})


def test_a_fact_that_counts_as_settled_too_soon_is_noticed(monkeypatch):
    """What is drawn anew after it must not undo it."""
    monkeypatch.setattr(conditioning, "settled_at", lambda fact, entries, due: -1)
    evidence = told(CHAIN)
    with pytest.raises(ValueError, match="math domain error"):  # a draw that does not bear the evidence out
        on_islands(CHAIN, evidence, {fact.id: 3 for fact in evidence.facts})


def test_weights_drawn_without_their_likelihood_are_noticed(monkeypatch):
    monkeypatch.setattr(kernels.Moves, "_log_likelihood", lambda self, path, weights: 0.0)
    assert not holds_on_islands(TYPED)
