"""Delays under guided windows: dates as evidence, exact against counting minutes."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from math import exp

import pytest

from negosim.core.actors import Actor, public
from negosim.core.time import Calendar
from negosim.inference.estimates import mean_of
from negosim.inference.filter import dice
from negosim.inference.filter.condition import condition
from negosim.inference.filter.guide import Guide, Window
from negosim.inference.filter.items import Item, in_order
from negosim.inference.filter.particle import Conditioning
from negosim.record.dates import Span
from negosim.record.model import Pattern, Target
from negosim.sim.chance import Imposition
from negosim.sim.decisions import Choice, Decision, because
from negosim.sim.delays import Between
from negosim.sim.play import play
from negosim.sim.scenario import Scenario

ANN = Actor("ann", "Ann")
ISLANDS, SIZE, SIGMAS = 16, 60, 4.0


class Answer(Choice):
    YES = "yes"


FIRST = Decision(ANN, "first", {Answer.YES: because("author")}, pace=Between(0, 9, "ten minutes"))
SECOND = Decision(ANN, "second", {Answer.YES: because("author")}, pace=Between(0, 9, "ten minutes"))


def part(seat):
    yield from seat.choose(FIRST, "k")
    seat.happen("first")
    yield from seat.choose(SECOND, "k")
    seat.happen("second")


SCENARIO = Scenario(
    "delays", "Two delays", Calendar(datetime(2024, 1, 1), "UTC"), 60, (ANN,), channels=(public(ANN, id="street"),),
    cast={ANN: (part,)}, decisions=(FIRST, SECOND),
)  # fmt: skip


def span(earliest, latest):
    return Span(earliest, latest)


def item(what, earliest, latest):
    pattern = Pattern(event="happened", span=span(earliest, latest), what=what)
    return Item(name=what, due=latest, fact=Target(id=what, what=what, span=span(earliest, latest), cites=(), expect=(pattern,)))


LATE = item("second", 12, 13)
EARLY_DATE = Item(
    name="ann.first[k]", due=6, imposition=Imposition("ann.first[k]", "yes", 3, 6, "F1")
)
GUIDES = {
    "none": Guide(),
    "right": Guide(windows={"ann.second[k]": Window(12, 13, "second"), "ann.first[k]": Window(4, 9, "second")}),
    "wrong": Guide(windows={"ann.second[k]": Window(0, 12, "second"), "ann.first[k]": Window(0, 5, "second")}),
}


def exact(dated):
    """The probability of the evidence, and the mean minute of the first decision given it."""
    pairs = [
        a for a, b in product(range(10), repeat=2) if 12 <= a + b <= 13 and (not dated or 3 <= a <= 6)
    ]
    return len(pairs) / 100, sum(pairs) / len(pairs)


def deviations(guide, *, dated):
    items = in_order([LATE, EARLY_DATE] if dated else [LATE])
    posterior = condition(Conditioning(SCENARIO, items), ISLANDS * SIZE, 3, islands=ISLANDS, guide=guide)
    evidence = mean_of([1.0] * ISLANDS, [exp(island.log_evidence) for island in posterior.islands])
    minutes = []
    for draw in posterior.draws:
        entries = play(SCENARIO, draw.world).entries
        minutes.append(float(next(e.minute for e in entries if getattr(e.event, "what", "") == "first")))
    minute = posterior.mean(minutes)
    probability, mean = exact(dated)
    return [(evidence.mean - probability) / max(evidence.se, 1e-3), (minute.mean - mean) / max(minute.se, 0.02)]


@pytest.mark.parametrize("dated", [False, True])
@pytest.mark.parametrize("guide", GUIDES)
def test_dates_are_exact_whatever_the_window(guide, dated):
    off = deviations(GUIDES[guide], dated=dated)
    assert max(map(abs, off)) < SIGMAS, off


def test_a_window_that_is_not_weighed_is_found_out(monkeypatch):
    monkeypatch.setattr(dice, "log", lambda _: 0.0)
    assert max(map(abs, deviations(GUIDES["right"], dated=False))) > SIGMAS
