"""What can be on the table: issues as enums, packages of one option per issue."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from msgspec import Struct
from msgspec.structs import force_setattr

from negosim.core.actors import Actor, slug
from negosim.core.errors import BadValue

if TYPE_CHECKING:
    from collections.abc import Iterable


class Issue(Enum):
    """One thing that can be on the table; each member is an option, its value says it in words.

    The owner is the actor who would have to deliver it:

        class Doctor(Issue, owner=government):
            STATE_DOCTORS = "state doctors examine the prisoner"
            OWN_DOCTOR = "his own physician examines him"

    Options are declared from least to most, so ``rank`` orders them.
    """

    if TYPE_CHECKING:
        owner: ClassVar[str]

    def __init_subclass__(cls, owner: Actor | None = None, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.owner = owner.id if owner is not None else ""

    @cached_property
    def slug(self) -> str:
        """The option as a slug, such as ``state-doctors``."""
        return slug(self.name)

    @property
    def rank(self) -> int:
        """The option's place from least (0) to most."""
        return list(type(self)).index(self)

    @cached_property
    def clause(self) -> Clause:
        """The option as plain data."""
        return Clause(slug(type(self).__name__), self.slug, type(self).owner)


I = TypeVar("I", bound=Issue)  # noqa: E741
_IN_ORDER = attrgetter("issue", "option", "owner")


class Clause(Struct, frozen=True, gc=False):
    """One option of one issue, as plain data; ``owner`` is who would deliver it."""

    issue: str
    option: str
    owner: str


class Terms(Struct, frozen=True, gc=False):
    """A package: at most one option per issue, kept in the order of the issues' names."""

    clauses: tuple[Clause, ...]

    def __post_init__(self) -> None:
        clauses = tuple(sorted(self.clauses, key=_IN_ORDER))
        force_setattr(self, "clauses", clauses)
        issues = [clause.issue for clause in clauses]
        if len(set(issues)) < len(issues):
            raise BadValue(f"terms name an issue twice: {', '.join(issues)}")
        options = [clause.option for clause in clauses]
        if len(set(options)) < len(options):  # a promise is named by its option
            raise BadValue(f"terms hold two options of one name: {', '.join(options)}")

    @classmethod
    def of(cls, *options: Issue) -> Self:
        """The package of these options. Raises BadValue when an issue occurs twice."""
        return cls(tuple(option.clause for option in options))

    def __getitem__(self, issue: type[I]) -> I | None:
        """The option on this issue, or None when the package is silent on it."""
        wanted = slug(issue.__name__)
        for clause in self.clauses:
            if clause.issue == wanted:
                return next(option for option in issue if option.slug == clause.option)
        return None

    def but(self, *options: Issue) -> Self:
        """The same package with these options in place of its own on the same issues."""
        news = tuple(option.clause for option in options)
        named = {clause.issue for clause in news}
        return type(self)((*(c for c in self.clauses if c.issue not in named), *news))

    @property
    def slugs(self) -> tuple[str, ...]:
        """The options as slugs, in order."""
        return tuple(clause.option for clause in self.clauses)

    @property
    def slug(self) -> str:
        """The package as one slug, such as ``cancelled+state-doctors``."""
        return "+".join(self.slugs)

    def __str__(self) -> str:
        return self.slug.replace("-", " ").replace("+", " and ")


def owed_by(terms: Terms, actors: Iterable[str]) -> tuple[Clause, ...]:
    """The clauses that one of ``actors`` would have to deliver."""
    debtors = tuple(actors)
    return tuple(clause for clause in terms.clauses if clause.owner in debtors)
