"""Tactics against their formulas, and what is known of how they fare against one another."""

from __future__ import annotations

from math import exp, log

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from negosim import Decide, Prior, Weight, play
from negosim.core.errors import BadValue
from negosim.core.events import Agreed, Chose, Offered
from negosim.parts.domain import Domain, issue_of
from negosim.parts.preferences import Preferences
from negosim.parts.solutions import points as p
from negosim.parts.solutions.rubinstein import limit
from negosim.parts.tactics.behaviour import MiCRO, TitForTat
from negosim.parts.tactics.course import Course
from negosim.parts.tactics.informed import Equilibrium, Zeuthen, risk
from negosim.parts.tactics.learning import Frequencies
from negosim.parts.tactics.logit import Logit
from negosim.parts.tactics.time_dependent import (
    TimeDependent,
    aspiration,
    boulware,
    conceder,
    linear,
)
from negosim.sim.chance import Imposing, Imposition
from tests.parts.tables import (
    ANN,
    BOB,
    DOMAIN,
    PROFILE_A,
    PROFILE_B,
    agreed,
    alternating,
    bargained,
    cake,
    offers,
)

PROFILES = (PROFILE_A, PROFILE_B)


def course(preferences: Preferences = PROFILE_A, elapsed: float = 0.0) -> Course:
    return Course(preferences=preferences, begins=0, deadline=1000, now=round(elapsed * 1000))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Preferences, Preferences]:
    """A domain of one to three issues and two profiles with whole hundredths as values."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    issues = tuple(issue_of(f"issue {k}", [f"v{j}" for j in range(size)], ANN) for k, size in enumerate(sizes))
    domain = Domain("drawn", issues)

    def profile() -> Preferences:
        parts = [draw(st.integers(1, 10)) for _ in issues]
        weights = {issue: part / sum(parts) for issue, part in zip(issues, parts, strict=True)}
        values = {option: draw(st.integers(0, 100)) / 100 for issue in issues for option in issue}
        return Preferences(domain=domain, weights=weights, values=values, reservation=draw(st.sampled_from((0.0, 0.2, 0.5))))

    return profile(), profile()


tactics = st.sampled_from(
    (boulware(), linear(), conceder(considerate=True), TitForTat(), TitForTat(relative=False), TitForTat(memory=3), MiCRO())
)


# ── formulas ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.once
def test_faratin_s_polynomial_curve() -> None:
    """a(t) = k + (1 - k) t^(1/beta): at t = 1/2, beta = 1/2 a quarter is conceded, beta = 2 its root."""
    assert TimeDependent(1).conceded(0.5) == 0.5
    assert TimeDependent(0.5).conceded(0.5) == 0.25
    assert TimeDependent(2).conceded(0.25) == 0.5
    assert TimeDependent(0.5, k=0.2).conceded(0.5) == pytest.approx(0.4)
    assert all(TimeDependent(beta).conceded(1) == 1 for beta in (0.2, 1, 5))


@pytest.mark.once
def test_faratin_s_exponential_curve() -> None:
    """a(t) = exp((1 - t)^beta ln k): k at the start, 1 at the end."""
    curve = TimeDependent(2, k=0.1, form="exponential")
    assert curve.conceded(0) == pytest.approx(0.1)
    assert curve.conceded(1) == 1
    assert curve.conceded(0.5) == pytest.approx(exp(0.25 * log(0.1)))


@pytest.mark.once
def test_the_two_conventions_are_inverse() -> None:
    for elapsed in (0.1, 0.5, 0.9):
        assert aspiration(4).conceded(elapsed) == pytest.approx(elapsed**4)
        assert aspiration(4).conceded(elapsed) < aspiration(1).conceded(elapsed) < aspiration(0.25).conceded(elapsed)


@pytest.mark.once
@pytest.mark.parametrize(
    "settings", [{"beta": 0}, {"k": 1.5}, {"form": "exponential"}], ids=["beta", "k", "exponential"]
)
def test_impossible_curves_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(BadValue):
        TimeDependent(**settings)  # type: ignore[arg-type]


@pytest.mark.once
def test_the_proposal_is_the_least_outcome_that_reaches_the_demand() -> None:
    for elapsed in (0, 0.3, 0.7, 1):
        now = course(elapsed=elapsed)
        demand = linear().demand(now)
        chosen = now.utility(linear().proposal(now))
        assert chosen == min(u for u in PROFILE_A.utilities if u >= demand)


@pytest.mark.once
def test_tit_for_tat_answers_in_kind() -> None:
    _, mine, _ = cake(100)
    now = course(mine)
    for place in (90,):
        now.proposed(place, openly=False)
    for place in (20, 30):
        now.heard(place)
    assert TitForTat(relative=False).demand(now) == 800_000  # 0.9 less the 0.1 conceded
    assert TitForTat().demand(now) == 600_000  # 0.9 * 0.2 / 0.3
    now.heard(40)
    assert TitForTat(memory=2).demand(now) == 450_000  # 0.9 * 0.2 / 0.4
    assert TitForTat(memory=9).demand(now) == 450_000  # no further back than it goes


@pytest.mark.once
def test_zeuthen_s_risk_limit() -> None:
    assert risk(80, 20, 0) == 0.75
    assert risk(80, 20, 20) == 1
    assert risk(20, 20, 20) == 1


@pytest.mark.once
def test_frequencies_find_the_issue_nobody_moves_on() -> None:
    offers = {DOMAIN.place(terms): 1 for terms in DOMAIN.outcomes if "issue-c-value-c" in terms.slugs}
    model = Frequencies.of(DOMAIN, offers)
    assert model.weights == pytest.approx((0.2, 0.2, 0.6))
    assert model.values == ((1, 1, 1), (1, 1, 1), (0, 0, 1))
    assert model.liking(DOMAIN.outcomes.index(DOMAIN.outcomes[-1])) == 1


# ── known results ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("patience", [(0.9, 0.9), (0.9, 0.7), (0.6, 0.9)], ids=str)
def test_impatient_parties_split_the_cake_as_rubinstein_says(patience: tuple[float, float]) -> None:
    """Of each round at most a slice is lost to whole slices, and waiting adds these up geometrically."""
    first, second = patience
    slices = 200
    _, mine, _ = cake(slices, discount=first)
    domain = mine.domain
    (issue,) = domain.issues
    yours = Preferences(domain=domain, weights={issue: 1}, values={option: 1 - option.rank / slices for option in issue}, discount=second)
    play = (Equilibrium(mine, yours, 1440), Equilibrium(yours, mine, 1440))
    terms = agreed(bargained((mine, yours), play, deadline=100))
    assert mine.utility(terms) / 1_000_000 == pytest.approx(
        limit(first, second), abs=1 / slices / (1 - first * second)
    )


@pytest.mark.parametrize(
    "points",
    [[(100, 0), (80, 40), (60, 60), (0, 100)], [(100, 10), (90, 50), (40, 95)], [(100, 0), (50, 45), (45, 50), (0, 100)]],
    ids=["even", "uneven", "two that are nearly equal"],
)
def test_zeuthen_comes_to_the_nash_product(points: list[tuple[int, int]]) -> None:
    issue = issue_of("deal", [str(k) for k in range(len(points))], ANN)
    domain = Domain("deals", (issue,))
    sides = [Preferences(domain=domain, weights={issue: 1}, values={o: points[o.rank][side] / 100 for o in issue}) for side in (0, 1)]
    terms = agreed(bargained(sides, (Zeuthen(sides[1]), Zeuthen(sides[0]))))
    assert domain.place(terms) in p.nash(points, (0, 0))


@given(problems())
def test_zeuthen_comes_to_the_nash_product_everywhere(sides: tuple[Preferences, Preferences]) -> None:
    """Harsanyi 1956, exactly, on any finite set of outcomes in which both can gain."""
    a, b = sides
    points = list(zip(a.utilities, b.utilities, strict=True))
    best = p.nash(points, (a.floor, b.floor))
    terms = agreed(bargained(sides, (Zeuthen(b), Zeuthen(a)), deadline=300, considers=0))
    if not best or all(points[k][0] == a.floor or points[k][1] == b.floor for k in best):
        return
    assert a.domain.place(terms) in best


def test_who_concedes_late_gets_more() -> None:
    """Boulware against a conceder, in both seats; linear lies between."""
    shares = [
        PROFILE_A.utility(agreed(bargained(PROFILES, (tactic, conceder())))) for tactic in (conceder(), linear(), boulware())
    ]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]
    other = [PROFILE_B.utility(agreed(bargained(PROFILES, (conceder(), tactic)))) for tactic in (conceder(), boulware())]
    assert other[0] < other[1]


def test_micro_concedes_only_as_it_is_conceded_to() -> None:
    """It never makes two more different proposals than it has received."""
    run = bargained(PROFILES, (MiCRO(), MiCRO()))
    for me, you in ((ANN, BOB), (BOB, ANN)):
        made, received = set(), set()
        for entry in run.entries:
            if isinstance(entry.event, Offered):
                (made if entry.event.by == me.id else received).add(entry.event.terms)
                assert len(made) <= len(received) + 1, (me, you)
    assert agreed(run) is not None


def test_micro_does_not_move_for_who_does_not_move() -> None:
    run = bargained(PROFILES, (MiCRO(), boulware(0.001)), deadline=40)
    assert len(set(offers(run, ANN))) <= 1 + len(set(offers(run, BOB)))
    assert len(set(offers(run, BOB))) == 1
    assert agreed(run) is None


def test_two_micros_agree_on_the_frontier_of_domain_0() -> None:
    terms = agreed(bargained(PROFILES, (MiCRO(), MiCRO())))
    points = list(zip(PROFILE_A.utilities, PROFILE_B.utilities, strict=True))
    assert DOMAIN.place(terms) in p.pareto(points)


# ── properties ──────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40)
@given(problems(), tactics, tactics, st.integers(0, 99))
def test_nothing_below_reservation_is_proposed_or_accepted(sides, first, second, seed) -> None:  # type: ignore[no-untyped-def]
    run = play(alternating(sides, (first, second), deadline=30), Prior(seed))
    for entry in run.entries:
        if isinstance(entry.event, Offered | Agreed):
            wants = sides[0] if entry.event.by == ANN.id else sides[1]
            assert wants.utility(entry.event.terms) >= wants.floor


@given(problems(), st.floats(0, 1), st.floats(0, 1))
def test_demands_never_rise_with_time(sides, early, late) -> None:  # type: ignore[no-untyped-def]
    early, late = sorted((early, late))
    for tactic in (boulware(), linear(), conceder(), TimeDependent(0.5, k=0.1, form="exponential")):
        before, after = tactic.demand(course(sides[0], early)), tactic.demand(course(sides[0], late))
        if sides[0].ranking:
            assert sides[0].utilities[sides[0].ranking[0]] >= before >= after >= sides[0].floor


# ── one decision like any other ─────────────────────────────────────────────────────────────────


def test_every_turn_is_a_choice_with_its_tactics_as_reasons() -> None:
    run = bargained(PROFILES, (boulware(), conceder()))
    chosen = [entry.event for entry in run.entries if isinstance(entry.event, Chose)]
    turns = [x for x in run.entries if isinstance(x.event, Offered | Agreed)]
    assert len(chosen) == len(turns)
    assert chosen[0].address == "ann.bid[1]"
    for choice in chosen:
        reasons = dict(zip(choice.alternatives, choice.attributes, strict=True))
        assert reasons[choice.taken] == (("tactic", 1000),)
        assert sum(value for row in choice.attributes for _, value in row) == 1000


def test_a_turn_can_be_changed() -> None:
    scenario = alternating(PROFILES, (boulware(), conceder()))
    factual = play(scenario, Prior(0))
    changed = play(scenario, Prior(0), (Decide("bob.bid[2]", "accept"),))
    assert agreed(changed) == offers(changed, ANN)[1] != agreed(factual)


def test_a_documented_proposal_can_be_imposed() -> None:
    """A party that is not quite faithful to its tactic may have said anything acceptable."""
    soft = {party: {"tactic": Weight(3000, 0, "errs now and then")} for party in (ANN, BOB)}
    scenario = alternating(PROFILES, (boulware(), conceder()))
    scenario = evolve(scenario, weights=soft)
    wanted = DOMAIN.outcomes[13].slug
    run = play(scenario, Imposing((Imposition("ann.bid[2]", wanted, 0, 60),), Prior(3)))
    assert run.failed_imposition is None
    assert offers(run, ANN)[1].slug == wanted
    assert play(scenario, run.world).entries == run.entries


def test_weights_say_which_tactic_is_followed() -> None:
    """Logit with a large weight asks for the best only; with none it chooses at random."""
    scenario = alternating(PROFILES, (Logit(), Logit()))
    scenario = evolve(scenario, weights={party: {"tactic": Weight(10**6, 0, "large")} for party in (ANN, BOB)})
    assert set(offers(play(scenario, Prior(1)), ANN)) == {DOMAIN.outcomes[PROFILE_A.ranking[0]]}
    scenario = evolve(scenario, weights={party: {"tactic": Weight(0, 0, "none")} for party in (ANN, BOB)})
    assert len({terms for seed in range(5) for terms in offers(play(scenario, Prior(seed)), ANN)}) > 3
