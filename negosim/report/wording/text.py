"""Text that cannot break a line: no controls, right-to-left runs kept apart, ASCII when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import category, normalize

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from negosim.stores.exports.text import END, NAME, is_right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType

_LINE = "\u2066"  # an isolate that runs from left to right
_JOINER = "\u200c"  # belongs to the spelling of Persian and Urdu
_KEPT = frozenset(("\n", _LINE, NAME, END, _JOINER))
"""What has no cell of its own and is written all the same."""
_TYPOGRAPHY = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'", "·": "-", "×": "x",
     "±": "+-", "≤": "<=", "≥": ">=", "→": "->", "✓": "Y", "✗": "N", "█": "#", "▏": "|"}
)  # fmt: skip

_LITTLE = {
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "it", "its", "no", "not", "of", "on", "or", "that",
    "the", "to", "was", "which", "who", "with",
}  # fmt: skip
"""Words at which no cut sentence ends."""


def clean(text: str) -> str:
    """The text on one line, without control characters and without bidirectional overrides."""
    if text.isprintable():
        return text
    chars = (" " if char.isspace() else char for char in text)
    return "".join(char for char in chars if char == _JOINER or category(char)[0] != "C")


def isolated(line: Text) -> Text:
    """One finished line, kept from reordering what stands beside it when part runs leftwards.

    A name that was broken over two lines is isolated on each.
    """
    if not is_right_to_left(line.plain):
        return line
    open_names = line.plain.count(NAME) - line.plain.count(END)
    return Text.assemble(_LINE, NAME * -open_names, line, END * open_names, END)


def told(words: str, *, plain: bool, style: str = "") -> Text:
    """Somebody's words, fit for one line or cell of any terminal; ``plain``: in ASCII."""
    words_clean = clean(words)
    return Text(ascii_only(words_clean), style) if plain else isolated(Text(words_clean, style))


def cut(words: str, width: int, *, plain: bool) -> str:
    """The words in at most ``width`` cells: whole, or cut after a word that carries something."""
    if cell_len(words) <= width:
        return words
    dots = "..." if plain else "…"
    shown = set_cell_size(words, max(width - len(dots) + 1, 1)).rpartition(" ")[0].split()
    while len(shown) > 1 and shown[-1].lower() in _LITTLE:
        shown.pop()
    return (" ".join(shown).rstrip(",;:") or set_cell_size(words, max(width - len(dots), 1)).rstrip()) + dots


def ascii_only(text: str) -> str:
    """The nearest ASCII: accents dropped, typography spelled out, ``?`` for the rest."""
    flat = normalize("NFKD", text.translate(_TYPOGRAPHY))
    bare = "".join(char for char in flat if category(char) != "Mn")
    return bare.encode("ascii", "replace").decode("ascii")


class SafeConsole(Console):
    """Rich's console without what a story's words may bring: controls, escapes, overrides of direction."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """See ``rich.console.Console``; what Rich itself writes to steer the terminal is kept."""
        plain = (self.options if options is None else options).ascii_only
        for segment in super().render(renderable, options):
            if segment.control or (segment.text.isprintable() and not plain):
                yield segment
            else:
                yield Segment("".join(char for char in segment.text if _is_fit(char, plain=plain)), segment.style)


def _is_fit(char: str, *, plain: bool) -> bool:
    """Whether a character is shown as itself: no control; in ASCII nothing else either that has no cell."""
    kind = category(char)
    if plain:
        return char == "\n" or not (kind[0] == "C" or kind == "Mn")
    return char in _KEPT or kind[0] != "C"
