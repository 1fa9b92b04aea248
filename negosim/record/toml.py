"""Reading a TOML file: its values, and where every key stands."""

from __future__ import annotations

import codecs
import re
import tomllib
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from negosim.core.errors import RecordError
from negosim.record.lines import Lines

if TYPE_CHECKING:
    from pathlib import Path as File

_OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16",
}  # fmt: skip
"""By their byte-order marks; the longer ones first, as one begins like another."""


class Toml(Struct, frozen=True):
    """A sound TOML text: the name of its file, its values, and where each path in it stands."""

    file: str
    values: dict[str, Any]
    lines: Lines


def read_toml(path: File) -> Toml:
    """The TOML in a file. Raises RecordError when it cannot be read, or is broken."""
    return parse_toml(read_text(path), path.name)


def read_text(path: File) -> str:
    """The text of a TOML file. Raises RecordError when it cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise RecordError((f"{path}: is no file",))
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or error
        raise RecordError((f"{path}: cannot be read: {words}",)) from error
    return _text(content, path.name)


def parse_toml(text: str, file: str) -> Toml:
    """The TOML in a text; ``file`` is its name in complaints. Raises RecordError."""
    try:
        return Toml(file, tomllib.loads(text), Lines(text))
    except tomllib.TOMLDecodeError as error:
        raise RecordError((_broken(str(error), text, file),)) from error
    except RecursionError:
        raise RecordError((f"{file}: tables or lists are nested too deeply",)) from None


def _text(content: bytes, file: str) -> str:
    """The text of a file in UTF-8; a byte-order mark, as editors on Windows write it, is passed over."""
    for mark, encoding in _OTHER_ENCODINGS.items():
        if content.startswith(mark):
            raise RecordError((f"{file}: is {encoding} text; save it as UTF-8",))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        words = f"is not UTF-8 text ({error.reason}); save it as UTF-8"
        raise RecordError((f"{file}:{line}: {words}",)) from error


def _broken(message: str, text: str, file: str) -> str:
    """tomllib says ``... (at line 3, column 5)``; a complaint begins with file and line."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    return f"{file}:{line}: broken TOML: {message[: place.start()] if place else message}"
