# ruff: noqa: S101 - a test suite asserts
"""One Hypothesis machine that drives several stores and a plain model through the same story.

The model is a dictionary of lists that copies whatever a fork inherits, so it shares no idea with
the stores beyond the hash functions. Return values, kinds of errors and heads must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, ClassVar

from attrs import define, evolve, field
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from negosim.core.errors import Conflict, NegosimError, NotFound, StoreError
from negosim.core.events import Entry
from negosim.stores.contract import Manifest, Profile, Store, forked
from negosim.stores.encoding.canonical import canonical
from negosim.stores.encoding.codec import encode
from negosim.stores.exports.jsonl import read_jsonl, write_jsonl
from negosim.stores.memory import MemoryStore
from negosim.testing.stores.samples import sample_log

LOGS = tuple(sample_log(24, variant) for variant in range(3))
PLACES = st.integers(0, 24)
VARIANTS = st.integers(0, 2)
SEEDS = st.integers(0, 3)


@define
class _ModelRun:
    manifest: Manifest
    entries: list[Entry]
    heads: list[str]
    open: bool = True
    notes: dict[str, Any] = field(factory=dict)


class Model:
    """A store as a dictionary of lists; forks copy."""

    def __init__(self) -> None:
        self.runs: dict[str, _ModelRun] = {}

    def create(self, manifest: Manifest, parent: str | None = None, at: int | None = None) -> str:
        """As ``Store.create``."""
        if parent is None:
            raw = canonical(manifest)
            origin, inherited = sha256(b"negosim/genesis/1\0" + raw), _ModelRun(manifest, [], [""])
        else:
            base = self._run(parent)
            at = len(base.entries) if at is None else at
            if at > len(base.entries):
                raise StoreError("beyond the parent")
            manifest = forked(manifest, parent, at)
            raw = canonical(manifest)
            origin = sha256(b"negosim/fork/1\0" + bytes.fromhex(base.heads[at]) + raw)
            inherited = _ModelRun(manifest, base.entries[:at], base.heads[: at + 1])
        key = sha256(b"negosim/run/1\0" + raw).hexdigest()
        if key not in self.runs:
            inherited.heads[-1] = origin.hexdigest()
            self.runs[key] = inherited
        return key

    def append(self, key: str, entries: Sequence[Entry], expected: str | None = None) -> str:
        """As ``Store.append``."""
        run = self._run(key)
        lo = entries[0].index if entries else len(run.entries)
        if lo > len(run.entries):
            raise StoreError("a gap")
        if expected is not None and run.heads[lo] != expected:
            raise Conflict("another head")
        for entry in entries:
            if entry.index < len(run.entries):
                if run.entries[entry.index] != entry:
                    raise Conflict("other bytes")
            elif not run.open:
                raise Conflict("complete")
        for entry in entries[max(len(run.entries) - lo, 0) :]:
            previous = bytes.fromhex(run.heads[-1])
            link = sha256(b"negosim/entry/1\0" + previous + encode(entry))
            run.entries.append(entry)
            run.heads.append(link.hexdigest())
        return run.heads[lo + len(entries)]

    def take(self, key: str, other: _ModelRun) -> str:
        """As ``read_jsonl`` of a run that was written elsewhere, or earlier."""
        mine = self.runs.get(key)
        if mine is None:
            notes: dict[str, Any] = {}
            self.runs[key] = evolve(other, entries=[*other.entries], heads=[*other.heads], notes=notes)
            return key
        both = min(len(mine.entries), len(other.entries))
        if mine.entries[:both] != other.entries[:both]:
            raise Conflict("other bytes")
        if len(other.entries) > both and not mine.open:
            raise Conflict("complete")
        if len(mine.entries) > both:
            raise StoreError("more stands here")
        mine.entries, mine.heads = [*other.entries], [*other.heads]
        mine.open = mine.open and other.open
        return key

    def finish(self, key: str) -> None:
        """As ``Store.finish``."""
        self._run(key).open = False

    def delete(self, key: str) -> None:
        """As ``Store.delete``."""
        self._run(key)
        del self.runs[key]

    def note(self, key: str, value: int) -> None:
        """As ``Store.note``, for one note."""
        self._run(key).notes["n"] = value

    def _run(self, key: str) -> _ModelRun:
        if key not in self.runs:
            raise NotFound("run", key)
        return self.runs[key]


class StoreMachine(RuleBasedStateMachine):
    """Set ``opens`` to functions that open one empty place each, again and again."""

    opens: ClassVar[Callable[[], Sequence[Callable[[], Store]]]]

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.places = type(self).opens()
        self.stores = [opens() for opens in self.places]
        self.keys: list[str] = []
        self.sent: list[tuple[str, _ModelRun, bytes]] = []

    def teardown(self) -> None:
        """Let go of every store."""
        for store in self.stores:
            store.close()

    def agree(self, on_model: Callable[[], Any], on_store: Callable[[Store], Any]) -> Any:
        """Do the same everywhere; what comes of it must be the same, and all stores say the same."""
        expected, told = _outcome(on_model), set()
        for store in self.stores:
            outcome = _outcome(lambda store=store: on_store(store))  # type: ignore[misc]
            assert _kind(outcome) == _kind(expected), (
                f"{type(store).__name__}: {outcome}, model: {expected}"
            )
            if isinstance(outcome, NegosimError):
                told.add(str(outcome))
        assert len(told) <= 1, f"one error in several words: {told}"
        return expected

    def key(self, number: int) -> str:
        """One of the keys there ever were."""
        return self.keys[number % len(self.keys)]

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        """There is always one key to speak of."""
        self.create(seed)

    @rule(seed=SEEDS)
    def create(self, seed: int) -> None:
        """Create a root, perhaps a second time."""
        manifest = {"seed": seed}
        key = self.agree(lambda: self.model.create(manifest), lambda store: store.create(manifest))
        self.keys.append(key)

    @rule(number=st.integers(0, 99), at=PLACES, change=SEEDS)
    def fork(self, number: int, at: int, change: int) -> None:
        """Fork any run, or fork of a fork, at any entry or beyond the last."""
        parent, manifest = self.key(number), {"change": change}
        key = self.agree(
            lambda: self.model.create(manifest, parent, at),
            lambda store: store.create(manifest, parent=parent, at=at),
        )
        if isinstance(key, str):
            self.keys.append(key)

    @rule(number=st.integers(0, 99), lo=PLACES, count=st.integers(0, 6), variant=VARIANTS)
    def append_anywhere(self, number: int, lo: int, count: int, variant: int) -> None:
        """Append at any place: a gap, a duplicate, a conflict or an honest batch."""
        key, entries = self.key(number), LOGS[variant][lo : lo + count]
        self.agree(
            lambda: self.model.append(key, entries), lambda store: store.append(key, entries)
        )

    @rule(
        number=st.integers(0, 99), back=st.integers(0, 3), count=st.integers(0, 6), variant=VARIANTS
    )
    def append_next(self, number: int, back: int, count: int, variant: int) -> None:
        """Append where the run ends, or a little before, with an expectation that may be stale."""
        key = self.key(number)
        run = self.model.runs.get(key)
        length = len(run.entries) if run else 0
        expected = run.heads[max(length - back, 0)] if run else None
        entries = LOGS[variant][length : length + count]
        self.agree(
            lambda: self.model.append(key, entries, expected),
            lambda store: store.append(key, entries, expected=expected),
        )

    @rule(seed=SEEDS, count=st.integers(0, 6), variant=VARIANTS, profile=st.sampled_from(Profile))
    def write(self, seed: int, count: int, variant: int, profile: Profile) -> None:
        """Write a whole run under a profile."""
        manifest, entries = {"seed": seed, "profile": profile.value}, LOGS[variant][:count]

        def on_model() -> str:
            key = self.model.create(manifest)
            self.model.append(key, entries)
            self.model.finish(key)
            return key

        def on_store(store: Store) -> str:
            with store.writing(manifest, profile) as run:
                run.append(entries)
            return run.key

        key = self.agree(on_model, on_store)
        if isinstance(key, str):
            self.keys.append(key)

    @rule(number=st.integers(0, 99))
    def finish(self, number: int) -> None:
        """Declare a run complete."""
        key = self.key(number)
        self.agree(lambda: self.model.finish(key), lambda store: store.finish(key))

    @rule(number=st.integers(0, 99))
    def delete(self, number: int) -> None:
        """Delete any run, whoever inherits from it."""
        key = self.key(number)
        self.agree(lambda: self.model.delete(key), lambda store: store.delete(key))

    @rule(number=st.integers(0, 99), value=SEEDS)
    def note(self, number: int, value: int) -> None:
        """Set a note."""
        key = self.key(number)
        self.agree(lambda: self.model.note(key, value), lambda store: store.note(key, n=value))

    @rule(number=st.integers(0, 99), lo=PLACES, hi=PLACES)
    def read_range(self, number: int, lo: int, hi: int) -> None:
        """Read any range of any run."""
        key = self.key(number)
        self.agree(
            lambda: self.model._run(key).entries[lo:hi],
            lambda store: list(store.entries(key, lo, hi)),
        )

    @rule(number=st.integers(0, 99))
    def send(self, number: int) -> None:
        """Export a run from each store as JSON Lines, byte for byte the same; a new store takes it."""
        key = self.key(number)
        if key not in self.model.runs:
            return
        (text,) = {b"".join(write_jsonl(store, key)) for store in self.stores}
        with MemoryStore() as other:
            assert read_jsonl(other, text.splitlines(keepends=True)) == key
            assert b"".join(write_jsonl(other, key)) == text
        run = self.model.runs[key]
        then = evolve(run, entries=[*run.entries], heads=[*run.heads])
        self.sent.append((key, then, text))

    @precondition(lambda self: self.sent)
    @rule(number=st.integers(0, 99))
    def take(self, number: int) -> None:
        """Import what was once exported; meanwhile its run, or what it inherited, may be another."""
        key, then, text = self.sent[number % len(self.sent)]
        self.agree(
            lambda: self.model.take(key, then),
            lambda store: read_jsonl(store, text.splitlines(keepends=True)),
        )

    @precondition(lambda self: self.places)
    @rule()
    def reopen(self) -> None:
        """Close every store and open it again."""
        for store in self.stores:
            store.close()
        self.stores = [opens() for opens in self.places]

    @rule()
    def vacuum(self) -> None:
        """Give space back."""
        for store in self.stores:
            store.vacuum()

    @invariant()
    def everything_is_as_in_the_model(self) -> None:
        """Every run of every store has the model's entries, head and notes, and verifies."""
        for store in self.stores:
            infos = {info.key: info for info in store.runs()}
            assert infos.keys() == self.model.runs.keys()
            for key, run in self.model.runs.items():
                info = infos[key]
                assert (info.length, info.head) == (len(run.entries), run.heads[-1])
                assert (info.open, info.manifest) == (run.open, run.manifest)
                assert store.notes(key) == run.notes
                assert list(store.entries(key)) == run.entries
                verdict = store.verify(key)
                assert verdict.ok, verdict.problem


def _outcome(act: Callable[[], Any]) -> Any:
    """What an act returns, or its error."""
    try:
        return act()
    except NegosimError as error:
        return error


def _kind(outcome: Any) -> Any:
    """What was returned, or the kind of error that the contract names."""
    if not isinstance(outcome, NegosimError):
        return outcome
    return next(cls for cls in type(outcome).__mro__ if not cls.__name__.startswith("_"))
