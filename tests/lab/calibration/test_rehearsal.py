"""How often documented decisions are reached and chosen, computed by hand."""

from __future__ import annotations

from math import isclose
from types import SimpleNamespace

from negosim.lab.calibration.rehearsal import ImpositionOutcome, Rehearsed, imposed_rows
from negosim.sim.chance import Imposition

RECORD = SimpleNamespace(fact=lambda id: SimpleNamespace(kind="inferred" if id == "B" else "decision"))
DECISIONS = (Imposition("ann.a[x]", "yes", 0, 60, fact="A"), Imposition("ann.b[x]", "yes", 0, 60, fact="B"))


def test_reached_times_chosen_is_the_ratio_of_mean_weights():
    outcomes = [
        (ImpositionOutcome("imposed", 0.5), ImpositionOutcome("imposed", 0.2)),
        (ImpositionOutcome("imposed", 0.3), ImpositionOutcome("never")),
        (ImpositionOutcome("too late"), ImpositionOutcome("imposed", 0.9)),
        (ImpositionOutcome("unsettled"), ImpositionOutcome("unsettled")),
    ]
    first, second = imposed_rows(RECORD, DECISIONS, [Rehearsed(run, ()) for run in outcomes])
    assert (first.reached, first.reached_in, first.too_late, first.never) == (0.75, 3, 1, 0)
    assert isclose(first.reached * first.chosen, (0.5 + 0.3) / 4)
    assert isclose(second.reached, 0.5 / 0.8)
    assert isclose(second.chosen, 0.2)
    assert [first.inferred, second.inferred] == [False, True]
