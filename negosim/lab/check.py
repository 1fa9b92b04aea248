"""``check``: is a story whole? ``deep``: which of its choices matter, and to what?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from negosim.core import events as e
from negosim.core.errors import NegosimError, RecordError
from negosim.core.trust import Aspect
from negosim.lab import library, scores
from negosim.lab.ensembles import Met, Recipe, crew, handed_out, meetings, play_all, play_one
from negosim.lab.feeding import impositions, unfed
from negosim.lab.flips import flip_draws, undoing_sets
from negosim.lab.lost import LostPath, complaints, left
from negosim.lab.results import Depth, Flip, Imposed, Problem
from negosim.record.load import load_record
from negosim.sim.chance import Imposing, Prior
from negosim.sim.changes import Decide
from negosim.sim.play import play
from negosim.sim.scenario import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from negosim.core.events import Event
    from negosim.lab.ensembles import Played
    from negosim.lab.flips import Flipped
    from negosim.lab.library import Story
    from negosim.lab.results import Replay
    from negosim.sim.chance import Imposition
    from negosim.sim.play import Run

DRAWS = 5
"""Weighted draws whose choices are flipped."""
NUDGE = 5000
"""Thousandths of evidence added to a trust count to see whether anybody reads it."""


def check(name_or_path: str | Path) -> list[Problem]:
    """What is wrong with a story's record and scenario, all mistakes at once; empty when sound.

    A sound story is also played once freely and once with its record imposed. Raises NotFound
    when there is no such story.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file() and not (path.parent / "__init__.py").is_file():
        return _complaints(lambda: load_record(path))
    folder = library.find(name_or_path)
    found = _complaints(lambda: library.load(folder))
    return found or _complaints(lambda: _rehearse(library.load(folder)))


def _rehearse(story: Story) -> None:
    play(story.scenario, Prior(0))
    if story.record is not None:
        fed = impositions(story.record)
        play(story.scenario, Imposing(fed, Prior(0)), stop_when_hopeless=False)


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
    facts = tuple(fact.id for fact in unfed(record))
    main = evolve(
        Recipe.of(story, seed, n), impositions=every, facts=facts, thorough=True, look=("hits", "choices")
    )
    free = evolve(Recipe.of(story, seed, n), look=("choices",))
    with crew(jobs, executor) as hands:
        played, freely = play_all((main, free), jobs=jobs, executor=hands)
        draws = scores.drawn([one.weight for one in played], seed, DRAWS)
        flipped = flip_draws(main, draws, jobs=jobs, executor=hands)
        spare = dict(handed_out(spare_inferences, [(main, run) for run in draws], jobs=jobs, executor=hands))
        unread = dict(handed_out(unread_trust, [(main, run) for run in draws], jobs=jobs, executor=hands))
    imposed = imposed_lines(story, every, played)
    undoing = undoing_sets(flipped, facts)
    happened = {fact for draw in flipped for fact in draw.happened}
    problems = [
        *_unreached(every, played, freely),
        *_spare([spare[place] for place in range(len(draws))]),
        *_raised(flipped),
        *_never_asked(story, [*played, *freely]),
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
        unread=(*_unread_weights(story, [*played, *freely]), *_in_all([unread[p] for p in range(len(draws))])),
        problems=tuple(problems),
        imposed=imposed,
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
