"""Where things stand in a TOML text that ``tomllib`` has already found to be sound.

``tomllib`` forgets lines. This walks the same text once more, looking at nothing but keys and
brackets, and finds the line of every key: ``("fact", 3, "cites", 0, "source") -> 57``. It does so
when the first line is told, which for a sound file is never.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

Path = tuple[str | int, ...]

_TOKEN = (
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|"
    r"\#[^\n]*|"
    r"[\n\[\]{}=,]|"
    r"[^\s\[\]{}=,#\"']+"
)


def lines_of(text: str) -> dict[Path, int]:
    """The line, from 1, of every table header and key of a sound TOML text."""
    walk = _Walk(list(_tokens(text)))
    walk.document()
    return walk.lines


class Lines(Struct, frozen=True, dict=True):
    """The lines of a sound TOML text, looked for when the first is asked for."""

    text: str

    @cached_property
    def _found(self) -> dict[Path, int]:
        return lines_of(self.text.replace("\r\n", "\n"))

    def at(self, path: Path) -> int:
        """The line of ``path``, or of the nearest thing around it, or 1."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, 1)


class Place(Struct, frozen=True):
    """Where something stands in a TOML file; as text ``record.toml:17 fact "S10"``."""

    file: str
    lines: Lines
    path: Path
    label: str = ""

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.lines.at(self.path)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.label}".rstrip()


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for token in re.findall(_TOKEN, text, re.DOTALL):
        if not token.startswith("#"):
            yield token, line
        line += token.count("\n")  # a line break is a token; strings may hold more


class _Walk(Struct):
    """A cursor over the tokens, and the lines found so far."""

    tokens: list[tuple[str, int]]
    at: int = 0
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def next(self) -> tuple[str, int]:
        self.at += 1
        return self.tokens[self.at - 1]

    def document(self) -> None:
        table: Path = ()
        while self.peek():
            if self.peek() == "\n":
                self.next()
            elif self.peek() == "[":
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> Path:
        line = self.next()[1]
        if many := self.peek() == "[":
            self.next()
        path = self.resolved(self.key("]"))
        if many:
            self.next()
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
        self.lines[path] = line
        return path

    def resolved(self, parts: Path) -> Path:
        """The path with the running index of every array of tables it passes through."""
        path: Path = ()
        for place, part in enumerate(parts, start=1):
            path = (*path, part)
            if path in self.counts and place < len(parts):
                path = (*path, self.counts[path])
        return path

    def pair(self, table: Path) -> None:
        line = self.tokens[self.at][1]
        path = (*table, *self.key("="))
        self.lines.setdefault(path, line)
        self.value(path)

    def key(self, until: str) -> Path:
        parts: list[str] = []
        while (token := self.next()[0]) != until:
            quoted = token[0] in "\"'"
            parts += [token[1:-1]] if quoted else [part for part in token.split(".") if part]
        return tuple(parts)

    def value(self, path: Path) -> None:
        token, line = self.next()
        if token == "[":
            self.array(path)
        elif token == "{":
            self.lines.setdefault(path, line)
            while self.peek() != "}":
                if self.peek() in (",", "\n"):
                    self.next()
                else:
                    self.pair(path)
            self.next()
        else:  # a date written with a space is two tokens
            while self.peek() not in ("", "\n", ",", "]", "}"):
                self.next()

    def array(self, path: Path) -> None:
        index = 0
        while self.peek() != "]":
            if self.peek() in (",", "\n"):
                self.next()
                continue
            self.lines[(*path, index)] = self.tokens[self.at][1]
            self.value((*path, index))
            index += 1
        self.next()
