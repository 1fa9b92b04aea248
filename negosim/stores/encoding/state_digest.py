"""The state a log folds to, as a digest: whether this negosim still reads the same off old bytes.

What stands is told by the entries through which it stands, not by their fields: so the digest of
an old log stays the same when an event gets a new version, and changes only with the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from negosim.core.events import Entry, Event
from negosim.core.talks import fold
from negosim.stores.encoding.canonical import canonical

NOTE = "stands"
"""The name of the note that holds the digest of a kept run's last state."""


def state_digest(entries: Iterable[Entry]) -> str:
    """The digest of what stands after all entries, and of every name that was given."""
    places: dict[int, int] = {}

    def events() -> Iterator[Event]:
        for entry in entries:
            places[id(entry.event)] = entry.index  # what no longer stands may leave its id to another
            yield entry.event

    talks = fold(events())
    stands = sorted([*matter, places[id(event)]] for matter, event in talks.open.items())
    named = sorted([name, count] for name, count in talks.named.items())
    document = canonical({"open": stands, "named": named})
    return sha256(b"negosim/state/1\0" + document).hexdigest()
