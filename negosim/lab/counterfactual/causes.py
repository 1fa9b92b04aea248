"""``causes``: on which choices did an outcome hang, in the worlds that the record leaves possible?

Estimand: the posterior share of Worlds in which a choice is a cause, by the modified definition of
Halpern (2015). A choice is a cause where another answer, on the same chance, undoes the outcome:
alone (a but-for cause), or else with one or two later choices held as they were (the witness), which
without that would have made good for it. Responsibility is 1 / (1 + choices held), by the smallest
witness that was found (Chockler and Halpern 2004), and 0 where there is none.

The changes of a question share its effect by their Shapley values (Shapley 1953): what each adds to
those before it, averaged over all orders in which they could be made.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import combinations
from math import factorial, fsum
from typing import TYPE_CHECKING, TypeVar, cast

from attrs import frozen

from negosim.core.errors import BadValue, NegosimError
from negosim.inference.conformance import is_borne_out
from negosim.inference.estimates import effective, estimate_of, share_of
from negosim.inference.evidence import impositions
from negosim.inference.pool import Pool
from negosim.lab.counterfactual.but_for import flips
from negosim.lab.counterfactual.causes_result import Cause, Causes, ChangeShare
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.sim.interventions import Decide
from negosim.sim.play import play
from negosim.stories.intervention_syntax import check_together, unused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from negosim.inference.estimates import Estimate
    from negosim.inference.filter.island import Draw
    from negosim.inference.pool import Progress
    from negosim.record.model import Target
    from negosim.sim.chance import Asked
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stores.contract import Store
    from negosim.stories.loading import Story, StoryRef
    from negosim.stories.questions import Outcome, Question

N = 100
"""Worlds that are looked into: each costs a run for every other answer to every choice."""
PARTICLES = 2000
"""Particles of the posterior they are of: those of a what-if."""
WITNESSES, TRIED = 2, 3
"""At most so many later choices are held, and so many that came out otherwise are tried for each."""
CHANGES_MAX = 6
"""Shapley values of k changes cost two to the k runs of each World."""

Value = TypeVar("Value")


@frozen
class Hinge:
    """A choice on which the outcome of one World hung; ``held`` are the later choices of its witness."""

    address: str
    taken: str
    instead: str
    held: tuple[str, ...] = ()

    @property
    def responsibility(self) -> float:
        """One for a but-for cause, a half with one choice held, a third with two."""
        return 1 / (1 + len(self.held))


@frozen
class Hinges:
    """What one World says: whether the outcome came as documented, on what that hung, and the question's worth.

    ``worth`` is the outcome with each set of the question's changes, the sets in the order of
    ``_subsets``; ``reached`` whether each change took hold.
    """

    as_documented: bool
    hinges: tuple[Hinge, ...]
    worth: tuple[float, ...]
    reached: tuple[bool, ...]
    addresses: tuple[str, ...]


def causes(
    story: Story, outcome: Outcome, question: Question | None = None, *, n: int = N, seed: int = 0, jobs: int = 2,
    store: Store | None = None, executor: Executor | None = None, progress: Progress | None = None,
) -> Causes:  # fmt: skip
    """The choices on which an outcome hung; with a ``question``, what each of its changes has in the effect.

    About ``n`` Worlds of the posterior that a what-if keeps, too, are looked into. Raises
    BadValue for a question of too many changes, UnusedChange when one took hold in no World,
    NegosimError where no World has the outcome as documented.
    """
    changes = () if question is None else question.changes
    check_together(changes, story.scenario)
    if len(changes) > CHANGES_MAX:
        raise BadValue(
            f"{len(changes)} changes have {2 ** len(changes)} combinations, too many to play\n"
            f"share out at most {CHANGES_MAX} at a time"
        )
    _, size = in_islands(PARTICLES)
    with Pool(jobs, executor, progress) as pool:
        conditioned = Conditioned(story=story, evidence=Evidence(), seed=seed, pool=pool, store=store, size=size)
        *_, (whole, _) = conditioned.growing(PARTICLES)
        posterior = whole.spread(n)
        tasks = [(story.ref, outcome, changes, [draw]) for draw in posterior.draws]
        found = [hinges for part in pool.map_ordered(look_into, tasks) for hinges in part]
    for place, change in enumerate(changes):
        if not any(hinges.reached[place] for hinges in found):
            raise unused(change, len(found), [address for hinges in found for address in hinges.addresses])
    sample = _Sample(found, posterior.weights, posterior.groups)
    if not any(hinges.as_documented for hinges in found):
        raise NegosimError(f"{outcome.id}: came out as documented in none of {len(found)} worlds\nlook into more (-n)")
    documented = {item.address: item.fact for item in impositions(story.documented)}
    return Causes(
        scenario=story.scenario, outcome=outcome.id, what=outcome.target.what, happened=outcome.happened,
        n=len(found), as_documented=sample.share([hinges.as_documented for hinges in found]),
        causes=sample.causes(documented), none_found=sample.none_found(),
        question="" if question is None else question.id, asks="" if question is None else question.asks,
        shares=sample.shares(changes), difference=sample.difference() if changes else None,
        failing=whole.failing, ess=sample.ess(),
        manifest={
            **conditioned.evidence.manifest(story, seed, size), "scenario": story.scenario.name, "worlds": n,
            "outcome": outcome.id, "changes": [str(change) for change in changes],
        },
    )  # fmt: skip


# ── one World ───────────────────────────────────────────────────────────────────────────────────


def look_into(ref: StoryRef, outcome: Outcome, changes: tuple[Change, ...], draws: Sequence[Draw]) -> list[Hinges]:
    """A task: these Worlds, in order."""
    scenario = ref.load().scenario
    return [_look_into(scenario, outcome, changes, draw) for draw in draws]


def _look_into(scenario: Scenario, outcome: Outcome, changes: tuple[Change, ...], draw: Draw) -> Hinges:
    until = min(outcome.last_minute, scenario.ends)
    judged = _Judged(scenario, outcome.target, int(until))
    run = play(scenario, draw.world, until=judged.until)
    came = judged.came(run)
    as_documented = came == outcome.happened
    twins = [judged.twin(run, subset) for subset in _subsets(changes)]
    reached = tuple(change.took_effect(twin) for change, twin in zip(changes, twins[1 : len(changes) + 1], strict=True))
    return Hinges(
        as_documented, tuple(_hinges(judged, run)) if as_documented else (),
        tuple(float(judged.came(twin)) for twin in twins), reached, tuple(asked.address for asked in run.asked),
    )  # fmt: skip


@frozen
class _Judged:
    """A scenario played up to the last minute that an outcome's pattern counts in."""

    scenario: Scenario
    target: Target
    until: int

    def came(self, run: Run) -> bool:
        return is_borne_out(self.target, self.scenario, run.entries)

    def twin(self, run: Run, changes: tuple[Change, ...]) -> Run:
        resolved = (change.ground(run) for change in changes)
        known = tuple(change for change in resolved if change is not None)
        return play(self.scenario, run.world, known, until=self.until) if known else run

    def decided(self, run: Run) -> int:
        """The minute from which on nothing can undo the outcome: that in which all it expects has come."""
        if not self.came(run) or self.target.beliefs or any(pattern.absent for pattern in self.target.expect):
            return self.until
        lengths = range(len(run.entries) + 1)
        first = bisect_left(
            lengths, 1, key=lambda length: int(is_borne_out(self.target, self.scenario, run.entries[:length]))
        )
        return run.entries[first - 1].minute


def _hinges(judged: _Judged, run: Run) -> Iterator[Hinge]:
    """The causes in one World, in the order of the choices."""
    last = judged.decided(run)
    for asked in run.asked:
        if asked.at <= last and (hinge := _hinge(judged, run, asked)) is not None:
            yield hinge


def _hinge(judged: _Judged, run: Run, asked: Asked) -> Hinge | None:
    """A choice as a cause of the outcome: alone, else with the smallest witness; None where it is none."""
    came, parted = judged.came(run), []
    for instead, twin in flips(judged.scenario, run, asked, until=judged.until):
        if isinstance(twin, NegosimError):
            continue
        if judged.came(twin) != came:
            return Hinge(asked.address, asked.taken, instead)
        parted.append((instead, twin))
    witnesses = ((instead, _witness(judged, run, asked, instead, twin)) for instead, twin in parted)
    helped = [Hinge(asked.address, asked.taken, instead, held) for instead, held in witnesses if held]
    return max(helped, key=lambda hinge: hinge.responsibility, default=None)


def _witness(judged: _Judged, run: Run, asked: Asked, instead: str, twin: Run) -> tuple[str, ...]:
    """The fewest later choices which, held as they were, let the other answer undo the outcome; none: nothing."""
    came, forced = judged.came(run), Decide(asked.address, instead)
    layer: list[tuple[tuple[Decide, ...], Run]] = [((), twin)]
    for _ in range(WITNESSES):
        deeper = []
        for held, parted in layer:
            for decide in _come_out_otherwise(run, parted, {asked.address, *(str(each.address) for each in held)}):
                more = (*held, decide)
                try:
                    next_twin = judged.twin(run, (forced, *more))
                except NegosimError:
                    continue
                if judged.came(next_twin) != came:
                    return tuple(str(each.address) for each in more)
                deeper.append((more, next_twin))
        layer = deeper
    return ()


def _come_out_otherwise(run: Run, twin: Run, settled: set[str]) -> list[Decide]:
    """The first choices of a run that its twin takes otherwise, as changes that hold them as they were."""
    taken = {asked.address: asked.taken for asked in twin.asked}
    held = [
        Decide(asked.address, asked.taken)
        for asked in run.asked
        if asked.address not in settled and taken.get(asked.address, asked.taken) != asked.taken
    ]
    return held[:TRIED]


# ── all Worlds ──────────────────────────────────────────────────────────────────────────────────


@frozen
class _Sample:
    """What the Worlds say, each with its weight and its island."""

    found: Sequence[Hinges]
    weights: Sequence[float]
    groups: Sequence[int]

    def share(self, hits: Sequence[bool]) -> Estimate:
        return share_of(self.weights, hits, self.groups)

    @property
    def _documented(self) -> _Sample:
        """The Worlds in which the outcome came as documented."""
        kept = [place for place, hinges in enumerate(self.found) if hinges.as_documented]
        return _Sample(
            [self.found[place] for place in kept], [self.weights[place] for place in kept],
            [self.groups[place] for place in kept],
        )  # fmt: skip

    def ess(self) -> float:
        """How many independent Worlds they are worth, for whether each choice is a cause."""
        addresses = dict.fromkeys(hinge.address for hinges in self.found for hinge in hinges.hinges)
        causes_of = [{hinge.address for hinge in hinges.hinges} for hinges in self.found]
        rows = [[float(address in causes) for causes in causes_of] for address in addresses]
        return effective(self.weights, rows, self.groups)

    def none_found(self) -> Estimate:
        """The share of them in which no choice is a cause."""
        sample = self._documented
        return sample.share([not hinges.hinges for hinges in sample.found])

    def causes(self, documented: dict[str, str]) -> tuple[Cause, ...]:
        """Every choice that is a cause anywhere, the most responsible first."""
        sample = self._documented
        rows = [{hinge.address: hinge for hinge in hinges.hinges} for hinges in sample.found]
        addresses = dict.fromkeys(address for row in rows for address in row)
        found = [sample._cause(address, [row.get(address) for row in rows], documented) for address in addresses]
        return tuple(sorted(found, key=lambda cause: -cause.responsibility.mean))

    def _cause(self, address: str, hinges: Sequence[Hinge | None], documented: dict[str, str]) -> Cause:
        known = [(hinge, weight) for hinge, weight in zip(hinges, self.weights, strict=True) if hinge is not None]
        return Cause(
            address=address, fact=documented.get(address, ""),
            taken=_commonest((hinge.taken, weight) for hinge, weight in known),
            instead=_commonest((hinge.instead, weight) for hinge, weight in known),
            held=_commonest(((hinge.held, weight) for hinge, weight in known if hinge.held), ()),
            alone=self.share([hinge is not None and not hinge.held for hinge in hinges]),
            cause=self.share([hinge is not None for hinge in hinges]),
            responsibility=estimate_of(
                self.weights, [0.0 if hinge is None else hinge.responsibility for hinge in hinges], self.groups
            ),
        )  # fmt: skip

    def difference(self) -> Estimate:
        """What all changes together make of the outcome."""
        return estimate_of(self.weights, [hinges.worth[-1] - hinges.worth[0] for hinges in self.found], self.groups)

    def shares(self, changes: tuple[Change, ...]) -> tuple[ChangeShare, ...]:
        """The Shapley value of each change, over the same Worlds."""
        rows = [_shapley(hinges.worth, len(changes)) for hinges in self.found]
        return tuple(
            ChangeShare(str(change), estimate_of(self.weights, [row[place] for row in rows], self.groups))
            for place, change in enumerate(changes)
        )


def _commonest(weighed: Iterable[tuple[Value, float]], nothing: Value | None = None) -> Value:
    """The value of most weight, the first of them."""
    totals: dict[Value, float] = {}
    for value, weight in weighed:
        totals[value] = totals.get(value, 0.0) + weight
    return max(totals, key=totals.__getitem__) if totals else cast("Value", nothing)


def _subsets(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Every set of changes, the smallest first."""
    return [subset for size in range(len(changes) + 1) for subset in combinations(changes, size)]


def _shapley(worth: Sequence[float], count: int) -> list[float]:
    """What each of ``count`` members adds, averaged over all orders; ``worth`` of every set as in ``_subsets``."""
    members = range(count)
    sets = [frozenset(subset) for size in range(count + 1) for subset in combinations(members, size)]
    value = dict(zip(sets, worth, strict=True))

    def gain(member: int, others: frozenset[int]) -> float:
        """What a member adds to the others, by the share of orders in which just they come before it."""
        share = factorial(len(others)) * factorial(count - len(others) - 1) / factorial(count)
        return share * (value[others | {member}] - value[others])

    return [fsum(gain(member, others) for others in sets if member not in others) for member in members]
