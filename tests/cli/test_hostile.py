"""Names and texts that would break a line, turn it around or run: every screen stays a screen."""

from __future__ import annotations

import json
import os
from unicodedata import category

import pytest
from rich.cells import cell_len

from tests.report.page.dossiers import HOSTILE

TEXTS = {
    "markup": HOSTILE[0], "directions": "\u202egnihton\u202c \u2066x\u2069 \u200fبيت", "marks": "Z̸̢̛̥a̴l̶g̷o̵" * 3, "wide letters": "行會" * 40,
    "very long": "x" * 10_000, "controls": "a\x1b[31mred\x07\x9b2Jb", "rich": "[bold]not bold[/bold] [link=x]y[/link]",
}  # fmt: skip
ISOLATES = set("\u2066\u2068\u2069\u200c")
"""What the screens put in themselves to keep foreign words apart, and a joiner that belongs to spelling."""


@pytest.fixture
def hostile(quarrel):
    """A quarrel in which some text stands for an actor's name, the title, a fact and a source: its folder."""

    def write(text: str) -> str:
        quoted = json.dumps(text, ensure_ascii=False).replace("\x9b", "\\u009b")
        quarrel("__init__.py", '"The Crown"', ascii(text))
        quarrel("__init__.py", '"half the toll is waived"', ascii(text))
        for words in ('"A quarrel over a toll"', '"The crown offers half the toll."', '"Chronicle of the town"', '"page 2"'):
            folder = quarrel("record.toml", words, quoted)
        return folder

    return write


@pytest.mark.parametrize("columns", ["20", "80", "400"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_breaks_no_screen(negosim, hostile, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", columns)
    folder = hostile(TEXTS[name])
    run = negosim("run", folder, "--seed", "7", "--json").document["run"]
    for verb in (
        f"show {folder}", f"show {folder} --lanes", f"show {folder} Q2", f"run {folder} --seed 7", f"show {run}",
        f"why {run} 3", f"replay {folder} -n 8 -j 1", f"questions {folder}", f"show {folder} --ascii",
    ):  # fmt: skip
        said = negosim(*verb.split())
        assert said.code in (0, 1), said.err
        assert [line for line in said.out.splitlines() if cell_len(line) > int(columns)] == [], verb
        unfit = {char for char in said.out if category(char)[0] == "C"} - ISOLATES - {"\n"}
        assert unfit == set(), (verb, ascii(unfit))
        assert said.out.isascii() or "--ascii" not in verb


def test_a_page_is_written_where_its_folder_may_not_be_read(negosim, home):
    """And read from there: the page is one file that needs nothing beside it."""
    folder = home / "shut"
    folder.mkdir()
    folder.chmod(0o300)
    try:
        said = negosim("report", "quarrel", "-n", "100", "-j", "1", "--quick", "-o", str(folder / "page.html"))
        assert said.code == 0, said.err
        assert (folder / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    finally:
        folder.chmod(0o700)
    assert [path.name for path in folder.iterdir()] == ["page.html"]


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write everywhere")
def test_a_page_that_may_not_be_written_leaves_nothing(negosim, home):
    folder = home / "shut"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        said = negosim("report", "quarrel", "-n", "100", "-j", "1", "--quick", "-o", str(folder / "page.html"))
    finally:
        folder.chmod(0o700)
    assert said.code == 2
    assert str(folder / "page.html") in said.err
    assert list(folder.iterdir()) == []
