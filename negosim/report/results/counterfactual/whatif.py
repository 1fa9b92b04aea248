"""A what-if as a reader sees it: the answer, both courses where they part, what carries the answer."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen
from rich.table import Table
from rich.text import Text

from negosim.lab.counterfactual.alignment import aligned
from negosim.report.results.comparison import is_common
from negosim.report.terminal.glyphs import sign_of
from negosim.report.terminal.line import Line
from negosim.report.terminal.timeline_rows import (
    BETWEEN_THE_LINES,
    TOLD_KINDS,
    facts_of,
    wording_of,
)
from negosim.report.wording.key import FOLLOWS, SIMULATED, TOLD, key
from negosim.report.wording.numbers import date, draws, many
from negosim.report.wording.phrases import listed, percent, points, quoted
from negosim.report.wording.sentences import Speaker
from negosim.report.wording.text import clean, cut
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.core.events import Entry
    from negosim.inference.estimates import Estimate
    from negosim.lab.counterfactual.whatif_result import (
        Assumption,
        Conditions,
        OutcomeAnswer,
        Pair,
        WhatIfResult,
    )
    from negosim.record import Fact
    from negosim.report.results import Rows

Parting: TypeAlias = "tuple[int, Entry | None, Entry | None]"
"""A row where two courses part: the minute, and the move in either, None where it has none."""
HALF = 0.5
EVEN = (0.35, 0.65)
"""A probability whose interval lies here, with one half inside, is about as likely as not."""
LARGE, SMALL = 0.9, 0.1
"""From where a probability is called almost certain, and below which hardly possible."""
PARTING_ROWS = 5
"""Rows of both courses on the first screen."""
LINES, DATE_CELLS, RAGGED = 2, 9, 12
"""Lines of such a row; cells of its date; cells that its lines lose where words do not break evenly."""
FIGURES_CELLS = 46
"""Cells of the figures beside an outcome."""


# ── the sentence ────────────────────────────────────────────────────────────────────────────────


def sentence(answer: WhatIfResult) -> str:
    """What the change makes of the outcome asked about, as strongly as its interval allows."""
    if answer.refused:
        return f"This model gives no answer: {answer.refused}."
    if not answer.outcomes:
        return "This model gives no answer: no outcome was asked about."
    if answer.conditions.already == 1 and not answer.conditions.affected:
        return "Nothing was changed: in every simulated course the actor chose what is forced anyway."
    outcome = answer.outcomes[0]
    with_change, without = percent(outcome.with_change.mean), percent(outcome.without.mean)
    figures = f"{with_change} of simulated courses ({interval(outcome.with_change)}), {without} without it"
    if outcome.settled == "not settled":
        return f"This model does not settle whether the change matters to {quoted(outcome.what)}: {figures}."
    rough = " (rough)" if outcome.settled == "rough" else ""
    found = f"{quoted(outcome.what)} {_strength(outcome)}{rough}"
    return f"In the model of {answer.scenario}, with the change, {found}: {figures}."


def _strength(outcome: OutcomeAnswer) -> str:
    """The side of one half where the interval lies on one, else the direction, else neither."""
    changed = outcome.with_change
    if changed.low > HALF:
        return f"would {'almost certainly' if changed.low > LARGE else 'probably'} have happened"
    if changed.high < HALF:
        return f"would {'almost certainly' if changed.high < SMALL else 'probably'} not have happened"
    if outcome.difference.low <= 0 <= outcome.difference.high:
        return "is too close to call"
    if EVEN[0] <= changed.low and changed.high <= EVEN[1]:
        return "would have been about as likely as not"
    more = outcome.difference.low > 0
    return f"would have been {'more' if more else 'less'} likely, perhaps even {'likely' if more else 'unlikely'}"


def interval(estimate: Estimate) -> str:
    """The 95 % interval of a probability, in percent, kept within 0 and 100."""
    low, high = max(estimate.low, 0.0), min(estimate.high, 1.0)
    return f"95 %: {100 * low:.0f} to {100 * high:.0f}"


# ── the screen ──────────────────────────────────────────────────────────────────────────────────


def parts(answer: WhatIfResult, most: int | None = PARTING_ROWS) -> Iterator[RenderableType]:
    """The question, the guess that carries the answer, both courses (``most`` rows), the outcomes, the conditions."""
    yield Line(answer.asks)
    if not answer.refused:
        yield from (Line(words) for words in list(carrying(answer))[:1])
        if answer.pair is not None:
            yield from ("", Courses(answer.pair, most))
        yield from ("", Outcomes(answer))
    yield ""
    yield from (Line(f"Note: {warning}.") for warning in answer.warnings)
    yield Line(condition_line(answer.conditions), "dim")
    if not answer.refused:
        report = f"negosim report {answer.scenario} {answer.question} -o page.html"
        yield Line("All conditions: -v" + (f" · Next: {report}" if answer.question else ""))


def details(answer: WhatIfResult) -> Iterator[RenderableType]:
    """What ``-v`` adds besides all rows of both courses: every assumption, all conditions."""
    if not answer.refused:
        yield from _figures(answer)
    yield from _all_conditions(answer.conditions)


def _figures(answer: WhatIfResult) -> Iterator[RenderableType]:
    yield from (Line(words) for words in list(carrying(answer))[1:])
    for assumption in answer.assumptions:
        yield Line(f"{assumption.name}: slope {assumption.slope:+.2f} per log unit. {assumption.note}")
    for outcome in answer.outcomes:
        if outcome.pn is not None:
            yield Line(
                f"{quoted(outcome.what)}: probability of necessity {percent(outcome.pn.mean)} (how often the change "
                "undoes it, in the courses in which it happened as documented)"
            )
        if outcome.independent is not None:
            yield Line(
                f"{quoted(outcome.what)}: difference {points(outcome.independent.mean)} points where altered decisions "
                "draw chance of their own"
            )


def _all_conditions(conditions: Conditions) -> Iterator[RenderableType]:
    if conditions.plausibility is not None:
        mean, low, high = conditions.plausibility
        yield Line(
            f"Plausibility of the change: the model gave the forced answer a probability of {percent(mean)} "
            f"(10 to 90 %: {percent(low)} to {percent(high)})."
        )
    yield Line(f"Conditioned on {listed(list(conditions.decisions)) or 'no decision'}", "dim")
    yield Line(f"and on the facts {listed(list(conditions.facts)) or 'none'}.", "dim")
    tail = "not estimated" if conditions.pareto_k is None else f"{conditions.pareto_k:.2f}"
    yield Line(
        f"{conditions.n} courses from {conditions.islands} islands, {draws(conditions.ess)}, "
        f"Pareto k {tail} (above .7 weights cannot be trusted), random seed {conditions.seed}.", "dim",
    )  # fmt: skip


def carrying(answer: WhatIfResult) -> Iterator[str]:
    """The guesses of the author that carry the answer, the largest in a sentence of its own."""
    if not answer.assumptions:
        return
    first, *others = answer.assumptions
    low, high = map(points, first.halved_interval)
    difference = answer.outcomes[0].difference.mean
    yield (
        f"It rests mostly on one guess of the author: {weight_in_words(first, answer)}. With half of it the "
        f"difference would be about {points(first.halved)} points ({low} to {high}) instead of {points(difference)}."
    )
    if others:
        rest = listed([f"{weight_in_words(guess, answer)} ({points(guess.halved)})" for guess in others])
        yield f"Then on {rest}."


def weight_in_words(assumption: Assumption, answer: WhatIfResult) -> str:
    """A preference weight as a noun phrase, its actor by name where the answer has a course to show."""
    known = {} if answer.pair is None else answer.pair.scenario.table.actors
    actor = known[assumption.actor].name if assumption.actor in known else assumption.actor
    return f"how much {actor} cares about {assumption.attribute.replace('-', ' ')}"


def condition_line(conditions: Conditions) -> str:
    """One line: what the answer is conditioned on and how much it rests on."""
    return (
        f"Given {many(len(conditions.decisions), 'documented decision')} and {many(len(conditions.facts), 'fact')}; "
        f"{draws(conditions.ess)} (as much as so many independent ones tell). Intervals count the luck of the draw "
        "alone."
    )


@frozen
class Outcomes:
    """Every outcome without and with the change, and the difference in words."""

    answer: WhatIfResult

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per outcome."""
        plain, width = options.ascii_only, max(options.max_width - FIGURES_CELLS, 12)
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold underline")
        for heading in ("outcome", ">without", ">with", "difference in points (95 %)"):
            table.add_column(heading.removeprefix(">"), justify="right" if heading[0] == ">" else "left")
        for outcome in self.answer.outcomes:
            table.add_row(
                printable(cut(clean(outcome.what.rstrip(".")), width, plain=plain), plain=plain),
                f"{'fixed ' if outcome.fixed else ''}{percent(outcome.without.mean)}",
                percent(outcome.with_change.mean), difference_in_words(outcome),
            )  # fmt: skip
        yield table
        if any(outcome.fixed for outcome in self.answer.outcomes):
            yield Text("fixed: the evidence decides it without the change, so it is no estimate", "dim")


def difference_in_words(outcome: OutcomeAnswer) -> str:
    """The difference with its interval, or that there is no clear one."""
    difference = outcome.difference
    low, high = max(difference.low, -1.0), min(difference.high, 1.0)
    words = f"{points(difference.mean)} ({points(low)} to {points(high)})"
    if outcome.settled == "not settled":
        words = f"too imprecise ({points(low)} to {points(high)})"
    elif low <= 0 <= high:
        words = f"no clear difference ({points(low)} to {points(high)})"
    return words


# ── both courses ────────────────────────────────────────────────────────────────────────────────


@frozen
class Courses:
    """History left, one course with the change right, where they part; ``most`` rows, None for all.

    Left are the record's own words where the course bears out a fact; every other move is simulated
    and marked so.
    """

    pair: Pair
    most: int | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A heading, a row per difference, how many more there are, the key."""
        plain, scenario = options.ascii_only, self.pair.scenario
        speaker = Speaker(scenario.table.actors, scenario.calendar, plain, wording_of(scenario))
        facts = facts_of(self.pair.factual, self.pair.record) if self.pair.record is not None else {}
        pairs = list(self._pairs())
        if not pairs:
            yield Text("The course shown is the same with the change.", "dim")
            return
        shown = _first(pairs, self.most)
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold underline")
        table.add_column("", width=7)
        table.add_column("as it was, one course", ratio=1)
        table.add_column("with the change, one course", ratio=1)
        most = None if self.most is None else LINES * (options.max_width - DATE_CELLS) // 2 - RAGGED
        for minute, factual, changed in shown:
            here, there = self._cell(factual, facts, speaker, most), self._cell(changed, {}, speaker, most)
            table.add_row(date(scenario.calendar, minute), here, there)
        yield table
        if len(pairs) > len(shown):
            yield Text(f"{many(len(pairs) - len(shown), 'more row')} with -v", "dim")
        yield key((TOLD, FOLLOWS, SIMULATED), plain=plain)

    def _pairs(self) -> Iterator[Parting]:
        """The moves that are not common to both courses, those of one day side by side."""
        local = self.pair.scenario.calendar.local
        days: dict[dt.date, tuple[list[Entry], list[Entry]]] = {}
        for row in aligned(self.pair.factual, self.pair.counterfactual):
            if not is_common(row):
                for side, entry in enumerate((row.factual, row.twin)):
                    if entry is not None and _is_move(entry):
                        days.setdefault(local(entry.minute).date(), ([], []))[side].append(entry)
        for _, (here, there) in sorted(days.items()):
            minute = min(entry.minute for entry in (*here, *there))
            for factual, changed in zip_longest(here, there):
                yield minute, factual, changed

    def _cell(
        self, entry: Entry | None, facts: Mapping[int, tuple[Fact, ...]], speaker: Speaker, most: int | None
    ) -> Text:
        """A fact in the record's words, a simulated move marked so, or a dash; in ``most`` cells, None for all."""
        if entry is None:
            return Text("-", "dim")
        fact = next(iter(facts.get(entry.index, ())), None)
        if fact is not None:
            what = clean(fact.what.rstrip("."))
            what = what if most is None else cut(what, max(most - len(fact.id) - 3, 12), plain=speaker.plain)
            words = printable(what, plain=speaker.plain)
            mark = TOLD if fact.kind in TOLD_KINDS else FOLLOWS
            return Text.assemble(mark.text(plain=speaker.plain), " ", words, (f" [{fact.id}]", "dim"))
        move = speaker.sentence(entry.event, sign_of(entry.event).style)
        if most is not None and move.cell_len > most:
            move.truncate(most - 3)
            move.append("..." if speaker.plain else "…")
        move.stylize("italic")
        return Text.assemble(SIMULATED.text(plain=speaker.plain), " ", move)


def _first(pairs: list[Parting], most: int | None) -> list[Parting]:
    """The first ``most`` rows; where the change only takes away in them, its first two moves come last."""
    if most is None or len(pairs) <= most:
        return pairs
    first, rest = pairs[:most], pairs[most:]
    if any(changed is not None for _, _, changed in first):
        return first
    added = [parting for parting in rest if parting[2] is not None][:2]
    return [*first[: most - len(added)], *added]


def _is_move(entry: Entry) -> bool:
    """Whether an entry is shown: choices and deliveries are steps of moves."""
    return not isinstance(entry.event, BETWEEN_THE_LINES)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def rows(answer: WhatIfResult) -> Rows:
    """One per outcome; none where there is no answer."""
    if answer.refused:
        return []
    return [{"question": answer.question, **outcome.to_json()} for outcome in answer.outcomes]
