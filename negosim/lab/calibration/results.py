"""What ``check`` and ``check --deep`` answer, as frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import asdict, frozen

if TYPE_CHECKING:
    from negosim.lab.calibration.rehearsal import Imposed

Json: TypeAlias = dict[str, Any]



@frozen
class Problem:
    """One thing a check found: an error stops, a remark does not."""

    severity: Literal["error", "remark"]
    text: str

    def __str__(self) -> str:
        return self.text


@frozen
class Flip:
    """One choice of a replay taken otherwise, and what that undid or changed."""

    address: str
    taken: str
    instead: str
    undoes: tuple[str, ...]
    changes: bool


@frozen(kw_only=True)
class Depth:
    """What ``check --deep`` found by flipping every choice of a replay once.

    ``idle``: addresses where no other answer changes any other entry. ``inert``: facts that must follow,
    that happened and that no flip undoes. ``unread``: weights, attributes and trust counts that
    no choice of any replay read. ``undoing``: the addresses whose flip undoes a fact, by fact.
    """

    scenario: str
    n: int
    seed: int
    draws: tuple[int, ...]
    flips: tuple[Flip, ...]
    undoing: tuple[tuple[str, tuple[str, ...]], ...]
    idle: tuple[str, ...]
    inert: tuple[str, ...]
    unread: tuple[str, ...]
    problems: tuple[Problem, ...]
    imposed: tuple[Imposed, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing found is an error."""
        return all(problem.severity != "error" for problem in self.problems)

    def to_json(self) -> Json:
        """The document that ``check --deep --json`` prints."""
        document: Json = asdict(self)
        document["undoing"] = {fact: list(addresses) for fact, addresses in self.undoing}
        return {**document, "ok": self.ok}
