"""Which rows a what-if shows first of where the two courses part."""

from __future__ import annotations

import pytest

from negosim.core.events import Entry, Happened
from negosim.report.results.counterfactual.whatif import _first


def entry(index):
    return Entry(index, index, Happened(f"h{index}", "ann"))


def here(index):
    """A row in which only history as it was goes on."""
    return index, entry(index), None


def there(index):
    """A row in which only the changed course goes on."""
    return index, None, entry(index)


@pytest.mark.parametrize("most", [None, 3, 4])
def test_few_rows_are_shown_as_they_stand(most):
    rows = [here(0), here(1), there(2)]

    assert _first(rows, most) == rows


def test_the_first_rows_are_shown_where_the_change_adds_something_in_them():
    rows = [here(0), there(1), here(2), there(3)]

    assert _first(rows, 2) == rows[:2]


def test_where_the_change_only_takes_away_its_first_two_moves_come_last():
    rows = [*map(here, range(6)), there(6), here(7), there(8), there(9)]

    assert _first(rows, 4) == [here(0), here(1), there(6), there(8)]
    assert _first([*map(here, range(6)), there(6)], 4) == [*map(here, range(3)), there(6)]


def test_a_change_that_adds_nothing_leaves_the_first_rows():
    rows = [*map(here, range(6))]

    assert _first(rows, 4) == rows[:4]
