"""Invented dossiers: as many moves as wanted, and texts as hostile as wanted."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from negosim.core import events as e
from negosim.core.actors import NATURE, Actor, Channel, Kind
from negosim.core.events import Entry
from negosim.core.terms import Clause, Terms
from negosim.core.time import Calendar, days
from negosim.inference.estimates import Estimate
from negosim.lab.comparison.model_comparison import Clue, Rival, Rivals, Weighed
from negosim.lab.counterfactual.alignment import first_divergence
from negosim.lab.counterfactual.whatif_result import (
    Assumption,
    Conditions,
    OutcomeAnswer,
    Pair,
    WhatIfResult,
)
from negosim.lab.dossier import Dossier
from negosim.lab.forecast.turning_points import Became, Turn, Turns
from negosim.lab.replay.replay_result import ReplayResult, ReplayRow
from negosim.record.dates import Span
from negosim.record.model import (
    Cite,
    Conflict,
    DocumentedDecision,
    Fact,
    Pattern,
    Record,
    Source,
    Target,
    Version,
)
from negosim.sim.chance import Prior
from negosim.sim.play import play
from negosim.sim.scenario import Scenario
from negosim.stories.loading import load
from negosim.stories.questions import Outcome, questions_of

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
    return Scenario("quarrel", title, CALENDAR, ends, (*actors, NATURE), channels=channels, cast={}, mechanisms={"m": True}, accounts=accounts)


def dossier(moves: int = 20, *, questions: int = 3, text: str = "plain", names: tuple[str, str, str] | None = None) -> Dossier:
    """A dossier about ``moves`` moves; ``text`` stands wherever a story's own words do."""
    factual = log(moves)
    ends = factual[-1].minute + days(1)
    story, known = scenario(names or ("The Crown", "The League", "The Guild"), ends, text), record(text, ends)
    outcomes = tuple(Outcome(Target(id=f"o{place}", what=f"{text} {place}", span=known.facts[0].span, cites=()), place % 2 == 0) for place in range(4))
    return Dossier(
        record=known, until=None, scenario=story, replay=replayed(known, factual, text),
        answers=tuple(answer(place, story, known, factual, log(moves, otherwise=not place % 2), text) for place in range(questions)),
        turns=Turns(scenario="quarrel", calendar=CALENDAR, n=100, seed=0, outcomes=outcomes, turns=tuple(turn(place, outcomes) for place in range(8)), what={"D1": text}),
        rivals=(rivals(),), manifest={"seed": 0, "text": text},
    )  # fmt: skip


def record(text: str, ends: int) -> Record:
    """A fact of each kind, one that no course has, and one that is context alone, with two sources."""
    span = Span(600, 2000, "interval", text="2024-12-20/2024-12-21")
    sources = (
        Source(id="a", title=text, publisher=text, date=span, url="https://example.org/a?x=\"'<>", family="one", stake=text),
        Source(id="b", title=text, publisher=text, date=span, url="javascript:alert(1)", family="two", stake=text),
    )
    cites = (Cite("a", text), Cite("b", text))
    facts = (
        Fact(id="D1", span=span, precision="interval", kind="decision", what=text, certainty="documented", cites=cites, who=("guild",),
             decisions=(DocumentedDecision("guild.answer[open+half-0]", "accept", span),)),
        Fact(id="G1", span=span, precision="interval", kind="given", what=text, certainty="documented", cites=cites, event="fair"),
        Fact(id="O1", span=span, precision="interval", kind="outcome", what=text, certainty="disputed", cites=cites,
             expect=(Pattern(event="met", span=Span(0, ends), by="crown"),)),
        Fact(id="C1", span=span, precision="interval", kind="claim", what=text, certainty="reported", cites=cites, claimant="league"),
        Fact(id="X1", span=span, precision="interval", kind="outcome", what=text, certainty="documented", cites=cites, who=("crown",), to=("guild",), channel="formal",
             after=("D1",), expect=(Pattern(event="vetoed", span=Span(0, ends), by="crown"),)),
        Fact(id="B1", span=Span(None, 700, "open", text="../2024-12-20"), precision="open", kind="report", what=text, certainty="documented", cites=cites, background=True),
    )  # fmt: skip
    conflict = Conflict("K1", "the toll", ("O1",), (Version(text, cites, "league"),), text)
    return Record(title=text, calendar=CALENDAR, ends=ends, sources=sources, facts=facts, conflicts=(conflict,))


def replayed(known: Record, factual: tuple[Entry, ...], text: str) -> ReplayResult:
    """A replay in which the facts are told, given, follow or cannot be produced."""
    statuses = {"D1": "told", "G1": "given", "O1": "follows", "X1": "cannot be produced"}
    rows = tuple(
        ReplayRow(
            id=fact.id, what=fact.what, kind=fact.kind, status=statuses.get(fact.id, "background"), certainty=fact.certainty, precision=fact.precision, channel=fact.channel,
            earliest=fact.span.earliest, latest=fact.span.latest, why=text if fact.id == "X1" else "", surprise_bits=1.5,
        )
        for fact in known.facts
    )  # fmt: skip
    return ReplayResult(
        scenario="quarrel", title=text, calendar=CALENDAR, n=400, seed=0, until=known.ends, ess=150.0, rows=rows, evidence_bits=Estimate(20.0, 0.5), chance_bits=Estimate(30.0, 0.5), date_bits=4.0,
        run="a" * 64, head="b" * 64, entries=factual, recorded={}, broken={}, scenario_digest="c" * 64,
    )  # fmt: skip


def answer(place: int, story: Scenario, known: Record, factual, twin, text: str) -> WhatIfResult:
    """An answer with four outcomes, two guesses and a pair of courses."""
    outcomes = tuple(
        OutcomeAnswer(
            name=f"o{at}", what=f"{text} {at}", documented=at % 2 == 0, without=Estimate(0.3, 0.02), with_change=Estimate(0.8 - at / 10, 0.02),
            difference=Estimate(0.5 - at / 4, 0.03), settled="not settled" if at == 3 else "settled", fixed=at == 1,
            fixed_by=("D1",) if at == 1 else (), pn=Estimate(0.4, 0.05) if at == 0 else None, independent=Estimate(0.4, 0.03),
        )
        for at in range(4)
    )  # fmt: skip
    guesses = (
        Assumption(name="guild.weight[pride]", actor="guild", attribute="pride", note=text, slope=0.3, halved=0.25, halved_interval=(0.1, 0.4)),
        Assumption(name="crown.weight[gain]", actor="crown", attribute="gain", note=text, slope=-0.1, halved=0.45, halved_interval=(0.4, 0.5)),
    )
    conditions = Conditions(
        n=1000, islands=8, ess=150.0, pareto_k=0.1, seed=0, decisions=("D1",), facts=("O1",), failing=(), left_out=(text,), reached=0.97, already=0.1, affected=0.9, plausibility=(0.2, 0.1, 0.4), manifest={"seed": 0}
    )
    return WhatIfResult(
        scenario="quarrel", question=f"q{place}", asks=f"{text}?", changes=(f"guild.answer[open+half-{place}]=refuse",), calendar=CALENDAR, outcomes=outcomes, assumptions=guesses,
        pair=Pair(factual=factual, counterfactual=twin, parted=first_divergence(factual, twin), scenario=story, record=known), conditions=conditions, precision=0.05,
    )  # fmt: skip


def as_long_as_pti() -> Dossier:
    """The real record and the real model of pti-2024, with three what-ifs and every odd, and invented figures.

    Its courses are one free play and three with a change, so that a page of it is as long as the real one.
    """
    story = load("pti-2024")
    known, asked = story.documented, questions_of(story)
    free = play(story.scenario, Prior(seed=7))
    rows = tuple(
        ReplayRow(
            id=fact.id, what=fact.what, kind=fact.kind, status="background" if fact.background else "follows",
            certainty=fact.certainty, precision=fact.precision, channel=fact.channel, earliest=fact.span.earliest,
            latest=fact.span.latest, surprise_bits=1.5,
        )
        for fact in known.facts
    )  # fmt: skip
    replay = evolve(replayed(known, free.entries, ""), rows=rows)
    answers = []
    for question in asked.questions[:3]:
        twin = play(story.scenario, free.world, question.changes)
        made = answer(0, story.scenario, known, free.entries, twin.entries, "")
        outcomes = tuple(evolve(made.outcomes[place % 4], what=one.target.what) for place, one in enumerate(asked.outcomes))
        ids = tuple(fact.id for fact in known.facts if not fact.background)
        answers.append(evolve(made, question=question.id, asks=question.asks, outcomes=outcomes,
                              conditions=evolve(made.conditions, facts=ids, decisions=ids[:20])))  # fmt: skip
    dated = sorted((fact for fact in known.facts if fact.decisions or fact.expect), key=lambda fact: fact.span.latest or 0)
    turns = tuple(
        evolve(turn(place % 8, asked.outcomes), minute=fact.span.latest or 0, facts=(fact.id,)) for place, fact in enumerate(dated)
    )  # fmt: skip
    moved = Turns(scenario="pti-2024", calendar=known.calendar, n=40, seed=0, outcomes=asked.outcomes, turns=turns, what={fact.id: fact.what for fact in known.facts})
    return Dossier(
        record=known, until=None, scenario=story.scenario, replay=replay, answers=tuple(answers), turns=moved,
        rivals=(rivals(), rivals()), manifest={"seed": 0, "questions": [one.id for one in asked.questions[:3]]},
    )  # fmt: skip


def refused(found: Dossier) -> Dossier:
    """The same dossier without an answer to its first question."""
    first, *rest = found.answers
    return evolve(found, answers=(evolve(first, refused="12 effective draws, at least 20 are needed", pair=None), *rest))


def turn(place: int, outcomes) -> Turn:
    """The ``place``-th turn; the first stands before anything is known."""
    at, share, facts = place * days(1), place / 8, ("D1",) if place else ()
    interval = max(share - 0.1, 0.0), min(share + 0.1, 1.0)
    became = tuple(Became(each.id, Estimate(share, 0.05, interval=interval)) for each in outcomes)
    return Turn(minute=at, items=facts, facts=facts, ess=100 - place * 9, outcomes=became)


def rivals() -> Rivals:
    """Two accounts, one of which bears out next to nothing."""
    weighed, poor = (Weighed(1.0, Estimate(-30.5, 0.3, 7), -15.0),), (Weighed(1.0, Estimate(-60.0, 2.0, 7), -15.0),)
    clues = (Clue("O1", "O1", "It is met.", {"told": 1.2, "not-told": 9.0}),)
    accounts = (
        Rival(name="told", switches={"m": True}, prior=0.5, posterior=1.0, weighed=weighed, surprises={"O1": 1.2}),
        Rival(name="not-told", switches={"m": False}, prior=0.5, posterior=0.0, weighed=poor, surprises={"O1": 9.0}),
    )
    return Rivals(topic="toll", n=200, rivals=accounts, clues=clues, factors=(), verdict=None, why_not="too few")
