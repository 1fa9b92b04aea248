"""The page on parts ready to be used; its text is below, read off the package."""

from __future__ import annotations

import ast
import pkgutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from negosim import parts
from negosim.parts.catalogue import Entry, catalogue
from negosim.stories.reference.page import Page, Rows, call_of


def _seated() -> tuple[tuple[str, str], ...]:
    """The parts that take a seat: where each is, how it is called, and what it does."""
    return tuple(
        (f"{entry.module.removeprefix('negosim.parts.')}.{call_of(_part(entry))}", entry.says.replace("``", ""))
        for entry in catalogue()
        if entry.takes_a_seat
    )


def _part(entry: Entry) -> object:
    return getattr(import_module(entry.module), entry.name)


def _modules() -> tuple[tuple[str, str], ...]:
    """Every module of the parts, with the first line of its docstring."""
    rows = []
    for module in sorted(pkgutil.walk_packages(parts.__path__, "negosim.parts."), key=lambda module: module.name):
        spec = find_spec(module.name)
        if spec is not None and spec.origin is not None:
            doc = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
            rows.append((module.name, doc.partition("\n")[0]))
    return tuple(rows)


PAGE = Page(
    topic="parts",
    about=" ".join((parts.__doc__ or "").partition("\n\n")[0].split())
    + " What each module holds: python -m pydoc MODULE.",
    tables=(Rows("Parts that take a seat", _seated()), Rows("Modules", _modules())),
    example="""
from negosim import Actor, Issue
from negosim.parts.domain import Domain

crown, guild = Actor("crown", "The Crown"), Actor("guild", "The Guild")


class Toll(Issue, owner=crown):
    FULL = "the whole toll stays"
    HALF = "half of it is waived"


class Work(Issue, owner=guild):
    STRIKE = "nobody works"
    WORK = "everybody works"


assert len(Domain("quarrel", (Toll, Work)).outcomes) == 4
""",
    language="python",
    see=("seat", "decisions"),
)
__doc__ = str(PAGE)
