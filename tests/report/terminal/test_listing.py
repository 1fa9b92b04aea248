"""Which rows of a long list its first screen shows."""

from __future__ import annotations

import pytest

from negosim.report.terminal.listing import BEGIN_ROWS, END_ROWS, MOST_ROWS, both_ends


@pytest.mark.parametrize("count", [0, 1, MOST_ROWS])
def test_a_course_that_fits_is_shown_whole(count):
    assert both_ends(tuple(range(count))) == tuple(range(count))


def test_a_longer_course_shows_how_it_begins_and_ends():
    shown = both_ends(tuple(range(100)))

    assert shown == (*range(BEGIN_ROWS), *range(100 - END_ROWS, 100))
    assert len(shown) + 1 <= MOST_ROWS, "with the line that says how many are left out"
