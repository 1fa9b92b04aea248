"""What can be agreed: a domain, and its outcomes in a fixed order."""

from __future__ import annotations

from enum import EnumMeta
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, cast

from attrs import field, frozen

from negosim.core.actors import check_slug, slug
from negosim.core.errors import BadValue, NotFound
from negosim.core.terms import Issue, Terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from negosim.core.actors import Actor

MOST_OUTCOMES = 100_000
"""A domain lists its outcomes; above this number (about 100 MB) it is refused."""


@frozen
class Domain:
    """The issues on the table. An outcome is one option of every issue, as ``Terms``.

    ``outcomes`` stand in the order of the issues and of their options, the last issue varying
    fastest; an outcome is named by its place there. Raises BadValue when there is no issue, when an
    option's name occurs twice or when there are more than ``MOST_OUTCOMES`` outcomes.
    """

    name: str = field(validator=check_slug)
    issues: tuple[type[Issue], ...]
    outcomes: tuple[Terms, ...] = field(init=False, eq=False, repr=False)
    _places: Mapping[Terms, int] = field(init=False, eq=False, repr=False)

    @outcomes.default
    def _listed(self) -> tuple[Terms, ...]:
        if not self.issues or not all(len(issue) for issue in self.issues):
            raise BadValue(f"domain {self.name!r} needs at least one issue, each with an option")
        size = prod(len(issue) for issue in self.issues)
        if size > MOST_OUTCOMES:
            raise BadValue(f"domain {self.name!r} has {size:,} outcomes; at most {MOST_OUTCOMES:,} can be listed")
        return tuple(Terms.of(*options) for options in product(*self.issues))

    @_places.default
    def _numbered(self) -> dict[Terms, int]:
        return {terms: place for place, terms in enumerate(self.outcomes)}

    def place(self, terms: Terms) -> int:
        """The place of an outcome. Raises NotFound when the terms are no outcome of this domain."""
        place = self._places.get(terms)
        if place is None:
            raise NotFound(f"outcome of domain {self.name!r}", terms.slug, [x.slug for x in self.outcomes[:200]])
        return place

    def neighbours(self, place: int) -> tuple[int, ...]:
        """The outcomes that differ from this one in one issue, in order."""
        neighbours = []
        stride = len(self.outcomes)
        for issue in self.issues:
            block, stride = stride, stride // len(issue)
            first = place - place % block + place % stride
            neighbours += [near for near in range(first, first + block, stride) if near != place]
        return tuple(sorted(neighbours))


def issue_of(name: str, options: Sequence[str], owner: Actor) -> type[Issue]:
    """An issue made of plain names, such as a file has; its options are named ``issue-option``.

    The issue stands before each option because promises are named by options: two issues of a
    domain may both have an option "yes". Raises BadValue for a name without a letter or a digit, or
    when two options come to the same slug.
    """
    title = plain_slug(name)
    names = [f"{title}-{plain_slug(option)}".upper().replace("-", "_") for option in options]
    for repeated in dict.fromkeys(member for member in names if names.count(member) > 1):
        raise BadValue(f"issue {name!r} has two options that both read {slug(repeated)!r}")
    members: Any = EnumMeta.__prepare__(python_name(title), (Issue,), owner=owner)
    for member, option in zip(names, options, strict=True):
        members[member] = f"{name}: {option}"
    return cast("type[Issue]", EnumMeta(python_name(title), (Issue,), members, owner=owner))


def plain_slug(text: str) -> str:
    """A name of a file as a slug: every run of other characters becomes a hyphen."""
    letters = "".join(x if x.isascii() and x.isalnum() else "-" for x in text)
    words = [word for word in slug(letters).split("-") if word]
    if not words:
        raise BadValue(f"the name {text!r} has no letter or digit a to z, 0 to 9")
    return "-".join(words)


def python_name(title: str) -> str:
    """A slug as the name of a class; ``slug`` leads back to it."""
    name = "".join(word.capitalize() for word in title.split("-"))
    return name if name[0].isalpha() else f"Issue{name}"
