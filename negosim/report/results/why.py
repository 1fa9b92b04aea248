"""Why something happened: the tree of its causes to the roots, and choices explained.

Across a fork: why it did not happen, or otherwise, from there back to the change.
"""

from __future__ import annotations

from collections import deque
from math import exp, fsum
from typing import TYPE_CHECKING

from attrs import field, frozen
from rich.text import Text
from rich.tree import Tree

from negosim.core import events as e
from negosim.report.results.comparison import steps
from negosim.report.terminal.glyphs import sign_of
from negosim.report.wording.numbers import many, signed
from negosim.report.wording.phrases import percent
from negosim.report.wording.sentences import Speaker, Wording, day, words_of
from negosim.report.wording.text import isolated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, ConsoleOptions, RenderResult

    from negosim.core.actors import Actor
    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.counterfactual.alignment import Row
    from negosim.lab.counterfactual.explanation import Comparison


@frozen(kw_only=True)
class Why:
    """The causes of the entry ``index``, down to those that have none.

    ``weights`` are the preference weights of the run by actor and attribute, in thousandths;
    ``wording`` has the story's own words, ``imposed`` the addresses at which a record was imposed.
    An entry is told where the fewest steps lead to it, elsewhere named by its number. What is more
    than ``depth`` steps back is left out and counted; 0 leaves nothing out.
    """

    entries: tuple[Entry, ...]
    index: int
    actors: Mapping[str, Actor]
    calendar: Calendar
    weights: Mapping[str, Mapping[str, int]] = field(factory=dict)
    wording: Wording = field(factory=Wording)
    imposed: frozenset[str] = frozenset()
    depth: int = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """A tree, its root the entry asked about."""
        speaker = Speaker(self.actors, self.calendar, options.ascii_only, self.wording)
        root = Tree(self._line(self.entries[self.index], speaker), guide_style="dim")
        branches, told, cut = deque([(root, self.entries[self.index], 0)]), {self.index}, False
        while branches:
            branch, entry, steps_back = branches.popleft()
            if isinstance(entry.event, e.Chose):
                branch.add(self._how(entry.event))
                for line in reasons(entry.event, self.weights, speaker):
                    branch.add(line)
            if entry.causes and self.depth and steps_back >= self.depth:
                branch.add(Text("..." if speaker.plain else "…", "dim"))
                cut = True
                continue
            for cause in reversed(entry.causes):
                before = self.entries[cause]
                if cause in told:
                    branch.add(Text(f"see #{cause}", "dim italic"))
                else:
                    told.add(cause)
                    branches.append((branch.add(self._line(before, speaker)), before, steps_back + 1))
        yield root
        if cut:
            left = len(causes_of(self.entries, self.index)) - len(told)
            yield Text(
                f"{many(left, 'earlier cause')} left out, more than {many(self.depth, 'step')} back: ask why about an "
                "entry by its number, or with --depth 0 for all", "dim italic",
            )  # fmt: skip
        yield Text("reasons are the model's, weight times attribute; they are not reported motives", "dim")

    def _how(self, chose: e.Chose) -> Text:
        """Whether the record imposed the answer, and how probable the model found it."""
        share = chosen(chose, self.weights)
        free = f"the model gave this answer {percent(share)}, and chance drew it"
        words = f"told by the record; the model gave this answer {percent(share)}"
        return Text(words if chose.address in self.imposed else free, "italic dim")

    def _line(self, entry: Entry, speaker: Speaker) -> Text:
        local, sign = self.calendar.local(entry.minute), sign_of(entry.event)
        return Text.assemble(
            (f"{day(local)} {local:%H:%M} ", "dim"),
            (sign.mark(plain=speaker.plain), sign.style),
            " ",
            isolated(speaker.sentence(entry.event, sign.style)),
            (f"  #{entry.index}", "dim"),
        )


@frozen
class WhyNot:
    """Why an entry is missing from a twin, or otherwise in it: one step to a line, to the change.

    ``comparison`` is of the factual run and its twin, ``row`` the difference asked about.
    """

    comparison: Comparison
    row: Row
    actors: Mapping[str, Actor]
    calendar: Calendar
    wording: Wording = field(factory=Wording)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The difference, what it follows from, and so on; the last line is the change."""
        speaker = Speaker(self.actors, self.calendar, options.ascii_only, self.wording)
        chain = self.comparison.chain(self.row)
        lead = ""
        for link in chain:
            yield Text.assemble((lead, "dim italic"), self._step(link.row, speaker))
            lead = "  because nothing was heard of it: " if link.silence else "  because "
        if (origin := self.comparison.origin(chain[-1].row)) is not None:
            yield Text.assemble(("  because ", "dim italic"), ("of the change: ", "dim"), (str(origin), "bold"))

    def _step(self, row: Row, speaker: Speaker) -> Text:
        """A difference in a line: what it was in the factual run, and what became of it here."""
        entry = row.factual or row.twin
        if entry is None:
            return Text()
        sign = sign_of(entry.event)
        return Text.assemble(
            (f"{self._when(entry)} ", "dim"),
            (sign.mark(plain=speaker.plain), sign.style),
            " ",
            isolated(speaker.sentence(entry.event, sign.style)),
            (f": {self._became(row, speaker)}", "bold"),
        )

    def _became(self, row: Row, speaker: Speaker) -> str:
        was, now = row.factual, row.twin
        if was is None or now is None:
            return "only here" if was is None else "not here"
        if isinstance(now.event, e.Chose) and row.how == "otherwise":
            return f"here {speaker.answer(now.event.address, now.event.taken)}"
        return f"here {self._when(now)}" if was.minute != now.minute else "here of other causes"

    def _when(self, entry: Entry) -> str:
        local = self.calendar.local(entry.minute)
        return f"{day(local)} {local:%H:%M}"


def why_not_json(comparison: Comparison, row: Row, calendar: Calendar) -> list[dict[str, object]]:
    """The chain from a difference back to the change, as plain values."""
    chain = comparison.chain(row)
    origin = comparison.origin(chain[-1].row)
    found = steps(chain, calendar)
    return found if origin is None else [*found, {"how": "change", "change": str(origin)}]


def chosen(chose: e.Chose, weights: Mapping[str, Mapping[str, int]]) -> float:
    """The logit probability of the answer taken, from the weights and the attributes in the log."""
    weights_of = weights.get(chose.by, {})
    pulls = [sum(weights_of.get(name, 0) * value for name, value in row) for row in chose.attributes]
    top = max(pulls)
    odds = [exp((pull - top) / 1_000_000) for pull in pulls]
    return odds[chose.alternatives.index(chose.taken)] / fsum(odds)


def reasons(
    chose: e.Chose, weights: Mapping[str, Mapping[str, int]], speaker: Speaker
) -> list[Text]:
    """Each answer with what spoke for it, weight times attribute; the one taken comes first.

    Attributes that count nothing are left out.
    """
    weights_of = weights.get(chose.by, {})
    lines = []
    for answer, attributes in zip(chose.alternatives, chose.attributes, strict=True):
        parts = [(name, weights_of.get(name, 0) * value / 1000) for name, value in attributes]
        words = ", ".join(f"{words_of(name)} {signed(part)}" for name, part in parts if part)
        taken = answer == chose.taken
        line = Text.assemble(
            (speaker.answer(chose.address, answer), "bold" if taken else ""),
            f": {words or 'nothing counts'}",
            style="" if taken else "dim",
        )
        if len([part for _, part in parts if part]) > 1:
            line.append(f" = {signed(sum(part for _, part in parts))}")
        lines.append((not taken, line))
    return [line for _, line in sorted(lines, key=lambda dated: dated[0])]


def why_json(
    entries: tuple[Entry, ...], index: int, calendar: Calendar
) -> list[dict[str, object]]:
    """The entry and all its causes, newest first, as plain values."""
    return [
        {
            "index": at,
            "at": calendar.iso(entries[at].minute),
            "event": entries[at].event.name,
            "by": entries[at].event.by,
            "causes": list(entries[at].causes),
        }
        for at in sorted(causes_of(entries, index), reverse=True)
    ]


def causes_of(entries: tuple[Entry, ...], index: int) -> set[int]:
    """The index of an entry and of all its causes, to the roots."""
    wanted, found = [index], set[int]()
    while wanted:
        at = wanted.pop()
        if at not in found:
            found.add(at)
            wanted.extend(entries[at].causes)
    return found
