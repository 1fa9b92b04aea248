"""Testimony: what was said about an affair, weighed only where asked for.

Each statement is weighed by a declared "who would say this if" (``negosim.sim.scenario.Testimony``):
its probability under each account, with a note, never fitted to anything. A page's family counts
once, for copies of one informant do not confirm one another; its stake stands beside the figures,
so that a reader sees who gains by the statement.
"""

from __future__ import annotations

from math import fsum, log
from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.errors import BadValue, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from negosim.record.model import Conflict
    from negosim.sim.scenario import Testimony
    from negosim.stories.loading import Story


@frozen(kw_only=True)
class Heard:
    """A statement as it is weighed: who says what, who gains by it, and how probable it is if."""

    source: str
    by: str
    says: str
    stake: str
    note: str
    likely: Mapping[str, float]
    """By account (or class of accounts): the probability that this would be said."""


def heard(story: Story, topic: str, classes: Iterable[str], conflicts: Iterable[Conflict]) -> tuple[Heard, ...]:
    """The declared testimony on a topic, for classes of accounts (names joined by `` = ``).

    Raises NotFound when none is declared, or a page is no version of the topic's conflicts;
    BadValue when two statements rest on one family of sources.
    """
    record, declared = story.documented, story.scenario.testimony.get(topic, ())
    if not declared:
        raise NotFound("testimony on", topic, story.scenario.testimony)
    versions = {
        cite.source: version
        for conflict in conflicts
        for version in conflict.versions
        for cite in version.cites
    }
    families: dict[str, str] = {}
    statements = []
    for testimony in declared:
        if testimony.source not in versions:
            raise NotFound(f"statement about {topic} in the record", testimony.source, versions)
        version, family = versions[testimony.source], record.family(testimony.source)
        if family in families:
            raise BadValue(
                f"testimony of {testimony.source} and {families[family]}: both are of the family {family!r}, "
                "which counts once"
            )
        families[family] = testimony.source
        stake = record.source(testimony.source).stake
        likely = {name: _likely(testimony, name) for name in classes}
        statements.append(
            Heard(
                source=testimony.source,
                by=version.by,
                says=version.says,
                stake=stake,
                note=testimony.note,
                likely=likely,
            )
        )
    return tuple(statements)


def _likely(testimony: Testimony, name: str) -> float:
    """A class of accounts makes a statement as probable as that of its accounts that does most."""
    return max(testimony.said_if.get(account, testimony.otherwise) for account in name.split(" = ")) / 1000


def log_likelihood(statements: Iterable[Heard], name: str) -> float:
    """The logarithm of the probability that all this is said, under an account."""
    return fsum(log(statement.likely[name]) for statement in statements)
