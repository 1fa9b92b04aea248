"""A study: very many free runs of a story, in chunks, over any executor, kept as rows.

A row is what one run leaves: which outcomes happened, how many entries, or the error that ended
it. Rows are keyed by run number and every draw by seed, run and address, so a study is the same
whatever its chunks, workers and order; interrupted, it goes on where it stopped. Memory does not
grow with its size: only sums stay.
"""

from __future__ import annotations

import json
import platform
import sqlite3
from contextlib import closing
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from negosim.core.errors import NegosimError, StoreError
from negosim.lab.ensembles import handed_out
from negosim.lab.judging import is_borne_out
from negosim.lab.library import reload
from negosim.lab.manifest import sources_digest
from negosim.lab.shown import Shown
from negosim.sim.chance import Prior
from negosim.sim.noise import noise_key, uniform
from negosim.sim.play import play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor

    from negosim.lab.library import Story
    from negosim.lab.questions import Outcome
    from negosim.sim.changes import Change

Row: TypeAlias = tuple[int, str, int, str]
"""Run number, the outcomes as a text of 0 and 1, the number of entries, and the error, if any."""
Tell: TypeAlias = "Callable[[Progress], None]"
CHUNK = 250
NORMAL_95 = 1.96
BATCH = 64
"""Chunks handed out before precision is looked at again."""


@frozen
class Study:
    """What is played: a story by reference, a seed, changes, and the outcomes to look for."""

    folder: str
    digest: str
    seed: int
    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]

    @classmethod
    def of(
        cls, story: Story, outcomes: tuple[Outcome, ...], seed: int = 0, changes: tuple[Change, ...] = ()
    ) -> Study:
        """A study of a story as it is now."""
        return cls(str(story.folder), story.digest, seed, changes, outcomes)

    @property
    def manifest(self) -> dict[str, Any]:
        """What names it, and where it was played."""
        return {
            "negosim": sources_digest(),
            "story": self.digest,
            "seed": self.seed,
            "changes": [str(one) for one in self.changes],
            "outcomes": [one.id for one in self.outcomes],
            "coupling": "gumbel for unordered choices, inverse CDF for ordered ones and delays",
            "python": platform.python_version(),
            "platform": platform.platform(),
        }

    @property
    def key(self) -> str:
        """The digest of what decides its rows: the manifest but for the machine."""
        named = {name: value for name, value in self.manifest.items() if name not in ("python", "platform")}
        return sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


@frozen
class Progress(Shown):
    """How far a study is: runs kept and failed, and each outcome's share with its 95 % half-width."""

    runs: int
    failed: int
    shares: dict[str, tuple[float, float]] = field(factory=dict)

    @property
    def width(self) -> float:
        """The widest 95 % interval of an outcome; 1 before the first run."""
        return max((2 * half for _, half in self.shares.values()), default=1.0)


def play_rows(study: Study, first: int, count: int) -> list[Row]:
    """The rows of some runs; a run that fails is a row with its error."""
    story = reload(Path(study.folder), study.digest)
    rows: list[Row] = []
    for number in range(first, first + count):
        try:
            run = play(story.scenario, Prior(study.seed, number), study.changes)
        except NegosimError as error:
            rows.append((number, "", 0, f"{type(error).__name__}: {error}"))
            continue
        hits = (is_borne_out(one.target, story.scenario, run.entries) for one in study.outcomes)
        rows.append((number, "".join("1" if hit else "0" for hit in hits), len(run.entries), ""))
    return rows


def carry_out(
    study: Study, n: int, path: Path, *, jobs: int = 2, executor: Executor | None = None,
    until_width: float | None = None, tell: Tell | None = None, chunk: int = CHUNK,
) -> Progress:  # fmt: skip
    """Play runs 0 to n - 1 that ``path`` does not hold yet, and keep them there.

    What is done is kept after every chunk, so an interrupted study goes on when it is called
    again. ``until_width`` stops once every outcome's 95 % interval is narrower. Raises
    StoreError when the file belongs to another study.
    """
    with closing(_opened(path, study)) as base:
        tasks = [(study, first, count) for first, count in _missing(base, n, chunk)]
        counts = _counted(base, study)
        for start in range(0, len(tasks), BATCH):
            progress = _progress(counts, study)
            if until_width is not None and progress.runs and progress.width <= until_width:
                break
            for _, rows in handed_out(play_rows, tasks[start : start + BATCH], jobs=jobs, executor=executor):
                with base:
                    base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)
                _add(counts, rows)
                if tell is not None:
                    tell(_progress(counts, study))
        return _progress(counts, study)


def rows_of(path: Path) -> Iterator[Row]:
    """Every row of a study in the order of runs, one at a time."""
    with closing(sqlite3.connect(path)) as base:
        yield from base.execute("SELECT run, hits, entries, error FROM rows ORDER BY run")


def verify(study: Study, path: Path, sample: int = 20) -> tuple[Row, ...]:
    """Play a keyed sample of the kept runs again; the rows that come out otherwise."""
    with closing(_opened(path, study)) as base:
        runs = [run for (run,) in base.execute("SELECT run FROM rows ORDER BY run")]
        key = noise_key(study.seed, 0)
        chosen = sorted(runs, key=lambda run: uniform(key, "study.verify", str(run)))[:sample]
        differing = []
        for run in sorted(chosen):
            kept = base.execute("SELECT run, hits, entries, error FROM rows WHERE run = ?", (run,)).fetchone()
            if play_rows(study, run, 1) != [kept]:
                differing.append(kept)
        return tuple(differing)


def _counted(base: sqlite3.Connection, study: Study) -> list[int]:
    """Runs, failures, and how often each outcome happened, among the rows kept so far."""
    counts = [0] * (2 + len(study.outcomes))
    _add(counts, base.execute("SELECT run, hits, entries, error FROM rows"))
    return counts


def _add(counts: list[int], rows: Iterable[Row]) -> None:
    for _, hits, _, error in rows:
        counts[0] += 1
        counts[1] += bool(error)
        for place, hit in enumerate(hits, 2):
            counts[place] += hit == "1"


def _progress(counts: list[int], study: Study) -> Progress:
    runs, failed, *hits = counts
    done = runs - failed
    shares = {}
    for outcome, count in zip(study.outcomes, hits, strict=True):
        share = count / done if done else 0.0
        shares[outcome.id] = (share, NORMAL_95 * sqrt(share * (1 - share) / done) if done else 0.5)
    return Progress(runs, failed, shares)


def _opened(path: Path, study: Study) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    try:
        with base:
            _claim(base, path, study)
    except BaseException:
        base.close()
        raise
    return base


def _claim(base: sqlite3.Connection, path: Path, study: Study) -> None:
    """Make the file this study's own, unless it is another's."""
    base.execute("CREATE TABLE IF NOT EXISTS study (key TEXT PRIMARY KEY, manifest TEXT)")
    base.execute(
        "CREATE TABLE IF NOT EXISTS rows (run INTEGER PRIMARY KEY, hits TEXT, entries INTEGER, error TEXT)"
    )
    known = base.execute("SELECT key FROM study").fetchone()
    if known is None:
        base.execute("INSERT INTO study VALUES (?, ?)", (study.key, json.dumps(study.manifest)))
    elif known[0] != study.key:
        raise StoreError(f"{path} holds another study\nname another file, or ask for the study it holds")


def _missing(base: sqlite3.Connection, n: int, chunk: int) -> Iterator[tuple[int, int]]:
    """The stretches of runs that are not kept yet, none longer than a chunk."""
    begin = 0
    for (run,) in (*base.execute("SELECT run FROM rows WHERE run < ? ORDER BY run", (n,)), (n,)):
        for first in range(begin, run, chunk):
            yield first, min(chunk, run - first)
        begin = run + 1
