"""What the page says, without a browser: one file, pure, complete, and no stronger than its numbers."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from attrs import evolve

from negosim.lab.counterfactual.factorial import Chance
from negosim.report.page.lanes import drawn
from negosim.report.page.studies import OFTEN, necessity, study_of
from tests.report.page.conftest import page_html
from tests.report.page.dossiers import HOSTILE, dossier, refused


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
    assert html.count("<style") == 1
    assert html.count("<script") == 2
    assert "style=" not in html


def test_it_says_what_it_is(read) -> None:
    assert read.text.count("a property of this model, not of history") >= 3
    assert "simulated" in read.text
    assert "negosim report quarrel -o page.html" in read.text


def test_everything_that_no_source_documents_is_labelled() -> None:
    html = page_html(dossier(40))
    rows = re.findall(r"<tr data-d=.*", html)
    assert rows
    for row in rows:
        left = row.split("<td class=t>")[1]
        assert not left.split("<td")[0].strip() or "simulated" in left or "<sup>" in left, row


def test_a_claim_is_a_claim_and_names_its_claimant(read) -> None:
    assert "claimed by The League" in read.text
    assert re.search(r"The League claims of The Guild: sold us out claimed", read.text)


def test_sources_stand_with_family_and_stake(read) -> None:
    assert "family one · stake: plain" in read.text
    assert "https://example.org/a?x=\"'<>" in read.links
    assert not any(link.startswith("javascript") for link in read.links)


def test_every_answer_stands_beside_its_conditions(read) -> None:
    for words in (
        "220 of 1000 replays, worth 150 effective draws; Pareto k 0.10", "1 documented decisions alone",
        "1 met other reasons", "0 fell otherwise", "dates in the early half", "fresh chance after the change",
        "0.40 to 0.80",
    ):  # fmt: skip
        assert words in read.text, words


def test_what_is_presupposed_is_among_the_conditions() -> None:
    found = dossier(12)
    first = found.answers[0]
    outcomes = (evolve(first.outcomes[0], presupposed_by=("Q2",)), *first.outcomes[1:])
    study = study_of(evolve(first, outcomes=outcomes), found.switches, 0, 4)
    assert dict(study.conditions)["no finding"].endswith(f"without the change, {first.outcomes[0].name}")
    assert "no finding" not in dict(study_of(first, found.switches, 0, 4).conditions)


def test_hostile_texts_are_written_as_text() -> None:
    for text in HOSTILE[:4]:
        html = page_html(dossier(12, text=text, names=(text, text, text)))
        assert html.count("<script") == 2
        assert "<img" not in html
        assert "\u202e" not in html


def test_a_refusal_is_said_first_and_no_figure_stands_in_its_place() -> None:
    found = refused(dossier(12))
    study = study_of(found.answers[0], found.switches, 0, 4)
    assert study.finding.startswith("No answer in this model: 46 effective draws")
    assert (study.lines, study.necessity, study.tornado.rows, study.when) == ((), (), (), ())


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def test_necessity_is_told_with_its_figure_and_its_bounds() -> None:
    one = dossier(12).answers[0].outcomes[0]
    pn, ps, record = necessity(one)
    assert pn.startswith("Necessary sometimes (PN)")
    assert "38%; whatever the mechanism, 38% to 69% (223 free runs)" in pn
    assert ps.startswith("Sufficient (PS): cannot be said, none of 223 free runs")
    assert "60% lose it" in record


@pytest.mark.parametrize(("share", "words"), [(0.0, "hardly ever"), (0.05, "seldom"), (0.5, "about as often as not"), (0.79, "more often than not"), (0.95, "almost always"), (1.0, "almost always")])
def test_a_word_is_never_stronger_than_its_share(share: float, words: str) -> None:
    assert next(word for limit, word in OFTEN if share < limit) == words


def test_an_interval_keeps_its_width_where_all_draws_agree() -> None:
    every = Chance.of(1.0, 124)
    assert (every.mean, every.high) == (1.0, 1.0)
    assert 0.96 < every.low < 0.98
    none = Chance.of(0.0, 124)
    assert 0.02 < none.high < 0.04


# ── drawings ────────────────────────────────────────────────────────────────────────────────────


def test_a_drawing_is_written_once_however_often_it_is_used() -> None:
    html = page_html(dossier(400))
    assert html.count("<g id=k") + html.count('<g id="k') < 20
    assert html.count("<use href=#k") > 400


def test_a_lane_that_is_not_there_is_drawn_in_the_gutter() -> None:
    from negosim.report.terminal.glyphs import DEED, GIVEN
    from negosim.report.terminal.lanes import Lanes

    assert str(drawn(Lanes(("crown",)), "nature", (), DEED, GIVEN)) == "<g class=d><use href=#g-given x=10 /></g>"


@pytest.mark.parametrize("moves", [20, 200, 2000])
def test_size_grows_with_the_moves_alone(moves: int) -> None:
    """A move costs a few hundred bytes; the lanes are drawn by the style."""
    least = len(page_html(dossier(8)).encode())
    assert (len(page_html(dossier(moves)).encode()) - least) / moves < 800


def test_numbers_for_the_script_cannot_end_their_element() -> None:
    from negosim.report.page.render import script_json

    assert str(script_json({"a": "</script>&"})) == '{"a":"\\u003c/script\\u003e\\u0026"}'
    assert script_json(None) is None
