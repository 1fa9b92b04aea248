"""What stands around the answers: switches, turning points, rival accounts, the record itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from negosim.core.actors import NATURE
from negosim.inference.conformance import happened
from negosim.lab.counterfactual.factorial import Chance
from negosim.report.page.svg import share_bar, steps, switch_bar
from negosim.report.wording.numbers import dates
from negosim.report.wording.sentences import Speaker, day
from negosim.report.wording.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.comparison.model_comparison import Rivals
    from negosim.lab.counterfactual.factorial import Switches
    from negosim.lab.forecast.turning_points import Turn, Turns
    from negosim.record import Fact, Record
    from negosim.report.page.sources import Citations, Note
    from negosim.sim.scenario import Scenario

FEW = 40
"""Under so many effective runs a turning point is said to rest on few."""
BECAME: Mapping[str, str] = {
    "given": "given", "decision": "imposed", "inferred": "inferred", "outcome": "to follow",
    "belief": "to follow", "claim": "a claim", "report": "a report",
}  # fmt: skip
"""What a replay does with a fact of each kind."""


@frozen
class Bar:
    """An outcome under the switches, as it was."""

    what: str
    mean: float
    low: float
    high: float
    bar: Markup


@frozen
class Board:
    """The switches, and the figures of every combination in thousandths, by its number.

    A combination is None where two changes exclude each other, else for each outcome (mean, low,
    high); ``held`` the share of Worlds in which all of its changes took hold.
    """

    switches: tuple[str, ...]
    bars: tuple[Bar, ...]
    figures: tuple[tuple[tuple[int, int, int], ...] | None, ...]
    held: tuple[int, ...]
    n: int
    worlds: int
    used: int
    ess: float


def board_of(found: Switches) -> Board:
    """The switchboard."""
    was = found.as_it_was
    return Board(
        tuple(clean(one.asks) for one in found.questions),
        tuple(
            Bar(clean(outcome.target.what), one.mean, one.low, one.high, switch_bar(one.mean, one.low, one.high))
            for outcome, one in zip(found.outcomes, was.outcomes, strict=True)
        ),
        tuple(
            tuple((_mille(one.mean), _mille(one.low), _mille(one.high)) for one in setting.outcomes)
            if setting.outcomes or not found.outcomes else None
            for setting in found.settings
        ),
        tuple(_mille(setting.held) for setting in found.settings),
        found.n, found.worlds, found.used, found.ess,
    )  # fmt: skip


def _mille(share: float) -> int:
    return round(share * 1000)


# ── when was it decided? ────────────────────────────────────────────────────────────────────────


@frozen
class Course:
    """One outcome's probability over the calendar, and its largest step that is sure."""

    what: str
    first: float
    last: float
    drawing: Markup
    step: str


@frozen
class Turning:
    """How likely each outcome had become; ``rows`` the same as figures."""

    courses: tuple[Course, ...]
    rows: tuple[tuple[str, str, float, tuple[float, ...]], ...]
    few: str
    n: int


def turning_of(found: Turns | None, scenario: Scenario, speaker: Speaker) -> Turning | None:
    """The turning points; None where there are none."""
    if found is None or not found.turns or not found.outcomes:
        return None
    turns = found.turns
    names = [_decided(one, scenario.calendar, speaker) for one in turns]
    courses = []
    for place, outcome in enumerate(found.outcomes):
        line = [Chance.of(one.outcomes[place].probability, one.ess) for one in turns]
        points = [
            (turn.minute / scenario.ends, one.mean, one.low, one.high)
            for turn, one, after in zip(turns, line, (*turns[1:], None), strict=True)
            if after is None or after.minute > turn.minute  # of one moment the last decision is drawn
        ]
        what = clean(outcome.target.what)
        courses.append(Course(what, line[0].mean, line[-1].mean, steps(points), _step(turns, line, names)))
    few = next((name for one, name in zip(turns, names, strict=True) if one.ess < FEW), "")
    rows = tuple(
        (*name.split(": ", 1), one.ess, tuple(each.probability for each in one.outcomes))
        for one, name in zip(turns, names, strict=True)
    )
    return Turning(tuple(courses), rows, few, found.n)  # type: ignore[arg-type]


def _decided(turn: Turn, calendar: Calendar, speaker: Speaker) -> str:
    when = day(calendar.local(turn.minute))
    if not turn.address:
        return f"{when}: before any decision"
    actor = turn.address.partition(".")[0]
    return f"{when}: {speaker.name(actor)}, {speaker.answer(turn.address, turn.chose)}"


def _step(turns: Sequence[Turn], line: Sequence[Chance], names: Sequence[str]) -> str:
    """The largest change from one decision to the next that more than a few runs are sure of."""
    best, said = 0.0, ""
    for place in range(1, len(turns)):
        before, after = line[place - 1], line[place]
        apart = after.low > before.high or after.high < before.low
        if apart and turns[place].ess >= FEW and abs(after.mean - before.mean) > best:
            best = abs(after.mean - before.mean)
            said = f"largest sure step {before.mean:.2f} to {after.mean:.2f}, {names[place]}"
    return said or "no step that is sure"


# ── rivals ──────────────────────────────────────────────────────────────────────────────────────


@frozen
class Account:
    """One rival account of an affair."""

    name: str
    posterior: float
    evidence: str
    choice: str
    bar: Markup


@frozen
class Rivalry:
    """The rival accounts of one affair, and whether the record decides between them."""

    topic: str
    verdict: str
    accounts: tuple[Account, ...]
    n: int
    versions: tuple[tuple[str, str, tuple[Note, ...]], ...]


def rivalry_of(found: Rivals, record: Record, speaker: Speaker, citations: Citations) -> Rivalry:
    """The accounts, the most probable first, and what sources say of the affair, side by side."""
    say = speaker.wording.of
    verdict = f"No verdict: {found.why_not}."
    if found.verdict:
        verdict = f"The record favours one account: {say(found.verdict)}."
    versions = []
    for conflict in record.conflicts:
        if found.topic.lower() in conflict.about.lower():
            for one in conflict.versions:
                by = speaker.name(one.by) if one.by else ""
                versions.append((clean(one.says), clean(by), citations.cited(one.cites)))
    return Rivalry(
        say(found.topic), clean(verdict),
        tuple(
            Account(
                clean(say(one.name)), one.posterior, _log(one.main.log_evidence, one.main.se),
                _log(one.main.choice, None), share_bar(one.posterior, one.prior),
            )
            for one in found.rivals
        ),
        found.n, tuple(versions),
    )  # fmt: skip


def _log(value: float | None, se: float | None) -> str:
    if value is None:
        return "none got through"
    return f"{value:.1f}" + (f" ± {se:.1f}" if se is not None else "")


# ── the record ──────────────────────────────────────────────────────────────────────────────────


@frozen
class Documented:
    """One fact of the record: what a replay does with it, and whether the draw has it."""

    id: str
    when: str
    what: str
    became: str
    claimant: str
    disputed: bool
    hit: bool | None
    notes: tuple[Note, ...]


def documented(
    record: Record, scenario: Scenario, draw: Sequence[Entry], speaker: Speaker, citations: Citations
) -> tuple[Documented, ...]:  # fmt: skip
    """The facts that the model uses, by date; claims with who makes them."""

    def order(fact: Fact) -> int:
        return -1 if fact.span.earliest is None else fact.span.earliest

    def one(fact: Fact) -> Documented:
        when = dates(record.calendar, fact.span.earliest, fact.span.latest)
        hit = happened(fact, scenario, draw).hit if fact.unfed and not fact.decisions else None
        claimant = fact.claimant and fact.claimant != NATURE.id and speaker.name(fact.claimant)
        return Documented(
            fact.id, when, clean(fact.what), BECAME[fact.kind], clean(claimant or ""),
            fact.certainty == "disputed", hit, citations.of([fact]),
        )  # fmt: skip

    return tuple(one(fact) for fact in sorted(record.facts, key=order) if not fact.background)
