"""Runs that are kept: how a verb finds them, repeats them, and names what is in them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from negosim.cli.errors import DamagedRun
from negosim.cli.options import is_key
from negosim.core import events as e
from negosim.core.errors import CAUSES, BadValue, Conflict, EndlessRun, NotFound, StoreError
from negosim.inference.evidence import must_follow
from negosim.record.matching import matches
from negosim.report.terminal.timeline_rows import BETWEEN_THE_LINES, facts_of
from negosim.stores.contract import forked
from negosim.stores.encoding.codec import encode
from negosim.stores.encoding.differences import first_difference
from negosim.stores.encoding.state_digest import NOTE, state_digest
from negosim.stores.exports.text import to_json
from negosim.stores.location import default_file, is_address, open_store, store_location
from negosim.stories import loading
from negosim.stories.manifest import again, changes_of, manifest_of, sources_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from negosim.cli.screen import Screen
    from negosim.core.events import Entry
    from negosim.core.time import Calendar
    from negosim.lab.counterfactual.alignment import Row
    from negosim.lab.counterfactual.explanation import Comparison
    from negosim.lab.counterfactual.illustration import Example
    from negosim.sim.trace import Run
    from negosim.stores.contract import RunInfo, Store
    from negosim.stories.loading import Story


@frozen(kw_only=True)
class StoredRun:
    """A run as the store has it, with the story it was played from."""

    key: str
    head: str
    entries: tuple[Entry, ...]
    weights: Mapping[str, Mapping[str, int]]
    manifest: Mapping[str, Any]
    story: Story
    consulted: frozenset[str] = frozenset()

    @property
    def twin_of(self) -> str:
        """The key of the factual run, when this is a twin; else an empty string."""
        return self.manifest["parent"]["run"] if self.manifest.get("verb") == "whatif" else ""

    @property
    def stale(self) -> bool:
        """Whether the story, or negosim itself, has changed since the run was played."""
        now = (self.story.digest, sources_digest())
        return (self.manifest.get("story"), self.manifest.get("negosim")) != now


@contextmanager
def opened(place: str | None) -> Iterator[Store]:
    """The store at a place, made where there is none, and closed afterwards. Raises StoreError."""
    with open_store(place) as store:
        yield store


@contextmanager
def existing(place: str | None) -> Iterator[Store]:
    """The store at a place, closed afterwards. Raises StoreError where there is none."""
    with open_store(place, create=False) as store:
        yield store


def is_store(name: str) -> bool:
    """Whether a name is a store's place, there or not, rather than the key of a run."""
    if is_key(name):
        return False
    return is_address(name) or Path(store_location(name)).is_file() or Path(name).name != name or "." in name


def keep(store: Store, folder: Path, manifest: Mapping[str, Any], run: Run, shared: int = 0) -> RunInfo:
    """Keep a run; its weights, its last state and its story's folder stand beside it.

    ``shared``: how many entries a fork inherits from the run its manifest names.
    """
    weights = {actor: dict(weight_of) for actor, weight_of in run.weights.items()}
    notes = {
        "weights": weights, "folder": str(folder), "consulted": sorted(run.took_effect),
        NOTE: state_digest(run.entries),
    }  # fmt: skip
    try:
        return store.info(store.put_run(manifest, run.entries[shared:], notes))
    except Conflict as error:
        raise Conflict(f"the same run was kept before with other entries: {error}\n{CAUSES}") from None


def keep_pair(store: Store, folder: Path, pair: Example) -> tuple[RunInfo, RunInfo]:
    """Keep a run and its twin, as a fork that copies nothing of what they share."""
    factual = keep(store, folder, pair.manifest, pair.factual)
    manifest = forked(pair.twin_manifest, factual.key, pair.shared)
    return factual, keep(store, folder, manifest, pair.twin, pair.shared)


def tell_pair(screen: Screen, pair: Example, factual: str, twin: str) -> None:
    """Say which two runs were kept, and how to look at them."""
    screen.show("", f"kept: run {factual[:12]} and its twin {twin[:12]}, alike in {pair.shared} entries")
    if pair.already:
        screen.note("warning: what is forced was taken anyway")
    screen.note(f"see: negosim compare {factual[:12]} {twin[:12]}, negosim why {twin[:12]} EVENT")


def played(store: Store, key: str) -> StoredRun:
    """The run of that key, or of the one key that begins so.

    Raises NotFound, StoreError, DamagedRun for one that is not as it was written.
    """
    info = store.info(store.resolve(key))
    if problem := store.verify(info.key).problem:
        raise DamagedRun(f"run {info.key[:12]} is not as it was written: {problem}")
    story, notes = story_of(store, info.key), store.notes(info.key)
    entries, consulted = tuple(store.entries(info.key)), frozenset(notes.get("consulted", ()))
    return StoredRun(
        key=info.key,
        head=info.head,
        entries=entries,
        weights=notes.get("weights", {}),
        manifest=info.manifest,
        story=story,
        consulted=consulted,
    )


def compared(first: StoredRun, second: StoredRun) -> Comparison:
    """Two kept runs of one story, aligned; of a run and its twin the change is known."""
    from negosim.lab.counterfactual.explanation import Comparison

    changes = next(
        (
            changes_of(one.manifest, one.story.scenario.calendar)
            for one, other in ((second, first), (first, second))
            if one.twin_of == other.key
        ),
        (),
    )
    both = first.consulted | second.consulted
    return Comparison.of(first.entries, second.entries, first.story.scenario.table, changes, both)


def imposed_on(stored: StoredRun) -> frozenset[str]:
    """The addresses at which a record was imposed on the run; none in a free run."""
    record = stored.story.record
    if record is None or stored.manifest.get("verb") != "replay":
        return frozenset()
    facts = record.of_kind("decision", "inferred", "claim")
    return frozenset(decision.address for fact in facts for decision in fact.decisions)


def story_of(store: Store, key: str) -> Story:
    """The story a run was played from; its folder only where the user's own runs are kept.

    Raises what ``loading.recall`` raises.
    """
    manifest = store.info(key).manifest
    name, digest, folder = (
        text_of(text)
        for text in (manifest.get("scenario", ""), manifest.get("story", ""), store.notes(key).get("folder", ""))
    )
    return loading.recall(name, digest, folder, trusted=store.location == default_file())


def difference(store: Store, key: str) -> str:
    """Play a kept run again; the first difference in words, or nothing when every byte is equal."""
    stored = played(store, key)
    if lacking := [name for name in manifest_of(stored.story, seed=0) if name not in stored.manifest]:
        return f"it cannot be played again: its manifest lacks {lacking[0]}"
    now = again(stored.story, stored.manifest).entries
    changed = "\nthe scenario or negosim has changed since it was kept" if stored.stale else ""
    for index, (old, entry) in enumerate(zip(store.bodies(key), now, strict=False)):
        if old != (new := encode(entry)):
            place = _place(stored, now, index)
            return f"played again, entry {index} differs{place}\n{first_difference(old, new)}{changed}"
    if len(now) != len(stored.entries):
        place = _place(stored, now, min(len(now), len(stored.entries)))
        return f"played again, it has {len(now)} entries, not {len(stored.entries)}{place}{changed}"
    return ""


def _place(stored: StoredRun, now: tuple[Entry, ...], index: int) -> str:
    """Where an entry of the run as it is now comes from: the choice it follows, the story's line."""
    place = f", after {address}" if (address := _latest_choice(now, index)) else ""
    return place + (f"\nat {line}" if (line := _line_of(stored.story, stored.manifest, index)) else "")


def _latest_choice(entries: tuple[Entry, ...], index: int) -> str:
    """The address of the latest choice among an entry and what led to it."""
    waiting = {index} if index < len(entries) else set()
    while waiting:
        entry = entries[max(waiting)]
        if isinstance(entry.event, e.Chose):
            return entry.event.address
        waiting = waiting - {entry.index} | set(entry.causes)
    return ""


def _line_of(story: Story, manifest: Mapping[str, Any], index: int) -> str:
    """The story's line that writes an entry, as ``file:line``; empty for what no part of it writes.

    Played with room for only so many entries, the run ends where the next would be written.
    """
    short = evolve(story, scenario=evolve(story.scenario, entries_max=index))
    error: BaseException | None = None
    try:
        again(short, manifest)
    except EndlessRun as ended:
        error = ended
    lines = []
    while error is not None:
        frames = extract_tb(error.__traceback__)
        lines += [f"{x.filename}:{x.lineno}" for x in frames if Path(x.filename).is_relative_to(story.folder)]
        error = error.__cause__
    return lines[-1] if lines else ""


def other_state(store: Store, key: str) -> str:
    """Fold a kept run again; how its last state differs from the one it had, or nothing.

    Raises StoreError when the run was kept without its state, as an imported one is.
    """
    was = store.notes(key).get(NOTE)
    if was is None:
        raise StoreError(f"run {key[:12]} was kept without its state; try --rerun")
    now = state_digest(store.entries(key))
    return "" if now == was else f"its log folds to state {now[:12]}, not to {was[:12]}"


def text_of(value: object) -> str:
    """A value of a foreign manifest as text."""
    return value if isinstance(value, str) else to_json(value)


def summary(info: RunInfo) -> dict[str, Any]:
    """A run in one line, as ``negosim store list --json`` has it."""
    manifest = info.manifest
    changes = manifest.get("changes", [])
    otherwise = manifest.get("otherwise", [])
    return {
        "run": info.key,
        "head": info.head,
        "scenario": text_of(manifest.get("scenario", "")),
        "verb": text_of(manifest.get("verb", "")),
        "seed": manifest.get("seed", 0),
        "changes": [*_texts(changes), *_texts(otherwise)],
        "entries": info.length,
    }


def _texts(value: object) -> list[str]:
    return [text_of(text) for text in (value if isinstance(value, list) else [value])]


class DidNotHappen(BadValue):
    """What is asked about is known, and no entry of the run stands for it."""


def find_entry(stored: StoredRun, name: str) -> int:
    """The index of an entry by its number, or by the id of a fact or outcome it stands for.

    Raises NotFound for what is not known or did not happen, BadValue for a number beyond the log.
    """
    plain = name.removeprefix("#")
    if plain.isascii() and plain.isdigit():
        if int(plain) < len(stored.entries):
            return int(plain)
        raise BadValue(f"run {stored.key[:12]} has {len(stored.entries)} entries, from 0; there is no {plain}")
    indices = _standing_for(stored, name)
    if not indices:
        raise DidNotHappen(f"{name} did not happen in run {stored.key[:12]}, which has no entry that stands for it")
    moves = [index for index in indices if not isinstance(stored.entries[index].event, e.Chose)]
    return min(moves or indices)


def find_in_twin(
    twin: StoredRun, factual: StoredRun | None, comparison: Comparison | None, name: str
) -> tuple[int | None, Row | None]:
    """An entry of a run, and how it differs from the run this one was forked from, if it does.

    The index is None where only the factual run has it. Raises what ``find_entry`` raises when
    neither has.
    """
    try:
        index = find_entry(twin, name)
    except DidNotHappen:
        if factual is None or comparison is None or not _standing_for(factual, name):
            raise
        gone = comparison.row_of(factual.entries[find_entry(factual, name)])
        return (None if gone.twin is None else gone.twin.index), gone
    row = comparison.row_of(twin.entries[index]) if comparison else None
    return index, row if row and row.how != "same" else None


def _standing_for(stored: StoredRun, name: str) -> list[int]:
    """The entries that stand for a fact, or for an outcome that is asked about."""
    from negosim.stories.questions import questions_of

    outcomes = {outcome.id: outcome.target for outcome in questions_of(stored.story).outcomes}
    if name in outcomes:
        target = outcomes[name]
        patterns = [pattern for pattern in target.expect if not pattern.absent]
        return [x.index for x in stored.entries if any(matches(pattern, x, target.tolerance) for pattern in patterns)]
    record = stored.story.documented
    known = {fact.id for fact in record.facts}
    if name not in known:
        raise NotFound("fact or outcome", name, [*known, *outcomes])
    return [i for i, facts in facts_of(stored.entries, record).items() if name in {f.id for f in facts}]


def worth_asking(story: Story, entries: tuple[Entry, ...]) -> str:
    """What to ask ``why`` about in a run: the last fact that must follow and came about in it, else its last move."""
    came = facts_of(entries, story.record) if story.record is not None else {}
    here = {fact.id for facts in came.values() for fact in facts}
    follow = [fact.id for fact in must_follow(story.record) if fact.id in here] if story.record is not None else []
    moves = [str(entry.index) for entry in entries if not isinstance(entry.event, BETWEEN_THE_LINES)]
    return (follow or moves or ["NUMBER"])[-1]


def minute_of(date: str | None, calendar: Calendar) -> int | None:
    """The minute a user's date stands for; a date without an hour means its end.

    Raises BadValue when it is neither a date nor a date and time, or before the story begins.
    """
    if date is None:
        return None
    minute = calendar.at(date)
    if "T" not in date and " " not in date:
        minute = calendar.at(f"{date}T23:59")
    if minute < 0:
        raise BadValue(f"{date} is before the story begins, at {calendar.iso(0)}")
    return minute
