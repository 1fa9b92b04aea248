"""The notebook beside the first story runs from its first cell to its last, and shows what it should."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
REPOSITORY = Path(__file__).parents[2]
NOTEBOOK = REPOSITORY / "scenarios" / "pti_2024" / "first-look.ipynb"
AS_KEPT, QUICK = "few = 60", "few = 24"
"""How many runs the notebook asks for, and how many are enough to see that it runs."""
SHOWN = 6
"""Results of the lab that the notebook ends a cell with, the story apart."""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The notebook with its outputs, run by a kernel of its own."""
    pytest.importorskip("ipykernel")
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert text.count(AS_KEPT) == 1
    book = nbformat.reads(text.replace(AS_KEPT, QUICK), as_version=4)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")  # a kernel's own affairs
        patch.setenv("NEGOSIM_HOME", str(tmp_path_factory.mktemp("home")))
        return nbclient.NotebookClient(
            book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(REPOSITORY)}}
        ).execute()


def outputs(book, kind):
    return [one["data"][kind] for cell in book.cells for one in cell.get("outputs", ()) if kind in one.get("data", {})]


def test_the_notebook_is_kept_without_outputs():
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert '"outputs": []' in text
    assert not re.search(r'"execution_count": \d', text)


def test_every_cell_runs_and_shows_something(played):
    for cell in played.cells:
        if cell.cell_type == "code":
            assert cell.outputs, cell.source
            assert {one.output_type for one in cell.outputs} <= {"execute_result", "display_data"}, cell.outputs


def test_every_result_opens_with_its_finding(played):
    shown = [page for page in outputs(played, "text/html") if "<p><strong>" in page]
    assert len(shown) == SHOWN + 1
    sentences = [page.partition("<p><strong>")[2].partition("</p>")[0] for page in shown]
    assert sum("model" in sentence for sentence in sentences) == SHOWN
    for page in shown:
        assert "src=" not in page
        assert "href=" not in page
