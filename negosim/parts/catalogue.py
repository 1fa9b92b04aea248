"""A listing of the parts, made of their docstrings."""

from __future__ import annotations

from importlib import import_module
from inspect import getdoc, isclass, isfunction, isgeneratorfunction
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUPS = {
    "Parts that take a seat": (
        "protocols.stacked", "protocols.simultaneous", "protocols.single_text", "ways.ultimatum", "ways.swap",
        "ways.envoy", "ways.relay", "ways.monitoring", "ways.grit",
    ),
    "Tactics": (
        "tactics.time_dependent", "tactics.behaviour", "tactics.informed", "tactics.logit", "tactics.learning",
        "tactics.foreign",
    ),
    "What they need": ("domain", "preferences", "tactics.bidding"),
    "Solutions and measures": ("solutions.points", "solutions.rubinstein", "outcome"),
    "Files": ("files.reading", "files.genius", "files.negmas_scenario", "files.negolog", "files.story", "files.trace"),
}  # fmt: skip
"""The modules of each group, in the order in which they are listed."""


@frozen
class Entry:
    """One thing of the listing: where it is imported from, its name, and its first sentence."""

    group: str
    module: str
    name: str
    says: str


def catalogue() -> tuple[Entry, ...]:
    """Everything a story can import from ``negosim.parts``, by group, in the order of the files."""
    return tuple(
        Entry(group, f"negosim.parts.{module}", name, says)
        for group, modules in GROUPS.items()
        for module in modules
        for name, says in _public(f"negosim.parts.{module}", parts=group == next(iter(GROUPS)))
    )


def _public(module: str, *, parts: bool) -> Iterator[tuple[str, str]]:
    """The public functions and classes a module defines; of the modules of parts, its generators too.

    Names of modules of parts that are no generator, such as a ready-made question, are listed after them.
    """
    members = [
        (name, value) for name, value in vars(import_module(module)).items()
        if not name.startswith("_") and (isfunction(value) or isclass(value)) and value.__module__ == module
    ]  # fmt: skip
    if parts:
        members.sort(key=lambda member: not isgeneratorfunction(member[1]))
    for name, value in members:
        yield name, (getdoc(value) or "").split("\n\n")[0].replace("\n", " ")
