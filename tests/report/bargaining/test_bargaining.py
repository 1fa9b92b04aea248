"""A bargaining in a sentence, as tables, as a drawing."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from msgspec.structs import replace
from rich.console import Console

from negosim import Prior, play
from negosim.core.errors import BadValue
from negosim.parts.outcome import Bargain, bargain_of
from negosim.parts.tactics.informed import Zeuthen
from negosim.parts.tactics.time_dependent import boulware, conceder, linear
from negosim.report import page as folder
from negosim.report.bargaining.page import bargained
from negosim.report.bargaining.plot import plot
from negosim.report.bargaining.screen import SHOWN, sections, sentence
from negosim.report.page.page import page_of
from negosim.report.page.render import render
from negosim.report.wording.sentences import Speaker
from tests.parts.tables import PROFILE_A, PROFILE_B, START, alternating
from tests.report.page.dossiers import dossier

NAMES = ("Ann", "Bob <b>")

TEMPLATES = Path(folder.__file__).with_name("templates")


def found(*tactics: object, until: int | None = None) -> tuple[Bargain, Speaker]:
    scenario = alternating((PROFILE_A, PROFILE_B), tactics)  # type: ignore[arg-type]
    run = play(scenario, Prior(0), until=until)
    return bargain_of(scenario, run.entries), Speaker(scenario.table.actors, START)


def printed(bargain: Bargain, speaker: Speaker) -> str:
    console = Console(file=StringIO(), width=100, color_system=None)
    for heading, part in sections(bargain, speaker, START):
        console.print(heading, part, sep="\n")
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_an_agreement_on_the_nash_point_is_told_as_one() -> None:
    bargain, speaker = found(Zeuthen(PROFILE_B), Zeuthen(PROFILE_A))
    assert sentence(bargain, speaker) == (
        "Ann and Bob agreed on issue a value a and issue b value b and issue c value c in this simulated course, "
        f"after {len(bargain.path) - 1} proposals: nobody could gain without another losing, 0.00 from the Nash solution."
    )


def test_a_name_that_runs_leftwards_turns_no_word_of_the_sentence_around() -> None:
    bargain, speaker = found(Zeuthen(PROFILE_B), Zeuthen(PROFILE_A))
    first, second = bargain.parties
    actors = {**speaker.actors, first: evolve(speaker.actors[first], name="لیگ"), second: evolve(speaker.actors[second], name="شہر")}
    assert sentence(bargain, replace(speaker, actors=actors)).startswith("\u2068لیگ\u2069 and \u2068شہر\u2069 agreed on")
    assert "Utility of \u2068لیگ\u2069 and \u2068شہر\u2069 of each" in str(plot(bargain, ("لیگ", "شہر")))


def test_no_agreement_is_told_as_none() -> None:
    bargain, speaker = found(boulware(), conceder(), until=0)
    assert sentence(bargain, speaker) == "Ann and Bob did not agree in this simulated course, after 1 proposal."
    assert "no agreement" in printed(bargain, speaker)


def test_the_tables_have_every_solution_and_fit_a_screen() -> None:
    bargain, speaker = found(boulware(), linear())
    text = printed(bargain, speaker)
    for name in ("Nash", "Kalai-Smorodinsky", "egalitarian", "utilitarian", "Pareto frontier"):
        assert name in text
    assert f"{len(bargain.path) - SHOWN} more proposals" in text
    assert re.search(r"agrees: .* 0\.\d\d", text)
    assert len(text.splitlines()) <= 45


def test_the_plot_is_well_formed_and_shows_what_there_is() -> None:
    bargain, _ = found(boulware(), conceder())
    root = ET.fromstring(plot(bargain, NAMES))
    tag = "{http://www.w3.org/2000/svg}"
    dots = [x for x in root.iter(f"{tag}circle") if x.get("fill") == "#bbbbbb"]
    assert len(dots) == len(set(bargain.points))
    frontier, first, second = list(root.iter(f"{tag}polyline"))
    assert len(frontier.get("points", "").split()) == len({bargain.points[place] for place in bargain.frontier})
    assert len(first.get("points", "").split()) == sum(x.by == "ann" and not x.agreed for x in bargain.path)
    assert second.get("stroke") != first.get("stroke")
    assert any(x.text == "NKEU" for x in root.iter(f"{tag}text"))
    title = root.find(f"{tag}title")
    assert title is not None
    assert "Bob <b>" in (title.text or "")
    assert "agreement at" in (title.text or "")


def test_a_corner_of_the_plot_is_where_it_should_be() -> None:
    """The first proposal is worth 1 to the first party and 0.2 to the second: far right, low."""
    bargain, _ = found(boulware(), conceder())
    assert 'points="448.0,368.0' in plot(bargain, NAMES)


def test_a_plot_has_two_sides() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B, PROFILE_A), (linear(), linear(), linear()))
    with pytest.raises(BadValue, match="3 parties"):
        plot(bargain_of(scenario, ()), NAMES)


def test_the_page_has_the_drawing_where_two_parties_bargain() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (boulware(), conceder()))
    speaker = Speaker(scenario.table.actors, START)
    shown = bargained(scenario, play(scenario, Prior(0)).entries, speaker)
    assert shown is not None
    page = page_of(dossier(40), command="negosim report quarrel -o page.html", version="0")
    assert page.bargain is None
    without, html = render(page), render(evolve(page, bargain=shown))
    assert 'id=bargain' not in without
    assert '<h2 id=bargain>The bargaining</h2>' in html
    assert shown.finding in html
    assert shown.drawing in html


def test_the_page_gives_the_drawing_its_size_and_no_other_colours() -> None:
    bargain, _ = found(boulware(), conceder())
    (classes,) = re.findall(r'<svg [^>]*class="([^"]*)"', plot(bargain, NAMES))
    rules = re.findall(r"([^{}]+)\{([^}]*)\}", (TEMPLATES / "style.css").read_text())
    mine = [rule for selectors, rule in rules for name in classes.split() if f".{name}" in selectors]
    assert any("max-width" in rule for rule in mine)
    assert not any("fill" in rule or "stroke" in rule for rule in mine)


def test_there_is_nothing_to_draw_without_two_parties_that_spoke() -> None:
    scenario = alternating((PROFILE_A, PROFILE_B), (boulware(), conceder()))
    speaker = Speaker(scenario.table.actors, START)
    assert bargained(scenario, (), speaker) is None
    three = alternating((PROFILE_A, PROFILE_B, PROFILE_A), (linear(), linear(), linear()))
    assert bargained(three, play(three, Prior(0)).entries, speaker) is None
    assert bargained(evolve(scenario, decisions=()), play(scenario, Prior(0)).entries, speaker) is None
