"""The first screens of a replay and a what-if: their first sentence, their length, their rows."""

from __future__ import annotations

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from attrs import evolve
from rich.console import Console, Group

from negosim.core import events as e
from negosim.core.events import Entry
from negosim.inference.estimates import Estimate
from negosim.lab.counterfactual.whatif_result import (
    Assumption,
    Conditions,
    OutcomeAnswer,
    Pair,
    WhatIfResult,
)
from negosim.lab.replay.replay_result import ReplayResult, ReplayRow
from negosim.report.display import Display
from negosim.report.page.page import page_of
from negosim.report.results import replay, rows, sentence
from negosim.report.results.counterfactual import whatif as counterfactual
from negosim.report.results.counterfactual.whatif import parts
from negosim.report.wording.key import DOCUMENTED, MARKS, SIMULATED
from negosim.testing.stories import example, scenario
from tests.report.answers import AHEAD
from tests.report.page.dossiers import dossier

GOLDEN = Path(__file__).parents[1] / "golden"
TABLE = scenario(example())
DAY = 1440


def fact(place: int, status: str, **more) -> ReplayRow:
    kind = {"told": "decision", "given": "given", "background": "report"}.get(status, "outcome")
    bits = None if status in ("given", "background") else 0.5 * place
    first = place * DAY
    return ReplayRow(
        id=f"Q{place}", what=f"Fact number {place} of an invented quarrel over a toll.", kind=kind, status=status, certainty="documented", precision="day",
        channel="public", earliest=first, latest=first + DAY - 1, surprise_bits=bits, chance_bits=bits,
        **{"reproduced": status in ("told", "follows")} | more,
    )  # fmt: skip


STATUSES = ("told", "follows", "given", "follows", "cannot be produced", "background", "told", "follows")
REPLAY = ReplayResult(
    scenario="toll", title="A quarrel over a toll", calendar=TABLE.calendar, n=400, seed=0, until=20 * DAY, ess=120.4,
    rows=tuple(fact(place, status) for place, status in enumerate(STATUSES, 1)),
    evidence_bits=Estimate(52.0, 1.0), chance_bits=Estimate(76.0, 1.5), date_bits=10.0, run="run", head="head", entries=(), recorded={}, broken={}, scenario_digest="digest",
)  # fmt: skip


def outcome(name: str, without: float, with_change: float, error: float = 0.02, **more) -> OutcomeAnswer:
    return OutcomeAnswer(
        name=name, what=f"The {name} is held.", documented=without > 0.5, without=Estimate(without, 0.0), with_change=Estimate(with_change, error),
        difference=Estimate(with_change - without, error), settled=more.pop("settled", "settled"), **more,
    )  # fmt: skip


BEFORE = Entry(0, 10, e.Announced("crown", "levy", "market", None), ())
APART = Entry(1, 20, e.CalledOff("crown", "levy", ""), (0,))
PAIR = Pair(factual=(BEFORE, APART), counterfactual=(BEFORE,), parted=(APART, None), scenario=TABLE)
CONDITIONS = Conditions(n=400, islands=8, ess=412.0, pareto_k=0.3, seed=0, decisions=("a.b[c]",), facts=("Q1",), failing=(), left_out=(), reached=1.0, already=0.0, affected=1.0, plausibility=(0.4, 0.2, 0.6), manifest={})
WHATIF = WhatIfResult(
    scenario="toll", question="refused", asks="Had the crown refused, would the strike have been held?", changes=("crown.answer[x]=no",), calendar=TABLE.calendar,
    outcomes=(outcome("strike", 0.0, 0.62, fixed=True), outcome("market", 0.5, 0.49), outcome("feast", 0.5, 0.4, 0.2, settled="not settled")),
    assumptions=(Assumption(name="crown.weight[gain]", actor="the crown", attribute="gain", note="a guess", slope=0.3, halved=0.31, halved_interval=(0.2, 0.42)),), pair=PAIR, conditions=CONDITIONS, precision=0.05,
)  # fmt: skip


def screen(answer: object, width: int = 80, encoding: str = "utf-8") -> str:
    out = StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False, force_terminal=False)
    options = console.options.update(width=width)
    options.encoding = encoding
    for line in console.render_lines(Display(answer), options, pad=False):
        out.write("".join(segment.text for segment in line).rstrip() + "\n")
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("width", [80, 160])
@pytest.mark.parametrize(("name", "answer"), [("replay-history", REPLAY), ("whatif-answer", WHATIF)])
def test_a_screen_looks_as_it_did(name, answer, width, encoding):
    """Drawn anew with NEGOSIM_UPDATE_GOLDEN=1 after a change that is meant."""
    drawn = screen(answer, width, encoding)
    file = GOLDEN / f"{name}-{width}-{encoding}.txt"
    if os.environ.get("NEGOSIM_UPDATE_GOLDEN"):
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")
    assert encoding == "utf-8" or drawn.isascii()


def test_the_key_is_the_same_in_a_terminal_in_ascii_in_a_notebook_and_on_the_page():
    """Each mark that a replay shows stands in the gutter of its rows and, with its word, in the key below."""
    from negosim.report.page.render import render

    marks = [mark for mark in MARKS if mark not in (SIMULATED, DOCUMENTED)]
    notebook = re.sub(r"<[^>]+>", "", REPLAY._repr_html_())
    page = re.sub(r"<[^>]+>", "", render(page_of(dossier(12), command="", version="0")))
    for mark in marks:
        assert f"{mark.glyph} {mark.word}" in screen(REPLAY)
        assert f"{mark.plain} {mark.word}" in screen(REPLAY, encoding="ascii")
        assert f"{mark.glyph} {mark.word}" in notebook
        assert f"{mark.glyph}{mark.word}" in page
    rows = [line for line in notebook.splitlines() if re.search(r"\[Q\d\]", line)]
    assert {line[0] for line in rows if "Most surprising" not in line} <= {mark.glyph for mark in marks}
    assert DOCUMENTED.glyph not in "".join(line[:1] for line in screen(REPLAY).splitlines())


def test_a_what_if_of_long_words_fits_its_screen_and_has_all_of_them_with_v():
    """Seven outcomes, several guesses, many moves apart, and facts told at length: at most 40 lines."""
    long = "The guild, after long deliberation in the house by the old market and against much advice, walks out"
    record = dossier(12, text=long).record
    answer = dossier(60, text=long).answers[0]
    outcomes = tuple(evolve(answer.outcomes[0], name=f"o{place}", what=f"{long} {place}.") for place in range(7))
    conditions = evolve(answer.conditions, left_out=())
    whatif = evolve(answer, asks=f"Had it been otherwise, would it be that {long.lower()}?", outcomes=outcomes, conditions=conditions)
    drawn = screen(evolve(whatif, pair=evolve(answer.pair, record=record)))
    assert len(drawn.splitlines()) <= 40, drawn
    assert "Then on" not in drawn
    told = StringIO()
    Console(file=told, width=80, color_system=None).print(Group(*counterfactual.details(whatif)))
    assert "Then on how much The Crown cares about gain" in " ".join(told.getvalue().split())


@pytest.mark.parametrize(("answer", "most"), [(REPLAY, 45), (WHATIF, 40)])
def test_a_first_screen_fits(answer, most):
    assert len(screen(answer).splitlines()) <= most


@pytest.mark.parametrize("apart", [1, 100], ids=["days", "years"])
def test_a_replay_of_any_number_of_facts_fits_one_screen(apart):
    """Also one of few draws, with a long first sentence, over many years, with facts that cannot be."""
    rows = [fact(place * apart, "cannot be produced" if place % 9 == 5 else "follows") for place in range(64)]
    rows[-1] = evolve(rows[-1], what="The most surprising fact of all, told at such a length that it has to be cut somewhere. " * 3)
    many = evolve(REPLAY, rows=tuple(rows), ess=0.4, evidence_bits=Estimate(104.0, 1.0), chance_bits=Estimate(1148.0, 1.5))
    drawn = screen(many)
    assert len(drawn.splitlines()) <= 45
    assert "more facts, with " in drawn
    assert all(f"[{row.id}]" in drawn for row in rows if row.status != "follows")
    told = evolve(many, rows=tuple(evolve(row, status="told") for row in rows))
    assert len(screen(told).splitlines()) <= 45


def test_the_most_surprising_fact_is_named_in_words():
    assert "Most surprising: Fact number 8 of an invented quarrel over a toll [Q8]." in " ".join(screen(REPLAY).split())


def test_a_screen_shows_all_facts_or_those_of_the_first_source_and_what_cannot_be_produced():
    others = tuple(fact(place, "follows", main=False) for place in range(2, 40))
    few, many = (evolve(REPLAY, rows=(fact(1, "told"), *others[:end], fact(40, "cannot be produced", main=False))) for end in (1, 38))
    assert all(f"[Q{place}]" in screen(few) for place in (1, 2, 40))
    assert "[Q1]" in screen(many)
    assert "[Q40]" in screen(many)
    assert "[Q2]" not in screen(many)
    assert "1 of 40 facts" in " ".join(screen(many).split())


def test_the_first_sentence_counts_what_was_told_follows_and_is_missed():
    said = sentence(REPLAY)
    assert "told 3 of 7 facts" in said
    assert "3 of the other 4 follow" in said
    assert "1 it cannot produce" in said
    assert "24 fewer" in said


@pytest.mark.parametrize(("ess", "words"), [(0.4, "1 effective draw"), (19.9, "19 effective draws")])
def test_too_few_draws_say_nothing_of_the_whole_history(ess, words):
    few = evolve(REPLAY, ess=ess)
    assert sentence(few).startswith(f"Whether the model of toll explains this history cannot be said: {words} of the 20")
    assert "Told 3 of 7 facts, it has a course in which 3 of the other 4 follow, and 1 it did not produce" in sentence(few)
    assert "explains most" not in sentence(few)
    assert " ".join(screen(few).split()).count(words) == 2


def test_a_fact_that_only_other_courses_have_is_not_said_to_follow_in_the_one_shown():
    absent = evolve(REPLAY.rows[1], reproduced=False)
    said = sentence(evolve(REPLAY, rows=(REPLAY.rows[0], absent, *REPLAY.rows[2:])))
    assert "in the course shown 2 of the other 4 follow, 1 in other simulated courses, and 1 it cannot produce" in said


def test_no_bits_saved_beyond_the_error_is_no_explanation():
    unsure = evolve(REPLAY, evidence_bits=Estimate(75.0, 2.0))
    assert "no better than actors who choose at random" in sentence(unsure)
    assert "fewer" not in sentence(unsure)


def test_every_fact_and_every_simulated_move_is_there_with_all_and_marked():
    result = evolve(REPLAY, entries=PAIR.factual, recorded={0: "Q1"})
    console = Console(file=StringIO(), width=80, color_system=None)
    console.print(Group(*replay.whole(result, TABLE)))
    drawn = console.file.getvalue()
    assert all(f"[Q{place}]" in drawn for place in range(1, 9))
    lines = [line for line in drawn.splitlines() if line.startswith("░") and "calls off" in line]
    assert len(lines) == 1


def test_each_course_dates_its_own_moves():
    """The strike that is called off on the tenth day is called off on the third with the change."""
    early = Entry(1, 2 * DAY, APART.event, APART.causes)
    late = Entry(1, 9 * DAY, APART.event, APART.causes)
    pair = evolve(PAIR, factual=(BEFORE, late), counterfactual=(BEFORE, early), parted=(late, early))
    rows = [line for line in screen(evolve(WHATIF, pair=pair)).splitlines() if "calls off" in line]
    begins = TABLE.calendar.local(0).day
    assert [int(row.split()[0]) - begins for row in rows] == [2, 9]
    assert [row.split()[2] for row in rows] == ["-", "░"]


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        (0.97, 0.01, "would almost certainly have happened"),
        (0.62, 0.02, "would probably have happened"),
        (0.45, 0.1, "more likely, perhaps even likely"),
        (0.3, 0.02, "would probably not have happened"),
        (0.02, 0.01, "would almost certainly not have happened"),
    ],
)
def test_the_strength_of_a_what_if_is_that_of_its_interval(changed, error, words):
    assert words in sentence(evolve(WHATIF, outcomes=(outcome("strike", 0.0, changed, error),)))


def test_a_change_to_what_was_chosen_anyway_has_no_headline_of_its_own():
    same = evolve(CONDITIONS, already=1.0, affected=0.0)
    said = sentence(evolve(WHATIF, conditions=same))
    assert said == "Nothing was changed: in every simulated course the actor chose what is forced anyway."
    assert "would probably" in sentence(evolve(WHATIF, conditions=evolve(same, already=0.9)))


def test_a_change_that_takes_hold_in_all_but_a_few_courses_needs_no_note():
    assert "takes hold" not in screen(evolve(WHATIF, conditions=evolve(CONDITIONS, reached=0.9999)))
    assert "takes hold in 60 % of simulated courses" in screen(evolve(WHATIF, conditions=evolve(CONDITIONS, reached=0.6)))


def test_only_the_first_screen_says_that_there_are_more_rows():
    pair = evolve(PAIR, factual=(BEFORE, *(Entry(place, 1440 * place, e.CalledOff("crown", "levy", "")) for place in range(1, 9))))
    first, whole = (" ".join(map(str, _lines_of(*shown))) for shown in ((pair,), (pair, None)))
    assert "3 more rows with -v" in first
    assert "with -v" not in whole


def _lines_of(pair, *most):
    out = StringIO()
    Console(file=out, width=80, color_system=None).print(*parts(evolve(WHATIF, pair=pair), *most))
    return out.getvalue().splitlines()


def test_what_cannot_be_produced_leads_to_the_course_that_shows_why():
    missed = evolve(REPLAY, rows=(fact(1, "told"), fact(40, "cannot be produced")))
    assert "Next: negosim run toll --told, then negosim why KEY Q40" in screen(missed)
    assert "Next: negosim replay toll --all" in screen(evolve(REPLAY, rows=(fact(1, "told"),)))


def test_a_forecast_worse_than_saying_50_percent_says_so():
    bad = evolve(AHEAD, scores={"model": evolve(AHEAD.scores["model"], brier=0.72), "random": evolve(AHEAD.scores["model"], brier=0.71)})
    assert "There it was a bad forecast: Brier score 0.72" in " ".join(screen(bad).split())
    assert "There it was a good forecast: Brier score 0.20" in " ".join(screen(AHEAD).split())
    strike, other, *rest = AHEAD.outcomes
    wrong = evolve(AHEAD, outcomes=(evolve(strike, happened=False), evolve(other, happened=True), *rest))
    assert sentence(wrong).endswith("In fact 1 of the 2 happened; to say 50 % of each would have been nearer.")
    assert sentence(AHEAD).endswith("In fact 1 of the 2 happened.")


def test_what_is_not_settled_says_so_and_nothing_more():
    said = sentence(evolve(WHATIF, outcomes=(outcome("strike", 0.5, 0.6, 0.3, settled="not settled"),)))
    assert said.startswith("This model does not settle")
    assert "would" not in said


def test_a_refused_what_if_says_why_and_shows_no_figure():
    refused = evolve(WHATIF, refused="12 effective draws, 20 are needed; the item that starves it is Q7")
    assert sentence(refused) == f"This model gives no answer: {refused.refused}."
    assert rows(refused) == []
    assert "difference" not in screen(refused)


def test_both_courses_show_what_parts_them_and_mark_what_is_simulated():
    drawn = screen(WHATIF)
    line = next(line for line in drawn.splitlines() if "calls off" in line)
    assert "░" in line


def test_the_guess_that_carries_the_answer_is_named_with_what_half_of_it_would_do():
    drawn = " ".join(screen(WHATIF).split())
    assert "rests mostly on one guess of the author: how much the crown cares about gain" in drawn
    assert "+31 points (+20 to +42) instead of +62" in drawn
