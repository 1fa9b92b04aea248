"""The record rehearsed: is each documented decision asked in time, and answered as documented?

Runs of the model in which the record's decisions are imposed, whatever becomes of them. A run is
weighted by the probability of the documented answers so far (likelihood weighting; Fung and Chang
1990). This finds what a story cannot reach; posteriors come from the filter.
"""

from __future__ import annotations

from itertools import chain
from math import fsum, prod
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from negosim.sim.chance import Imposing, Prior
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from negosim.inference.pool import Pool
    from negosim.record.model import Record
    from negosim.sim.chance import Asked, Imposition
    from negosim.sim.trace import Run
    from negosim.stories.loading import StoryRef


@frozen
class ImpositionOutcome:
    """What one run made of one imposition.

    ``imposed``: asked in time and answered as documented; ``unsettled``: asked in time, though
    the documented answer was not legal or every open question was passed over; else it was asked
    ``too late``, or ``never``. ``probability`` is that of the documented answer.
    """

    how: Literal["imposed", "unsettled", "too late", "never"]
    probability: float = 0.0

    @property
    def in_time(self) -> bool:
        """Whether the question came in its interval."""
        return self.how in ("imposed", "unsettled")


@frozen
class Rehearsed:
    """What one run leaves behind: what became of each imposition, and its choices in order.

    A choice is its address, its answer and its minute.
    """

    outcomes: tuple[ImpositionOutcome, ...]
    choices: tuple[tuple[str, str, int], ...]


@frozen(kw_only=True)
class Imposed:
    """One imposed decision, in the order of the record's dates.

    ``reached_in`` counts the runs that asked it in time; ``reached`` is their share, weighted by
    the decisions before; ``chosen`` the probability of the documented answer given that.
    ``too_late`` and ``never`` count the other runs.
    """

    fact: str
    address: str
    chose: str
    inferred: bool
    earliest: int
    latest: int
    reached_in: int
    too_late: int
    never: int
    reached: float
    chosen: float


def rehearse(
    ref: StoryRef, impositions: tuple[Imposition, ...], seed: int, n: int, pool: Pool
) -> tuple[Rehearsed, ...]:
    """``n`` runs with these impositions, in the order of their numbers."""
    tasks = [(ref, impositions, seed, first, count) for first, count in pool.chunks(0, n)]
    return tuple(chain.from_iterable(pool.map_ordered(rehearse_chunk, tasks)))


def rehearse_chunk(
    ref: StoryRef, impositions: tuple[Imposition, ...], seed: int, first: int, count: int
) -> list[Rehearsed]:
    """A task: some of the runs."""
    scenario = ref.load().scenario
    rehearsed = []
    for number in range(first, first + count):
        chance = Imposing(impositions, Prior(seed, number))
        run = play(scenario, chance, stop_at_failed_imposition=False)
        choices = tuple((question.address, question.taken, question.at) for question in run.asked)
        rehearsed.append(Rehearsed(imposition_outcomes(impositions, run), choices))
    return rehearsed


def imposition_outcomes(impositions: Iterable[Imposition], run: Run) -> tuple[ImpositionOutcome, ...]:
    """What a run made of each imposition."""
    asked: dict[Imposition, list[Asked]] = {}
    for question in run.asked:
        if question.imposition is not None:
            asked.setdefault(question.imposition, []).append(question)
    return tuple(_outcome(imposition, asked.get(imposition, []), run) for imposition in impositions)


def _outcome(imposition: Imposition, asked: list[Asked], run: Run) -> ImpositionOutcome:
    """Consumes the questions that led to the answer, so that an equal imposition matches later ones."""
    if asked:
        last = next((place for place, question in enumerate(asked) if question.how == "imposed"), None)
        if last is None:
            return ImpositionOutcome("unsettled")
        consumed, asked[:] = asked[: last + 1], asked[last + 1 :]
        return ImpositionOutcome("imposed", prod(question.factor for question in consumed))
    here = any(imposition.is_at(question.address) for question in run.asked)
    return ImpositionOutcome("too late" if here else "never")


def imposed_rows(
    record: Record, impositions: Sequence[Imposition], runs: Sequence[Rehearsed]
) -> tuple[Imposed, ...]:
    """Each imposed decision with its share reached in time, and chosen given that.

    With W_k the mean over runs of the product of the first k probabilities,
    W_k / W_(k-1) = reached x chosen. Both are 0 once no run is left.
    """
    before = [1.0] * len(runs)
    rows = []
    for place, imposition in enumerate(impositions):
        outcomes = [run.outcomes[place] for run in runs]
        total = fsum(before)
        asked = fsum(weight for weight, outcome in zip(before, outcomes, strict=True) if outcome.in_time)
        before = [weight * outcome.probability for weight, outcome in zip(before, outcomes, strict=True)]
        how = [outcome.how for outcome in outcomes]
        rows.append(
            Imposed(
                fact=imposition.fact,
                address=imposition.address,
                chose=imposition.chose,
                inferred=record.fact(imposition.fact).kind == "inferred",
                earliest=imposition.earliest,
                latest=imposition.latest,
                reached_in=sum(outcome.in_time for outcome in outcomes),
                too_late=how.count("too late"),
                never=how.count("never"),
                reached=asked / total if total else 0.0,
                chosen=fsum(before) / asked if asked else 0.0,
            )
        )
    return tuple(rows)
