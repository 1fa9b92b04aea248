"""What a terminal shows, on paper: as HTML for a notebook, as an SVG picture for a page."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import TerminalTheme

if TYPE_CHECKING:
    from rich.console import RenderableType

NOTEBOOK_WIDTH = 100
PAPER = TerminalTheme((255, 255, 255), (26, 26, 26), [(26, 26, 26)] * 8)
"""White paper; what has a colour brings its own (``report.colours``)."""
NIGHT = TerminalTheme((13, 17, 23), (230, 237, 243), [(230, 237, 243)] * 8)
"""The ground of pictures: dark, so that they stand out on a page of either kind."""
_BLOCK = (
    '<pre style="font-family:Menlo,Consolas,\'DejaVu Sans Mono\',monospace;line-height:1.15;'
    'background:#fff;color:#1a1a1a;padding:.5em;overflow-x:auto">{code}</pre>'
)
_FONT_FACE = re.compile(r"\s*@font-face \{[^}]*\}")


def html_of(*parts: RenderableType, width: int = NOTEBOOK_WIDTH) -> str:
    """Renderables as one block of preformatted HTML, colours inline, nothing fetched."""
    return _printed(parts, width).export_html(theme=PAPER, inline_styles=True, code_format=_BLOCK)


def picture_of(*parts: RenderableType, title: str, width: int = 80) -> str:
    """Renderables as an SVG that names no font on the web, so that looking at it fetches nothing."""
    drawn = _printed(parts, width).export_svg(title=title, theme=NIGHT, unique_id="negosim")
    return "\n".join(line.rstrip() for line in _FONT_FACE.sub("", drawn).splitlines()) + "\n"


def _printed(parts: tuple[RenderableType, ...], width: int) -> Console:
    console = Console(
        record=True, width=width, file=StringIO(), force_terminal=True, color_system="truecolor",
        highlight=False, emoji=False, markup=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    for part in parts:
        console.print(part)
    return console
