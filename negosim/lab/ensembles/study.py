"""A study: very many free runs of a story, in chunks, over any executor, kept as rows.

A row is what one run leaves: which outcomes happened, how many entries, or the error that ended
it. Every draw is keyed by seed, run and address, and rows are kept in the order of runs, so a study
is the same whatever its chunks, workers, start method and order; interrupted, it goes on where it
stopped. Memory does not grow with its size: only counts stay.
"""

from __future__ import annotations

import platform
from hashlib import sha256
from importlib.metadata import version
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import astuple, define, field, frozen

from negosim.core.errors import BadValue, NegosimError, StoreError
from negosim.inference.conformance import is_borne_out
from negosim.inference.pool import Pool
from negosim.inference.weights import NORMAL_95
from negosim.lab.ensembles.study_file import (
    FIRST_HEAD,
    OWN,
    Row,
    lock_study,
)
from negosim.sim.chance import Prior
from negosim.sim.interventions import Moment
from negosim.sim.noise import check_stream, noise_key, uniform
from negosim.sim.play import play
from negosim.stores.encoding.canonical import canonical
from negosim.stories import loading
from negosim.stories.intervention_syntax import change_of, check_together
from negosim.stories.manifest import sources_digest
from negosim.stories.places import RECORD
from negosim.stories.questions import Outcome, questions_of
from negosim.stories.result import Shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from negosim.inference.pool import Progress
    from negosim.lab.ensembles.study_file import StudyFile
    from negosim.sim.interventions import Change
    from negosim.sim.scenario import Scenario
    from negosim.sim.trace import Run
    from negosim.stories.loading import Story, StoryRef
    from negosim.stories.result import Json

STRIDE = 100
"""Runs between two looks at precision."""


class StudyExists(StoreError):
    """A study with finished runs where a new one was to begin."""


@frozen
class Study:
    """What is played: a story by reference, a seed, changes as lines of text, and outcomes."""

    story: StoryRef
    seed: int
    changes: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(
        cls, story: Story, outcomes: tuple[Outcome, ...], seed: int = 0, changes: tuple[str, ...] = ()
    ) -> Study:
        """A study of a story as it is now.

        Raises BadValue for a seed that is no whole number, for a change that says nothing, for two that
        contradict each other, or for an outcome that is called like another column, NotFound for a change
        that names nothing known.
        """
        check_stream(seed)
        check_together([change_of(text, story.scenario.calendar, story.record) for text in changes], story.scenario)
        for name in OWN:
            if name in (outcome.id for outcome in outcomes):
                raise BadValue(f"an outcome cannot be called {name!r}: a study has a column of that name")
        return cls(story.ref, seed, changes, outcomes)

    @property
    def manifest(self) -> dict[str, Any]:
        """What decides its rows; and under ``made`` with what they were made."""
        story = self.story.load()
        record = story.folder / RECORD
        return {
            "format": 1,
            "negosim": sources_digest(),
            "scenario": story.scenario.name,
            "story": story.digest,
            "record": sha256(record.read_bytes()).hexdigest() if story.record else None,
            "seed": self.seed,
            "changes": list(self.changes),
            "outcomes": [outcome.id for outcome in self.outcomes],
            "evidence": [],
            "coupling": _couplings(story.scenario),
            "made": {
                "folder": self.story.folder, "negosim": version("negosim"), "simpy": version("simpy"),
                "python": platform.python_version(), "platform": platform.platform(),
            },
        }  # fmt: skip


def _couplings(scenario: Scenario) -> dict[str, str]:
    """How chance is coupled to the answers of each decision; delays are always inverse CDF."""
    return {
        f"{decision.actor}.{decision.name}": "inverse CDF" if decision.ordered else "Gumbel-max"
        for decision in scenario.decisions
    }


def key_of(manifest: Mapping[str, Any]) -> str:
    """The digest of what decides a study's rows."""
    return sha256(canonical({name: value for name, value in manifest.items() if name != "made"})).hexdigest()


def outcomes_of(story: Story) -> tuple[Outcome, ...]:
    """What a study of a story looks for: the outcomes of its questions, else its record's targets."""
    named = questions_of(story).outcomes
    targets = story.record.targets if story.record else ()
    return named or tuple(Outcome(target, happened=True) for target in targets)


# ── how far it is ───────────────────────────────────────────────────────────────────────────────


@frozen(kw_only=True)
class StudyResult(Shown):
    """What a study found so far: runs kept and failed, and each outcome's share with its 95 % interval.

    ``consulted`` counts the runs in which each change took hold; ``head`` names the rows;
    ``outcomes`` say in words what was looked for, and whether it happened in history.
    """

    runs: int
    failed: int
    head: str
    consulted: tuple[int, ...]
    shares: dict[str, tuple[float, float, float]]
    outcomes: tuple[Outcome, ...] = ()

    @property
    def known(self) -> dict[str, tuple[float | None, ...]]:
        """The shares as far as anything is known: nothing where every run failed."""
        done = self.runs > self.failed
        return {name: share if done else (None, None, None) for name, share in self.shares.items()}

    @property
    def width(self) -> float:
        """The widest 95 % interval of an outcome; 1 when there is none."""
        return max((high - low for _, low, high in self.shares.values()), default=1.0)

    @property
    def rough(self) -> str:
        """The outcome that is known least, in a few words; empty when there is none."""
        if not self.shares:
            return ""
        widest = max(self.shares, key=lambda name: self.shares[name][2] - self.shares[name][1])
        share, low, high = (round(100 * value) for value in self.shares[widest])
        return f"{widest} {share} % ({low} to {high})"

    def to_json(self) -> Json:
        """What ``study --json`` prints beside the manifest."""
        return {
            "runs": [0, self.runs], "failed": self.failed, "head": self.head, "width": self.width,
            "consulted": list(self.consulted),
            "outcomes": [
                {"name": name, **dict(zip(("probability", "low", "high"), known, strict=True))}
                for name, known in self.known.items()
            ],
        }  # fmt: skip


@define(kw_only=True)
class Tally:
    """The counts of rows taken in so far, and their head."""

    outcomes: tuple[Outcome, ...]
    runs: int = 0
    failed: int = 0
    head: str = FIRST_HEAD
    _hits: list[int] = field(factory=list)
    _consulted: list[int] = field(factory=list)

    def take(self, row: Row) -> None:
        """Take in the next row. Raises StoreError when it is not the next, or damaged."""
        if row.run != self.runs:
            raise StoreError(f"run {self.runs} is missing: run {row.run} follows")
        if not row.error and len(row.hits) != len(self.outcomes):
            raise StoreError(f"run {row.run} is damaged: it has {len(row.hits)} outcomes, not {len(self.outcomes)}")
        self.runs += 1
        self.head = row.link(self.head)
        if row.error:
            self.failed += 1
            return
        self._hits = _added(self._hits, row.hits)
        self._consulted = _added(self._consulted, row.consulted)

    @property
    def result(self) -> StudyResult:
        """The counts as shares."""
        done = self.runs - self.failed
        hits = self._hits or [0] * len(self.outcomes)
        shares = {outcome.id: _wilson(count, done) for outcome, count in zip(self.outcomes, hits, strict=True)}
        return StudyResult(
            runs=self.runs, failed=self.failed, head=self.head, consulted=tuple(self._consulted), shares=shares,
            outcomes=self.outcomes,
        )  # fmt: skip


def _added(counts: list[int], marks: str) -> list[int]:
    before = counts or [0] * len(marks)
    return [count + (mark == "1") for count, mark in zip(before, marks, strict=True)]


def _wilson(hits: int, n: int) -> tuple[float, float, float]:
    """A share and its 95 % interval (the score interval of Wilson 1927), 0 to 1 where n is 0."""
    if not n:
        return 0.0, 0.0, 1.0
    share, z = hits / n, NORMAL_95**2 / n
    middle, reach = (share + z / 2) / (1 + z), sqrt(share * (1 - share) * z + z * z / 4) / (1 + z)
    return share, max(middle - reach, 0.0), min(middle + reach, 1.0)


# ── playing ─────────────────────────────────────────────────────────────────────────────────────


def play_rows(study: Study, first: int, count: int) -> list[Row]:
    """The rows of some runs; a run that fails is a row with its error."""
    story = study.story.load()
    changes = tuple(change_of(text, story.scenario.calendar, story.record) for text in study.changes)
    return [_row(study, story, changes, number) for number in range(first, first + count)]


def _row(study: Study, story: Story, changes: tuple[Change, ...], number: int) -> Row:
    try:
        run, settled = _played(study, story.scenario, changes, number)
        hits = [is_borne_out(outcome.target, story.scenario, run.entries) for outcome in study.outcomes]
    except NegosimError as error:
        words = str(error).replace(f"{story.folder}/", "")
        return Row(number, error=f"{type(error).__name__}: {words}")
    taken = [change is not None and change.took_effect(run) for change in settled]
    return Row(number, _marks(hits), len(run.entries), _marks(taken))


def _played(
    study: Study, scenario: Scenario, changes: tuple[Change, ...], number: int
) -> tuple[Run, tuple[Change | None, ...]]:
    """A run, and the changes it was played with; moments are those of the run without them."""
    chance = Prior(study.seed, number)
    settled: tuple[Change | None, ...] = changes
    if any(isinstance(value, Moment) for change in changes for value in astuple(change, recurse=False)):  # type: ignore[arg-type]
        factual = play(scenario, chance)
        settled = tuple(change.ground(factual) for change in changes)
    return play(scenario, chance, tuple(change for change in settled if change is not None)), settled


def _marks(values: Sequence[bool]) -> str:
    return "".join("1" if value else "0" for value in values)


def addresses_of(study: Study, runs: int = 20) -> tuple[str, ...]:
    """The addresses that are asked in the first runs of a study, in the order they first were."""
    story = study.story.load()
    played = (play(story.scenario, Prior(study.seed, number)) for number in range(runs))
    return tuple(dict.fromkeys(asked.address for run in played for asked in run.asked))


def carry_out(
    study: Study, n: int, place: Path, *, parquet: bool = False, jobs: int = 2, executor: Executor | None = None,
    until_width: float | None = None, resume: bool = True, progress: Progress | None = None,
) -> StudyResult:  # fmt: skip
    """Play the runs before run ``n`` that ``place`` does not hold yet, and keep them there.

    What is done is kept after every chunk, so an interrupted study goes on when it is called
    again. ``until_width`` stops once every outcome's 95 % interval is so narrow. Without ``resume``
    a place with finished runs is refused. Raises StudyBusy when another process plays there,
    StudyExists, StoreError when the place holds something else, ScenarioError when a worker dies.
    """
    with lock_study(place, parquet=parquet) as study_file, Pool(jobs, executor) as pool:
        _begin(study, study_file, place, resume=resume)
        tally = Tally(outcomes=study.outcomes)
        for row in study_file.rows():
            tally.take(row)
        if tally.head != study_file.head:
            raise StoreError(f"{place}: the rows are not those that were written; see: negosim store verify {place}")
        tasks = ((study, *chunk) for chunk in pool.chunks(tally.runs, n))
        if not _is_precise(tally, until_width):
            for rows in pool.map_ordered(play_rows, tasks):
                new = _taken(tally, rows, until_width)
                study_file.append(new, tally.head)
                if progress is not None:
                    progress(tally.runs, n, answer=tally.result.rough)
                if len(new) < len(rows) or _is_precise(tally, until_width):
                    break
        return tally.result


def _taken(tally: Tally, rows: Sequence[Row], until_width: float | None) -> list[Row]:
    """The rows that are taken in, up to the one after which it is precise enough."""
    new = []
    for row in rows:
        tally.take(row)
        new.append(row)
        if _is_precise(tally, until_width):
            break
    return new


def _is_precise(tally: Tally, until_width: float | None) -> bool:
    """Whether it is precise enough, looked at after runs that no chunk has a say in."""
    look = until_width is not None and tally.runs and not tally.runs % STRIDE
    return bool(look) and tally.result.width <= until_width  # type: ignore[operator]


def _begin(study: Study, study_file: StudyFile, place: Path, *, resume: bool) -> None:
    """Begin a study where none is, or none with a finished run. Raises StoreError when another is there."""
    manifest = study.manifest
    if not study_file.manifest or (not resume and all(row.error for row in study_file.rows())):
        study_file.begin(manifest)
    elif not resume:
        raise StudyExists(f"{place} is there already")
    elif key_of(study_file.manifest) != key_of(manifest):
        differing = [name for name in manifest if name != "made" and study_file.manifest.get(name) != manifest[name]]
        raise StoreError(
            f"{place} holds another study (it differs in: {', '.join(differing)})\n"
            "name another file, or ask for the study it holds"
        )


# ── is it true? ─────────────────────────────────────────────────────────────────────────────────


@frozen
class Verdict:
    """What a check of a kept study found: rows read, rows played again, and what is wrong.

    ``stale``: the scenario or negosim has changed since it was played.
    """

    rows: int
    sampled: int
    stale: bool
    problems: tuple[str, ...]


def study_of(study_file: StudyFile) -> Study:
    """The study that was kept, of its story as it is now.

    Raises what ``loading.recall`` raises, StoreError when it lacks an outcome that was looked for.
    """
    manifest = study_file.manifest
    story = loading.recall(manifest["scenario"], manifest["story"], manifest["made"]["folder"])
    known = {outcome.id: outcome for outcome in outcomes_of(story)}
    lacking = [name for name in manifest["outcomes"] if name not in known]
    if lacking:
        raise StoreError(f"{story.folder} has no outcome {lacking[0]!r} any more; its rows cannot be played again")
    return Study.of(
        story, tuple(known[name] for name in manifest["outcomes"]), manifest["seed"], tuple(manifest["changes"])
    )


def verify(study_file: StudyFile, sample: int = 20, study: Study | None = None) -> Verdict:
    """Are the rows those that were written, and do they come out again?

    All are read and linked; a keyed sample is played again. ``study`` is the one that was kept,
    found by ``study_of`` unless it is given.
    """
    study = study_of(study_file) if study is None else study
    problems: list[str] = []
    tally = Tally(outcomes=study.outcomes)
    chosen: list[tuple[int, Row]] = []
    key = noise_key(study.seed, 0)
    try:
        for row in study_file.rows():
            tally.take(row)
            chosen.append((uniform(key, "study.verify", str(row.run)), row))
            if len(chosen) > 10 * sample:
                chosen = sorted(chosen)[:sample]
    except StoreError as error:
        problems.append(str(error))
    else:
        if tally.head != study_file.head:
            problems.append("the rows are not those that were written: another head")
    chosen = sorted(chosen)[:sample]
    problems += _otherwise(study, sorted(row for _, row in chosen))
    stale = key_of(study.manifest) != key_of(study_file.manifest)
    return Verdict(tally.runs, len(chosen), stale, tuple(problems))


def _otherwise(study: Study, rows: Sequence[Row]) -> Iterator[str]:
    """The rows that come out otherwise when they are played again."""
    for row in rows:
        (now,) = play_rows(study, row.run, 1)
        if now != row:
            yield f"run {row.run} came out as {_told(row)}, played again as {_told(now)}"


def _told(row: Row) -> str:
    return row.error.partition("\n")[0] or f"{row.hits or '-'} in {row.entries} entries"
