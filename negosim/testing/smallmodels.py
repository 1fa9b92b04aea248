"""Small models drawn at random, and their exact answers by enumeration.

Two to five actors take binary or ternary decisions one after the other; each weighs what it has
heard of some earlier ones. Binary menus are unordered, ternary ones ordered, so that the joint law
of a choice and its twin is in both cases the overlap of two partitions of the unit interval.
"""

from __future__ import annotations

from datetime import datetime
from itertools import product
from math import fsum, prod
from typing import TYPE_CHECKING

from attrs import frozen
from hypothesis import strategies as st

from negosim.core.actors import Actor, public
from negosim.core.events import Happened
from negosim.core.time import Calendar
from negosim.inference.causation import Triple
from negosim.inference.filter.items import Item, in_order
from negosim.record.dates import Span
from negosim.record.model import Pattern, Target
from negosim.sim.chance import Imposition
from negosim.sim.decisions import Choice, Decision, Weight, because
from negosim.sim.noise import softmax
from negosim.sim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from negosim.core.views import View
    from negosim.sim.seat import Part, Seat
    from negosim.sim.waiting import Play

PEOPLE = tuple(Actor(name, name.title()) for name in ("ann", "bob", "cat", "dan", "eve"))
GAP = 100
WEIGHT = 4500
"""The mean of every preference weight, in thousandths."""
"""Minutes between two decisions."""


class Two(Choice):
    """A binary menu."""

    A = "a"
    B = "b"


class Three(Choice):
    """A ternary menu."""

    A = "a"
    B = "b"
    C = "c"


@frozen
class Node:
    """One decision: who takes it, from how many answers, and what earlier answers add.

    ``base`` are attributes in thousandths by answer; ``pulls`` adds some, by answer, where the
    earlier decision of that number was not its first answer.
    """

    actor: int
    base: tuple[int, ...]
    pulls: tuple[tuple[int, tuple[int, ...]], ...]

    def utilities(self, taken: Sequence[int], weight: int = WEIGHT) -> list[int]:
        """In millionths, given what was taken before and the actor's preference weight."""
        total = list(self.base)
        for number, pull in self.pulls:
            if taken[number]:
                total = [have + more for have, more in zip(total, pull, strict=True)]
        return [weight * utility for utility in total]


@frozen
class Model:
    """Decisions in their order, which of them are documented (and as what), and what is changed.

    The last decision is the outcome: whether it comes out as its first answer.
    """

    nodes: tuple[Node, ...]
    seen: tuple[tuple[int, int], ...]
    changed: tuple[int, int]
    unsure: int = 0
    """The standard deviation, in thousandths, of everybody's preference weight around one."""

    @property
    def scenario(self) -> Scenario:
        """The model as it is played."""
        decisions = [_decision(self, place) for place in range(len(self.nodes))]
        parts = [_part(place, one) for place, one in enumerate(decisions)]
        people = tuple(PEOPLE[number] for number in sorted({node.actor for node in self.nodes}))
        cast = {
            person: tuple(
                part for part, node in zip(parts, self.nodes, strict=True) if PEOPLE[node.actor] is person
            )
            for person in people
        }
        return Scenario(
            "small",
            "A small model",
            Calendar(datetime(2024, 1, 1), "UTC"),
            GAP * (len(self.nodes) + 1),
            people,
            channels=(public(*people, id="street"),),
            cast=cast,
            decisions=tuple(decisions),
            weights={
                person: {"utility": Weight(WEIGHT, self.unsure, "how much the attribute counts")}
                for person in people
            },
        )

    def items(self, decisions: int | None = None) -> tuple[Item, ...]:
        """What is documented: the first so many as decisions (None: all), the others as outcomes that must follow."""
        return in_order(self._item(number, decisions) for number in range(len(self.seen)))

    def _item(self, number: int, decisions: int | None) -> Item:
        (place, taken), last = self.seen[number], GAP * (len(self.nodes) + 1) - 1
        if decisions is None or number < decisions:
            address = self.address(place)
            imposition = Imposition(address, _slug(taken), 0, last)
            return Item(name=address, due=GAP * (place + 1), imposition=imposition)
        return Item(name=f"d{place}", due=GAP * (place + 1), fact=self.came(place, taken))

    def came(self, place: int, taken: int) -> Target:
        """That a decision came out so, as an outcome."""
        span, what = Span(0, GAP * (len(self.nodes) + 1) - 1, "interval", text="any time"), f"d{place}-{_slug(taken)}"
        return Target(
            id=what,
            what=what,
            span=span,
            cites=(),
            expect=(Pattern(event="happened", span=span, what=what),),
        )

    @property
    def outcome(self) -> Target:
        """That the last decision comes out as its first answer."""
        return self.came(len(self.nodes) - 1, 0)

    def address(self, place: int) -> str:
        """Where a decision stands."""
        return f"{PEOPLE[self.nodes[place].actor]}.d{place}[k]"


def _decision(model: Model, place: int) -> Decision[Choice]:
    node = model.nodes[place]
    menu: type[Choice] = Two if len(node.base) == 2 else Three
    return Decision(
        PEOPLE[node.actor], f"d{place}",
        {answer: because("author", utility=_reason(node, number)) for number, answer in enumerate(menu)},
        ordered=menu is Three,
    )  # fmt: skip


def _reason(node: Node, answer: int) -> Callable[[View], int]:
    def read(view: View) -> int:
        total = node.base[answer]
        for number, pull in node.pulls:
            if view.last(Happened, what=f"d{number}-a") is None:
                total += pull[answer]
        return total

    return read


def _part(place: int, decision: Decision[Choice]) -> Part:
    def part(seat: Seat) -> Play:
        yield from seat.pause(until=GAP * (place + 1))
        answer = yield from seat.choose(decision, "k")
        seat.happen(f"d{place}-{answer.slug}")

    return part


def _slug(answer: int) -> str:
    return "abc"[answer]


# ── by enumeration ──────────────────────────────────────────────────────────────────────────────


@frozen
class Answers:
    """Exact answers: the evidence's probability, the outcome given it without and with the change."""

    evidence: float
    factual: float
    counterfactual: float


def enumerate_all(
    model: Model, seen: dict[int, int], forced: dict[int, int], weights: Mapping[int, int] | None = None
) -> Iterator[tuple[float, tuple[int, ...], tuple[int, ...]]]:
    """Every pair of paths (factual, twin) that agrees with what is seen, with its probability.

    ``weights`` are the actors' preference weights in thousandths (default: all one).
    """
    stack: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = [(1.0, (), ())]
    while stack:
        p, here, there = stack.pop()
        place = len(here)
        if place == len(model.nodes):
            yield p, here, there
            continue
        node = model.nodes[place]
        weight = (weights or {}).get(node.actor, WEIGHT)
        ours, theirs = _ends(node.utilities(here, weight)), _ends(node.utilities(there, weight))
        for answer in range(len(node.base)):
            if seen.get(place, answer) != answer:
                continue
            low, high = ours[answer], ours[answer + 1]
            if place in forced:
                stack.append((p * (high - low), (*here, answer), (*there, forced[place])))
                continue
            for other in range(len(node.base)):
                overlap = min(high, theirs[other + 1]) - max(low, theirs[other])
                if overlap > 0:
                    stack.append((p * overlap, (*here, answer), (*there, other)))


def _ends(utilities: Sequence[int]) -> list[float]:
    """The partition of the unit interval; of a binary Gumbel choice too, whose coupling is monotone."""
    ends = [0.0]
    for share in softmax(utilities):
        ends.append(ends[-1] + share)
    return [*ends[:-1], 1.0]


def answers(model: Model) -> Answers:
    """The exact answers of a model; over unsure preference weights by Gauss-Hermite quadrature."""
    pairs = [
        (share * p, here, there)
        for share, weights in _grid(model)
        for p, here, there in enumerate_all(model, dict(model.seen), dict([model.changed]), weights)
    ]
    total = fsum(p for p, _, _ in pairs)
    return Answers(
        total,
        fsum(p for p, here, _ in pairs if here[-1] == 0) / total,
        fsum(p for p, _, there in pairs if there[-1] == 0) / total,
    )


# Abscissae and weights of the seven-point rule for a standard normal law.
_HERMITE = (
    (-3.750439717725742, 0.000548268855972), (-2.366759410734541, 0.030757123967586),
    (-1.154405394739968, 0.240123178605013), (0.0, 0.457142857142857), (1.154405394739968, 0.240123178605013),
    (2.366759410734541, 0.030757123967586), (3.750439717725742, 0.000548268855972),
)  # fmt: skip


def _grid(model: Model) -> Iterator[tuple[float, dict[int, int]]]:
    """Sets of preference weights with their prior shares."""
    actors = sorted({node.actor for node in model.nodes})
    rule = _HERMITE if model.unsure else ((0.0, 1.0),)
    for points in product(rule, repeat=len(actors)):
        yield prod(share for _, share in points), {
            actor: round(WEIGHT + model.unsure * x) for actor, (x, _) in zip(actors, points, strict=True)
        }


def causes(model: Model) -> tuple[list[Triple], list[float]]:
    """Every free path as a triple with its probability: the first answer where it is changed, and not.

    Only for a binary decision changed to its second answer.
    """
    place, _ = model.changed
    triples, weights = [], []
    for which in (0, 1):
        for p, here, there in enumerate_all(model, {place: which}, {place: 1 - which}):
            y, twin = here[-1] == 0, there[-1] == 0
            triples.append(Triple(which == 0, y, y if which == 0 else twin, twin if which == 0 else y))
            weights.append(p)
    return triples, weights


# ── drawing them ────────────────────────────────────────────────────────────────────────────────


@st.composite
def _models(draw: DrawFn, unsure: int) -> Model:
    people, count = draw(st.integers(2, 3 if unsure else 5)), draw(st.integers(3, 5 if unsure else 8))
    size = st.integers(-330, 330)  # a decision and two pulls stay within what a reason may be
    nodes = []
    for place in range(count):
        answers_ = draw(st.sampled_from([2, 2, 3]))
        row = st.tuples(*[size] * answers_)
        parents = draw(st.lists(st.integers(0, place - 1), unique=True, max_size=2)) if place else []
        nodes.append(
            Node(
                draw(st.integers(0, people - 1)),
                draw(row),
                tuple((parent, draw(row)) for parent in parents),
            )
        )
    places = draw(st.lists(st.integers(0, count - 2), unique=True, min_size=1, max_size=3))
    seen = tuple((place, draw(st.integers(0, len(nodes[place].base) - 1))) for place in sorted(places))
    changed = draw(st.integers(0, count - 2))
    taken = dict(seen).get(changed, 0)
    return Model(tuple(nodes), seen, (changed, (taken + 1) % len(nodes[changed].base)), unsure)


def models(*, unsure: int = 0) -> SearchStrategy[Model]:
    """Any small model; its preference weights have a standard deviation of ``unsure`` thousandths.

    Those with unsure weights have two or three actors, so that enumeration stays brief.
    """
    return _models(unsure)
