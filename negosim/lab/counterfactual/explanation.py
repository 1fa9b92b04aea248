"""Why two runs of one world differ: every difference is led back to the change.

Through causes that differ; where none does it is a silence: the actor acted because something that
reached it in the other run did not reach it here; where nothing did, it is what the change itself
touches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve, frozen

from negosim.core import events as e
from negosim.core.address import Address
from negosim.core.views import doer
from negosim.inference.conformance import is_borne_out
from negosim.lab.counterfactual.alignment import Row, aligned
from negosim.record.matching import matches
from negosim.sim.knowledge import arrivals
from negosim.stories.result import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.events import Entry
    from negosim.core.views import Table
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.questions import Outcome




@frozen
class Link:
    """One step of a chain: a difference, and how it follows from the one before it.

    ``silence`` says that the step before is a message that did not come in this run.
    """

    row: Row
    silence: bool = False


@frozen(kw_only=True)
class Comparison(Shown):
    """Two logs of one world, aligned. ``consulted`` is that of both runs together."""

    factual: Sequence[Entry]
    twin: Sequence[Entry]
    table: Table
    rows: tuple[Row, ...]
    changes: tuple[Change, ...] = ()
    consulted: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, factual: Sequence[Entry], twin: Sequence[Entry], table: Table,
        changes: Iterable[Change] = (), consulted: frozenset[str] = frozenset(),
    ) -> Comparison:  # fmt: skip
        """Align two logs of one world; ``changes`` are those of the twin, their moments settled."""
        return cls(
            factual=factual, twin=twin, table=table, rows=aligned(factual, twin),
            changes=tuple(changes), consulted=consulted,
        )  # fmt: skip

    @classmethod
    def between(cls, factual: Run, twin: Run, table: Table, changes: Iterable[Change] = ()) -> Comparison:
        """Align a run and its twin; ``changes`` are those of the twin, their moments settled."""
        return cls.of(factual.entries, twin.entries, table, changes, factual.took_effect | twin.took_effect)

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows in which the runs differ."""
        return tuple(row for row in self.rows if row.how != "same")

    def chain(self, row: Row) -> tuple[Link, ...]:
        """From a difference back to the change: each link follows from the next."""
        links, seen = [Link(row)], {id(row)}
        while True:
            step = self._cause(links[-1].row)
            if step is None or id(step.row) in seen:
                return tuple(links)
            if step.silence:
                links[-1] = evolve(links[-1], silence=True)
            seen.add(id(step.row))
            links.append(Link(step.row))

    def origin(self, row: Row) -> Change | None:
        """The change that made a difference by itself; None where it follows from another."""
        if self._cause(row) is not None:
            return None
        sides = ((row.factual, self.factual), (row.twin, self.twin))
        return next(
            (
                change
                for change in self.changes
                for entry, log in sides
                if entry is not None and change.explains(entry, log, self.consulted)
            ),
            None,
        )

    def uncaused(self) -> tuple[Row, ...]:
        """The differences that nothing explains: no differing cause, no silence, not the change."""
        return tuple(row for row in self.differing if self._cause(row) is None and self.origin(row) is None)

    def row_of(self, entry: Entry) -> Row:
        """The row in which an entry of either log stands."""
        return next(row for row in self.rows if row.factual is entry or row.twin is entry)

    def _is_changed_choice(self, row: Row) -> bool:
        addresses = {str(getattr(change, "address", "")) for change in self.changes} - {""}
        return bool(addresses & {_address(row.factual), _address(row.twin)})

    def _cause(self, row: Row) -> Link | None:
        """The newest difference a difference follows from."""
        if self._is_changed_choice(row):
            return None
        direct = self._differing_causes(row)
        if direct:
            return Link(max(direct, key=lambda link: link.minute))
        missed = self._missed(row)
        return None if missed is None else Link(missed, silence=True)

    def _differing_causes(self, row: Row) -> list[Row]:
        here = self._by_index("factual")
        there = self._by_index("twin")
        rows = [here[cause] for cause in (row.factual.causes if row.factual else ())]
        rows += [there[cause] for cause in (row.twin.causes if row.twin else ())]
        # an entry that came sooner here than there is not explained by what came in between
        return [
            cause_row
            for cause_row in rows
            if cause_row.how != "same" and cause_row is not row and cause_row.minute <= row.minute
        ]

    def _by_index(self, side: Literal["factual", "twin"]) -> dict[int, Row]:
        return {getattr(row, side).index: row for row in self.rows if getattr(row, side) is not None}

    def _missed(self, row: Row) -> Row | None:
        """A difference that reached this actor in one run alone before it acted.

        The last one about the same matter; where there is none, the last one. Within the minute of
        the act it is what others did; what the actor did itself, only when it stands before the act.
        """
        entry = row.twin or row.factual
        if entry is None:
            return None
        if isinstance(entry.event, e.Lapsed):
            return self._unanswered(row, entry)
        who, matter = doer(entry.event), _matter(entry)
        silences: list[tuple[bool, int, Row]] = []
        for side, log in (("factual", self.factual), ("twin", self.twin)):
            mine: Entry | None = getattr(row, side)
            rows = self._by_index(side)  # type: ignore[arg-type]
            for minute, heard in arrivals(self.table, log, who):
                other = rows[heard.index]
                if minute > entry.minute or other is row or other.how == "same" or other.minute > row.minute:
                    continue
                if doer(heard.event) != who or _before(heard, mine, entry.minute):
                    silences.append((_matter(heard) == matter, minute, other))
        return max(silences, key=lambda silence: silence[:2])[2] if silences else None

    def _unanswered(self, row: Row, lapsed: Entry) -> Row | None:
        """What was done about an offer in one run alone, before its deadline passed in the other."""
        matter = lapsed.event.matter

        def is_about(entry: Entry | None) -> bool:
            return entry is not None and (
                entry.event.matter == matter or getattr(entry.event, "answers", None) == matter[1]
            )

        about = [
            differing
            for differing in self.differing
            if differing is not row
            and differing.minute <= row.minute
            and (is_about(differing.factual) or is_about(differing.twin))
        ]
        return about[-1] if about else None


def _matter(entry: Entry) -> str:
    """What an entry is about by name: a choice, what its key says."""
    event = entry.event
    return Address.of(event.address).key if isinstance(event, e.Chose) else event.matter[1]


def _before(one: Entry, other: Entry | None, minute: int) -> bool:
    """Whether an entry stands before another of its log; where that is missing, before a minute."""
    return one.minute < minute if other is None else one.index < other.index


def _address(entry: Entry | None) -> str:
    return entry.event.address if entry is not None and isinstance(entry.event, e.Chose) else ""


@frozen
class Consequence:
    """An outcome in both runs; where they differ on it, the chain from there back to the change."""

    name: str
    what: str
    factual: bool
    twin: bool
    chain: tuple[Link, ...] = ()


def consequences(
    comparison: Comparison, outcomes: Iterable[Outcome], scenario: Scenario
) -> tuple[Consequence, ...]:
    """What a comparison comes to, outcome by outcome.

    The chain is empty where the runs agree, and where no entry stands for the outcome (a belief).
    """
    return tuple(
        Consequence(
            outcome.id,
            outcome.target.what,
            is_borne_out(outcome.target, scenario, comparison.factual),
            is_borne_out(outcome.target, scenario, comparison.twin),
            _chain_to(comparison, outcome),
        )
        for outcome in outcomes
    )


def _chain_to(comparison: Comparison, outcome: Outcome) -> tuple[Link, ...]:
    """The chain behind the first entry that makes the outcome in one run alone."""

    def counts(entry: Entry | None) -> bool:
        return entry is not None and any(
            matches(pattern, entry, outcome.target.tolerance) for pattern in outcome.target.expect
        )

    parted = (row for row in comparison.differing if counts(row.factual) != counts(row.twin))
    row = next(parted, None)
    return () if row is None else comparison.chain(row)
