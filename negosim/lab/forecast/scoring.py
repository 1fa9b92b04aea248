"""What a forecast is scored on: all that a record says of the time after a date.

*Events* are later facts that were not fed and happened, and later documented decisions, each at its
address, so answered, in its interval. *Silences* are facts that say that nothing happened, and the
cells in which the record claims to miss nothing: no event of that type that it does not have. Two
forecasters know no model:

- persistence: nothing changes, so no event comes and every silence holds;
- repetition: the last episode of the same kind repeats. An event's kind is its type, its doer, whom
  it is addressed to and its channel; it is expected when the last the record has of its kind was
  that it happened. A decision's kind is its question, whatever the key; the last documented answer
  is expected. Of a cell's kind no unrecorded event is expected, unless one was recorded before the
  date and the record expects none after it.
"""

from __future__ import annotations

from math import fsum, log
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.core.address import Address
from negosim.inference.conformance import (
    complete_cells,
    false_alarms,
    is_borne_out,
    is_in,
    recorded,
)
from negosim.inference.evidence import impositions, must_follow, record_until
from negosim.record.matching import is_like

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.core.events import Entry
    from negosim.record.model import BeliefPattern, Coverage, Fact, Pattern, Record
    from negosim.sim.chance import Asked, Imposition
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run

SURE = 0.98
"""What a forecaster without a model gives to what it expects; so no score is infinite."""


@frozen
class After:
    """What a record says of the time from a minute on; facts, decisions and cells are scored in turn."""

    begins: int
    facts: tuple[Fact, ...]
    decisions: tuple[Imposition, ...]
    cells: tuple[Coverage, ...]

    @classmethod
    def of(cls, record: Record, begins: int) -> After:
        """What lies wholly after a minute; of a cell, the part of its window that does."""
        cells = []
        for cell in complete_cells(record):
            last = record.ends - 1 if cell.span.latest is None else cell.span.latest
            first = max(cell.span.earliest or 0, begins)
            if first <= last:
                cells.append(evolve(cell, span=evolve(cell.span, earliest=first, latest=last)))
        return cls(
            begins,
            tuple(fact for fact in must_follow(record) if (fact.span.earliest or 0) >= begins),
            tuple(
                one for one in impositions(record)
                if one.earliest >= begins and record.fact(one.fact).kind != "inferred"
            ),
            tuple(cells),
        )  # fmt: skip

    @property
    def events(self) -> tuple[bool, ...]:
        """Whether each thing is an event; else it is a silence."""
        facts = (not _is_silence(fact) for fact in self.facts)
        return (*facts, *(True for _ in self.decisions), *(False for _ in self.cells))

    def came(self, record: Record, scenario: Scenario, run: Run) -> tuple[bool, ...]:
        """Which of it a run bore out."""
        facts = [is_borne_out(fact, scenario, run.entries) for fact in self.facts]
        decided = [any(_is_so(one, asked) for asked in run.asked) for one in self.decisions]
        asked = as_documented(run.asked, impositions(record))
        alarms = false_alarms(evolve(record, coverage=self.cells), run.entries, asked)
        return (*facts, *decided, *(not count for count in alarms))

    # ── forecasters without a model ──────────────────────────────────────────────────────────

    def persistence(self) -> tuple[float, ...]:
        """What "nothing changes" gives to each."""
        return tuple(1 - SURE if event else SURE for event in self.events)

    def repetition(self, record: Record, run: Run) -> tuple[float, ...]:
        """What "the last episode repeats" gives to each; ``run`` is a replay of the record so far."""
        past = _Past.of(record, self.begins, run)
        expected = [
            *(past.expects(fact) for fact in self.facts),
            *(past.answers.get(_question(one.address)) == one.chose for one in self.decisions),
            *(not past.has(cell) or self._has(cell) for cell in self.cells),
        ]
        return tuple(SURE if one else 1 - SURE for one in expected)

    def _has(self, cell: Coverage) -> bool:
        """Whether the record expects an event of a cell's kind after the date."""
        return any(
            not one.absent and one.event == cell.event and cell.channel in ("", one.channel)
            for fact in self.facts
            for one in fact.expect
        )


def as_documented(asked: Iterable[Asked], documented: Sequence[Imposition]) -> list[Asked]:
    """The questions of a run; one that was answered as documented is recorded, whoever answered it."""
    return [
        each._replace(how="imposed") if any(_is_so(decision, each) for decision in documented) else each
        for each in asked
    ]


def _is_so(one: Imposition, asked: Asked) -> bool:
    return one.is_at(asked.address) and asked.taken == one.chose and one.earliest <= asked.at <= one.latest


def _is_silence(fact: Fact) -> bool:
    return bool(fact.expect) and not fact.beliefs and all(pattern.absent for pattern in fact.expect)


def _question(address: str) -> str:
    return Address.of(address).stem


# ── what was recorded before ────────────────────────────────────────────────────────────────────


@frozen
class _Past:
    """What a record has of the time before a minute: events, silences, beliefs and answers."""

    entries: tuple[Entry, ...]
    silences: tuple[Pattern, ...]
    beliefs: tuple[BeliefPattern, ...]
    answers: dict[str, str]

    @classmethod
    def of(cls, record: Record, begins: int, run: Run) -> _Past:
        known = record_until(record, begins)
        indices = recorded(known, run.entries, as_documented(run.asked, impositions(known)))
        facts = [fact for fact in known.facts if not fact.background]
        fed = [one for one in impositions(known) if record.fact(one.fact).kind != "inferred"]
        return cls(
            tuple(entry for entry in run.entries if entry.index in indices and entry.minute < begins),
            tuple(pattern for fact in facts for pattern in fact.expect if pattern.absent),
            tuple(sorted((one for fact in facts for one in fact.beliefs), key=lambda one: one.span.latest or 0)),
            {_question(one.address): one.chose for one in fed},
        )

    def expects(self, fact: Fact) -> bool:
        """Whether all a fact says would be so if the last of its kind came again."""
        return all(self._happens(one) != one.absent for one in fact.expect) and all(map(self._moves, fact.beliefs))

    def _happens(self, pattern: Pattern) -> bool:
        """Whether the last that is known of a pattern's kind is that it happened."""
        kind = evolve(pattern, what="", share=None, has=())
        happened = max((entry.minute for entry in self.entries if is_like(kind, entry.event)), default=-1)
        names = (pattern.event, pattern.by, pattern.channel)
        ends = (one.span.latest or 0 for one in self.silences if (one.event, one.by, one.channel) == names)
        return happened > max(ends, default=-1)

    def _moves(self, belief: BeliefPattern) -> bool:
        """Whether the last known movement of the same trust had the same direction."""
        whose = (belief.actor, belief.trust, belief.of)
        same = [one for one in self.beliefs if (one.actor, one.trust, one.of) == whose]
        return bool(same) and bool(same[-1].falls) == bool(belief.falls)

    def has(self, cell: Coverage) -> bool:
        """Whether an event of a cell's kind was recorded, whenever it was."""
        always = evolve(cell, span=evolve(cell.span, earliest=0, latest=None))
        return any(is_in(always, entry) for entry in self.entries)


# ── scores ──────────────────────────────────────────────────────────────────────────────────────


@frozen
class Scores:
    """How well something was foretold, over events and silences.

    ``brier`` is the mean squared distance from what was documented (0 is best, Brier 1950), of
    all, and of each sort (None where there is none); ``log`` the mean logarithm of the
    probability given to it (0 is best, Good 1952), none counted below 1 - SURE.
    """

    events: int
    silences: int
    brier: float
    log: float
    brier_events: float | None
    brier_silences: float | None


def score(shares: Sequence[float], events: Sequence[bool] | None = None) -> Scores:
    """The scores of probabilities given to what was documented; all events unless it is said."""
    sorts = [True] * len(shares) if events is None else events
    happened = [share for share, event in zip(shares, sorts, strict=True) if event]
    silent = [share for share, event in zip(shares, sorts, strict=True) if not event]
    return Scores(
        len(happened), len(silent), _brier(shares) or 0.0,
        fsum(log(max(share, 1 - SURE)) for share in shares) / len(shares), _brier(happened), _brier(silent),
    )  # fmt: skip


def _brier(shares: Iterable[float]) -> float | None:
    squares = [(1 - share) ** 2 for share in shares]
    return fsum(squares) / len(squares) if squares else None
