"""Is the model true to itself? Histories drawn from it, recorded as the record is, and replayed.

Each history is a free run seen through the record's own mask: of every documented decision that
came up there, the answer, inside an interval as wide as the record's; of every other one, that it
did not come up. Such histories say how surprising decisions are under a *true* model, beside what
it expects of the same questions (``surprise``): a record more surprising than that band is misfit,
a less surprising one overfit.

And since the twin of a drawn history is known, they say whether ``whatif`` is calibrated
(simulation-based calibration, Talts et al. 2018): the place of the known twin among those of the
posterior is uniform, so that intervals of nine in ten hold it nine times in ten. Ties, of which a
yes or no has many, are broken at random, by keyed noise.
"""

from __future__ import annotations

from math import fsum, sqrt
from statistics import median
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from negosim.core.errors import NegosimError, ScenarioError
from negosim.inference.conformance import is_borne_out
from negosim.inference.evidence import impositions
from negosim.inference.filter.condition import condition
from negosim.inference.filter.guide import Guide
from negosim.inference.filter.island import resampled
from negosim.inference.filter.items import Item, in_order, items_of
from negosim.inference.filter.particle import Conditioning
from negosim.inference.pool import Pool
from negosim.inference.prequential import surprise
from negosim.inference.weights import effective_size
from negosim.sim.chance import World
from negosim.sim.noise import UNIT, noise_key, uniform
from negosim.sim.play import play
from negosim.stories.result import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.inference.pool import Progress
    from negosim.sim.chance import Imposition
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef
    from negosim.stories.questions import Outcome, Question, Questions
    from negosim.stories.result import Json

TWINS = 50
"""Posterior Worlds of a history that are played again with each change."""
SURE = 3.0
"""Standard errors beyond which a coverage or a mean is off."""


@frozen
class Asked:
    """One question put to every history: a change, and the outcome it is about."""

    name: str
    changes: tuple[Change, ...]
    outcome: Outcome

    @classmethod
    def of(cls, question: Question, known: Questions) -> Asked:
        """A story's question, about the outcome it means first."""
        return cls(question.id, question.changes, known.about(question.about)[0])


@frozen
class Known:
    """What one question gave in one history.

    ``came``: whether the outcome came in the known twin, and ``foreseen`` its share among the twins
    of the posterior; ``place`` and ``place_of_length`` are where the known twin stands among them,
    0 to 1, by that outcome and by its number of entries.
    """

    came: bool
    foreseen: float
    place: float
    place_of_length: float


@frozen
class Recovered:
    """One history: how typical its decisions are, what its draws are worth, and each question.

    ``typical`` is the z of ``surprise``, None where no decision came up. ``ess`` is 0 when no replay
    got through, or when the story's own code complained in the history or a replay of it; then
    nothing else is known. Where it complained in a twin, its words stand in the place of what would
    be known.
    """

    decisions: int
    typical: float | None = None
    ess: float = 0.0
    known: tuple[Known | str, ...] = ()
    complaint: str = ""


@frozen(kw_only=True)
class Calibration:
    """How often the known twin lay inside: in the middle half, in the middle nine tenths.

    ``length_half`` and ``length_nine`` say the same of the number of its entries. ``z`` compares
    how often the outcome came with how often it was foreseen, in standard errors. ``failed``
    histories are left out: the story's own code complained in a twin, first of ``complaint``.
    """

    question: str
    outcome: str
    histories: int
    failed: int
    complaint: str
    half: float
    nine: float
    length_half: float
    length_nine: float
    foreseen: float
    came: float
    z: float

    @property
    def ok(self) -> bool:
        """Whether nothing of it is off by more than chance would have it."""
        if not self.histories:
            return False
        pairs = ((self.half, 0.5), (self.nine, 0.9), (self.length_half, 0.5), (self.length_nine, 0.9))
        return abs(self.z) <= SURE and all(
            abs(share - nominal) <= SURE * sqrt(nominal * (1 - nominal) / self.histories) for share, nominal in pairs
        )


@frozen(kw_only=True)
class Recovery(Shown):
    """How typical of the model its own histories' decisions are, the record's beside them, and calibration.

    Each is the z of ``surprise``: how far decisions were less surprising than expected, in
    standard deviations, so that histories with other questions than the record's can be compared
    with it. ``low`` and ``high`` hold nine of ten histories; ``lost`` had no replay that got through, and
    are in neither; nor are those that ``failed``: the story's own code complained in them, first
    of ``complaint``. ``ess`` is the median effective sample of a history, ``decisions`` the median
    number of its decisions.
    """

    histories: int
    lost: int
    failed: int
    complaint: str
    n: int
    decisions: float
    ess: float
    low: float | None
    high: float | None
    record: float | None
    record_decisions: int
    calibration: tuple[Calibration, ...]

    @property
    def verdict(self) -> str:
        """Where the record lies: misfit, inside, overfit, or unknown."""
        if self.record is None or self.low is None or self.high is None:
            return "unknown"
        return "misfit" if self.record < self.low else "overfit" if self.record > self.high else "inside"

    def to_json(self) -> Json:
        """What ``check --recover --json`` adds."""
        rows = [{**asdict(calibration), "ok": calibration.ok} for calibration in self.calibration]
        return {**asdict(self), "verdict": self.verdict, "calibration": rows}


def recover(
    story: Story, questions: Sequence[Asked] = (), *, histories: int = 50, n: int = 100, seed: int = 0,
    jobs: int = 2, executor: Executor | None = None, progress: Progress | None = None,
) -> Recovery:  # fmt: skip
    """Draw histories, filter each with ``n`` particles, and the record too; put every question to each.

    Raises NotFound for a story without record, ScenarioError when its code complains in a replay
    of the record itself.
    """
    mask = impositions(story.documented)
    tasks = [(story.ref, seed, number, n, tuple(questions)) for number in (-1, *range(histories))]
    with Pool(jobs, executor, progress) as pool:
        record, *drawn = pool.map_ordered(recovered, tasks)
    if record.complaint:
        raise ScenarioError(f"a replay of the record cannot be played: {record.complaint}")
    complaints = [history.complaint for history in drawn if history.complaint]
    reached = [history for history in drawn if history.ess]
    band = sorted(history.typical for history in reached if history.typical is not None)
    edge = len(band) // 20
    calibration = (
        _calibration(asked, [history.known[place] for history in reached])
        for place, asked in enumerate(questions)
        if reached
    )
    return Recovery(
        histories=histories,
        lost=histories - len(reached) - len(complaints),
        failed=len(complaints),
        complaint=complaints[0] if complaints else "",
        n=n,
        decisions=median([history.decisions for history in reached] or [0]),
        ess=median([history.ess for history in reached] or [0.0]),
        low=band[edge] if band else None,
        high=band[-1 - edge] if band else None,
        record=record.typical,
        record_decisions=len(mask),
        calibration=tuple(calibration),
    )


def _calibration(asked: Asked, outcomes: Sequence[Known | str]) -> Calibration:
    known = [rank for rank in outcomes if isinstance(rank, Known)]
    complaints = [complaint for complaint in outcomes if isinstance(complaint, str)]
    count = max(len(known), 1)

    def inside(places: Sequence[float], share: float) -> float:
        return sum(abs(place - 0.5) <= share / 2 for place in places) / count

    places, lengths = [rank.place for rank in known], [rank.place_of_length for rank in known]
    variance = fsum(rank.foreseen * (1 - rank.foreseen) for rank in known)
    excess = fsum(rank.came - rank.foreseen for rank in known)
    return Calibration(
        question=asked.name,
        outcome=asked.outcome.id,
        histories=len(known),
        failed=len(complaints),
        complaint=complaints[0] if complaints else "",
        half=inside(places, 0.5),
        nine=inside(places, 0.9),
        length_half=inside(lengths, 0.5),
        length_nine=inside(lengths, 0.9),
        foreseen=fsum(rank.foreseen for rank in known) / count,
        came=sum(rank.came for rank in known) / count,
        z=excess / sqrt(variance) if variance else 0.0,
    )


# ── in the workers ──────────────────────────────────────────────────────────────────────────────


def recovered(
    ref: StoryRef, seed: int, number: int, n: int, questions: tuple[Asked, ...]
) -> Recovered:
    """One history: drawn, recorded, replayed, asked; number -1 is the record itself, not asked."""
    story = ref.load()
    scenario, mask = story.scenario, impositions(story.documented)
    history = None
    items = tuple(item for item in items_of(story.documented, scenario) if item.imposition is not None)
    try:
        if number >= 0:
            history = play(scenario, World(seed, -1 - number))
            items = seen(history, mask, scenario.ends)
        decisions = sum(item.imposition is not None for item in items)
        posterior = condition(Conditioning(scenario, items), n, seed + 1 + max(number, 0), guide=Guide())
        if not posterior.draws:
            return Recovered(decisions)
        places = resampled(posterior.weights, TWINS, seed, number)
        runs = [play(scenario, posterior.draws[place].world) for place in places]
    except NegosimError as error:
        return Recovered(len(items), complaint=f"{type(error).__name__}: {error}")
    ess = effective_size(posterior.weights)
    worth, key = min(ess, float(TWINS)), noise_key(seed, number)
    known = () if history is None else tuple(
        _known(scenario, history, runs, worth, asked, uniform(key, "recover.place", asked.name) / UNIT)
        for asked in questions
    )  # fmt: skip
    typical = surprise(items, posterior.foreseen).z if decisions else None
    return Recovered(decisions, typical, ess, known)


def _known(
    scenario: Scenario, history: Run, posterior: Sequence[Run], worth: float, asked: Asked, tie: float
) -> Known | str:
    """The twin of a history among those of its posterior runs, or what the story complained of."""

    def twin(factual: Run) -> tuple[bool, int]:
        settled = (change.ground(factual) for change in asked.changes)
        run = play(scenario, factual.world, tuple(applied for applied in settled if applied is not None))
        return is_borne_out(asked.outcome.target, scenario, run.entries), len(run.entries)

    try:
        came, length = twin(history)
        twins = [twin(factual) for factual in posterior]
    except NegosimError as error:
        return f"{type(error).__name__}: {error}"
    hits = [hit for hit, _ in twins]
    return Known(
        came, sum(hits) / len(hits), place_among(came, hits, worth, tie),
        place_among(length, [span for _, span in twins], worth, tie),
    )  # fmt: skip


def place_among(truth: float, draws: Sequence[float], worth: float, tie: float) -> float:
    """Where a true value stands among equally likely draws worth so many independent ones, 0 to 1.

    The truth counts as one draw more; among equal values its place is ``tie`` of the way through.
    Uniform when truth and draws come from one law.
    """
    less = sum(draw < truth for draw in draws) / len(draws) * worth
    equal = sum(draw == truth for draw in draws) / len(draws) * worth
    return (less + tie * (equal + 1)) / (worth + 1)


def seen(history: Run, mask: Sequence[Imposition], ends: int) -> tuple[Item, ...]:
    """A history as certain items: the decisions of the mask as they were taken, or that they never came up."""
    items = []
    for decision in mask:
        taken = recorded(history, decision, ends)
        if taken is None:
            items.append(Item(name=f"{decision.address} unasked", due=ends - 1, unasked=decision))
        else:
            items.append(Item(name=decision.address, due=taken.latest, imposition=taken))
    return in_order(items)


def recorded(history: Run, decision: Imposition, ends: int) -> Imposition | None:
    """A decision as the record would have it: the same question, in an interval of the same width.

    Where in its interval it fell is taken from its minute, so that intervals tell no more than
    they do in the record. A question of open key is recorded where it was first answered as the
    record has it. None where it never came up.
    """
    for asked in history.asked:
        if decision.is_at(asked.address) and (asked.taken == decision.chose or not decision.is_open):
            width = decision.latest - decision.earliest
            earliest = max(asked.at - asked.at % (width + 1), 0)
            return evolve(decision, chose=asked.taken, earliest=earliest, latest=min(earliest + width, ends - 1))
    return None
