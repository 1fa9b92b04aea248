"""Forecasters who know no model: what every forecast has to beat.

- persistence: nothing changes, so no event comes and every silence holds;
- repetition: the last episode of the same kind repeats. An event's kind is its type, its doer, whom
  it is addressed to and its channel; it is expected when the last the record has of its kind was
  that it happened. A decision's kind is its question, whatever the key; the last documented answer
  is expected. Of a cell's kind no unrecorded event is expected, unless one was recorded before the
  date and the record expects none after it;
- base rates: events of a kind come as often as in the record's months before the date: a Poisson
  process whose rate has the posterior of Jeffreys' prior, so that none in time w has probability
  (t / (t + w)) ** (count + 1/2) after ``count`` in time t. Answers come in the shares they had.

When an expected event comes is left to the lengths of the cells of its partition.
"""

from __future__ import annotations

from collections import Counter
from math import fsum
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen
from msgspec.structs import replace

from negosim.core.address import Address
from negosim.inference.conformance import is_in, recorded
from negosim.inference.evidence import impositions, record_until
from negosim.lab.forecast.scoring import CELLS, SURE, as_documented
from negosim.record.matching import is_like

if TYPE_CHECKING:
    from collections.abc import Sequence

    from negosim.core.events import Entry
    from negosim.lab.forecast.scoring import After
    from negosim.record.model import BeliefPattern, Coverage, Fact, Pattern, Record
    from negosim.sim.chance import Imposition
    from negosim.sim.trace import Run

Foretold: TypeAlias = "tuple[Sequence[float], Sequence[Sequence[float]]]"
"""What a forecaster gives to each thing that is scored, and to each cell of each dated event."""
UNKNOWN = 0.5
"""What base rates give to a movement of trust, which the record does not count."""


@frozen
class Past:
    """What a record has of the time before a minute: events, silences, beliefs and answers."""

    begins: int
    entries: tuple[Entry, ...]
    silences: tuple[Pattern, ...]
    beliefs: tuple[BeliefPattern, ...]
    decisions: tuple[Imposition, ...]

    @classmethod
    def of(cls, record: Record, begins: int, run: Run) -> Past:
        """As it stood at a minute; ``run`` is a simulated course that bears the record out so far."""
        known = record_until(record, begins)
        indices = recorded(known, run.entries, as_documented(run.asked, impositions(known)))
        facts = [fact for fact in known.facts if not fact.background]
        return cls(
            begins,
            tuple(
                entry for entry in run.entries if entry.index in indices and entry.minute < begins
            ),
            tuple(pattern for fact in facts for pattern in fact.expect if pattern.absent),
            tuple(
                sorted(
                    (belief for fact in facts for belief in fact.beliefs),
                    key=lambda belief: belief.span.latest or 0,
                )
            ),
            tuple(
                decision
                for decision in impositions(known)
                if record.fact(decision.fact).kind != "inferred"
            ),
        )

    # ── the forecasters ──────────────────────────────────────────────────────────────────────

    def persistence(self, after: After) -> Foretold:
        """Nothing changes."""
        shares = [1 - SURE if event else SURE for event in after.events]
        return shares, [_spread(after, place, 1 - SURE) for place in range(len(after.dated))]

    def repetition(self, after: After) -> Foretold:
        """The last episode repeats."""
        answers = {_question(decision.address): decision.chose for decision in self.decisions}
        expected = [
            *(self._expects(fact) for fact in after.facts),
            *(answers.get(_question(decision.address)) == decision.chose for decision in after.decisions),
            *(not self._has(cell) or _expected(after, cell) for cell in after.cells),
            *(not self._happens(pattern) for pattern in after.matched),
        ]
        comes = [SURE if self._happens(dated.pattern) else 1 - SURE for dated in after.dated]
        shares = [SURE if decision else 1 - SURE for decision in expected]
        return shares, [_spread(after, place, share) for place, share in enumerate(comes)]

    def base_rates(self, after: After) -> Foretold:
        """Events come as often as before."""
        answers = Counter((_question(decision.address), decision.chose) for decision in self.decisions)
        questions = Counter(_question(decision.address) for decision in self.decisions)
        shares = [
            *(self._rate_of(fact, after.ends) for fact in after.facts),
            *(
                (answers[_question(decision.address), decision.chose] + 0.5)
                / (questions[_question(decision.address)] + 1)
                for decision in after.decisions
            ),
            *(
                1.0 - self._some(self._count_in(cell), _length(cell, after.ends))
                for cell in after.cells
            ),
            *(
                1.0 - self._some(self._count(pattern), _length(pattern, after.ends))
                for pattern in after.matched
            ),
        ]
        ahead = after.ends - self.begins
        comes = [self._some(self._count(dated.pattern), ahead) for dated in after.dated]
        return shares, [_spread(after, place, share) for place, share in enumerate(comes)]

    # ── what was so before ───────────────────────────────────────────────────────────────────

    def _expects(self, fact: Fact) -> bool:
        """Whether all a fact says would be so if the last of its kind came again."""
        events = all(self._happens(pattern) != pattern.absent for pattern in fact.expect)
        return events and all(map(self._moves, fact.beliefs))

    def _happens(self, pattern: Pattern) -> bool:
        """Whether the last that is known of a pattern's kind is that it happened."""
        happened = max((entry.minute for entry in self.entries if is_like(_kind(pattern), entry.event)), default=-1)
        names = (pattern.event, pattern.by, pattern.channel)
        ends = (
            silence.span.latest or 0
            for silence in self.silences
            if (silence.event, silence.by, silence.channel) == names
        )
        return happened > max(ends, default=-1)

    def _moves(self, belief: BeliefPattern) -> bool:
        """Whether the last known movement of the same trust had the same direction."""
        whose = (belief.actor, belief.trust, belief.of)
        same = [moved for moved in self.beliefs if (moved.actor, moved.trust, moved.of) == whose]
        return bool(same) and bool(same[-1].falls) == bool(belief.falls)

    def _has(self, cell: Coverage) -> bool:
        """Whether an event of a cell's kind was recorded, whenever it was."""
        return bool(self._count_in(cell))

    def _count_in(self, cell: Coverage) -> int:
        always = replace(cell, span=evolve(cell.span, earliest=0, latest=None))
        return sum(is_in(always, entry) for entry in self.entries)

    def _count(self, pattern: Pattern) -> int:
        return sum(is_like(_kind(pattern), entry.event) for entry in self.entries)

    def _some(self, count: int, minutes: int) -> float:
        """The probability of at least one event in some minutes, after ``count`` in the time before."""
        known = max(self.begins, 1)
        none: float = (known / (known + minutes)) ** (count + 0.5)
        return 1 - none

    def _rate_of(self, fact: Fact, ends: int) -> float:
        shares = [UNKNOWN for _ in fact.beliefs]
        for pattern in fact.expect:
            some = self._some(self._count(pattern), _length(pattern, ends))
            shares.append(1 - some if pattern.absent else some)
        return min(shares, default=UNKNOWN)


def _spread(after: After, place: int, comes: float) -> list[float]:
    """What an event that comes with some probability gives to the cells of its partition."""
    lengths = after.dated[place].lengths(after.begins, after.ends)
    total = fsum(lengths)
    return [*(comes * length / total for length in lengths), 1 - comes][: len(CELLS)]


def _length(dated: Pattern | Coverage, ends: int) -> int:
    last = ends - 1 if dated.span.latest is None else dated.span.latest
    return max(last - (dated.span.earliest or 0) + 1, 1)


def _expected(after: After, cell: Coverage) -> bool:
    """Whether the record expects an event of a cell's kind after the date."""
    return any(
        not pattern.absent and pattern.event == cell.event and cell.channel in ("", pattern.channel)
        for fact in after.facts
        for pattern in fact.expect
    )


def _kind(pattern: Pattern) -> Pattern:
    """The pattern of every event of the same kind."""
    return replace(pattern, what="", share=None, has=())


def _question(address: str) -> str:
    return Address.of(address).stem
