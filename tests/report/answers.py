"""Invented answers of every kind, about an invented quarrel, with names in three scripts."""

from __future__ import annotations

from datetime import datetime

from negosim.core.time import Calendar, days
from negosim.inference.estimates import Estimate
from negosim.lab.calibration.simulation_based_calibration import Calibration, Recovery
from negosim.lab.comparison.model_comparison import Clue, Factor, Rival, Rivals, Weighed
from negosim.lab.counterfactual.causes_result import Cause, Causes, ChangeShare
from negosim.lab.counterfactual.whatif_result import (
    Assumption,
    Conditions,
    OutcomeAnswer,
    WhatIfResult,
)
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast, Likely
from negosim.lab.forecast.scoring import Scores
from negosim.lab.forecast.turning_points import Became, Turn, Turns
from negosim.lab.replay.replay_result import ReplayResult, ReplayRow
from negosim.record.dates import Span
from negosim.record.model import Target
from negosim.stories.preregistration import ModelHistory
from negosim.stories.questions import Outcome
from negosim.testing.stories import example, scenario

CALENDAR = Calendar(datetime(1724, 3, 1), "UTC")


def outcome(**other):
    """One outcome that the change makes likelier; ``other`` fields replace its own."""
    fields = {
        "name": "strike", "what": "The guild goes on strike.", "documented": False, "without": Estimate(0.2, 0.02),
        "with_change": Estimate(0.8, 0.02), "difference": Estimate(0.6, 0.03), "settled": "settled",
    }  # fmt: skip
    return OutcomeAnswer(**{**fields, **other})


CHINESE = outcome(
    name="行會停工", what="行會停工。", documented=True, without=Estimate(1.0, 0.0), with_change=Estimate(0.9, 0.03),
    difference=Estimate(-0.1, 0.06), fixed=True,
)  # fmt: skip
CONDITIONS = Conditions(
    n=1000, islands=8, ess=250.0, pareto_k=0.3, seed=0, decisions=("crown.offer[strike]",), facts=("Q2",), failing=(), left_out=(), reached=1.0, already=0.0, affected=0.9, plausibility=(0.4, 0.2, 0.6), manifest={}
)


def what_if(*outcomes, **other):
    """An answer about some outcomes, the strike by default."""
    fields = {
        "scenario": "quarrel", "question": "no-offer", "asks": "Had the crown offered nothing?",
        "changes": ("crown.offer[strike]=wait",), "calendar": CALENDAR, "outcomes": outcomes or (outcome(), CHINESE),
        "assumptions": (Assumption(name="guild.weight[pride]", actor="the guild", attribute="pride", note="a guess", slope=0.3, halved=0.35, halved_interval=(0.2, 0.5)),), "pair": None,
        "conditions": CONDITIONS, "precision": 0.05,
    }  # fmt: skip
    return WhatIfResult(**{**fields, **other})


def probability(mean, half=0.05):
    """A probability with its interval."""
    return Estimate(mean, half / 1.96, interval=(max(mean - half, 0.0), min(mean + half, 1.0)))


def cause(address, alone, cause, responsibility, **other):
    return Cause(
        address=address, taken="talk", instead="wait", alone=probability(alone), cause=probability(cause),
        responsibility=Estimate(responsibility, 0.05), **{"fact": "", "held": (), **other},
    )  # fmt: skip


CAUSES = Causes(
    scenario=scenario(example()), outcome="strike", what="The guild goes on strike.", happened=False, n=40, ess=36.0,
    as_documented=probability(0.9), none_found=probability(0.05),
    causes=(
        cause("crown.offer[strike]", 0.8, 0.8, 0.8, fact="Q2"),
        cause("nature.rain[行會]", 0.0, 0.3, 0.15, held=("guild.answer[offer]",)),
    ),
    question="no-offer", asks="Had the crown offered nothing?",
    shares=(ChangeShare("crown.offer[strike]=wait", Estimate(0.4, 0.05)), ChangeShare("strike fair", Estimate(0.1, 0.06))),
    difference=Estimate(0.5, 0.05), failing=(), manifest={},
)  # fmt: skip


def likely(name, mean, **other):
    return Likely(name=name, what=f"{name} comes about.", share=probability(mean), **other)


AHEAD = Forecast(
    scenario="quarrel", calendar=CALENDAR, begins=days(2), ends=days(9), n=400, ess=320.0, after_the_events=True, changes=(),
    outcomes=(likely("strike", 0.7, happened=True), likely("ہڑتال", 0.2, happened=False), likely("fair", 0.5), likely("truce", 1.0, known=True)),
    scores={"model": Scores(events=4, silences=2, brier=0.2, log=-0.6, brier_events=0.25, brier_silences=0.1), "persistence": Scores(events=4, silences=2, brier=0.4, log=-1.1, brier_events=0.5, brier_silences=None)}, failing=("Q4",),
    model_history=ModelHistory(3, "1724-03-02", 0, ("menu crown.offer: half -> more",)), manifest={},
)  # fmt: skip


def became(name, mean, half=0.05):
    return Became(name, probability(mean, half))


def turn(facts, at, ess, turned, *shares):
    return Turn(minute=at, items=facts, facts=facts, ess=ess, outcomes=shares, turned=turned)


def turns(*those, names=("strike", "行會")):
    outcomes = tuple(Outcome(Target(id=name, what=f"{name} comes about.", span=Span("", None, None), cites=()), happened=True) for name in names)
    what = {"Q1": "The guild announces a strike.", "Q2": "The crown offers half the toll."}
    return Turns(scenario="quarrel", calendar=CALENDAR, n=200, seed=0, outcomes=outcomes, turns=those, what=what)


TURNS = turns(
    turn((), 0, 200.0, (), became("strike", 0.2), became("行會", 0.5)),
    turn(("Q1",), days(1), 150.0, ("strike",), became("strike", 0.7), became("行會", 0.52)),
    turn(("Q2",), days(2), 90.0, ("行會",), became("strike", 0.72), became("行會", 0.9)),
)


def rival(name, posterior, evidence):
    weighed = tuple(Weighed(scale, Estimate(evidence, 0.2, 7), -2.0) for scale in (1.0, 0.5, 2.0))
    return Rival(name=name, switches={"letter": name == "sent"}, prior=0.5, posterior=posterior, weighed=weighed, surprises={"Q3": -evidence})


def rivals(evidence, *others, verdict=None, why_not=""):
    """Accounts of a letter, the first of them the best."""
    clue = Clue("Q3", "Q3", "The letter is found.", {each.name: each.surprises["Q3"] for each in others})
    _, *rest = others
    factors = tuple(
        Factor(each.name, scale, Estimate(evidence, 0.2, 7), 0.1) for each in rest for scale in (1.0, 0.5, 2.0)
    )
    return Rivals(topic="letter", n=300, rivals=others, clues=(clue,), factors=factors, verdict=verdict, why_not=why_not)


UNDECIDED = rivals(
    0.4, rival("sent", 0.6, -3.0), rival("نہیں بھیجا", 0.4, -3.4),
    why_not="the record is 1.5 times as probable under sent as under forged, which is not surely above 3",
)  # fmt: skip
DECIDED = rivals(6.0, rival("sent", 0.97, -3.0), rival("forged", 0.03, -9.0), verdict="sent")
STUDY = StudyResult(
    runs=1000, failed=4, head="d" * 64, consulted=(), shares={"strike": (0.3, 0.27, 0.33), "fair": (0.9, 0.88, 0.92)}
)  # fmt: skip
KNOWN = Calibration(question="no-offer", outcome="strike", histories=47, failed=0, complaint="", half=0.5, nine=0.9, length_half=0.5, length_nine=0.9, foreseen=0.42, came=0.44, z=0.5)
RECOVERY = Recovery(histories=50, lost=2, failed=1, complaint="IllegalMove: no", n=300, decisions=11.0, ess=62.0, low=-1.7, high=1.5, record=0.7, record_decisions=19, calibration=(KNOWN,))


def fact(id, status, **other):
    return ReplayRow(id=id, what="A fact.", kind="outcome", status=status, certainty="documented", precision="day", channel="", earliest=0, latest=days(1), **other)


def replay(*facts, **other):
    """A replay of a record with one fact told and one that follows, unless others are named."""
    rows = facts or (fact("Q1", "told", surprise_bits=1.0), fact("Q2", "follows", surprise_bits=2.0))
    fields = {
        "scenario": "quarrel", "title": "A quarrel", "calendar": CALENDAR, "n": 400, "seed": 0, "until": days(9),
        "ess": 160.0, "rows": rows, "evidence_bits": Estimate(3.0, 0.1), "chance_bits": Estimate(5.0, 0.2),
        "date_bits": 0.5, "run": "a" * 64, "head": "b" * 64, "entries": (), "recorded": {}, "broken": {},
        "scenario_digest": "c" * 64,
    }  # fmt: skip
    return ReplayResult(**{**fields, **other})


REFUSED = what_if(refused="16 effective draws, at least 20 are needed; the item that starves it is Q2")
EVERY = {
    "whatif": what_if(), "refused": REFUSED, "forecast": AHEAD, "turns": TURNS, "undecided": UNDECIDED,
    "decided": DECIDED, "causes": CAUSES, "study": STUDY, "recovery": RECOVERY, "replay": replay(),
}  # fmt: skip
"""One of each."""
