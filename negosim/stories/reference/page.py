"""A page of the reference: what a topic is about, its tables, and an example that runs."""

from __future__ import annotations

import inspect
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHORT = 12
"""Letters of a default value that is worth showing."""
WIDTH = 88
"""Columns of the plain text, as ``pydoc`` shows it."""

@frozen
class Rows:
    """A table of names and what they mean, under a heading."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Page:
    """``example`` is ``python``, ``toml`` or ``console``; ``see`` names the topics to read next."""

    topic: str
    about: str
    tables: tuple[Rows, ...]
    example: str
    language: str
    see: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The page as plain text, for ``pydoc``."""
        parts = [fill(self.about, WIDTH)]
        for table in self.tables:
            rows = "\n".join(f"{name}\n{indent(fill(words, WIDTH - 8), '    ')}" for name, words in table.rows)
            parts.append(f"{table.heading}\n\n{indent(rows, '    ')}")
        parts.append(f"Example\n\n{indent(self.example.strip(), '    ')}")
        if self.see:
            parts.append("See also: " + ", ".join(f"negosim help {topic}" for topic in self.see))
        return "\n\n".join(parts) + "\n"


def first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split()).replace("``", "")


def call_of(function: Any, *, leave_out: Iterable[str] = ("self",)) -> str:
    """A function as one calls it: ``offer(to, *options, via, terms=None)``, without types."""
    parts = []
    keyword = False
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in leave_out:
            continue
        name = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            name, keyword = f"*{name}", True
        elif parameter.kind is parameter.VAR_KEYWORD:
            name = f"**{name}"
        elif parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            parts.append("*")
            keyword = True
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(f"{name}{default if len(default) <= SHORT else '=...'}")
    return f"{function.__name__}({', '.join(parts)})"


def signatures(heading: str, functions: Sequence[Any]) -> Rows:
    """A table of functions: how each is called, and what it does."""
    return Rows(heading, tuple((call_of(function), first_sentence(function)) for function in functions))


def keys(heading: str, known: Iterable[str], meanings: dict[str, str], needed: Iterable[str]) -> Rows:
    """A table of the keys that a reader knows, and which are needed. Raises KeyError for one without a meaning."""
    must = set(needed)
    return Rows(heading, tuple((key, f"{meanings[key]}{'; needed' * (key in must)}") for key in known))
