"""Every result shows itself in a terminal and in a notebook, and gives its rows to data frames."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import negosim
from negosim.core.errors import NegosimError
from negosim.report.results import sentence
from negosim.stories.loading import load
from negosim.stories.result import Shown

from .answers import EVERY, what_if

REPOSITORY = Path(__file__).parents[2]
STORIES = REPOSITORY / "tests" / "cli" / "stories"


class Words(HTMLParser):
    """The tags and the words of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def everything():
    return {**EVERY, "story": load(STORIES / "quarrel")}


@pytest.mark.parametrize("name", [*EVERY, "story"])
def test_a_result_shows_itself_with_its_finding_first(everything, name, rendered):
    answer = everything[name]
    assert isinstance(answer, Shown)
    said = " ".join(rendered(answer, 200).split())
    assert said.startswith(" ".join(sentence(answer).split()))
    html = answer._repr_html_()
    assert "<svg" not in html or html.index("<svg") < html.index("<strong>")  # the chart first, then the finding
    page = Words(html[html.index("<p><strong>") :])
    assert page.words.startswith(sentence(answer))
    assert set(page.tags) <= {"p", "strong", "pre", "span"}


def test_a_hostile_name_stays_text():
    hostile = what_if(asks="</pre><script>alert(1)</script>", changes=("<img src=x onerror=y>",))
    page = hostile._repr_html_()
    assert "<script" not in page
    assert "<img" not in page
    assert "<script>alert(1)</script>" in Words(page).words


@pytest.mark.parametrize("name", [*EVERY, "story"])
def test_rows_are_tidy(everything, name):
    rows = everything[name].to_rows()
    assert bool(rows) == (name != "refused")
    assert len({tuple(row) for row in rows}) <= 1, "not the same columns in all"


@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("name", [*EVERY, "story"])
def test_rows_go_to_data_frames(everything, name, library):
    pytest.importorskip(library)
    answer = everything[name]
    frame = getattr(answer, f"to_{library}")()
    rows = answer.to_rows()
    assert len(frame) == len(rows)
    assert list(frame.columns) == (list(rows[0]) if rows else [])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_there_is_named(library, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NegosimError, match=rf"pip install 'negosim\[{library}\]'"):
        getattr(what_if(), f"to_{library}")()


def test_showing_waits_until_somebody_looks():
    """The floor that finds knows nothing of the floor that shows, nor of data frames."""
    code = (
        "import sys, negosim, negosim.lab.comparison.model_comparison; negosim.whatif, negosim.replay, negosim.forecast; "
        "print(*[name for name in sys.modules if name.partition('.')[0] in ('rich', 'pandas', 'polars') "
        "or name.startswith('negosim.report')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_front_door_has_what_a_notebook_begins_with():
    wanted = {"forecast", "load", "replay", "whatif"}
    assert wanted <= set(negosim.__all__)
