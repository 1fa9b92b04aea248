"""What an actor knew: the fold of what reached it, and in the file nothing else."""

from __future__ import annotations

import pytest

from negosim.core import events as e
from negosim.report.page.knowledge import sheet_of
from negosim.report.page.render import render_sheet
from negosim.sim.knowledge import days_of, view_at
from tests.report.page.dossiers import CALENDAR, log, scenario
from tests.report.page.test_browser import axe_findings


def sheet(actor: str, moves: int = 30) -> str:
    entries = log(moves)
    found = sheet_of(scenario(("The Crown", "The League", "The Guild"), entries[-1].minute + 1440), entries, actor,
                     command="negosim report quarrel", version="0", manifest={"seed": 0})  # fmt: skip
    return render_sheet(found)


def test_each_day_is_the_view_at_its_end() -> None:
    entries = log(60)
    story = scenario(("C", "L", "G"), entries[-1].minute + 1440)
    for actor in ("crown", "guild", "league"):
        known = days_of(story, entries, actor)
        assert known
        for one in known:
            view = view_at(story, entries, actor, (one.day + 1) * 1440 - 1)
            assert set(one.open) == set(view.talks.open.values())
            assert one.trust == {key: view.trust.mean(*key) for key in view.trust.counts}
            assert all(minute // 1440 == one.day for minute, _ in one.reached)


def test_who_is_not_on_the_channel_does_not_read_of_it() -> None:
    assert "The Crown <b>offers</b> The Guild" in sheet("guild")
    league = sheet("league")
    assert "<b>offers</b>" not in league
    assert "open+half" not in league
    assert "<b>claims</b>" in league
    assert "its own act" in league


def test_a_day_is_the_local_day() -> None:
    entries = log(30)
    for one in days_of(scenario(("C", "L", "G"), entries[-1].minute + 1440), entries, "guild"):
        assert {(CALENDAR.local(minute).date() - CALENDAR.local(0).date()).days for minute, _ in one.reached} == {one.day}


def test_claims_are_marked_on_the_sheet_too() -> None:
    assert any(isinstance(one.event, e.Claimed) for one in log(12))
    assert "<i class=m>claimed</i>" in sheet("guild")


@pytest.mark.once
def test_the_sheet_in_a_browser(opened) -> None:
    for width, scheme in ((1280, "light"), (400, "dark")):
        found = opened(sheet("crown"), width=width, scheme=scheme)
        assert found.quiet
        assert axe_findings(found) == []
        assert found.evaluate("document.documentElement.scrollWidth") <= width
        found.page.locator("#until").press("Home")
        assert found.page.locator("#chart tr.eve:visible").count() == 1
