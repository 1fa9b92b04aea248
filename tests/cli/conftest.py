"""The command line, called as a person would, on a small invented quarrel."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from attrs import frozen

from negosim.__main__ import main

STORIES = Path(__file__).parent / "stories"


@frozen
class Said:
    """What a verb left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        """The one JSON document on stdout."""
        assert self.out, self.err
        return json.loads(self.out)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user of their own: an empty store, 80 columns, UTF, and the stories of this folder."""
    for name in ("LC_ALL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NEGOSIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NEGOSIM_PATH", str(STORIES))
    return tmp_path


@pytest.fixture
def negosim(home, capfd):
    """Run a verb in this process."""

    def run(*arguments: str) -> Said:
        capfd.readouterr()
        code = main(arguments)
        return Said(code, *capfd.readouterr())

    return run


@pytest.fixture
def quarrel(tmp_path):
    """A copy of the quarrel that a test may spoil: ``spoil(file, old, new)``; its folder."""
    folder = tmp_path / "quarrel"
    shutil.copytree(STORIES / "quarrel", folder, ignore=shutil.ignore_patterns("__pycache__"))

    def spoil(file: str, old: str, new: str) -> str:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return str(folder)

    return spoil
