"""Runs that are kept: by which manifest, under which key, and how to find and repeat them."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core import events as e
from negosim.core.errors import BadValue, NotFound
from negosim.lab import library
from negosim.report.moves import facts_of
from negosim.sim.chance import Prior
from negosim.sim.changes import SetWeight
from negosim.sim.play import play
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

FORMAT = 1


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


def manifest_of(
    story: Story, *, seed: int, changes: tuple[SetWeight, ...] = (), until: int | None = None
) -> dict[str, Any]:
    """What names a free run: the same manifest is the same run, byte for byte."""
    return {
        "format": FORMAT,
        "negosim": sources_digest(),
        "scenario": story.scenario.name,
        "story": story.digest,
        "verb": "run",
        "seed": seed,
        "until": until,
        "changes": [str(change) for change in changes],
    }


def again(story: Story, manifest: Mapping[str, Any]) -> Run:
    """Play the run a manifest names."""
    changes = tuple(SetWeight.parse(text) for text in manifest["changes"])
    return play(story.scenario, Prior(manifest["seed"]), changes, until=manifest["until"])


def keep(store: Store, manifest: Mapping[str, Any], run: Run) -> RunInfo:
    """Keep a run; its weights stand beside it. The same run again changes nothing."""
    weights = {actor: dict(own) for actor, own in run.weights.items()}
    return store.info(store.put_run(manifest, run.entries, {"weights": weights}))


def played(store: Store, key: str) -> Kept:
    """The run of that key, or of the one key that begins so. Raises NotFound, StoreError."""
    info = store.info(store.resolve(key))
    weights = store.notes(info.key).get("weights", {})
    story = library.load(info.manifest["scenario"])
    entries = tuple(store.entries(info.key))
    return Kept(info.key, info.head, entries, weights, info.manifest, story)


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


@cache
def sources_digest() -> str:
    """The digest of negosim's own sources, the bundled scenarios left out."""
    package, digest = Path(__file__).parents[1], sha256(b"negosim/sources/1\0")
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not name.startswith("scenarios/"):
            content = path.read_bytes()
            digest.update(f"{name} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()
