"""``check``: is a story whole? ``deep``: which of its choices matter, and to what?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from negosim.core.address import Address
from negosim.core.errors import NegosimError, RecordError, ScenarioError
from negosim.inference.evidence import impositions, must_follow
from negosim.inference.pool import Pool
from negosim.lab.calibration.determinism import hidden_dependence
from negosim.lab.calibration.results import Depth, Flip, Problem
from negosim.lab.calibration.unneeded import spare_inferences, unread_trust
from negosim.lab.counterfactual.but_for import flip_draws, undoing_sets
from negosim.lab.ensembles.ensemble import Recipe, play_all
from negosim.lab.replay import scoring
from negosim.lab.replay.facts import imposed_lines
from negosim.lab.replay.unreached import complaints, left
from negosim.sim.chance import Imposing, Prior
from negosim.sim.play import play
from negosim.stories import loading
from negosim.stories.questions import questions_of
from negosim.stories.record_alone import record_alone, story_of_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from negosim.lab.counterfactual.but_for import Flipped
    from negosim.lab.ensembles.ensemble import Played
    from negosim.sim.chance import Imposition
    from negosim.stories.loading import Story

DRAWS = 5
"""Weighted draws whose choices are flipped."""


def check(name_or_path: str | Path) -> list[Problem]:
    """What is wrong with a story's record and scenario, all mistakes at once; empty when sound.

    A sound story is also played once freely and once with its record imposed, and the same chance
    again, in this and in fresh processes. Raises NotFound when there is no such story.
    """
    path = record_alone(name_or_path)
    if path is not None:
        return _complaints(lambda: story_of_record(path))
    folder = loading.find(name_or_path)
    found = _complaints(lambda: loading.load(folder))
    found = found or _complaints(lambda: _rehearse(loading.load(folder)))
    return found or _complaints(lambda: _play_again(loading.load(folder)))


def _rehearse(story: Story) -> None:
    questions_of(story)
    play(story.scenario, Prior(0))
    if story.record is not None:
        fed = impositions(story.record)
        play(story.scenario, Imposing(fed, Prior(0)), stop_at_failed_imposition=False)


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
    story: Story, *, n: int = 100, seed: int = 0, jobs: int = 2, executor: Executor | None = None
) -> Depth:
    """Flip every choice of a replay once, in the weighted draw shown and up to four more.

    Raises NotFound for a story without record. A decision that no replay reaches is an error in
    the result, with the choice where the path left; then there is no draw to flip.
    """
    record = story.documented
    every = impositions(record)
    facts = tuple(fact.id for fact in must_follow(record))
    main = evolve(
        Recipe.of(story, seed, n), impositions=every, facts=facts, thorough=True, look=("hits", "choices")
    )
    free = evolve(Recipe.of(story, seed, n), look=("choices",))
    with Pool(jobs, executor) as pool:
        played, freely = play_all((main, free), pool)
        draws = scoring.drawn([one.weight for one in played], seed, DRAWS)
        flipped = flip_draws(main, draws, pool)
        tasks = [(main, run) for run in draws]
        spare = list(pool.map_ordered(spare_inferences, tasks))
        unread = list(pool.map_ordered(unread_trust, tasks))
    runs = (*played, *freely)
    undoing = undoing_sets(flipped, facts)
    happened = {fact for draw in flipped for fact in draw.happened}
    problems = [
        *_unreached(every, played, freely),
        *_spare(spare),
        *_raised(flipped),
        *_never_asked(story, runs),
    ]
    return Depth(
        scenario=story.scenario.name,
        n=n,
        seed=seed,
        draws=draws,
        flips=tuple(
            Flip(one.address, one.taken, one.instead, one.undone, one.changes)
            for one in (flipped[0].twins if flipped else ())
        ),
        undoing=tuple((fact, tuple(sorted(undoing[fact]))) for fact in facts if undoing[fact]),
        idle=_idle(flipped),
        inert=tuple(fact for fact in facts if fact in happened and not undoing[fact]),
        unread=(*_unread_weights(story, runs), *_in_all(unread)),
        problems=tuple(problems),
        imposed=imposed_lines(record, every, played),
    )


def _unreached(
    every: Sequence[Imposition], played: Sequence[Played], freely: Sequence[Played]
) -> Iterator[Problem]:
    """Decisions that no replay reaches are errors; those that some miss are remarks."""
    n = len(played)
    if not any(one.weight for one in played):
        yield Problem("error", complaints(every, played, freely))
        return
    for place, imposition in enumerate(every):
        reached = sum(one.met[place].in_time for one in played)
        if reached < n:
            where = left(every, place, played, freely)
            yield Problem(
                "remark", f"{imposition.fact} {imposition.address}: reached in {reached} of {n}; {where}"
            )


def _spare(found: Iterable[tuple[tuple[Imposition, str], ...]]) -> Iterator[Problem]:
    """An inferred decision without which the documented ones are asked as well."""
    for one, instead in dict(pair for pairs in found for pair in pairs).items():
        yield Problem(
            "error",
            f"{one.fact} {one.address}: inferred, but not needed; with {instead!r} every documented "
            "decision is still asked in time. Drop the entry",
        )


def _raised(flipped: Sequence[Flipped]) -> Iterator[Problem]:
    """Choices whose flip makes the story's own code complain."""
    for twin in flipped[0].twins if flipped else ():
        if twin.raised:
            yield Problem("error", f"{twin.address} = {twin.instead}: {twin.raised}")


def _never_asked(story: Story, runs: Sequence[Played]) -> Iterator[Problem]:
    """Decisions that are declared and asked in no run."""
    asked = _stems(runs)
    for decision in story.scenario.decisions:
        if (name := f"{decision.actor}.{decision.name}") not in asked:
            yield Problem("remark", f"{name} is asked in none of {len(runs)} runs")


def _unread_weights(story: Story, runs: Sequence[Played]) -> tuple[str, ...]:
    """The preference weights that no decision asked in any run has an attribute for."""
    asked = _stems(runs)
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


def _stems(runs: Sequence[Played]) -> frozenset[str]:
    return frozenset(Address.of(address).stem for run in runs for address, *_ in run.choices)


def _idle(flipped: Sequence[Flipped]) -> tuple[str, ...]:
    """The addresses where, in every draw that asked them, no other answer changes anything."""
    busy = {twin.address for draw in flipped for twin in draw.twins if twin.changes or twin.raised}
    asked = dict.fromkeys(twin.address for draw in flipped for twin in draw.twins)
    return tuple(address for address in asked if address not in busy)


def _in_all(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """What every draw that has it found unread."""
    first, *rest = list(found) or [()]
    return tuple(one for one in first if all(one in other for other in rest))
