"""Every view in 80 and 200 columns, in UTF and ASCII, with names in Urdu and Chinese."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from attrs import evolve
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from negosim.core import events as e
from negosim.core.time import days, hours
from negosim.core.views import Table
from negosim.lab.counterfactual.explanation import Comparison
from negosim.report import colours
from negosim.report.display import Display
from negosim.report.results.comparison import Compared, is_common
from negosim.report.results.why import Why
from negosim.report.terminal.bars import course, whisker
from negosim.report.terminal.export import html_of, picture_of
from negosim.report.terminal.timeline import Timeline
from negosim.report.terminal.timeline_rows import rows_of_run
from negosim.report.wording.sentences import Wording
from tests.report.answers import (
    AHEAD,
    CAUSES,
    DECIDED,
    EVERY,
    TURNS,
    UNDECIDED,
    what_if,
)

GOLDEN = Path(__file__).parents[1] / "golden"
WEIGHTS = {"crown": {"calm": 1750, "price": 1000}}


@pytest.fixture(scope="module")
def comparison(tale):
    """The tale, and the same tale without the offer: the guild strikes."""
    twin = (
        *tale.entries[:2],
        replace(tale.entries[2], event=replace(tale.entries[2].event, taken="wait")),
        e.Entry(3, days(2), e.Started("strike", "guild", "market"), (1,)),
        e.Entry(4, days(3), e.Happened("fair", "nature"), ()),
        e.Entry(5, days(3) + hours(2), e.Claimed("hungry", "league", "crown", "lets-us-starve"), (3,)),
    )
    return Comparison.of(tale.entries, twin, Table(tuple(tale.actors.values()), tuple(tale.channels.values())))


@pytest.fixture(scope="module")
def side_by_side(tale, comparison):
    return Compared(comparison=comparison, actors=tale.actors, calendar=tale.calendar, wording=Wording(), headings=("as replayed", "with the change"))


@pytest.fixture(scope="module")
def forked(tale, comparison):
    rows = rows_of_run(comparison.twin, tale.channels, tale.calendar)
    return Timeline(rows=rows, actors=tale.actors, calendar=tale.calendar, fork=2)


@pytest.fixture(scope="module")
def views(tale, side_by_side, forked):
    """The stable views by name."""
    return {
        "compare": side_by_side,
        "fork": forked,
        "why": Why(entries=tale.entries, index=10, actors=tale.actors, calendar=tale.calendar, weights=WEIGHTS),
        "whatif": Display(what_if()),
        "turning-points": Display(TURNS),
        "forecast": Display(AHEAD),
        "rivals": Display(UNDECIDED),
        "causes": Display(CAUSES),
    }


NAMES = ("compare", "fork", "why", "whatif", "turning-points", "forecast", "rivals", "causes")
WAYS = ((80, "utf-8"), (80, "ascii"), (200, "utf-8"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "encoding"), WAYS)
def test_a_view_looks_as_it_did(views, rendered, name, width, encoding):
    """Drawn anew with NEGOSIM_UPDATE_GOLDEN=1 after a change that is meant."""
    shown = rendered(views[name], width, encoding)
    file = GOLDEN / f"{name}-{width}-{encoding}.txt"
    if os.environ.get("NEGOSIM_UPDATE_GOLDEN"):
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(views, rendered, name, width):
    assert max(map(cell_len, rendered(views[name], width).splitlines())) <= width


@pytest.mark.parametrize("answer", [*EVERY.values()], ids=[*EVERY])
def test_an_ascii_terminal_gets_ascii(answer, rendered):
    assert rendered(Display(answer), encoding="ascii").isascii()


def coloured(renderable, **settings):
    console = Console(width=80, force_terminal=True, highlight=False, _environ={"TERM": "xterm-256color"}, **settings)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


@pytest.mark.parametrize("name", NAMES)
def test_without_colour_nothing_is_lost(views, rendered, name):
    """NO_COLOR drops the colours and not a letter; every colour names one of ours."""
    plain, full = coloured(views[name], no_color=True), coloured(views[name], color_system="256")
    strip = re.compile(r"\x1b\[[0-9;]*m")
    assert not re.search(r"\x1b\[[0-9;]*38;5", plain)
    assert strip.sub("", full) == strip.sub("", plain) == rendered(views[name])
    used = set(re.findall(r"38;5;(\d+)", full))
    assert used <= {re.search(r"\d+", colour)[0] for colour in colours.EVERY}


def luminance(colour):
    from rich.color import Color

    parts = (part / 255 for part in Color.parse(colour).get_truecolor())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", colours.EVERY)
def test_a_colour_can_be_read_on_black_and_on_white(colour):
    light = luminance(colour)
    assert (light + 0.05) / 0.05 >= 3.8
    assert 1.05 / (light + 0.05) >= 3.8


# ── two runs on one axis ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_dates_stand_in_one_column_whatever_the_letters(side_by_side, rendered, width):
    """Urdu runs leftwards and Chinese is two cells wide; neither moves the axis."""
    head, *lines = rendered(side_by_side, width).splitlines()
    axis = cell_len(head[: head.index("date")]) - (1 if width < 120 else 4)
    dated = [line for line in lines if re.search(r"\d\d (Dec|Jan)", line) and "common" not in line]
    assert len(dated) >= 5
    for line in dated:
        before = line[: re.search(r"\d\d (Dec|Jan)", line).start()]
        assert cell_len(before) == axis, line


def test_what_both_have_is_folded_and_what_parts_them_is_a_rule(side_by_side, rendered):
    shown = rendered(side_by_side)
    assert shown.index("2 moves in common") < shown.index("they part here") < shown.index("The Crown offers")
    assert shown.count("they part here") == 1
    assert "1 move in common, 23 Dec" in shown


def test_equal_runs_are_one_fold(tale, comparison, rendered):
    same = Comparison.of(tale.entries, tale.entries, comparison.table)
    assert all(is_common(row) for row in same.rows)
    shown = rendered(Compared(comparison=same, actors=tale.actors, calendar=tale.calendar, wording=Wording()))
    assert "9 moves in common" in shown
    assert "part here" not in shown


def test_with_everything_each_difference_names_what_it_follows_from(side_by_side, rendered):
    shown = " ".join(rendered(evolve(side_by_side, everything=True), 200).split())
    assert "here they part" in shown
    assert "← #2" in shown


def test_the_fork_is_a_rule_and_what_follows_stands_in_italics(forked, rendered):
    lines = rendered(forked).splitlines()
    rule = next(place for place, line in enumerate(lines) if "simulated from here" in line)
    assert lines[rule].startswith("fork")
    assert "━" * 12 in lines[rule]
    assert "starts strike" in lines[rule + 1]
    assert "20 Dec" in lines[rule - 2] or "20 Dec" in lines[rule - 3]
    after = coloured(forked).split("simulated from here")[1]
    assert "\x1b[3m" in after or ";3m" in after or "3;" in after


def test_a_wide_chart_keeps_room_for_words(tale, rendered):
    from negosim.core.actors import Actor

    many = {f"a{n}": Actor(f"a{n}", f"Actor {n}") for n in range(20)}
    row = rows_of_run(tale.entries, tale.channels, tale.calendar)[1]
    chart = Timeline(rows=tuple(replace(row, by=actor) for actor in many), actors=many, calendar=tale.calendar, wide=True)
    assert max(map(cell_len, rendered(chart, 80).splitlines())) <= 80
    assert "Oth" in rendered(chart, 80)
    assert "Oth" not in rendered(chart, 200)


# ── bars ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mean", "low", "high", "shown"),
    [
        (0.0, 0.0, 0.0, "o...........|............"),
        (1.0, 0.75, 1.0, "............|.....------o"),
        (0.5, 0.4, 0.6, "..........--o--.........."),
        (0.25, 0.25, 0.25, "......o.....|............"),
    ],
)
def test_a_probability_is_a_dot_on_its_interval(mean, low, high, shown):
    assert whisker(mean, low, high, plain=True).plain == shown
    assert whisker(mean, low, high, plain=False).cell_len == len(shown)


def test_a_course_has_a_height_a_share_and_none_where_it_is_known():
    assert course([0, 0.25, 0.5, 0.75, 1, None], plain=False) == ("   ▄█ ", "▁▄███ ")
    assert course([0, 1], plain=True) == (" #", ".#")


# ── answers ─────────────────────────────────────────────────────────────────────────────────────


def test_a_verdict_is_told_and_none_is_too(rendered):
    assert "speaks for the account “sent”" in rendered(Display(DECIDED))
    assert "does not decide" in rendered(Display(UNDECIDED))


# ── on paper ────────────────────────────────────────────────────────────────────────────────────


def test_paper_fetches_nothing(side_by_side):
    for drawn in (html_of(side_by_side), picture_of(side_by_side, title="two runs")):
        assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "").replace("https://www.textualize.io", "")
        assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", drawn)
        assert "@font-face" not in drawn


def test_a_picture_is_the_same_every_time(side_by_side):
    assert picture_of(side_by_side, title="two runs") == picture_of(side_by_side, title="two runs")


def test_a_forked_timeline_of_a_story_says_what_is_simulated(rendered):
    """After a change to a replayed history all is simulated; two free runs only part."""
    from negosim.report.terminal.timeline_rows import twin_timeline
    from negosim.sim.chance import Prior
    from negosim.sim.play import play
    from negosim.stories.loading import load

    story = load(Path(__file__).parents[2] / "cli" / "stories" / "quarrel")
    one, other = (play(story.scenario, Prior(seed)).entries for seed in (7, 8))
    pair = Comparison.of(one, other, story.scenario.table)
    replayed = rendered(twin_timeline(story, pair, imposed=True))
    assert "simulated from here" in replayed
    free = rendered(twin_timeline(story, pair, imposed=False))
    assert "they part here" in free
    assert "simulated from here" not in free
    head = free.partition("they part here")[0]
    assert all(line.endswith(" sim") for line in head.splitlines()[1:] if re.search(r"\d\d:\d\d", line))
    same = Comparison.of(one, one, story.scenario.table)
    assert "fork" not in rendered(twin_timeline(story, same, imposed=True))
