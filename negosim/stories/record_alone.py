"""A record without a model: a story in which nobody has a part, good for looking at and handing on.

Actors and channels are those that the record names; they are called by their ids, in plain words.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from negosim.core.actors import SLUG, Actor, Channel, Kind
from negosim.core.errors import RecordError
from negosim.record.load import load_record
from negosim.sim.scenario import Scenario
from negosim.stories import loading
from negosim.stories.loading import Story, digest_of
from negosim.stories.places import RECORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negosim.record.model import Record

KINDS = {"backchannel": Kind.BACKCHANNEL, "secret": Kind.BACKCHANNEL, "formal": Kind.FORMAL, "visit": Kind.VISIT}
"""Channels whose id says what they are; any other is taken for public."""


def documented_story(name_or_path: str | Path) -> Story:
    """A story by name or path, or a record alone: a folder or file with only a record in it.

    Raises what ``loading.load`` raises, and RecordError with every mistake of the record.
    """
    path = record_alone(name_or_path)
    return loading.load(name_or_path) if path is None else story_of_record(path)


def record_alone(name_or_path: str | Path) -> Path | None:
    """The file of a record that has no model beside it; None for anything else."""
    path = Path(name_or_path)
    if path.is_dir():
        path /= RECORD
    alone = path.suffix == ".toml" and path.is_file() and not (path.parent / "__init__.py").is_file()
    return path if alone else None


def story_of_record(path: Path) -> Story:
    """The story of a record alone. Raises RecordError with every mistake, and for ids that are no slugs."""
    record = load_record(path)
    named = record.actors()
    if wrong := [name for name in (*named, *record.channels()) if not SLUG.fullmatch(name)]:
        raise RecordError(tuple(f"{path.name}: {name!r} is no id such as 'state-doctors'" for name in wrong))
    folder = path.resolve().parent
    actors = tuple(Actor(name, plain_name(name)) for name in named)
    scenario = Scenario(
        name=story_name(path), title=record.title, calendar=record.calendar, ends=record.ends, actors=actors,
        channels=tuple(channels_of(record)), cast={}, words=record.words,
    )  # fmt: skip
    return Story(scenario, record, folder, digest_of(folder))


def story_name(path: Path) -> str:
    """A story's name from its record's file: the folder's name, or the file's own where it is no record.toml."""
    resolved = path.resolve()
    name = resolved.parent.name if resolved.name == RECORD else resolved.stem
    return name.replace("_", "-").lower()


def plain_name(id: str) -> str:
    """An id as a name: ``state-doctors`` becomes ``State doctors``."""
    words = id.replace("-", " ")
    return words[:1].upper() + words[1:]


def channels_of(record: Record) -> Iterator[Channel]:
    """The channels that the record names, open to everybody; their ids say of which kind they are."""
    for name in record.channels():
        yield Channel(name, next((kind for word, kind in KINDS.items() if word in name), Kind.PUBLIC))

