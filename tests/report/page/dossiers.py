"""Invented dossiers: as many moves as wanted, and texts as hostile as wanted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from attrs import evolve

from negosim.core import events as e
from negosim.core.actors import NATURE, Actor, Channel, Kind
from negosim.core.events import Entry
from negosim.core.terms import Clause, Terms
from negosim.core.time import Calendar, days
from negosim.lab.comparison.model_comparison import Rival, Rivals, Weighed
from negosim.lab.comparison.weight_of_evidence import Clue
from negosim.lab.counterfactual.factorial import Chance, Drawn, Setting, Switches, combined
from negosim.lab.counterfactual.results import Answer, Causes, Variant, WhatIf
from negosim.lab.dossier import Dossier
from negosim.lab.forecast.turning_points import Became, Turn, Turns
from negosim.record.dates import Span
from negosim.record.model import (
    Cite,
    Conflict,
    Fact,
    Imposition,
    Pattern,
    Record,
    Source,
    Target,
    Version,
)
from negosim.sim.chance import Imposition as ChanceImposition
from negosim.sim.interventions import Decide
from negosim.sim.scenario import Scenario
from negosim.stories.loading import Story
from negosim.stories.questions import Outcome, Question

CALENDAR = Calendar(datetime(2024, 12, 20), "Asia/Karachi")
TERMS = Terms((Clause("toll", "half", "crown"), Clause("gate", "open", "guild")))
HOSTILE = (
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 2'>",
    "\u202egnihton\u202c \u2066x {{ 7 * 7 }} {% raw %}",
    "]]><!--<svg onload=alert(1)>",
    "x" * 10_000,
    "لیگ و شہر",
    "行會" * 40,
)


def log(moves: int, *, otherwise: bool = False) -> tuple[Entry, ...]:
    """A quarrel that goes on: offers, answers, promises and silences, a choice before each answer."""
    told: list[tuple[int, e.Event, tuple[int, ...]]] = [
        (0, e.Announced("fair", "nature", "given", days(3)), ()),
        (600, e.Announced("strike", "guild", "market", days(2)), (0,)),
    ]
    shown, minute, turn = 2, 700, 0
    while shown < moves:
        offer, last = f"crown/backchannel/open+half#{turn + 1}", len(told) - 1
        told.append((minute, e.Offered(offer, "crown", "guild", "backchannel", TERMS), (last,)))
        taken = "refuse" if otherwise and turn % 3 == 1 else "accept"
        told.append((minute + 60, e.Chose("guild", f"guild.answer[open+half-{turn}]", ("accept", "refuse"),
                                          ((("gain", 500),), (("pride", 300),)), taken), (last + 1,)))  # fmt: skip
        answer = e.Agreed(offer, "guild", "crown", "backchannel", TERMS, True)
        told.append((minute + 60, answer if taken == "accept" else e.Rejected(offer, "guild", "crown", "backchannel", TERMS), (last + 2,)))
        told.append((minute + 90, e.Claimed(f"sold-{turn}", "league", "guild", "sold-us-out"), (last + 3,)))
        told.append((minute + 95, e.Met(f"round-{turn}", "crown", ("league", "guild"), "formal"), (last + 1,)))
        shown, turn = shown + 4, turn + 1
        minute += days(12) if turn % 5 == 0 else 400
    return tuple(Entry(index, at, event, causes) for index, (at, event, causes) in enumerate(told))


def scenario(names: tuple[str, str, str], ends: int, title: str = "A quarrel") -> Scenario:
    """Three actors of these names."""
    actors = tuple(Actor(id, name) for id, name in zip(("crown", "league", "guild"), names, strict=True))
    channels = tuple(Channel(kind.value, kind) for kind in (Kind.BACKCHANNEL, Kind.FORMAL, Kind.PUBLIC))
    accounts = {"toll": {"told": {"m": True}, "not-told": {"m": False}}}
    return Scenario("quarrel", title, CALENDAR, ends, (*actors, NATURE), channels, {}, mechanisms={"m": True}, accounts=accounts)


def dossier(moves: int = 20, *, questions: int = 3, text: str = "plain", names: tuple[str, str, str] | None = None) -> Dossier:
    """A dossier about ``moves`` moves; ``text`` stands wherever a story's own words do."""
    factual = log(moves)
    ends = factual[-1].minute + days(1)
    story = Story(scenario(names or ("The Crown", "The League", "The Guild"), ends, text), record(text, ends), Path("quarrel"), "0" * 64)
    outcomes = tuple(Outcome(Target(f"o{place}", f"{text} {place}", story.record.facts[0].span, ()), place % 2 == 0) for place in range(4))
    asked = tuple(
        Question(f"q{place}", f"{text}?", (Decide(f"guild.answer[open+half-{place}]", "refuse"),), ("o0", "o1"), text)
        for place in range(questions)
    )
    found = switches(asked, outcomes, factual, [log(moves, otherwise=bool(place % 2 == 0)) for place in range(questions)])
    return Dossier(
        story, None, found, tuple(answer(one, outcomes, text) for one in asked),
        Turns("quarrel", CALENDAR, 100, 0, outcomes, tuple(turn(place, outcomes) for place in range(8))),
        (rivals(),), {"seed": 0, "text": text},
    )  # fmt: skip


def record(text: str, ends: int) -> Record:
    """One decision, one given, one outcome and one claim, with two sources."""
    span = Span(600, 2000, "interval", text="2024-12-20/2024-12-21")
    sources = (
        Source("a", text, text, span, "https://example.org/a?x=\"'<>", "one", text),
        Source("b", text, text, span, "javascript:alert(1)", "two", text),
    )
    cites = (Cite("a", text), Cite("b", text))
    facts = (
        Fact("D1", span, "interval", "decision", text, "documented", cites, who=("guild",),
             decisions=(Imposition("guild.answer[open+half-0]", "accept", span),)),
        Fact("G1", span, "interval", "given", text, "documented", cites, event="fair"),
        Fact("O1", span, "interval", "outcome", text, "disputed", cites,
             expect=(Pattern("met", Span(0, ends), by="crown"),)),
        Fact("C1", span, "interval", "claim", text, "reported", cites, claimant="league"),
    )  # fmt: skip
    conflict = Conflict("K1", "the toll", ("O1",), (Version(text, cites, "league"),), text)
    return Record(text, CALENDAR, ends, sources, facts, (conflict,))


def switches(asked, outcomes, factual, twins) -> Switches:
    """Every combination, with figures that tell them apart."""
    settings = []
    for mask in range(1 << len(asked)):
        on = tuple(bool(mask >> place & 1) for place in range(len(asked)))
        share = 0.2 + 0.6 * mask / max((1 << len(asked)) - 1, 1)
        chances = tuple(Chance.of(min(share + place / 20, 1.0), 150) for place in range(len(outcomes)))
        when = tuple(((place, share / 2), (place + 9, share / 2)) for place in range(len(outcomes)))
        settings.append(Setting(on, chances, when, 1 - mask / 100))
    assert combined(asked, 0) == ()
    return Switches(tuple(asked), outcomes, 1000, 220, 220, 150.0, tuple(settings), Drawn(7, factual, tuple(twins)))


def answer(question: Question, outcomes, text: str) -> WhatIf:
    """An answer with figures, causes and variants."""
    variants = (("coupling gumbel", 0.3, 0.7), ("coupling fresh", 0.3, 0.4), ("logit precision 2", 0.35, 0.8), (f"without {text[:80]}", 0.3, 0.7))
    causes = Causes(223, 0.38, None, 0.27, (0.38, 0.69), None, (0.27, 0.53))
    told = tuple(
        Answer(one.id, one.target.what, one.happened, 0.3, 0.7, 0.4, 0.3, 0.5, 0.2, 0.6, 0.6, causes, variants) for one in outcomes
    )
    return WhatIf(
        "quarrel", question.id, question.asks, tuple(map(str, question.changes)), CALENDAR, 1000, 220, 1, 150.0, 0.1, 220, 0.1, 0.9,
        ("guild.answer[open+half-0]",), (), (text,), told, (Variant("dates in the early half", 3.0, (), ()),),
        {"exposed": {text: 0.5}, "flipped": {}, "new": {}, "gone": {}}, None, {}, 1.0, "", {},
    )  # fmt: skip


def refused(found: Dossier) -> Dossier:
    """The same dossier without an answer to its first question."""
    first, *rest = found.answers
    return evolve(found, answers=(evolve(first, refused="46 effective draws, at least 100 are needed", outcomes=()), *rest))


def turn(place: int, outcomes) -> Turn:
    """The ``place``-th turn; the first stands before any decision."""
    at, share = place * days(1), place / 8
    decided = ChanceImposition(f"guild.answer[{place}]", "accept", max(at - 60, 0), at) if place else None
    became = tuple(Became(one.id, share, 0.05, max(share - 0.1, 0), min(share + 0.1, 1)) for one in outcomes)
    return Turn(decided, 120, 100, 100 - place * 9, became)


def rivals() -> Rivals:
    """Two accounts, one of which no replay bears out."""
    weighed = (Weighed(1.0, -30.5, 0.3, -15.0),)
    none = (Weighed(1.0, None, 0.0, None),)
    clues = (Clue("O1", "", 1.2, 0.3),)
    return Rivals("toll", 200, ("O1",), (Rival("told", 0.5, 1.0, weighed, clues), Rival("not-told", 0.5, 0.0, none, clues)), (), None, "too few")
