"""Texts that would like to be more than text stay text in every format."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
from io import BytesIO, StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negosim.stores.exports import VIEWS
from negosim.stores.exports.csv import cell, plain_cell
from negosim.stores.exports.text import plain, to_json, visible
from negosim.stores.exports.transcript import fields_of
from tests.stores.exporting import HOSTILE, hostile, written

FORMULA = tuple("=+-@\t\r＝＋－＠")
TOLD = hostile()
TEXTS = st.text() | st.sampled_from(HOSTILE) | st.lists(st.sampled_from(HOSTILE)).map("".join)


def is_harmless(text):
    """Whether every line holds only what can be seen, beside the isolates around a name."""
    return all(re.sub("\u2068([^\u2068\u2069]*)\u2069", r"\1", line).isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("form", sorted(set(VIEWS) - {"parquet"}))
def test_nothing_invisible_is_written(form):
    text = written(form, TOLD).decode()
    assert is_harmless(text)
    if form != "csv":
        assert "<" not in text.replace("<br/>", "")


@given(TEXTS)
def test_visible_text_is_harmless_and_comes_back(text):
    assert is_harmless(visible(text))
    assert "\n" not in visible(text)
    assert plain(visible(text)) == text


@pytest.mark.parametrize("text", ["\u2068open", "shut\u2069", "\u2068\u2068twice\u2069", "\u2068\u202eover\u2069"])
def test_only_isolates_around_a_name_stay_as_they_are(text):
    assert "\\u20" in visible(text)
    assert visible("\u2068گلڈ\u2069 offers") == "\u2068گلڈ\u2069 offers"


@given(st.recursive(TEXTS, lambda one: st.lists(one) | st.dictionaries(TEXTS, one)))
def test_json_is_one_harmless_line_and_comes_back(document):
    text = to_json(document)
    assert text.isprintable()
    assert "<" not in text
    assert json.loads(text) == document
    assert json.loads(to_json(document, indent=2)) == document


@given(TEXTS)
@settings(max_examples=300)
def test_no_cell_is_a_formula_and_every_cell_comes_back(text):
    shown = cell(text)
    assert not shown.lstrip().startswith(FORMULA)
    assert ";" not in shown
    assert plain_cell(shown) == text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_spreadsheet_finds_a_formula_whatever_separates_its_cells(separator):
    text = written("csv", TOLD).decode()
    cells = [one for row in csv.reader(StringIO(text), delimiter=separator) for one in row]
    assert len(cells) >= len(TOLD.entries)
    assert [one for one in cells if one.lstrip().startswith(FORMULA)] == []


def test_every_row_of_the_table_stays_a_row():
    rows = list(csv.DictReader(StringIO(written("csv", TOLD).decode())))
    assert len(rows) == len(TOLD.entries)
    assert [plain_cell(row["by"]) for row in rows] == [entry.event.by for entry in TOLD.entries]
    assert [plain_cell(row["about"]) for row in rows] == [x.event.matter[1] for x in TOLD.entries]
    assert [plain_cell(row["sentence"]) for row in rows] == [TOLD.sentence(x.event) for x in TOLD.entries]


def test_parquet_keeps_every_text_as_it_was():
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(BytesIO(written("parquet", TOLD))).to_pylist()
    assert [row["by"] for row in table] == [entry.event.by for entry in TOLD.entries]


def test_json_formats_keep_every_text_as_it_was():
    events = json.loads(written("cloudevents", TOLD))
    assert [one["data"] for one in events] == [dict(fields_of(x.event)) for x in TOLD.entries]
    names = {one["id"] for one in json.loads(written("ocel", TOLD))["objects"]}
    assert {f"actor/{text}" for text in HOSTILE} <= names
    coded = [json.loads(line) for line in written("plover", TOLD).splitlines()]
    assert {one["identifier_text"] for line in coded for one in line["actor"]} >= set(HOSTILE)


def test_attributes_of_cloud_events_hold_no_control_characters():
    for event in json.loads(written("cloudevents", TOLD)):
        assert all(value.isprintable() for name, value in event.items() if name != "data")


DOT_NODE = re.compile(r'  n\d+ \[label="(?:[^"\\]|\\.)*"(?:, shape=diamond|, style=dashed)?\]')
MERMAID_NODE = re.compile(r'  n\d+(?:\["[^"]*"\]|\{"[^"]*"\})')


@pytest.mark.parametrize(
    ("form", "node", "arrow"), [("dot", DOT_NODE, "->"), ("mermaid", MERMAID_NODE, "-->")]
)
def test_no_name_leaves_its_node(form, node, arrow):
    _, *lines = written(form, TOLD).decode().rstrip("}\n").splitlines()
    nodes = [line for line in lines if node.fullmatch(line)]
    arrows = [line for line in lines if re.fullmatch(rf"  n\d+ {arrow} n\d+", line)]
    head = ["  rankdir=LR", '  node [shape=box, fontname="sans-serif"]'] if form == "dot" else []
    assert len(nodes) == len(TOLD.entries)
    assert len(arrows) == len(TOLD.entries) - 1
    assert len(lines) == len(nodes) + len(arrows) + len(head)


def test_mermaid_shows_each_sign_as_its_number():
    text = written("mermaid", TOLD).decode()
    labels = re.findall(r'"([^"]*)"', text)
    bare = [re.sub(r"#\d+;|<br/>", "", label) for label in labels]
    assert all(re.fullmatch(r"[\w .,:/→-]*", label) for label in bare)
    shown = {html.unescape(label.replace("#", "&#")).split("<br/>")[3] for label in labels}
    assert {visible(one) for one in HOSTILE} <= shown


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_every_name_as_it_is():
    raw = written("dot", TOLD)
    done = subprocess.run(["dot", "-Tjson0"], input=raw, capture_output=True, check=True)
    labels = [one["label"] for one in json.loads(done.stdout)["objects"]]
    assert len(labels) == len(TOLD.entries)
    svg = subprocess.run(["dot", "-Tsvg"], input=raw, capture_output=True, check=True).stdout
    shown = {html.unescape(text) for text in re.findall(r">([^<>\n]*)</text>", svg.decode())}
    plain_names = {re.sub(r"\s+", " ", one.replace("\xa0", " ")).strip() for one in shown}
    assert {re.sub(r"\s+", " ", visible(one)).strip() for one in HOSTILE} <= plain_names
