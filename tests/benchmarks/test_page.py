"""What it costs to render a page of 20, 200 and 2,000 moves. Reported, never asserted."""

from __future__ import annotations

from time import process_time

import pytest

from tests.report.page.conftest import page_html
from tests.report.page.dossiers import dossier

pytestmark = pytest.mark.benchmark
ROUNDS = 3


def test_a_page_by_its_moves() -> None:
    page_html(dossier(8))  # templates compiled, modules loaded
    least: dict[int, float] = {}
    print()
    for moves in (20, 200, 2000):
        found = dossier(moves)
        seconds = []
        for _ in range(ROUNDS):
            began = process_time()
            html = page_html(found)
            seconds.append(process_time() - began)
        least[moves] = min(seconds)
        size = len(html.encode())
        print(f"{moves} moves, three what-ifs: {1000 * min(seconds):.0f} ms, {size / 1000:.0f} kB")
    print(f"200 moves cost {least[200] / least[20]:.1f} times as much as 20, 2,000 {least[2000] / least[200]:.1f} times as much as 200")
