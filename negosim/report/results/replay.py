"""A replay on the screen: the finding in words, a line per fact, scores beside their baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen
from rich.padding import Padding
from rich.text import Text

from negosim.lab.replay.results import UNFED
from negosim.report.terminal.colours import AMBER, GREEN, RED
from negosim.report.terminal.tables import table
from negosim.report.wording.numbers import (
    NONE,
    bar,
    date,
    dates,
    hours,
    many,
    score,
    share,
)
from negosim.report.wording.phrases import rough
from negosim.report.wording.sentences import day
from negosim.report.wording.text import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from negosim.lab.replay.results import FactLine, Replay, Share
    from negosim.report.results import Rows

STYLES: Mapping[str, str] = {
    "given": "dim", "imposed": "", "inferred": "italic", "followed": f"bold {GREEN}",
    "mostly-fed": GREEN, "weak": AMBER, "missed": f"bold {RED}", "background": "dim",
}  # fmt: skip
SURPRISES = 5
KEY = """\
here: the date in the draw above, ✓ or ✗ whether as documented. model: how often the fact followed in
replays that knew only what was decided before it, with its standard error; base: the larger of two
baselines, actors that choose at random and actors that know only how the model usually answers each
question; <: under its base. followed: at least half, and at the 95 % lower bound more than .1 above
base; mostly fed: base .8 or more; missed: under .2; weak: the rest. reached: in time, weighted by the
choices before; chosen: the documented answer, given that.
"""
"""How to read the facts."""
_BAR = 10
DAY = 1440
_ROOM_FOR_WORDS = 110


def caption(replay: Replay) -> str:
    """What the timeline shows: one draw, and how it compares with the others."""
    draw = replay.draw
    return (
        f"one weighted draw, run {draw.key[:12]}: {draw.followed} of {draw.unfed} unfed facts "
        f"happened; draws: {draw.least} to {draw.most}"
    )


@frozen
class Facts:
    """One line per fact: what it was to the replay, its date, and its figures.

    Facts that are background stand together in the last line.
    """

    replay: Replay

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table, then the sentences on what is missed."""
        plain, wide = options.ascii_only, options.max_width >= _ROOM_FOR_WORDS
        rows = table("fact", "became", "documented", ">here", "share", ">model", ">base")
        if wide:
            rows.add_column("what", overflow="ellipsis", no_wrap=True)
        for one in self.replay.facts:
            if one.status != "background":
                words = [told(one.what, plain=plain)] if wide else []
                rows.add_row(*self._cells(one, plain=plain), *words, style=STYLES[one.status])
        yield rows
        yield Text(told(KEY, plain=plain).plain, "dim")
        yield from self._windows(plain=plain)
        yield from self._background()
        yield from self._explained(plain=plain)

    def _cells(self, one: FactLine, *, plain: bool) -> Iterator[RenderableType]:
        yield one.id
        yield one.status.replace("-", " ")
        yield told(self._documented(one), plain=plain)
        yield _here(one, self._at(one), plain=plain)
        if one.share is not None:
            yield bar(one.share.mean, one.baseline, _BAR, plain=plain)
            yield f"{share(one.share.mean)} {'+-' if plain else '±'}{share(one.share.se)}"
            yield _beside(one.share.mean, one.baseline)
        elif one.reached is not None:
            yield f"reached {share(one.reached)}"
            yield f"chosen {share(one.chosen)}"
            yield ""
        else:
            yield from ("", "", "")

    def _documented(self, one: FactLine) -> str:
        """When it is documented: in days, within one day in hours."""
        calendar = self.replay.calendar
        said = dates(calendar, one.earliest, one.latest)
        if not _in_hours(one) or one.earliest is None:
            return said
        return f"{date(calendar, one.earliest)} {hours(calendar, one.earliest, one.latest, whole_days=False)}"

    def _at(self, one: FactLine) -> str:
        """When it came in the draw, with the hour where hours were documented."""
        if one.at is None:
            return ""
        local = self.replay.calendar.local(one.at)
        return f"{day(local)} {local:%H}h" if _in_hours(one) else day(local)

    def _windows(self, *, plain: bool) -> Iterator[Text]:
        """The facts that are looked for on other days than they are documented for."""
        calendar = self.replay.calendar
        wider = [
            f"{one.id} {dates(calendar, *one.window)}"
            for one in self.replay.facts
            if one.window is not None and dates(calendar, *one.window) != dates(calendar, one.earliest, one.latest)
        ]
        if wider:
            yield Text(told(f"looked for on other days than documented: {', '.join(wider)}", plain=plain).plain, "dim")

    def _background(self) -> Iterator[Text]:
        ids = [one.id for one in self.replay.facts if one.status == "background"]
        if ids:
            yield Text(f"background: {' '.join(ids)}", "dim")

    def _explained(self, *, plain: bool) -> Iterator[RenderableType]:
        for one in self.replay.facts:
            if one.why and one.status in ("missed", "weak"):
                line = Text.assemble(
                    (f"{one.id} {one.status}, its author notes: ", STYLES[one.status]),
                    told(one.why, plain=plain),
                )
                yield Padding(line, (0, 0, 0, 0))


@frozen
class Scores:
    """Choice, timing and fact scores beside both baselines, false alarms and the sample size."""

    replay: Replay

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One small table."""
        one, give_or_take = self.replay, "+-" if options.ascii_only else "±"
        unfed = sum(fact.unfed for fact in one.facts)
        rows = table("score", ">model", ">random", ">blind", "of what")
        rows.add_row(
            "choices", f"{score(one.choice.model)} {give_or_take}{score(one.choice.se)}",
            score(one.choice.random), score(one.choice.blind),
            f"log probability of {many(len(one.imposed), 'imposed choice')}",
        )  # fmt: skip
        rows.add_row(
            "timing", f"{score(one.timing)} {give_or_take}{score(one.timing_se)}", "", "",
            "what weighing their dates adds",
        )  # fmt: skip
        rows.add_row(
            "facts", score(one.facts_score.model), score(one.facts_score.random),
            score(one.facts_score.blind), f"mean log score of {many(unfed, 'unfed fact')}",
        )  # fmt: skip
        rows.add_row(
            "alarms", f"{one.false_alarms:.2f}", "", "",
            "unrecorded events per replay",
        )  # fmt: skip
        rows.add_row("sample", f"{one.ess:.0f}", "", "", f"effective size of {one.n} replays")
        yield rows


@frozen
class Surprises:
    """The imposed choices that the model expected least."""

    replay: Replay
    most: int = SURPRISES

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table, the least expected first."""
        rows = table(">chosen", ">asked in time", "fact", "at", "taken")
        for one in self.replay.surprises[: self.most]:
            rows.add_row(
                share(one.chosen), f"{one.reached_in} of {self.replay.n}", one.fact,
                one.address, one.chose, style="italic" if one.inferred else "",
            )  # fmt: skip
        yield rows


@frozen
class TargetTable:
    """The targets in free runs: who hits each, and how many are hit on the mean."""

    replay: Replay

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A table with the mean in its last line."""
        plain, targets = options.ascii_only, self.replay.targets
        rows = table("target", "share", ">model", ">random", ">blind", "what")
        for one in targets.lines:
            rows.add_row(
                one.id, bar(one.model, max(one.random, one.blind), _BAR, plain=plain),
                share(one.model), share(one.random), share(one.blind),
                told(one.what, plain=plain),
            )  # fmt: skip
        mean = targets.mean
        rows.add_row(
            "sum", "", score(mean.model), score(mean.random), score(mean.blind),
            f"targets hit in a free run on average, of {len(targets.lines)}", style="bold",
        )  # fmt: skip
        yield rows


def sections(replay: Replay) -> Iterator[tuple[str, RenderableType]]:
    """The parts of a replay below its timeline, each with its heading."""
    yield "what became of the facts", Facts(replay)
    yield "how well it fits", Scores(replay)
    if replay.imposed:
        yield "most surprising choices", Surprises(replay)
    if replay.targets.lines:
        yield f"targets in {replay.targets.n} free runs", TargetTable(replay)


def _in_hours(one: FactLine) -> bool:
    """Whether a fact is documented for a part of a day."""
    return one.earliest is not None and one.latest is not None and one.latest - one.earliest < DAY - 1


def _beside(value: float, base: float | None) -> Text:
    """The baseline behind a sign that says on which side of it a share lies."""
    if base is None:
        return Text(NONE)
    sign = "=" if share(value) == share(base) else "<" if value < base else ">"
    return Text(f"{sign} {share(base)}", AMBER if sign == "<" else "")


def _here(one: FactLine, when: str, *, plain: bool) -> Text:
    """The date in the draw shown, with a sign whether it is as documented."""
    if one.hit is None:
        return Text(when or NONE)
    yes, no = ("Y", "N") if plain else ("✓", "✗")
    sign = (yes, GREEN) if one.hit else (no, RED)
    return Text.assemble(when, " ", sign) if when else Text.assemble(sign)


def sentence(replay: Replay) -> str:
    """How much of the record follows by itself."""
    unfed = [one for one in replay.facts if one.unfed]
    counts = {status: sum(one.status == status for one in unfed) for status in UNFED}
    if not unfed:
        return f"In this model nothing was left to follow: no fact of the record is unfed, {_imposed(replay)}."
    others = [(status.replace("-", " "), counts[status]) for status in UNFED[1:]]
    rest = ", ".join(f"{count} {status}" for status, count in others if count)
    those = f"{many(len(unfed), 'fact')} not fed, from {many(replay.clusters, 'cluster')}"
    follows = "followed" if counts["followed"] == len(unfed) else f"{counts['followed'] or 'none'} followed"
    return (
        f"In this model {follows} of {those}{f', {rest}' if rest else ''}; "
        f"{_imposed(replay)}, in {replay.n} replays worth {replay.ess:.0f}{rough(replay.ess)}."
    )


def _imposed(replay: Replay) -> str:
    inferred = sum(one.inferred for one in replay.imposed)
    return f"{many(len(replay.imposed), 'choice')} imposed{f' ({inferred} of them inferred)' if inferred else ''}"


def parts(answer: Replay) -> Iterator[RenderableType]:
    """Each part of a replay with its heading."""
    for heading, part in sections(answer):
        yield from ("", Text(heading, "bold"), part)


def rows(replay: Replay) -> Rows:
    """One per fact; a share stands in three columns: itself, its error, its effective sample."""
    found = []
    for one in replay.facts:
        row: dict[str, Any] = {}
        for name, value in asdict(one, recurse=False).items():
            if name in ("share", "random", "blind"):
                row.update(_share_columns(name, value))
            elif name in ("earliest", "latest", "at"):
                row[name] = None if value is None else replay.calendar.iso(value)
            else:
                row[name] = value
        found.append(row)
    return found


def _share_columns(name: str, share: Share | None) -> dict[str, float | None]:
    return {
        name: share.mean if share else None,
        f"{name}_se": share.se if share else None,
        f"{name}_ess": share.ess if share else None,
    }
