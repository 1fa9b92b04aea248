"""A listing of the parts, made of their docstrings."""

from __future__ import annotations

from importlib import import_module
from inspect import getdoc, isclass, isfunction, isgeneratorfunction

from attrs import frozen

GROUPS = {
    "Parts that take a seat": (
        "protocols.stacked", "protocols.simultaneous", "protocols.single_text", "ways.ultimatum", "ways.swap",
        "ways.envoy", "ways.relay", "ways.monitoring", "ways.grit",
    ),
    "Tactics": (
        "tactics.time_dependent", "tactics.behaviour", "tactics.informed", "tactics.logit", "tactics.learning",
        "tactics.foreign",
    ),
    "What they need": ("known", "domain", "preferences", "tactics.bidding"),
    "Solutions and measures": ("solutions.points", "solutions.rubinstein", "outcome"),
    "Files": ("files.reading", "files.genius", "files.negmas_scenario", "files.negolog", "files.story", "files.trace"),
}  # fmt: skip
"""The modules of each group, in the order in which they are listed."""


@frozen
class Entry:
    """One thing of the listing: where it is imported from, its name, and its first sentence.

    ``takes_a_seat`` tells the parts, which a story enters with ``yield from``, from what they need.
    """

    group: str
    module: str
    name: str
    says: str
    takes_a_seat: bool = False


def catalogue() -> tuple[Entry, ...]:
    """Everything a story can import from ``negosim.parts``, by group, in the order of the files."""
    return tuple(
        Entry(group, f"negosim.parts.{module}", name, _first_sentence(value), isgeneratorfunction(value))
        for group, modules in GROUPS.items()
        for module in modules
        for name, value in _public(f"negosim.parts.{module}")
    )


def _public(module: str) -> list[tuple[str, object]]:
    """The public functions and classes that a module defines, those that take a seat first."""
    members = [
        (name, value) for name, value in vars(import_module(module)).items()
        if not name.startswith("_") and (isfunction(value) or isclass(value)) and value.__module__ == module
    ]  # fmt: skip
    return sorted(members, key=lambda member: not isgeneratorfunction(member[1]))


def _first_sentence(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((getdoc(thing) or "").partition("\n\n")[0].split())
