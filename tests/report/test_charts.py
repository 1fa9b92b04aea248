"""Results as charts: a drawing that needs nothing in a notebook, and the rows as an Altair chart."""

from __future__ import annotations

import json
import re
import sys
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from negosim.core.errors import NegosimError
from negosim.report.charts import PLOTS, drawing
from negosim.report.display import Display
from negosim.report.results import FACES
from tests.report.answers import AHEAD, EVERY, STUDY, TURNS, what_if
from tests.report.page.dossiers import HOSTILE, dossier

WITHOUT = {"Recovery"}
"""A single row is no chart."""


def test_every_result_with_rows_has_a_chart() -> None:
    assert set(PLOTS) == set(FACES) - WITHOUT


@pytest.mark.parametrize("answer", [AHEAD, STUDY, TURNS, dossier(12).answers[0]], ids=lambda answer: type(answer).__name__)
def test_a_notebook_shows_the_chart_first(answer) -> None:
    html = Display(answer).html()
    assert html.index("<svg") < html.index("<p><strong>") < html.index("<pre")
    assert "class=" not in html.partition("<p>")[0]


def test_a_drawing_is_whole_and_loads_nothing() -> None:
    for answer in (AHEAD, STUDY, dossier(12).answers[0], dossier(12, text=HOSTILE[0]).answers[0]):
        made = drawing(answer).replace(" />", "/>")
        assert made.count("<svg") == made.count("</svg>") == 1
        assert "http" not in made.replace("http://www.w3.org/2000/svg", "")
        assert "<script" not in made
        assert "<circle" in made


def test_where_nothing_is_to_be_drawn_there_is_no_drawing() -> None:
    refused = evolve(dossier(12).answers[0], refused="too few")
    assert drawing(refused) == ""
    assert "<svg" not in Display(refused).html()


# ── Altair ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def altair():
    return pytest.importorskip("altair", reason="altair is not installed: no chart of it is made")


@pytest.mark.parametrize("name", sorted(name for name in EVERY if name not in ("recovery", "refused")))
def test_altair_takes_the_rows_as_they_are(altair, name) -> None:
    answer = EVERY[name]
    document = json.loads(answer.to_altair().to_json())
    assert document["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    values = [rows for rows in _values(document) if rows]
    assert values
    assert {row.get(PLOTS[type(answer).__name__].label) for row in values[0]}


def _values(node) -> list[list[dict]]:
    if isinstance(node, dict):
        found = [node["values"]] if isinstance(node.get("values"), list) else []
        found += list(node["datasets"].values()) if isinstance(node.get("datasets"), dict) else []
        return found + [rows for child in node.values() for rows in _values(child)]
    return [rows for child in node for rows in _values(child)] if isinstance(node, list) else []


def test_what_has_nothing_to_show_says_where_its_rows_are(altair) -> None:
    for answer in (EVERY["recovery"], what_if(refused="too few")):
        with pytest.raises(NegosimError, match=r"to_rows\(\)"):
            answer.to_altair()


def test_without_altair_it_is_said_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(NegosimError, match=r"pip install 'negosim\[altair\]'"):
        AHEAD.to_altair()


def test_the_drawing_is_an_image_with_every_outcome() -> None:
    root = ET.fromstring(_quoted(drawing(AHEAD)))
    words = [one.text for one in root.iter() if one.tag.endswith("text")]
    assert [word for word in words if word and "comes about" in word] == [one.what.rstrip(". ") for one in AHEAD.outcomes]


def _quoted(svg: str) -> str:
    """The same with every attribute in quotes, for a parser that is stricter than a browser."""
    return re.sub(r"(?<=\s)([\w-]+)=([^\"\s>]+)", r'\1="\2"', svg)
