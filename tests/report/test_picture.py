"""The README's picture is what the script draws, and fetches nothing."""

from __future__ import annotations

import re
from importlib.metadata import version
from xml.etree import ElementTree as ET

import pytest

from .picture import PICTURE, REPOSITORY, drawn

DRAWN_WITH = "15"
"""The rich whose SVG is kept; another one may draw the same with other bytes."""


@pytest.mark.once
def test_the_picture_is_drawn_again_byte_for_byte():
    """Drawn anew by ``python tests/report/picture.py`` after a change that is meant."""
    if version("rich").partition(".")[0] != DRAWN_WITH:
        pytest.skip(f"the picture was drawn with rich {DRAWN_WITH}")
    assert drawn() == PICTURE.read_text(encoding="utf-8")


def test_the_picture_names_nothing_on_the_web():
    text = PICTURE.read_text(encoding="utf-8")
    assert "font-face" not in text
    addresses = set(re.findall(r"https?://[^\s\"<>]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}, addresses
    assert ET.fromstring(text).tag.endswith("svg")


def test_the_readme_shows_the_picture():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert f"]({PICTURE.relative_to(REPOSITORY).as_posix()})" in readme
