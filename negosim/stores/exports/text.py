r"""Foreign text made harmless: nothing invisible, nothing that ends a line, a cell or a script.

What cannot be seen (controls, bidirectional overrides, odd spaces) is written as ``\uXXXX``, in
UTF-16 as JSON has it; letters of every script stay as they are. A name written from right to left
is isolated by itself, so that it turns no word around that stands beside it.
"""

from __future__ import annotations

import json
import re
from unicodedata import bidirectional

NAME, END = "\u2068", "\u2069"
"""Around a name: an isolate that takes its direction from the first letter in it (Unicode UAX #9)."""
ISOLATED = re.compile(f"{NAME}([^{NAME}{END}]*){END}")
"""A name that ``name_isolated`` put into a sentence."""
_CODES = re.compile(r"(?:\\u[0-9a-f]{4})+")


def is_right_to_left(text: str) -> bool:
    """Whether any character runs from right to left."""
    return any(bidirectional(char) in ("R", "AL", "AN") for char in text)


def name_isolated(name: str) -> str:
    """A name for an English sentence: a foreign script in it turns no word of the sentence around."""
    return f"{NAME}{name}{END}" if is_right_to_left(name) else name


def visible(text: str, also: str = "") -> str:
    """The text with what cannot be seen, backslashes and the characters of ``also`` as codes.

    The isolates around a name stay.
    """
    outside_and_names = ISOLATED.split(text)
    spelled = [_spelled(part, also + "\\") for part in outside_and_names]
    return "".join(f"{NAME}{part}{END}" if place % 2 else part for place, part in enumerate(spelled))


def plain(text: str) -> str:
    """The text that ``visible`` was given."""
    return _CODES.sub(_decoded, text)


def to_json(document: object, also: str = "<", *, indent: int | None = None) -> str:
    """A document as JSON, on one line unless indented; with ``<`` as a code no script can end in it."""
    signs = (",", ":") if indent is None else (",", ": ")
    raw = json.dumps(
        document, ensure_ascii=False, allow_nan=False, indent=indent, separators=signs
    )
    return "\n".join(_spelled(line, also) for line in raw.split("\n"))


def code(char: str) -> str:
    r"""A character as ``\uXXXX``, twice beyond the first plane."""
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _spelled(text: str, also: str) -> str:
    if text.isprintable() and not any(char in text for char in also):
        return text
    return "".join(c if c.isprintable() and c not in also else code(c) for c in text)


def _decoded(codes: re.Match[str]) -> str:
    return bytes.fromhex(codes[0].replace("\\u", "")).decode("utf-16-be")
