"""Runs that are kept: how a verb finds them, repeats them, and names what is in them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core import events as e
from negosim.core.errors import BadValue, NotFound
from negosim.lab import library
from negosim.lab.manifest import again, sources_digest
from negosim.report.moves import facts_of
from negosim.stores.codec import encode
from negosim.stores.differences import first_difference
from negosim.stores.place import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.library import Story
    from negosim.sim.play import Run
    from negosim.stores.contract import RunInfo, Store


@frozen
class Kept:
    """A run as the store has it, with the story it was played from."""

    key: str
    head: str
    entries: tuple[Entry, ...]
    weights: Mapping[str, Mapping[str, int]]
    manifest: Mapping[str, Any]
    story: Story

    @property
    def stale(self) -> bool:
        """Whether the story, or negosim itself, has changed since the run was played."""
        now = (self.story.digest, sources_digest())
        return (self.manifest["story"], self.manifest["negosim"]) != now


@contextmanager
def opened(place: str | None) -> Iterator[Store]:
    """The store at a place, closed afterwards. Raises StoreError."""
    with open_store(place) as store:
        yield store


def keep(store: Store, folder: Path, manifest: Mapping[str, Any], run: Run) -> RunInfo:
    """Keep a run; its weights and its story's folder stand beside it."""
    weights = {actor: dict(own) for actor, own in run.weights.items()}
    notes = {"weights": weights, "folder": str(folder)}
    return store.info(store.put_run(manifest, run.entries, notes))


def played(store: Store, key: str) -> Kept:
    """The run of that key, or of the one key that begins so. Raises NotFound, StoreError."""
    info = store.info(store.resolve(key))
    notes = store.notes(info.key)
    folder = Path(notes.get("folder", ""))
    story = library.load(folder if folder.name and folder.is_dir() else info.manifest["scenario"])
    entries = tuple(store.entries(info.key))
    return Kept(info.key, info.head, entries, notes.get("weights", {}), info.manifest, story)


def difference(store: Store, key: str) -> str:
    """Play a kept run again; the first difference in words, or nothing when every byte is equal."""
    kept = played(store, key)
    now = [encode(entry) for entry in again(kept.story, kept.manifest).entries]
    changed = "\nthe scenario or negosim has changed since it was kept" if kept.stale else ""
    for index, (old, new) in enumerate(zip(store.bodies(key), now, strict=False)):
        if old != new:
            return f"played again, entry {index} differs\n{first_difference(old, new)}{changed}"
    if len(now) != len(kept.entries):
        return f"played again, it has {len(now)} entries, not {len(kept.entries)}{changed}"
    return ""


def summary(info: RunInfo) -> dict[str, Any]:
    """A run in one line, as ``negosim runs --json`` has it."""
    manifest = info.manifest
    return {
        "run": info.key,
        "head": info.head,
        "scenario": manifest.get("scenario", ""),
        "verb": manifest.get("verb", ""),
        "seed": manifest.get("seed", 0),
        "changes": list(manifest.get("changes", ())),
        "entries": info.length,
    }


def find_entry(kept: Kept, name: str) -> int:
    """The index of an entry by its number, or by the id of a fact it stands for.

    Raises NotFound for a fact that is not known or did not happen, BadValue for a number beyond
    the log.
    """
    plain = name.removeprefix("#")
    if plain.isdigit():
        if int(plain) < len(kept.entries):
            return int(plain)
        raise BadValue(f"run {kept.key[:12]} has {len(kept.entries)} entries, from 0; there is no {plain}")
    record = kept.story.documented
    record.fact(name)
    found = [i for i, facts in facts_of(kept.entries, record).items() if name in {f.id for f in facts}]
    if not found:
        raise NotFound(f"entry in run {kept.key[:12]} that stands for fact", name)
    moves = [index for index in found if not isinstance(kept.entries[index].event, e.Chose)]
    return min(moves or found)


def minute_of(date: str | None, calendar: Calendar) -> int | None:
    """The minute a user's date stands for; a date without an hour means its end.

    Raises BadValue when it is neither a date nor a date and time.
    """
    if date is None:
        return None
    return calendar.at(date if "T" in date or " " in date else f"{date}T23:59")
