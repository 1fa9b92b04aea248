"""The counterfactual cases come out right, and the wrong formulas would be noticed."""

from __future__ import annotations

import pytest

from negosim.testing.conformance import CASES

pytestmark = pytest.mark.once


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_known_answers_come_out_and_wrong_ones_do_not(case):
    found = case.found()
    assert set(found) == set(case.known)
    assert case.failures(found=found) == ()
    assert case.wrong
    for name, value in case.wrong.items():
        assert case.failures({name: value}, found=found)
