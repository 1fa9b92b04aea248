"""What ``causes`` answers: the choices on which an outcome hung, and what each change of a question adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.stories.result import NOTE, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from negosim.inference.estimates import Estimate
    from negosim.sim.scenario import Scenario
    from negosim.stories.result import Json


@frozen(kw_only=True)
class Cause:
    """A choice that is a cause of the outcome in some Worlds; shares are of those with the documented outcome.

    ``alone``: another answer undoes the outcome by itself; ``cause``: it does, or it does with some
    later choices held as they were, of which ``held`` are those most often needed. ``taken`` and
    ``instead`` are the answers there, most often; ``fact`` is the documented decision that it is.
    """

    address: str
    fact: str
    taken: str
    instead: str
    held: tuple[str, ...]
    alone: Estimate
    cause: Estimate
    responsibility: Estimate

    def to_json(self) -> Json:
        """One entry of ``causes``."""
        return {
            "address": self.address, "fact": self.fact or None, "taken": self.taken, "instead": self.instead,
            "held": list(self.held), "alone": self.alone.mean, "alone_interval": [self.alone.low, self.alone.high],
            "cause": self.cause.mean, "cause_interval": [self.cause.low, self.cause.high],
            "responsibility": self.responsibility.mean,
            "responsibility_interval": [self.responsibility.low, self.responsibility.high],
        }  # fmt: skip


@frozen
class ChangeShare:
    """What one change of a question has in its effect: its Shapley value."""

    change: str
    share: Estimate

    def to_json(self) -> Json:
        """One entry of ``shares``."""
        return {"change": self.change, "share": self.share.mean, "interval": [self.share.low, self.share.high]}


@frozen(kw_only=True)
class Causes(Shown):
    """The causes of an outcome, the most responsible first, in ``n`` posterior Worlds.

    ``as_documented`` is the share of them in which the outcome came out as the record has it; only
    these have causes. ``none_found`` is the share of these in which no choice is one. ``shares``
    and ``difference`` are those of a question, where one was named.
    """

    scenario: Scenario
    outcome: str
    what: str
    happened: bool
    n: int
    ess: float
    as_documented: Estimate
    none_found: Estimate
    causes: tuple[Cause, ...]
    question: str
    asks: str
    shares: tuple[ChangeShare, ...]
    difference: Estimate | None
    failing: tuple[str, ...]
    manifest: Mapping[str, Any]

    def to_json(self) -> Json:
        """The document that ``causes --json`` prints."""
        return {
            "note": NOTE,
            "scenario": self.scenario.name,
            "outcome": self.outcome,
            "what": self.what,
            "happened": self.happened,
            "n": self.n,
            "ess": self.ess,
            "as_documented": self.as_documented.mean,
            "none_found": self.none_found.mean,
            "causes": [cause.to_json() for cause in self.causes],
            "question": self.question or None,
            "difference": self.difference and self.difference.mean,
            "shares": [share.to_json() for share in self.shares],
            "failing": list(self.failing),
            "manifest": dict(self.manifest),
        }
