"""What the page says, without a browser: one file, pure, complete, and no stronger than its numbers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attrs import evolve

from negosim.lab.dossier import dossier_of_record
from negosim.record import load_record
from negosim.report.page import history
from negosim.report.page.answers import study_of
from negosim.report.page.figures import Ending, Point, Whisker, odds_chart, whisker_chart
from negosim.report.page.lanes import drawn
from negosim.report.results import sentence
from tests.report.page.conftest import page_html
from tests.report.page.dossiers import HOSTILE, as_long_as_pti, dossier, refused

RECORD = Path(__file__).parents[3] / "scenarios" / "pti_2024" / "record.toml"


class Read(HTMLParser):
    """The words of a page, and every address it names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self._silent = False
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        self._silent = tag in ("style", "script")
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value)
            if name == "id":
                self.ids.append(value)

    def handle_endtag(self, tag) -> None:
        self._silent = False

    def handle_data(self, data) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def read() -> Read:
    return Read(page_html(dossier(40)))


def test_the_same_dossier_gives_the_same_page() -> None:
    assert page_html(dossier(40)) == page_html(dossier(40))


def test_every_inner_link_leads_somewhere_and_no_id_is_given_twice(read) -> None:
    assert len(read.ids) == len(set(read.ids))
    inner = {one[1:] for one in read.links if one.startswith("#")}
    assert inner
    assert inner <= set(read.ids)


def test_the_policy_names_the_only_style_and_script() -> None:
    html = page_html(dossier(8))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "img-src" not in policy
    assert html.count("<style") == 1
    assert html.count("<script") == 2
    assert "style=" not in html


def test_it_says_once_that_it_is_a_model(read) -> None:
    assert read.text.count("Model result, not a historical finding.") == 2  # above, and in the methods
    assert "negosim report quarrel -o page.html" in read.text


def test_a_record_alone_says_nothing_of_a_model() -> None:
    alone = Read(page_html(dossier_of_record(load_record(RECORD))))
    for word in ("simulat", "Model", "model explains", "told to the model"):
        assert word not in alone.text.replace("context that no model uses", ""), word
    assert alone.text.count("S11") >= 1
    assert "84 documented facts, from 82 pages" in alone.text


def test_every_simulated_move_is_labelled() -> None:
    rows = re.findall(r"<tr data-d=\d+ class=\"extra.*", page_html(dossier(40)))
    assert len(rows) > 10
    assert all('<span class="k simulated">░</span>' in row for row in rows)


def test_the_first_words_are_those_of_the_screen(read) -> None:
    found = dossier(40)
    assert sentence(found.replay) in read.text
    assert sentence(found.answers[0]) in read.text


def test_the_guess_that_carries_the_answer_is_named_beside_it(read) -> None:
    assert "It rests mostly on one guess of the author" in read.text


def test_a_claim_is_a_claim_and_names_its_claimant(read) -> None:
    assert re.search(r"plain C1 claimed by The League", read.text)


def test_every_fact_has_its_sources_with_the_passage(read) -> None:
    assert read.text.count("2 sources [1] plain [2] plain") == 6
    assert "plain, 2024-12-20/2024-12-21 · origin: one" in read.text
    assert "origin: one · interest: plain" in read.text
    assert "https://example.org/a?x=\"'<>" in read.links
    assert not any(link.startswith("javascript") for link in read.links)


def test_every_answer_stands_beside_its_conditions(read) -> None:
    assert read.text.count("that of the first answer") == 2
    for words in (
        "Given 1 documented decision and 1 fact; 150 effective draws", "1000 particles on 8 islands; Pareto k 0.10; seed 0",
        "in 97 % of simulated courses; anything differs in 90 %", "not conditioned on: plain", "fixed by the evidence: D1",
        "the model gave the forced answer 20 % (10 to 90 %: 10 % to 40 %)",
    ):  # fmt: skip
        assert words in read.text, words


def test_hostile_texts_are_written_as_text() -> None:
    for text in HOSTILE[:4]:
        html = page_html(dossier(12, text=text, names=(text, text, text)))
        assert html.count("<script") == 2
        assert "<img" not in html
        assert "\u202e" not in html


def test_names_that_run_leftwards_are_apart_where_they_share_a_lane(monkeypatch) -> None:
    """Two names with a comma between them: each is an island of its own direction."""
    monkeypatch.setattr(history, "MOST_LANES", 1)
    html = page_html(dossier(12, names=("لیگ", "شہر", "The Guild")))
    assert re.search("<b>Oth</b> (<bdi>لیگ</bdi>, <bdi>شہر</bdi>|<bdi>شہر</bdi>, <bdi>لیگ</bdi>)", html)


def test_a_refusal_is_said_first_and_no_figure_stands_in_its_place() -> None:
    study = study_of(refused(dossier(12)).answers[0])
    assert study.finding.startswith("This model gives no answer: 12 effective draws")
    assert (study.lines, study.drawing, study.carried, study.necessity) == ((), None, (), ())


# ── drawings ────────────────────────────────────────────────────────────────────────────────────


def test_a_drawing_is_written_once_however_often_it_is_used() -> None:
    html = page_html(dossier(400))
    assert html.count("<g id=k") + html.count('<g id="k') < 20


def test_a_lane_that_is_not_there_is_drawn_in_the_gutter() -> None:
    from negosim.report.terminal.glyphs import DEED, GIVEN
    from negosim.report.terminal.lanes import Lanes

    assert str(drawn(Lanes(("crown",)), "nature", (), DEED, GIVEN)) == "<g class=d><use href=#g-given x=10 /></g>"


POINTS = (Point(0.0, 0.2, 0.1, 0.3), Point(0.4, 0.6, 0.5, 0.7), Point(0.8, 0.9, 0.8, 1.0))


def test_a_line_ends_where_its_outcome_is_settled() -> None:
    """Full where it happened, hollow where it did not; nothing is drawn after that day."""
    happened, missed = (str(odds_chart(POINTS, Ending(0.5, happened))) for happened in (True, False))
    assert "<circle class=happened cx=193 cy=12 r=5 />" in happened
    assert "<circle class=not cx=193 cy=112 r=5 />" in missed
    line = re.search(r'class=line d="([^"]*)"', happened)[1]
    assert line == "M34 92H161.2V52H193"


def test_a_line_without_an_end_runs_to_the_end_of_the_clock() -> None:
    drawing = str(odds_chart(POINTS, None))
    assert "circle" not in drawing
    assert re.search(r'class=line d="[^"]*H352"', drawing)


def test_a_whisker_never_leaves_its_axis() -> None:
    drawing = str(whisker_chart([Whisker(label="wide", mean=0.0, low=-3.0, high=3.0, least=-2.0, most=2.0, words="0", settled=False)]))
    assert "M8 52H262" in drawing
    assert "<circle class=open cx=135" in drawing


def test_the_band_is_never_narrower_than_the_answer_under_another_assumption() -> None:
    first = study_of(dossier(12).answers[0]).lines[0]
    assert first.assumptions == "+25 to +50"  # half of the largest guess gives 25 points, the answer is 50


def test_a_range_over_one_assumption_is_not_a_range() -> None:
    answer = dossier(12).answers[0]
    alone = evolve(answer, assumptions=(), outcomes=(evolve(answer.outcomes[0], independent=None),))
    assert study_of(alone).lines[0].assumptions == ""


# ── size ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("moves", [20, 200, 2000])
def test_size_grows_with_the_moves_alone(moves: int) -> None:
    """A move costs a few hundred bytes; the lanes are drawn by the style."""
    least = len(page_html(dossier(8)).encode())
    assert (len(page_html(dossier(moves)).encode()) - least) / moves < 800


def test_a_whole_page_with_three_what_ifs_stays_under_200_kilobytes() -> None:
    """Everything is real but the figures; courses that bear the record out have up to 20 kB more rows.

    ``tests/cli/test_report.py`` measures the true page, slowly.
    """
    assert 150_000 < len(page_html(as_long_as_pti()).encode()) < 180_000


def test_a_record_alone_leaves_room_for_three_what_ifs() -> None:
    assert len(page_html(dossier_of_record(load_record(RECORD))).encode()) < 125_000


def test_numbers_for_the_script_cannot_end_their_element() -> None:
    from negosim.report.page.render import script_json

    assert str(script_json({"a": "</script>&"})) == '{"a":"\\u003c/script\\u003e\\u0026"}'
    assert script_json(None) is None
