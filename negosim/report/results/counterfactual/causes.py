"""Causes on the screen: on which choices an outcome hung, in how many courses, and what each change adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from negosim.core.address import Address
from negosim.inference.estimates import ROUGH_BELOW
from negosim.report.terminal.line import Line
from negosim.report.terminal.tables import table
from negosim.report.terminal.timeline_rows import wording_of
from negosim.report.wording.numbers import many
from negosim.report.wording.phrases import (
    listed,
    listed_first,
    percent,
    points,
    quoted,
    share_range,
)
from negosim.report.wording.sentences import Speaker, words_of
from negosim.report.wording.text import told as printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.inference.estimates import Estimate
    from negosim.lab.counterfactual.causes_result import Cause, Causes
    from negosim.report.results import Rows

MOST = 8
"""Choices on the first screen."""
HALF = 0.5
KEY = (
    "alone: another answer, on the same chance, undoes the outcome · changes it: so, or with one or two later choices "
    "held as they were"
)
SHARE = "share: its Shapley value, what it adds to the others, averaged over all orders"


# ── the sentence ────────────────────────────────────────────────────────────────────────────────


def sentence(answer: Causes) -> str:
    """On which choice the outcome hung most, as strongly as the interval allows."""
    came = "came about" if answer.happened else "did not come about"
    first = next(iter(answer.causes), None)
    if first is None or first.cause.low <= 0:
        decided = f"no single choice clearly decided that {quoted(answer.what)} {came}"
        return f"In the model of {answer.scenario.name} {decided}."
    figures = f"{percent(first.cause.mean)} of simulated courses (95 %: {_range(first.cause)})"
    how = "" if first.alone.mean == first.cause.mean else ", some of them only with later choices held as they were"
    often = "mostly" if first.cause.low > HALF else "in part"
    alike = [cause for cause in answer.causes if percent(cause.cause.mean) == percent(first.cause.mean)]
    speaker = _speaker(answer)
    if len(alike) == 1:
        choices = f"one choice: {_as_made(speaker, first)}"
    else:
        choices = f"each of {len(alike)} choices ({listed_first(_choice(speaker, cause.address) for cause in alike)})"
    return (
        f"In the model of {answer.scenario.name}, whether {quoted(answer.what)} hung {often} on {choices}. It {came}; "
        f"the other answer would have changed that in {figures}{how}."
    )


def _as_made(speaker: Speaker, cause: Cause) -> str:
    """Whose choice it is, about what, and how it was made: ``the crown: reply on toll, “accepts” and not “waits”``."""
    taken, instead = (quoted(speaker.answer(cause.address, answer)) for answer in (cause.taken, cause.instead))
    return f"{_choice(speaker, cause.address)}, {taken} and not {instead}"


def _choice(speaker: Speaker, address: str) -> str:
    place = Address.of(address)
    key = f" on {words_of(place.key)}" if place.key else ""
    if place.is_natural:
        return f"chance ({words_of(place.decision)}{key})"
    return f"{speaker.name(place.actor)}: {words_of(place.decision)}{key}"


def _speaker(answer: Causes, *, plain: bool = False) -> Speaker:
    scenario = answer.scenario
    return Speaker(scenario.table.actors, scenario.calendar, plain, wording_of(scenario))


def _range(estimate: Estimate) -> str:
    return share_range(max(estimate.low, 0.0), min(estimate.high, 1.0))


# ── the screen ──────────────────────────────────────────────────────────────────────────────────


def parts(answer: Causes) -> Iterator[RenderableType]:
    """The choices, what each change of a question adds, the conditions, the next command."""
    if answer.causes:
        yield from ("", Choices(answer, MOST))
    if answer.shares:
        yield from ("", Shares(answer))
    yield ""
    if answer.none_found.mean > 0:
        yield Line(
            f"In {percent(answer.none_found.mean)} of the courses no choice was a cause, even with two later ones held."
        )
    if answer.failing:
        yield Line(f"Note: no simulated course bears out {', '.join(answer.failing)}.")
    rough = " (rough)" if answer.ess < ROUGH_BELOW else ""
    yield Line(
        f"{many(answer.n, 'simulated course')} that the record leaves possible, {answer.ess:.0f} effective{rough}; in "
        f"{percent(answer.as_documented.mean)} of them the outcome is the documented one.", "dim",
    )  # fmt: skip
    first = next(iter(answer.causes), None)
    if first is not None:
        yield Line(f"Next: negosim whatif {answer.scenario.name} --do '{first.address}={first.instead}'")


def details(answer: Causes) -> Iterator[RenderableType]:
    """What ``--all`` adds: every choice with its address, and the later choices that were held."""
    rows = table("choice", ">alone", ">cause", ">responsibility", "held")
    for cause in answer.causes:
        rows.add_row(
            f"{cause.address}={cause.taken} not {cause.instead}", percent(cause.alone.mean), percent(cause.cause.mean),
            f"{cause.responsibility.mean:.2f}", listed(cause.held),
        )  # fmt: skip
    yield from ("", rows)


@frozen
class Choices:
    """The choices, at most ``most``: as they were, how often a cause, and the responsibility."""

    answer: Causes
    most: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A row per choice, and what the columns mean."""
        plain, causes = options.ascii_only, self.answer.causes
        speaker = _speaker(self.answer, plain=plain)
        held = any(cause.alone.mean != cause.cause.mean for cause in causes)
        rows = table("choice", "as it was, and not", *([">alone"] if held else []), ">changes it", "(95 %)")
        for cause in causes[: self.most]:
            words = f"{_choice(speaker, cause.address)}{f' [{cause.fact}]' if cause.fact else ''}"
            taken, instead = (speaker.answer(cause.address, answer) for answer in (cause.taken, cause.instead))
            rows.add_row(
                printable(words, plain=plain), printable(f"{taken}; {instead}", plain=plain),
                *([percent(cause.alone.mean)] if held else []), percent(cause.cause.mean), _range(cause.cause),
            )  # fmt: skip
        yield rows
        if len(causes) > self.most:
            yield Text(f"{many(len(causes) - self.most, 'more choice')} with --all", "dim")
        if held:
            yield printable(KEY, plain=plain, style="dim")


@frozen
class Shares:
    """What each change of a question has in its effect."""

    answer: Causes

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The whole difference, then a row per change."""
        plain, whole = options.ascii_only, self.answer.difference
        if whole is not None:
            words = f"{self.answer.asks} All changes together: {_points(whole)} for {quoted(self.answer.what)}."
            yield printable(words, plain=plain)
        rows = table("change", ">its share in points (95 %)")
        for share in self.answer.shares:
            rows.add_row(printable(share.change, plain=plain), _points(share.share))
        yield rows
        yield printable(SHARE, plain=plain, style="dim")


def _points(estimate: Estimate) -> str:
    return f"{points(estimate.mean)} ({points(max(estimate.low, -1.0))} to {points(min(estimate.high, 1.0))})"


# ── rows ────────────────────────────────────────────────────────────────────────────────────────


def rows(answer: Causes) -> Rows:
    """One per choice."""
    return [
        {
            "outcome": answer.outcome, "address": cause.address, "taken": cause.taken, "instead": cause.instead,
            "alone": cause.alone.mean, "cause": cause.cause.mean, "low": cause.cause.low, "high": cause.cause.high,
            "responsibility": cause.responsibility.mean, "held": ", ".join(cause.held),
        }
        for cause in answer.causes
    ]  # fmt: skip
