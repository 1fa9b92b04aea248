"""``check``: is a story whole? ``deep``: which of its choices matter, and to what?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.address import Address
from negosim.core.errors import NegosimError, RecordError, ScenarioError
from negosim.inference.evidence import impositions, must_follow
from negosim.inference.pool import Pool
from negosim.lab.calibration.determinism import hidden_dependence
from negosim.lab.calibration.rehearsal import imposed_rows, rehearse
from negosim.lab.calibration.results import Depth, Flip, Problem
from negosim.lab.calibration.search import search
from negosim.lab.calibration.unneeded import spare_inferences, unread_trust
from negosim.lab.calibration.unreached import why_none_reaches_all, why_unreached
from negosim.lab.counterfactual.but_for import flip_draw, undoing_sets
from negosim.lab.posterior import Conditioned, Evidence, in_islands
from negosim.sim.chance import Imposing, Prior
from negosim.sim.play import play
from negosim.stories import loading
from negosim.stories.places import find
from negosim.stories.questions import questions_of
from negosim.stories.record_alone import record_alone, story_of_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from negosim.inference.pool import Progress
    from negosim.lab.calibration.rehearsal import Rehearsed
    from negosim.lab.counterfactual.but_for import Flipped
    from negosim.sim.chance import Imposition
    from negosim.stories.loading import Story

DRAWS = 5
"""Posterior draws whose choices are flipped."""
SEARCHED = 10
"""Runs of the guided search for each rehearsal."""


def check(name_or_path: str | Path) -> list[Problem]:
    """What is wrong with a story's record and scenario, all mistakes at once; empty when sound.

    A sound story is also played once freely and once with its record imposed, and the same chance
    again, in this and in fresh processes. Raises NotFound when there is no such story.
    """
    path = record_alone(name_or_path)
    if path is not None:
        return _complaints(lambda: story_of_record(path))
    folder = find(name_or_path)
    problems = _complaints(lambda: loading.load(folder))
    problems = problems or _complaints(lambda: _rehearse(loading.load(folder)))
    return problems or _complaints(lambda: _play_again(loading.load(folder)))


def _rehearse(story: Story) -> None:
    questions_of(story)
    play(story.scenario, Prior(0))
    if story.record is not None:
        documented = Imposing(impositions(story.record), Prior(0))
        play(story.scenario, documented, stop_at_failed_imposition=False)


def _play_again(story: Story) -> None:
    if difference := hidden_dependence(story):
        raise ScenarioError(difference)


def _complaints(attempt: Callable[[], object]) -> list[Problem]:
    try:
        attempt()
    except RecordError as error:
        return [Problem("error", text) for text in error.problems]
    except NegosimError as error:
        return [Problem("error", str(error))]
    return []


# ── deep ────────────────────────────────────────────────────────────────────────────────────────


def deep(
    story: Story, *, n: int = 100, seed: int = 0, jobs: int = 2, executor: Executor | None = None,
    progress: Progress | None = None,
) -> Depth:  # fmt: skip
    """Rehearse the record in ``n`` runs, search ten times as many for what must not be, flip choices of five draws.

    Raises NotFound for a story without record. A decision that no rehearsal reaches is an error in
    the result, with the choice where the path left.
    """
    record = story.documented
    documented = impositions(record)
    facts = tuple(fact.id for fact in must_follow(record))
    islands, size = in_islands(n)
    with Pool(jobs, executor, progress) as pool:
        pool.expect(2 * len(list(pool.chunks(0, n))) + 1 + islands + 3 * DRAWS)
        replays, free = (rehearse(story.ref, imposed, seed, n, pool) for imposed in (documented, ()))
        posterior = Conditioned(story=story, evidence=Evidence(), seed=seed, pool=pool, size=size).posterior(islands)
        worlds = [draw.world for draw in posterior.best(DRAWS)]
        flipped = tuple(pool.map_ordered(flip_draw, [(story.ref, world, facts) for world in worlds]))
        spare = list(pool.map_ordered(spare_inferences, [(story.ref, documented, world) for world in worlds]))
        unread = list(pool.map_ordered(unread_trust, [(story.ref, world) for world in worlds]))
    asked = frozenset(Address.of(address).stem for run in (*replays, *free) for address, *_ in run.choices)
    undoing = undoing_sets(flipped, facts)
    happened = {fact for draw in flipped for fact in draw.happened}
    problems = [
        *_unreached(documented, replays, free),
        *_spare(spare),
        *_raised(flipped),
        *_never_asked(story, asked, len(replays) + len(free)),
        *(Problem("error", finding.says) for finding in search(story, SEARCHED * n, seed)),
    ]
    return Depth(
        scenario=story.scenario.name,
        n=n,
        seed=seed,
        draws=tuple(world.run for world in worlds),
        flips=tuple(
            Flip(twin.address, twin.taken, twin.instead, twin.undone, twin.changes)
            for twin in (flipped[0].twins if flipped else ())
        ),
        undoing=tuple((fact, tuple(sorted(undoing[fact]))) for fact in facts if undoing[fact]),
        idle=_idle(flipped),
        inert=tuple(fact for fact in facts if fact in happened and not undoing[fact]),
        unread=(*_unread_weights(story, asked), *_in_all(unread)),
        problems=tuple(problems),
        imposed=imposed_rows(record, documented, replays),
    )


def _unreached(
    documented: Sequence[Imposition], replays: Sequence[Rehearsed], free: Sequence[Rehearsed]
) -> Iterator[Problem]:
    """Decisions that no replay reaches are errors; those that some miss are remarks."""
    n = len(replays)
    if not any(all(outcome.probability for outcome in run.outcomes) for run in replays):
        yield Problem("error", why_none_reaches_all(documented, replays, free))
        return
    for place, imposition in enumerate(documented):
        reached = sum(run.outcomes[place].in_time for run in replays)
        if reached < n:
            why = why_unreached(documented, place, replays, free)
            yield Problem("remark", f"{imposition.fact} {imposition.address}: reached in {reached} of {n}; {why}")


def _spare(by_draw: Iterable[tuple[tuple[Imposition, str], ...]]) -> Iterator[Problem]:
    """An inferred decision without which the documented ones are asked as well."""
    for decision, instead in dict(pair for pairs in by_draw for pair in pairs).items():
        yield Problem(
            "error",
            f"{decision.fact} {decision.address}: inferred, but not needed; with {instead!r} every documented "
            "decision is still asked in time. Drop the entry",
        )


def _raised(flipped: Sequence[Flipped]) -> Iterator[Problem]:
    """Choices whose flip makes the story's own code complain."""
    for twin in flipped[0].twins if flipped else ():
        if twin.raised:
            yield Problem("error", f"{twin.address} = {twin.instead}: {twin.raised}")


def _never_asked(story: Story, asked: frozenset[str], n: int) -> Iterator[Problem]:
    """Decisions that are declared and asked in no run."""
    for decision in story.scenario.decisions:
        if (name := f"{decision.actor}.{decision.name}") not in asked:
            yield Problem("remark", f"{name} is asked in none of {n} runs")


def _unread_weights(story: Story, asked: frozenset[str]) -> tuple[str, ...]:
    """The preference weights that no decision asked in any run has an attribute for."""
    read = {
        (decision.actor.id, name)
        for decision in story.scenario.decisions
        if f"{decision.actor}.{decision.name}" in asked
        for option in decision.menu.values()
        for name in option.reasons
    }
    return tuple(
        f"{actor}.{name}"
        for actor, priors in story.scenario.weights.items()
        for name in priors
        if (actor.id, name) not in read
    )


def _idle(flipped: Sequence[Flipped]) -> tuple[str, ...]:
    """The addresses where, in every draw that asked them, no other answer changes anything."""
    busy = {twin.address for draw in flipped for twin in draw.twins if twin.changes or twin.raised}
    asked = dict.fromkeys(twin.address for draw in flipped for twin in draw.twins)
    return tuple(address for address in asked if address not in busy)


def _in_all(unread: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What was found unread in every draw."""
    first, *others = unread or [()]
    return tuple(name for name in first if all(name in other for other in others))
