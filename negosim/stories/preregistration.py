"""Nobody tunes until green: versions replayed are counted, a freeze is written, changes are listed.

A *version* is the digest of a scenario's folder. Each one that is replayed against its record is
noted in the store, for good: deleting runs forgets none. ``freeze`` writes the model down beside
the story; whatever is changed later is listed in reports, and a forecast from a date before the
freeze is written after the events.
"""

from __future__ import annotations

import json
from hashlib import sha256
from inspect import getsource
from typing import TYPE_CHECKING, Any

from attrs import frozen

from negosim.core.errors import NotFound, RecordError
from negosim.stores.atomic_file import write_file
from negosim.stores.encoding.canonical import canonical, parse

if TYPE_CHECKING:
    from pathlib import Path

    from negosim.stores.contract import Store
    from negosim.stories.loading import Story
    from negosim.stories.result import Json

FREEZE = "freeze.json"
KIND = "versions"
"""Under which a store keeps the versions of a scenario, by its name."""


# ── versions ────────────────────────────────────────────────────────────────────────────────────


def versions(store: Store, story: Story) -> tuple[str, ...]:
    """The versions of a story that were replayed against its record, in the order they first were."""
    cached = store.cache_get(KIND, story.scenario.name)
    return tuple(parse(cached)) if cached else ()


def note_version(store: Store, story: Story) -> None:
    """Note that the story as it is now is replayed against its record."""
    before = versions(store, story)
    if story.digest not in before:
        store.cache_put(KIND, story.scenario.name, canonical([*before, story.digest]))


@frozen
class ModelHistory:
    """How much a model has been worked on beside its record.

    ``versions`` counts those replayed here, None where no store says; ``frozen`` is the date of the
    freeze, ``refrozen`` how many came before it, ``tuned`` what was changed since, in words.
    """

    versions: int | None
    frozen: str | None
    refrozen: int
    tuned: tuple[str, ...]

    @classmethod
    def of(cls, story: Story, store: Store | None = None) -> ModelHistory:
        """The history of a story's model as it is now."""
        count = None if store is None else len(versions(store, story))
        try:
            model = frozen_model(story)
        except NotFound:
            return cls(count, None, 0, ())
        return cls(count, model["date"], len(model["before"]), tuned(story))

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for a report, and one for each change since the freeze; none before the first replay."""
        count = "" if self.versions is None else (
            f"{self.versions} version{'s' * (self.versions != 1)} of this model replayed against its record. "
        )  # fmt: skip
        if self.frozen is None and self.versions == 0:
            return ()  # nothing was played, and nothing promised: a first check
        if self.frozen is None:
            return (f"{count}It is not frozen, so the outcome may have shaped it: its answers are checks.",)
        again = f" (after {self.refrozen} earlier)" if self.refrozen else ""
        places = f"{len(self.tuned)} place{'s' * (len(self.tuned) != 1)}"
        since = f"changed since in {places}:" if self.tuned else "unchanged since."
        return (f"{count}It was frozen on {self.frozen}{again}, {since}", *(f"  {change}" for change in self.tuned))

    def to_json(self) -> Json:
        """What ``--json`` prints under ``standing``."""
        return {
            "versions": self.versions, "frozen": self.frozen, "refrozen": self.refrozen, "tuned": list(self.tuned),
        }  # fmt: skip


# ── the freeze ──────────────────────────────────────────────────────────────────────────────────


def freeze(story: Story, date: str) -> Path:
    """Write down what the model is on a date, so that later tuning shows; the file.

    An earlier freeze is kept in it, unless it is of the same model. Raises BadValue when the date
    is none.
    """
    story.scenario.calendar.at(date)
    path = story.folder / FREEZE
    document: dict[str, Any] = {"digest": story.digest, "date": date, "model": snapshot(story), "before": []}
    if path.is_file():
        old = frozen_model(story)
        document["before"] = old.pop("before")
        if old["digest"] != story.digest:
            document["before"].append(old)
    write_file(path, [json.dumps(document, indent=2, sort_keys=True).encode(), b"\n"])
    return path


def frozen_model(story: Story) -> dict[str, Any]:
    """The freeze beside a story. Raises NotFound when there is none, RecordError when it was spoilt."""
    path = story.folder / FREEZE
    if not path.is_file():
        raise NotFound("freeze", str(path))
    try:
        document: dict[str, Any] = {"before": [], **json.loads(path.read_bytes().decode("utf-8-sig"))}
        if not {"digest", "date", "model"} <= document.keys():
            raise ValueError("it lacks the digest, the date or the model")
    except (TypeError, ValueError) as error:
        raise RecordError((f"{path}: is not as 'negosim freeze' wrote it: {error}",)) from error
    return document


def is_after_the_events(story: Story, begins: int) -> bool:
    """Whether the model could have been shaped by what came after: not frozen, or frozen later."""
    try:
        return begins < story.scenario.calendar.at(frozen_model(story)["date"])
    except NotFound:
        return True


def snapshot(story: Story) -> dict[str, str]:
    """The parts of a model that could be tuned, by name: weights, delays, menus, kinds."""
    scenario, parts = story.scenario, {}
    for actor, priors in scenario.weights.items():
        for name, prior in priors.items():
            parts[f"weight {actor}.{name}"] = f"{prior.mean} +- {prior.sd}"
    for decision in scenario.decisions:
        stem = f"{decision.actor}.{decision.name}"
        parts[f"delay {stem}"] = _spelled(decision.pace)
        for answer, option in decision.menu.items():
            reasons = ", ".join(f"{name} {_spelled(reason)}" for name, reason in sorted(option.reasons.items()))
            legal = "" if option.only_if is None else f"; only if {_spelled(option.only_if)}"
            parts[f"menu {stem} {answer.slug}"] = f"{reasons or 'no reasons'}{legal}"
    for fact in story.record.facts if story.record else ():
        parts[f"kind {fact.id}"] = "background" if fact.background else fact.kind
    return parts


def _spelled(value: object) -> str:
    """A value of a model in words; a function by its name and the digest of its text."""
    if not hasattr(value, "__code__"):
        return str(value)
    try:
        text = getsource(value)  # type: ignore[arg-type]
    except OSError:
        text = ""
    return f"{getattr(value, '__qualname__', '')} ({sha256(text.encode()).hexdigest()[:8]})"


def tuned(story: Story) -> tuple[str, ...]:
    """What has been changed since the freeze, in words. Raises NotFound without a freeze."""
    model, now = frozen_model(story), snapshot(story)
    before = model["model"]
    differences = tuple(
        f"{name}: {before.get(name, 'nothing')} -> {now.get(name, 'nothing')}"
        for name in dict.fromkeys((*now, *before))
        if before.get(name) != now.get(name)
    )
    if not differences and model["digest"] != story.digest:
        return ("files: something else in the scenario's folder",)
    return differences
