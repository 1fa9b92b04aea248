"""Loading stories: a scenario in Python, and the record beside it.

A story is a folder whose ``__init__.py`` exposes ``scenario`` and which may hold a ``record.toml``.
"""

from __future__ import annotations

import shlex
import sys
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen
from msgspec import Struct

from negosim.core.errors import (
    NegosimError,
    NotFound,
    RecordError,
    ScenarioError,
    StoreError,
    StoryRaised,
    cause_of,
)
from negosim.record.load import load_record
from negosim.sim.scenario import Scenario
from negosim.sim.setting import Given
from negosim.stories.places import RECORD, VARIABLE, find, is_story, places, spelled
from negosim.stories.result import Shown
from negosim.stories.validation import problems_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from negosim.core.events import Entry
    from negosim.record.model import Record

Invariant: TypeAlias = "Callable[[Sequence[Entry]], Entry | None]"
"""A rule over a log: the first entry that breaks it, or None; its ``__name__`` says what would break it."""


@frozen
class Story(Shown):
    """A scenario with its record, if it has one, and where both came from.

    ``digest`` names the exact contents of the folder's ``.py`` and ``.toml`` files, its tests left
    out. ``invariants`` are what the story says cannot be otherwise in any of its runs.
    """

    scenario: Scenario
    record: Record | None
    folder: Path
    digest: str
    invariants: tuple[Invariant, ...] = ()

    @property
    def ref(self) -> StoryRef:
        """What a task carries in its place."""
        return StoryRef(str(self.folder), self.digest)

    @property
    def is_certain(self) -> bool:
        """Whether what is documented is known for certain, so that a course that misses it weighs nothing."""
        return False

    @property
    def documented(self) -> Record:
        """The record. Raises NotFound when the story has none."""
        if self.record is None:
            raise NotFound("record", str(self.folder / RECORD))
        return self.record


class StoryRef(Struct, frozen=True):
    """A story by reference, for a task that another process does: its folder and its digest."""

    folder: str
    digest: str

    def load(self) -> Story:
        """The story, unchanged since: from its folder, or on another machine from where its like is.

        Raises ScenarioError when no folder's contents have its digest by now.
        """
        folder = Path(self.folder)
        if digest_of(folder) != self.digest:
            folder = next((place for place in places().values() if digest_of(place) == self.digest), folder)
        if digest_of(folder) != self.digest:
            raise ScenarioError(
                f"{folder} has changed while it was being played; start again"
                if folder.is_dir() else f"{folder} is not on this machine, nor is the same story elsewhere on it"
            )  # fmt: skip
        return _load(folder, self.digest)


def load(name_or_path: str | Path) -> Story:
    """The story of that name, or in that folder.

    Raises NotFound with the nearest name, RecordError with every mistake of the record and every
    name in it that the scenario does not know, StoryRaised when the scenario's code raises,
    ScenarioError when the folder exposes no scenario or it contradicts itself.
    """
    folder = find(name_or_path)
    return _load(folder, digest_of(folder))


def recall(name: str, digest: str, folder: str, *, trusted: bool = False) -> Story:
    """The story that something kept was played from: its name, its digest and its folder, as kept.

    A file may come from anybody, and a story is code. So a folder is entered only where the user
    is ``trusted`` to have written its name, or where stories are looked for anyway; digests are
    compared before anything is imported. Otherwise it is the story of that digest, or of that name
    when the folder is gone. Raises NotFound, StoreError for a folder that is not entered, and what
    ``load`` raises.
    """
    known, made = places(), Path(folder)
    there = bool(folder) and is_story(made)
    if there and (trusted or made.resolve() in known.values()):
        return load(made)
    same = next((place for place in known.values() if digest_of(place) == digest), None)
    if same is not None:
        return load(same)
    if there:
        shelf = shlex.quote(str(made.absolute().parent))
        raise StoreError(
            f"played from {made}, which is none of the places where scenarios are looked for\n"
            "no code is run from where a file says\n"
            f"if you trust that folder, name it yourself: {VARIABLE}={shelf} negosim ..."
        )
    if spelled(name) not in known:
        raise NotFound("scenario", name, known)
    return load(known[spelled(name)])


# ── loading ─────────────────────────────────────────────────────────────────────────────────────


def digest_of(folder: Path) -> str:
    """The sha256 over the names and bytes of a story's ``.py`` and ``.toml`` files, except its tests."""
    digest = sha256(b"negosim/story/1\0")
    files = (
        path for path in folder.rglob("*")
        if path.suffix in (".py", ".toml") and path.is_file() and not path.name.startswith("test_")
    )  # fmt: skip
    for relative, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        content = path.read_bytes()
        digest.update(f"{len(relative.encode())} {relative} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()


@lru_cache(maxsize=16)
def _load(folder: Path, digest: str) -> Story:
    path = folder / RECORD
    record = load_record(path) if path.is_file() else None
    scenario, invariants = _scenario(folder, digest)
    if record is None:
        return Story(scenario, None, folder, digest, invariants)
    if problems := problems_with(record, scenario):
        raise RecordError(tuple(problems))
    scenario = evolve(scenario, givens=(*scenario.givens, *_givens(record)))
    return Story(scenario, record, folder, digest, invariants)


def _givens(record: Record) -> Iterator[Given]:
    """The events the record feeds in as they were; open dates are closed by the clock.

    A given without an event, such as who sat where, is in the scenario itself.
    """
    for fact in record.of_kind("given"):
        if not fact.event:
            continue  # part of the scenario itself, such as who attends
        earliest = 0 if fact.span.earliest is None else max(fact.span.earliest, 0)
        latest = record.ends - 1 if fact.span.latest is None else min(fact.span.latest, record.ends - 1)
        yield Given(fact.event, earliest, latest, fact.known)


def _scenario(folder: Path, digest: str) -> tuple[Scenario, tuple[Invariant, ...]]:
    module = _import(folder, f"_negosim_story_{digest[:16]}")
    scenario = getattr(module, "scenario", None)
    if not isinstance(scenario, Scenario):
        raise ScenarioError(f"{folder / '__init__.py'} exposes no scenario; write: scenario = Scenario(...)")
    invariants = getattr(module, "invariants", ())
    if isinstance(invariants, ModuleType):
        invariants = getattr(invariants, "invariants", ())
    return scenario, tuple(invariants)


def _import(folder: Path, name: str) -> ModuleType:
    """Import a folder as a package under a private name, so that two stories never mix."""
    spec = spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise NotFound("scenario", str(folder))
    module = sys.modules[name] = module_from_spec(spec)
    try:
        with _without_bytecode():
            spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        for half in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            del sys.modules[half]
        place = _place(error, folder)
        if isinstance(error, NegosimError):
            raise ScenarioError(f"{error}\nat {place}") from error
        raise StoryRaised(cause_of(error), place) from error
    return module


@contextmanager
def _without_bytecode() -> Iterator[None]:
    """No bytecode is left beside a story: Python knows it by size and second alone.

    A story corrected twice within a second would otherwise bear one text's digest and run another's.
    """
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _place(error: BaseException, folder: Path) -> str:
    """The line of the story where an import failed."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    from traceback import extract_tb  # by an error alone

    frames = extract_tb(error.__traceback__)
    of_story = [frame for frame in frames if frame.filename.startswith(str(folder))]
    frame = (of_story or frames)[-1]
    return f"{frame.filename}:{frame.lineno}"
