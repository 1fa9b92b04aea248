"""The state a log folds to, as a digest: whether this negosim still reads the same off old bytes."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from negosim.core.events import Entry
from negosim.core.talks import Talks, fold
from negosim.stores.canonical import canonical
from negosim.stores.codec import document

NOTE = "state"
"""The name of the note that holds the digest of a kept run's last state."""


def state_digest(entries: Iterable[Entry]) -> str:
    """The digest of the state after all entries. Raises BadValue for what cannot be stored."""
    talks = fold(entry.event for entry in entries)
    return sha256(b"negosim/state/1\0" + canonical(_document(talks))).hexdigest()


def _document(talks: Talks) -> dict[str, Any]:
    """Every open matter with the event through which it stands, and every name that was given."""
    return {
        "open": [
            [*matter, document(Entry(0, 0, event))]
            for matter, event in sorted(talks.open.items(), key=_first)
        ],
        "named": [list(pair) for pair in sorted(talks.named.items())],
    }


def _first(item: tuple[tuple[str, str], object]) -> tuple[str, str]:
    return item[0]
