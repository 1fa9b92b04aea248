"""Invented answers of every kind, about an invented quarrel, with names in three scripts."""

from __future__ import annotations

from datetime import datetime

from negosim.core.time import Calendar, days
from negosim.lab.calibration.simulation_based_calibration import Calibration, Recovery
from negosim.lab.comparison.model_comparison import Factor, Rival, Rivals, Weighed
from negosim.lab.comparison.weight_of_evidence import Clue
from negosim.lab.counterfactual.results import Answer, Causes, Episode, Variant, WhatIf
from negosim.lab.ensembles.study import StudyResult
from negosim.lab.forecast.forecast import Forecast, Likely
from negosim.lab.forecast.scoring import Scores
from negosim.lab.forecast.turning_points import Became, Turn, Turns
from negosim.lab.replay.results import (
    Draw,
    FactLine,
    Imposed,
    Replay,
    Score,
    Share,
    Targets,
)
from negosim.record.dates import Span
from negosim.record.model import Target
from negosim.sim.chance import Imposition
from negosim.stories.preregistration import Standing
from negosim.stories.questions import Outcome

CALENDAR = Calendar(datetime(1724, 3, 1), "UTC")
VARIANTS = (
    ("coupling gumbel", 0.2, 0.8), ("coupling independent", 0.2, 0.74), ("coupling fresh", 0.2, 0.7),
    ("logit precision 0.5", 0.3, 0.66), ("logit precision 2", 0.1, 0.9), ("decisions alone", 0.2, 0.8),
    ("without the guild's own letters", 0.25, 0.78), ("dates in the early half", 0.2, 0.81),
)  # fmt: skip


def outcome(**other):
    """One outcome that has a sign and a side; ``other`` fields replace its own."""
    fields = {
        "name": "strike", "what": "The guild goes on strike.", "happened": False, "factual": 0.2,
        "counterfactual": 0.8, "effect": 0.6, "low": 0.55, "high": 0.65, "weights_low": 0.4, "weights_high": 0.7,
        "pn_record": 0.7, "causes": Causes(400, 0.6, 0.5, 0.4, (0.5, 0.9), (0.4, 0.8), (0.3, 0.6)),
        "variants": VARIANTS,
    }  # fmt: skip
    return Answer(**{**fields, **other})


CHINESE = outcome(
    name="行會停工", what="行會停工。", factual=1.0, counterfactual=0.9, effect=-0.1, low=-0.2, high=0.01,
    weights_low=None, weights_high=None, causes=None, pn_record=None, happened=True,
    variants=(("coupling fresh", 1.0, 0.3),),
)  # fmt: skip


def what_if(*outcomes, **other):
    """An answer about some outcomes, the strike by default."""
    fields = {
        "scenario": "quarrel", "question": "no-offer", "asks": "Had the crown offered nothing?",
        "changes": ("crown.offer[strike]=wait",), "calendar": CALENDAR, "n": 1000, "worlds": 400, "islands": 1, "ess": 250.0,
        "pareto_k": 0.3, "asked_in": 400, "already": 0.0, "affected": 0.9, "decisions": ("crown.offer[strike]",),
        "facts": ("Q2",), "left_out": (), "outcomes": outcomes or (outcome(), CHINESE),
        "variants": (Variant("decisions alone", 300.0, (0.2,), (0.8,)),),
        "addresses": {"exposed": {"guild.answer[strike]": 0.4}, "flipped": {}}, "parted": None,
        "episodes": {"2024-10": Episode(380, 250.0, 300.0)}, "false_alarms": 1.2, "refused": "", "manifest": {},
    }  # fmt: skip
    return WhatIf(**{**fields, **other})


def likely(name, probability, half=0.05):
    return Likely(name, f"{name} comes about.", probability, max(probability - half, 0.0), min(probability + half, 1.0))


AHEAD = Forecast(
    "quarrel", CALENDAR, days(2), 400, 320.0, True, (), (likely("strike", 0.7), likely("ہڑتال", 0.2), likely("fair", 0.5)),
    {"model": Scores(4, 2, 0.2, -0.6, 0.25, 0.1), "random": None, "persistence": Scores(4, 2, 0.4, -1.1, 0.5, None)},
    Standing(3, "1724-03-02", 0, ("menu crown.offer: half -> more",)), {},
)  # fmt: skip
def became(name, probability, half=0.05):
    low, high = max(probability - half, 0.0), min(probability + half, 1.0)
    return Became(name, probability, half / 1.96, low, high)


def turn(address, chose, at, ess, turned, *shares):
    decision = Imposition(address, chose, max(at - 60, 0), at) if address else None
    return Turn(decision, 250, 200, ess, shares, turned)


def turns(*those, names=("strike", "行會")):
    outcomes = tuple(Outcome(Target(name, f"{name} comes about.", Span("", None, None), ()), happened=True) for name in names)
    return Turns("quarrel", CALENDAR, 200, 0, outcomes, those)


TURNS = turns(
    turn("", "", 0, 200.0, (), became("strike", 0.2), became("行會", 0.5)),
    turn("guild.strike[market]", "announce", days(1), 150.0, ("strike",), became("strike", 0.7), became("行會", 0.52)),
    turn("crown.offer[strike]", "half-toll", days(2), 90.0, ("行會",), became("strike", 0.72), became("行會", 0.9)),
)  # fmt: skip


def rival(name, posterior, evidence):
    weighed = tuple(Weighed(scale, evidence, 0.2, -2.0) for scale in (1.0, 0.5, 2.0))
    return Rival(name, 0.5, posterior, weighed, (Clue("Q3", "", 2.5, 0.4),))


def factors(against, log_factor, half=0.4):
    return tuple(
        Factor(against, scale, log_factor, log_factor - half, log_factor + half, 0.1) for scale in (1.0, 0.5, 2.0)
    )


UNDECIDED = Rivals(
    "letter", 300, ("Q3",), (rival("sent", 0.6, -3.0), rival("نہیں بھیجا", 0.4, -3.4)),
    factors("نہیں بھیجا", 0.4), None,
    "sent against forged: the Bayes factor 1.5 at prior scale 1 is not surely above 3",
)  # fmt: skip
DECIDED = Rivals(
    "letter", 300, ("Q3",), (rival("sent", 0.97, -3.0), rival("forged", 0.03, -9.0)),
    factors("forged", 6.0), "sent", "",
)  # fmt: skip
STUDY = StudyResult(1000, 4, "d" * 64, (), {"strike": (0.3, 0.27, 0.33), "fair": (0.9, 0.88, 0.92)})
KNOWN = Calibration("no-offer", "strike", 47, 0, "", 0.5, 0.9, 0.5, 0.9, 0.42, 0.44, 0.5)
RECOVERY = Recovery(50, 2, 1, "IllegalMove: no", 300, 11.0, 62.0, -1.7, 1.5, 0.7, 19, (KNOWN,))


def fact(id, status, **other):
    return FactLine(id, "outcome", status, "A fact.", 0, days(1), **other)


def replay(*facts, **other):
    """A replay of a record with one fact given and one missed, unless others are named."""
    share = Share(0.1, 0.02, 60.0)
    fields = {
        "scenario": "quarrel", "title": "A quarrel", "calendar": CALENDAR, "n": 400, "seed": 0, "until": days(9), "ess": 60.0,
        "draw": Draw(3, "a" * 64, "b" * 64, 12, 0, 1, 0, 1),
        "facts": facts or (fact("Q1", "given"), fact("Q2", "missed", share=share, random=share, blind=share, low=-0.1, fed=1)),
        "imposed": (Imposed("Q3", "crown.offer[strike]", "half", False, 0, days(1), 380, 10, 10, 0.9, 0.5),),
        "choice": Score(-1.0, -2.0, -1.1), "timing": -0.5, "timing_se": 0.1, "facts_score": Score(-0.3, -0.5, -0.4),
        "clusters": 1, "alarms": (), "targets": Targets(100, (), Score(0.0, 0.0, 0.0)), "scenario_digest": "c" * 64,
    }  # fmt: skip
    return Replay(**{**fields, **other})


REFUSED = what_if(refused="26 effective draws, at least 100 are needed; play more (-n)")
EVERY = {
    "whatif": what_if(), "refused": REFUSED, "forecast": AHEAD, "turns": TURNS, "undecided": UNDECIDED,
    "decided": DECIDED, "study": STUDY, "recovery": RECOVERY, "replay": replay(),
}  # fmt: skip
"""One of each."""
