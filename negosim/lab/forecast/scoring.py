"""What a forecast is scored on: all that a record says of the time after a date.

*Events* are later facts that must follow and happened, and later documented decisions, each at its
address, so answered, in its interval. *Silences* are facts that say that nothing happened; the cells
in which the record claims to miss nothing (no event of that type that it does not have); and matched
silences: the event of a later fact in the windows before and after its own, where the record would
have it. Without them "always yes" would win. When an event comes is scored apart, as a partition:
on its dates, within three days of them, at another time, never.
"""

from __future__ import annotations

from math import fsum, log
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen
from msgspec.structs import replace

from negosim.inference.conformance import complete_cells, false_alarms, is_borne_out
from negosim.inference.evidence import impositions, must_follow
from negosim.record.dates import Span
from negosim.record.matching import is_like

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from negosim.record.model import Coverage, Fact, Pattern, Record
    from negosim.sim.chance import Asked, Imposition
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run

SURE = 0.98
"""What a forecaster without a model gives to what it expects; so no score is infinite."""
NEAR = 3 * 24 * 60
"""Minutes from its documented dates within which an event is near them."""
CELLS = ("on its dates", "within three days", "at another time", "never")


@frozen(kw_only=True)
class After:
    """What a record says of the time from a minute on, until ``ends``.

    Facts, decisions, cells and matched silences are scored in turn; ``dated`` are the single
    events among the facts, with their tolerance.
    """

    begins: int
    ends: int
    facts: tuple[Fact, ...]
    decisions: tuple[Imposition, ...]
    cells: tuple[Coverage, ...]
    matched: tuple[Pattern, ...]
    dated: tuple[Dated, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "dated", tuple(self._dated()))

    def _dated(self) -> Iterator[Dated]:
        for fact in self.facts:
            if len(fact.expect) == 1 and not fact.expect[0].absent and not fact.beliefs:
                (pattern,) = fact.expect
                first, last = _closed(pattern.span.widened(fact.tolerance), self.ends)
                yield Dated(pattern, max(first, self.begins), last)

    @classmethod
    def of(cls, record: Record, begins: int) -> After:
        """What lies wholly after a minute; of a cell, the part of its window that does."""
        cells = []
        for cell in complete_cells(record):
            first, last = _closed(cell.span, record.ends)
            if max(first, begins) <= last:
                cells.append(replace(cell, span=evolve(cell.span, earliest=max(first, begins), latest=last)))
        facts = tuple(fact for fact in must_follow(record) if (fact.span.earliest or 0) >= begins)
        decisions = tuple(
            decision for decision in impositions(record)
            if decision.earliest >= begins and record.fact(decision.fact).kind != "inferred"
        )  # fmt: skip
        matched = tuple(_matched(record, facts, cells))
        return cls(
            begins=begins, ends=record.ends, facts=facts, decisions=decisions, cells=tuple(cells), matched=matched
        )

    @property
    def events(self) -> tuple[bool, ...]:
        """Whether each thing is an event; else it is a silence."""
        facts = (not _is_silence(fact) for fact in self.facts)
        silences = (*self.cells, *self.matched)
        return (*facts, *(True for _ in self.decisions), *(False for _ in silences))

    def came(self, record: Record, scenario: Scenario, run: Run) -> tuple[bool, ...]:
        """Which of it a run bore out."""
        facts = [is_borne_out(fact, scenario, run.entries) for fact in self.facts]
        decided = [any(is_so(decision, asked) for asked in run.asked) for decision in self.decisions]
        asked = as_documented(run.asked, impositions(record))
        alarms = false_alarms(evolve(record, coverage=self.cells), run.entries, asked)
        silent = [
            not any(entry.minute in pattern.span and is_like(pattern, entry.event) for entry in run.entries)
            for pattern in self.matched
        ]
        return (*facts, *decided, *(not count for count in alarms), *silent)

    def cells_of(self, run: Run) -> tuple[int, ...]:
        """Into which cell of its partition each dated event falls in a run, as a place in ``CELLS``."""
        return tuple(dated.cell_of(run, self.begins) for dated in self.dated)


@frozen
class Dated:
    """An event with the documented minutes between which it came."""

    pattern: Pattern
    earliest: int
    latest: int

    def cell_of(self, run: Run, begins: int) -> int:
        """The best cell that an event like it falls into, from a minute on."""
        return min(
            (
                self._cell_at(entry.minute)
                for entry in run.entries
                if entry.minute >= begins and is_like(self.pattern, entry.event)
            ),
            default=CELLS.index("never"),
        )

    def _cell_at(self, minute: int) -> int:
        away = max(self.earliest - minute, minute - self.latest, 0)
        return 0 if not away else 1 if away <= NEAR else 2

    def lengths(self, begins: int, ends: int) -> tuple[int, int, int]:
        """How many minutes of the time from ``begins`` on lie in each cell but the last."""
        on = max(self.latest - self.earliest + 1, 1)
        near = min(NEAR, self.earliest - begins) + min(NEAR, ends - 1 - self.latest)
        return on, max(near, 0), max(ends - begins - on - near, 0)


def _matched(record: Record, facts: Iterable[Fact], cells: Iterable[Coverage]) -> Iterator[Pattern]:
    """Each later event in the windows before and after its own, where the record would have it."""
    expected = [pattern for fact in must_follow(record) for pattern in fact.expect if not pattern.absent]
    for pattern in (pattern for fact in facts for pattern in fact.expect if not pattern.absent):
        first, last = _closed(pattern.span, record.ends)
        covers = [cell for cell in cells if cell.event == pattern.event and cell.channel in ("", pattern.channel)]
        for shift in (first - last - 1, last - first + 1):
            span = Span(max(first + shift, 0), max(last + shift, 0))
            covered = any(first + shift in cell.span and last + shift in cell.span for cell in covers)
            if covered and not any(_overlap(other, pattern, span, record.ends) for other in expected):
                yield replace(pattern, span=span, absent=True, at_least=1)


def _overlap(other: Pattern, pattern: Pattern, span: Span, ends: int) -> bool:
    """Whether the record has an event of the same kind in a window."""
    first, last = _closed(other.span, ends)
    return other.event == pattern.event and first <= (span.latest or 0) and (span.earliest or 0) <= last


def _closed(span: Span, ends: int) -> tuple[int, int]:
    return span.earliest or 0, ends - 1 if span.latest is None else min(span.latest, ends - 1)


def as_documented(asked: Iterable[Asked], documented: Sequence[Imposition]) -> list[Asked]:
    """The questions of a run; one that was answered as documented is recorded, whoever answered it."""
    return [
        replace(question, how="imposed") if any(is_so(decision, question) for decision in documented) else question
        for question in asked
    ]


def is_so(decision: Imposition, asked: Asked) -> bool:
    """Whether a question was answered as documented, in its interval."""
    inside = decision.earliest <= asked.at <= decision.latest
    return decision.is_at(asked.address) and asked.taken == decision.chose and inside


def _is_silence(fact: Fact) -> bool:
    return bool(fact.expect) and not fact.beliefs and all(pattern.absent for pattern in fact.expect)


# ── scores ──────────────────────────────────────────────────────────────────────────────────────


@frozen(kw_only=True)
class Scores:
    """How well something was foretold, over events and silences.

    ``brier`` is the mean squared distance from what was documented (0 is best, Brier 1950), of
    all, and of each sort (None where there is none); ``log`` the mean logarithm of the
    probability given to it (0 is best, Good 1952), none counted below 1 - SURE. ``dates`` is the
    same distance over the partition of each dated event, 0 to 1 (None without any).
    """

    events: int
    silences: int
    brier: float
    log: float
    brier_events: float | None
    brier_silences: float | None
    dates: float | None = None


def score(
    shares: Sequence[float], events: Sequence[bool] | None = None, dates: Sequence[Sequence[float]] = ()
) -> Scores:
    """The scores of probabilities given to what was documented; all events unless it is said.

    ``dates`` has the probability of each of ``CELLS`` for each dated event; it came on its dates.
    """
    sorts = [True] * len(shares) if events is None else events
    happened = [share for share, event in zip(shares, sorts, strict=True) if event]
    silent = [share for share, event in zip(shares, sorts, strict=True) if not event]
    apart = [((1 - cells[0]) ** 2 + fsum(share**2 for share in cells[1:])) / 2 for cells in dates]
    return Scores(
        events=len(happened),
        silences=len(silent),
        brier=_brier(shares) or 0.0,
        log=fsum(log(max(share, 1 - SURE)) for share in shares) / len(shares),
        brier_events=_brier(happened),
        brier_silences=_brier(silent),
        dates=fsum(apart) / len(apart) if apart else None,
    )


def _brier(shares: Iterable[float]) -> float | None:
    squares = [(1 - share) ** 2 for share in shares]
    return fsum(squares) / len(squares) if squares else None
