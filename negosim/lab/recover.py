"""Is the model true to itself? Histories drawn from it, recorded as the record is, and replayed.

Each history is a free run seen through the record's own mask: of every documented decision that
came up there, the answer, inside an interval as wide as the record's. Replayed, such histories say
what score a *true* model gets: below that band is misfit, above it overfit. And since the twin of
a drawn history is known, they say whether ``whatif`` is calibrated.
"""

from __future__ import annotations

from math import fsum, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from negosim.lab.effects import mean_of
from negosim.lab.ensembles import handed_out
from negosim.lab.feeding import impositions
from negosim.lab.judging import is_borne_out
from negosim.lab.library import reload
from negosim.lab.shown import Shown
from negosim.lab.worlds import Abduction, Evidence, normalised, plain
from negosim.sim.chance import Prior
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from negosim.lab.library import Story
    from negosim.lab.questions import Outcome
    from negosim.sim.chance import Imposition
    from negosim.sim.changes import Change
    from negosim.sim.play import Run


@frozen
class Recovered:
    """One history and what its replays made of it.

    ``score`` is the choice score per imposed decision, None when no replay got through;
    ``foreseen`` the probability the posterior gave the twin's outcome, ``came`` whether it came.
    """

    decisions: int
    score: float | None
    foreseen: float | None
    came: bool


@frozen
class Recovery(Shown):
    """The band of scores a true model would get, the record's own score, and calibration.

    ``low`` and ``high`` hold nine of ten histories. ``z`` compares how often twins came out with
    how often they were foreseen, in standard errors: beyond 3 the intervals cannot be trusted.
    """

    histories: int
    lost: int
    low: float
    high: float
    record: float | None
    foreseen: float
    came: float
    z: float

    @property
    def verdict(self) -> str:
        """Where the record's score lies."""
        if self.record is None:
            return "no replay of the record got through"
        if self.record < self.low:
            return "below the band of a true model: misfit"
        return "above the band of a true model: overfit" if self.record > self.high else "inside the band"


def recover(
    story: Story, outcome: Outcome, change: Change, *, histories: int = 50, n: int = 300, seed: int = 0,
    jobs: int = 2, executor: Executor | None = None,
) -> Recovery:  # fmt: skip
    """Draw histories, replay each ``n`` times, and the record too."""
    tasks = [(str(story.folder), story.digest, seed, number, n, outcome, change) for number in range(histories)]
    parts = dict(handed_out(recovered, tasks, jobs=jobs, executor=executor))
    found = [parts[place] for place in range(histories)]
    scores = sorted(one.score for one in found if one.score is not None)
    own = _score(Abduction(story.scenario, Evidence(impositions(story.documented))), seed, n)
    pairs = [(one.foreseen, one.came) for one in found if one.foreseen is not None]
    variance = fsum(p * (1 - p) for p, _ in pairs)
    excess = fsum(came - p for p, came in pairs)
    edge = len(scores) // 20
    return Recovery(
        histories, histories - len(scores),
        scores[edge] if scores else 0.0, scores[-1 - edge] if scores else 0.0, own,
        fsum(p for p, _ in pairs) / max(len(pairs), 1), sum(came for _, came in pairs) / max(len(pairs), 1),
        excess / sqrt(variance) if variance else 0.0,
    )  # fmt: skip


def recovered(
    folder: str, digest: str, seed: int, number: int, n: int, outcome: Outcome, change: Change
) -> Recovered:
    """One history: drawn, recorded, replayed, asked."""
    story = reload(Path(folder), digest)
    scenario = story.scenario
    history = play(scenario, Prior(seed, -1 - number))
    seen = recorded(history, impositions(story.documented), scenario.ends)
    abduction = Abduction(scenario, Evidence(seen))
    came = is_borne_out(outcome.target, scenario, play(scenario, history.world, (change,)).entries)
    draws = plain(abduction, seed + 1 + number, range(n)).draws
    if not seen or not draws:
        return Recovered(len(seen), None, None, came)
    twins = [play(scenario, draw.world, (change,)) for draw in draws]
    hits = [float(is_borne_out(outcome.target, scenario, twin.entries)) for twin in twins]
    foreseen = mean_of(normalised(draws), hits).mean
    return Recovered(len(seen), _score(abduction, seed + 1 + number, n), foreseen, came)


def recorded(history: Run, mask: Sequence[Imposition], ends: int) -> tuple[Imposition, ...]:
    """A history as the record would have it: the same questions, intervals of the same width.

    Where in its interval a decision fell is taken from its minute, so that intervals tell no more
    than they do in the record. A question of open key is left out.
    """
    asked = {one.address: one for one in history.asked}
    found = []
    for one in mask:
        met = asked.get(one.address)
        if met is not None:
            width = one.latest - one.earliest
            earliest = max(met.at - met.at % (width + 1), 0)
            found.append(evolve(one, chose=met.taken, earliest=earliest, latest=min(earliest + width, ends - 1)))
    return tuple(found)


def _score(abduction: Abduction, seed: int, n: int) -> float | None:
    """The choice score per imposed decision; None when no replay gets through."""
    island = plain(abduction, seed, range(n))
    return island.log_evidence / len(abduction.stages) if abduction.stages and island.draws else None
